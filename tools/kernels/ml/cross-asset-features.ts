/** Features that compare the instruments of one day. Each day's value reads that day and earlier ones only. */
import { averageRanks } from '../stats/correlation.ts';
import {
  type FeatureDefinition,
  type FeatureInputs,
  featureInputs,
  type InstrumentFeature,
  instrumentFeatures,
} from './instrument-features.ts';
import type { PanelSeries } from './panel-series.ts';

/** Which day, instrument and position each row of a table has. */
export interface Frame {
  readonly rows: number;
  /** Distinct days, ascending, UTC epoch milliseconds. */
  readonly days: Float64Array;
  readonly dayOf: Int32Array;
  readonly instrumentOf: Int32Array;
  /** Position of the row in its instrument's own series. */
  readonly positionOf: Int32Array;
}

export interface Column extends FeatureDefinition {
  /** Per instrument, by its own rows. */
  readonly values: readonly Float64Array[];
}

/** The universe's own average return is the market; ranks compare names on one day. */
export function crossColumns(
  instruments: readonly PanelSeries[],
  frame: Frame,
  dropped: { name: string; reason: string }[],
): Column[] {
  if (instruments.length < 3) {
    dropped.push({
      name: 'cross-asset features',
      reason: `they compare at least 3 instruments, there are ${instruments.length}`,
    });
    return [];
  }
  const inputs = instruments.map((series) => featureInputs(series, 0));
  const returns = inputs.map((input) => input.returns);
  const market = dailyMean(returns, frame);
  const marketLevel = runningSum(market);
  const spread = (name: string, formula: string, lookback: number, byDay: Float64Array): Column => ({
    name,
    category: 'cross-asset',
    formula,
    lookback,
    values: instruments.map((series) => spreadByDay(series, byDay, frame)),
  });
  const betas = returns.map((own, i) => marketBeta(own, spreadByDay(instruments[i] as PanelSeries, market, frame), 63));
  return [
    spread('marketReturn1d', 'mean log return of the universe on the day', 2, market),
    spread('marketReturn5d', 'sum of marketReturn1d over 5 days', 6, differenceOver(marketLevel, 5)),
    spread('marketReturn21d', 'sum of marketReturn1d over 21 days', 22, differenceOver(marketLevel, 21)),
    spread('marketVolatility21d', 'root mean square of marketReturn1d over 21 days', 22, rootMeanSquare(market, 21)),
    spread(
      'dispersion1d',
      'deviation of log returns across the universe on the day',
      2,
      dailyDeviation(returns, market, frame),
    ),
    {
      name: 'marketBeta63d',
      category: 'cross-asset',
      formula: 'slope on marketReturn1d over 63 rows',
      lookback: 64,
      values: betas.map((b) => b.beta),
    },
    {
      name: 'residualReturn1d',
      category: 'cross-asset',
      formula: 'return less marketBeta63d × marketReturn1d',
      lookback: 64,
      values: betas.map((b) => b.residual),
    },
    rankColumn('return5d', inputs, frame),
    rankColumn('momentum21d', inputs, frame),
    rankColumn('momentum12m1m', inputs, frame),
    rankColumn('volatility21d', inputs, frame),
  ];
}

function rankColumn(source: string, inputs: readonly FeatureInputs[], frame: Frame): Column {
  const definition = instrumentFeatures.find((entry) => entry.name === source) as InstrumentFeature;
  const own = inputs.map((input) => definition.compute(input) as Float64Array);
  return {
    name: `rankOf${source[0]?.toUpperCase()}${source.slice(1)}`,
    category: 'cross-asset',
    formula: `rank of ${source} among the instruments of the day, -0.5 to 0.5`,
    lookback: definition.lookback,
    values: ranksByDay(own, frame),
  };
}

function dailyMean(returns: readonly Float64Array[], frame: Frame): Float64Array {
  const sums = new Float64Array(frame.days.length);
  const counts = new Int32Array(frame.days.length);
  for (let r = 0; r < frame.rows; r++) {
    const value = (returns[frame.instrumentOf[r] as number] as Float64Array)[frame.positionOf[r] as number] as number;
    const d = frame.dayOf[r] as number;
    if (Number.isNaN(value)) continue;
    sums[d] = (sums[d] as number) + value;
    counts[d] = (counts[d] as number) + 1;
  }
  return sums.map((sum, d) => ((counts[d] as number) > 0 ? sum / (counts[d] as number) : 0));
}

function dailyDeviation(returns: readonly Float64Array[], market: Float64Array, frame: Frame): Float64Array {
  const centred = returns.map((own) => own.slice());
  for (let r = 0; r < frame.rows; r++) {
    const own = centred[frame.instrumentOf[r] as number] as Float64Array;
    const at = frame.positionOf[r] as number;
    own[at] = ((own[at] as number) - (market[frame.dayOf[r] as number] as number)) ** 2;
  }
  return dailyMean(centred, frame).map(Math.sqrt);
}

function runningSum(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

const differenceOver = (values: Float64Array, gap: number): Float64Array =>
  values.map((value, t) => (t >= gap ? value - (values[t - gap] as number) : Number.NaN));

function rootMeanSquare(values: Float64Array, window: number): Float64Array {
  return differenceOver(runningSum(values.map((v) => v * v)), window).map((sum) =>
    Math.sqrt(Math.max(0, sum) / window),
  );
}

/** A value by day, at the rows of one instrument. */
function spreadByDay(series: PanelSeries, byDay: Float64Array, frame: Frame): Float64Array {
  let d = 0;
  return series.times.map((time) => {
    while ((frame.days[d] as number) < time) d++;
    return byDay[d] as number;
  });
}

function ranksByDay(own: readonly Float64Array[], frame: Frame): Float64Array[] {
  const out = own.map((values) => new Float64Array(values.length).fill(Number.NaN));
  let from = 0;
  while (from < frame.rows) {
    let to = from;
    while (to < frame.rows && frame.dayOf[to] === frame.dayOf[from]) to++;
    rankDay(own, frame, from, to, out);
    from = to;
  }
  return out;
}

function rankDay(own: readonly Float64Array[], frame: Frame, from: number, to: number, out: Float64Array[]): void {
  const present: number[] = [];
  const values: number[] = [];
  for (let r = from; r < to; r++) {
    const value = (own[frame.instrumentOf[r] as number] as Float64Array)[frame.positionOf[r] as number] as number;
    if (Number.isNaN(value)) continue;
    present.push(r);
    values.push(value);
  }
  const ranks = averageRanks(values);
  for (const [k, r] of present.entries()) {
    const column = out[frame.instrumentOf[r] as number] as Float64Array;
    column[frame.positionOf[r] as number] =
      values.length > 1 ? ((ranks[k] as number) - 1) / (values.length - 1) - 0.5 : 0;
  }
}

function marketBeta(
  own: Float64Array,
  market: Float64Array,
  window: number,
): { beta: Float64Array; residual: Float64Array } {
  const beta = new Float64Array(own.length).fill(Number.NaN);
  const residual = new Float64Array(own.length).fill(Number.NaN);
  for (let t = window; t < own.length; t++) {
    let xy = 0;
    let xx = 0;
    let x = 0;
    let y = 0;
    for (let i = t - window + 1; i <= t; i++) {
      const m = market[i] as number;
      const r = own[i] as number;
      x += m;
      y += r;
      xy += m * r;
      xx += m * m;
    }
    const spreadOf = xx - (x * x) / window;
    const slope = spreadOf > 1e-18 ? (xy - (x * y) / window) / spreadOf : Number.isNaN(xy) ? Number.NaN : 0;
    beta[t] = slope;
    residual[t] = (own[t] as number) - slope * (market[t] as number);
  }
  return { beta, residual };
}
