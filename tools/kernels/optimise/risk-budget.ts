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
  return limitedBudget(covariance, S, b, lower, upper, free);
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

/** State of the interior point: slacks s and multipliers z of y ≤ cΣy (first n) and lΣy ≤ y (last n). */
interface Interior {
  readonly y: Float64Array;
  readonly s: Float64Array;
  readonly z: Float64Array;
}

function limitedBudget(
  covariance: Matrix,
  S: Matrix,
  b: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  start: BarrierMinimum,
): RiskBudgetSolution {
  const n = S.rows;
  const sum0 = start.y.reduce((a, c) => a + c, 0);
  const state: Interior = {
    y: start.y.slice(),
    s: new Float64Array(2 * n),
    z: new Float64Array(2 * n).fill(0.1 / sum0),
  };
  for (let i = 0; i < n; i++) {
    state.s[i] = Math.max(0.05 * sum0, (upper[i] as number) * sum0 - (state.y[i] as number));
    state.s[n + i] = Math.max(0.05 * sum0, (state.y[i] as number) - (lower[i] as number) * sum0);
  }
  let iterations = start.iterations;
  let residual = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 200; k++) {
    const mu = dotOf(state.s, state.z) / (2 * n);
    const outcome = newtonStep(S, b, lower, upper, state, 0.15 * mu);
    residual = Math.max(outcome.residual, mu);
    if (outcome.residual < 1e-13 && mu < 1e-14) break;
    if (!outcome.moved) break;
    iterations++;
  }
  const total = state.y.reduce((a, c) => a + c, 0);
  const weights = state.y.map((value) => value / total);
  const binding: { index: number; side: 'lower' | 'upper' }[] = [];
  for (let i = 0; i < n; i++) {
    if ((state.z[i] as number) > (state.s[i] as number)) {
      weights[i] = upper[i] as number;
      binding.push({ index: i, side: 'upper' });
    } else if ((lower[i] as number) > 0 && (state.z[n + i] as number) > (state.s[n + i] as number)) {
      weights[i] = lower[i] as number;
      binding.push({ index: i, side: 'lower' });
    }
  }
  return { ...describe(covariance, weights, iterations, residual), binding };
}

function dotOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** One damped Newton step on the perturbed optimality conditions. */
function newtonStep(
  S: Matrix,
  b: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  state: Interior,
  target: number,
): { readonly residual: number; readonly moved: boolean } {
  const n = S.rows;
  const { y, s, z } = state;
  const pull = multiplyVector(S, y);
  const sum = y.reduce((a, c) => a + c, 0);
  const right = new Float64Array(n);
  const primal = new Float64Array(2 * n);
  const H = S.data.slice();
  let common = 0;
  let squared = 0;
  const mixed = new Float64Array(n);
  let residual = 0;
  let dualSum = 0;
  for (let i = 0; i < n; i++)
    dualSum += (z[n + i] as number) * (lower[i] as number) - (z[i] as number) * (upper[i] as number);
  for (let i = 0; i < n; i++) {
    const gradient =
      (pull[i] as number) - (b[i] as number) / (y[i] as number) + (z[i] as number) - (z[n + i] as number) + dualSum;
    primal[i] = (y[i] as number) - (upper[i] as number) * sum + (s[i] as number);
    primal[n + i] = (lower[i] as number) * sum - (y[i] as number) + (s[n + i] as number);
    residual = Math.max(
      residual,
      Math.abs(gradient * (y[i] as number)),
      Math.abs(primal[i] as number),
      Math.abs(primal[n + i] as number),
    );
    const wu = (z[i] as number) / (s[i] as number);
    const wl = (z[n + i] as number) / (s[n + i] as number);
    const pushUpper =
      (target - (s[i] as number) * (z[i] as number) + (z[i] as number) * (primal[i] as number)) / (s[i] as number);
    const pushLower =
      (target - (s[n + i] as number) * (z[n + i] as number) + (z[n + i] as number) * (primal[n + i] as number)) /
      (s[n + i] as number);
    right[i] = (right[i] as number) - gradient - pushUpper + pushLower;
    common += pushUpper * (upper[i] as number) - pushLower * (lower[i] as number);
    H[i * n + i] = (H[i * n + i] as number) + (b[i] as number) / (y[i] as number) ** 2 + wu + wl;
    mixed[i] = wu * (upper[i] as number) + wl * (lower[i] as number);
    squared += wu * (upper[i] as number) ** 2 + wl * (lower[i] as number) ** 2;
  }
  for (let i = 0; i < n; i++) {
    right[i] = (right[i] as number) + common;
    for (let j = 0; j < n; j++)
      H[i * n + j] = (H[i * n + j] as number) - (mixed[i] as number) - (mixed[j] as number) + squared;
  }
  if (choleskyInPlace(H, n) >= 0) return { residual, moved: false };
  solveCholeskyInPlace(H, n, right);
  return { residual, moved: moveAlong(state, right, primal, lower, upper, target) };
}

function moveAlong(
  state: Interior,
  dy: Float64Array,
  primal: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  target: number,
): boolean {
  const { y, s, z } = state;
  const n = y.length;
  const sum = dy.reduce((a, c) => a + c, 0);
  const ds = new Float64Array(2 * n);
  const dz = new Float64Array(2 * n);
  let alpha = 1 / 0.99;
  for (let i = 0; i < n; i++) {
    ds[i] = -(primal[i] as number) - ((dy[i] as number) - (upper[i] as number) * sum);
    ds[n + i] = -(primal[n + i] as number) - ((lower[i] as number) * sum - (dy[i] as number));
    if ((dy[i] as number) < 0) alpha = Math.min(alpha, -(y[i] as number) / (dy[i] as number));
  }
  for (let k = 0; k < 2 * n; k++) {
    dz[k] = (target - (s[k] as number) * (z[k] as number) - (z[k] as number) * (ds[k] as number)) / (s[k] as number);
    if ((ds[k] as number) < 0) alpha = Math.min(alpha, -(s[k] as number) / (ds[k] as number));
    if ((dz[k] as number) < 0) alpha = Math.min(alpha, -(z[k] as number) / (dz[k] as number));
  }
  alpha = Math.min(1, 0.99 * alpha);
  for (let i = 0; i < n; i++) y[i] = (y[i] as number) + alpha * (dy[i] as number);
  for (let k = 0; k < 2 * n; k++) {
    s[k] = (s[k] as number) + alpha * (ds[k] as number);
    z[k] = (z[k] as number) + alpha * (dz[k] as number);
  }
  return alpha > 1e-10;
}
