/** What is each feature worth, alone and beside the others? */
import { averageRanks, pearsonCorrelation } from '../stats/correlation.ts';
import { standardDeviation } from '../stats/moments.ts';
import { stabilityIndex } from './drift.ts';
import { type Estimate, evaluatePredictions } from './evaluate-predictions.ts';
import type { ModelRows } from './model-rows.ts';

export interface FeatureWorth {
  /** Information coefficient of the feature itself with the target, two-sided p. */
  readonly information: Estimate | null;
  /** Mutual information with the target over 10 × 10 equal-count bins, nats, less its expectation under independence. */
  readonly mutualInformation: number;
  /** Stability index of the second half of the days against the first. */
  readonly stability: number;
  /** Mean absolute change from day to day of an instrument, in deviations of the feature. */
  readonly turnover: number;
  /** Largest absolute correlation with another feature, and which; null with one feature. */
  readonly redundancy: number | null;
  readonly nearest: number | null;
  /** Information coefficient by regime; null where a regime has too few rows. */
  readonly byRegime: readonly (number | null)[];
}

/**
 * One report per column of complete rows with a target. Days are clusters of the information coefficient's error. `regime`
 * gives 0, 1 or 2 by day. Rows beyond 20,000 are thinned for the pairwise correlations only. O(cols · rows log rows + cols² · rows).
 */
export function reportFeatures(rows: ModelRows, horizon: number, regime: Int8Array): FeatureWorth[] {
  const labelled = Int32Array.from({ length: rows.rows }, (_, i) => i).filter(
    (i) => !Number.isNaN(rows.target[i] as number),
  );
  const target = Float64Array.from(labelled, (i) => rows.target[i] as number);
  const day = Int32Array.from(labelled, (i) => rows.day[i] as number);
  const column = (f: number): Float64Array =>
    Float64Array.from(labelled, (i) => rows.values[i * rows.cols + f] as number);
  const columns = Array.from({ length: rows.cols }, (_, f) => column(f));
  const near = nearestNeighbours(columns);
  return columns.map((values, f) => ({
    information: twoSided(informationOf(values, target, day, horizon)),
    mutualInformation: mutualInformation(values, target, 10),
    stability: halvesStability(values, day),
    turnover: turnoverOf(rows, f),
    redundancy: near[f]?.correlation ?? null,
    nearest: near[f]?.other ?? null,
    byRegime: [0, 1, 2].map((wanted) => regimeInformation(values, target, day, regime, wanted, horizon)),
  }));
}

function informationOf(values: Float64Array, target: Float64Array, day: Int32Array, horizon: number): Estimate | null {
  const benchmark = new Float64Array(target.length);
  return evaluatePredictions({ prediction: values, target, benchmark, day }, horizon).informationCoefficient;
}

const twoSided = (estimate: Estimate | null): Estimate | null =>
  estimate && { ...estimate, pValue: Math.min(1, 2 * Math.min(estimate.pValue, 1 - estimate.pValue)) };

function regimeInformation(
  values: Float64Array,
  target: Float64Array,
  day: Int32Array,
  regime: Int8Array,
  wanted: number,
  horizon: number,
): number | null {
  const chosen = Int32Array.from(day, (_, i) => i).filter((i) => regime[day[i] as number] === wanted);
  if (chosen.length < 60) return null;
  const pick = (from: Float64Array): Float64Array => Float64Array.from(chosen, (i) => from[i] as number);
  const days = Int32Array.from(chosen, (i) => day[i] as number);
  return informationOf(pick(values), pick(target), days, horizon)?.estimate ?? null;
}

/** Cover & Thomas (2006), eq. 2.28, on rank bins; less (bins − 1)²/2n, its bias (Miller, 1955). Never below zero. */
export function mutualInformation(a: Float64Array, b: Float64Array, bins: number): number {
  const n = a.length;
  const binOf = (ranks: Float64Array): Int32Array =>
    Int32Array.from(ranks, (rank) => Math.min(bins - 1, Math.floor(((rank - 0.5) / n) * bins)));
  const [x, y] = [binOf(averageRanks(a)), binOf(averageRanks(b))];
  const joint = new Float64Array(bins * bins);
  for (let i = 0; i < n; i++) {
    const cell = (x[i] as number) * bins + (y[i] as number);
    joint[cell] = (joint[cell] as number) + 1 / n;
  }
  let sum = 0;
  for (let i = 0; i < bins; i++) {
    for (let j = 0; j < bins; j++) {
      const p = joint[i * bins + j] as number;
      if (p > 0) sum += p * Math.log(p / (marginal(joint, bins, i, 'row') * marginal(joint, bins, j, 'column')));
    }
  }
  return Math.max(0, sum - (bins - 1) ** 2 / (2 * n));
}

function marginal(joint: Float64Array, bins: number, at: number, side: 'row' | 'column'): number {
  let sum = 0;
  for (let k = 0; k < bins; k++) sum += joint[side === 'row' ? at * bins + k : k * bins + at] as number;
  return sum;
}

function halvesStability(values: Float64Array, day: Int32Array): number {
  const middle = ((day[0] as number) + (day.at(-1) as number)) / 2;
  const cut = day.findIndex((d) => d > middle);
  return stabilityIndex(values.slice(0, cut), values.slice(cut), 10).psi;
}

function turnoverOf(rows: ModelRows, f: number): number {
  const last = new Map<number, number>();
  const all = new Float64Array(rows.rows);
  let moved = 0;
  let count = 0;
  for (let i = 0; i < rows.rows; i++) {
    const value = rows.values[i * rows.cols + f] as number;
    all[i] = value;
    const before = last.get(rows.instrument[i] as number);
    if (before !== undefined) {
      moved += Math.abs(value - before);
      count++;
    }
    last.set(rows.instrument[i] as number, value);
  }
  const deviation = standardDeviation(all);
  return count > 0 && deviation > 0 ? moved / count / deviation : 0;
}

function nearestNeighbours(columns: readonly Float64Array[]): ({ other: number; correlation: number } | null)[] {
  const stride = Math.max(1, Math.ceil((columns[0]?.length ?? 0) / 20_000));
  const thin = columns.map((values) => values.filter((_, i) => i % stride === 0));
  const best = columns.map((): { other: number; correlation: number } | null => null);
  for (let a = 0; a < thin.length; a++) {
    for (let b = 0; b < a; b++) {
      const r = Math.abs(pearsonCorrelation(thin[a] as Float64Array, thin[b] as Float64Array) ?? 0);
      if (r > (best[a]?.correlation ?? -1)) best[a] = { other: b, correlation: r };
      if (r > (best[b]?.correlation ?? -1)) best[b] = { other: a, correlation: r };
    }
  }
  return best;
}
