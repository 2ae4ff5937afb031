/** Prices of one symbol, of many in long form, and of many in wide form. */
import type { Directory } from '../../directory/directory.ts';
import { columnFor, isTimeColumn, type Layout, type TimeColumn } from './detect-layout.ts';
import { createTimeReader } from './read-row-time.ts';
import type { Table } from './read-table.ts';
import { RowProblems, readNumber } from './row-problems.ts';
import { type BuiltSeries, SeriesBuilder } from './series-builder.ts';

export interface ParsedPrices {
  readonly series: ReadonlyMap<string, BuiltSeries>;
  readonly warnings: readonly string[];
}

const priceColumns = ['open', 'high', 'low', 'close', 'adjClose', 'volume'] as const;

export interface PriceParseOptions {
  readonly table: Table;
  readonly fileName: string;
  readonly layout: Extract<Layout, 'bars' | 'long' | 'wide'>;
  readonly time: TimeColumn;
  /** The symbol of a file that holds one. */
  readonly symbol: string;
  readonly directory: Directory;
}

export function parsePrices(options: PriceParseOptions): ParsedPrices {
  return options.layout === 'wide' ? parseWide(options) : parseBars(options);
}

function parseBars({ table, fileName, layout, time, symbol, directory }: PriceParseOptions): ParsedPrices {
  const problems = new RowProblems();
  const positions = priceColumns.map((name) => columnFor(table.header, name));
  const names = priceColumns.filter((_, i) => (positions[i] ?? -1) >= 0);
  const at = positions.filter((position) => position >= 0);
  const [open, high, low, close, adjusted] = priceColumns.map((name) => names.indexOf(name));
  const mainAt = (close ?? -1) >= 0 ? (close ?? 0) : (adjusted ?? 0);
  const symbolAt = layout === 'long' ? columnFor(table.header, 'symbol') : -1;
  const builders = new Map<string, SeriesBuilder>();
  const readTimeOf = createTimeReader(time, problems);
  const cells = new Float64Array(names.length);
  const unbracketed: number[] = [];
  let missing = 0;
  table.forEachRow((row, line) => {
    if (!hasAllCells(row, table, line, problems)) return;
    const when = readTimeOf(row, line);
    if (when === undefined) return;
    const key = symbolAt < 0 ? symbol : symbolFrom(row[symbolAt] ?? '', directory);
    if (!isSymbol(key)) return problems.add(line, symbolProblem(key));
    for (let i = 0; i < names.length; i++) {
      const value = readNumber(row[at[i] ?? -1]);
      if (value === undefined) return problems.add(line, `${names[i]} "${row[at[i] ?? -1]}" is not a number`);
      if (value < 0 || (value === 0 && names[i] !== 'volume'))
        return problems.add(
          line,
          `${names[i]} is ${value}, but it must be ${names[i] === 'volume' ? 'at least zero' : 'above zero'}`,
        );
      cells[i] = value;
    }
    if (Number.isNaN(cells[mainAt])) {
      missing++;
      return;
    }
    if (!brackets(cells, open ?? -1, high ?? -1, low ?? -1, mainAt)) unbracketed.push(line);
    let builder = builders.get(key);
    if (builder === undefined) {
      builder = new SeriesBuilder(names);
      builders.set(key, builder);
    }
    builder.add(when, line, (column) => cells[column] as number);
  });
  const series = new Map<string, BuiltSeries>();
  for (const [key, builder] of builders) series.set(key, withClose(builder.build(key, problems)));
  problems.throwIfAny(fileName);
  return { series, warnings: [...missingWarning(missing), ...bracketWarning(unbracketed)] };
}

/** A file of adjusted closes alone: they are all the close there is. */
function withClose(built: BuiltSeries): BuiltSeries {
  const { close, adjClose } = built.columns;
  if (close !== undefined || adjClose === undefined) return built;
  return { ...built, columns: { ...built.columns, close: adjClose } };
}

function brackets(cells: Float64Array, open: number, high: number, low: number, close: number): boolean {
  const value = (at: number) => (at < 0 ? Number.NaN : (cells[at] as number));
  const top = Math.max(...[value(open), value(close)].filter((x) => !Number.isNaN(x)));
  const bottom = Math.min(...[value(open), value(close)].filter((x) => !Number.isNaN(x)));
  // NaN compares false: an absent column never counts.
  return !(value(high) < top || value(low) > bottom || value(high) < value(low));
}

function bracketWarning(lines: readonly number[]): readonly string[] {
  if (lines.length === 0) return [];
  return [
    `${lines.length} rows whose high and low do not bracket open and close were taken as they are (lines ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ', …' : ''}).`,
  ];
}

function missingWarning(missing: number): readonly string[] {
  return missing === 0 ? [] : [`${missing} rows without a price were left out.`];
}

function hasAllCells(row: readonly string[], table: Table, line: number, problems: RowProblems): boolean {
  if (row.length === table.header.length) return true;
  problems.add(line, `has ${row.length} cells where the header has ${table.header.length}`);
  return false;
}

function parseWide({ table, fileName, time, directory }: PriceParseOptions): ParsedPrices {
  const problems = new RowProblems();
  const columns = table.header
    .map((name, at) => ({ at, symbol: symbolFrom(name, directory) }))
    .filter(({ at }) => !isTimeColumn(time, at));
  const builders = columns.map(() => new SeriesBuilder(['close']));
  const readTimeOf = createTimeReader(time, problems);
  let missing = 0;
  table.forEachRow((row, line) => {
    if (!hasAllCells(row, table, line, problems)) return;
    const when = readTimeOf(row, line);
    if (when === undefined) return;
    columns.forEach(({ at, symbol }, i) => {
      const value = readNumber(row[at]);
      if (value === undefined) problems.add(line, `${symbol} "${row[at]}" is not a number`);
      else if (value <= 0) problems.add(line, `${symbol} is ${value}, but a price must be above zero`);
      else if (Number.isNaN(value)) missing++;
      else builders[i]?.add(when, line, () => value);
    });
  });
  const series = new Map<string, BuiltSeries>();
  columns.forEach(({ symbol }, i) => {
    const builder = builders[i];
    if (!isSymbol(symbol)) problems.add(1, symbolProblem(symbol));
    else if (series.has(symbol)) problems.add(1, `the column ${symbol} comes twice`);
    else if (builder !== undefined && builder.length > 0) series.set(symbol, builder.build(symbol, problems));
  });
  problems.throwIfAny(fileName);
  return { series, warnings: missing === 0 ? [] : [`${missing} empty cells were left out.`] };
}

/** The directory's symbol where it knows the name, else what is written, in capitals. */
export function symbolFrom(text: string, directory: Directory): string {
  return directory.lookup(text)?.symbol ?? text.trim().toUpperCase().replace(/\s+/g, '_').slice(0, 40);
}

/** Letters, digits and the marks that symbols use; nothing that could be an instruction or move a terminal's cursor. */
export function isSymbol(text: string): boolean {
  return /^[\p{L}\p{N}.\-:^=_&/+]{1,40}$/u.test(text);
}

export function symbolProblem(text: string): string {
  return text === '' ? 'the symbol is empty' : `${JSON.stringify(text)} is not a symbol`;
}
