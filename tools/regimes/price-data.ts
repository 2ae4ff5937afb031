/** The prices that the regime and volatility tools read: one clean series from the market port, plain and cloneable. */
import type { Ports } from '../../data/ports.ts';
import type { Bars, Loaded, ToolWarning } from '../../data/types.ts';
import { notEnoughData } from '../../lib/errors.ts';

export interface PriceData {
  readonly symbol: string;
  readonly name: string;
  readonly currency: string;
  readonly synthetic: boolean;
  readonly periodsPerYear: number;
  readonly field: string;
  readonly times: Float64Array;
  /** The field that was asked for: adjusted close where it exists. */
  readonly price: Float64Array;
  readonly open: Float64Array | null;
  readonly high: Float64Array | null;
  readonly low: Float64Array | null;
  readonly close: Float64Array;
  readonly volume: Float64Array | null;
}

export interface PriceQuery {
  readonly symbol: string;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly field?: 'close' | 'adjClose' | undefined;
  readonly periodsPerYear?: number | undefined;
}

/** Rows without a positive price are left out, and counted in a warning. */
export async function loadPriceData(query: PriceQuery, ports: Ports): Promise<Loaded<PriceData>> {
  const loaded = await ports.market.bars(query.symbol, { start: query.start, end: query.end });
  const bars = loaded.value;
  const adjusted = query.field !== 'close' && bars.adjClose !== null && bars.adjClose.some((p) => p > 0);
  const price = adjusted && bars.adjClose ? bars.adjClose : bars.close;
  const keep = Array.from(price.keys()).filter((i) => (price[i] as number) > 0);
  const warnings: ToolWarning[] = [...(loaded.warnings ?? [])];
  if (keep.length < price.length) {
    const message = `${price.length - keep.length} of ${price.length} rows of ${bars.instrument.symbol} have no price and were left out.`;
    warnings.push({ code: 'GAPS_DROPPED', message });
  }
  if (keep.length < 3) {
    throw notEnoughData({ what: `The window of ${bars.instrument.symbol}`, needed: 3, got: keep.length });
  }
  return { value: toPriceData(bars, price, keep, adjusted, query), provenance: loaded.provenance, warnings };
}

function toPriceData(
  bars: Bars,
  price: Float64Array,
  keep: readonly number[],
  adjusted: boolean,
  query: PriceQuery,
): PriceData {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(keep, (i) => values[i] as number);
  const maybe = (values: Float64Array | null): Float64Array | null => (values === null ? null : pick(values));
  const { instrument } = bars;
  return {
    symbol: instrument.symbol,
    name: instrument.name,
    currency: instrument.currency,
    synthetic: instrument.synthetic,
    periodsPerYear: query.periodsPerYear ?? instrument.periodsPerYear,
    field: adjusted ? 'adjClose' : 'close',
    times: pick(bars.times),
    price: pick(price),
    open: maybe(bars.open),
    high: maybe(bars.high),
    low: maybe(bars.low),
    close: pick(bars.close),
    volume: maybe(bars.volume),
  };
}
