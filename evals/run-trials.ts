/** Asks the whole suite several times, because a model may pass a case once and fail it the next time. */
import type { EvalCase } from './case.ts';
import type { ResultLog } from './result-log.ts';
import { type CaseResult, runSuite, type SuiteOptions } from './run.ts';

export interface TrialOptions extends SuiteOptions {
  readonly trials: number;
  readonly log?: ResultLog;
}

/** Passed only if every trial without a fault did; the trial shown is the first that failed. */
function combine(results: readonly CaseResult[]): CaseResult | undefined {
  const judged = results.filter((result) => result.status !== 'error');
  const shown = judged.find((result) => result.status === 'fail') ?? judged[0] ?? results[0];
  if (shown === undefined) return undefined;
  return {
    ...shown,
    trials: { passed: judged.filter((result) => result.status === 'pass').length, total: judged.length },
  };
}

export async function runTrials(cases: readonly EvalCase[], options: TrialOptions): Promise<readonly CaseResult[]> {
  const rounds: CaseResult[][] = [];
  for (let trial = 1; trial <= options.trials && !options.signal.aborted; trial++) {
    const name = `trial-${trial}`;
    const known = options.log?.known(name) ?? new Map<string, CaseResult>();
    const fresh = await runSuite(
      cases.filter(({ id }) => !known.has(id)),
      name,
      {
        ...options,
        onCase: (result, done, total) => {
          options.log?.add(name, result);
          options.onCase?.(result, done, total);
        },
      },
    );
    rounds.push([...known.values(), ...fresh]);
  }
  const all = rounds.flat();
  return cases.flatMap(({ id }) => combine(all.filter((result) => result.id === id)) ?? []);
}
