/**
 * Risk budgets under weight limits: minimise ½y'Σy − Σ b_i ln y_i subject to l_i Σy ≤ y_i ≤ c_i Σy, by a primal–dual interior
 * point (Spinu, 2013, SSRN 2297383, for the barrier form; Nocedal and Wright, 2006, section 19.2, for the method). O(n³) a step.
 */
import { choleskyInPlace, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { multiplyVector } from '../linalg/multiply.ts';

/** State of the interior point: slacks s and multipliers z of y ≤ cΣy (first n) and lΣy ≤ y (last n). */
interface Interior {
  readonly y: Float64Array;
  readonly s: Float64Array;
  readonly z: Float64Array;
}

export interface LimitedMinimum {
  readonly weights: Float64Array;
  readonly binding: readonly { readonly index: number; readonly side: 'lower' | 'upper' }[];
  readonly iterations: number;
  readonly residual: number;
}

/** `start` is the minimum without limits. The residual covers gradient, limits and complementarity. */
export function limitedBudget(
  S: Matrix,
  b: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  start: { readonly y: Float64Array; readonly iterations: number },
): LimitedMinimum {
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
  return { weights, binding, iterations, residual };
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
