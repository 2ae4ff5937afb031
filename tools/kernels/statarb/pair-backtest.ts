/**
 * What would trading one pair have earned? Units held (1 of y, β of x at entry), capital, costs and borrow by the shared
 * backtester; every estimate at bar t from bars up to t; orders fill one bar later.
 *
 * `rolling` re-estimates the hedge ratio and the moments of the spread on the last `window` bars, `expanding` on all bars so
 * far, `kalman` by the filter; `full-sample` uses everything (look-ahead, for comparison only). In a position the hedge
 * ratio and units stay as they were at entry. O(n · window) for rolling.
 */

import type { BacktestCosts, BacktestResult, Decide } from '../backtest/backtest-types.ts';
import { runBacktest } from '../backtest/run-backtest.ts';
import { hedgeLine, spreadOf } from './hedge-ratio.ts';
import { kalmanHedge } from './kalman-hedge.ts';
import { runZScoreMachine, type SpreadTrade, type ZScoreMachine } from './z-score.ts';

export type PairEstimation = 'rolling' | 'expanding' | 'kalman' | 'full-sample';

export interface PairSignal {
  readonly z: Float64Array;
  /** Slope on the levels (logs or prices) that the spread of each bar uses; NaN before it exists. */
  readonly beta: Float64Array;
}

/** z and slope of each bar from bars up to it. */
export function pairSignal(
  y: Float64Array,
  x: Float64Array,
  options: { readonly estimation: PairEstimation; readonly window: number; readonly hedge: 'ols' | 'tls' },
): PairSignal {
  const { estimation, window, hedge } = options;
  const n = y.length;
  const z = new Float64Array(n).fill(Number.NaN);
  const beta = new Float64Array(n).fill(Number.NaN);
  if (estimation === 'kalman') {
    const k = kalmanHedge(y, x, { delta: 1e-4, observationVariance: 1e-3 });
    for (let t = window; t < n; t++) {
      // The hedge of bar t's prediction is the state before bar t was seen.
      beta[t] = k.beta[t - 1] as number;
      z[t] = (k.innovation[t] as number) / Math.sqrt(k.innovationVariance[t] as number);
    }
    return { z, beta };
  }
  for (let t = window - 1; t < n; t++) {
    const from = estimation === 'rolling' ? t - window + 1 : 0;
    const to = estimation === 'full-sample' ? n : t + 1;
    const step = moments(y.subarray(from, to), x.subarray(from, to), hedge);
    if (step === null) continue;
    beta[t] = step.beta;
    z[t] = ((y[t] as number) - step.alpha - step.beta * (x[t] as number) - step.mean) / step.deviation;
    if (estimation === 'full-sample') {
      fillFullSample(y, x, step, z, beta);
      break;
    }
  }
  return { z, beta };
}

interface SpreadMoments {
  readonly alpha: number;
  readonly beta: number;
  readonly mean: number;
  readonly deviation: number;
}

function moments(y: Float64Array, x: Float64Array, hedge: 'ols' | 'tls'): SpreadMoments | null {
  if (x.every((v) => v === x[0])) return null;
  const line = hedgeLine(y, x, hedge);
  const spread = spreadOf(y, x, line);
  let mean = 0;
  for (const v of spread) mean += v / spread.length;
  let square = 0;
  for (const v of spread) square += (v - mean) ** 2;
  const deviation = Math.sqrt(square / (spread.length - 1));
  return deviation > 0 ? { ...line, mean, deviation } : null;
}

function fillFullSample(y: Float64Array, x: Float64Array, m: SpreadMoments, z: Float64Array, beta: Float64Array): void {
  for (let t = 0; t < y.length; t++) {
    beta[t] = m.beta;
    z[t] = ((y[t] as number) - m.alpha - m.beta * (x[t] as number) - m.mean) / m.deviation;
  }
}

export interface PairBacktest {
  readonly result: BacktestResult;
  readonly trades: readonly SpreadTrade[];
  readonly positions: Int8Array;
  readonly signal: PairSignal;
}

export interface PairBacktestOptions {
  readonly estimation: PairEstimation;
  readonly window: number;
  readonly hedge: 'ols' | 'tls';
  readonly scale: 'log' | 'price';
  readonly machine: ZScoreMachine;
  readonly costs: BacktestCosts;
  readonly capital: number;
  readonly periodsPerYear: number;
  /** Gross value of both legs at entry ÷ equity. */
  readonly grossAtEntry: number;
  /** Bars from decision to fill; 1 is honest. */
  readonly delay?: number;
  /** Prices that orders fill at, for example opens, row-major n × 2. */
  readonly fill?: Float64Array;
}

/** `y` and `x` are prices. */
export function backtestPair(y: Float64Array, x: Float64Array, options: PairBacktestOptions): PairBacktest {
  const n = y.length;
  const [ly, lx] = options.scale === 'log' ? [y.map(Math.log), x.map(Math.log)] : [y, x];
  const signal = pairSignal(ly, lx, options);
  const { positions, trades } = runZScoreMachine(signal.z, options.machine);
  const close = new Float64Array(2 * n);
  for (let t = 0; t < n; t++) {
    close[2 * t] = y[t] as number;
    close[2 * t + 1] = x[t] as number;
  }
  const result = runBacktest(
    { rows: n, cols: 2, close, ...(options.fill === undefined ? {} : { fill: options.fill }) },
    {
      capital: options.capital,
      periodsPerYear: options.periodsPerYear,
      costs: options.costs,
      ...(options.delay === undefined ? {} : { delay: options.delay }),
    },
    decideUnits(positions, signal.beta, options),
  );
  return { result, trades, positions, signal };
}

/** On a change of position: units for the wanted gross value; 1 unit of y against β units of x (β · value on the log scale). */
function decideUnits(positions: Int8Array, beta: Float64Array, options: PairBacktestOptions): Decide {
  return ({ row, equity, prices }, target) => {
    const position = positions[row] as number;
    if (position === (row === 0 ? 0 : (positions[row - 1] as number))) return 'hold';
    if (position === 0) return 'units';
    const slope = beta[row] as number;
    const [py, px] = [prices[0] as number, prices[1] as number];
    // On logs a slope is a ratio of values; on prices a ratio of units.
    const unitsOfX = options.scale === 'log' ? (slope * py) / px : slope;
    const gross = py + Math.abs(unitsOfX) * px;
    const units = (position * options.grossAtEntry * equity) / gross;
    target[0] = units;
    target[1] = -units * unitsOfX;
    return 'units';
  };
}
