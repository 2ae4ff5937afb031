/**
 * Reads the series that a statistical reference case names: `file`, `column(s)` (a name, a list, or {y, x}; wide or long
 * layout), `rows` ("last 2500 …", "all common rows") and `transform` in words (logs, returns, differences, residuals).
 */
import { type GoldenTable, type GoldenValue, readGoldenTable } from './golden.ts';

export interface NamedSeries {
  readonly dates: readonly string[];
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** Complete rows of the named columns, cut as `rows` or `transform` say, before any transform. */
export function goldenRows(input: GoldenValue): NamedSeries {
  const spec: GoldenValue = input.columns ?? input.column;
  const named: Record<string, string> =
    typeof spec === 'string'
      ? { [spec]: spec }
      : Array.isArray(spec)
        ? Object.fromEntries(spec.map((name: string) => [name, name]))
        : spec;
  const table = readGoldenTable(input.file);
  const all = table.header.includes('symbol') ? fromLong(table, named) : fromWide(table, named);
  const last = /last (\d+)/.exec(`${input.rows ?? ''} ${input.transform ?? ''}`);
  const extra = /return|P_\(t-1\)/.test(String(input.transform)) && input.rows === undefined ? 1 : 0;
  return last ? tail(all, Number(last[1]) + extra) : all;
}

function fromWide(table: GoldenTable, named: Record<string, string>): NamedSeries {
  const keys = Object.keys(named);
  const raw = keys.map((key) => table.numbers(named[key] as string));
  const index = table.header.includes('date')
    ? table.text('date')
    : Array.from({ length: table.rows }, (_, i) => `${i}`);
  const keep = index.map((_, i) => i).filter((i) => raw.every((column) => Number.isFinite(column[i])));
  const columns = keys.map((key, j) => [key, Float64Array.from(keep, (i) => raw[j]?.[i] ?? Number.NaN)]);
  return { dates: keep.map((i) => index[i] ?? ''), columns: Object.fromEntries(columns) };
}

function fromLong(table: GoldenTable, named: Record<string, string>): NamedSeries {
  const dates = table.text('date');
  const symbols = table.text('symbol');
  const prices = table.numbers('adj_close');
  const keys = Object.keys(named);
  const maps = keys.map((key) => {
    const map = new Map<string, number>();
    for (const [i, symbol] of symbols.entries()) {
      if (symbol === named[key]) map.set(dates[i] ?? '', prices[i] ?? Number.NaN);
    }
    return map;
  });
  const common = [...(maps[0]?.keys() ?? [])].filter((d) => maps.every((m) => Number.isFinite(m.get(d)))).sort();
  const columns = keys.map((key, j) => [key, Float64Array.from(common, (d) => maps[j]?.get(d) ?? Number.NaN)]);
  return { dates: common, columns: Object.fromEntries(columns) };
}

function tail(series: NamedSeries, rows: number): NamedSeries {
  const columns = Object.entries(series.columns).map(([key, values]) => [key, values.slice(-rows)]);
  return { dates: series.dates.slice(-rows), columns: Object.fromEntries(columns) };
}

/** The columns after the transform that the case states for each of them. */
export function goldenColumns(input: GoldenValue): Readonly<Record<string, Float64Array>> {
  const { columns } = goldenRows(input);
  const transform = String(input.transform ?? '');
  const apply = (values: Float64Array): Float64Array => {
    if (/simple return/.test(transform)) return changes(values, (a, b) => a / b - 1);
    if (/ln\(P_t\/P_\(t-1\)\)|log return/.test(transform)) return changes(values, (a, b) => Math.log(a / b));
    if (/natural log|ln\(/.test(transform)) return values.map(Math.log);
    return values;
  };
  return Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, apply(values)]));
}

function changes(values: Float64Array, f: (now: number, before: number) => number): Float64Array {
  return values.slice(1).map((now, i) => f(now, values[i] as number));
}

/** One series: a column, the difference of two ("a - b"), or the residual of the log regression of y on x. */
export function goldenStatarbSeries(input: GoldenValue): Float64Array {
  const transform = String(input.transform ?? '');
  const minus = /^(\w+) - (\w+)/.exec(transform);
  const residual = /residual of (?:the )?(?:OLS )?ln\((\w+)\)|residual of ln\((\w+)\) on ln\((\w+)\)/.test(transform);
  const columns = goldenColumns(minus ? { ...input, transform: transform.replace(minus[0], '') } : input);
  const [first, second] = Object.values(columns);
  if (first === undefined) throw new Error('a golden case without a column');
  if (second === undefined) return first;
  if (minus) {
    const [a, b] = [columns[minus[1] ?? ''], columns[minus[2] ?? '']];
    return (a ?? first).map((v, t) => v - ((b ?? second)[t] as number));
  }
  if (!residual) throw new Error(`a golden transform that is not understood: ${transform}`);
  return logResidual(first, second);
}

/** Two-pass simple regression, independent of the kernels under test. */
function logResidual(y: Float64Array, x: Float64Array): Float64Array {
  const mean = (v: Float64Array) => v.reduce((a, b) => a + b, 0) / v.length;
  const my = mean(y);
  const mx = mean(x);
  let cross = 0;
  let square = 0;
  for (let t = 0; t < y.length; t++) {
    cross += ((x[t] as number) - mx) * ((y[t] as number) - my);
    square += ((x[t] as number) - mx) ** 2;
  }
  const slope = cross / square;
  return y.map((v, t) => v - my - slope * ((x[t] as number) - mx));
}
