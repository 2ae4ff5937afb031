/** A grader looks at one turn and says yes or no, and why. Deterministic: same transcript, same verdict. */
import type { ToolRunner } from '../../tools/envelope.ts';
import type { Expectation } from '../case.ts';
import type { Transcript } from '../transcript.ts';

export interface Verdict {
  readonly grader: string;
  readonly pass: boolean;
  readonly explanation: string;
}

export interface GradingContext {
  readonly asOf: string;
  /** Recomputes gold numbers. */
  readonly runner: ToolRunner;
}

export type Grader = (
  transcript: Transcript,
  expect: Expectation,
  context: GradingContext,
) => Promise<readonly Verdict[]> | readonly Verdict[];

export function verdict(grader: string, pass: boolean, explanation: string): Verdict {
  return { grader, pass, explanation };
}
