/** What passed last time it was blessed, one file a model. Only `eval bless` writes it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { CaseResult } from './run.ts';

const baselineSchema = z.object({ model: z.string(), cases: z.record(z.string(), z.enum(['pass', 'fail', 'error'])) });
export type Baseline = z.output<typeof baselineSchema>;

export interface Comparison {
  /** Passed before and does not now. */
  readonly regressions: readonly string[];
  readonly improvements: readonly string[];
  /** Not in the baseline. */
  readonly added: readonly string[];
}

export function baselineFile(folder: string, model: string): string {
  return join(folder, 'baselines', `${model.replace(/[^a-zA-Z0-9.-]+/g, '-')}.json`);
}

export function readBaseline(file: string): Baseline | undefined {
  return existsSync(file) ? baselineSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export function writeBaseline(file: string, model: string, results: readonly CaseResult[]): void {
  const cases = Object.fromEntries(
    [...results].sort((a, b) => (a.id < b.id ? -1 : 1)).map((result) => [result.id, result.status]),
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ model, cases }, null, 2)}\n`);
}

/** A case that is not in the baseline must pass: a new failure is a regression too, unless it is only `info`. */
export function compare(baseline: Baseline | undefined, results: readonly CaseResult[]): Comparison {
  const before = (id: string) => baseline?.cases[id];
  return {
    regressions: results
      .filter((result) => result.severity !== 'info' && result.status !== 'pass' && before(result.id) !== 'fail')
      .map(({ id }) => id),
    improvements: results
      .filter((result) => result.status === 'pass' && before(result.id) === 'fail')
      .map(({ id }) => id),
    added: results.filter((result) => before(result.id) === undefined).map(({ id }) => id),
  };
}
