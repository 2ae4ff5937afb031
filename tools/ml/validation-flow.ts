/** The computations of `validate_model`. */
import type { z } from 'zod';
import { throwIfCancelled } from '../../lib/errors.ts';
import type { RunContext } from '../define-tool.ts';
import { evaluatePredictions } from '../kernels/ml/evaluate-predictions.ts';
import { type LongShortOptions, longShort } from '../kernels/ml/long-short.ts';
import { labelledDays, type ModelRows, purgeDays } from '../kernels/ml/model-rows.ts';
import { type OutOfSample, predictOutOfSample, scoredRows } from '../kernels/ml/predict-out-of-sample.ts';
import { type Algorithm, type Candidate, drawCandidates } from '../kernels/ml/return-models.ts';
import { combinatorialPaths, combinatorialPurged, type Split } from '../kernels/ml/splits.ts';
import { volatilityRegimes } from '../kernels/ml/volatility-regimes.ts';
import { probabilityOfOverfitting } from '../kernels/performance/overfitting.ts';
import { deflatedSharpe, sharpeEvidence, sharpeRatio } from '../kernels/performance/sharpe.ts';
import { standardDeviation } from '../kernels/stats/moments.ts';
import { dayText } from './evidence-schema.ts';
import { prepareRows } from './prepare-rows.ts';
import { fitFinal, foldSplitsOf, portfolioStyle, walkSplitsOf, withSeed } from './train-model-flow.ts';
import type { RecordedModel } from './training-input.ts';
import type { validationOutput } from './validate-model.ts';

type ValidationOutput = z.input<typeof validationOutput>;

interface ValidationInput {
  readonly folds: number;
  readonly testFolds: number;
  readonly configurations: number;
  readonly blocks: number;
}

interface Study {
  readonly model: RecordedModel;
  readonly rows: ModelRows;
  readonly algorithm: Algorithm;
  readonly candidate: Candidate;
  readonly context: RunContext;
  readonly trade: LongShortOptions;
}

export function runValidation(
  model: RecordedModel,
  algorithm: Algorithm,
  input: ValidationInput,
  context: RunContext,
): ValidationOutput {
  const { rows } = prepareRows(model.data, model.input);
  context.progress(0.02, 'settings of the final model');
  const { candidate } = fitFinal(rows, model.input, algorithm, withSeed(context, model.input.seed));
  const trade: LongShortOptions = {
    topK: model.input.topK,
    holdDays: model.input.horizonDays,
    costBps: model.input.costBps,
    delayDays: 1,
    style: portfolioStyle(model.data.instruments.length),
  };
  const study: Study = { model, rows, algorithm, candidate, context, trade };
  const combinatorial = runPaths(study, input);
  const walkSplits = walkSplitsOf(rows, model.input);
  const walk = predictOutOfSample(rows, walkSplits, optionsOf(study), context.rng.fork('walk'));
  const configurations = runConfigurations(study, input);
  const overfitting = describeOverfitting(configurations.returns, input.blocks);
  const deflated = describeDeflated(study, walk, configurations);
  context.progress(0.92, 'stress');
  const stress = runStress(study, walk, walkSplits);
  const checks = runChecks(combinatorial, overfitting, deflated, stress);
  return {
    modelRunId: model.runId,
    algorithm,
    synthetic: model.data.synthetic,
    verdict: checks.every((check) => check.passed) ? 'passes' : 'fails',
    checks,
    combinatorial,
    overfitting,
    deflatedSharpe: deflated,
    stress,
    windows: {
      trainFrom: dayText(rows.days[0]),
      testFrom: dayText(rows.days[walkSplits[0]?.test[0] ?? 0]),
      testTo: dayText(rows.days[walkSplits.at(-1)?.test.at(-1) ?? 0]),
    },
  };
}

const optionsOf = (study: Study) => ({
  algorithm: study.algorithm,
  candidates: 1,
  horizon: purgeDays(study.rows),
  signal: study.context.signal,
  fixed: study.candidate,
});

const annual = (study: Study): number => Math.sqrt(study.model.data.periodsPerYear);

function informationOf(study: Study, out: Pick<OutOfSample, 'prediction' | 'benchmark'>): number | null {
  const scored = scoredRows(study.rows, out);
  if (scored.target.length < 30) return null;
  return evaluatePredictions(scored, study.model.input.horizonDays).informationCoefficient?.estimate ?? null;
}

function netReturns(study: Study, prediction: Float64Array, trade: Partial<LongShortOptions> = {}): Float64Array {
  return longShort(study.rows, study.model.data.instruments, prediction, { ...study.trade, ...trade }).net;
}

const annualSharpe = (study: Study, net: Float64Array): number | null => {
  const own = net.length > 2 ? sharpeRatio(net) : null;
  return own === null ? null : own * annual(study);
};

/** Every block of every path is predicted by a model that trained without it, its purge and its embargo. */
function runPaths(study: Study, input: ValidationInput): ValidationOutput['combinatorial'] {
  const { rows, model, context } = study;
  const n = labelledDays(rows);
  const { folds, testFolds } = input;
  const options = { folds, testFolds, purge: purgeDays(rows), embargo: model.input.embargoDays };
  const splits = combinatorialPurged(n, options);
  const count = Math.round(combinatorialPaths(folds, testFolds));
  const paths = Array.from({ length: count }, () => ({
    prediction: new Float64Array(rows.rows).fill(Number.NaN),
    benchmark: new Float64Array(rows.rows).fill(Number.NaN),
  }));
  for (const [s, split] of splits.entries()) {
    context.progress(0.05 + (0.45 * s) / splits.length, 'combinatorial splits');
    const test = Int32Array.from(split.tests.flatMap((block) => Array.from(block)));
    const out = predictOutOfSample(
      rows,
      [{ train: split.train, test }],
      optionsOf(study),
      context.rng.fork(`split ${s}`),
    );
    for (const [b, block] of split.tests.entries()) {
      const path = paths[split.paths[b] as number] as (typeof paths)[number];
      const from = rows.dayStart[block[0] as number] as number;
      const to = rows.dayStart[(block.at(-1) as number) + 1] as number;
      path.prediction.set(out.prediction.subarray(from, to), from);
      path.benchmark.set(out.benchmark.subarray(from, to), from);
    }
  }
  const information = paths.flatMap((path) => informationOf(study, path) ?? []);
  const sharpes = paths.flatMap((path) => annualSharpe(study, netReturns(study, path.prediction)) ?? []);
  const mean = (values: readonly number[]): number | null =>
    values.length > 0 ? values.reduce((sum, v) => sum + v, 0) / values.length : null;
  return {
    splits: splits.length,
    paths: count,
    meanInformation: mean(information),
    worstInformation: information.length > 0 ? Math.min(...information) : null,
    bestInformation: information.length > 0 ? Math.max(...information) : null,
    meanSharpe: mean(sharpes),
    worstSharpe: sharpes.length > 0 ? Math.min(...sharpes) : null,
    shareBelowZero: sharpes.length > 0 ? sharpes.filter((value) => value < 0).length / sharpes.length : 0,
    pathSharpes: sharpes,
  };
}

/** Returns of every configuration that the search could have chosen, on the same purged folds. */
function runConfigurations(study: Study, input: ValidationInput): { returns: Float64Array[]; sharpes: number[] } {
  const { rows, model, context } = study;
  const splits: Split[] = foldSplitsOf(rows, { ...model.input, folds: Math.min(model.input.folds, 3) });
  const candidates = model.input.algorithms.flatMap((algorithm) =>
    drawCandidates(algorithm, input.configurations, context.rng.fork(`configurations ${algorithm}`)),
  );
  const returns = candidates.map((candidate, c) => {
    throwIfCancelled(context.signal, 'The validation');
    context.progress(0.5 + (0.4 * c) / candidates.length, 'configurations');
    const options = { ...optionsOf(study), algorithm: candidate.algorithm, fixed: candidate };
    return netReturns(
      study,
      predictOutOfSample(rows, splits, options, context.rng.fork(`configuration ${c}`)).prediction,
    );
  });
  return { returns, sharpes: returns.flatMap((net) => (net.length > 2 ? (sharpeRatio(net) ?? []) : [])) };
}

function describeOverfitting(returns: readonly Float64Array[], blocks: number): ValidationOutput['overfitting'] {
  const varying = returns.filter((net) => net.length > 2 && sharpeRatio(net) !== null);
  const none = (reason: string): ValidationOutput['overfitting'] => ({
    probability: null,
    strategies: varying.length,
    combinations: 0,
    reason,
  });
  if (varying.length < 2) return none('fewer than two configurations trade');
  if ((varying[0]?.length ?? 0) < 2 * blocks) return none('too few days for the blocks');
  const result = probabilityOfOverfitting(varying, blocks);
  return {
    probability: result.probability,
    strategies: varying.length,
    combinations: result.combinations,
    reason: null,
  };
}

function describeDeflated(
  study: Study,
  walk: OutOfSample,
  configurations: { readonly sharpes: readonly number[] },
): ValidationOutput['deflatedSharpe'] {
  const net = netReturns(study, walk.prediction);
  const own = net.length > 2 ? sharpeEvidence(net) : null;
  const trials = Math.max(1, configurations.sharpes.length);
  if (!own) return { probability: null, trials, sharpe: null, expectedMaximum: null };
  const scatter = configurations.sharpes.length > 1 ? standardDeviation([...configurations.sharpes]) : 0;
  const result = deflatedSharpe(own, trials, Math.max(scatter, 1 / Math.sqrt(own.n - 1)));
  const year = annual(study);
  return {
    probability: result.probability,
    trials,
    sharpe: own.sharpe * year,
    expectedMaximum: result.benchmark * year,
  };
}

function runStress(study: Study, walk: OutOfSample, walkSplits: readonly Split[]): ValidationOutput['stress'] {
  const { rows, model, context } = study;
  const base = netReturns(study, walk.prediction);
  const information = informationOf(study, walk);
  const row = (name: string, net: Float64Array, ic: number | null) => ({
    name,
    informationCoefficient: ic,
    netSharpe: annualSharpe(study, net),
    days: net.length,
  });
  const regime = volatilityRegimes(rows, model.data.instruments);
  const traded = longShort(rows, model.data.instruments, walk.prediction, study.trade).day;
  const onDays = (wanted: number): Float64Array => base.filter((_, k) => regime[traded[k] as number] === wanted);
  const half = Math.floor(base.length / 2);
  const noisy = predictOutOfSample(addNoise(study), walkSplits, optionsOf(study), context.rng.fork('walk'));
  return [
    row('as recorded', base, information),
    row('costs doubled', netReturns(study, walk.prediction, { costBps: 2 * study.trade.costBps }), information),
    row('costs five times', netReturns(study, walk.prediction, { costBps: 5 * study.trade.costBps }), information),
    row('filled two days late', netReturns(study, walk.prediction, { delayDays: 3 }), information),
    row('noise in the features', netReturns(study, noisy.prediction), informationOf(study, noisy)),
    row('calm days', onDays(0), null),
    row('stressed days', onDays(2), null),
    row('first half', base.slice(0, half), null),
    row('second half', base.slice(half), null),
    row('worst quarter', worstWindow(base, 63), null),
  ];
}

function addNoise(study: Study): ModelRows {
  const { rows, context } = study;
  const rng = context.rng.fork('noise');
  const deviations = Float64Array.from({ length: rows.cols }, (_, f) => {
    const column = Float64Array.from({ length: rows.rows }, (_, i) => rows.values[i * rows.cols + f] as number);
    return standardDeviation(column);
  });
  return { ...rows, values: rows.values.map((v, k) => v + 0.1 * (deviations[k % rows.cols] as number) * rng.normal()) };
}

function worstWindow(net: Float64Array, length: number): Float64Array {
  let worst = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let from = 0; from + length <= net.length; from++) {
    let sum = 0;
    for (let k = from; k < from + length; k++) sum += net[k] as number;
    if (sum < lowest) {
      lowest = sum;
      worst = from;
    }
  }
  return net.slice(worst, worst + length);
}

function runChecks(
  combinatorial: ValidationOutput['combinatorial'],
  overfitting: ValidationOutput['overfitting'],
  deflated: ValidationOutput['deflatedSharpe'],
  stress: ValidationOutput['stress'],
): ValidationOutput['checks'] {
  const below = (name: string, value: number | null, limit: number) => ({
    name,
    value,
    limit,
    passed: value !== null && value < limit,
    rule: 'value below limit',
  });
  const above = (name: string, value: number | null, limit: number) => ({
    name,
    value,
    limit,
    passed: value !== null && value > limit,
    rule: 'value above limit',
  });
  const under = (name: string): number | null => stress.find((entry) => entry.name === name)?.netSharpe ?? null;
  return [
    below('probability of backtest overfitting', overfitting.probability ?? null, 0.5),
    above('deflated Sharpe ratio', deflated.probability ?? null, 0.95),
    below(
      'share of paths below zero',
      combinatorial.pathSharpes.length > 0 ? combinatorial.shareBelowZero : null,
      0.25,
    ),
    above('net Sharpe with costs doubled', under('costs doubled'), 0),
    above('net Sharpe on stressed days', under('stressed days'), 0),
    above('net Sharpe in the second half', under('second half'), 0),
  ];
}
