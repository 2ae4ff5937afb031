/** Newer prices for what an answer was based on: only real series that ended more than a week before the cut-off. */
import { daysBetween } from '../lib/dates.ts';
import { isTradewindError } from '../lib/errors.ts';
import type { SuccessEnvelope } from '../tools/envelope.ts';
import type { App } from './create-app.ts';
import { fetchLive } from './fetch-live.ts';

const STALE_AFTER_DAYS = 7;

/** Symbols whose data, as these runs read them, ended too early. */
export async function staleSymbols(
  app: App,
  runIds: readonly (string | null)[],
  asOf: string,
): Promise<readonly string[]> {
  const symbols = new Set<string>();
  for (const id of runIds) {
    const run = id === null ? undefined : await app.runs.get(id);
    for (const entry of (run?.envelope as SuccessEnvelope | undefined)?.data ?? []) {
      if (entry.synthetic || daysBetween(entry.to.slice(0, 10), asOf) <= STALE_AFTER_DAYS) continue;
      for (const symbol of entry.symbols) symbols.add(symbol);
    }
  }
  return [...symbols];
}

export interface RefreshReport {
  readonly refreshed: readonly string[];
  /** Symbol and reason. */
  readonly failed: readonly { readonly symbol: string; readonly message: string }[];
}

/** Fetches each symbol; what cannot be had is named, and what is held stays. */
export async function refreshSymbols(
  app: App,
  symbols: readonly string[],
  signal?: AbortSignal,
): Promise<RefreshReport> {
  const refreshed: string[] = [];
  const failed: { symbol: string; message: string }[] = [];
  for (const symbol of symbols) {
    try {
      await fetchLive(app, { name: symbol, refresh: true, signal });
      refreshed.push(symbol);
    } catch (error) {
      if (!isTradewindError(error)) throw error;
      failed.push({ symbol, message: `${error.message} ${error.hint}`.trim() });
    }
  }
  return { refreshed, failed };
}
