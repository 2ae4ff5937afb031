/** Live data through the adapter that carries it: FRED for panels, Yahoo for prices and option chains. */
import type { FetchContext, FetchReport } from '../data/market/fetch-context.ts';
import { parseIsoDate } from '../lib/dates.ts';
import type { App } from './create-app.ts';

export interface LiveRequest {
  readonly name: string;
  readonly source?: 'yahoo' | 'fred' | undefined;
  readonly start?: string | undefined;
  readonly options?: boolean | undefined;
  readonly refresh?: boolean | undefined;
  readonly replace?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function fetchLive(
  app: App,
  request: LiveRequest,
  outside: Partial<FetchContext> = {},
): Promise<FetchReport> {
  const { name, source, start, options, refresh, replace, signal } = request;
  if (start !== undefined) parseIsoDate(start);
  const context: FetchContext = {
    fetch: globalThis.fetch,
    now: () => new Date(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    signal,
    ...outside,
  };
  if (source === 'fred' || (source === undefined && /^(FRED|US|EU|RATES|FX|VIX|OIL|GAS|GOLD):/i.test(name.trim()))) {
    const { fetchFred } = await import('../data/market/fred.ts');
    return fetchFred({ id: name, start, apiKey: app.config.text('fred.apiKey') ?? undefined }, app.market, context);
  }
  const { fetchYahooOptions, fetchYahooPrices } = await import('../data/market/yahoo.ts');
  const ask = { symbol: name, start, refresh, replace };
  return options ? fetchYahooOptions(ask, app.market, context) : fetchYahooPrices(ask, app.market, context);
}
