/**
 * Which amounts bring every class back to its target?
 *
 * amount = |target − current| × total, to the cent. SELL / BUY, for cash REDUCE / INCREASE. At or below the minimum trade a class is left alone (HOLD, with the amount that was
 * not worth trading). `atMinimum` says what an amount of exactly the minimum does: the rule here is that it does not trigger (`hold`); the convention
 * "trades below the minimum hold" is `trade`. A guard of 1e-6 currency units keeps 0.01 × 100,000 = 1000.0000000000009 at the minimum.
 *
 * Fractions of one total; amounts in its currency. O(classes).
 * Reference: Perold & Sharpe (1988), "Dynamic strategies for asset allocation", Financial Analysts J. 44:1 (constant-mix trades).
 *
 * @example planClassTrades({ current: { stocks: 0.76, bonds: 0.18, cash: 0.06 }, target: { stocks: 0.55, bonds: 0.3, cash: 0.15 }, total: 100_000 })
 */
import { type Allocation, classesOf, tidy } from './deviation.ts';

export type TradeAction = 'BUY' | 'SELL' | 'INCREASE' | 'REDUCE' | 'HOLD';

export interface ClassTrade {
  readonly assetClass: string;
  readonly action: TradeAction;
  /** Positive, in the portfolio's currency, to the cent. */
  readonly amount: number;
  readonly from: number;
  readonly to: number;
  /** from − to. */
  readonly deviation: number;
}

export const DEFAULT_MINIMUM_TRADE = 1000;
const AMOUNT_GUARD = 1e-6;

export function planClassTrades(parts: {
  readonly current: Allocation;
  readonly target: Allocation;
  readonly total: number;
  readonly minimumTrade?: number;
  readonly atMinimum?: 'hold' | 'trade';
  readonly cashClass?: string;
}): readonly ClassTrade[] {
  const { current, target, total, minimumTrade = DEFAULT_MINIMUM_TRADE, atMinimum = 'hold' } = parts;
  return classesOf(current, target).map((assetClass) => {
    const from = current[assetClass] ?? 0;
    const to = target[assetClass] ?? 0;
    const deviation = tidy(from - to);
    const exact = Math.abs(deviation) * total;
    const amount = roundToCent(exact);
    const worthIt = atMinimum === 'trade' ? exact >= minimumTrade - AMOUNT_GUARD : exact > minimumTrade + AMOUNT_GUARD;
    const isCash = assetClass === (parts.cashClass ?? 'cash');
    return { assetClass, action: actionOf(deviation, worthIt, isCash), amount, from, to, deviation };
  });
}

function actionOf(deviation: number, worthIt: boolean, isCash: boolean): TradeAction {
  if (!worthIt || deviation === 0) return 'HOLD';
  if (isCash) return deviation > 0 ? 'REDUCE' : 'INCREASE';
  return deviation > 0 ? 'SELL' : 'BUY';
}

export function roundToCent(amount: number): number {
  return Math.round(amount * 100) / 100;
}
