import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isTradewindError } from '../../lib/errors.ts';
import { createPorts } from '../guarded-ports.ts';
import { openDatabase } from '../store/database.ts';
import { createMarketStore } from '../store/market-store.ts';
import type { FetchContext } from './fetch-context.ts';
import { fetchFred } from './fred.ts';
import { createPoliteFetch } from './polite-fetch.ts';
import { fetchYahooOptions, fetchYahooPrices } from './yahoo.ts';

const NOW = new Date('2024-03-05T15:00:00Z');

function setUp(answer: (url: URL) => Response | Promise<Response>) {
  const store = createMarketStore(openDatabase(':memory:'));
  const asked: URL[] = [];
  const waits: number[] = [];
  const context: FetchContext = {
    fetch: async (input) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      asked.push(url);
      return answer(url);
    },
    now: () => NOW,
    sleep: async (ms) => void waits.push(ms),
  };
  return { store, context, asked, waits };
}

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isTradewindError(error)) throw new Error(`It should have failed in words: ${String(error)}`);
  return error;
}

const json = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
const open = (day: string) => Date.parse(`${day}T14:30:00Z`) / 1000;

/** Hand-written in the form in which Yahoo answers. */
const chart = {
  chart: {
    result: [
      {
        meta: {
          currency: 'USD',
          symbol: 'AAPL',
          exchangeName: 'NMS',
          instrumentType: 'EQUITY',
          firstTradeDate: 345479400,
          regularMarketTime: open('2024-03-05'),
          gmtoffset: -18000,
          timezone: 'EST',
          exchangeTimezoneName: 'America/New_York',
          regularMarketPrice: 170,
          chartPreviousClose: 175,
          priceHint: 2,
          currentTradingPeriod: {
            pre: { timezone: 'EST', start: open('2024-03-05') - 19800, end: open('2024-03-05'), gmtoffset: -18000 },
            regular: { timezone: 'EST', start: open('2024-03-05'), end: open('2024-03-05') + 23400, gmtoffset: -18000 },
            post: {
              timezone: 'EST',
              start: open('2024-03-05') + 23400,
              end: open('2024-03-05') + 37800,
              gmtoffset: -18000,
            },
          },
          dataGranularity: '1d',
          range: '',
          validRanges: ['1d'],
        },
        timestamp: [open('2024-03-01'), open('2024-03-04'), open('2024-03-05')],
        indicators: {
          quote: [
            {
              open: [179.5, 176.2, 170.8],
              high: [180.5, 176.9, 172],
              low: [177.4, 173.8, 169.6],
              close: [179.66, 175.1, 170.1],
              volume: [73488000, 81510100, 95132400],
            },
          ],
          adjclose: [{ adjclose: [178.7, 174.2, 169.2] }],
        },
      },
    ],
    error: null,
  },
};

describe('Yahoo prices', () => {
  it('stores daily bars by the day of the exchange, without the unfinished one', async () => {
    const { store, context, asked } = setUp(() => json(chart));
    const report = await fetchYahooPrices({ symbol: 'apple' }, store, context);
    expect(report).toEqual({ key: 'AAPL', rows: 2, from: '2024-03-01', to: '2024-03-04', status: 'fetched' });
    expect(asked[0]?.pathname).toContain('/chart/AAPL');
    const { value, provenance } = await createPorts({ sources: [store], asOf: '2024-03-05' }).market.bars('AAPL');
    expect(value.close).toEqual(Float64Array.of(179.66, 175.1));
    expect(value.adjClose).toEqual(Float64Array.of(178.7, 174.2));
    expect(value.instrument).toMatchObject({ name: 'Apple Inc.', sector: 'Technology', frequency: 'day' });
    expect(provenance[0]).toMatchObject({ source: 'Yahoo Finance', retrievedAt: NOW.toISOString() });
    expect((await fetchYahooPrices({ symbol: 'AAPL' }, store, context)).status).toBe('fresh');
    expect(asked.length).toBe(1);
    expect((await fetchYahooPrices({ symbol: 'AAPL', refresh: true }, store, context)).status).toBe('fetched');
  });

  it('asks for indices by the name that Yahoo uses', async () => {
    const { store, context, asked } = setUp(() => json(chart));
    expect((await fetchYahooPrices({ symbol: 'S&P 500' }, store, context)).key).toBe('SPX');
    expect(decodeURIComponent(asked[0]?.pathname ?? '')).toContain('^GSPC');
  });

  it('waits as long as it is asked to, and gives up in words', async () => {
    let count = 0;
    const once = setUp(() =>
      count++ === 0 ? new Response('', { status: 429, headers: { 'retry-after': '7' } }) : json(chart),
    );
    await fetchYahooPrices({ symbol: 'AAPL' }, once.store, once.context);
    expect(once.waits).toEqual([7000]);
    const never = setUp(() => new Response('Too Many Requests', { status: 429 }));
    expect((await failure(fetchYahooPrices({ symbol: 'AAPL' }, never.store, never.context))).code).toBe('RATE_LIMITED');
    expect(never.waits).toEqual([1000, 2000, 4000]);
    const long = setUp(() => new Response('', { status: 429, headers: { 'retry-after': '3600' } }));
    expect((await failure(fetchYahooPrices({ symbol: 'AAPL' }, long.store, long.context))).message).toContain(
      '3600 seconds',
    );
  });

  it('says when there is no network, and changes nothing', async () => {
    const { store, context } = setUp(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) });
    });
    const error = await failure(fetchYahooPrices({ symbol: 'AAPL' }, store, context));
    expect(error).toMatchObject({ code: 'OFFLINE', kind: 'data' });
    expect(error.message).toContain('ENOTFOUND');
    expect(store.items()).toEqual([]);
  });

  it('names an unknown symbol', async () => {
    const { store, context } = setUp(() => new Response('{}', { status: 404 }));
    expect((await failure(fetchYahooPrices({ symbol: 'ZZZZZ' }, store, context))).code).toBe('UNKNOWN_SYMBOL');
  });
});

describe('Yahoo options', () => {
  const expiry = Date.UTC(2024, 3, 19) / 1000;
  const contract = (strike: number) => ({
    contractSymbol: `AAPL240419C00${strike}000`,
    strike,
    currency: 'USD',
    lastPrice: 5,
    change: 0,
    percentChange: 0,
    volume: 10,
    openInterest: 20,
    bid: 4.9,
    ask: 5.1,
    contractSize: 'REGULAR',
    expiration: expiry,
    lastTradeDate: expiry,
    impliedVolatility: 0.25,
    inTheMoney: false,
  });
  const page = {
    optionChain: {
      result: [
        {
          underlyingSymbol: 'AAPL',
          expirationDates: [expiry],
          strikes: [170],
          hasMiniOptions: false,
          quote: {
            symbol: 'AAPL',
            quoteType: 'EQUITY',
            regularMarketPrice: 170.1,
            regularMarketTime: open('2024-03-05'),
            currency: 'USD',
          },
          options: [{ expirationDate: expiry, hasMiniOptions: false, calls: [contract(170)], puts: [contract(170)] }],
        },
      ],
      error: null,
    },
  };

  it('stores the chain of the day', async () => {
    const { store, context } = setUp((url) =>
      url.pathname.includes('/options/')
        ? json(page)
        : new Response('crumb', {
            headers: { 'set-cookie': 'A1=x; Domain=.yahoo.com; Path=/; Expires=Wed, 01 Jan 2098 00:00:00 GMT' },
          }),
    );
    const report = await fetchYahooOptions({ symbol: 'AAPL' }, store, context);
    expect(report).toMatchObject({ key: 'AAPL options', rows: 2, from: '2024-03-05' });
    expect(store.readChain('AAPL', '2024-03-05')?.chain).toMatchObject({
      spot: 170.1,
      exercise: 'american',
      quotes: [
        { expiry: '2024-04-19', right: 'call', bid: 4.9 },
        { right: 'put', sourceImpliedVolatility: 0.25 },
      ],
    });
  });
});

describe('FRED', () => {
  const csv = 'observation_date,CPIAUCSL\n2024-01-01,308.4\n2024-02-01,.\n2024-03-01,310.1\n';

  it('stores a series with its release lag', async () => {
    const { store, context, asked } = setUp(() => new Response(csv));
    const report = await fetchFred({ id: 'us:cpi' }, store, context);
    expect(report).toMatchObject({ key: 'US:CPI', rows: 2 });
    expect(asked[0]?.searchParams.get('id')).toBe('CPIAUCSL');
    const seen = await createPorts({ sources: [store], asOf: '2024-03-05' }).market.panel('US:CPI');
    expect(seen.value.columns['value']).toEqual(Float64Array.of(308.4));
  });

  it('joins the columns of a yield curve by day', async () => {
    const { store, context } = setUp((url) => {
      const id = url.searchParams.get('id') ?? '';
      return new Response(`DATE,${id}\n2024-01-02,4.1\n${id === 'DGS10' ? '2024-01-03,3.9\n' : ''}`);
    });
    await fetchFred({ id: 'US:YIELDS' }, store, context);
    const panel = store.readPanel('US:YIELDS');
    expect(panel?.columns['y10y']).toEqual(Float64Array.of(4.1, 3.9));
    expect(panel?.columns['y2y']).toEqual(Float64Array.of(4.1, Number.NaN));
    expect(panel?.availableFrom).toBeNull();
  });

  it('uses a key where there is one, and never shows it', async () => {
    const key = 'secret0123456789';
    const { store, context, asked } = setUp(() => json({ observations: [{ date: '2024-01-01', value: '3.7' }] }));
    expect((await fetchFred({ id: 'UNRATE', apiKey: key }, store, context)).key).toBe('FRED:UNRATE');
    expect(asked[0]?.searchParams.get('api_key')).toBe(key);
    const bad = setUp(() => new Response('{"error_message":"bad"}', { status: 400 }));
    const error = await failure(fetchFred({ id: 'US:GDP', apiKey: key }, bad.store, bad.context));
    expect(`${error.message} ${error.hint}`).not.toContain(key);
  });

  it('names what it cannot use', async () => {
    const html = setUp(() => new Response('<html>'));
    expect((await failure(fetchFred({ id: 'US:CPI' }, html.store, html.context))).code).toBe('SOURCE_FAILED');
    expect((await failure(fetchFred({ id: 'FX:FORWARDS' }, html.store, html.context))).code).toBe('NOT_AT_SOURCE');
  });
});

describe('polite fetch over loopback', () => {
  it('retries a server that is busy', async () => {
    let calls = 0;
    const server = createServer((_, reply) => {
      calls++;
      reply.statusCode = calls < 3 ? 503 : 200;
      reply.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as AddressInfo;
    const send = createPoliteFetch({ fetch, source: 'Test', sleep: async () => undefined });
    expect(await (await send(`http://127.0.0.1:${address.port}/`)).text()).toBe('ok');
    expect(calls).toBe(3);
    await new Promise((resolve) => server.close(resolve));
    expect((await failure(send(`http://127.0.0.1:${address.port}/`))).code).toBe('OFFLINE');
  });

  it('stops when it is cancelled', async () => {
    const send = createPoliteFetch({
      fetch,
      source: 'Test',
      sleep: async () => undefined,
      signal: AbortSignal.abort(),
    });
    expect((await failure(send('http://127.0.0.1:9/'))).code).toBe('CANCELLED');
  });
});
