/** Aligned simple returns of several symbols and, where asked, of a market index: what every risk tool reads. */
import type { Ports } from '../../data/ports.ts';
import type { Bars, Provenance, ToolWarning } from '../../data/types.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { alignByTime } from '../kernels/timeseries/align-by-time.ts';
import { simpleReturns } from '../kernels/timeseries/returns.ts';

export interface History {
  readonly symbols: readonly string[];
  /** End of each return, ISO. */
  readonly dates: readonly string[];
  /** One column a symbol. */
  readonly returns: readonly Float64Array[];
  /** Same rows; null where there is no such index. */
  readonly market: Float64Array | null;
  readonly marketSymbol: string | null;
  readonly periodsPerYear: number;
  readonly synthetic: boolean;
}

export interface HistoryRequest {
  readonly symbols: readonly string[];
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Index for beta; `SPX`, or `DEMO:MKT` where the portfolio is synthetic, by default. Null for none. */
  readonly market?: string | null | undefined;
}

export interface LoadedHistory {
  readonly history: History;
  readonly provenance: readonly Provenance[];
  readonly warnings: readonly ToolWarning[];
}

/** Adjusted closes where they exist, else closes. */
export function bestClose(bars: Bars): Float64Array {
  return bars.adjClose ?? bars.close;
}

export async function loadHistory(request: HistoryRequest, ports: Ports): Promise<LoadedHistory> {
  const window = { start: request.start, end: request.end };
  const loaded = await Promise.all(request.symbols.map((symbol) => ports.market.bars(symbol, window)));
  const provenance = loaded.flatMap((one) => one.provenance);
  const warnings = [...loaded.flatMap((one) => one.warnings ?? [])];
  const synthetic = loaded.some((one) => one.value.instrument.synthetic);
  const marketSymbol = request.market === undefined ? (synthetic ? 'DEMO:MKT' : 'SPX') : request.market;
  const index = marketSymbol === null ? null : await tryBars(marketSymbol, window, ports);
  const series = loaded.map((one) => ({ times: one.value.times, values: bestClose(one.value) }));
  const alone = alignByTime(series);
  const together =
    index === null ? alone : alignByTime([...series, { times: index.value.times, values: bestClose(index.value) }]);
  const useIndex =
    index !== null && together.times.length >= Math.min(60, alone.times.length) && together.times.length > 2;
  const aligned = useIndex ? together : alone;
  if (index !== null && !useIndex) {
    warnings.push({
      code: 'NO_MARKET_OVERLAP',
      message: `${marketSymbol} shares too few days with the positions: no beta.`,
    });
  }
  if (useIndex) provenance.push(...index.provenance);
  const returns = aligned.columns.map((column) => (column.length > 1 ? simpleReturns(column) : new Float64Array(0)));
  return {
    history: {
      symbols: request.symbols,
      dates: Array.from(aligned.times.subarray(1), toIsoDate),
      returns: returns.slice(0, request.symbols.length),
      market: useIndex ? (returns[request.symbols.length] ?? null) : null,
      marketSymbol: useIndex ? marketSymbol : null,
      periodsPerYear: loaded[0]?.value.instrument.periodsPerYear ?? 252,
      synthetic,
    },
    provenance,
    warnings,
  };
}

async function tryBars(symbol: string, window: { start?: string | undefined; end?: string | undefined }, ports: Ports) {
  try {
    return await ports.market.bars(symbol, window);
  } catch (error) {
    if (isTradewindError(error)) return null;
    throw error;
  }
}

/** The same, but a missing series is a reason and not an error. */
export async function tryHistory(
  request: HistoryRequest,
  ports: Ports,
): Promise<LoadedHistory | { readonly reason: string }> {
  try {
    return await loadHistory(request, ports);
  } catch (error) {
    if (isTradewindError(error)) return { reason: error.message };
    throw error;
  }
}

/** Returns of fixed weights, rebalanced every period; what the weights leave earns nothing. */
export function portfolioReturns(returns: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const rows = returns[0]?.length ?? 0;
  const out = new Float64Array(rows);
  for (const [j, column] of returns.entries()) {
    const w = weights[j] ?? 0;
    for (let t = 0; t < rows; t++) out[t] = (out[t] as number) + w * (column[t] as number);
  }
  return out;
}
