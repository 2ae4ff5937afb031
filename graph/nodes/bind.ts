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
      language: state.input?.language ?? 'en',
    });
    return { bound: binder.bind(state.draft) };
  };
}
