/**
 * Was a VaR exceeded as often as it promised, and do the exceedances come in clusters?
 *
 * A day's VaR uses only the `window` returns before it. Kupiec's test compares the number of exceedances with (1 − c)·days; Christoffersen's compares the chance of an exceedance after
 * a quiet day with that after an exceedance. Both statistics are χ²(1).
 *
 * Complete returns, n > window. O(n·window log window).
 * References: Kupiec (1995), J. Derivatives 3:2, eq. 6; Christoffersen (1998), Int. Econ. Rev. 39:4, eq. 11.
 *
 * @example backtestHistoricalVar(returns, { window: 250, confidence: 0.99 }).kupiec.p
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { chiSquareSurvival } from '../stats/distributions.ts';
import { type QuantileConvention, quantileOfSorted, sorted } from '../stats/quantile.ts';

export interface VarBacktest {
  readonly days: number;
  readonly exceedances: number;
  readonly expected: number;
  readonly kupiec: { readonly statistic: number; readonly p: number };
  readonly independence: { readonly statistic: number; readonly p: number };
  /** Quiet→quiet, quiet→exceeded, exceeded→quiet, exceeded→exceeded. */
  readonly transitions: readonly [number, number, number, number];
}

export function backtestHistoricalVar(
  returns: Float64Array,
  options: { readonly window: number; readonly confidence: number; readonly convention?: QuantileConvention },
): VarBacktest {
  const { window, confidence, convention = 'linear' } = options;
  if (returns.length <= window) {
    throw notEnoughData({ what: 'A VaR back-test', needed: window + 1, got: returns.length });
  }
  const hits = new Uint8Array(returns.length - window);
  for (let t = window; t < returns.length; t++) {
    const limit = quantileOfSorted(sorted(returns.subarray(t - window, t)), 1 - confidence, convention);
    hits[t - window] = (returns[t] as number) < limit ? 1 : 0;
  }
  return assessExceedances(hits, 1 - confidence);
}

/** The two tests on a path of exceedances (1 = exceeded). */
export function assessExceedances(hits: ArrayLike<number>, tail: number): VarBacktest {
  const days = hits.length;
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  let exceedances = 0;
  for (let t = 0; t < days; t++) {
    exceedances += hits[t] as number;
    if (t > 0) {
      const from = hits[t - 1] as number;
      const index = from * 2 + (hits[t] as number);
      counts[index] = (counts[index] as number) + 1;
    }
  }
  const rate = exceedances / days;
  const kupiec =
    -2 * (logBernoulli(tail, exceedances, days - exceedances) - logBernoulli(rate, exceedances, days - exceedances));
  const [quiet, begun, ended, clustered] = counts;
  const pooled = (begun + clustered) / (quiet + begun + ended + clustered);
  const independence =
    -2 *
    (logBernoulli(pooled, begun + clustered, quiet + ended) -
      logBernoulli(share(begun, quiet), begun, quiet) -
      logBernoulli(share(clustered, ended), clustered, ended));
  return {
    days,
    exceedances,
    expected: tail * days,
    kupiec: { statistic: Math.max(0, kupiec), p: chiSquareSurvival(Math.max(0, kupiec), 1) },
    independence: { statistic: Math.max(0, independence), p: chiSquareSurvival(Math.max(0, independence), 1) },
    transitions: counts,
  };
}

function share(part: number, rest: number): number {
  return part + rest === 0 ? 0 : part / (part + rest);
}

/** ln(p^hits (1−p)^misses) with 0·ln 0 = 0. */
function logBernoulli(p: number, hits: number, misses: number): number {
  return (hits === 0 ? 0 : hits * Math.log(p)) + (misses === 0 ? 0 : misses * Math.log1p(-p));
}
