import { describe, expect, it } from 'vitest';
import { toIsoDate } from '../../lib/dates.ts';
import { bundledMarket } from './bundled-market.ts';

const series = bundledMarket.listSeries();
const columnOf = (symbol: string, name: string): Float64Array =>
  bundledMarket.readSeries(symbol, 'day')?.columns[name] ?? new Float64Array(0);
const panelOf = (id: string) => bundledMarket.readPanel(id)?.columns ?? {};
const logs = (values: Float64Array) => values.map(Math.log);

/** First-order autocorrelation: near one for a random walk, well below for a mean-reverting gap. */
function persistence(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let cross = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const here = (values[i] ?? 0) - mean;
    square += here * here;
    if (i > 0) cross += here * ((values[i - 1] ?? 0) - mean);
  }
  return cross / square;
}

function gap(a: string, b: string, until = Number.POSITIVE_INFINITY, from = 0): Float64Array {
  const times = bundledMarket.readSeries(a, 'day')?.times ?? new Float64Array(0);
  const x = logs(columnOf(a, 'adjClose'));
  const y = logs(columnOf(b, 'adjClose'));
  return y.map((value, i) => value - (x[i] ?? 0)).filter((_, i) => (times[i] ?? 0) <= until && (times[i] ?? 0) > from);
}

describe('bundled series', () => {
  it.each(series.map((info) => [`${info.symbol} ${info.frequency}`, info] as const))('%s', (_, info) => {
    const data = bundledMarket.readSeries(info.symbol, info.frequency);
    const times = data?.times ?? new Float64Array(0);
    expect(times.length).toBe(info.rows);
    expect(toIsoDate(times[0] ?? 0)).toBe(info.from);
    expect(toIsoDate(times.at(-1) ?? 0)).toBe(info.to);
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0))).toBe(true);
    for (const column of Object.values(data?.columns ?? {})) expect(column.every(Number.isFinite)).toBe(true);
    const { open, high, low, close } = data?.columns ?? {};
    if (info.synthetic && open && high && low && close) {
      expect(close.every((value, i) => (low[i] ?? 0) <= Math.min(value, open[i] ?? 0))).toBe(true);
      expect(close.every((value, i) => (high[i] ?? 0) >= Math.max(value, open[i] ?? 0))).toBe(true);
    }
  });

  it('marks everything that is made up, and nothing that is real', () => {
    for (const info of series) expect(info.synthetic).toBe(info.symbol.startsWith('DEMO:'));
    for (const info of bundledMarket.listPanels()) expect(info.synthetic).toBe(info.id.startsWith('DEMO:'));
    expect(series.filter((info) => info.assetClass === 'equity' && info.synthetic).length).toBeGreaterThanOrEqual(40);
  });

  it('keeps the prices of the source', () => {
    expect(columnOf('SPX', 'close')[0]).toBe(1455.219971);
    expect(columnOf('AAPL', 'adjClose')[0]).toBe(50.961628);
  });

  it('is the same on every machine', () => {
    expect(bundledMarket.readSeries('SPX', 'day')?.hash).toMatchInlineSnapshot(`"251e8114922f01e2ea8d368278475168"`);
    expect(bundledMarket.readSeries('DEMO:MKT', 'day')?.hash).toMatchInlineSnapshot(
      `"292b6ee8600bbb32ac7125ce7b54d038"`,
    );
  });
});

describe('demo market', () => {
  it('has pairs that hold together and pairs that only look so', () => {
    for (const [a, b] of [
      ['DEMO:FENNB', 'DEMO:OSTRM'],
      ['DEMO:DRILX', 'DEMO:PETRA'],
      ['DEMO:VOLTA', 'DEMO:HYDRO'],
    ] as const)
      expect(persistence(gap(a, b))).toBeLessThan(0.985);
    for (const [a, b] of [
      ['DEMO:QUBRA', 'DEMO:SILIQ'],
      ['DEMO:AEROX', 'DEMO:MACHN'],
    ] as const)
      expect(persistence(gap(a, b))).toBeGreaterThan(0.995);
    const day = Date.UTC(2019, 5, 28);
    expect(persistence(gap('DEMO:MILLO', 'DEMO:GRANA', day))).toBeLessThan(0.98);
    expect(persistence(gap('DEMO:MILLO', 'DEMO:GRANA', Number.POSITIVE_INFINITY, day))).toBeGreaterThan(0.99);
  });

  it('has fat tails', () => {
    const close = logs(columnOf('DEMO:MKT', 'close'));
    const moves = close.slice(1).map((value, i) => value - (close[i] ?? 0));
    const moment = (power: number) => moves.reduce((sum, move) => sum + move ** power, 0) / moves.length;
    expect(moment(4) / moment(2) ** 2).toBeGreaterThan(5);
  });

  it('quotes forwards at covered interest parity', () => {
    const forwards = panelOf('DEMO:FX:FORWARDS');
    const rates = panelOf('DEMO:RATES:3M');
    const [spot, points, us, jp] = [forwards['USDJPY.spot'], forwards['USDJPY.3M'], rates['US'], rates['JP']];
    for (const i of [0, 1000, 4000]) {
      const s = spot?.[i] ?? Number.NaN;
      const fair = s * ((1 + (jp?.[i] ?? Number.NaN) / 400) / (1 + (us?.[i] ?? Number.NaN) / 400) - 1);
      expect(points?.[i]).toBeCloseTo(fair, 8);
    }
  });

  it('splits and pays dividends in the adjusted close only', () => {
    const data = bundledMarket.readSeries('DEMO:NOVAL', 'day');
    const row = data?.times.indexOf(Date.UTC(2020, 7, 31)) ?? -1;
    const close = data?.columns['close'] ?? new Float64Array(0);
    const adjusted = data?.columns['adjClose'] ?? new Float64Array(0);
    expect((close[row - 1] ?? 0) / (close[row] ?? 1)).toBeGreaterThan(3);
    expect((adjusted[row - 1] ?? 0) / (adjusted[row] ?? 1)).toBeLessThan(1.2);
    const bank = bundledMarket.readSeries('DEMO:FENNB', 'day')?.columns;
    expect(bank?.['adjClose']?.[0]).toBeLessThan((bank?.['close']?.[0] ?? 0) * 0.8);
  });

  it('releases macro figures after their period', () => {
    for (const id of ['DEMO:US:CPI', 'DEMO:US:UNEMPLOYMENT', 'DEMO:US:GDP']) {
      const panel = bundledMarket.readPanel(id);
      expect(panel?.availableFrom?.every((known, i) => known > (panel.times[i] ?? 0) + 27 * 86_400_000)).toBe(true);
    }
  });

  it('quotes options with the flaws of a real chain', () => {
    for (const name of bundledMarket.chainUnderlyings()) {
      const date = bundledMarket.chainDates(name).at(-1) ?? '';
      const quotes = bundledMarket.readChain(name, date)?.chain.quotes ?? [];
      expect(quotes.length).toBeGreaterThan(200);
      expect(new Set(quotes.map((quote) => quote.expiry)).size).toBe(8);
      expect(quotes.some((quote) => (quote.bid ?? 0) > (quote.ask ?? 0))).toBe(true);
      expect(quotes.some((quote) => quote.volume === 0)).toBe(true);
    }
    const index = bundledMarket.readChain('DEMO:MKT', '2025-12-31')?.chain.quotes ?? [];
    expect(index.some((quote) => quote.bid === 0)).toBe(true);
  });

  it('holds a portfolio of about 55/30/15', () => {
    const portfolio = bundledMarket.readPortfolio('demo:balanced')?.portfolio;
    const value = (symbols: (symbol: string) => boolean) =>
      (portfolio?.lots ?? [])
        .filter((lot) => symbols(lot.symbol))
        .reduce((sum, lot) => sum + lot.quantity * (columnOf(lot.symbol, 'close').at(-1) ?? 0), 0);
    const bonds = value((symbol) => ['DEMO:GOV10', 'DEMO:CORP'].includes(symbol));
    const shares = value((symbol) => !['DEMO:GOV10', 'DEMO:CORP'].includes(symbol));
    const total = bonds + shares + (portfolio?.cash ?? 0);
    expect(shares / total).toBeCloseTo(0.55, 1);
    expect(bonds / total).toBeCloseTo(0.3, 1);
  });
});
