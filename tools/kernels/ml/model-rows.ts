/** The complete rows of a feature table with their target, ready for splits by day. */
import { notEnoughData } from '../../../lib/errors.ts';
import type { FeatureTable } from './feature-table.ts';
import type { LabelSpans } from './splits.ts';

export interface ModelRows {
  readonly values: Float64Array;
  readonly cols: number;
  readonly rows: number;
  /** NaN on the last days, whose future is not over. */
  readonly target: Float64Array;
  /** Day of each row: position in `days`, ascending. */
  readonly day: Int32Array;
  readonly instrument: Int32Array;
  /** Position of the row in its instrument's series. */
  readonly position: Int32Array;
  /** Days that have a complete row. */
  readonly days: Float64Array;
  /** First row of each day, and the number of rows at the end. */
  readonly dayStart: Int32Array;
  /** Day on which the label of each row is over: later than day + horizon where the instrument missed days. */
  readonly labelEnd: Int32Array;
}

/** Keeps the rows whose features are all there. `horizon` is the label's length in rows of the instrument. O(rows · features). */
export function completeRows(table: FeatureTable, target: Float64Array, horizon: number): ModelRows {
  const cols = table.features.length;
  const kept: number[] = [];
  for (let r = 0; r < table.rows; r++) {
    let whole = true;
    for (let c = 0; c < cols && whole; c++) whole = Number.isFinite(table.values[r * cols + c] as number);
    if (whole) kept.push(r);
  }
  if (kept.length === 0) {
    throw notEnoughData({
      what: 'A model table with every feature complete',
      needed: Math.max(...table.features.map((feature) => feature.lookback)),
      got: table.days.length,
      hint: 'Choose a longer window, fewer feature categories, or leave out context series that start late.',
    });
  }
  const values = new Float64Array(kept.length * cols);
  for (const [i, r] of kept.entries()) values.set(table.values.subarray(r * cols, (r + 1) * cols), i * cols);
  const pick = (from: Int32Array): Int32Array => Int32Array.from(kept, (r) => from[r] as number);
  const { day, days, dayStart } = compactDays(pick(table.dayOf), table.days);
  return {
    values,
    cols,
    rows: kept.length,
    target: Float64Array.from(kept, (r) => target[r] as number),
    day,
    days,
    dayStart,
    instrument: pick(table.instrumentOf),
    position: pick(table.positionOf),
    labelEnd: labelEnds(table, kept, days, horizon),
  };
}

/** An instrument that skips days ends its labels later; the purge must know. */
function labelEnds(table: FeatureTable, kept: readonly number[], days: Float64Array, horizon: number): Int32Array {
  const timeline = new Map<number, number[]>();
  for (let r = 0; r < table.rows; r++) {
    const instrument = table.instrumentOf[r] as number;
    const own = timeline.get(instrument) ?? [];
    timeline.set(instrument, own);
    own[table.positionOf[r] as number] = table.days[table.dayOf[r] as number] as number;
  }
  return Int32Array.from(kept, (r) => {
    const end = timeline.get(table.instrumentOf[r] as number)?.[(table.positionOf[r] as number) + horizon];
    return end === undefined ? days.length - 1 : firstDayFrom(days, end);
  });
}

function firstDayFrom(days: Float64Array, time: number): number {
  let low = 0;
  let high = days.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compactDays(of: Int32Array, all: Float64Array): Pick<ModelRows, 'day' | 'days' | 'dayStart'> {
  const day = new Int32Array(of.length);
  const days: number[] = [];
  const starts: number[] = [];
  for (let i = 0; i < of.length; i++) {
    if (i === 0 || of[i] !== of[i - 1]) {
      days.push(all[of[i] as number] as number);
      starts.push(i);
    }
    day[i] = days.length - 1;
  }
  return { day, days: Float64Array.from(days), dayStart: Int32Array.of(...starts, of.length) };
}

/** Label spans in days: from a day to the day on which the last of its labels is over. */
export function daySpans(rows: ModelRows): LabelSpans {
  const n = labelledDays(rows);
  const last = Int32Array.from({ length: n }, (_, d) => d);
  for (let i = 0; i < rows.rows; i++) {
    const d = rows.day[i] as number;
    if (d < n && !Number.isNaN(rows.target[i] as number))
      last[d] = Math.max(last[d] as number, rows.labelEnd[i] as number);
  }
  return { first: Int32Array.from({ length: n }, (_, d) => d), last };
}

/** Days that must lie between the last training day and the first test day: the longest label. */
export function purgeDays(rows: ModelRows): number {
  const { last } = daySpans(rows);
  return last.reduce((most, end, d) => Math.max(most, end - d), 1);
}

/** Days up to the last one that has a target. */
export function labelledDays(rows: ModelRows): number {
  for (let i = rows.rows - 1; i >= 0; i--)
    if (!Number.isNaN(rows.target[i] as number)) return (rows.day[i] as number) + 1;
  return 0;
}

/** Rows of the given days that have a target. */
export function rowsOfDays(rows: ModelRows, days: Int32Array): Int32Array {
  const out: number[] = [];
  for (const d of days) {
    for (let i = rows.dayStart[d] as number; i < (rows.dayStart[d + 1] as number); i++) {
      if (!Number.isNaN(rows.target[i] as number)) out.push(i);
    }
  }
  return Int32Array.from(out);
}

export interface TableSlice {
  readonly values: Float64Array;
  readonly target: Float64Array;
  readonly cols: number;
}

export function takeRows(rows: ModelRows, chosen: Int32Array): TableSlice {
  const { cols } = rows;
  const values = new Float64Array(chosen.length * cols);
  for (let i = 0; i < chosen.length; i++) {
    const from = (chosen[i] as number) * cols;
    for (let c = 0; c < cols; c++) values[i * cols + c] = rows.values[from + c] as number;
  }
  return { values, cols, target: Float64Array.from(chosen, (r) => rows.target[r] as number) };
}
