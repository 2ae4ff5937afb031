/**
 * What did an execution cost against the price when it was decided, and which part of it was delay, trading, opportunity and fees?
 *
 * Delay (arrival − decision)·order, trading (average fill − arrival)·filled, opportunity (last − arrival)·unfilled; signs turned for a sell.
 * Units: price and quantity in, money out. Cost: O(1). Source: A. Perold (1988), J. Portfolio Management 14(3):4;
 * Kissell (2013), ch. 3 (expanded shortfall).
 *
 * @example implementationShortfall({ side: 'buy', order: 100, filled: 100, decisionPrice: 10, arrival: 10, averageFill: 10.1, last: 10.2, fees: 0 }).total // 10
 */
export interface Shortfall {
  readonly delay: number;
  readonly trading: number;
  readonly opportunity: number;
  readonly fees: number;
  readonly total: number;
}

export function implementationShortfall(fill: {
  readonly side: 'buy' | 'sell';
  readonly order: number;
  readonly filled: number;
  readonly decisionPrice: number;
  readonly arrival: number;
  readonly averageFill: number;
  readonly last: number;
  readonly fees: number;
}): Shortfall {
  const sign = fill.side === 'buy' ? 1 : -1;
  const delay = sign * (fill.arrival - fill.decisionPrice) * fill.order;
  const trading = sign * (fill.averageFill - fill.arrival) * fill.filled;
  const opportunity = sign * (fill.last - fill.arrival) * (fill.order - fill.filled);
  return { delay, trading, opportunity, fees: fill.fees, total: delay + trading + opportunity + fill.fees };
}

/** Σ price·weight / Σ weight: a VWAP, or the average price of fills. Null without weight. */
export function weightedPrice(prices: readonly number[], weights: readonly number[]): number | null {
  let value = 0;
  let total = 0;
  for (const [i, price] of prices.entries()) {
    value += price * (weights[i] as number);
    total += weights[i] as number;
  }
  return total > 0 ? value / total : null;
}
