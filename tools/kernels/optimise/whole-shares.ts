/**
 * How many whole shares come closest to the wanted values? Exactly, by integer programming:
 *
 *   minimise Σ |q_i p_i − target_i| (+ leftover cash × penalty)   subject to   Σ q_i p_i ≤ budget, q_i ≥ 0 whole.
 *
 * Absolute values are split in the usual way (Bertsimas and Tsitsiklis, 1997, section 1.3). Where plain rounding is
 * affordable and no cash penalty is asked, it is optimal term by term and no solver is called.
 */
import { invalidInput } from '../../../lib/errors.ts';
import { type SparseRow, solveLinearProgram } from './linear-program.ts';

export interface WholeShares {
  readonly status: 'optimal' | 'infeasible' | 'limit';
  readonly shares: readonly number[];
  /** Σ |q p − target| plus the weighted leftover cash. */
  readonly objective: number;
  readonly deviation: number;
  readonly leftoverCash: number;
  /** Relative optimality gap: 0 when proved optimal. */
  readonly gap: number;
  readonly method: 'rounding' | 'integer-program';
}

/** Prices and targets in one currency. Example: prices [3], targets [10], budget 10 → 3 shares, deviation 1, cash 1. */
export async function solveWholeShares(problem: {
  readonly prices: readonly number[];
  readonly targetValues: readonly number[];
  readonly budget: number;
  /** Weight of a unit of leftover cash in the objective, default 0. */
  readonly cashPenalty?: number | undefined;
  /** Lot size per asset, default 1. */
  readonly lotSizes?: readonly number[] | undefined;
  /** Fewest shares per asset (long-only default 0). */
  readonly minShares?: readonly number[] | undefined;
  readonly maxShares?: readonly number[] | undefined;
}): Promise<WholeShares> {
  const { prices, targetValues, budget } = problem;
  const penalty = problem.cashPenalty ?? 0;
  for (const [i, price] of prices.entries()) {
    if (!(price > 0 && Number.isFinite(price))) {
      throw invalidInput({ what: `The price of asset ${i}`, needed: 'a positive number', got: price });
    }
  }
  const lot = prices.map((price, i) => price * (problem.lotSizes?.[i] ?? 1));
  const least = lot.map((_, i) => Math.ceil((problem.minShares?.[i] ?? 0) / (problem.lotSizes?.[i] ?? 1)));
  const most = lot.map((value, i) =>
    Math.min(
      Math.floor((problem.maxShares?.[i] ?? Number.POSITIVE_INFINITY) / (problem.lotSizes?.[i] ?? 1)),
      Math.ceil(Math.max(targetValues[i] as number, budget) / value) + (least[i] as number),
    ),
  );
  const rounded = lot.map((value, i) =>
    Math.min(most[i] as number, Math.max(least[i] as number, Math.round((targetValues[i] as number) / value))),
  );
  const spent = rounded.reduce((sum, lots, i) => sum + lots * (lot[i] as number), 0);
  if (penalty === 0 && spent <= budget) return describe(problem, rounded, lot, penalty, 0, 'rounding', 'optimal');
  const n = lot.length;
  const program = integerProgram(lot, targetValues, budget, penalty, least, most);
  const solved = await solveLinearProgram(program);
  if (solved.status !== 'optimal' && solved.status !== 'limit') {
    return {
      status: 'infeasible',
      shares: [],
      objective: 0,
      deviation: 0,
      leftoverCash: 0,
      gap: 0,
      method: 'integer-program',
    };
  }
  const lots = Array.from(solved.x.subarray(0, n), Math.round);
  const status = solved.status === 'optimal' ? 'optimal' : 'limit';
  return describe(problem, lots, lot, penalty, solved.gap, 'integer-program', status);
}

function integerProgram(
  lot: readonly number[],
  targets: readonly number[],
  budget: number,
  penalty: number,
  least: readonly number[],
  most: readonly number[],
): Parameters<typeof solveLinearProgram>[0] {
  const n = lot.length;
  const rows: SparseRow[] = [];
  const all = lot.map((_, i) => i);
  rows.push({ index: all, value: lot, lower: Number.NEGATIVE_INFINITY, upper: budget });
  for (let i = 0; i < n; i++) {
    // value − over + under = target
    const target = targets[i] as number;
    rows.push({ index: [i, n + i, 2 * n + i], value: [lot[i] as number, -1, 1], lower: target, upper: target });
  }
  const cost = new Float64Array(3 * n);
  cost.fill(1, n);
  for (let i = 0; i < n; i++) cost[i] = -penalty * (lot[i] as number);
  const lower = new Float64Array(3 * n);
  const upper = new Float64Array(3 * n).fill(Number.POSITIVE_INFINITY);
  lower.set(least);
  upper.set(most);
  return { cost, lower, upper, rows, integer: Uint8Array.from({ length: 3 * n }, (_, j) => (j < n ? 1 : 0)) };
}

function describe(
  problem: Parameters<typeof solveWholeShares>[0],
  lots: readonly number[],
  lot: readonly number[],
  penalty: number,
  gap: number,
  method: WholeShares['method'],
  status: WholeShares['status'],
): WholeShares {
  const deviation = lots.reduce(
    (sum, count, i) => sum + Math.abs(count * (lot[i] as number) - (problem.targetValues[i] as number)),
    0,
  );
  const leftoverCash = problem.budget - lots.reduce((sum, count, i) => sum + count * (lot[i] as number), 0);
  return {
    status,
    shares: lots.map((count, i) => count * (problem.lotSizes?.[i] ?? 1)),
    objective: deviation + penalty * leftoverCash,
    deviation,
    leftoverCash,
    gap,
    method,
  };
}
