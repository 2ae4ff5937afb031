/**
 * What does an order cost by its size alone?
 *
 * Square root: impact = Y σ √(Q/ADV). Almgren–Thum–Hauptmann–Li: permanent I = γσ(X/V)(Θ/V)^{1/4} and temporary ησ|X/(VT)|^{3/5}, γ = 0.314,
 * η = 0.142; the realised cost is I/2 + temporary. Units: σ per day as a fraction, Q and ADV in shares, results in basis points of the price.
 * Cost: O(1). Sources: Grinold & Kahn (2000), Active Portfolio Management, ch. 16 (square root; Y near 1);
 * Almgren, Thum, Hauptmann & Li (2005), Direct estimation of equity market impact, Risk 18(7):58, eq. 7–9.
 *
 * @example squareRootImpactBps({ quantity: 10_000, averageDailyVolume: 5e6, dailyVolatility: 0.02, coefficient: 1 }) // 8.944
 */
import { invalidInput } from '../../../lib/errors.ts';

function requireAbove(what: string, value: number, strict: boolean): void {
  if (!(Number.isFinite(value) && (strict ? value > 0 : value >= 0))) {
    throw invalidInput({ what, needed: strict ? 'above 0' : 'at least 0', got: value });
  }
}

export function squareRootImpactBps(order: {
  readonly quantity: number;
  readonly averageDailyVolume: number;
  readonly dailyVolatility: number;
  readonly coefficient: number;
}): number {
  requireAbove('The quantity', order.quantity, false);
  requireAbove('The average daily volume', order.averageDailyVolume, true);
  requireAbove('The daily volatility', order.dailyVolatility, false);
  return 1e4 * order.coefficient * order.dailyVolatility * Math.sqrt(order.quantity / order.averageDailyVolume);
}

export function almgrenImpactBps(order: {
  readonly quantity: number;
  readonly averageDailyVolume: number;
  readonly dailyVolatility: number;
  readonly sharesOutstanding: number;
  /** Fraction of a day that the order takes. */
  readonly days: number;
}): { readonly permanentBps: number; readonly temporaryBps: number; readonly realisedBps: number } {
  requireAbove('The quantity', order.quantity, false);
  requireAbove('The average daily volume', order.averageDailyVolume, true);
  requireAbove('The daily volatility', order.dailyVolatility, false);
  requireAbove('The shares outstanding', order.sharesOutstanding, true);
  requireAbove('The days', order.days, true);
  const share = order.quantity / order.averageDailyVolume;
  const turnover = order.sharesOutstanding / order.averageDailyVolume;
  const permanentBps = 1e4 * 0.314 * order.dailyVolatility * share * turnover ** 0.25;
  const temporaryBps = 1e4 * 0.142 * order.dailyVolatility * (share / order.days) ** 0.6;
  return { permanentBps, temporaryBps, realisedBps: 0.5 * permanentBps + temporaryBps };
}
