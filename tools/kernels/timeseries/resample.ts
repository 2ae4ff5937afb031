/**
 * Makes weekly, monthly, quarterly or yearly bars from finer ones.
 *
 * Question: which rows belong to the same period, and where does each period end?
 * A period is named by its last row, so that nothing of the future is used. Weeks end on Sunday (ISO weeks start on
 * Monday). Times are UTC epoch milliseconds, ascending. O(n). The last period may be incomplete: nothing after
 * its final row says that it ended.
 * Source: ISO 8601 week rule; open/high/low/close aggregation as in any charting package.
 *
 * @example resamplePeriods(times, 'month') // { ends: Int32Array of row indices, starts }
 */
import { invalidInput } from '../../../lib/errors.ts';

export type Period = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Periods {
  /** First row of each period. */
  readonly starts: Int32Array;
  /** Last row of each period, inclusive. */
  readonly ends: Int32Array;
}

const DAY = 86_400_000;

/** Groups rows into calendar periods. */
export function resamplePeriods(times: Float64Array, period: Period): Periods {
  const starts: number[] = [];
  const ends: number[] = [];
  let key = Number.NaN;
  for (let i = 0; i < times.length; i++) {
    const next = periodKey(times[i] as number, period);
    if (next === key) {
      ends[ends.length - 1] = i;
    } else if (next < key) {
      throw invalidInput({ what: `Time ${i}`, needed: 'later than the one before', got: times[i] });
    } else {
      starts.push(i);
      ends.push(i);
      key = next;
    }
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

export type Aggregate = 'first' | 'last' | 'max' | 'min' | 'sum' | 'mean';

/** One value a period; NaN values are skipped, a period of NaNs gives NaN. */
export function aggregatePeriods(values: Float64Array, periods: Periods, how: Aggregate): Float64Array {
  const out = new Float64Array(periods.starts.length).fill(Number.NaN);
  for (let p = 0; p < out.length; p++) {
    let result = Number.NaN;
    let count = 0;
    for (let i = periods.starts[p] as number; i <= (periods.ends[p] as number); i++) {
      const value = values[i] as number;
      if (Number.isNaN(value)) continue;
      result = count === 0 ? value : combine(result, value, how);
      count++;
    }
    out[p] = how === 'mean' && count > 0 ? result / count : result;
  }
  return out;
}

function combine(result: number, value: number, how: Aggregate): number {
  switch (how) {
    case 'first':
      return result;
    case 'last':
      return value;
    case 'max':
      return Math.max(result, value);
    case 'min':
      return Math.min(result, value);
    default:
      return result + value;
  }
}

function periodKey(time: number, period: Period): number {
  const day = Math.floor(time / DAY);
  if (period === 'day') return day;
  if (period === 'week') return Math.floor((day + 3) / 7);
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (period === 'year') return year;
  const month = year * 12 + date.getUTCMonth();
  return period === 'month' ? month : Math.floor(month / 3);
}
