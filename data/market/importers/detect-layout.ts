/** Which of the known layouts a table has, from its header and first rows. */
import { TradewindError } from '../../../lib/errors.ts';
import type { Directory } from '../../directory/directory.ts';
import type { Table } from './read-table.ts';
import { readTime } from './row-problems.ts';

export const layouts = ['bars', 'long', 'wide', 'panel', 'chain', 'portfolio'] as const;
/** `bars`: one instrument; `long`: a symbol column; `wide`: a column a symbol; `panel`: a table of figures. */
export type Layout = (typeof layouts)[number];

/** Lower case without spaces, points and underscores: `Adj Close` and `adj_close` are one. */
export function plainHeader(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const meanings: Readonly<Record<string, readonly string[]>> = {
  date: ['date', 'time', 'timestamp', 'datetime', 'day', 'quotedate', '날짜', '일자'],
  symbol: ['symbol', 'ticker', 'name', 'asset', 'instrument', '종목', '종목코드'],
  open: ['open', '시가'],
  high: ['high', '고가'],
  low: ['low', '저가'],
  close: ['close', 'price', 'last', 'value', 'settle', '종가'],
  adjClose: ['adjclose', 'adjustedclose', 'adj', 'adjustedprice', '수정종가'],
  volume: ['volume', 'vol', '거래량'],
  expiry: ['expiry', 'expiration', 'expirationdate', 'maturity'],
  strike: ['strike', 'strikeprice'],
  right: ['right', 'type', 'optiontype', 'callput', 'cp', 'putcall'],
  quantity: ['quantity', 'shares', 'qty', 'units', '수량'],
  cost: ['costperunit', 'cost', 'costbasis', 'purchaseprice', 'averageprice', 'avgcost', 'price', '매입가'],
  acquired: ['acquired', 'purchasedate', 'date', 'tradedate', 'bought', '매수일'],
  bid: ['bid'],
  ask: ['ask', 'offer'],
  openInterest: ['openinterest', 'oi'],
  impliedVolatility: ['impliedvolatility', 'iv', 'impliedvol'],
  spot: ['underlyingclose', 'underlyingprice', 'spot', 'underlying', 'underlyinglast'],
  last: ['last', 'close', 'lastprice', 'mid'],
};

/** Position of the first header that means this; -1 where none does. */
export function columnFor(header: readonly string[], meaning: string): number {
  const names = header.map(plainHeader);
  for (const wanted of meanings[meaning] ?? []) {
    const at = names.indexOf(wanted);
    if (at >= 0) return at;
  }
  return -1;
}

/** How the rows are placed in time: a date column, a year with a quarter or month, or only a running number. */
export type TimeColumn =
  | { readonly kind: 'date'; readonly at: number }
  | { readonly kind: 'quarter' | 'month'; readonly year: number; readonly part: number }
  | { readonly kind: 'number'; readonly at: number };

export function findTime(table: Table): TimeColumn | undefined {
  const names = table.header.map(plainHeader);
  const year = names.indexOf('year');
  if (year >= 0 && names.includes('quarter')) return { kind: 'quarter', year, part: names.indexOf('quarter') };
  if (year >= 0 && names.includes('month')) return { kind: 'month', year, part: names.indexOf('month') };
  const date = columnFor(table.header, 'date');
  if (date >= 0) return { kind: 'date', at: date };
  if (readTime(table.sample[0]?.[0]) !== undefined) return { kind: 'date', at: 0 };
  const counter = names.findIndex((name) => ['t', 'index', 'i', 'row', 'obs', 'n'].includes(name));
  if (counter >= 0) return { kind: 'number', at: counter };
  return undefined;
}

export function detectLayout(table: Table, fileName: string, directory: Directory): Layout {
  const has = (meaning: string) => columnFor(table.header, meaning) >= 0;
  if (has('strike') && has('expiry') && has('right')) return 'chain';
  if (has('symbol') && has('quantity')) return 'portfolio';
  const time = findTime(table);
  if (time === undefined) throw unknownLayout(fileName, table.header);
  if (has('symbol') && (has('close') || has('adjClose'))) return 'long';
  if (time.kind === 'date' && (has('close') || has('adjClose'))) return 'bars';
  const others = table.header.filter((_, at) => !isTimeColumn(time, at));
  if (others.length === 0) throw unknownLayout(fileName, table.header);
  return time.kind !== 'quarter' && looksLikeSymbols(others, directory) ? 'wide' : 'panel';
}

export function isTimeColumn(time: TimeColumn, at: number): boolean {
  return 'at' in time ? time.at === at : time.year === at || time.part === at;
}

/** Tickers are capitals, or known by the directory, or say that they are prices. */
function looksLikeSymbols(names: readonly string[], directory: Directory): boolean {
  if (names.some((name) => /^(y|m|expiry)\d/i.test(name))) return false;
  const votes = names.filter(
    (name) => /^[A-Z][A-Z0-9.\-:^=]*$/.test(name) || /^price/i.test(name) || directory.lookup(name) !== undefined,
  );
  return votes.length * 2 >= names.length;
}

function unknownLayout(fileName: string, header: readonly string[]): TradewindError {
  return new TradewindError({
    code: 'UNKNOWN_LAYOUT',
    kind: 'input',
    message: `The layout of ${fileName} is not known; its columns are ${header.slice(0, 20).join(', ')}.`,
    hint: 'Give a date column with close (one symbol), with symbol and close (long), or with one column a symbol (wide); for portfolios symbol and quantity.',
  });
}
