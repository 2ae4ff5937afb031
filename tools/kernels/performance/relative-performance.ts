/**
 * A strategy beside its benchmark: regression alpha and beta (Jensen, 1968, J. Finance 23:389), tracking error and
 * information ratio (Grinold & Kahn, 2000), Treynor ratio, up and down capture (arithmetic means). Simple returns.
 */
import { covariance, mean, type Numbers, standardDeviation, variance } from '../stats/moments.ts';
import { coefficientTests, fitOls, ones } from '../stats/ols.ts';

export interface RelativePerformance {
  readonly alphaPerPeriod: number;
  readonly alphaT: number;
  readonly beta: number;
  readonly betaStandardError: number;
  readonly rSquared: number;
  /** Signed root of R². */
  readonly correlation: number;
  readonly trackingErrorAnnual: number;
  readonly informationRatio: number | null;
  /** Annual mean excess return ÷ beta; null where beta is 0. */
  readonly treynor: number | null;
  /** Mean return over periods with a positive (negative) benchmark ÷ the benchmark's own mean there. */
  readonly upCapture: number | null;
  readonly downCapture: number | null;
}

/** Excess returns over `riskFreePerPeriod` enter the regression; both series complete and aligned. O(n). */
export function relativePerformance(
  returns: Numbers,
  benchmark: Numbers,
  options: { readonly periodsPerYear: number; readonly riskFreePerPeriod?: number },
): RelativePerformance {
  const { periodsPerYear, riskFreePerPeriod: rf = 0 } = options;
  const y = Float64Array.from(returns, (v) => v - rf);
  const x = Float64Array.from(benchmark, (v) => v - rf);
  const fit = fitOls(y, [ones(y.length), x], { constant: true });
  const [alpha, beta] = coefficientTests(fit);
  if (alpha === undefined || beta === undefined) throw new Error('relativePerformance: two coefficients expected');
  const active = Float64Array.from(returns, (v, i) => v - (benchmark[i] as number));
  const trackingError = standardDeviation(active) * Math.sqrt(periodsPerYear);
  return {
    alphaPerPeriod: alpha.estimate,
    alphaT: alpha.t,
    beta: beta.estimate,
    betaStandardError: beta.standardError,
    rSquared: fit.rSquared,
    correlation: Math.sign(beta.estimate) * Math.sqrt(Math.max(0, fit.rSquared)),
    trackingErrorAnnual: trackingError,
    informationRatio: trackingError > 0 ? (mean(active) * periodsPerYear) / trackingError : null,
    treynor: beta.estimate === 0 ? null : (mean(y) * periodsPerYear) / beta.estimate,
    upCapture: capture(returns, benchmark, (b) => b > 0),
    downCapture: capture(returns, benchmark, (b) => b < 0),
  };
}

function capture(returns: Numbers, benchmark: Numbers, keep: (b: number) => boolean): number | null {
  let own = 0;
  let other = 0;
  for (let i = 0; i < benchmark.length; i++) {
    const b = benchmark[i] as number;
    if (!keep(b)) continue;
    own += returns[i] as number;
    other += b;
  }
  return other === 0 ? null : own / other;
}

/** Beta over each trailing window, NaN before the first full one. O(n · window). */
export function rollingBeta(returns: Numbers, benchmark: Numbers, window: number): Float64Array {
  const y = Float64Array.from(returns);
  const x = Float64Array.from(benchmark);
  const out = new Float64Array(y.length).fill(Number.NaN);
  for (let t = window - 1; t < y.length; t++) {
    const from = t - window + 1;
    const bench = x.subarray(from, t + 1);
    const spread = variance(bench);
    if (spread > 0) out[t] = covariance(y.subarray(from, t + 1), bench) / spread;
  }
  return out;
}
