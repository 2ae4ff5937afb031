/** One eval run from options to verdict: chooses cases, asks, grades, compares, writes reports. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppOptions, configFor, createApp } from '../app/create-app.ts';
import { packageRoot } from '../app/package-root.ts';
import { invalidInput } from '../lib/errors.ts';
import { tools } from '../tools/registry.ts';
import { baselineFile, type Comparison, compare, readBaseline, writeBaseline } from './baseline.ts';
import type { EvalCase } from './case.ts';
import { type Confusion, routingConfusion } from './confusion.ts';
import { createDeskSubject } from './desk-subject.ts';
import { generatedCases } from './generated-cases.ts';
import { loadCases } from './load-cases.ts';
import { openResultLog, suiteFingerprint } from './result-log.ts';
import type { CaseResult, SuiteOptions } from './run.ts';
import { runTrials } from './run-trials.ts';
import { sampleCases } from './sample-cases.ts';

/** The cut-off of a case that states none. */
const DEFAULT_AS_OF = '2026-01-05';

export interface EvalRequest {
  readonly suite?: string | undefined;
  readonly only?: string | undefined;
  readonly sample?: number | undefined;
  readonly sampleSeed: number;
  readonly trials: number;
  readonly parallel: number;
  readonly resume?: string | undefined;
  readonly bless: boolean;
  readonly flags: NonNullable<AppOptions['flags']>;
  readonly notify: (text: string) => void;
  readonly signal: AbortSignal;
  readonly onCase?: SuiteOptions['onCase'];
}

export interface EvalOutcome {
  readonly model: string;
  readonly results: readonly CaseResult[];
  readonly comparison: Comparison;
  readonly confusion: Confusion;
  readonly trials: number;
}

function chooseCases({ suite, only, sample, sampleSeed, bless }: EvalRequest): readonly EvalCase[] {
  const folder = suite ?? join(packageRoot(), 'evals', 'cases');
  if (!existsSync(folder)) throw invalidInput({ what: '--suite', needed: 'a folder of case files', got: folder });
  for (const [option, value] of [
    ['--only', only],
    ['--sample', sample],
  ] as const) {
    if (bless && value !== undefined)
      throw invalidInput({
        what: option,
        needed: 'left out when blessing',
        got: value,
        hint: 'A baseline holds the whole suite.',
      });
  }
  const all = [...loadCases(folder), ...(suite === undefined ? generatedCases(tools) : [])];
  const chosen = all.filter((one) => only === undefined || one.id.includes(only) || one.category.includes(only));
  if (chosen.length === 0)
    throw invalidInput({ what: '--only', needed: 'part of an id or category of the suite', got: only });
  return sample === undefined ? chosen : sampleCases(chosen, sample, sampleSeed);
}

function modelName(flags: EvalRequest['flags']): string {
  const config = configFor({ flags });
  const provider = config.text('model.provider');
  const configured = config.text('model.apiKey') !== null || config.text('model.baseUrl') !== null;
  return provider === 'openai' || (provider === 'auto' && configured)
    ? (config.text('model.name') ?? 'model')
    : 'embedded';
}

export async function runEvals(request: EvalRequest): Promise<EvalOutcome> {
  const cases = chooseCases(request);
  const model = modelName(request.flags);
  // A store of its own: evals neither see nor leave anything in the user's.
  const home = mkdtempSync(join(tmpdir(), 'tradewind-eval-'));
  const openApp = (asOf: string) =>
    createApp({ flags: { ...request.flags, home, asOf }, notify: (text) => request.notify(text) });
  const subject = createDeskSubject({ name: model, openApp, clock: () => performance.now() });
  const gold = openApp(DEFAULT_AS_OF);
  try {
    const results = await runTrials(cases, {
      subject,
      runner: gold.runner,
      defaultAsOf: DEFAULT_AS_OF,
      signal: request.signal,
      parallel: request.parallel,
      trials: request.trials,
      ...(request.resume === undefined
        ? {}
        : { log: openResultLog(request.resume, { model, suite: suiteFingerprint(cases) }) }),
      ...(request.onCase === undefined ? {} : { onCase: request.onCase }),
    });
    const file = baselineFile(request.suite ?? join(packageRoot(), 'evals'), model);
    if (request.bless && !request.signal.aborted) writeBaseline(file, model, results);
    const comparison = compare(readBaseline(file), results);
    return { model, results, comparison, confusion: routingConfusion(cases, results), trials: request.trials };
  } finally {
    await subject.close();
    await gold.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** More faults than one case in ten: the rest says nothing about the whole. */
export function isComparable({ results }: EvalOutcome): boolean {
  return results.filter(({ status }) => status === 'error').length * 10 <= results.length;
}
