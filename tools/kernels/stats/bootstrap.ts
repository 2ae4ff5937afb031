/**
 * Resampling of dependent series. Stationary bootstrap: Politis & Romano (1994, JASA 89:1303), geometric block lengths;
 * circular block bootstrap: Politis & Romano (1992); block length: Politis & White (2004, Econom. Rev. 23:53) with the
 * correction of Patton, Politis & White (2009, Econom. Rev. 28:372).
 */
import { invalidInput } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { mean, type Numbers } from './moments.ts';
import { quantileOfSorted } from './quantile.ts';

export type BootstrapScheme =
  | { readonly kind: 'iid' }
  | { readonly kind: 'stationary' | 'circular-block'; readonly blockLength: number };

/** Fills `out` with resampled positions 0..n−1. No allocation. */
export function drawBootstrapIndices(n: number, scheme: BootstrapScheme, rng: Rng, out: Int32Array): void {
  if (scheme.kind === 'iid') {
    for (let i = 0; i < out.length; i++) out[i] = rng.integer(n);
    return;
  }
  if (!(scheme.blockLength >= 1)) {
    throw invalidInput({ what: 'The block length of a bootstrap', needed: 'at least 1', got: scheme.blockLength });
  }
  const restart = 1 / scheme.blockLength;
  const length = Math.round(scheme.blockLength);
  let at = 0;
  for (let i = 0; i < out.length; i++) {
    const fresh = scheme.kind === 'stationary' ? i === 0 || rng.uniform() < restart : i % length === 0;
    at = fresh ? rng.integer(n) : at + 1 === n ? 0 : at + 1;
    out[i] = at;
  }
}

export interface BootstrapInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
  readonly replications: number;
}

/**
 * Percentile interval of a statistic of one series (Efron & Tibshirani, 1993, ch. 13). Replications on which the
 * statistic does not exist (null) are left out; null when fewer than half remain. O(replications · n).
 */
export function bootstrapInterval(parts: {
  readonly values: Float64Array;
  readonly statistic: (sample: Float64Array) => number | null;
  readonly scheme: BootstrapScheme;
  readonly replications: number;
  readonly confidence: number;
  readonly rng: Rng;
}): BootstrapInterval | null {
  const { values, statistic, scheme, replications, confidence, rng } = parts;
  const estimate = statistic(values);
  if (estimate === null) return null;
  const indices = new Int32Array(values.length);
  const sample = new Float64Array(values.length);
  const found: number[] = [];
  for (let b = 0; b < replications; b++) {
    drawBootstrapIndices(values.length, scheme, rng, indices);
    for (let i = 0; i < sample.length; i++) sample[i] = values[indices[i] as number] as number;
    const value = statistic(sample);
    if (value !== null && Number.isFinite(value)) found.push(value);
  }
  if (found.length < replications / 2) return null;
  const draws = Float64Array.from(found).sort();
  const centre = mean(draws);
  let square = 0;
  for (const v of draws) square += (v - centre) ** 2;
  return {
    estimate,
    lower: quantileOfSorted(draws, (1 - confidence) / 2),
    upper: quantileOfSorted(draws, (1 + confidence) / 2),
    standardError: Math.sqrt(square / Math.max(1, draws.length - 1)),
    replications: found.length,
  };
}

/**
 * The block length that minimises the mean squared error of the bootstrap variance of the mean, for both schemes.
 * Lags are cut where the autocorrelation stays inside ±2√(log10 n / n) for max(5, log10 n) lags. O(n √n).
 */
export function optimalBlockLength(values: Numbers): { readonly stationary: number; readonly circular: number } {
  const n = values.length;
  const centre = mean(values);
  const e = Float64Array.from(values, (v) => v - centre);
  const bMax = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  const kn = Math.max(5, Math.floor(Math.log10(n)));
  const mMax = Math.ceil(Math.sqrt(n)) + kn;
  const threshold = 2 * Math.sqrt(Math.log10(n) / n);
  const covariances = new Float64Array(mMax + 1);
  const significant: boolean[] = [];
  for (let lag = 0; lag <= mMax; lag++) {
    let cross = 0;
    let head = 0;
    let tail = 0;
    for (let t = lag; t < n; t++) {
      const a = e[t] as number;
      const b = e[t - lag] as number;
      cross += a * b;
      if (t > lag) {
        head += a * a;
        tail += (e[t - lag - 1] as number) ** 2;
      }
    }
    covariances[lag] = cross / n;
    significant.push(Math.abs(cross) / Math.sqrt(head * tail) >= threshold);
  }
  const m = cutOff(significant, mMax, kn);
  let g = 0;
  let longRun = covariances[0] as number;
  for (let k = 1; k <= m; k++) {
    const weight = k / m <= 0.5 ? 1 : 2 * (1 - k / m);
    g += 2 * weight * k * (covariances[k] as number);
    longRun += 2 * weight * (covariances[k] as number);
  }
  const d = longRun * longRun;
  if (!(d > 0)) return { stationary: 1, circular: 1 };
  const root = Math.cbrt(n);
  return {
    stationary: Math.max(1, Math.min(bMax, Math.cbrt((2 * g * g) / (2 * d)) * root)),
    circular: Math.max(1, Math.min(bMax, Math.cbrt((2 * g * g) / ((4 / 3) * d)) * root)),
  };
}

/** Twice the first lag from which `kn` autocorrelations in a row are insignificant; the largest lag where there is none. */
function cutOff(significant: readonly boolean[], mMax: number, kn: number): number {
  for (let start = 1; start + kn <= mMax; start++) {
    let quiet = true;
    for (let k = start; k < start + kn; k++) if (significant[k] === true) quiet = false;
    if (quiet) return Math.min(mMax, 2 * start);
  }
  return mMax;
}
