/**
 * Ranges and directional movement in TA-Lib's conventions. Source: Wilder (1978), New Concepts in Technical Trading
 * Systems: ATR and ADX; Bollinger (2001); Donchian channels.
 */
import { BollingerBands } from 'trading-signals';
import { streamIndicator } from './library-indicator.ts';
import type { PriceBars } from './oscillators.ts';

/** max(high, previous close) − min(low, previous close); NaN on the first bar. */
export function trueRange({ high, low, close }: PriceBars): Float64Array {
  return high.map((h, t) => {
    const before = close[t - 1];
    return before === undefined ? Number.NaN : Math.max(h, before) - Math.min(low[t] as number, before);
  });
}

/** Wilder's average, seeded with the mean of the first `window` ranges; first at index `window`. */
export function averageTrueRange(bars: PriceBars, window = 14): Float64Array {
  const range = trueRange(bars);
  const out = new Float64Array(range.length).fill(Number.NaN);
  let value = 0;
  for (let t = 1; t < range.length; t++) {
    const r = range[t] as number;
    value = t <= window ? value + r / window : value + (r - value) / window;
    if (t >= window) out[t] = value;
  }
  return out;
}

/** ATR in percent of the close. */
export function normalisedRange(bars: PriceBars, window = 14): Float64Array {
  return averageTrueRange(bars, window).map((v, t) => (100 * v) / (bars.close[t] as number));
}

/** Population standard deviation of the last `window` values. */
export function rollingDeviation(x: Float64Array, window = 20): Float64Array {
  return x.map((_, t) => {
    if (t < window - 1) return Number.NaN;
    let mean = 0;
    for (let i = t - window + 1; i <= t; i++) mean += (x[i] as number) / window;
    let square = 0;
    for (let i = t - window + 1; i <= t; i++) square += ((x[i] as number) - mean) ** 2;
    return Math.sqrt(square / window);
  });
}

export interface Bands {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

/** Mean ± `width` population deviations. */
export function bollingerBands(x: Float64Array, window = 20, width = 2): Bands {
  const line = (name: 'upper' | 'middle' | 'lower') =>
    streamIndicator(
      new BollingerBands(window, width),
      x.length,
      window - 1,
      (t) => x[t] as number,
      (r) => r[name],
    );
  return { upper: line('upper'), middle: line('middle'), lower: line('lower') };
}

/** Highest high, lowest low and their middle over the last `window` bars, today included. */
export function donchianChannel({ high, low }: PriceBars, window = 20): Bands {
  const extreme = (x: Float64Array, better: (a: number, b: number) => number) =>
    x.map((_, t) => {
      if (t < window - 1) return Number.NaN;
      let best = x[t] as number;
      for (let i = t - window + 1; i < t; i++) best = better(best, x[i] as number);
      return best;
    });
  const upper = extreme(high, Math.max);
  const lower = extreme(low, Math.min);
  return { upper, lower, middle: upper.map((v, t) => (v + (lower[t] as number)) / 2) };
}

/** Average directional index: Wilder sums of directional movement, then Wilder's average of DX; first at 2·window − 1. */
export function averageDirectionalIndex(bars: PriceBars, window = 14): Float64Array {
  const { high, low } = bars;
  const range = trueRange(bars);
  const out = new Float64Array(high.length).fill(Number.NaN);
  let plus = 0;
  let minus = 0;
  let total = 0;
  let adx = 0;
  for (let t = 1; t < high.length; t++) {
    const up = (high[t] as number) - (high[t - 1] as number);
    const down = (low[t - 1] as number) - (low[t] as number);
    const keep = t < window ? 1 : 1 - 1 / window;
    plus = plus * keep + (up > down && up > 0 ? up : 0);
    minus = minus * keep + (down > up && down > 0 ? down : 0);
    total = total * keep + (range[t] as number);
    if (t < window) continue;
    const sum = plus + minus;
    const dx = total > 0 && sum > 0 ? (100 * Math.abs(plus - minus)) / sum : 0;
    adx = t < 2 * window ? adx + dx / window : adx + (dx - adx) / window;
    if (t >= 2 * window - 1) out[t] = adx;
  }
  return out;
}
