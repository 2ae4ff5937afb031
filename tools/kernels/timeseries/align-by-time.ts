/**
 * Brings several series to the same rows.
 *
 * Question: which observations do all these series share (or: what was the last known value of each)?
 * Inner join (`inner`, default): only times at which every series has a finite value. `asof`: the times of the first
 * series, each other series carried forward from its last finite value at or before that time, at most `maxAge`
 * milliseconds old; rows where one is missing are dropped. Never looks ahead. Times must be ascending. O(Σn).
 * Source: merge join and as-of join, e.g. Kleppmann (2017), Designing Data-Intensive Applications, ch. 11.
 *
 * @example alignByTime([{ times: [1, 2], values: [5, 6] }, { times: [2, 3], values: [7, 8] }]) // times [2], columns [[6], [7]]
 */
import { invalidInput } from '../../../lib/errors.ts';

export interface TimedSeries {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface AlignedSeries {
  readonly times: Float64Array;
  /** One column a series, in the order given. */
  readonly columns: readonly Float64Array[];
}

export interface AlignOptions {
  readonly join?: 'inner' | 'asof';
  /** Oldest value that `asof` still carries, in milliseconds; default: no limit. */
  readonly maxAge?: number;
}

export function alignByTime(series: readonly TimedSeries[], options: AlignOptions = {}): AlignedSeries {
  const first = series[0];
  if (!first) throw invalidInput({ what: 'The list of series', needed: 'one series or more', got: 0 });
  for (const one of series) checkTimes(one);
  const exact = (options.join ?? 'inner') === 'inner';
  const maxAge = options.maxAge ?? Number.POSITIVE_INFINITY;
  const cursors = new Int32Array(series.length).fill(-1);
  const rows: number[] = [];
  const picks: number[][] = series.map(() => []);
  const row = new Array<number>(series.length).fill(0);
  for (let i = 0; i < first.times.length; i++) {
    const time = first.times[i] as number;
    if (!pickRow(series, cursors, time, exact ? 0 : maxAge, row)) continue;
    rows.push(time);
    for (let k = 0; k < series.length; k++) picks[k]?.push(row[k] as number);
  }
  return { times: Float64Array.from(rows), columns: picks.map((column) => Float64Array.from(column)) };
}

/** Moves each cursor to the last finite value at or before `time`; false where one is missing, or older than allowed. */
function pickRow(
  series: readonly TimedSeries[],
  cursors: Int32Array,
  time: number,
  maxAge: number,
  row: number[],
): boolean {
  let complete = true;
  for (let k = 0; k < series.length; k++) {
    const { times, values } = series[k] as TimedSeries;
    let cursor = cursors[k] as number;
    while (cursor + 1 < times.length && (times[cursor + 1] as number) <= time) cursor++;
    cursors[k] = cursor;
    while (cursor >= 0 && !Number.isFinite(values[cursor] as number)) cursor--;
    // The base series itself must have a value at its own time; the others may be older, within the limit.
    const limit = k === 0 ? 0 : maxAge;
    if (cursor < 0 || time - (times[cursor] as number) > limit) complete = false;
    else row[k] = values[cursor] as number;
  }
  return complete;
}

function checkTimes({ times, values }: TimedSeries): void {
  if (times.length !== values.length) {
    throw invalidInput({ what: 'A series', needed: `as many values as times (${times.length})`, got: values.length });
  }
  for (let i = 1; i < times.length; i++) {
    if (!((times[i] as number) > (times[i - 1] as number))) {
      throw invalidInput({ what: `Time ${i} of a series`, needed: 'later than the one before', got: times[i] });
    }
  }
}
