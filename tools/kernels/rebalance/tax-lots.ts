/**
 * Which lots should be sold, and what tax does that cost?
 *
 * `fifo` oldest first, `lifo` newest first, `hifo` highest cost first, `min-tax` lowest tax per share first (losses count as negative tax, so short-term losses go before long-term ones of the
 * same size). For sales of one line at one price the greedy order by tax per share is optimal: the problem is a fractional knapsack with equal weights. A lot is long term when it was held
 * **more than one year**: sold after the first anniversary of its purchase.
 *
 * Two tax totals: lot by lot (a loss is worth its rate, as when there are other gains to set it against), and netted without carry (short and long losses set off, no refund).
 * Amounts per share in one currency; rates as fractions. O(lots log lots).
 * Reference: US Internal Revenue Code §1222 (holding period), §1091 (wash sales), §1012 (basis methods); Dammon, Spatt & Zhang (2004), J. Finance 59:3, on realising losses first.
 *
 * @example selectTaxLots({ lots, quantity: 200, price: 105, saleDate: '2024-01-15', method: 'min-tax', shortTermRate: 0.37, longTermRate: 0.2 })
 */
import { invalidInput } from '../../../lib/errors.ts';

export interface TaxLot {
  readonly id: string;
  readonly quantity: number;
  readonly costPerUnit: number;
  /** ISO date. */
  readonly acquired: string;
}

export type LotMethod = 'fifo' | 'lifo' | 'hifo' | 'min-tax';

export interface TaxRates {
  readonly shortTermRate: number;
  readonly longTermRate: number;
}

export interface SoldLot {
  readonly id: string;
  readonly quantity: number;
  readonly longTerm: boolean;
  readonly gain: number;
  readonly tax: number;
}

export interface LotSale {
  readonly lots: readonly SoldLot[];
  readonly gainShortTerm: number;
  readonly gainLongTerm: number;
  readonly taxLotByLot: number;
  readonly taxNetted: number;
}

export interface LotSaleInput extends TaxRates {
  readonly lots: readonly TaxLot[];
  readonly quantity: number;
  readonly price: number;
  readonly saleDate: string;
  readonly method: LotMethod;
}

/** True where a lot bought on `acquired` is long term when sold on `saleDate`. */
export function isLongTerm(acquired: string, saleDate: string): boolean {
  const anniversary = `${Number(acquired.slice(0, 4)) + 1}${acquired.slice(4, 10)}`;
  return saleDate.slice(0, 10) > anniversary;
}

/** Tax per unit of selling a lot now; negative for a loss. */
export function taxPerUnit(lot: TaxLot, price: number, saleDate: string, rates: TaxRates): number {
  return (price - lot.costPerUnit) * (isLongTerm(lot.acquired, saleDate) ? rates.longTermRate : rates.shortTermRate);
}

export function selectTaxLots(input: LotSaleInput): LotSale {
  const held = input.lots.reduce((sum, lot) => sum + lot.quantity, 0);
  if (!(input.quantity >= 0) || input.quantity > held + 1e-9) {
    throw invalidInput({
      code: 'NOT_ENOUGH_SHARES',
      what: 'The quantity to sell',
      needed: `between 0 and the ${held} shares held`,
      got: input.quantity,
      hint: `Only ${held} shares are held; sell at most that.`,
      details: { held, wanted: input.quantity },
    });
  }
  const sold: SoldLot[] = [];
  let left = input.quantity;
  for (const lot of inOrder(input)) {
    if (left <= 1e-12) break;
    const quantity = Math.min(lot.quantity, left);
    left -= quantity;
    sold.push({
      id: lot.id,
      quantity,
      longTerm: isLongTerm(lot.acquired, input.saleDate),
      gain: quantity * (input.price - lot.costPerUnit),
      tax: quantity * taxPerUnit(lot, input.price, input.saleDate, input),
    });
  }
  const gainShortTerm = sold.reduce((sum, s) => (s.longTerm ? sum : sum + s.gain), 0);
  const gainLongTerm = sold.reduce((sum, s) => (s.longTerm ? sum + s.gain : sum), 0);
  return {
    lots: sold,
    gainShortTerm,
    gainLongTerm,
    taxLotByLot: sold.reduce((sum, s) => sum + s.tax, 0),
    taxNetted: netTax(gainShortTerm, gainLongTerm, input),
  };
}

function inOrder(input: LotSaleInput): readonly TaxLot[] {
  const age = (a: TaxLot, b: TaxLot): number => (a.acquired < b.acquired ? -1 : a.acquired > b.acquired ? 1 : 0);
  const tax = (lot: TaxLot): number => taxPerUnit(lot, input.price, input.saleDate, input);
  const orders: Record<LotMethod, (a: TaxLot, b: TaxLot) => number> = {
    fifo: age,
    lifo: (a, b) => age(b, a),
    hifo: (a, b) => b.costPerUnit - a.costPerUnit || age(a, b),
    'min-tax': (a, b) => tax(a) - tax(b) || age(a, b),
  };
  return [...input.lots].sort(orders[input.method]);
}

/** Short and long results set off against each other; a net loss gives no refund. */
export function netTax(gainShortTerm: number, gainLongTerm: number, rates: TaxRates): number {
  if (gainShortTerm >= 0 && gainLongTerm >= 0) {
    return gainShortTerm * rates.shortTermRate + gainLongTerm * rates.longTermRate;
  }
  const net = gainShortTerm + gainLongTerm;
  if (net <= 0) return 0;
  return net * (gainLongTerm > 0 ? rates.longTermRate : rates.shortTermRate);
}

/** The single average basis that some countries (and US funds) use. */
export function averageCostSale(
  lots: readonly TaxLot[],
  quantity: number,
  price: number,
): { readonly basis: number; readonly gain: number } {
  const held = lots.reduce((sum, lot) => sum + lot.quantity, 0);
  const basis = lots.reduce((sum, lot) => sum + lot.quantity * lot.costPerUnit, 0) / held;
  return { basis, gain: quantity * (price - basis) };
}
