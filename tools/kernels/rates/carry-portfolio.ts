/**
 * Carry as positions and as risk: rank weights (Asness, Moskowitz and Pedersen, 2013, J. Finance 68, eq. 1), inverse-volatility
 * weights by the sign of carry, and the tail of a carry strategy, whose crashes the volatility hides (Brunnermeier, Nagel and
 * Pedersen, 2008, NBER Macroannual 23).
 */
import { maxDrawdown } from '../performance/drawdown.ts';
import { historicalExpectedShortfall, historicalValueAtRisk } from '../risk/value-at-risk.ts';
import { mean, standardDeviation } from '../stats/moments.ts';

/** z(rank − (N + 1)/2) with longs summing to +1 and shorts to −1; ties share their mean rank. */
export function rankWeights(carry: ArrayLike<number>): Float64Array {
  const n = carry.length;
  const ranks = Float64Array.from({ length: n }, (_, i) => {
    let below = 0;
    let equal = 0;
    for (let j = 0; j < n; j++) {
      if ((carry[j] as number) < (carry[i] as number)) below++;
      else if (carry[j] === carry[i]) equal++;
    }
    return below + (equal + 1) / 2;
  });
  const centred = ranks.map((rank) => rank - (n + 1) / 2);
  const long = centred.reduce((sum, value) => sum + Math.max(0, value), 0);
  return long > 0 ? centred.map((value) => value / long) : new Float64Array(n);
}

/** sign(carry)/volatility, scaled to a gross exposure of one. */
export function inverseVolatilityCarry(carry: ArrayLike<number>, volatility: ArrayLike<number>): Float64Array {
  const raw = Float64Array.from(carry, (value, i) => Math.sign(value) / (volatility[i] as number));
  const gross = raw.reduce((sum, value) => sum + Math.abs(value), 0);
  return gross > 0 ? raw.map((value) => value / gross) : raw;
}

export interface CrashStatistics {
  /** Mean of the worst 1% of days, the boundary day counted in part. */
  readonly expectedShortfall99: number;
  readonly valueAtRisk99: number;
  /** Mean of the ⌊1%⌋ worst days. */
  readonly worstMean: number;
  readonly worstCount: number;
  readonly meanAnnual: number;
  readonly volatilityAnnual: number;
  readonly meanOverVolatility: number | null;
  readonly skewness: number | null;
  readonly excessKurtosis: number | null;
  /** Of compounded returns, negative. */
  readonly maxDrawdown: number;
  /** 99% expected shortfall over daily volatility: 2.67 for a normal law. */
  readonly tailRatio: number | null;
}

/** Simple returns per period; at least 100 for the tail to have a whole observation. */
export function crashStatistics(returns: Float64Array, periodsPerYear: number): CrashStatistics {
  const n = returns.length;
  const average = mean(returns);
  const deviation = standardDeviation(returns);
  const worstCount = Math.max(1, Math.floor(0.01 * n));
  const worst = returns.slice().sort().subarray(0, worstCount);
  const expectedShortfall99 = historicalExpectedShortfall(returns, 0.99, 'fractional');
  const power = (k: number): number => returns.reduce((sum, r) => sum + (r - average) ** k, 0) / n;
  const spread = power(2);
  const known = deviation > 0;
  return {
    expectedShortfall99,
    valueAtRisk99: historicalValueAtRisk(returns, 0.99),
    worstMean: -mean(worst),
    worstCount,
    meanAnnual: average * periodsPerYear,
    volatilityAnnual: deviation * Math.sqrt(periodsPerYear),
    meanOverVolatility: known ? (average / deviation) * Math.sqrt(periodsPerYear) : null,
    skewness: known ? power(3) / spread ** 1.5 : null,
    excessKurtosis: known ? power(4) / spread ** 2 - 3 : null,
    maxDrawdown: maxDrawdown(returns),
    tailRatio: known ? expectedShortfall99 / deviation : null,
  };
}
