import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isTradewindError } from '../../../lib/errors.ts';
import { createPorts } from '../../guarded-ports.ts';
import { openDatabase } from '../../store/database.ts';
import { createMarketStore, type MarketStore } from '../../store/market-store.ts';
import { type ImportOptions, importFile } from './import-file.ts';

const NOW = '2026-01-05T10:00:00.000Z';

function newStore(): MarketStore {
  return createMarketStore(openDatabase(':memory:'));
}

function bring(text: string, fileName: string, store = newStore(), more: Partial<ImportOptions> = {}) {
  return { store, report: importFile({ bytes: Buffer.from(text), fileName, store, now: NOW, ...more }) };
}

function failure(text: string, fileName: string, store = newStore(), more: Partial<ImportOptions> = {}) {
  try {
    bring(text, fileName, store, more);
  } catch (error) {
    if (isTradewindError(error)) return error;
    throw error;
  }
  throw new Error('It should have failed.');
}

const bars = 'date,open,high,low,close,volume\n2024-01-02,1,3,1,2,10\n2024-01-03,2,4,2,3,20\n';

describe('importFile', () => {
  it('reads bars of one symbol, named by the file, and twice changes nothing', async () => {
    const { store, report } = bring(bars, 'tsla.csv');
    expect(report).toMatchObject({ layout: 'bars', items: [{ key: 'TSLA', rows: 2, added: 2, unchanged: 0 }] });
    const before = store.readSeries('TSLA', 'day');
    const again = bring(bars, 'tsla.csv', store, { now: '2027-01-01T00:00:00.000Z' }).report;
    expect(again.items).toMatchObject([{ added: 0, unchanged: 2, conflicts: 0 }]);
    expect(store.readSeries('TSLA', 'day')).toEqual(before);
    expect(before?.info).toMatchObject({ name: 'Tesla, Inc.', sector: 'Consumer Discretionary', retrievedAt: NOW });
    const ports = createPorts({ sources: [store], asOf: '2024-01-02' });
    expect((await ports.market.bars('tesla')).value.close).toEqual(Float64Array.of(2));
  });

  it('reads long and wide tables, gzip, semicolons, quotes and a byte-order mark', () => {
    const long = bring('Date,Ticker,Adj Close\n2024-01-02,AAPL,1\n2024-01-02,"MSFT",2\n2024-01-03,AAPL,3\n', 'x.csv');
    expect(long.report.items.map((item) => [item.key, item.rows])).toEqual([
      ['AAPL', 2],
      ['MSFT', 1],
    ]);
    const wide = newStore();
    importFile({
      bytes: gzipSync('\uFEFFdate;AAPL;KO\n2024-01-02;1;\n2024-01-03;2;5\n'),
      fileName: 'w.csv.gz',
      store: wide,
      now: NOW,
    });
    expect(wide.readSeries('KO', 'day')?.times.length).toBe(1);
    expect(wide.readSeries('AAPL', 'day')?.times.length).toBe(2);
  });

  it('names every bad row and stores nothing', () => {
    const store = newStore();
    const bad = 'date,close\n2024-01-02,1\n2024-02-30,2\n2024-01-04,x\n2024-01-05\n2024-01-08,-3\n';
    const error = failure(bad, 'ko.csv', store);
    expect(error.code).toBe('INVALID_FILE');
    for (const part of ['line 3: "2024-02-30"', 'line 4: close "x"', 'line 5: has 1 cells', 'line 6: close is -3'])
      expect(error.message).toContain(part);
    expect(store.items()).toEqual([]);
  });

  it('takes back everything when one symbol of many contradicts the store', () => {
    const store = newStore();
    bring('date,close\n2024-01-02,10\n', 'ko.csv', store);
    const wide = 'date,AAPL,KO\n2024-01-02,1,11\n';
    expect(failure(wide, 'wide.csv', store).message).toContain('KO differs in 1 row');
    expect(store.readSeries('AAPL', 'day')).toBeUndefined();
    expect(bring(wide, 'wide.csv', store, { onConflict: 'keep' }).report.warnings[0]).toContain('the store was kept');
    expect(store.readSeries('KO', 'day')?.columns['close']?.[0]).toBe(10);
    bring(wide, 'wide.csv', store, { onConflict: 'replace' });
    expect(store.readSeries('KO', 'day')?.columns['close']?.[0]).toBe(11);
  });

  it('joins new rows and columns with those that are held', () => {
    const store = newStore();
    bring('date,close\n2024-01-02,2\n2024-01-04,9\n', 'tsla.csv', store);
    const { report } = bring(bars, 'tsla.csv', store);
    expect(report.items).toMatchObject([{ rows: 3, added: 1, unchanged: 1 }]);
    expect(store.readSeries('TSLA', 'day')?.columns['high']).toEqual(Float64Array.of(3, 4, Number.NaN));
  });

  it('orders rows, drops repeated ones and names contradicting ones', () => {
    const { report, store } = bring('date,close\n2024-01-03,2\n2024-01-02,1\n2024-01-03,2\n', 'ko.csv');
    expect(report.items).toMatchObject([{ rows: 2, duplicates: 1 }]);
    expect(store.readSeries('KO', 'day')?.columns['close']).toEqual(Float64Array.of(1, 2));
    expect(failure('date,close\n2024-01-03,2\n2024-01-03,5\n', 'ko.csv').message).toContain('differs from line 2');
  });

  it('reads yields as percent, tenors however they are spelled, and no settlement as missing', () => {
    const yields = bring('Date,3 Mo,2 Yr,10 Yr\n2024-01-02,5.4,4.3,3.9\n', 'us_treasury.csv');
    expect(yields.report.items).toMatchObject([{ kind: 'panel', key: 'US:YIELDS' }]);
    expect(Object.keys(yields.store.readPanel('US:YIELDS')?.columns ?? {})).toEqual(['y3m', 'y2y', 'y10y']);
    const fractions = bring('date,y2y,y10y\n2024-01-02,0.077543,0.04\n', 'us_treasury.csv');
    expect(fractions.store.readPanel('US:YIELDS')?.columns['y2y']?.[0]).toBe(7.7543);
    expect(fractions.report.warnings.join()).toContain('stored in percent');
    const strip = bring('date,m1,m2,expiry1,expiry2\n2024-01-02,0,14,2024-01-17,2024-02-14\n', 'vix_futures.csv');
    const panel = strip.store.readPanel('VIX:FUTURES');
    expect(panel?.columns['m1']).toBeUndefined();
    expect(panel?.columns['expiry2']?.[0]).toBe(Date.UTC(2024, 1, 14));
  });

  it('hides quarterly figures until they were released', async () => {
    const { store } = bring('year,quarter,gdp\n2020,1,1\n2020,2,2\n2020,3,3\n', 'macro.csv', newStore(), {
      panel: 'MACRO',
    });
    const seen = await createPorts({ sources: [store], asOf: '2020-07-30' }).market.panel('MACRO');
    expect(seen.value.columns['gdp']).toEqual(Float64Array.of(1));
  });

  it('reads chains and portfolios', async () => {
    const chain =
      'date,underlying_close,expiry,strike,right,bid,ask\n2024-01-02,100,2024-02-16,95,C,6,6.2\n2024-01-02,100,2024-02-16,95,P,1,\n';
    const { store, report } = bring(chain, 'option_chain_spx.csv');
    expect(report.items).toMatchObject([{ kind: 'chain', key: 'SPX', rows: 2, added: 2 }]);
    const read = await createPorts({ sources: [store], asOf: '2024-03-01' }).market.chain('SPX');
    expect(read.value).toMatchObject({
      exercise: 'european',
      spot: 100,
      quotes: [{ right: 'call', ask: 6.2 }, { ask: null }],
    });
    expect(failure(chain.replace('2024-02-16,95,P', '2024-02-16,95,C'), 'option_chain_spx.csv').message).toContain(
      'comes twice',
    );
    const portfolio = 'symbol,quantity,cost,acquired\nAAPL,10,150,2023-01-03\nSamsung,5,,\nCASH,2500,,\n';
    const held = bring(portfolio, 'mine.csv', store, { now: NOW });
    expect(held.report.items).toMatchObject([{ kind: 'portfolio', key: 'mine', rows: 2 }]);
    expect(store.readPortfolio('MINE')?.portfolio).toMatchObject({
      cash: 2500,
      lots: [{ symbol: 'AAPL' }, { symbol: '005930.KS' }],
    });
    expect(bring(portfolio, 'mine.csv', store, { now: '2027-01-01T00:00:00Z' }).report.items[0]).toMatchObject({
      unchanged: 2,
      added: 0,
    });
    expect(failure(portfolio.replace('10', '12'), 'mine.csv', store).code).toBe('CONFLICTING_DATA');
  });

  it('refuses what it cannot read, and the names of the demo market', () => {
    expect(failure('', 'empty.csv').code).toBe('UNREADABLE_FILE');
    expect(failure('a\0b,c\n1,2\n', 'binary.csv').code).toBe('UNREADABLE_FILE');
    expect(failure('foo,bar\n1,2\n', 'odd.csv').code).toBe('UNKNOWN_LAYOUT');
    expect(failure(bars, 'x.csv', newStore(), { symbol: 'DEMO:MKT' }).code).toBe('INVALID_INPUT');
    expect(failure('date,close\n', 'ko.csv').code).toBe('INVALID_INPUT');
    expect(failure('date,symbol,close\n2024-01-02,A\u001b[2J,1\n', 'x.csv').message).toContain('is not a symbol');
  });

  it('removes what it imported', () => {
    const { store } = bring(bars, 'tsla.csv');
    expect(store.remove('tsla')).toBe(1);
    expect(store.items()).toEqual([]);
  });
});

const golden = join(resolve(process.env['TRADEWIND_GOLDEN'] ?? '../shared'), 'data');
describe.skipIf(!existsSync(golden))('every file of the golden folder', () => {
  const files = existsSync(golden) ? readdirSync(golden).filter((name) => /\.csv(\.gz)?$/.test(name)) : [];

  it.each(files)('%s', (fileName) => {
    const store = newStore();
    const bytes = readFileSync(join(golden, fileName));
    const report = importFile({ bytes, fileName, store, now: NOW });
    expect(report.items.length).toBeGreaterThan(0);
    for (const item of report.items) expect(item).toMatchObject({ conflicts: 0, unchanged: 0 });
    const again = importFile({ bytes, fileName, store, now: NOW });
    for (const item of again.items) expect(item.added).toBe(0);
  });
});
