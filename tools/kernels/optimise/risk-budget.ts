/**
 * Long-only weights whose risk contributions w_i(Σw)_i / w'Σw equal given budgets b (equal risk contribution: b = 1/n).
 * The unique answer is the minimum of ½y'Σy − Σ b_i ln y_i, rescaled (Maillard, Roncalli and Teïletche, 2010, J. Portfolio
 * Manag. 36; Spinu, 2013, SSRN 2297383): cyclical coordinates (Griveau-Billion, Richard and Roncalli, 2013) for the first
 * digits, Newton for the rest. Weight limits l·Σy ≤ y ≤ c·Σy enter the same convex problem by an interior point, so that
 * contributions stay as near to the budgets as the limits let them. O(n²) a sweep, O(n³) a Newton step.
 */
import { invalidInput } from '../../../lib/errors.ts';
import { choleskyInPlace, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { multiplyVector, multiplyVectorInto } from '../linalg/multiply.ts';
import { limitedBudget } from './limited-risk-budget.ts';

export interface RiskBudgetSolution {
  readonly status: 'optimal' | 'infeasible' | 'stalled';
  readonly weights: Float64Array;
  /** Shares of variance, summing to one. */
  readonly contributions: Float64Array;
  readonly volatility: number;
  readonly binding: readonly { readonly index: number; readonly side: 'lower' | 'upper' }[];
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest element of the scaled gradient. */
  readonly residual: number;
}

export interface RiskBudgetLimits {
  readonly lower?: Float64Array | undefined;
  readonly upper?: Float64Array | undefined;
}

/** w_i(Σw)_i / w'Σw. Sums to one; zero for a weight of zero. */
export function riskContributions(covariance: Matrix, weights: Float64Array): Float64Array {
  const pull = multiplyVector(covariance, weights);
  let variance = 0;
  for (let i = 0; i < weights.length; i++) variance += (weights[i] as number) * (pull[i] as number);
  if (!(variance > 0)) return new Float64Array(weights.length);
  return weights.map((weight, i) => (weight * (pull[i] as number)) / variance);
}

/** Budgets must be positive; they are rescaled to sum to one. Example: uncorrelated assets get weights ∝ √b/σ. */
export function solveRiskBudget(
  covariance: Matrix,
  budgets: ArrayLike<number>,
  limits: RiskBudgetLimits = {},
): RiskBudgetSolution {
  const n = covariance.rows;
  const b = normalise(budgets, n);
  for (let i = 0; i < n; i++) {
    if (!((covariance.data[i * n + i] as number) > 0)) {
      throw invalidInput({
        what: `The variance of asset ${i}`,
        needed: 'positive for a risk budget',
        got: covariance.data[i * n + i],
        hint: 'Leave out assets that do not move.',
      });
    }
  }
  const lower = limits.lower ?? new Float64Array(n);
  const upper = limits.upper ?? new Float64Array(n).fill(1);
  const total = (v: Float64Array): number => v.reduce((a, c) => a + c, 0);
  if (total(upper) < 1 - 1e-12 || total(lower) > 1 + 1e-12 || lower.some((value, i) => value > (upper[i] as number))) {
    return { ...describe(covariance, new Float64Array(n), 0, Number.POSITIVE_INFINITY), status: 'infeasible' };
  }
  const scaled = covariance.data.slice();
  const sd = Float64Array.from({ length: n }, (_, i) => Math.sqrt(covariance.data[i * n + i] as number));
  const size = total(sd) / n;
  for (let i = 0; i < scaled.length; i++) scaled[i] = (scaled[i] as number) / (size * size);
  const S: Matrix = { rows: n, cols: n, data: scaled };
  const free = barrierMinimum(S, b);
  const sum = total(free.y);
  const inside = free.y.every(
    (value, i) =>
      value <= (upper[i] as number) * sum * (1 + 1e-13) && value >= (lower[i] as number) * sum * (1 - 1e-13),
  );
  if (inside)
    return describe(
      covariance,
      free.y.map((value) => value / sum),
      free.iterations,
      free.residual,
    );
  const limited = limitedBudget(S, b, lower, upper, free);
  return {
    ...describe(covariance, limited.weights, limited.iterations, limited.residual),
    binding: limited.binding,
  };
}

function normalise(budgets: ArrayLike<number>, n: number): Float64Array {
  if (budgets.length !== n)
    throw invalidInput({
      what: 'The number of budgets',
      needed: `${n}`,
      got: budgets.length,
      hint: 'Give one budget per asset.',
    });
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const value = budgets[i] as number;
    if (!(value > 0 && Number.isFinite(value))) {
      throw invalidInput({
        what: `The risk budget of asset ${i}`,
        needed: 'positive',
        got: value,
        hint: 'Leave out assets without a budget.',
      });
    }
    sum += value;
  }
  return Float64Array.from(budgets, (value) => value / sum);
}

function describe(covariance: Matrix, weights: Float64Array, iterations: number, residual: number): RiskBudgetSolution {
  const pull = multiplyVector(covariance, weights);
  let variance = 0;
  for (let i = 0; i < weights.length; i++) variance += (weights[i] as number) * (pull[i] as number);
  const converged = residual < 1e-9;
  return {
    status: converged ? 'optimal' : 'stalled',
    weights,
    contributions: riskContributions(covariance, weights),
    volatility: Math.sqrt(Math.max(0, variance)),
    binding: [],
    converged,
    iterations,
    residual,
  };
}

interface BarrierMinimum {
  readonly y: Float64Array;
  readonly iterations: number;
  readonly residual: number;
}

function barrierMinimum(S: Matrix, b: Float64Array): BarrierMinimum {
  const n = S.rows;
  const y = Float64Array.from(
    { length: n },
    (_, i) => Math.sqrt(b[i] as number) / Math.sqrt(S.data[i * n + i] as number),
  );
  const pull = multiplyVector(S, y);
  let iterations = 0;
  let change = 1;
  while (change > 1e-5 && iterations < 200) {
    iterations++;
    change = sweep(S, b, y, pull);
  }
  const H = new Float64Array(n * n);
  const step = new Float64Array(n);
  let residual = Number.POSITIVE_INFINITY;
  for (let newton = 0; newton < 40; newton++) {
    multiplyVectorInto(S, y, pull);
    const before = residual;
    residual = 0;
    for (let i = 0; i < n; i++) {
      step[i] = (b[i] as number) / (y[i] as number) - (pull[i] as number);
      // Relative to the budget: the error of the contribution itself.
      residual = Math.max(residual, Math.abs((step[i] as number) * (y[i] as number)));
    }
    if (residual < 1e-15 || (residual < 1e-12 && residual > before / 2)) break;
    iterations++;
    H.set(S.data);
    for (let i = 0; i < n; i++) H[i * n + i] = (H[i * n + i] as number) + (b[i] as number) / (y[i] as number) ** 2;
    if (choleskyInPlace(H, n) >= 0) break;
    solveCholeskyInPlace(H, n, step);
    let shortest = 1;
    for (let i = 0; i < n; i++) {
      if ((step[i] as number) < 0) shortest = Math.min(shortest, (-0.9 * (y[i] as number)) / (step[i] as number));
    }
    for (let i = 0; i < n; i++) y[i] = (y[i] as number) + shortest * (step[i] as number);
  }
  return { y, iterations, residual };
}

/** One pass over the coordinates: each solves S_ii y² + c y − b = 0 exactly. Returns the largest relative change. */
function sweep(S: Matrix, b: Float64Array, y: Float64Array, pull: Float64Array): number {
  const n = S.rows;
  let change = 0;
  for (let i = 0; i < n; i++) {
    const own = S.data[i * n + i] as number;
    const old = y[i] as number;
    const rest = (pull[i] as number) - own * old;
    const root = Math.sqrt(rest * rest + 4 * own * (b[i] as number));
    const next = rest > 0 ? (2 * (b[i] as number)) / (rest + root) : (root - rest) / (2 * own);
    const delta = next - old;
    if (delta !== 0) {
      y[i] = next;
      const base = i * n;
      for (let j = 0; j < n; j++) pull[j] = (pull[j] as number) + delta * (S.data[base + j] as number);
    }
    change = Math.max(change, Math.abs(delta) / next);
  }
  return change;
}
