/** From amounts per class or symbol to whole shares, lots and taxes. */
import type { Lot } from '../../data/types.ts';
import { addDays } from '../../lib/dates.ts';
import { solveWholeShares } from '../kernels/optimise/whole-shares.ts';
import { type LotMethod, type LotSale, netTax, selectTaxLots, type TaxRates } from '../kernels/rebalance/tax-lots.ts';
import { WASH_SALE_DAYS } from '../kernels/rebalance/wash-sale.ts';
import type { Holding } from './holdings/load-holdings.ts';

export interface ShareTrade {
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly shares: number | null;
  readonly amount: number;
  readonly price: number | null;
  readonly weightAfter: number;
}

export interface SharePlan {
  readonly trades: readonly ShareTrade[];
  readonly leftoverCash: number;
  readonly infeasible: boolean;
}

/**
 * Trades that bring each holding nearest to its wanted value without an overdraft. Where prices are known, whole shares are traded, by exact integer programming;
 * a fractional part that is held already stays.
 */
export async function planShareTrades(parts: {
  readonly holdings: readonly Holding[];
  readonly wanted: readonly number[];
  readonly cash: number;
  readonly total: number;
  readonly reserve: number;
  readonly wholeShares: boolean;
}): Promise<SharePlan> {
  const { holdings, wanted, total } = parts;
  const values = holdings.map((h, i) => {
    const target = wanted[i] as number;
    return Math.abs(target - h.value) < 0.005 ? h.value : target;
  });
  const priced = holdings
    .map((h, i) => ({ h, i, price: h.price ?? 0 }))
    .filter(({ h, i, price }) => parts.wholeShares && price > 0 && values[i] !== h.value);
  let infeasible = false;
  if (priced.length > 0) {
    const held = priced.map(({ h, price }) => h.quantity ?? h.value / price);
    const part = held.map((q) => q - Math.floor(q + 1e-9));
    const fixed = values.reduce((sum, v, i) => (priced.some((p) => p.i === i) ? sum : sum + v), 0);
    const loose = part.reduce((sum, f, k) => sum + f * (priced[k]?.price ?? 0), 0);
    const plan = await solveWholeShares({
      prices: priced.map((p) => p.price),
      targetValues: priced.map((p, k) => (values[p.i] as number) - (part[k] as number) * p.price),
      budget: total - fixed - parts.reserve - loose,
    });
    infeasible = plan.status === 'infeasible';
    for (const [k, { i, price, h }] of priced.entries()) {
      values[i] = infeasible ? h.value : ((plan.shares[k] ?? 0) + (part[k] as number)) * price;
    }
  }
  const trades: ShareTrade[] = [];
  for (const [i, h] of holdings.entries()) {
    const move = (values[i] as number) - h.value;
    if (Math.abs(move) < 0.005) continue;
    const whole = priced.some((p) => p.i === i);
    const shares = h.price === null ? null : Math.abs(move) / h.price;
    trades.push({
      symbol: h.symbol,
      action: move > 0 ? 'BUY' : 'SELL',
      shares: shares === null ? null : whole ? Math.round(shares) : shares,
      amount: Math.round(Math.abs(move) * 100) / 100,
      price: h.price,
      weightAfter: total > 0 ? (values[i] as number) / total : 0,
    });
  }
  const leftoverCash = total - values.reduce((sum, v) => sum + v, 0);
  return { trades, leftoverCash, infeasible };
}

export interface TaxPlan {
  readonly sales: readonly { readonly symbol: string; readonly sale: LotSale }[];
  readonly tax: number;
  readonly washSales: readonly string[];
}

/** Chooses the lots of every sale and warns where a recent purchase would disallow a loss. */
export function planTaxes(parts: {
  readonly trades: readonly ShareTrade[];
  readonly lots: readonly Lot[];
  readonly date: string;
  readonly method: LotMethod;
  readonly rates: TaxRates;
}): TaxPlan {
  const sales: { symbol: string; sale: LotSale }[] = [];
  const washSales: string[] = [];
  for (const trade of parts.trades) {
    if (trade.action !== 'SELL' || trade.shares === null || trade.price === null) continue;
    const own = parts.lots.filter((lot) => lot.symbol === trade.symbol && lot.costPerUnit !== null);
    const lots = own.map((lot, i) => ({
      id: `${lot.acquired ?? 'unknown'}#${i}`,
      quantity: lot.quantity,
      costPerUnit: lot.costPerUnit ?? 0,
      acquired: lot.acquired ?? '1900-01-01',
    }));
    const held = lots.reduce((sum, lot) => sum + lot.quantity, 0);
    if (held === 0) continue;
    const sale = selectTaxLots({
      lots,
      quantity: Math.min(trade.shares, held),
      price: trade.price,
      saleDate: parts.date,
      method: parts.method,
      ...parts.rates,
    });
    sales.push({ symbol: trade.symbol, sale });
    const recent = own.some((lot) => lot.acquired !== null && lot.acquired > addDays(parts.date, -WASH_SALE_DAYS - 1));
    if (recent && sale.lots.some((lot) => lot.gain < 0)) washSales.push(trade.symbol);
  }
  const shortGain = sales.reduce((sum, s) => sum + s.sale.gainShortTerm, 0);
  const longGain = sales.reduce((sum, s) => sum + s.sale.gainLongTerm, 0);
  return { sales, tax: netTax(shortGain, longGain, parts.rates), washSales };
}
