import { describe, expect, it } from 'vitest';
import { createPorts } from '../guarded-ports.ts';
import { hashColumns } from '../hash-columns.ts';
import { openDatabase } from './database.ts';
import { createMarketStore, type SeriesMeta } from './market-store.ts';

const meta: SeriesMeta = {
  symbol: 'TOY',
  name: 'Toy',
  assetClass: 'equity',
  sector: null,
  currency: 'USD',
  calendar: 'XNYS',
  frequency: 'day',
  periodsPerYear: 252,
  synthetic: false,
  source: 'test',
  licence: null,
  retrievedAt: '2026-01-01T00:00:00.000Z',
};
const times = Float64Array.of(Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 3), Date.UTC(2024, 0, 4));
const columns = { close: Float64Array.of(1.1, 2.2, Number.NaN), volume: Float64Array.of(1, 2, 3) };

describe('market store', () => {
  it('gives back the bytes that it was given, with their hash and span', () => {
    const store = createMarketStore(openDatabase(':memory:'));
    store.putSeries(meta, times, columns);
    const read = store.readSeries('TOY', 'day');
    expect(read?.times).toEqual(times);
    expect(read?.columns).toEqual(columns);
    expect(read?.hash).toBe(hashColumns(times, columns));
    expect(read?.info).toEqual({ ...meta, from: '2024-01-02', to: '2024-01-04', rows: 3 });
    expect(store.seriesOf('TOY')).toEqual([read?.info]);
  });

  it('hashes a window like the same rows stored alone', async () => {
    const whole = createMarketStore(openDatabase(':memory:'));
    whole.putSeries(meta, times, columns);
    const part = createMarketStore(openDatabase(':memory:'));
    part.putSeries(meta, times.slice(0, 2), {
      close: columns.close.slice(0, 2),
      volume: columns.volume.slice(0, 2),
    });
    const cut = await createPorts({ sources: [whole], asOf: '2024-01-03' }).market.bars('TOY');
    expect(cut.provenance[0]?.hash).toBe(part.readSeries('TOY', 'day')?.hash);
    expect(cut.provenance[0]).toMatchObject({ rows: 2, retrievedAt: meta.retrievedAt });
  });

  it('keeps release times beside the columns of a panel', () => {
    const store = createMarketStore(openDatabase(':memory:'));
    const panel = {
      id: 'US:CPI',
      name: 'CPI',
      measure: 'index',
      synthetic: false,
      source: 't',
      licence: null,
      retrievedAt: null,
    };
    const known = times.map((time) => time + 40 * 86_400_000);
    store.putPanel(panel, times, known, { value: columns.volume });
    store.putPanel(panel, times, known, { value: columns.volume });
    expect(store.readPanel('US:CPI')).toMatchObject({ availableFrom: known, columns: { value: columns.volume } });
    expect(store.items().length).toBe(1);
    expect(store.remove('us:cpi')).toBe(1);
    expect(store.readPanel('US:CPI')).toBeUndefined();
  });

  it('writes all of a transaction or nothing', () => {
    const store = createMarketStore(openDatabase(':memory:'));
    expect(() =>
      store.transaction(() => {
        store.putSeries(meta, times, columns);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(store.listSeries()).toEqual([]);
  });
});
