/** Results as they come, one JSON line each, so that a run that was cut short can go on where it stopped. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { canonicalJson } from '../lib/canonical-json.ts';
import { TradewindError } from '../lib/errors.ts';
import type { EvalCase } from './case.ts';
import type { CaseResult } from './run.ts';

interface LogHead {
  readonly model: string;
  readonly suite: string;
}

interface LogLine {
  readonly trial: string;
  readonly result: CaseResult;
}

export interface ResultLog {
  /** What earlier runs finished in this trial; infrastructure faults are tried again. */
  known(trial: string): ReadonlyMap<string, CaseResult>;
  add(trial: string, result: CaseResult): void;
}

/** Changes with any case, so that results of two versions of a suite are never mixed. */
export function suiteFingerprint(cases: readonly EvalCase[]): string {
  return createHash('sha256').update(canonicalJson(cases)).digest('hex').slice(0, 16);
}

/** A last line that a crash cut off is left out. */
function parseLines(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line.trim() === '' ? [] : [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

export function openResultLog(file: string, head: LogHead): ResultLog {
  const results = new Map<string, Map<string, CaseResult>>();
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    const [first, ...rest] = parseLines(text) as [LogHead | undefined, ...LogLine[]];
    if (first?.model !== head.model || first.suite !== head.suite)
      throw new TradewindError({
        code: 'NOT_COMPARABLE',
        kind: 'input',
        message: `${file} holds results of ${first?.model ?? 'nothing readable'} on suite ${first?.suite ?? 'unknown'}; this run is ${head.model} on suite ${head.suite}.`,
        hint: 'Resume with the same model, cases and sample, or write to another file.',
      });
    for (const { trial, result } of rest) {
      if (result.status === 'error') continue;
      results.set(trial, (results.get(trial) ?? new Map<string, CaseResult>()).set(result.id, result));
    }
    if (!text.endsWith('\n')) appendFileSync(file, '\n');
  } else writeFileSync(file, `${JSON.stringify(head)}\n`);
  return {
    known: (trial) => results.get(trial) ?? new Map(),
    add: (trial, result) => appendFileSync(file, `${JSON.stringify({ trial, result })}\n`),
  };
}
