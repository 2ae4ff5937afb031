/**
 * Zivot–Andrews: a unit root against stationarity around a level ('c'), slope ('t') or both ('ct') that breaks once at an
 * unknown date. The statistic is the smallest ADF t over all break dates inside the trimmed sample.
 * Source: Zivot & Andrews (1992, J. Bus. Econ. Stat. 10:251); one lag order for all dates (Baum, 2015). p-values are
 * interpolated in simulated quantiles. O(dates · n · k) by Gram updates of the dummies only.
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { adfTest, degenerateSeries } from './adf.ts';
import { factorise } from './lag-regression.ts';
import type { CriticalValues } from './mackinnon.ts';
import { type BreakModel, zivotAndrewsQuantiles } from './zivot-andrews-tables.ts';

export interface ZivotAndrewsResult {
  readonly statistic: number;
  readonly pValue: number;
  readonly criticalValues: CriticalValues;
  readonly lag: number;
  /** Last row before the new regime starts. */
  readonly breakIndex: number;
}

export function zivotAndrewsTest(
  x: Float64Array,
  options: { readonly model?: BreakModel; readonly lag?: number; readonly trim?: number } = {},
): ZivotAndrewsResult {
  const { model = 'c', trim = 0.15 } = options;
  const n = x.length;
  if (n < 30) throw notEnoughData({ what: 'A Zivot–Andrews test', needed: 30, got: n });
  const lag = options.lag ?? adfTest(x, { trend: 'ct', lags: 'aic' }).lag;
  const fixed = fixedColumns(x, lag);
  const cut = Math.floor(n * trim);
  let statistic = Number.POSITIVE_INFINITY;
  let breakIndex = -1;
  for (let bp = Math.max(cut + 1, lag + 2); bp <= n - cut; bp++) {
    const t = breakStatistic(fixed, breakColumns(model, fixed.rows, bp, lag));
    if (t !== null && t < statistic) {
      statistic = t;
      breakIndex = bp - 1;
    }
  }
  if (breakIndex < 0) throw degenerateSeries();
  const table = zivotAndrewsQuantiles[model];
  const at = (percent: number) => interpolate(table, percent, 0, 1);
  return {
    statistic,
    pValue: interpolate(table, statistic, 1, 0) / 100,
    criticalValues: { onePercent: at(1), fivePercent: at(5), tenPercent: at(10) },
    lag,
    breakIndex,
  };
}

interface FixedColumns {
  readonly rows: number;
  /** Constant, time, lagged differences, level, and the regressand last. */
  readonly columns: readonly Float64Array[];
  readonly gram: Float64Array;
}

function fixedColumns(x: Float64Array, lag: number): FixedColumns {
  const rows = x.length - 1 - lag;
  const difference = (t: number): number => (x[t + 1] as number) - (x[t] as number);
  const pick = (f: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => f(i));
  let mean = 0;
  for (let i = 0; i < rows; i++) mean += (x[lag + i] as number) / rows;
  const columns = [
    new Float64Array(rows).fill(1),
    pick((i) => (2 * i) / (rows - 1) - 1),
    ...Array.from({ length: lag }, (_, l) => pick((i) => difference(lag + i - l - 1))),
    pick((i) => (x[lag + i] as number) - mean),
    pick((i) => difference(lag + i)),
  ];
  for (const column of columns) normalise(column);
  const size = columns.length;
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) gram[a * size + b] = dot(columns[a], columns[b], 0);
  return { rows, columns, gram };
}

function normalise(column: Float64Array): void {
  const norm = Math.sqrt(dot(column, column, 0));
  if (norm > 0) for (let i = 0; i < column.length; i++) column[i] = (column[i] as number) / norm;
}

function dot(a: Float64Array | undefined, b: Float64Array | undefined, from: number): number {
  if (a === undefined || b === undefined) return 0;
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

interface BreakColumn {
  /** First row that is not zero. */
  readonly from: number;
  readonly values: Float64Array;
}

/** Level shift from bar `bp` on and, for a slope break, time since then. */
function breakColumns(model: BreakModel, rows: number, bp: number, lag: number): readonly BreakColumn[] {
  const cutoff = bp - (lag + 1);
  const out: BreakColumn[] = [];
  if (model !== 't') {
    const values = new Float64Array(rows);
    values.fill(1 / Math.sqrt(rows - cutoff), cutoff);
    out.push({ from: cutoff, values });
  }
  if (model !== 'c') {
    const values = new Float64Array(rows);
    const from = model === 't' ? cutoff - 1 : cutoff;
    const start = model === 't' ? 1 : 2;
    for (let i = from; i < rows; i++) values[i] = (i - from + start) / rows;
    normalise(values);
    out.push({ from, values });
  }
  return out;
}

/** t of the level with the break columns put in front. */
function breakStatistic(fixed: FixedColumns, breaks: readonly BreakColumn[]): number | null {
  const extra = breaks.length;
  const base = fixed.columns.length;
  const size = base + extra;
  const gram = new Float64Array(size * size);
  for (let a = 0; a < extra; a++) {
    for (let b = 0; b <= a; b++) {
      gram[a * size + b] = dot(breaks[a]?.values, breaks[b]?.values, breaks[a]?.from ?? 0);
    }
  }
  for (let a = 0; a < base; a++) {
    for (let b = 0; b < extra; b++) {
      gram[(a + extra) * size + b] = dot(fixed.columns[a], breaks[b]?.values, breaks[b]?.from ?? 0);
    }
    for (let b = 0; b <= a; b++) gram[(a + extra) * size + b + extra] = fixed.gram[a * base + b] as number;
  }
  if (!factorise(gram, size)) return null;
  const last = (size - 1) * size;
  const root = gram[last + size - 1] as number;
  const sigma = root / Math.sqrt(fixed.rows - (size - 1));
  return sigma > 0 ? (gram[last + size - 2] as number) / sigma : null;
}

/** Linear between table rows, flat beyond; `from` and `to` name the columns. */
function interpolate(table: readonly (readonly [number, number])[], value: number, from: 0 | 1, to: 0 | 1): number {
  const first = table[0] as readonly [number, number];
  if (value <= first[from]) return first[to];
  for (let i = 1; i < table.length; i++) {
    const low = table[i - 1] as readonly [number, number];
    const high = table[i] as readonly [number, number];
    if (value <= high[from]) return low[to] + ((value - low[from]) / (high[from] - low[from])) * (high[to] - low[to]);
  }
  return (table[table.length - 1] as readonly [number, number])[to];
}
