/**
 * The ports of one call: every read is cut at `asOf`. Nothing dated after it, and nothing that became known after it,
 * ever leaves this file, in rows or in the spans that describe them.
 */
import { addDays, toIsoTime } from '../lib/dates.ts';
import { type ErrorDetails, invalidInput, notAvailable } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { createDirectory, type Directory } from './directory/directory.ts';
import { hashColumns } from './hash-columns.ts';
import { knownPanels } from './known-panels.ts';
import type { MarketSource, PanelInfo, SeriesInfo, StoredPanel, StoredSeries } from './market-source.ts';
import { byFrequency } from './market-source.ts';
import type { MarketPort, PortfolioPort, Ports, RunsPort, Window } from './ports.ts';
import { endOfDay, type RowWindow, rowWindow } from './row-window.ts';
import { findInstrument, noPrices, searchInstruments } from './symbols.ts';
import type { Bars, Frequency, Instrument, Loaded, OptionChain, Panel, Portfolio, Provenance } from './types.ts';

export interface PortsOptions {
  /** Looked up in this order: the person's own store before the bundled market. */
  readonly sources: readonly MarketSource[];
  /** Nothing after this ISO day is visible. */
  readonly asOf: string;
  readonly runs?: RunsPort | undefined;
  readonly directory?: Directory | undefined;
}

const noRuns: RunsPort = { get: async () => undefined, list: async () => [] };

export function createPorts(options: PortsOptions): Ports {
  return {
    asOf: options.asOf,
    market: createMarketPort(options),
    portfolios: createPortfolioPort(options.sources),
    runs: options.runs ?? noRuns,
  };
}

function createMarketPort({ sources, asOf, directory = createDirectory() }: PortsOptions): MarketPort {
  const see = (info: SeriesInfo) => visible(info, sources, asOf);
  const resolve = (symbol: string) => findInstrument(symbol, sources, directory);
  return {
    resolve: async (symbol) => see(resolve(symbol)),
    search: async (query) => searchInstruments(query, sources, directory).map(see),
    bars: async (symbol, window = {}) => readBars(resolve(symbol), window, sources, asOf),
    panel: async (id, window = {}) => readPanel(id, window, sources, asOf),
    panels: async () => listPanels(sources, asOf),
    chain: async (underlying, date) => readChain(resolve(underlying).symbol, date ?? asOf, sources, asOf),
  };
}

/** The instrument with its span as it stood at the cut-off. */
function visible(info: SeriesInfo, sources: readonly MarketSource[], asOf: string): Instrument {
  const { retrievedAt: _, ...instrument } = info;
  if (info.to === null || info.to.slice(0, 10) <= asOf) return instrument;
  if (info.from === null || info.from.slice(0, 10) > asOf) return { ...instrument, from: null, to: null, rows: 0 };
  const series = readFrom(sources, (source) => source.readSeries(info.symbol, info.frequency));
  return series === undefined ? instrument : clipSpan(instrument, series.times, asOf);
}

function clipSpan(instrument: Instrument, times: Float64Array, asOf: string): Instrument {
  const { end } = rowWindow(times, null, asOf, {});
  if (end === 0) return { ...instrument, from: null, to: null, rows: 0 };
  return { ...instrument, from: dayOf(times, 0), to: dayOf(times, end - 1), rows: end };
}

function readFrom<T>(sources: readonly MarketSource[], read: (source: MarketSource) => T | undefined): T | undefined {
  for (const source of sources) {
    const found = read(source);
    if (found !== undefined) return found;
  }
  return undefined;
}

function dayOf(times: Float64Array, row: number): string {
  return toIsoTime(times[row] as number);
}

function readBars(
  info: SeriesInfo,
  window: Window & { readonly frequency?: Frequency | undefined },
  sources: readonly MarketSource[],
  asOf: string,
): Loaded<Bars> {
  checkWindow(window);
  const held = sources.flatMap((source) => source.seriesOf(info.symbol)).sort(byFrequency);
  const frequency = window.frequency ?? held[0]?.frequency;
  const series = frequency && readFrom(sources, (source) => source.readSeries(info.symbol, frequency));
  if (!series) throw noPrices(info, held, window.frequency);
  const { first, end } = rowWindow(series.times, null, asOf, window);
  if (first === end) throw emptyWindow(series, held, window, asOf);
  const { retrievedAt: _, ...instrument } = series.info;
  const column = (name: string) => series.columns[name]?.slice(first, end) ?? null;
  const times = series.times.slice(first, end);
  const close = column('close');
  if (close === null) throw new Error(`The series ${info.symbol} has no close column.`);
  return {
    value: {
      instrument: clipSpan(instrument, series.times, asOf),
      times,
      open: column('open'),
      high: column('high'),
      low: column('low'),
      close,
      adjClose: column('adjClose'),
      volume: column('volume'),
    },
    provenance: [provenanceOf(series.info, [info.symbol], series, { first, end })],
  };
}

function readPanel(id: string, window: Window, sources: readonly MarketSource[], asOf: string): Loaded<Panel> {
  checkWindow(window);
  const key = id.trim().toUpperCase();
  const panel = readFrom(sources, (source) => source.readPanel(key));
  if (panel === undefined) throw noPanel(key, sources);
  const { first, end } = rowWindow(panel.times, panel.availableFrom, asOf, window);
  if (first === end) {
    throw notAvailable({
      code: 'NO_DATA',
      message: `${key} has no rows${windowText(window)} that were known on ${asOf}; it begins on ${panel.info.from}.`,
      hint: 'Choose another window, or a later `asOf`.',
    });
  }
  const columns: Record<string, Float64Array> = {};
  for (const [name, values] of Object.entries(panel.columns)) columns[name] = values.slice(first, end);
  return {
    value: {
      id: panel.info.id,
      name: panel.info.name,
      synthetic: panel.info.synthetic,
      times: panel.times.slice(first, end),
      availableFrom: panel.availableFrom?.slice(first, end) ?? null,
      columns,
      measure: panel.info.measure,
    },
    provenance: [provenanceOf(panel.info, [key], panel, { first, end })],
  };
}

function provenanceOf(
  info: SeriesInfo | PanelInfo,
  symbols: readonly string[],
  data: StoredSeries | StoredPanel,
  { first, end }: RowWindow,
): Provenance {
  const whole = first === 0 && end === data.times.length;
  const cut = (values: Float64Array) => values.subarray(first, end);
  const available = 'availableFrom' in data ? data.availableFrom : null;
  const columns = Object.fromEntries(Object.entries(data.columns).map(([name, values]) => [name, cut(values)]));
  const extra: Record<string, Float64Array> = available === null ? {} : { availableFrom: cut(available) };
  return {
    source: info.source,
    symbols,
    from: dayOf(data.times, first),
    to: dayOf(data.times, end - 1),
    rows: end - first,
    hash: whole ? data.hash : hashColumns(cut(data.times), columns, extra),
    synthetic: info.synthetic,
    retrievedAt: info.retrievedAt,
  };
}

function listPanels(sources: readonly MarketSource[], asOf: string) {
  const seen = new Map<string, PanelInfo>();
  for (const source of sources) for (const info of source.listPanels()) if (!seen.has(info.id)) seen.set(info.id, info);
  return [...seen.values()]
    .filter((info) => info.from <= asOf)
    .map(({ id, name, from, to, rows, synthetic }) => {
      // A release lag may hide the last rows: only old panels can skip the look inside.
      if (addDays(to, 200) <= asOf) return { id, name, from, to, rows, synthetic };
      const panel = readFrom(sources, (source) => source.readPanel(id));
      const end = panel ? rowWindow(panel.times, panel.availableFrom, asOf, {}).end : 0;
      return { id, name, from, to: panel && end > 0 ? dayOf(panel.times, end - 1) : from, rows: end, synthetic };
    })
    .filter(({ rows }) => rows > 0);
}

function readChain(
  underlying: string,
  wanted: string,
  sources: readonly MarketSource[],
  asOf: string,
): Loaded<OptionChain> {
  const limit = endOfDay(wanted < asOf ? wanted : asOf);
  const dates = sources.flatMap((source) => source.chainDates(underlying)).sort();
  const date = dates.filter((day) => endOfDay(day) <= limit).at(-1);
  const found = date && readFrom(sources, (source) => source.readChain(underlying, date));
  if (!found) {
    const held = sources.flatMap((source) => source.chainUnderlyings()).filter((name) => name !== underlying);
    throw notAvailable({
      code: 'NO_DATA',
      message: dates.length
        ? `The first option chain of ${underlying} is of ${dates[0]}; none was quoted on or before ${wanted < asOf ? wanted : asOf}.`
        : `There is no option chain of ${underlying} here. Chains held: ${held.join(', ') || 'none'}.`,
      hint: underlying.startsWith('DEMO:')
        ? `Use one of ${held.filter((name) => name.startsWith('DEMO:')).join(', ') || underlying}.`
        : `Run \`tradewind data fetch ${underlying} --source yahoo --options\`, or \`tradewind data import FILE --symbol ${underlying}\`.`,
    });
  }
  const { chain, source, hash, retrievedAt } = found;
  return {
    value: chain,
    provenance: [
      {
        source,
        symbols: [underlying],
        from: chain.quoteDate,
        to: chain.quoteDate,
        rows: chain.quotes.length,
        hash,
        synthetic: chain.synthetic,
        retrievedAt,
      },
    ],
  };
}

function createPortfolioPort(sources: readonly MarketSource[]): PortfolioPort {
  const names = () => [...new Set(sources.flatMap((source) => source.portfolioNames()))];
  const read = (name: string): Loaded<Portfolio> => {
    const found = readFrom(sources, (source) => source.readPortfolio(name));
    if (found === undefined) {
      throw notAvailable({
        code: 'UNKNOWN_PORTFOLIO',
        message: `There is no portfolio "${name}". Portfolios held: ${names().join(', ') || 'none'}.`,
        hint: 'Run `tradewind data import FILE --portfolio NAME`, or use one of those.',
        details: { near: nearest(name, names()) },
      });
    }
    const { portfolio, source, hash } = found;
    const day = portfolio.updatedAt.slice(0, 10);
    return {
      value: portfolio,
      provenance: [
        {
          source,
          symbols: [...new Set(portfolio.lots.map((lot) => lot.symbol))],
          from: day,
          to: day,
          rows: portfolio.lots.length,
          hash,
          synthetic: portfolio.synthetic,
          retrievedAt: null,
        },
      ],
    };
  };
  return { list: async () => names().map((name) => read(name).value), get: async (name) => read(name) };
}

function checkWindow({ start, end }: Window): void {
  if (start !== undefined && end !== undefined && start > end) {
    throw invalidInput({ what: '`start`', needed: `on or before \`end\` (${end})`, got: start });
  }
}

function windowText({ start, end }: Window): string {
  if (start === undefined && end === undefined) return '';
  if (end === undefined) return ` from ${start}`;
  return start === undefined ? ` up to ${end}` : ` from ${start} to ${end}`;
}

function emptyWindow(series: StoredSeries, held: readonly SeriesInfo[], window: Window, asOf: string) {
  const spans = held
    .filter((info) => (info.from ?? '') <= asOf)
    .map((info) => `${info.frequency} ${info.from} to ${(info.to ?? '') > asOf ? asOf : info.to}`);
  const details: ErrorDetails = { symbol: series.info.symbol, asOf };
  return notAvailable({
    code: 'NO_DATA',
    message: `There are no prices of ${series.info.symbol} (every ${series.info.frequency})${windowText(window)} as of ${asOf}; held: ${spans.join('; ') || 'nothing yet on that day'}.`,
    hint: series.info.synthetic
      ? 'Choose a window inside the span that is held.'
      : `Choose a window inside the span that is held, or run \`tradewind data fetch ${series.info.symbol} --source yahoo\` for more.`,
    details,
  });
}

function noPanel(key: string, sources: readonly MarketSource[]) {
  const known = knownPanels.find((panel) => panel.id === key);
  const held = sources.flatMap((source) => source.listPanels().map((info) => info.id));
  if (known !== undefined) {
    return notAvailable({
      code: 'NO_DATA',
      message: `${key} (${known.name}) is not held here; only its name is known.`,
      hint:
        known.fred.length > 0
          ? `Run \`tradewind data fetch ${key} --source fred\`, or \`tradewind data import FILE --panel ${key}\`.`
          : `Run \`tradewind data import FILE --panel ${key}\`.`,
      details: { id: key },
    });
  }
  const near = nearest(key, [...held, ...knownPanels.map((panel) => panel.id)]);
  return notAvailable({
    code: 'UNKNOWN_PANEL',
    message: `There is no panel "${key}". Panels held: ${held.join(', ') || 'none'}.`,
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Use one of those, or import it.',
    details: { near },
  });
}
