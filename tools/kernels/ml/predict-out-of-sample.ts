/** Predictions of rows by models that were fitted, and tuned, without them. */
import { throwIfCancelled } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import type { PredictionRows } from './evaluate-predictions.ts';
import { type ModelRows, rowsOfDays, takeRows } from './model-rows.ts';
import { type Algorithm, type Candidate, fitCandidate, predictReturns } from './return-models.ts';
import type { Split } from './splits.ts';
import { tuneCandidate } from './tune-candidate.ts';

export interface SplitFit {
  readonly candidate: Candidate;
  readonly trainRows: number;
  readonly testRows: number;
}

export interface OutOfSample {
  /** By row of the table; NaN where no split tested it. */
  readonly prediction: Float64Array;
  /** Mean target of the training rows of the split that tested it. */
  readonly benchmark: Float64Array;
  readonly splits: readonly SplitFit[];
  /** Fits made by searches. */
  readonly searchFits: number;
}

export interface OutOfSampleOptions {
  readonly algorithm: Algorithm;
  readonly candidates: number;
  readonly horizon: number;
  readonly signal?: AbortSignal | undefined;
  readonly onSplit?: ((done: number, of: number) => void) | undefined;
  /** Fixed settings instead of a search. */
  readonly fixed?: Candidate;
}

/**
 * For every split (of days): search inside the training days, fit on them, predict the test days. Rows of test days without a
 * target yet are predicted too. O(splits · fit).
 */
export function predictOutOfSample(
  rows: ModelRows,
  splits: readonly Split[],
  options: OutOfSampleOptions,
  rng: Rng,
): OutOfSample {
  const prediction = new Float64Array(rows.rows).fill(Number.NaN);
  const benchmark = new Float64Array(rows.rows).fill(Number.NaN);
  const fits: SplitFit[] = [];
  let searchFits = 0;
  for (const [s, split] of splits.entries()) {
    throwIfCancelled(options.signal, 'The validation');
    const stream = rng.fork(`split ${s}`);
    const chosen = options.fixed
      ? { candidate: options.fixed, fits: 0 }
      : tuneCandidate(rows, split.train, options.algorithm, options, stream.fork('tune'));
    searchFits += chosen.fits;
    const train = takeRows(rows, rowsOfDays(rows, split.train));
    const fitted = fitCandidate(chosen.candidate, train, stream.fork('fit'), options.signal);
    const mean = train.target.reduce((sum, y) => sum + y, 0) / train.target.length;
    let tested = 0;
    for (const [from, to] of dayRuns(split.test)) {
      const start = rows.dayStart[from] as number;
      const end = rows.dayStart[to + 1] as number;
      prediction.set(
        predictReturns(fitted, rows.values.subarray(start * rows.cols, end * rows.cols), end - start),
        start,
      );
      benchmark.fill(mean, start, end);
      tested += end - start;
    }
    fits.push({ candidate: chosen.candidate, trainRows: train.target.length, testRows: tested });
    options.onSplit?.(s + 1, splits.length);
  }
  return { prediction, benchmark, splits: fits, searchFits };
}

/** Consecutive stretches of ascending days. */
function dayRuns(days: Int32Array): [number, number][] {
  const runs: [number, number][] = [];
  for (const d of days) {
    const last = runs.at(-1);
    if (last && last[1] === d - 1) last[1] = d;
    else runs.push([d, d]);
  }
  return runs;
}

/** Rows that have both a prediction and a target. */
export function scoredRows(rows: ModelRows, out: Pick<OutOfSample, 'prediction' | 'benchmark'>): PredictionRows {
  const chosen: number[] = [];
  for (let i = 0; i < rows.rows; i++) {
    if (!Number.isNaN(out.prediction[i] as number) && !Number.isNaN(rows.target[i] as number)) chosen.push(i);
  }
  const pick = (from: Float64Array): Float64Array => Float64Array.from(chosen, (i) => from[i] as number);
  return {
    target: pick(rows.target),
    prediction: pick(out.prediction),
    benchmark: pick(out.benchmark),
    day: Int32Array.from(chosen, (i) => rows.day[i] as number),
  };
}
