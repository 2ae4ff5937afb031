/** The store: how fast a million bars come in, and how fast a hundred long series are read back through the ports. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPorts } from '../data/guarded-ports.ts';
import { importFile } from '../data/market/importers/import-file.ts';
import { openDatabase } from '../data/store/database.ts';
import { createMarketStore, type MarketStore } from '../data/store/market-store.ts';
import { toIsoDate } from '../lib/dates.ts';
import { createRng } from '../lib/rng.ts';
import type { Benchmark } from './benchmark.ts';

const DAYS = 5_000;
const IMPORTED_SYMBOLS = 200;
const READ_SYMBOLS = 100;
const DAY = 86_400_000;
const FIRST = Date.UTC(2000, 0, 3);

/** A long table of daily bars: 200 symbols of 5,000 days. */
function millionBars(): Uint8Array {
  const rng = createRng(1);
  const dates = Array.from({ length: DAYS }, (_, day) => toIsoDate(FIRST + day * DAY));
  const parts: string[] = ['date,symbol,open,high,low,close,volume\n'];
  for (let symbol = 0; symbol < IMPORTED_SYMBOLS; symbol++) {
    let price = 50;
    for (const date of dates) {
      price *= 1 + 0.01 * rng.normal();
      const open = price * (1 + 0.002 * rng.normal());
      const high = Math.max(open, price) * 1.004;
      const low = Math.min(open, price) * 0.996;
      parts.push(
        `${date},BENCH${symbol},${open.toFixed(4)},${high.toFixed(4)},${low.toFixed(4)},${price.toFixed(4)},${rng.integer(1e6)}\n`,
      );
    }
  }
  return Buffer.from(parts.join(''));
}

function withStore(): { readonly open: () => MarketStore } {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  let n = 0;
  return { open: () => createMarketStore(openDatabase(join(folder, `${n++}.sqlite`))) };
}

function fill(store: MarketStore): void {
  const rng = createRng(2);
  const times = Float64Array.from({ length: DAYS }, (_, day) => FIRST + day * DAY);
  store.transaction(() => {
    for (let i = 0; i < READ_SYMBOLS; i++) {
      const column = () => times.map(() => 50 + rng.normal());
      store.putSeries(
        {
          symbol: `BENCH${i}`,
          name: `Bench ${i}`,
          assetClass: 'equity',
          sector: null,
          currency: 'USD',
          calendar: 'XNYS',
          frequency: 'day',
          periodsPerYear: 252,
          synthetic: false,
          source: 'bench',
          licence: null,
          retrievedAt: '2026-01-01T00:00:00.000Z',
        },
        times,
        { open: column(), high: column(), low: column(), close: column(), adjClose: column(), volume: column() },
      );
    }
  });
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'import 1,000,000 daily bars (long CSV, OHLCV, 200 symbols)',
    target: '≤ 20 s',
    budgetMs: 1,
    work: { amount: DAYS * IMPORTED_SYMBOLS, unit: 'bars' },
    setup: () => {
      const bytes = millionBars();
      const { open } = withStore();
      return () => importFile({ bytes, fileName: 'bench.csv', store: open(), now: '2026-01-01T00:00:00.000Z' });
    },
  },
  {
    name: 'read 5,000 bars of 100 symbols, six columns, through the ports',
    target: '≤ 150 ms',
    work: { amount: READ_SYMBOLS, unit: 'series' },
    setup: () => {
      const store = withStore().open();
      fill(store);
      const { market } = createPorts({ sources: [store], asOf: '2026-01-01' });
      return async () => {
        for (let i = 0; i < READ_SYMBOLS; i++) await market.bars(`BENCH${i}`);
      };
    },
  },
  {
    name: 'the same with a cut-off inside the series (rows hashed anew)',
    target: '≤ 150 ms',
    work: { amount: READ_SYMBOLS, unit: 'series' },
    setup: () => {
      const store = withStore().open();
      fill(store);
      const { market } = createPorts({ sources: [store], asOf: '2012-01-01' });
      return async () => {
        for (let i = 0; i < READ_SYMBOLS; i++) await market.bars(`BENCH${i}`);
      };
    },
  },
];
