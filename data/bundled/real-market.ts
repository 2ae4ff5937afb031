/** The real series that ship with Tradewind. The catalogue is written down here, so that listing reads no file. */
import { createDirectory } from '../directory/directory.ts';
import { hashColumns } from '../hash-columns.ts';
import type { SeriesInfo, StoredSeries } from '../market-source.ts';
import type { Frequency } from '../types.ts';
import { readBundledTable } from './bundled-files.ts';

const VEGA = { source: 'vega-datasets 3.2.1 (bundled)', licence: 'BSD-3-Clause' };
const OBSERVABLE = { source: '@observablehq/sample-datasets 1.0.1 (bundled)', licence: 'ISC' };

interface Entry {
  readonly symbol: string;
  readonly frequency: Frequency;
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  readonly file: string;
  readonly origin: { readonly source: string; readonly licence: string };
}

function monthly(symbol: string, from: string, rows: number): Entry {
  return { symbol, frequency: 'month', from, to: '2010-02-28', rows, file: 'stocks-monthly.csv.gz', origin: VEGA };
}

const catalogue: readonly Entry[] = [
  {
    symbol: 'SPX',
    frequency: 'day',
    from: '2000-01-03',
    to: '2020-04-17',
    rows: 5105,
    file: 'spx-daily.csv.gz',
    origin: VEGA,
  },
  {
    symbol: 'AAPL',
    frequency: 'day',
    from: '2013-05-13',
    to: '2018-05-11',
    rows: 1260,
    file: 'aapl-daily.csv.gz',
    origin: OBSERVABLE,
  },
  monthly('AAPL', '2000-01-31', 122),
  monthly('AMZN', '2000-01-31', 122),
  monthly('GOOG', '2004-08-31', 67),
  monthly('IBM', '2000-01-31', 122),
  monthly('MSFT', '2000-01-31', 122),
];

export const realSeries: readonly SeriesInfo[] = catalogue.map(toInfo);

function toInfo(entry: Entry): SeriesInfo {
  const named = createDirectory().lookup(entry.symbol);
  if (named === undefined) throw new Error(`The directory does not name ${entry.symbol}.`);
  return {
    ...named,
    frequency: entry.frequency,
    periodsPerYear: entry.frequency === 'month' ? 12 : 252,
    source: entry.origin.source,
    licence: entry.origin.licence,
    from: entry.from,
    to: entry.to,
    rows: entry.rows,
  };
}

export function readRealSeries(symbol: string, frequency: Frequency): StoredSeries | undefined {
  const entry = catalogue.find((item) => item.symbol === symbol && item.frequency === frequency);
  if (entry === undefined) return undefined;
  const { header, rows } = readBundledTable(entry.file);
  const own = header[0] === 'symbol' ? rows.filter((row) => row[0] === symbol) : rows;
  const dateAt = header.indexOf('date');
  const times = Float64Array.from(own, (row) => Date.parse(`${row[dateAt]}T00:00:00Z`));
  const columns: Record<string, Float64Array> = {};
  header.forEach((name, at) => {
    if (name !== 'date' && name !== 'symbol') columns[name] = Float64Array.from(own, (row) => Number(row[at]));
  });
  return { info: toInfo(entry), times, columns, hash: hashColumns(times, columns) };
}
