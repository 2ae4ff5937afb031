/**
 * How should a large rebalancing be spread over several dates?
 *
 * Each date moves at most `maxStep` of the portfolio in any one class; the number of steps is the smallest that allows it (capped), and amounts are split equally in whole cents with the
 * remainder in the last step, so that they add up exactly. `everyDays` between steps.
 *
 * Amounts in currency, `maxStep` a fraction of the total. O(trades × steps).
 * Reference: Constantinides (1979), J. Financial & Quantitative Analysis 14:2 (staging forgoes expected return for lower timing risk).
 *
 * @example scheduleTrades({ amounts: [30000, 20000], total: 100_000, maxStep: 0.1, start: '2025-01-02', everyDays: 7 }) // → 3 dates
 */
import { addDays } from '../../../lib/dates.ts';

export interface ScheduleStep {
  readonly date: string;
  /** One amount per trade, in the order given. */
  readonly amounts: readonly number[];
}

export const MAX_STEPS = 12;

export function scheduleTrades(parts: {
  readonly amounts: readonly number[];
  readonly total: number;
  /** Largest share of the portfolio that one class moves on one date. */
  readonly maxStep: number;
  readonly start: string;
  readonly everyDays: number;
}): readonly ScheduleStep[] {
  const { amounts, total, maxStep, start, everyDays } = parts;
  const largest = amounts.reduce((most, amount) => Math.max(most, Math.abs(amount)), 0);
  if (largest === 0 || !(total > 0)) return [];
  const steps = Math.min(MAX_STEPS, Math.max(1, Math.ceil(largest / total / maxStep - 1e-9)));
  return Array.from({ length: steps }, (_, step) => ({
    date: addDays(start, step * everyDays),
    amounts: amounts.map((amount) => splitCents(amount, steps, step)),
  }));
}

function splitCents(amount: number, steps: number, step: number): number {
  const cents = Math.round(amount * 100);
  const each = Math.trunc(cents / steps);
  return (step === steps - 1 ? cents - each * (steps - 1) : each) / 100;
}
