/** Macro series and yields from FRED. The CSV address needs no key; with a key the documented API is used. */
import { MS_PER_DAY, parseIsoDate, toIsoDate } from '../../lib/dates.ts';
import { notAvailable } from '../../lib/errors.ts';
import { type KnownPanel, knownPanels } from '../known-panels.ts';
import type { MarketStore } from '../store/market-store.ts';
import type { FetchContext, FetchReport } from './fetch-context.ts';
import { inferFrequency } from './importers/infer-frequency.ts';
import { createPoliteFetch } from './polite-fetch.ts';

const SOURCE = 'FRED, Federal Reserve Bank of St. Louis';
const DEFAULT_START = '1985-01-01';

export interface FredRequest {
  /** A known panel (`US:CPI`) or a FRED series (`DGS10`), which becomes the panel `FRED:DGS10`. */
  readonly id: string;
  readonly start?: string | undefined;
  readonly apiKey?: string | undefined;
}

export async function fetchFred(request: FredRequest, store: MarketStore, context: FetchContext): Promise<FetchReport> {
  const panel = panelFor(request.id);
  const send = createPoliteFetch({ ...context, source: 'FRED' });
  const start = request.start ?? DEFAULT_START;
  const values = new Map<string, ReadonlyMap<number, number>>();
  for (const { column, series } of panel.fred)
    values.set(column, await fetchSeries(send, series, start, request.apiKey));
  const times = Float64Array.from(
    [...new Set([...values.values()].flatMap((rows) => [...rows.keys()]))].sort((a, b) => a - b),
  );
  if (times.length === 0) {
    throw notAvailable({
      code: 'NO_DATA',
      message: `FRED has no values of ${panel.id} since ${start}.`,
      hint: 'Give an earlier `--start`.',
    });
  }
  const columns = Object.fromEntries(
    [...values].map(([column, rows]) => [column, times.map((time) => rows.get(time) ?? Number.NaN)]),
  );
  const lag = panel.releaseLagDays >= 0 ? panel.releaseLagDays : usualLag(times);
  const meta = {
    id: panel.id,
    name: panel.name,
    measure: panel.measure,
    synthetic: false,
    source: SOURCE,
    licence: null,
    retrievedAt: context.now().toISOString(),
  };
  const availableFrom = lag === 0 ? null : times.map((time) => time + lag * MS_PER_DAY);
  store.putPanel(meta, times, availableFrom, columns);
  return {
    key: panel.id,
    rows: times.length,
    from: toIsoDate(times[0] ?? 0),
    to: toIsoDate(times.at(-1) ?? 0),
    status: 'fetched',
  };
}

/** Unknown series get a cautious release lag from their frequency; −1 marks that it must be guessed. */
function panelFor(id: string): KnownPanel {
  const key = id.trim().toUpperCase();
  const known = knownPanels.find((panel) => panel.id === key);
  if (known !== undefined && known.fred.length > 0) return known;
  const series = key.replace(/^FRED:/, '');
  if (known !== undefined || !/^[A-Z0-9_]{2,40}$/.test(series)) {
    throw notAvailable({
      code: 'NOT_AT_SOURCE',
      message: `FRED does not carry ${key}.`,
      hint: `Panels that it carries: ${knownPanels
        .filter((panel) => panel.fred.length > 0)
        .map((panel) => panel.id)
        .join(', ')}. Others can be imported from a file.`,
    });
  }
  return {
    id: `FRED:${series}`,
    name: `FRED series ${series}`,
    measure: 'index',
    fred: [{ column: 'value', series }],
    releaseLagDays: -1,
  };
}

function usualLag(times: Float64Array): number {
  const frequency = inferFrequency(times);
  return frequency === 'quarter' ? 120 : frequency === 'month' ? 45 : frequency === 'week' ? 7 : 1;
}

async function fetchSeries(
  send: typeof fetch,
  series: string,
  start: string,
  apiKey: string | undefined,
): Promise<ReadonlyMap<number, number>> {
  return apiKey === undefined ? fromCsv(send, series, start) : fromApi(send, series, start, apiKey);
}

async function fromCsv(send: typeof fetch, series: string, start: string): Promise<ReadonlyMap<number, number>> {
  const query = new URLSearchParams({ id: series, cosd: start });
  const response = await send(`https://fred.stlouisfed.org/graph/fredgraph.csv?${query}`);
  const text = await response.text();
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  if (!response.ok || !/^(observation_)?date,/i.test(header)) throw unexpected(series, response.status);
  return collect(
    lines.map((line) => line.split(',') as [string, string]),
    series,
    response.status,
  );
}

async function fromApi(
  send: typeof fetch,
  series: string,
  start: string,
  apiKey: string,
): Promise<ReadonlyMap<number, number>> {
  const query = new URLSearchParams({
    series_id: series,
    observation_start: start,
    file_type: 'json',
    api_key: apiKey,
  });
  const response = await send(`https://api.stlouisfed.org/fred/series/observations?${query}`);
  const body: unknown = await response.json().catch(() => null);
  const rows = (body as { readonly observations?: unknown } | null)?.observations;
  if (!response.ok || !Array.isArray(rows)) throw unexpected(series, response.status);
  return collect(
    rows.map((row: { readonly date?: unknown; readonly value?: unknown }) => [String(row.date), String(row.value)]),
    series,
    response.status,
  );
}

/** A point stands for a missing value. */
function collect(
  rows: readonly (readonly [string, string])[],
  series: string,
  status: number,
): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  for (const [date, cell] of rows) {
    if (cell === '.' || cell === '' || cell === undefined) continue;
    const value = Number(cell);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !Number.isFinite(value)) throw unexpected(series, status);
    values.set(parseIsoDate(date), value);
  }
  return values;
}

/** Never shows the address: it may carry the key. */
function unexpected(series: string, status: number) {
  return notAvailable({
    code: 'SOURCE_FAILED',
    message: `FRED gave no usable answer for ${series} (status ${status}).`,
    hint: status === 400 ? 'Check the series id and the key.' : 'Try again later.',
  });
}
