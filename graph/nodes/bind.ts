/** Puts numbers into the draft and checks the ones that were typed. */
import { createBinder } from '../../tools/binding/bind-text.ts';
import type { BoundResult } from '../../tools/binding/bound-result.ts';
import type { DeskParts } from '../desk-parts.ts';
import { loadResults } from '../results.ts';
import type { DeskState, DeskUpdate } from '../state.ts';

export function createBind(parts: DeskParts) {
  return async (state: DeskState): Promise<DeskUpdate> => {
    const results = await loadResults(state.handles, parts);
    const prompts = state.gathered.map((work) => parts.prompts.persona(work.persona).body);
    const binder = createBinder({
      results,
      userTexts: [...state.transcript.map((turn) => turn.user), state.input?.text ?? ''],
      statedTexts: [
        ...summaries(state, results, parts),
        ...prompts,
        (await parts.constitution?.()) ?? '',
        parts.knowledge?.() ?? '',
      ],
      dates: [state.input?.asOf ?? ''],
      verbatim: fixedTexts(state),
      // The embedded model types no number: its words are templates, the user's own, and the tools' summaries.
      trusted: parts.model.provider === 'embedded',
      language: state.input?.language ?? 'en',
    });
    return { bound: binder.bind(state.draft) };
  };
}

/** Errors as the tools said them: sentences of the code. */
function fixedTexts(state: DeskState): readonly string[] {
  const errors = state.gathered
    .flatMap((work) => work.calls)
    .flatMap((call) => (call.error === undefined ? [] : call.error.replace(/\s+/g, ' ').split(/(?<=[.?!])\s/)));
  const failures = state.gathered.flatMap((work) => work.failures.map((failure) => failure.message));
  return [...errors, ...failures];
}

/** What the tools said about the results of this turn: levels such as "95%" stand in their words. */
function summaries(state: DeskState, results: ReadonlyMap<string, BoundResult>, parts: DeskParts): readonly string[] {
  return state.handles
    .filter((entry) => entry.turn === state.input?.turn)
    .flatMap((entry) => {
      const output = results.get(entry.handle)?.envelope.output;
      const tool = parts.tools.find((candidate) => candidate.name === entry.tool);
      return output === undefined || tool === undefined ? [] : tool.summarise(output as never, () => '');
    });
}
