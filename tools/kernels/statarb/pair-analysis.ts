/**
 * Everything that a decision about one pair needs, on levels (usually logs) of y and x: both Engle–Granger directions, the
 * hedge ratios, mean reversion of the spread, where it stands now, and whether the relation has broken.
 */
import { autocorrelations } from '../stats/correlation.ts';
import { adfTest } from './adf.ts';
import { type EngleGrangerResult, engleGrangerTest } from './engle-granger.ts';
import { hedgeLine, spreadOf } from './hedge-ratio.ts';
import { kalmanHedge } from './kalman-hedge.ts';
import { rollingZScore } from './z-score.ts';

export type HedgeMethod = 'ols' | 'tls' | 'kalman';

export interface HedgedSpread {
  readonly beta: number;
  readonly alpha: number;
  readonly spread: Float64Array;
  /** z of each bar with moments of the past window (Kalman: prediction error ÷ its own deviation). NaN before a full window. */
  readonly z: Float64Array;
  /** Hedge ratio after each bar; constant for the static methods. */
  readonly betaPath: Float64Array;
}

/** The static spreads use the whole sample's hedge ratio (in-sample, for description); the Kalman one only the past. */
export function hedgedSpread(y: Float64Array, x: Float64Array, method: HedgeMethod, window: number): HedgedSpread {
  if (method === 'kalman') {
    const k = kalmanHedge(y, x, { delta: 1e-4, observationVariance: 1e-3 });
    const last = y.length - 1;
    const spread = k.innovation;
    // The first bars only find the level.
    const z = spread.map((e, t) => (t < window ? Number.NaN : e / Math.sqrt(k.innovationVariance[t] as number)));
    return { beta: k.beta[last] as number, alpha: k.alpha[last] as number, spread, z, betaPath: k.beta };
  }
  const line = hedgeLine(y, x, method);
  const spread = spreadOf(y, x, line);
  return { ...line, spread, z: rollingZScore(spread, window), betaPath: new Float64Array(y.length).fill(line.beta) };
}

export interface BothDirections {
  readonly yOnX: EngleGrangerResult;
  readonly xOnY: EngleGrangerResult;
  /** Both reject, one rejects, or none does, at 5%. */
  readonly agreement: 'both' | 'y-on-x-only' | 'x-on-y-only' | 'neither' | 'untested';
}

/** Engle–Granger with either series on the left (constant, AIC lags). */
export function bothDirections(y: Float64Array, x: Float64Array): BothDirections {
  const yOnX = engleGrangerTest(y, [x]);
  const xOnY = engleGrangerTest(x, [y]);
  if (yOnX.pValue === null || xOnY.pValue === null) return { yOnX, xOnY, agreement: 'untested' };
  const a = yOnX.pValue < 0.05;
  const b = xOnY.pValue < 0.05;
  const agreement = a && b ? 'both' : a ? 'y-on-x-only' : b ? 'x-on-y-only' : 'neither';
  return { yOnX, xOnY, agreement };
}

export interface BreakTest {
  /** Smallest residual ADF t over break dates inside the middle 70%. */
  readonly statistic: number;
  /** Gregory & Hansen (1996, J. Econometrics 70:99), table 1, one regressor, level shift with changing slope (C/S). */
  readonly critical: { readonly onePercent: number; readonly fivePercent: number; readonly tenPercent: number };
  /** Last row of the old regime at the best date. */
  readonly breakIndex: number;
  /** Hedge ratios before and after the best date. */
  readonly betaBefore: number;
  readonly betaAfter: number;
}

/** Cointegration that allows one break in level and slope; at most 120 candidate dates, one lag order. O(dates · n). */
export function gregoryHansenTest(y: Float64Array, x: Float64Array): BreakTest | null {
  const n = y.length;
  if (n < 100) return null;
  const lag = adfTest(spreadOf(y, x, hedgeLine(y, x, 'ols')), { trend: 'n', lags: 'aic' }).lag;
  const from = Math.floor(0.15 * n);
  const to = Math.floor(0.85 * n);
  const step = Math.max(1, Math.floor((to - from) / 120));
  let best: BreakTest | null = null;
  for (let at = from; at <= to; at += step) {
    const before = hedgeLine(y.subarray(0, at), x.subarray(0, at), 'ols');
    const after = hedgeLine(y.subarray(at), x.subarray(at), 'ols');
    const residual = y.map((v, t) => {
      const line = t < at ? before : after;
      return v - line.alpha - line.beta * (x[t] as number);
    });
    const { statistic } = adfTest(residual, { trend: 'n', lags: { lag } });
    if (best !== null && statistic >= best.statistic) continue;
    const critical = { onePercent: -5.47, fivePercent: -4.95, tenPercent: -4.68 };
    best = { statistic, critical, breakIndex: at - 1, betaBefore: before.beta, betaAfter: after.beta };
  }
  return best;
}

export interface Deterioration {
  /** Engle–Granger p on the older and the newer half. */
  readonly olderPValue: number | null;
  readonly newerPValue: number | null;
  /** Autocorrelation of the spread at one bar in the newer half: near 1 is no longer reverting. */
  readonly newerPersistence: number;
  /** |last spread − its mean| ÷ deviation over the newer half beyond anything in the older half. */
  readonly beyondHistory: boolean;
}

/** Has the relation weakened? Both halves by themselves; the halves have little power, so read them side by side. */
export function comparePeriods(y: Float64Array, x: Float64Array): Deterioration | null {
  const n = y.length;
  const half = n >> 1;
  if (half < 60) return null;
  const older = engleGrangerTest(y.slice(0, half), [x.slice(0, half)]);
  const newer = engleGrangerTest(y.slice(half), [x.slice(half)]);
  const line = hedgeLine(y.slice(0, half), x.slice(0, half), 'ols');
  const spread = spreadOf(y, x, line);
  let widest = 0;
  for (let t = 0; t < half; t++) widest = Math.max(widest, Math.abs(spread[t] as number));
  return {
    olderPValue: older.pValue,
    newerPValue: newer.pValue,
    newerPersistence: autocorrelations(newer.residuals, 1)[0] as number,
    beyondHistory: Math.abs(spread[n - 1] as number) > widest,
  };
}
