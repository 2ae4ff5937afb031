import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIsoDate } from '../lib/dates.ts';
import { isTradewindError } from '../lib/errors.ts';
import { fixturePorts, fixtureSource } from './testing/fixture-ports.ts';

const END_OF_2015 = Date.UTC(2016, 0, 1);

async function failure(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    if (isTradewindError(error)) return error;
    throw error;
  }
  throw new Error('It should have failed.');
}

describe('as-of guard', () => {
  const early = fixturePorts('2015-12-31');

  it('shows the same rows as a market that ends there', async () => {
    const cut = (await early.market.bars('SPX')).value;
    const whole = (await fixturePorts().market.bars('SPX', { end: '2015-12-31' })).value;
    expect(cut.times.at(-1)).toBe(Date.UTC(2015, 11, 31));
    expect(cut.close).toEqual(whole.close);
    expect(cut.instrument.to).toBe('2015-12-31');
    expect(cut.instrument.rows).toBe(cut.times.length);
    expect(cut.close.buffer.byteLength).toBe(cut.times.length * 8);
  });

  it('hides later ends, spans, panels, chains and instruments', async () => {
    expect((await early.market.bars('SPX', { end: '2019-01-01' })).value.times.at(-1)).toBeLessThan(END_OF_2015);
    for (const info of await early.market.search({ withData: true, limit: 500 }))
      expect((info.to ?? '') <= '2015-12-31').toBe(true);
    for (const panel of await early.market.panels()) expect(panel.to <= '2015-12-31').toBe(true);
    expect((await failure(early.market.chain('DEMO:MKT'))).code).toBe('NO_DATA');
    expect((await failure(early.market.bars('DEMO:PIXON'))).code).toBe('NO_DATA');
  });

  it('cuts macro series by the day on which they became known', async () => {
    const cpi = (await early.market.panel('DEMO:US:CPI')).value;
    expect(cpi.times.at(-1)).toBe(Date.UTC(2015, 10, 1));
    expect(cpi.availableFrom?.every((known) => known < END_OF_2015)).toBe(true);
    const nextDay = fixturePorts('2016-01-13');
    expect((await nextDay.market.panel('DEMO:US:CPI')).value.times.at(-1)).toBe(Date.UTC(2015, 11, 1));
  });

  it('takes the last chain on or before a date', async () => {
    const ports = fixturePorts();
    expect((await ports.market.chain('demo:mkt', '2025-06-15')).value.quoteDate).toBe('2025-05-30');
    expect((await ports.market.chain('DEMO:MKT')).value.quoteDate).toBe('2025-12-31');
  });

  it('hashes the rows that were read, and only those', async () => {
    const ports = fixturePorts();
    const hashOf = async (start: string, end: string) =>
      (await ports.market.bars('SPX', { start, end })).provenance[0]?.hash;
    const [a, b, c] = [
      await hashOf('2010-01-01', '2010-12-31'),
      await hashOf('2010-01-01', '2010-12-31'),
      await hashOf('2010-01-01', '2010-12-30'),
    ];
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    const [whole] = (await ports.market.bars('SPX')).provenance;
    const [spelled] = (await ports.market.bars('SPX', { start: '2000-01-03', end: '2020-04-17' })).provenance;
    expect(whole?.hash).toBe(spelled?.hash);
    expect(whole).toMatchObject({
      symbols: ['SPX'],
      from: '2000-01-03',
      to: '2020-04-17',
      rows: 5105,
      synthetic: false,
    });
  });

  it('never shows a row of the future, whatever is asked', async () => {
    const first = Date.UTC(2009, 0, 1);
    const day = fc.integer({ min: 0, max: 6500 }).map((n) => toIsoDate(first + n * 86_400_000));
    const panel = fc.constantFrom('DEMO:US:CPI', 'DEMO:US:GDP', 'DEMO:US:YIELDS');
    const symbol = fc.constantFrom('SPX', 'AAPL', 'DEMO:PAPRA', 'DEMO:CURAN');
    await fc.assert(
      fc.asyncProperty(day, day, symbol, panel, async (asOf, end, name, id) => {
        const limit = Date.parse(`${asOf}T00:00:00Z`) + 86_400_000;
        const { market } = fixturePorts(asOf);
        const bars = await market.bars(name, { end }).catch(() => undefined);
        for (const time of bars?.value.times.slice(-1) ?? []) expect(time).toBeLessThan(limit);
        expect((bars?.value.instrument.to ?? '') <= asOf).toBe(true);
        const table = await market.panel(id, { end }).catch(() => undefined);
        const known = table?.value.availableFrom ?? table?.value.times;
        expect(known?.every((time) => time < limit) ?? true).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses a window that ends before it starts', async () => {
    const error = await failure(early.market.bars('SPX', { start: '2015-01-02', end: '2015-01-01' }));
    expect(error.code).toBe('INVALID_INPUT');
  });
});

describe('symbols', () => {
  const { market } = fixturePorts();

  it.each([
    ['SPX', 'SPX'],
    ['spx', 'SPX'],
    ['^GSPC', 'SPX'],
    ['S&P 500', 'SPX'],
    ['s&p500', 'SPX'],
    ['the S&P', 'SPX'],
    ['에스앤피 500', 'SPX'],
    ['apple', 'AAPL'],
    ['애플', 'AAPL'],
    ['Apple Inc.', 'AAPL'],
    ['삼성전자', '005930.KS'],
    ['samsung', '005930.KS'],
    ['brk-b', 'BRK.B'],
    ['demo:mkt', 'DEMO:MKT'],
    ['코스피', 'KOSPI'],
  ])('%s means %s', async (typed, symbol) => {
    expect((await market.resolve(typed)).symbol).toBe(symbol);
  });

  it.each([
    ['APPL', 'AAPL'],
    ['SPXX', 'SPX'],
    ['microsft', 'MSFT'],
    ['DEMO:NOVEL', 'DEMO:NOVAL'],
    ['tesl', 'TSLA'],
  ])('suggests but never swaps: %s', async (typed, suggestion) => {
    const error = await failure(market.bars(typed));
    expect(error.code).toBe('UNKNOWN_SYMBOL');
    expect(error.hint).toContain(suggestion);
  });

  it('never answers a real name with a demo series', async () => {
    expect((await failure(market.bars('VIX'))).code).toBe('NO_DATA');
    expect((await failure(market.resolve('Novalith Systems (synthetic)'))).code).toBe('UNKNOWN_SYMBOL');
    expect((await failure(market.panel('US:YIELDS'))).code).toBe('NO_DATA');
  });

  it('names the command where only the name is known', async () => {
    const error = await failure(market.bars('NVDA'));
    expect(error.code).toBe('NO_DATA');
    expect(error.hint).toContain('tradewind data fetch NVDA --source yahoo');
    expect((await failure(market.panel('US:CPI'))).hint).toContain('--source fred');
    expect((await failure(market.panel('US:CPX'))).hint).toContain('US:CPI');
  });

  it('gives the daily series first and says where the window is empty', async () => {
    expect((await market.bars('AAPL')).value.instrument.frequency).toBe('day');
    expect((await market.bars('AAPL', { frequency: 'month' })).value.times.length).toBe(122);
    expect((await failure(market.bars('AAPL', { end: '2009-12-31' }))).message).toContain('month 2000-01-31');
    expect((await failure(market.bars('SPX', { frequency: 'month' }))).message).toContain('day');
  });

  it("lets the person's own series win over the bundled one", async () => {
    const own = fixtureSource({ series: [{ symbol: 'SPX', dates: ['2024-01-02'], close: [4742.83] }] });
    expect((await fixturePorts('2025-01-01', [own]).market.bars('SPX')).value.close).toEqual(Float64Array.of(4742.83));
  });

  it('searches by words, sector, class and alias', async () => {
    const symbols = async (query: Parameters<typeof market.search>[0]) =>
      (await market.search(query)).map((info) => info.symbol);
    expect((await symbols({ text: 'S&P 500' }))[0]).toBe('SPX');
    expect(await symbols({ sector: 'Utilities', synthetic: true })).toEqual(['DEMO:GRIDX', 'DEMO:HYDRO', 'DEMO:VOLTA']);
    expect(await symbols({ text: 'gold', withData: true })).toContain('DEMO:GOLD');
    expect((await symbols({ assetClass: 'commodity', synthetic: false })).length).toBeGreaterThan(4);
    expect(await symbols({ text: 'no such thing' })).toEqual([]);
  });
});
