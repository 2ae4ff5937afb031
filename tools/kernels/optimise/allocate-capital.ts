/**
 * Capital for strategies by risk budget, with caps and a volatility target and never with leverage:
 *
 * 1. weights whose risk contributions meet the budgets, each at most its cap (the caps apply before scaling); where the caps
 *    sum to less than one, every strategy gets its cap and the rest is cash;
 * 2. scale = min(1, target / volatility): a calmer book is left as it is, and the leverage that the target would need is
 *    reported, not taken;
 * 3. weights below the least are dropped to cash.
 *
 * Risk budgets as in `solveRiskBudget` (Maillard, Roncalli and Teïletche, 2010); volatility scaling after Moreira and Muir
 * (2017), J. Finance 72. Annual units.
 */
import { TradewindError } from '../../../lib/errors.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { quadraticForm } from '../linalg/multiply.ts';
import { riskContributions, solveRiskBudget } from './risk-budget.ts';

export interface CapitalAllocation {
  readonly weights: Float64Array;
  readonly cash: number;
  /** Budgets, rescaled to sum to one. */
  readonly wished: Float64Array;
  readonly achieved: Float64Array;
  readonly capped: readonly boolean[];
  readonly dropped: readonly boolean[];
  readonly volatility: number;
  /** Before scaling: sum one, or the sum of the caps. */
  readonly unscaledVolatility: number;
  readonly scale: number;
  /** Target over unscaled volatility: above one means that the target would need borrowing. */
  readonly leverageForTarget: number;
  readonly residual: number;
}

/** Example: three uncorrelated strategies with caps of 0.3 each hold 0.3, 0.3, 0.3 and 0.1 cash. */
export function allocateCapital(input: {
  readonly covariance: Matrix;
  readonly budgets: readonly number[];
  readonly maxWeight: number;
  readonly minWeight: number;
  readonly targetVolatility: number;
  readonly dropBelow: number;
}): CapitalAllocation {
  const { covariance, budgets, maxWeight, minWeight, targetVolatility, dropBelow } = input;
  const n = covariance.rows;
  const total = budgets.reduce((a, b) => a + b, 0);
  const wished = Float64Array.from(budgets, (budget) => budget / total);
  let base: Float64Array;
  let capped: readonly boolean[];
  let residual = 0;
  if (n * maxWeight <= 1 + 1e-12) {
    base = new Float64Array(n).fill(Math.min(maxWeight, 1 / n));
    capped = Array.from({ length: n }, () => n * maxWeight < 1);
  } else {
    const lower = new Float64Array(n).fill(minWeight);
    const upper = new Float64Array(n).fill(maxWeight);
    const solved = solveRiskBudget(covariance, budgets, { lower, upper });
    if (solved.status !== 'optimal') {
      throw new TradewindError({
        code: 'INFEASIBLE_LIMITS',
        kind: 'input',
        message: `${n} strategies cannot each hold at least ${minWeight} and at most ${maxWeight} and sum to one.`,
        hint: 'Lower the least weight or raise the cap.',
      });
    }
    base = solved.weights;
    const atCap = new Set(solved.binding.filter((limit) => limit.side === 'upper').map((limit) => limit.index));
    capped = Array.from({ length: n }, (_, i) => atCap.has(i));
    residual = solved.residual;
  }
  const unscaledVolatility = Math.sqrt(Math.max(0, quadraticForm(covariance, base)));
  const leverageForTarget = targetVolatility / unscaledVolatility;
  const scale = Math.min(1, leverageForTarget);
  const scaled = base.map((weight) => weight * scale);
  const dropped = Array.from(scaled, (weight) => weight < dropBelow);
  const weights = scaled.map((weight, i) => (dropped[i] ? 0 : weight));
  return {
    weights,
    cash: 1 - weights.reduce((a, b) => a + b, 0),
    wished,
    achieved: riskContributions(covariance, weights),
    capped,
    dropped,
    volatility: Math.sqrt(Math.max(0, quadraticForm(covariance, weights))),
    unscaledVolatility,
    scale,
    leverageForTarget,
    residual,
  };
}
