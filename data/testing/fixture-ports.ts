/** Ports for tests and tool examples: the bundled market, or a few rows written in the test. No file, no clock. */
import { parseIsoDate, toIsoTime } from '../../lib/dates.ts';
import { bundledMarket } from '../bundled/bundled-market.ts';
import { createPorts } from '../guarded-ports.ts';
import { hashColumns } from '../hash-columns.ts';
import type { MarketSource, PanelInfo, StoredPanel, StoredSeries } from '../market-source.ts';
import type { Ports } from '../ports.ts';
import type { Instrument, OptionChain, Portfolio } from '../types.ts';

/** The bundled market, with everything in it visible unless a cut-off is given. */
export function fixturePorts(asOf = '2025-12-31', extra: readonly MarketSource[] = []): Ports {
  return createPorts({ sources: [...extra, bundledMarket], asOf });
}

export interface SeriesFixture {
  readonly symbol: string;
  /** ISO days; where left out, consecutive days from 2020-01-01. */
  readonly dates?: readonly string[];
  readonly close: readonly number[];
  readonly columns?: Readonly<Record<string, readonly number[]>>;
  readonly instrument?: Partial<Instrument>;
}

export interface PanelFixture {
  readonly id: string;
  readonly dates: readonly string[];
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly availableFrom?: readonly string[];
  readonly measure?: string;
}

export interface MarketFixture {
  readonly series?: readonly SeriesFixture[];
  readonly panels?: readonly PanelFixture[];
  readonly chains?: readonly OptionChain[];
  readonly portfolios?: readonly Portfolio[];
}

/** A source that holds just what is given; pass it to `fixturePorts(asOf, [source])` or to `createPorts`. */
export function fixtureSource(fixture: MarketFixture): MarketSource {
  const series = (fixture.series ?? []).map(toSeries);
  const panels = (fixture.panels ?? []).map(toPanel);
  const chains = fixture.chains ?? [];
  const portfolios = fixture.portfolios ?? [];
  return {
    listSeries: () => series.map((item) => item.info),
    seriesOf: (symbol) => series.filter((item) => item.info.symbol === symbol).map((item) => item.info),
    readSeries: (symbol, frequency) =>
      series.find((item) => item.info.symbol === symbol && item.info.frequency === frequency),
    listPanels: () => panels.map((item) => item.info),
    readPanel: (id) => panels.find((item) => item.info.id === id),
    chainUnderlyings: () => [...new Set(chains.map((chain) => chain.underlying))],
    chainDates: (name) =>
      chains
        .filter((chain) => chain.underlying === name)
        .map((chain) => chain.quoteDate)
        .sort(),
    readChain: (name, date) => {
      const chain = chains.find((item) => item.underlying === name && item.quoteDate === date);
      return chain && { chain, source: 'test', hash: `${name} ${date}`, retrievedAt: null };
    },
    portfolioNames: () => portfolios.map((portfolio) => portfolio.name),
    readPortfolio: (name) => {
      const portfolio = portfolios.find((item) => item.name === name);
      return portfolio && { portfolio, source: 'test', hash: name };
    },
  };
}

function toSeries(fixture: SeriesFixture): StoredSeries {
  const first = parseIsoDate('2020-01-01');
  const times = Float64Array.from(fixture.close, (_, i) => {
    const date = fixture.dates?.[i];
    return date === undefined ? first + i * 86_400_000 : parseIsoDate(date);
  });
  const columns: Record<string, Float64Array> = { close: Float64Array.from(fixture.close) };
  for (const [name, values] of Object.entries(fixture.columns ?? {})) columns[name] = Float64Array.from(values);
  const info = {
    symbol: fixture.symbol,
    name: fixture.symbol,
    assetClass: 'equity' as const,
    sector: null,
    currency: 'USD',
    calendar: 'XNYS' as const,
    frequency: 'day' as const,
    periodsPerYear: 252,
    synthetic: fixture.symbol.startsWith('DEMO:'),
    source: 'test',
    licence: null,
    from: toIsoTime(times[0] ?? first),
    to: toIsoTime(times.at(-1) ?? first),
    rows: times.length,
    retrievedAt: null,
    ...fixture.instrument,
  };
  return { info, times, columns, hash: hashColumns(times, columns) };
}

function toPanel(fixture: PanelFixture): StoredPanel {
  const times = Float64Array.from(fixture.dates, parseIsoDate);
  const availableFrom = fixture.availableFrom ? Float64Array.from(fixture.availableFrom, parseIsoDate) : null;
  const columns = Object.fromEntries(
    Object.entries(fixture.columns).map(([name, values]) => [name, Float64Array.from(values)]),
  );
  const info: PanelInfo = {
    id: fixture.id,
    name: fixture.id,
    measure: fixture.measure ?? 'price',
    synthetic: fixture.id.startsWith('DEMO:'),
    source: 'test',
    licence: null,
    from: fixture.dates[0] ?? '',
    to: fixture.dates.at(-1) ?? '',
    rows: times.length,
    retrievedAt: null,
  };
  return { info, times, availableFrom, columns, hash: hashColumns(times, columns) };
}
