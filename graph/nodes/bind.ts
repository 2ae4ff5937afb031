/** Puts numbers into the draft and checks the ones that were typed. */
import { createBinder } from '../../tools/binding/bind-text.ts';
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
      statedTexts: [...prompts, (await parts.constitution?.()) ?? '', parts.knowledge?.() ?? ''],
      dates: [state.input?.asOf ?? ''],
      verbatim: fixedTexts(state, parts),
      language: state.input?.language ?? 'en',
    });
    return { bound: binder.bind(state.draft) };
  };
}

/** Errors as the tools said them, and answers of the embedded model that hold no result: sentences of the code. */
function fixedTexts(state: DeskState, parts: DeskParts): readonly string[] {
  const errors = state.gathered
    .flatMap((work) => work.calls)
    .flatMap((call) => (call.error === undefined ? [] : call.error.replace(/\s+/g, ' ').split(/(?<=[.?!])\s/)));
  const failures = state.gathered.flatMap((work) => work.failures.map((failure) => failure.message));
  const computed = state.gathered.some((work) => work.results.length > 0);
  const own = parts.model.provider === 'embedded' && !computed ? state.draft.split('\n') : [];
  return [...errors, ...failures, ...own];
}
