/** Statistics, gaps and age of one window of bars, for get_prices. */
import type { Bars } from '../../data/types.ts';
import { MS_PER_DAY, parseIsoDate, toIsoDate } from '../../lib/dates.ts';
import { maxDrawdown } from '../kernels/performance/drawdown.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { aggregatePeriods, type Period, resamplePeriods } from '../kernels/timeseries/resample.ts';

export type PriceField = 'adjClose' | 'close' | 'open' | 'high' | 'low' | 'volume';
export type ReturnKind = 'log' | 'simple';

export interface PriceTable {
  readonly times: Float64Array;
  readonly open: Float64Array | null;
  readonly high: Float64Array | null;
  readonly low: Float64Array | null;
  readonly close: Float64Array;
  readonly adjClose: Float64Array | null;
  readonly volume: Float64Array | null;
}

/** Bars of longer periods; each is dated on its last row. `native` leaves them as they are. */
export function resampleBars(bars: PriceTable, frequency: Period | 'native'): PriceTable {
  if (frequency === 'native') return bars;
  const periods = resamplePeriods(bars.times, frequency);
  const take = (values: Float64Array | null, how: 'first' | 'last' | 'max' | 'min' | 'sum') =>
    values === null ? null : aggregatePeriods(values, periods, how);
  return {
    times: Float64Array.from(periods.ends, (row) => bars.times[row] as number),
    open: take(bars.open, 'first'),
    high: take(bars.high, 'max'),
    low: take(bars.low, 'min'),
    close: aggregatePeriods(bars.close, periods, 'last'),
    adjClose: take(bars.adjClose, 'last'),
    volume: take(bars.volume, 'sum'),
  };
}

/** The asked field, or the close where there is no adjusted one; undefined where the source has no such column. */
export function fieldOf(
  table: PriceTable,
  field: PriceField | undefined,
): { name: PriceField; values: Float64Array } | undefined {
  if (field === undefined) {
    return table.adjClose === null
      ? { name: 'close', values: table.close }
      : { name: 'adjClose', values: table.adjClose };
  }
  const values = table[field];
  return values === null ? undefined : { name: field, values };
}

/** Change from the row before; null for the first row and where a price is missing or not positive. */
export function changes(values: Float64Array, kind: ReturnKind): readonly (number | null)[] {
  return Array.from(values, (value, i) => {
    const before = i === 0 ? Number.NaN : (values[i - 1] as number);
    if (!(before > 0) || !(value > 0)) return null;
    return kind === 'log' ? Math.log(value / before) : value / before - 1;
  });
}

export interface PriceSummary {
  readonly first: number;
  readonly last: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly totalReturn: number | null;
  readonly meanReturn: number | null;
  readonly volatilityAnnual: number | null;
  readonly bestReturn: number | null;
  readonly worstReturn: number | null;
  readonly maxDrawdown: number | null;
}

export function summarisePrices(values: Float64Array, kind: ReturnKind, periodsPerYear: number): PriceSummary {
  const present = values.filter((value) => Number.isFinite(value));
  const moves = changes(present, kind).filter((move) => move !== null);
  const [first = Number.NaN] = present;
  const last = present.at(-1) ?? Number.NaN;
  const simple = changes(present, 'simple').filter((move) => move !== null);
  return {
    first,
    last,
    minimum: present.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    maximum: present.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
    totalReturn: first > 0 && moves.length > 0 ? last / first - 1 : null,
    meanReturn: moves.length > 0 ? mean(moves) : null,
    volatilityAnnual: moves.length > 1 ? standardDeviation(moves) * Math.sqrt(periodsPerYear) : null,
    bestReturn: moves.length > 0 ? Math.max(...moves) : null,
    worstReturn: moves.length > 0 ? Math.min(...moves) : null,
    maxDrawdown: simple.length > 0 ? maxDrawdown(simple) : null,
  };
}

export interface Gap {
  readonly after: string;
  readonly before: string;
  readonly days: number;
}

/** Calendar days that may pass between two rows before it is a gap, and before the last row is stale. */
const patience: Readonly<Record<Bars['instrument']['frequency'], number>> = {
  minute: 4,
  hour: 4,
  day: 5,
  week: 9,
  month: 35,
  quarter: 100,
};

/** The longest holes between neighbouring rows, longest first. */
export function findGaps(times: Float64Array, frequency: Bars['instrument']['frequency']): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < times.length; i++) {
    const days = Math.round(((times[i] as number) - (times[i - 1] as number)) / MS_PER_DAY);
    if (days > patience[frequency])
      gaps.push({ after: toIsoDate(times[i - 1] as number), before: toIsoDate(times[i] as number), days });
  }
  return gaps.sort((a, b) => b.days - a.days);
}

export function staleness(
  lastTime: number,
  asOf: string,
  frequency: Bars['instrument']['frequency'],
): { readonly days: number; readonly stale: boolean } {
  const days = Math.max(0, Math.floor((parseIsoDate(asOf) - lastTime) / MS_PER_DAY));
  return { days, stale: days > patience[frequency] + 2 };
}
