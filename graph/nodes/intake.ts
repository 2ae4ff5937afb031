/** Takes the question in and clears what belongs to the turn before. */
import { noUsage } from '../act/budget.ts';
import type { DeskState, DeskUpdate } from '../state.ts';

const LONGEST_QUESTION = 20_000;

export function intake(state: DeskState): DeskUpdate {
  const input = state.input;
  return {
    input: input === null ? null : { ...input, text: input.text.slice(0, LONGEST_QUESTION) },
    routing: null,
    branch: null,
    work: null,
    draft: '',
    released: '',
    bound: null,
    repairs: 0,
    gathered: [],
    proposals: [],
    failures: [],
    usage: noUsage,
    final: null,
  };
}
