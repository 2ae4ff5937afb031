/** Runs cases against a subject (the desk with some model) and grades every turn. */
import type { ToolRunner } from '../tools/envelope.ts';
import type { EvalCase } from './case.ts';
import type { Verdict } from './graders/grader.ts';
import { graders } from './graders/index.ts';
import type { Transcript } from './transcript.ts';

/** Something that can be asked: the desk with one model, or an agent that a test makes up. */
export interface Subject {
  readonly name: string;
  /** Turns of one case share a session. */
  ask(request: {
    readonly session: string;
    readonly text: string;
    readonly asOf: string;
    readonly signal: AbortSignal;
  }): Promise<Transcript>;
}

export interface TurnResult {
  readonly transcript: Transcript;
  readonly verdicts: readonly Verdict[];
}

export interface CaseResult {
  readonly id: string;
  readonly category: EvalCase['category'];
  readonly severity: EvalCase['severity'];
  readonly status: 'pass' | 'fail' | 'error';
  readonly turns: readonly TurnResult[];
  /** Where it was tried more than once: trials without a fault of the infrastructure, and those that passed. */
  readonly trials?: { readonly passed: number; readonly total: number };
}

export interface SuiteOptions {
  readonly subject: Subject;
  readonly runner: ToolRunner;
  readonly defaultAsOf: string;
  readonly signal: AbortSignal;
  /** How many cases at once. */
  readonly parallel: number;
  readonly onCase?: (result: CaseResult, done: number, total: number) => void;
}

async function runCase(evalCase: EvalCase, trial: string, options: SuiteOptions): Promise<CaseResult> {
  const asOf = evalCase.asOf ?? options.defaultAsOf;
  const turns: TurnResult[] = [];
  for (const turn of evalCase.turns) {
    const transcript = await options.subject.ask({
      session: `eval-${trial}-${evalCase.id}`,
      text: turn.ask,
      asOf,
      signal: options.signal,
    });
    const context = { asOf, runner: options.runner };
    const verdicts = (await Promise.all(graders.map((grade) => grade(transcript, turn.expect, context)))).flat();
    turns.push({ transcript, verdicts });
  }
  const fault = turns.some((turn) => turn.transcript.fault !== null);
  const failed = turns.some((turn) => turn.verdicts.some((one) => !one.pass));
  const { id, category, severity } = evalCase;
  return { id, category, severity, status: fault ? 'error' : failed ? 'fail' : 'pass', turns };
}

/** Every case once, in the order of the suite, a few at a time. */
export async function runSuite(
  cases: readonly EvalCase[],
  trial: string,
  options: SuiteOptions,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = new Array(cases.length);
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < cases.length && !options.signal.aborted; at = next++) {
      const result = await runCase(cases[at] as EvalCase, trial, options);
      results[at] = result;
      done += 1;
      options.onCase?.(result, done, cases.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.parallel) }, worker));
  return results.filter((result) => result !== undefined);
}
