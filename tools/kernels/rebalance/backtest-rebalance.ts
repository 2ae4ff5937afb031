/**
 * What would a rebalancing rule have done to a portfolio, after costs?
 *
 * Weights drift with returns. A rule looks at the weights (and the target) at the close of t and, where it fires, trades at the close of t+1: the decision never sees the price it is traded at.
 * Cost = costRate × Σ|traded value|, cash included only as what is left. Targets may change over time (row per period).
 *
 * Shapes: returns T×n by columns (simple), targets: one vector, or one per period; weights need not sum to 1, the rest is cash at `cashReturn` per period. Complete returns only. O(T·n).
 * Reference: Perold & Sharpe (1988), Financial Analysts J. 44:1; Arnott & Lovell (1993), J. Investing 2:1 (bands); Daryanani (2008).
 *
 * @example backtestRebalancing({ returns, target: [0.6, 0.4], rule: { kind: 'band', band: 0.05 }, costRate: 0.0005 })
 */
import { invalidInput } from '../../../lib/errors.ts';
import { REBALANCE_GUARD } from './deviation.ts';

export type RebalanceRule =
  | { readonly kind: 'none' }
  /** Every period t where `due[t]` is 1 (month ends, for example). */
  | { readonly kind: 'calendar'; readonly due: Uint8Array }
  /** When any class is strictly further from its target than the band. */
  | { readonly kind: 'band'; readonly band: number };

export interface RebalanceBacktestInput {
  readonly returns: readonly Float64Array[];
  /** Weights per asset, or a function of the period (known at its close). */
  readonly target: readonly number[] | ((period: number) => readonly number[]);
  /** Which assets make up a class: the band is checked on class weights. Default: each asset alone. */
  readonly groups?: readonly (readonly number[])[];
  readonly rule: RebalanceRule;
  /** Cost per unit of value traded. */
  readonly costRate: number;
  readonly cashReturn?: number;
}

export interface RebalanceBacktest {
  /** Portfolio return of each period, after costs. */
  readonly returns: Float64Array;
  /** Σ|traded| ÷ value, one entry per rebalancing, with its period. */
  readonly trades: readonly { readonly period: number; readonly traded: number; readonly cost: number }[];
  /** Σ of costs as fractions of the value at the time. */
  readonly totalCost: number;
}

export function backtestRebalancing(input: RebalanceBacktestInput): RebalanceBacktest {
  const n = input.returns.length;
  const rows = input.returns[0]?.length ?? 0;
  if (n === 0 || rows === 0 || input.returns.some((column) => column.length !== rows)) {
    throw invalidInput({ what: 'The returns', needed: 'columns of equal length', got: `${n} columns` });
  }
  const targetAt = typeof input.target === 'function' ? input.target : () => input.target as readonly number[];
  const groups = input.groups ?? Array.from({ length: n }, (_, i) => [i]);
  const cashReturn = input.cashReturn ?? 0;
  const holdings = Float64Array.from(targetAt(0));
  let cash = 1 - sum(holdings);
  const out = new Float64Array(rows);
  const trades: { period: number; traded: number; cost: number }[] = [];
  let pending: readonly number[] | null = null;
  for (let t = 0; t < rows; t++) {
    const before = cash + sum(holdings);
    for (let i = 0; i < n; i++) holdings[i] = (holdings[i] as number) * (1 + (input.returns[i]?.[t] as number));
    cash *= 1 + cashReturn;
    let value = cash + sum(holdings);
    if (pending !== null) {
      const { traded, cost } = trade(holdings, pending, value, input.costRate);
      value -= cost;
      cash = value - sum(holdings);
      trades.push({ period: t, traded: traded / (value + cost), cost: cost / (value + cost) });
      pending = null;
    }
    out[t] = value / before - 1;
    const target = targetAt(t);
    if (t + 1 < rows && fires(input.rule, { t, holdings, target, groups, value })) pending = target;
  }
  return { returns: out, trades, totalCost: trades.reduce((total, one) => total + one.cost, 0) };
}

/** Moves the holdings to the target of the value after costs; the cost is found by one fixed-point step, exact to its square. */
function trade(
  holdings: Float64Array,
  target: readonly number[],
  value: number,
  costRate: number,
): { readonly traded: number; readonly cost: number } {
  let cost = 0;
  let traded = 0;
  for (let pass = 0; pass < 3; pass++) {
    traded = 0;
    for (let i = 0; i < holdings.length; i++) {
      traded += Math.abs((target[i] as number) * (value - cost) - (holdings[i] as number));
    }
    cost = traded * costRate;
  }
  for (let i = 0; i < holdings.length; i++) holdings[i] = (target[i] as number) * (value - cost);
  return { traded, cost };
}

function fires(
  rule: RebalanceRule,
  state: {
    readonly t: number;
    readonly holdings: Float64Array;
    readonly target: readonly number[];
    readonly groups: readonly (readonly number[])[];
    readonly value: number;
  },
): boolean {
  if (rule.kind === 'none') return false;
  if (rule.kind === 'calendar') return rule.due[state.t] === 1;
  let cashGap = 0;
  for (const group of state.groups) {
    let gap = 0;
    for (const i of group) gap += (state.holdings[i] as number) / state.value - (state.target[i] as number);
    if (Math.abs(gap) > rule.band + REBALANCE_GUARD) return true;
    cashGap -= gap;
  }
  return Math.abs(cashGap) > rule.band + REBALANCE_GUARD;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}
