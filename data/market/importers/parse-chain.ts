/** Option chains: one row a contract, one or several quote dates. */
import { toIsoDate } from '../../../lib/dates.ts';
import { invalidInput } from '../../../lib/errors.ts';
import type { OptionChain, OptionQuote } from '../../types.ts';
import { columnFor } from './detect-layout.ts';
import type { Table } from './read-table.ts';
import { RowProblems, readNumber, readTime } from './row-problems.ts';

export interface ChainParseOptions {
  readonly table: Table;
  readonly fileName: string;
  readonly underlying: string;
  readonly exercise: OptionChain['exercise'];
  readonly currency: string;
  /** Where the file has no date column. */
  readonly quoteDate?: string | undefined;
  /** Where the file has no column of the underlying's price. */
  readonly spot?: number | undefined;
}

const optional = ['bid', 'ask', 'last', 'volume', 'openInterest', 'impliedVolatility'] as const;

export function parseChain(options: ChainParseOptions): readonly OptionChain[] {
  const { table, fileName } = options;
  const problems = new RowProblems();
  const at = Object.fromEntries(
    ['date', 'expiry', 'strike', 'right', 'spot', ...optional].map((name) => [name, columnFor(table.header, name)]),
  );
  const cell = (row: readonly string[], name: string) => row[at[name] ?? -1];
  const byDate = new Map<string, { spot: number; quotes: OptionQuote[]; seen: Set<string> }>();
  table.forEachRow((row, line) => {
    if (row.length !== table.header.length)
      return problems.add(line, `has ${row.length} cells where the header has ${table.header.length}`);
    const date = (at['date'] ?? -1) < 0 ? options.quoteDate : isoDay(cell(row, 'date'));
    if (date === undefined) return problems.add(line, `"${cell(row, 'date') ?? ''}" is not an ISO quote date`);
    const contract = readContract(row, line, cell, problems);
    const spot = (at['spot'] ?? -1) < 0 ? options.spot : readNumber(cell(row, 'spot'));
    if (spot === undefined || !(spot > 0)) return problems.add(line, 'the price of the underlying is missing');
    const numbers = optional.map((name) => readNumber(cell(row, name)));
    const bad = numbers.findIndex((value) => value === undefined || value < 0);
    if (bad >= 0)
      return problems.add(line, `${optional[bad]} "${cell(row, optional[bad] ?? '')}" is not a number of zero or more`);
    if (contract === undefined) return;
    const day = byDate.get(date) ?? { spot, quotes: [], seen: new Set<string>() };
    byDate.set(date, day);
    const key = `${contract.expiry} ${contract.strike} ${contract.right}`;
    if (day.seen.has(key)) return problems.add(line, `the contract ${key} comes twice`);
    if (contract.expiry < date)
      return problems.add(line, `it expires on ${contract.expiry}, before the quote date ${date}`);
    day.seen.add(key);
    const [bid, ask, last, volume, openInterest, sourceImpliedVolatility] = numbers.map((value) =>
      value === undefined || Number.isNaN(value) ? null : value,
    );
    day.quotes.push({
      ...contract,
      bid: bid ?? null,
      ask: ask ?? null,
      last: last ?? null,
      volume: volume ?? null,
      openInterest: openInterest ?? null,
      sourceImpliedVolatility: sourceImpliedVolatility ?? null,
    });
  });
  problems.throwIfAny(fileName);
  if (byDate.size === 0)
    throw invalidInput({ what: fileName, needed: 'a chain with at least one contract', got: 'empty' });
  return [...byDate].map(([quoteDate, { spot, quotes }]) => ({
    underlying: options.underlying,
    quoteDate,
    spot,
    exercise: options.exercise,
    currency: options.currency,
    multiplier: 100,
    synthetic: false,
    quotes,
  }));
}

function isoDay(cell: string | undefined): string | undefined {
  const time = readTime(cell);
  return time === undefined ? undefined : toIsoDate(time);
}

function readContract(
  row: readonly string[],
  line: number,
  cell: (row: readonly string[], name: string) => string | undefined,
  problems: RowProblems,
): Pick<OptionQuote, 'expiry' | 'strike' | 'right'> | undefined {
  const expiry = isoDay(cell(row, 'expiry'));
  const strike = readNumber(cell(row, 'strike'));
  const letter = (cell(row, 'right') ?? '').slice(0, 1).toLowerCase();
  const right = letter === 'c' ? 'call' : letter === 'p' ? 'put' : undefined;
  if (expiry === undefined) problems.add(line, `expiry "${cell(row, 'expiry') ?? ''}" is not an ISO date`);
  else if (strike === undefined || !(strike > 0))
    problems.add(line, `strike "${cell(row, 'strike') ?? ''}" is not a number above zero`);
  else if (right === undefined) problems.add(line, `"${cell(row, 'right') ?? ''}" is neither call nor put`);
  else return { expiry, strike, right };
  return undefined;
}
