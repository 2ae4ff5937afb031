/** The whole of a training: the same purged folds for every algorithm, walk-forward, portfolio, final fit. */
import { createRng } from '../../lib/rng.ts';
import type { RunContext } from '../define-tool.ts';
import { evaluatePredictions, type PredictionQuality } from '../kernels/ml/evaluate-predictions.ts';
import { type LongShortResult, longShort } from '../kernels/ml/long-short.ts';
import { daySpans, labelledDays, type ModelRows, purgeDays, rowsOfDays, takeRows } from '../kernels/ml/model-rows.ts';
import { type OutOfSample, predictOutOfSample, scoredRows } from '../kernels/ml/predict-out-of-sample.ts';
import {
  type Algorithm,
  type Candidate,
  type FittedReturnModel,
  fitCandidate,
  predictReturns,
} from '../kernels/ml/return-models.ts';
import { purgedKFold, type Split, walkForward } from '../kernels/ml/splits.ts';
import { tuneCandidate } from '../kernels/ml/tune-candidate.ts';
import type { ModelData } from './model-recipe.ts';
import { type PreparedRows, prepareRows } from './prepare-rows.ts';
import type { TrainingInput } from './training-input.ts';

export interface AlgorithmResult {
  readonly algorithm: Algorithm;
  readonly folds: OutOfSample;
  readonly foldQuality: PredictionQuality;
  readonly walk: OutOfSample;
  readonly walkQuality: PredictionQuality;
  readonly portfolio: LongShortResult;
}

export interface Training extends PreparedRows {
  readonly foldSplits: readonly Split[];
  readonly walkSplits: readonly Split[];
  readonly results: readonly AlgorithmResult[];
  readonly best: AlgorithmResult;
  readonly final: FinalModel;
}

export interface FinalModel {
  readonly candidate: Candidate;
  readonly fitted: FittedReturnModel;
  readonly trainingQuality: PredictionQuality;
  readonly trainRows: number;
}

export function foldSplitsOf(rows: ModelRows, input: TrainingInput): Split[] {
  const spans = daySpans(rows);
  return purgedKFold(spans, { folds: input.folds, embargo: input.embargoDays, rule: 'strict' });
}

/** First window and refit step: as asked, or half of the days and a fifth of the rest. */
export function walkSplitsOf(rows: ModelRows, input: TrainingInput): Split[] {
  const days = labelledDays(rows);
  const purge = purgeDays(rows);
  const trainSize = Math.min(input.firstTrainDays ?? Math.floor(days / 2), days - purge - 5);
  const testSize = input.refitDays ?? Math.max(5, Math.ceil((days - trainSize - purge) / 5));
  return walkForward(days, { trainSize, testSize, purge, expanding: true, partialLast: true });
}

export function portfolioStyle(names: number): 'sign' | 'long-short' {
  return names === 1 ? 'sign' : 'long-short';
}

export function trainModels(data: ModelData, input: TrainingInput, context: RunContext): Training {
  context.progress(0.01, 'building features');
  const prepared = prepareRows(data, input);
  const { rows } = prepared;
  const foldSplits = foldSplitsOf(rows, input);
  const walkSplits = walkSplitsOf(rows, input);
  const steps = input.algorithms.length * (foldSplits.length + walkSplits.length);
  let done = 0;
  const onSplit = (algorithm: string) => (): void => {
    done++;
    context.progress(0.05 + (0.85 * done) / steps, algorithm);
  };
  const results = input.algorithms.map((algorithm): AlgorithmResult => {
    const rng = context.rng.fork(algorithm);
    const options = {
      algorithm,
      candidates: input.searchCandidates,
      horizon: purgeDays(rows),
      signal: context.signal,
      onSplit: onSplit(algorithm),
    };
    const folds = predictOutOfSample(rows, foldSplits, options, rng.fork('folds'));
    const walk = predictOutOfSample(rows, walkSplits, options, rng.fork('walk'));
    const quality = (out: OutOfSample): PredictionQuality =>
      evaluatePredictions(scoredRows(rows, out), input.horizonDays, input.confidence);
    const portfolio = longShort(rows, data.instruments, walk.prediction, {
      topK: input.topK,
      holdDays: input.horizonDays,
      costBps: input.costBps,
      delayDays: 1,
      style: portfolioStyle(data.instruments.length),
    });
    return { algorithm, folds, foldQuality: quality(folds), walk, walkQuality: quality(walk), portfolio };
  });
  const best = chooseBest(results);
  context.progress(0.92, `fitting ${best.algorithm} on all days`);
  const final = fitFinal(rows, input, best.algorithm, context);
  context.progress(1, 'done');
  return { ...prepared, foldSplits, walkSplits, results, best, final };
}

/** By the purged folds, so that the walk-forward stays a test of a choice made elsewhere; ties to the first named. */
function chooseBest(results: readonly AlgorithmResult[]): AlgorithmResult {
  const score = (result: AlgorithmResult): number => result.foldQuality.informationCoefficient?.estimate ?? -1;
  return results.reduce((best, next) => (score(next) > score(best) ? next : best));
}

/** The seed of the training, whatever the seed of the tool that fits again: the same model comes out. */
export function withSeed(context: RunContext, seed: number): RunContext {
  return { ...context, rng: createRng(seed) };
}

/** Tuned and fitted on every labelled day; the same seed gives the same model again, in any later run. */
export function fitFinal(
  rows: ModelRows,
  input: TrainingInput,
  algorithm: Algorithm,
  context: RunContext,
  uptoDay?: number,
): FinalModel {
  const days = Int32Array.from({ length: uptoDay ?? labelledDays(rows) }, (_, d) => d);
  const rng = context.rng.fork(algorithm).fork('final');
  const options = { candidates: input.searchCandidates, horizon: purgeDays(rows), signal: context.signal };
  const { candidate } = tuneCandidate(rows, days, algorithm, options, rng.fork('tune'));
  const chosen = rowsOfDays(rows, days);
  const train = takeRows(rows, chosen);
  const fitted = fitCandidate(candidate, train, rng.fork('fit'), context.signal);
  const mean = train.target.reduce((sum, y) => sum + y, 0) / train.target.length;
  const trainingQuality = evaluatePredictions(
    {
      target: train.target,
      prediction: predictReturns(fitted, train.values, train.target.length),
      benchmark: new Float64Array(train.target.length).fill(mean),
      day: Int32Array.from(chosen, (r) => rows.day[r] as number),
    },
    input.horizonDays,
    input.confidence,
  );
  return { candidate, fitted, trainingQuality, trainRows: train.target.length };
}
