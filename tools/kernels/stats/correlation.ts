/** Pearson, Spearman and serial correlation. Both series complete and of equal length; a constant series gives null. */
import { notEnoughData } from '../../../lib/errors.ts';
import { mean, type Numbers } from './moments.ts';

/** Pearson's r (two-pass), or null where either series is constant. O(n). */
export function pearsonCorrelation(a: Numbers, b: Numbers): number | null {
  if (a.length !== b.length) throw new Error(`pearsonCorrelation: lengths ${a.length} and ${b.length} differ`);
  if (a.length < 2) throw notEnoughData({ what: 'A correlation', needed: 2, got: a.length });
  const meanA = mean(a);
  const meanB = mean(b);
  let cross = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    const u = (a[i] as number) - meanA;
    const v = (b[i] as number) - meanB;
    cross += u * v;
    squareA += u * u;
    squareB += v * v;
  }
  const floorA = 1e-30 * meanA * meanA * a.length;
  const floorB = 1e-30 * meanB * meanB * a.length;
  if (squareA <= floorA || squareB <= floorB) return null;
  return Math.max(-1, Math.min(1, cross / Math.sqrt(squareA * squareB)));
}

/** Ranks from 1, ties share their mean rank. O(n log n). */
export function averageRanks(values: Numbers): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((i, j) => (values[i] as number) - (values[j] as number));
  const ranks = new Float64Array(values.length);
  let from = 0;
  while (from < order.length) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++;
    for (let k = from; k <= to; k++) ranks[order[k] as number] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

/** Spearman's rank correlation with mean ranks for ties, or null where either series is constant. */
export function spearmanCorrelation(a: Numbers, b: Numbers): number | null {
  return pearsonCorrelation(averageRanks(a), averageRanks(b));
}

/**
 * Autocorrelations at lags 1..`lags` with the full-sample mean and variance (divisor n), as Box & Jenkins.
 * Zero everywhere for a constant series. O(n · lags).
 */
export function autocorrelations(values: Numbers, lags: number): Float64Array {
  const n = values.length;
  if (n <= lags) throw notEnoughData({ what: `Autocorrelation at ${lags} lags`, needed: lags + 1, got: n });
  const centre = mean(values);
  const d = Float64Array.from(values, (v) => v - centre);
  let denominator = 0;
  for (let t = 0; t < n; t++) denominator += (d[t] as number) ** 2;
  const out = new Float64Array(lags);
  if (denominator === 0) return out;
  for (let k = 1; k <= lags; k++) {
    let sum = 0;
    for (let t = k; t < n; t++) sum += (d[t] as number) * (d[t - k] as number);
    out[k - 1] = sum / denominator;
  }
  return out;
}
