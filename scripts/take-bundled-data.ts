/**
 * Takes the real series out of the development packages that carry them into `data/bundled/files`, compact and
 * compressed, so that a fresh install needs neither 48 MB of packages nor a network. Run it after raising their versions:
 * `npx tsx scripts/take-bundled-data.ts`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'data/bundled/files');

function read(path: string): readonly (readonly string[])[] {
  return readFileSync(join(root, 'node_modules', path), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}

function write(name: string, header: string, rows: readonly string[]): void {
  // Level 9 and no time stamp: the same input gives the same bytes.
  writeFileSync(join(target, name), gzipSync(`${[header, ...rows].join('\n')}\n`, { level: 9 }));
}

/** `1469.250000` → `1469.25`: the same number in fewer bytes. */
function short(cell: string | undefined): string {
  return String(Number(cell));
}

function bars(path: string): readonly string[] {
  return read(path).map(([date, ...cells]) => [date, ...cells.map(short)].join(','));
}

/** `Jan 1 2000` → the last day of that month, the day on which the close of the month is known. */
function monthEnd(date: string): string {
  const start = new Date(`${date} UTC`);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).toISOString().slice(0, 10);
}

const UNFINISHED = '2010-03-31';

mkdirSync(target, { recursive: true });
const header = 'date,open,high,low,close,adjClose,volume';
write('spx-daily.csv.gz', header, bars('vega-datasets/data/sp500-2000.csv'));
write('aapl-daily.csv.gz', header, bars('@observablehq/sample-datasets/aapl.csv'));
write(
  'stocks-monthly.csv.gz',
  'symbol,date,close',
  read('vega-datasets/data/stocks.csv')
    .map(([symbol = '', date = '', price]) => [symbol, monthEnd(date), short(price)] as const)
    .filter(([, date]) => date !== UNFINISHED)
    .map((cells) => cells.join(',')),
);
