import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toIsoDate } from '../../lib/dates.ts';
import { readRealSeries } from './real-market.ts';

/** The packages are for development only: an installation without them has nothing to compare with. */
function original(path: string): readonly (readonly string[])[] | undefined {
  const file = fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}

describe('bundled real series hold the numbers of their source', () => {
  it.each([
    ['SPX', 'vega-datasets/data/sp500-2000.csv'],
    ['AAPL', '@observablehq/sample-datasets/aapl.csv'],
  ])('%s daily', (symbol, path) => {
    const rows = original(path);
    if (rows === undefined) return;
    const series = readRealSeries(symbol, 'day');
    const names = ['open', 'high', 'low', 'close', 'adjClose', 'volume'];
    expect(series?.times.length).toBe(rows.length);
    rows.forEach((row, i) => {
      expect(toIsoDate(series?.times[i] ?? 0)).toBe(row[0]);
      names.forEach((name, column) => {
        expect(series?.columns[name]?.[i]).toBe(Number(row[column + 1]));
      });
    });
  });

  it('monthly, moved to the day on which they were known', () => {
    const rows = original('vega-datasets/data/stocks.csv');
    if (rows === undefined) return;
    for (const symbol of ['AAPL', 'AMZN', 'GOOG', 'IBM', 'MSFT']) {
      const series = readRealSeries(symbol, 'month');
      const own = rows.filter((row) => row[0] === symbol).slice(0, -1);
      expect(Array.from(series?.columns['close'] ?? [])).toEqual(own.map((row) => Number(row[2])));
      own.forEach((row, i) => {
        const day = new Date(series?.times[i] ?? 0);
        expect(new Date(`${row[1]} UTC`).getUTCMonth()).toBe(day.getUTCMonth());
        expect(new Date(day.getTime() + 86_400_000).getUTCDate()).toBe(1);
      });
    }
  });
});
