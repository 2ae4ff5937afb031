/** Rows of features for a regime model: each uses data up to its own day only. */
import { invalidInput } from '../../lib/errors.ts';
import type { Observations } from '../kernels/hmm/hmm-model.ts';
import { alignByTime } from '../kernels/timeseries/align-by-time.ts';
import { logReturns, simpleReturns } from '../kernels/timeseries/returns.ts';
import { rollingMean, rollingVolatility } from '../kernels/timeseries/rolling.ts';
import type { PriceData } from './price-data.ts';

export const featureNames = ['returns', 'realisedVolatility', 'range', 'volume'] as const;
export type FeatureName = (typeof featureNames)[number];

export interface FeatureOptions {
  readonly features: readonly FeatureName[];
  readonly returns: 'log' | 'simple';
  /** Rows of the rolling volatility and of the volume average. */
  readonly window: number;
}

export interface FeatureMatrix extends Observations {
  /** Time of each row. */
  readonly times: Float64Array;
  /** Price at each row. */
  readonly price: Float64Array;
  /** What each column is, `returns of SPX`. */
  readonly names: readonly string[];
}

/** Columns of the main series, then the returns of the other symbols; only days that all of them share. */
export function featureMatrix(main: PriceData, others: readonly PriceData[], options: FeatureOptions): FeatureMatrix {
  const columns = options.features.map((name) => ({
    name: `${name} of ${main.symbol}`,
    times: main.times,
    values: featureColumn(main, name, options),
  }));
  for (const other of others) {
    const values = featureColumn(other, 'returns', options);
    columns.push({ name: `returns of ${other.symbol}`, times: other.times, values });
  }
  const price = { times: main.times, values: main.price };
  const aligned = alignByTime([price, ...columns]);
  const rows = aligned.times.length;
  const cols = columns.length;
  const data = new Float64Array(rows * cols);
  columns.forEach((_, d) => {
    const column = aligned.columns[d + 1] as Float64Array;
    for (let t = 0; t < rows; t++) data[t * cols + d] = column[t] as number;
  });
  return {
    data,
    rows,
    cols,
    times: aligned.times,
    price: aligned.columns[0] as Float64Array,
    names: columns.map((c) => c.name),
  };
}

/** One value a row of the prices; NaN where it does not exist yet. */
function featureColumn(data: PriceData, name: FeatureName, { returns, window }: FeatureOptions): Float64Array {
  const change = returns === 'log' ? logReturns(data.price) : simpleReturns(data.price);
  if (name === 'returns') return pad(change);
  if (name === 'realisedVolatility') return pad(rollingVolatility(change, window, 1));
  if (name === 'range') {
    const { high, low } = data;
    if (high === null || low === null) throw missing(data, 'high and low prices');
    return high.map((h, i) => Math.log(h / (low[i] as number)));
  }
  if (data.volume === null || !data.volume.some((v) => v > 0)) throw missing(data, 'volume');
  const logVolume = data.volume.map((v) => (v > 0 ? Math.log(v) : Number.NaN));
  const usual = rollingMean(logVolume, window);
  return logVolume.map((v, i) => v - (usual[i] as number));
}

/** Returns start at the second price. */
function pad(returns: Float64Array): Float64Array {
  const out = new Float64Array(returns.length + 1);
  out[0] = Number.NaN;
  out.set(returns, 1);
  return out;
}

function missing(data: PriceData, what: string) {
  return invalidInput({
    code: 'MISSING_FEATURE',
    what: `A feature of ${data.symbol}`,
    needed: 'one that its data carry',
    got: `${what}, which ${data.symbol} has not`,
    hint: 'Choose the features returns and realisedVolatility, or another symbol.',
  });
}
