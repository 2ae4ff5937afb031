/**
 * How sure is a quantile or a tail mean of a sample, and on how many observations does it rest?
 *
 * The interval of a quantile is exact and free of assumptions about the law: the number of observations below the true α-quantile is Binomial(n, α), so two order
 * statistics bracket it with at least the asked coverage. Where the sample is too short for that (a 99% quantile of 250 rows), the far end is null: the data cannot bound it.
 *
 * Returns are complete; figures are positive for a loss. O(n log n).
 * References: David & Nagaraja (2003), "Order Statistics", §7.1 (quantile interval); Manistre & Hancock (2005), North American Actuarial J. 9:2, eq. 7
 * (variance of an expected shortfall): [Var(loss | tail) + c (ES − VaR)²] / (αn).
 *
 * @example quantileInterval(returns, 0.99).observationsBeyond // → 2 for 250 rows
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { incompleteBeta } from '../stats/incomplete-beta.ts';
import type { Numbers } from '../stats/moments.ts';
import { inverseNormalCdf, normalPdf } from '../stats/normal.ts';
import { quantileOfSorted, sorted } from '../stats/quantile.ts';

export interface TailInterval {
  readonly estimate: number;
  /** Smaller loss; null where no observation bounds it. */
  readonly low: number | null;
  /** Larger loss; null where no observation bounds it. */
  readonly high: number | null;
  /** Coverage that was asked for. */
  readonly coverage: number;
  readonly observations: number;
  /** How many observations lie at or beyond the estimate: what it rests on. */
  readonly observationsBeyond: number;
}

/** P(Binomial(n, p) ≤ k) = I_{1−p}(n−k, k+1). */
function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incompleteBeta(n - k, k + 1, 1 - p, p).lower;
}

/** Historical VaR (linear quantile) with its order-statistic interval. */
export function quantileInterval(returns: Numbers, confidence: number, coverage = 0.95): TailInterval {
  const ascending = sorted(returns);
  const n = ascending.length;
  if (n < 2) throw notEnoughData({ what: 'A quantile with an interval', needed: 2, got: n });
  const alpha = 1 - confidence;
  const half = (1 - coverage) / 2;
  // Largest r with P(B ≤ r−1) ≤ half and smallest s with P(B ≤ s−1) ≥ 1 − half (one-based order statistics).
  let r = 0;
  while (r < n && binomialCdf(r, n, alpha) <= half) r++;
  let s = r + 1;
  while (s <= n && binomialCdf(s - 1, n, alpha) < 1 - half) s++;
  const quantile = quantileOfSorted(ascending, alpha);
  return {
    estimate: -quantile,
    low: s <= n ? -(ascending[s - 1] as number) : null,
    high: r >= 1 ? -(ascending[r - 1] as number) : null,
    coverage,
    observations: n,
    observationsBeyond: ascending.filter((v) => v <= quantile).length,
  };
}

/** Historical expected shortfall (fractional tail) with its asymptotic interval. */
export function shortfallInterval(returns: Numbers, confidence: number, coverage = 0.95): TailInterval {
  const ascending = sorted(returns);
  const n = ascending.length;
  if (n < 2) throw notEnoughData({ what: 'An expected shortfall with an interval', needed: 2, got: n });
  const alpha = 1 - confidence;
  const quantile = quantileOfSorted(ascending, alpha);
  const tail = ascending.filter((v) => v <= quantile);
  const whole = Math.max(1, Math.ceil(alpha * n - 1e-9));
  const worst = ascending.subarray(0, whole);
  const estimate = -worst.reduce((sum, v) => sum + v, 0) / whole;
  const spread = worst.reduce((sum, v) => sum + (v + estimate) ** 2, 0) / Math.max(1, whole - 1);
  const error = Math.sqrt((spread + confidence * (estimate + quantile) ** 2) / (alpha * n));
  const z = inverseNormalCdf(0.5 + coverage / 2);
  const known = whole >= 2;
  return {
    estimate,
    low: known ? estimate - z * error : null,
    high: known ? estimate + z * error : null,
    coverage,
    observations: n,
    observationsBeyond: tail.length,
  };
}

/** Standard errors of a Monte Carlo VaR and expected shortfall of a normal law from `paths` draws. */
export function normalSimulationErrors(
  scale: number,
  confidence: number,
  paths: number,
): { readonly valueAtRisk: number; readonly expectedShortfall: number } {
  const alpha = 1 - confidence;
  const z = inverseNormalCdf(alpha);
  const density = normalPdf(z);
  const shortfall = density / alpha;
  // Var(Z | Z < z) = 1 − z φ(z)/α − (φ(z)/α)²
  const tailVariance = 1 - z * shortfall - shortfall * shortfall;
  const spread = tailVariance + confidence * (shortfall + z) ** 2;
  return {
    valueAtRisk: (scale * Math.sqrt((alpha * confidence) / paths)) / density,
    expectedShortfall: scale * Math.sqrt(spread / (alpha * paths)),
  };
}
