/**
 * Moving averages in TA-Lib's conventions: NaN until a full window; exponential ones are seeded with the simple mean of
 * their first window. Inputs complete. Source: TA-Lib function definitions; Kaufman (1995) for KAMA; Mulloy (1994) for DEMA.
 */
import { KAMA, LinearRegression, SMA, WMA } from 'trading-signals';
import { invalidInput } from '../../../lib/errors.ts';
import { streamIndicator } from './library-indicator.ts';

const same = (v: number): number => v;

function checkWindow(window: number): void {
  if (!Number.isInteger(window) || window < 1) {
    throw invalidInput({ what: 'The window of an indicator', needed: 'a whole number from 1', got: window });
  }
}

/** Mean of the last `window` values. */
export function simpleAverage(x: Float64Array, window: number): Float64Array {
  checkWindow(window);
  return streamIndicator(new SMA(window), x.length, window - 1, (t) => x[t] as number, same);
}

/** Linearly weighted, the newest value heaviest. */
export function weightedAverage(x: Float64Array, window: number): Float64Array {
  checkWindow(window);
  return streamIndicator(new WMA(window), x.length, window - 1, (t) => x[t] as number, same);
}

/** Kaufman's adaptive average (fast 2, slow 30), first value at index `window`. */
export function kaufmanAverage(x: Float64Array, window: number): Float64Array {
  checkWindow(window);
  return streamIndicator(new KAMA(window), x.length, window, (t) => x[t] as number, same);
}

/** Slope of the least-squares line through the last `window` values, per bar. */
export function regressionSlope(x: Float64Array, window: number): Float64Array {
  checkWindow(window);
  return streamIndicator(
    new LinearRegression(window),
    x.length,
    window - 1,
    (t) => x[t] as number,
    (r) => r.slope,
  );
}

/** α = 2/(window+1), seeded at `start + window − 1` with the mean of the window from `start` on. Leading NaN are skipped. */
export function exponentialAverage(x: Float64Array, window: number, start = firstNumber(x)): Float64Array {
  checkWindow(window);
  const out = new Float64Array(x.length).fill(Number.NaN);
  const seed = start + window - 1;
  if (start < 0 || seed >= x.length) return out;
  let value = 0;
  for (let t = start; t <= seed; t++) value += (x[t] as number) / window;
  out[seed] = value;
  const alpha = 2 / (window + 1);
  for (let t = seed + 1; t < x.length; t++) {
    value += alpha * ((x[t] as number) - value);
    out[t] = value;
  }
  return out;
}

function firstNumber(x: Float64Array): number {
  return x.findIndex((v) => !Number.isNaN(v));
}

/** 2·EMA − EMA(EMA). */
export function doubleExponentialAverage(x: Float64Array, window: number): Float64Array {
  const once = exponentialAverage(x, window);
  const twice = exponentialAverage(once, window);
  return once.map((v, t) => 2 * v - (twice[t] as number));
}

/** One-bar percent change of a triple EMA. */
export function tripleExponentialRate(x: Float64Array, window: number): Float64Array {
  const triple = exponentialAverage(exponentialAverage(exponentialAverage(x, window), window), window);
  return triple.map((v, t) => (t === 0 ? Number.NaN : 100 * (v / (triple[t - 1] as number) - 1)));
}

export interface Macd {
  readonly macd: Float64Array;
  readonly signal: Float64Array;
  readonly histogram: Float64Array;
}

/** Both EMAs begin where the slow one can; all three lines begin with the signal. */
export function movingAverageConvergence(x: Float64Array, fast = 12, slow = 26, signal = 9): Macd {
  const quick = exponentialAverage(x, fast, slow - fast);
  const lazy = exponentialAverage(x, slow, 0);
  const gap = quick.map((v, t) => v - (lazy[t] as number));
  const smooth = exponentialAverage(gap, signal, slow - 1);
  const macd = gap.map((v, t) => (Number.isNaN(smooth[t]) ? Number.NaN : v));
  return { macd, signal: smooth, histogram: macd.map((v, t) => v - (smooth[t] as number)) };
}

/** Percentage price oscillator: each EMA seeded with the mean of its own first window. */
export function percentageOscillator(x: Float64Array, fast = 12, slow = 26): Float64Array {
  const quick = exponentialAverage(x, fast, 0);
  return exponentialAverage(x, slow, 0).map((v, t) => (100 * ((quick[t] as number) - v)) / v);
}

export interface Crossing {
  readonly index: number;
  readonly kind: 'golden' | 'death';
}

/** Bars on which a − b changes sign; bars where either is missing or equal are passed over. */
export function crossings(a: Float64Array, b: Float64Array): readonly Crossing[] {
  const out: Crossing[] = [];
  let side = 0;
  for (let t = 0; t < a.length; t++) {
    const now = Math.sign((a[t] as number) - (b[t] as number));
    if (!(now === 1 || now === -1)) continue;
    if (side !== 0 && now !== side) out.push({ index: t, kind: now === 1 ? 'golden' : 'death' });
    side = now;
  }
  return out;
}
