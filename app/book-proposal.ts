/**
 * The paper book: an approved proposal is filled at the open of the next bar after the day it was made on (or, when asked, at the proposal's own
 * prices), pays its costs, and changes lots and cash. Nothing here talks to a broker.
 */
import type { Ports } from '../data/ports.ts';
import type { Fill, Ledger, ProposedTrade, StoredProposal } from '../data/store/ledger.ts';
import type { Lot, Portfolio } from '../data/types.ts';
import { toIsoDate } from '../lib/dates.ts';
import { invalidInput, isTradewindError, notAvailable } from '../lib/errors.ts';
import { selectTaxLots } from '../tools/kernels/rebalance/tax-lots.ts';

export type FillAt = 'next-bar' | 'proposal-price';

export interface BookingParts {
  readonly ledger: Ledger;
  readonly ports: Ports;
  readonly readPortfolio: (name: string) => Portfolio | undefined;
}

export type Booking =
  | { readonly status: 'booked'; readonly fills: readonly Fill[]; readonly portfolio: Portfolio }
  | { readonly status: 'already-booked' }
  /** No bar after the proposal's day yet: it stays approved and waits. */
  | { readonly status: 'waiting'; readonly symbols: readonly string[] };

export async function bookProposal(parts: BookingParts, id: string, at: FillAt): Promise<Booking> {
  const proposal = parts.ledger.get(id);
  if (proposal.status === 'booked') return { status: 'already-booked' };
  if (proposal.status !== 'approved') {
    throw invalidInput({
      code: 'NOT_APPROVED',
      what: `Proposal ${proposal.id}`,
      needed: 'approved by a person before it is booked',
      got: proposal.status,
      hint: `Decide first: \`tradewind proposals approve ${proposal.id}\`.`,
    });
  }
  const portfolio = parts.readPortfolio(proposal.body.portfolio);
  if (portfolio === undefined) {
    throw notAvailable({
      code: 'UNKNOWN_PORTFOLIO',
      message: `The portfolio ${proposal.body.portfolio} of the proposal is not in the store.`,
      hint: 'Import it again with `tradewind portfolio import`.',
    });
  }
  const fills: Fill[] = [];
  const waiting: string[] = [];
  for (const trade of proposal.body.trades) {
    const bar =
      at === 'next-bar' ? await nextBar(trade.symbol, proposal.body.asOf, parts.ports) : priceOf(trade, proposal);
    if (bar === null) waiting.push(trade.symbol);
    else fills.push(fillOf(trade, bar, proposal));
  }
  if (waiting.length > 0) return { status: 'waiting', symbols: waiting };
  const next = applyFills(portfolio, fills, proposal.body.lotMethod);
  const booked = parts.ledger.book(proposal.id, fills, next);
  return booked ? { status: 'booked', fills, portfolio: next } : { status: 'already-booked' };
}

interface Bar {
  readonly price: number;
  readonly day: string;
}

/** Open (else close) of the first bar after the day; null where there is none yet. */
async function nextBar(symbol: string, asOf: string, ports: Ports): Promise<Bar | null> {
  try {
    const { value } = await ports.market.bars(symbol, { start: asOf });
    for (let i = 0; i < value.times.length; i++) {
      const day = toIsoDate(value.times[i] as number);
      const open = value.open?.[i];
      const price = open !== undefined && Number.isFinite(open) ? open : (value.close[i] as number);
      if (day > asOf && Number.isFinite(price)) return { price, day };
    }
    return null;
  } catch (error) {
    if (isTradewindError(error)) return null;
    throw error;
  }
}

function priceOf(trade: ProposedTrade, proposal: StoredProposal): Bar | null {
  return trade.price === null ? null : { price: trade.price, day: proposal.body.asOf };
}

/** The quantity is the one that was approved; where only an amount was, it is what the amount buys at the fill. */
function fillOf(trade: ProposedTrade, bar: Bar, proposal: StoredProposal): Fill {
  const quantity = trade.quantity ?? trade.amount / bar.price;
  return {
    symbol: trade.symbol,
    action: trade.action,
    quantity,
    price: bar.price,
    cost: Math.round(quantity * bar.price * proposal.body.costBps) / 1e4,
    filledOn: bar.day,
  };
}

/** The portfolio after the fills: sales take lots by the method, purchases add one. Pure. */
export function applyFills(
  portfolio: Portfolio,
  fills: readonly Fill[],
  method: 'fifo' | 'lifo' | 'hifo' | 'min-tax',
): Portfolio {
  let lots: readonly Lot[] = portfolio.lots;
  let cash = portfolio.cash;
  for (const fill of fills) {
    const value = fill.quantity * fill.price;
    cash += (fill.action === 'SELL' ? value : -value) - fill.cost;
    lots =
      fill.action === 'BUY'
        ? [...lots, { symbol: fill.symbol, quantity: fill.quantity, costPerUnit: fill.price, acquired: fill.filledOn }]
        : withoutSold(lots, fill, method);
  }
  return { ...portfolio, cash: Math.round(cash * 100) / 100, lots };
}

function withoutSold(lots: readonly Lot[], fill: Fill, method: 'fifo' | 'lifo' | 'hifo' | 'min-tax'): readonly Lot[] {
  const own = lots.map((lot, i) => ({ lot, i })).filter(({ lot }) => lot.symbol === fill.symbol);
  const sale = selectTaxLots({
    lots: own.map(({ lot, i }) => ({
      id: String(i),
      quantity: lot.quantity,
      costPerUnit: lot.costPerUnit ?? fill.price,
      acquired: lot.acquired ?? '1900-01-01',
    })),
    quantity: fill.quantity,
    price: fill.price,
    saleDate: fill.filledOn,
    method,
    shortTermRate: 0.37,
    longTermRate: 0.2,
  });
  const sold = new Map(sale.lots.map((lot) => [Number(lot.id), lot.quantity]));
  return lots
    .map((lot, i) => ({ ...lot, quantity: lot.quantity - (sold.get(i) ?? 0) }))
    .filter((lot) => lot.quantity > 1e-9);
}
