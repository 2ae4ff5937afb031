/**
 * Features of one instrument from its own past: the value at row t uses rows up to t only. Prices enter as ratios, so that one
 * model can read all instruments. Formulas stand beside each name and are printed in reports.
 */
import { fractionalDifference } from './fractional-difference.ts';
import type { PanelSeries } from './panel-series.ts';

export type FeatureCategory = 'technical' | 'volatility' | 'momentum' | 'fractional' | 'cross-asset' | 'macro';

export interface FeatureDefinition {
  readonly name: string;
  readonly category: FeatureCategory;
  readonly formula: string;
  /** Rows of history that the value needs. */
  readonly lookback: number;
}

export interface InstrumentFeature extends FeatureDefinition {
  /** Null where the instrument lacks an input (volume, high and low). */
  readonly compute: (inputs: FeatureInputs) => Float64Array | null;
}

export interface FeatureInputs {
  readonly series: PanelSeries;
  readonly returns: Float64Array;
  readonly logClose: Float64Array;
  readonly fractionalOrder: number;
}

export function featureInputs(series: PanelSeries, fractionalOrder: number): FeatureInputs {
  const logClose = series.close.map((price) => (price > 0 ? Math.log(price) : Number.NaN));
  const returns = new Float64Array(logClose.length).fill(Number.NaN);
  for (let t = 1; t < logClose.length; t++) returns[t] = (logClose[t] as number) - (logClose[t - 1] as number);
  return { series, returns, logClose, fractionalOrder };
}

/** NaN until the window is full; a gap inside the window gives NaN. */
function overWindow(n: number, window: number, value: (from: number, to: number) => number): Float64Array {
  const out = new Float64Array(n).fill(Number.NaN);
  for (let t = window - 1; t < n; t++) out[t] = value(t - window + 1, t + 1);
  return out;
}

interface WindowMoments {
  readonly mean: number;
  readonly deviation: number;
  readonly skew: number;
  readonly kurtosis: number;
}

function momentsOf(values: Float64Array, from: number, to: number): WindowMoments {
  const n = to - from;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  const mean = sum / n;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = from; i < to; i++) {
    const d = (values[i] as number) - mean;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  const variance = m2 / n;
  const flat = variance <= 1e-24;
  return {
    mean,
    deviation: Math.sqrt(m2 / (n - 1)),
    skew: flat ? 0 : m3 / n / variance ** 1.5,
    kurtosis: flat ? 0 : m4 / n / variance ** 2 - 3,
  };
}

const deviationOver = (values: Float64Array, window: number): Float64Array =>
  overWindow(values.length, window, (from, to) => momentsOf(values, from, to).deviation);

const changeOver = (values: Float64Array, gap: number, skip = 0): Float64Array => {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let t = gap; t < values.length; t++) out[t] = (values[t - skip] as number) - (values[t - gap] as number);
  return out;
};

const ratio = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, t) => {
    const divisor = b[t] as number;
    // A constant stretch has neither signal nor scale: neutral, unless an input is missing.
    return divisor === 0 ? (Number.isNaN(value) ? Number.NaN : 0) : value / divisor;
  });

function extremeOver(values: Float64Array, window: number, sign: 1 | -1): Float64Array {
  return overWindow(values.length, window, (from, to) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const value = sign * (values[i] as number);
      if (Number.isNaN(value)) return Number.NaN;
      if (value > best) best = value;
    }
    return sign * best;
  });
}

/** Exponential mean with weight 2/(span + 1), started at the first value. */
function exponentialMean(values: Float64Array, span: number): Float64Array {
  const keep = 1 - 2 / (span + 1);
  let state = Number.NaN;
  let seen = 0;
  return values.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    state = Number.isNaN(state) ? value : keep * state + (1 - keep) * value;
    seen++;
    return seen >= span ? state : Number.NaN;
  });
}

function relativeStrength(returns: Float64Array, window: number): Float64Array {
  return overWindow(returns.length, window, (from, to) => {
    let gains = 0;
    let losses = 0;
    for (let i = from; i < to; i++) {
      const r = returns[i] as number;
      if (r > 0) gains += r;
      else losses -= r;
      if (Number.isNaN(r)) return Number.NaN;
    }
    return gains + losses === 0 ? 0 : gains / (gains + losses) - 0.5;
  });
}

function efficiency(logClose: Float64Array, window: number): Float64Array {
  return overWindow(logClose.length, window + 1, (from, to) => {
    let path = 0;
    for (let i = from + 1; i < to; i++) path += Math.abs((logClose[i] as number) - (logClose[i - 1] as number));
    const move = (logClose[to - 1] as number) - (logClose[from] as number);
    return path === 0 ? 0 : move / path;
  });
}

function parkinson(series: PanelSeries, window: number): Float64Array | null {
  const { high, low } = series;
  if (high === null || low === null) return null;
  const square = high.map((h, t) => Math.log(h / (low[t] as number)) ** 2 / (4 * Math.LN2));
  return overWindow(square.length, window, (from, to) => Math.sqrt(momentsOf(square, from, to).mean));
}

function volumeScore(series: PanelSeries, window: number): Float64Array | null {
  if (series.volume === null || series.volume.every((v) => !(v > 0))) return null;
  const logs = series.volume.map((v) => Math.log(1 + v));
  return overWindow(logs.length, window, (from, to) => {
    const { mean, deviation } = momentsOf(logs, from, to);
    return deviation > 0 ? ((logs[to - 1] as number) - mean) / deviation : 0;
  });
}

const feature = (
  name: string,
  category: FeatureCategory,
  lookback: number,
  formula: string,
  compute: InstrumentFeature['compute'],
): InstrumentFeature => ({ name, category, lookback, formula, compute });

const simpleReturns = [1, 2, 5, 10].map((days) =>
  feature(`return${days}d`, 'technical', days + 1, `ln C(t) - ln C(t-${days})`, ({ logClose }) =>
    changeOver(logClose, days),
  ),
);

const averages = [10, 20, 50, 200].map((days) =>
  feature(`gapToAverage${days}d`, 'technical', days, `ln C(t) - mean of ln C over ${days} rows`, ({ logClose }) =>
    logClose.map((value, t) => value - (overMean(logClose, days)[t] as number)),
  ),
);

const meanCache = new WeakMap<Float64Array, Map<number, Float64Array>>();

/** Rolling means are asked for by several features of one series. */
function overMean(values: Float64Array, window: number): Float64Array {
  const own = meanCache.get(values) ?? new Map<number, Float64Array>();
  meanCache.set(values, own);
  const known = own.get(window);
  if (known) return known;
  const out = overWindow(values.length, window, (from, to) => momentsOf(values, from, to).mean);
  own.set(window, out);
  return out;
}

const momenta = [21, 63, 126].map((days) =>
  feature(`momentum${days}d`, 'momentum', days + 1, `ln C(t) - ln C(t-${days})`, ({ logClose }) =>
    changeOver(logClose, days),
  ),
);

/** Every feature from an instrument's own bars, in the order of the table. */
export const instrumentFeatures: readonly InstrumentFeature[] = [
  ...simpleReturns,
  ...averages,
  feature('relativeStrength14d', 'technical', 15, 'gains / (gains + losses) of 14 log returns - 0.5', ({ returns }) =>
    relativeStrength(returns, 14),
  ),
  feature('bandPosition20d', 'technical', 20, '(ln C - 20-row mean) / 20-row deviation of ln C', ({ logClose }) =>
    overWindow(logClose.length, 20, (from, to) => {
      const { mean, deviation } = momentsOf(logClose, from, to);
      return deviation > 1e-12
        ? ((logClose[to - 1] as number) - mean) / deviation
        : Number.isNaN(mean)
          ? Number.NaN
          : 0;
    }),
  ),
  feature('convergence12d26d', 'technical', 26, 'EMA12 - EMA26 of ln C', ({ logClose }) => {
    const slow = exponentialMean(logClose, 26);
    return exponentialMean(logClose, 12).map((value, t) => value - (slow[t] as number));
  }),
  feature('belowHigh252d', 'technical', 252, 'ln C - highest ln C of 252 rows', ({ logClose }) => {
    const top = extremeOver(logClose, 252, 1);
    return logClose.map((value, t) => value - (top[t] as number));
  }),
  feature('aboveLow63d', 'technical', 63, 'ln C - lowest ln C of 63 rows', ({ logClose }) => {
    const bottom = extremeOver(logClose, 63, -1);
    return logClose.map((value, t) => value - (bottom[t] as number));
  }),
  feature('volumeScore21d', 'technical', 21, 'z-score of ln(1 + volume) over 21 rows', ({ series }) =>
    volumeScore(series, 21),
  ),
  ...[5, 21, 63].map((days) =>
    feature(`volatility${days}d`, 'volatility', days + 1, `deviation of ${days} log returns`, ({ returns }) =>
      deviationOver(returns, days),
    ),
  ),
  feature('volatilityRatio5d63d', 'volatility', 64, '5-row over 63-row volatility', ({ returns }) =>
    ratio(deviationOver(returns, 5), deviationOver(returns, 63)),
  ),
  feature('volatilityOfVolatility63d', 'volatility', 84, 'deviation over 63 rows of 21-row volatility', ({ returns }) =>
    deviationOver(deviationOver(returns, 21), 63),
  ),
  feature('rangeVolatility21d', 'volatility', 21, 'Parkinson volatility of 21 rows', ({ series }) =>
    parkinson(series, 21),
  ),
  feature(
    'downsideVolatility21d',
    'volatility',
    22,
    'root mean square of negative log returns over 21 rows',
    ({ returns }) =>
      overWindow(returns.length, 21, (from, to) => {
        let sum = 0;
        for (let i = from; i < to; i++) sum += Math.min(returns[i] as number, 0) ** 2;
        return Math.sqrt(sum / 21);
      }),
  ),
  feature('skew63d', 'volatility', 64, 'skewness of 63 log returns', ({ returns }) =>
    overWindow(returns.length, 63, (from, to) => momentsOf(returns, from, to).skew),
  ),
  feature('kurtosis63d', 'volatility', 64, 'excess kurtosis of 63 log returns', ({ returns }) =>
    overWindow(returns.length, 63, (from, to) => momentsOf(returns, from, to).kurtosis),
  ),
  ...momenta,
  feature('momentum12m1m', 'momentum', 253, 'ln C(t-21) - ln C(t-252)', ({ logClose }) =>
    changeOver(logClose, 252, 21),
  ),
  feature(
    'scaledMomentum63d',
    'momentum',
    64,
    'ln C(t) - ln C(t-63), over 63-row volatility',
    ({ logClose, returns }) => ratio(changeOver(logClose, 63), deviationOver(returns, 63)),
  ),
  feature('efficiency21d', 'momentum', 22, 'net move over path length of 21 rows, signed', ({ logClose }) =>
    efficiency(logClose, 21),
  ),
  feature(
    'fractionalChange63d',
    'fractional',
    180,
    'fractional difference of ln C (weights cut at 1e-3), less its 63-row mean',
    ({ logClose, fractionalOrder }) => {
      const difference = fractionalDifference(logClose, fractionalOrder, 1e-3);
      const centre = overMean(difference, 63);
      return difference.map((value, t) => value - (centre[t] as number));
    },
  ),
];
