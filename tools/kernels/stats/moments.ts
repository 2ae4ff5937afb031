/**
 * Mean, variance, skewness and kurtosis of one series, two-pass (Chan, Golub & LeVeque, 1983, Am. Stat. 37:242).
 * Missing values are the caller's business: one NaN in, NaN out. Each function is O(n).
 */
import { notEnoughData } from '../../../lib/errors.ts';

export type Numbers = Float64Array | readonly number[];

/** Arithmetic mean. */
export function mean(values: Numbers): number {
  if (values.length === 0) throw notEnoughData({ what: 'A mean', needed: 1, got: 0 });
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const rough = sum / values.length;
  let correction = 0;
  for (let i = 0; i < values.length; i++) correction += (values[i] as number) - rough;
  return rough + correction / values.length;
}

/** Sum of squared deviations from the mean. */
export function sumOfSquares(values: Numbers, centre = mean(values)): number {
  let sum = 0;
  let drift = 0;
  for (let i = 0; i < values.length; i++) {
    const d = (values[i] as number) - centre;
    sum += d * d;
    drift += d;
  }
  return sum - (drift * drift) / values.length;
}

/** Variance with divisor n − `degreesLost` (1 = sample, 0 = population). */
export function variance(values: Numbers, degreesLost = 1): number {
  if (values.length <= degreesLost) {
    throw notEnoughData({ what: 'A variance', needed: degreesLost + 1, got: values.length });
  }
  return sumOfSquares(values) / (values.length - degreesLost);
}

/** Square root of `variance`. */
export function standardDeviation(values: Numbers, degreesLost = 1): number {
  return Math.sqrt(variance(values, degreesLost));
}

/** Covariance of two series of equal length with divisor n − `degreesLost`. */
export function covariance(a: Numbers, b: Numbers, degreesLost = 1): number {
  if (a.length !== b.length) throw new Error(`covariance: lengths ${a.length} and ${b.length} differ`);
  if (a.length <= degreesLost) throw notEnoughData({ what: 'A covariance', needed: degreesLost + 1, got: a.length });
  const meanA = mean(a);
  const meanB = mean(b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - meanA) * ((b[i] as number) - meanB);
  return sum / (a.length - degreesLost);
}

export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** With divisor n − 1. */
  readonly standardDeviation: number;
  /** m3 / m2^1.5 with divisor n (biased), as scipy's default. */
  readonly skewness: number;
  /** m4 / m2² with divisor n, 3 for a normal (biased, non-excess). */
  readonly kurtosis: number;
  /** Fisher–Pearson G1 (Joanes & Gill, 1998, The Statistician 47:183), as pandas. Null below 3 values. */
  readonly skewnessUnbiased: number | null;
  /** G2 of Joanes & Gill: excess kurtosis, as pandas. Null below 4 values. */
  readonly excessKurtosisUnbiased: number | null;
}

/** The first four moments. A constant series has no skewness or kurtosis: both are 0 and 3 by convention there. */
export function moments(values: Numbers): Moments {
  const n = values.length;
  if (n < 2) throw notEnoughData({ what: 'Moments', needed: 2, got: n });
  const centre = mean(values);
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  for (let i = 0; i < n; i++) {
    const d = (values[i] as number) - centre;
    const d2 = d * d;
    s2 += d2;
    s3 += d2 * d;
    s4 += d2 * d2;
  }
  const m2 = s2 / n;
  const flat = s2 <= 1e-30 * centre * centre * n;
  const skewness = flat ? 0 : s3 / n / m2 ** 1.5;
  const kurtosis = flat ? 3 : s4 / n / (m2 * m2);
  return {
    n,
    mean: centre,
    standardDeviation: Math.sqrt(s2 / (n - 1)),
    skewness,
    kurtosis,
    skewnessUnbiased: n < 3 ? null : (Math.sqrt(n * (n - 1)) / (n - 2)) * skewness,
    excessKurtosisUnbiased: n < 4 ? null : ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (kurtosis - 3) + 6),
  };
}
