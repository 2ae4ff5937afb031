/**
 * Momentum over months, and how strongly to hold it. Prices of month ends are row-major rows × cols (rows = months).
 * Source: Jegadeesh & Titman (1993, J. Finance 48:65) for 12-1; Moskowitz, Ooi & Pedersen (2012, J. Financ. Econ. 104:228)
 * for time-series momentum and its volatility; Baz, Granger, Harvey, Le Roux & Rattray (2015) for the CTA signal.
 */
import { coefficientTests, fitOls, ones } from '../stats/ols.ts';

/** P(t−skip)/P(t−lookback) − 1 for each month and asset; NaN before, or where either price is missing. */
export function lookbackReturns(
  prices: Float64Array,
  rows: number,
  cols: number,
  lookback: number,
  skip: number,
): Float64Array {
  const out = new Float64Array(rows * cols).fill(Number.NaN);
  for (let t = lookback; t < rows; t++) {
    for (let j = 0; j < cols; j++) {
      const from = prices[(t - lookback) * cols + j] as number;
      const to = prices[(t - skip) * cols + j] as number;
      if (from > 0 && to > 0) out[t * cols + j] = to / from - 1;
    }
  }
  return out;
}

/** Equal weights +1/count on the highest and −1/count on the lowest scores; ties by position; zeros where too few have one. */
export function longShortWeights(scores: ArrayLike<number>, count: number): Float64Array {
  const known = Array.from({ length: scores.length }, (_, j) => j).filter((j) => !Number.isNaN(scores[j]));
  const order = known.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const weights = new Float64Array(scores.length);
  if (order.length < 2 * count) return weights;
  for (let k = 0; k < count; k++) {
    weights[order[k] as number] = 1 / count;
    weights[order[order.length - 1 - k] as number] = -1 / count;
  }
  return weights;
}

/**
 * Annual volatility forecast at each bar from returns up to it: weights decay^i normalised over what there is, deviations
 * from the mean with the same weights. NaN until `minimum` returns. O(n), recursive sums.
 */
export function decayedVolatility(
  returns: Float64Array,
  options: { readonly decay?: number; readonly periodsPerYear?: number; readonly minimum?: number } = {},
): Float64Array {
  const { decay = 60 / 61, periodsPerYear = 261, minimum = 61 } = options;
  const out = new Float64Array(returns.length).fill(Number.NaN);
  let weight = 0;
  let mean = 0;
  let square = 0;
  let seen = 0;
  for (let t = 0; t < returns.length; t++) {
    const r = returns[t] as number;
    if (Number.isNaN(r)) continue;
    // West's (1979) weighted update keeps the centred sum without cancellation.
    const before = weight * decay;
    weight = before + 1;
    const gap = r - mean;
    mean += gap / weight;
    square = square * decay + (gap * gap * before) / weight;
    seen++;
    if (seen >= minimum) out[t] = Math.sqrt((square / weight) * periodsPerYear);
  }
  return out;
}

/** EMA with α = 1/span, seeded at the first value. */
function decayingAverage(x: Float64Array, span: number): Float64Array {
  let value = x[0] as number;
  return x.map((v, t) => {
    if (t > 0) value += (v - value) / span;
    return value;
  });
}

function rollingSampleDeviation(x: Float64Array, window: number): Float64Array {
  return x.map((_, t) => {
    if (t < window - 1) return Number.NaN;
    let mean = 0;
    for (let i = t - window + 1; i <= t; i++) mean += (x[i] as number) / window;
    let square = 0;
    for (let i = t - window + 1; i <= t; i++) square += ((x[i] as number) - mean) ** 2;
    return Math.sqrt(square / (window - 1));
  });
}

export interface TrendResponse {
  /** EMA(short) − EMA(long) of the price. */
  readonly x: Float64Array;
  /** x ÷ 63-bar deviation of the price. */
  readonly y: Float64Array;
  /** y ÷ 252-bar deviation of y. */
  readonly z: Float64Array;
  /** z exp(−z²/4)/0.89: the response falls again for extreme trends. */
  readonly u: Float64Array;
}

/** One crossover pair of the CTA signal. */
export function trendResponse(prices: Float64Array, short: number, long: number): TrendResponse {
  const slow = decayingAverage(prices, long);
  const x = decayingAverage(prices, short).map((v, t) => v - (slow[t] as number));
  const priceDeviation = rollingSampleDeviation(prices, 63);
  const y = x.map((v, t) => v / (priceDeviation[t] as number));
  const ownDeviation = rollingSampleDeviation(y, 252);
  const z = y.map((v, t) => v / (ownDeviation[t] as number));
  return { x, y, z, u: z.map((v) => (v * Math.exp((-v * v) / 4)) / 0.89) };
}

export const CTA_PAIRS = [
  [8, 24],
  [16, 48],
  [32, 96],
] as const;

/** Mean response of the three pairs, about −1 … 1; NaN until the longest window is full. O(n · windows). */
export function ctaSignal(prices: Float64Array): Float64Array {
  const responses = CTA_PAIRS.map(([short, long]) => trendResponse(prices, short, long).u);
  return prices.map((_, t) => responses.reduce((sum, u) => sum + (u[t] as number), 0) / responses.length);
}

export interface TrendRegression {
  readonly slopePerBar: number;
  readonly t: number;
  readonly rSquared: number;
  /** exp(slope · periodsPerYear) − 1. */
  readonly annualisedSlope: number;
}

/** Line through the last `window` log prices. t is Student's of a trending regressor: large t is easy, not proof. */
export function trendRegression(prices: Float64Array, window: number, periodsPerYear = 252): TrendRegression | null {
  if (prices.length < window || window < 3) return null;
  const y = prices.slice(-window).map(Math.log);
  const time = Float64Array.from({ length: window }, (_, i) => i);
  const fit = fitOls(y, [ones(window), time], { constant: true });
  const slope = coefficientTests(fit)[1];
  if (slope === undefined || !Number.isFinite(slope.t)) return null;
  return {
    slopePerBar: slope.estimate,
    t: slope.t,
    rSquared: fit.rSquared,
    annualisedSlope: Math.expm1(slope.estimate * periodsPerYear),
  };
}

/** Target volatility ÷ trailing annual volatility of returns, capped; NaN until the window is full. */
export function volatilityExposure(
  returns: Float64Array,
  options: { readonly target: number; readonly window: number; readonly periodsPerYear: number; readonly cap?: number },
): Float64Array {
  const { target, window, periodsPerYear, cap = Number.POSITIVE_INFINITY } = options;
  return rollingSampleDeviation(returns, window).map((v) => Math.min(cap, target / (v * Math.sqrt(periodsPerYear))));
}
