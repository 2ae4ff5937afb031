/** Prices and option chains from Yahoo Finance, through yahoo-finance2, into the store with the time of retrieval. */
import { MS_PER_DAY, parseIsoDate, toIsoDate } from '../../lib/dates.ts';
import { invalidInput, notAvailable } from '../../lib/errors.ts';
import { createDirectory } from '../directory/directory.ts';
import type { Columns } from '../market-source.ts';
import type { MarketStore } from '../store/market-store.ts';
import type { OptionChain, OptionQuote } from '../types.ts';
import type { FetchContext, FetchReport } from './fetch-context.ts';
import { describeInstrument } from './importers/describe-instrument.ts';
import { symbolFrom } from './importers/parse-prices.ts';
import { createPoliteFetch } from './polite-fetch.ts';

const SOURCE = 'Yahoo Finance';
const DEFAULT_START = '1990-01-01';
const FRESH_FOR_MS = 60 * 60 * 1000;
const MAX_EXPIRIES = 14;

interface YahooQuote {
  readonly date: YahooTime;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
  readonly adjclose?: number | null;
  readonly volume: number | null;
}

interface YahooChart {
  readonly meta: {
    readonly currency?: string;
    readonly gmtoffset?: number;
    readonly longName?: string;
    readonly shortName?: string;
    readonly instrumentType?: string;
    readonly currentTradingPeriod?: { readonly regular?: { readonly end?: YahooTime } };
  };
  readonly quotes: readonly YahooQuote[];
}

/** Unchecked replies carry seconds, checked ones dates. */
type YahooTime = Date | number;

function milliseconds(time: YahooTime): number {
  return typeof time === 'number' ? time * 1000 : time.getTime();
}

interface YahooContract {
  readonly strike: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly lastPrice?: number;
  readonly volume?: number;
  readonly openInterest?: number;
  readonly impliedVolatility?: number;
}

interface YahooOptions {
  readonly expirationDates: readonly YahooTime[];
  readonly quote: {
    readonly regularMarketPrice?: number;
    readonly regularMarketTime?: YahooTime;
    readonly currency?: string;
  };
  readonly options: readonly {
    readonly expirationDate: YahooTime;
    readonly calls: readonly YahooContract[];
    readonly puts: readonly YahooContract[];
  }[];
}

/** The two calls that are used, as they are typed here: the package's own checks of replies are off, ours are on. */
interface YahooClient {
  chart(symbol: string, query: object, options: object): Promise<YahooChart>;
  options(symbol: string, query: object, options: object): Promise<YahooOptions>;
}

const silent = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
  dir: () => undefined,
};

async function createClient(context: FetchContext): Promise<YahooClient> {
  const { default: YahooFinance } = await import('yahoo-finance2');
  return new YahooFinance({
    fetch: createPoliteFetch({ ...context, source: SOURCE }),
    logger: silent,
    versionCheck: false,
    suppressNotices: ['yahooSurvey', 'ripHistorical'],
    queue: { concurrency: 2 },
  }) as unknown as YahooClient;
}

const unchecked = { validateResult: false };

export interface YahooRequest {
  readonly symbol: string;
  readonly start?: string | undefined;
  /** Ask again although the prices were fetched within the hour. */
  readonly refresh?: boolean | undefined;
  /** Put fetched prices in the place of imported ones. */
  readonly replace?: boolean | undefined;
}

/** Daily bars. Adjusted closes change with every dividend, so the whole span is fetched anew and replaces the old one. */
export async function fetchYahooPrices(
  request: YahooRequest,
  store: MarketStore,
  context: FetchContext,
): Promise<FetchReport> {
  const directory = createDirectory();
  const symbol = symbolFrom(request.symbol, directory);
  const held = store.readSeries(symbol, 'day')?.info;
  const ours = held?.source.startsWith(SOURCE) === true;
  if (held !== undefined && !ours && !request.replace) {
    throw invalidInput({
      code: 'CONFLICTING_DATA',
      what: `Fetching ${symbol}`,
      needed: 'into a place that is free',
      got: `held from ${held.source}`,
      hint: `Add \`--replace\`, or run \`tradewind data remove ${symbol}\` first. Two sources are never mixed in one series.`,
    });
  }
  const now = context.now();
  if (
    ours &&
    !request.refresh &&
    coversRequest(held.from, request.start) &&
    now.getTime() - Date.parse(held.retrievedAt ?? '') < FRESH_FOR_MS
  )
    return { key: symbol, rows: held.rows, from: held.from ?? '', to: held.to ?? '', status: 'fresh' };
  const wanted = request.start ?? DEFAULT_START;
  const start = ours && held.from !== null && held.from < wanted ? held.from : wanted;
  const client = await createClient(context);
  const chart = await client.chart(
    directory.yahooCode(symbol),
    { period1: start, period2: new Date(now.getTime() + MS_PER_DAY), interval: '1d' },
    unchecked,
  );
  const { times, columns } = toColumns(chart, now);
  if (times.length === 0) {
    throw notAvailable({
      code: 'NO_DATA',
      message: `${SOURCE} has no daily prices of ${symbol} since ${start}.`,
      hint: 'Check the symbol, or give an earlier `--start`.',
    });
  }
  const meta = describeInstrument({
    symbol,
    times,
    directory,
    source: SOURCE,
    options: {
      now: now.toISOString(),
      name: directory.lookup(symbol)?.name ?? cleanName(chart.meta.longName ?? chart.meta.shortName),
      currency: chart.meta.currency,
    },
  });
  // One day makes no rhythm: what Yahoo was asked for is daily.
  store.putSeries({ ...meta, frequency: 'day', periodsPerYear: meta.calendar === '24/7' ? 365 : 252 }, times, columns);
  return {
    key: symbol,
    rows: times.length,
    from: toIsoDate(times[0] ?? 0),
    to: toIsoDate(times.at(-1) ?? 0),
    status: 'fetched',
  };
}

/** A name from outside is text on one line and nothing more. */
function cleanName(name: string | undefined): string | undefined {
  return name
    ?.replace(/[\p{C}{}<>`]+/gu, ' ')
    .trim()
    .slice(0, 80);
}

function coversRequest(from: string | null, start: string | undefined): boolean {
  // Ten days of grace: a market need not trade on the very day that was asked for.
  return (
    start === undefined || (from !== null && parseIsoDate(from.slice(0, 10)) <= parseIsoDate(start) + 10 * MS_PER_DAY)
  );
}

function toColumns(chart: YahooChart, now: Date): { readonly times: Float64Array; readonly columns: Columns } {
  const offset = (chart.meta.gmtoffset ?? 0) * 1000;
  const dayOf = (time: number) => Math.floor((time + offset) / MS_PER_DAY) * MS_PER_DAY;
  const end = chart.meta.currentTradingPeriod?.regular?.end;
  const closeMs = end === undefined ? Number.NaN : milliseconds(end);
  const today = dayOf(now.getTime());
  const byDay = new Map<number, YahooQuote>();
  for (const quote of chart.quotes) {
    const day = dayOf(milliseconds(quote.date));
    // The bar of a session that has not ended is no close yet.
    const unfinished = day === today && !(now.getTime() >= closeMs && dayOf(closeMs) === today);
    if (quote.close !== null && quote.close > 0 && !unfinished) byDay.set(day, quote);
  }
  const days = [...byDay].sort(([a], [b]) => a - b);
  const column = (read: (quote: YahooQuote) => number | null | undefined) =>
    Float64Array.from(days, ([, quote]) => read(quote) ?? Number.NaN);
  const all: Readonly<Record<string, Float64Array>> = {
    open: column((quote) => quote.open),
    high: column((quote) => quote.high),
    low: column((quote) => quote.low),
    close: column((quote) => quote.close),
    adjClose: column((quote) => quote.adjclose),
    volume: column((quote) => quote.volume),
  };
  const columns = Object.fromEntries(
    Object.entries(all).filter(([, values]) => values.some((value) => Number.isFinite(value))),
  );
  return { times: Float64Array.from(days, ([day]) => day), columns };
}

/** The option chain as it is quoted now, up to fourteen expiries. */
export async function fetchYahooOptions(
  request: YahooRequest,
  store: MarketStore,
  context: FetchContext,
): Promise<FetchReport> {
  const directory = createDirectory();
  const symbol = symbolFrom(request.symbol, directory);
  const code = directory.yahooCode(symbol);
  const client = await createClient(context);
  const first = await client.options(code, {}, unchecked);
  const spot = first.quote.regularMarketPrice;
  if (spot === undefined || first.expirationDates.length === 0) {
    throw notAvailable({
      code: 'NO_DATA',
      message: `${SOURCE} quotes no options on ${symbol}.`,
      hint: 'Take another underlying, or import a chain with `tradewind data import FILE --symbol`.',
    });
  }
  const quotes: OptionQuote[] = [];
  for (const expiry of first.expirationDates.slice(0, MAX_EXPIRIES)) {
    const page = await client.options(code, { date: new Date(milliseconds(expiry)) }, unchecked);
    for (const entry of page.options) {
      const day = toIsoDate(milliseconds(entry.expirationDate));
      quotes.push(...entry.calls.map((contract) => toQuote(contract, day, 'call')));
      quotes.push(...entry.puts.map((contract) => toQuote(contract, day, 'put')));
    }
  }
  const known = directory.lookup(symbol);
  const chain: OptionChain = {
    underlying: symbol,
    quoteDate: toIsoDate(milliseconds(first.quote.regularMarketTime ?? context.now())),
    spot,
    exercise: known?.assetClass === 'index' ? 'european' : 'american',
    currency: first.quote.currency ?? known?.currency ?? 'USD',
    multiplier: 100,
    synthetic: false,
    quotes,
  };
  store.putChain(chain, SOURCE, context.now().toISOString());
  return {
    key: `${symbol} options`,
    rows: quotes.length,
    from: chain.quoteDate,
    to: chain.quoteDate,
    status: 'fetched',
  };
}

function toQuote(contract: YahooContract, expiry: string, right: 'call' | 'put'): OptionQuote {
  return {
    expiry,
    strike: contract.strike,
    right,
    bid: contract.bid ?? null,
    ask: contract.ask ?? null,
    last: contract.lastPrice ?? null,
    volume: contract.volume ?? null,
    openInterest: contract.openInterest ?? null,
    sourceImpliedVolatility: contract.impliedVolatility ?? null,
  };
}
