/**
 * Can money that comes in (or must go out) do the rebalancing without trading the other way?
 *
 * Inflow: buys only, in proportion to the positive shortfalls target × (total + inflow) − holding. Outflow: sales only, in proportion to the positive excesses over target × (total − outflow). Where the
 * flow is larger than all shortfalls together, that cannot happen: shortfalls sum to at least the flow, because targets sum to one.
 *
 * Holdings and flow in one currency; targets sum to 1. O(n).
 * Reference: Daryanani (2008), J. Financial Planning 21:1 (cash-flow rebalancing).
 *
 * @example allocateInflow([52000, 31000, 17000], [0.5, 0.3, 0.2], 8000) // → buys [2000, 1400, 4600]
 */
import { invalidInput } from '../../../lib/errors.ts';

export interface FlowPlan {
  /** Buys (positive) or sales (positive) per holding. */
  readonly amounts: readonly number[];
  readonly weightsAfter: readonly number[];
}

export function allocateInflow(holdings: readonly number[], target: readonly number[], inflow: number): FlowPlan {
  return allocateFlow(holdings, target, inflow);
}

export function allocateOutflow(holdings: readonly number[], target: readonly number[], outflow: number): FlowPlan {
  return allocateFlow(holdings, target, -outflow);
}

function allocateFlow(holdings: readonly number[], target: readonly number[], flow: number): FlowPlan {
  const total = holdings.reduce((sum, h) => sum + h, 0);
  const after = total + flow;
  if (!(after >= 0) || holdings.length !== target.length) {
    throw invalidInput({
      what: 'The cash flow',
      needed: `at least minus the ${total} held, with one target per holding`,
      got: `${flow} for ${holdings.length} holdings and ${target.length} targets`,
    });
  }
  const gaps = holdings.map((h, i) => Math.max(0, Math.sign(flow) * ((target[i] as number) * after - h)));
  const all = gaps.reduce((sum, gap) => sum + gap, 0);
  const amounts = gaps.map((gap) => (all > 0 ? (gap / all) * Math.abs(flow) : 0));
  const weightsAfter = holdings.map((h, i) => (after > 0 ? (h + Math.sign(flow) * (amounts[i] as number)) / after : 0));
  return { amounts, weightsAfter };
}
