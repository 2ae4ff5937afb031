/**
 * Oscillators in TA-Lib's conventions; NaN until defined. A constant series has RSI 0 (no ups, no downs), as TA-Lib says;
 * many libraries say 50 or 100. Source: Wilder (1978) for RSI; Lambert (1980) for CCI; Lane (1984) for stochastics; TA-Lib.
 */
import { CCI, MFI, MOM, RSI, WilliamsR } from 'trading-signals';
import { streamIndicator } from './library-indicator.ts';

export interface PriceBars {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

const same = (v: number): number => v;

/** Wilder's relative strength index, first at index `window`. */
export function relativeStrength(x: Float64Array, window = 14): Float64Array {
  const out = streamIndicator(new RSI(window), x.length, window, (t) => x[t] as number, same);
  // Until the first move there is neither gain nor loss.
  const moved = x.findIndex((v, t) => t > 0 && v !== x[t - 1]);
  for (let t = window; t < out.length && (moved < 0 || t < moved); t++) out[t] = 0;
  return out;
}

/** x_t − x_{t−window}. */
export function priceMomentum(x: Float64Array, window = 10): Float64Array {
  return streamIndicator(new MOM(window), x.length, window, (t) => x[t] as number, same);
}

/** 100 (x_t / x_{t−window} − 1). */
export function rateOfChange(x: Float64Array, window = 10): Float64Array {
  return x.map((v, t) => (t < window ? Number.NaN : 100 * (v / (x[t - window] as number) - 1)));
}

/** |x_t − x_{t−window}| ÷ path length: 1 is a straight line, 0 is noise. A path of length 0 counts as 0. */
export function efficiencyRatio(x: Float64Array, window = 10): Float64Array {
  return x.map((v, t) => {
    if (t < window) return Number.NaN;
    let path = 0;
    for (let i = t - window + 1; i <= t; i++) path += Math.abs((x[i] as number) - (x[i - 1] as number));
    return path > 0 ? Math.abs(v - (x[t - window] as number)) / path : 0;
  });
}

/** Commodity channel index of the typical price. */
export function commodityChannel(bars: PriceBars, window = 20): Float64Array {
  return streamIndicator(new CCI(window), bars.close.length, window - 1, (t) => barAt(bars, t), same);
}

/** Williams %R, −100 … 0. */
export function williamsRange(bars: PriceBars, window = 14): Float64Array {
  return streamIndicator(new WilliamsR(window), bars.close.length, window - 1, (t) => barAt(bars, t), same);
}

/** Money flow index. */
export function moneyFlow(bars: PriceBars, volume: Float64Array, window = 14): Float64Array {
  const feed = (t: number) => ({ ...barAt(bars, t), open: bars.close[t] as number, volume: volume[t] as number });
  return streamIndicator(new MFI(window), bars.close.length, window, feed, same);
}

function barAt({ high, low, close }: PriceBars, t: number) {
  return { high: high[t] as number, low: low[t] as number, close: close[t] as number };
}

export interface Stochastic {
  readonly slowK: Float64Array;
  readonly slowD: Float64Array;
}

/** Slow stochastics: %K over `window`, smoothed by simple means of `smoothK` and `smoothD`; both lines begin with %D. */
export function stochastic(bars: PriceBars, window = 14, smoothK = 3, smoothD = 3): Stochastic {
  const { high, low, close } = bars;
  const fast = close.map((c, t) => {
    if (t < window - 1) return Number.NaN;
    const [top, bottom] = range(high, low, t, window);
    return top > bottom ? (100 * (c - bottom)) / (top - bottom) : 0;
  });
  const slowK = meanOfLast(fast, smoothK);
  const slowD = meanOfLast(slowK, smoothD);
  return { slowK: slowK.map((v, t) => (Number.isNaN(slowD[t]) ? Number.NaN : v)), slowD };
}

function range(high: Float64Array, low: Float64Array, t: number, window: number): readonly [number, number] {
  let top = Number.NEGATIVE_INFINITY;
  let bottom = Number.POSITIVE_INFINITY;
  for (let i = t - window + 1; i <= t; i++) {
    top = Math.max(top, high[i] as number);
    bottom = Math.min(bottom, low[i] as number);
  }
  return [top, bottom];
}

function meanOfLast(x: Float64Array, window: number): Float64Array {
  return x.map((_, t) => {
    let sum = 0;
    for (let i = t - window + 1; i <= t; i++) sum += i < 0 ? Number.NaN : (x[i] as number);
    return sum / window;
  });
}

export interface Aroon {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** 100 (window − bars since the extreme) ÷ window over the last window+1 bars; the latest of equal extremes counts. */
export function aroon(bars: PriceBars, window = 14): Aroon {
  const n = bars.close.length;
  const up = new Float64Array(n).fill(Number.NaN);
  const down = new Float64Array(n).fill(Number.NaN);
  for (let t = window; t < n; t++) {
    let highest = t - window;
    let lowest = t - window;
    for (let i = t - window + 1; i <= t; i++) {
      if ((bars.high[i] as number) >= (bars.high[highest] as number)) highest = i;
      if ((bars.low[i] as number) <= (bars.low[lowest] as number)) lowest = i;
    }
    up[t] = (100 * (window - (t - highest))) / window;
    down[t] = (100 * (window - (t - lowest))) / window;
  }
  return { up, down };
}

/** On-balance volume, starting at the first bar's volume. */
export function onBalanceVolume(close: Float64Array, volume: Float64Array): Float64Array {
  let total = 0;
  return close.map((c, t) => {
    const v = volume[t] as number;
    total += t === 0 ? v : Math.sign(c - (close[t - 1] as number)) * v;
    return total;
  });
}
