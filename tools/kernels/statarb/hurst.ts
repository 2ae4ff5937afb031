/**
 * Hurst exponent: 0.5 for a random walk, below for reversal, above for trends. Three estimators that disagree in finite
 * samples; say which. Sources: lagged deviations — Peters (1994); rescaled range — Hurst (1951), Mandelbrot & Wallis
 * (1969); detrended fluctuations — Peng et al. (1994, Phys. Rev. E 49:1685).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { mean, standardDeviation } from '../stats/moments.ts';
import { hedgeLine } from './hedge-ratio.ts';

/** Slope of ln sd(x_{t+L} − x_t) on ln L for L = 2 … maxLag; `x` are levels. O(n · maxLag). */
export function hurstByLaggedDeviation(x: Float64Array, maxLag = 100): number {
  if (x.length <= maxLag + 1) throw notEnoughData({ what: 'A Hurst exponent', needed: maxLag + 2, got: x.length });
  const logLag: number[] = [];
  const logDeviation: number[] = [];
  for (let lag = 2; lag <= maxLag; lag++) {
    const change = x.slice(lag).map((v, t) => v - (x[t] as number));
    logLag.push(Math.log(lag));
    logDeviation.push(Math.log(standardDeviation(change, 0)));
  }
  return hedgeLine(logDeviation, logLag, 'ols').beta;
}

export interface ScaledFluctuation {
  readonly exponent: number;
  readonly sizes: readonly number[];
  /** Mean R/S or F of each size. */
  readonly values: readonly number[];
}

const SIZES = [8, 16, 32, 64, 128, 256, 512] as const;

function consecutive(x: Float64Array, size: number): Float64Array[] {
  return Array.from({ length: Math.floor(x.length / size) }, (_, i) => x.subarray(i * size, (i + 1) * size));
}

/** Rescaled range of increments over consecutive chunks; sizes that do not fit once are left out. O(n · sizes). */
export function hurstByRescaledRange(increments: Float64Array, sizes: readonly number[] = SIZES): ScaledFluctuation {
  const usable = sizes.filter((size) => size <= increments.length);
  if (usable.length < 2) throw notEnoughData({ what: 'A rescaled range', needed: 16, got: increments.length });
  const values = usable.map((size) => {
    const ratios = consecutive(increments, size).flatMap((chunk) => {
      const deviation = standardDeviation(chunk, 0);
      return deviation > 0 ? [cumulativeRange(chunk) / deviation] : [];
    });
    return mean(ratios);
  });
  return { exponent: logSlope(usable, values), sizes: usable, values };
}

function cumulativeRange(chunk: Float64Array): number {
  const centre = mean(chunk);
  let sum = 0;
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (const v of chunk) {
    sum += v - centre;
    if (sum > high) high = sum;
    if (sum < low) low = sum;
  }
  return high - low;
}

/** Detrended fluctuation analysis of order 1 on increments. */
export function detrendedFluctuation(increments: Float64Array, sizes: readonly number[] = SIZES): ScaledFluctuation {
  const usable = sizes.filter((size) => size <= increments.length);
  if (usable.length < 2) throw notEnoughData({ what: 'A fluctuation analysis', needed: 16, got: increments.length });
  const centre = mean(increments);
  let sum = 0;
  const profile = increments.map((v) => {
    sum += v - centre;
    return sum;
  });
  const values = usable.map((size) => {
    const time = Float64Array.from({ length: size }, (_, i) => i);
    const squares = consecutive(profile, size).map((chunk) => {
      const line = hedgeLine(chunk, time, 'ols');
      return mean(chunk.map((v, i) => (v - line.alpha - line.beta * i) ** 2));
    });
    return Math.sqrt(mean(squares));
  });
  return { exponent: logSlope(usable, values), sizes: usable, values };
}

function logSlope(sizes: readonly number[], values: readonly number[]): number {
  return hedgeLine(values.map(Math.log), sizes.map(Math.log), 'ols').beta;
}
