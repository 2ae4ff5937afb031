/**
 * Which part of a realised loss is disallowed because the same security was bought within 30 days?
 *
 * Replacement shares are those bought in the 61 days from 30 days before to 30 days after the sale, at most the number sold; the loss per share on that many shares is disallowed (it moves
 * into the basis of the replacement). A gain is never touched. ISO dates. O(purchases).
 * Reference: US Internal Revenue Code §1091(a)–(d).
 *
 * @example findWashSale({ sale: { date: '2024-03-20', quantity: 100, price: 40, costPerUnit: 50 }, purchases: [{ date: '2024-04-10', quantity: 50 }] })
 */
import { daysBetween } from '../../../lib/dates.ts';

export const WASH_SALE_DAYS = 30;

export interface WashSale {
  readonly replacementShares: number;
  readonly disallowedLoss: number;
  readonly allowedLoss: number;
}

export function findWashSale(parts: {
  readonly sale: {
    readonly date: string;
    readonly quantity: number;
    readonly price: number;
    readonly costPerUnit: number;
  };
  readonly purchases: readonly { readonly date: string; readonly quantity: number }[];
}): WashSale {
  const { sale, purchases } = parts;
  const lossPerShare = Math.max(0, sale.costPerUnit - sale.price);
  const bought = purchases
    .filter((p) => Math.abs(daysBetween(sale.date, p.date)) <= WASH_SALE_DAYS)
    .reduce((sum, p) => sum + p.quantity, 0);
  const replacementShares = lossPerShare > 0 ? Math.min(sale.quantity, bought) : 0;
  const disallowedLoss = replacementShares * lossPerShare;
  return { replacementShares, disallowedLoss, allowedLoss: sale.quantity * lossPerShare - disallowedLoss };
}
