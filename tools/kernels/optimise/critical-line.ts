/**
 * Every corner of the efficient frontier: the critical line algorithm (Markowitz, 1956; Bailey and López de Prado, 2013,
 * Algorithms 6). For max λμ'w − ½ w'Σw with bounds and Σw = 1 the free weights move linearly in λ; going down from the
 * most return, the next corner is where a free weight meets a bound or a bound weight's multiplier changes sign.
 * Σ positive definite. O(corners · n³).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { cholesky, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import { type Matrix, submatrix } from '../linalg/matrix.ts';
import { multiplyVector } from '../linalg/multiply.ts';

export interface TurningPoint {
  readonly lambda: number;
  readonly weights: Float64Array;
}

/** From the corner of most return down to λ = 0, the minimum-variance portfolio. */
export function traceCriticalLine(problem: {
  readonly covariance: Matrix;
  readonly expectedReturns: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}): readonly TurningPoint[] {
  const n = problem.lower.length;
  const { weights, side } = richestCorner(problem);
  const points: TurningPoint[] = [];
  let lambda = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 50 * n + 50; step++) {
    pinLastFree(problem, side, weights);
    const event = side.includes(0)
      ? nextEvent(problem, side, criticalLine(problem, side), lambda, weights)
      : nextExchange(problem, side, weights, lambda);
    points.push({ lambda: Math.max(0, event.lambda), weights: weights.slice() });
    if (event.lambda <= 0) return points;
    lambda = event.lambda;
    for (const [index, value] of event.moves) side[index] = value;
  }
  return points;
}

type Problem = Parameters<typeof traceCriticalLine>[0];

function boundOf(problem: Problem, side: Int8Array, i: number): number {
  return ((side[i] as number) < 0 ? problem.lower[i] : problem.upper[i]) as number;
}

/** Fill the best names to their upper bounds; the one that ends between its bounds is the first free one. */
function richestCorner(problem: Problem): { weights: Float64Array; side: Int8Array } {
  const n = problem.lower.length;
  const weights = problem.lower.slice();
  const side = new Int8Array(n).fill(-1);
  let left = 1 - weights.reduce((a, b) => a + b, 0);
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (problem.expectedReturns[b] as number) - (problem.expectedReturns[a] as number),
  );
  for (const i of order) {
    const room = (problem.upper[i] as number) - (problem.lower[i] as number);
    if (left <= room) {
      weights[i] = (weights[i] as number) + left;
      side[i] = 0;
      left = 0;
      break;
    }
    weights[i] = problem.upper[i] as number;
    side[i] = 1;
    left -= room;
  }
  if (left > 1e-12) {
    throw invalidInput({
      what: 'The sum of the upper bounds',
      needed: 'at least 1',
      got: 1 - left,
      hint: 'Raise the caps or add names.',
    });
  }
  return { weights, side };
}

interface Line {
  readonly base: Float64Array;
  readonly slope: Float64Array;
  /** Gradient of the Lagrangian at the bound weights: base and slope in λ. */
  readonly gradientBase: Float64Array;
  readonly gradientSlope: Float64Array;
}

/** w_F(λ) = base + λ slope from Σ_FF w_F = λμ_F − Σ_FB w_B − ν1, with ν from the budget. */
function criticalLine(problem: Problem, side: Int8Array): Line {
  const n = side.length;
  const free = Array.from({ length: n }, (_, i) => i).filter((i) => side[i] === 0);
  const fixed = Float64Array.from({ length: n }, (_, i) => (side[i] === 0 ? 0 : boundOf(problem, side, i)));
  const { factor } = cholesky(submatrix(problem.covariance, free));
  const solve = (rhs: Float64Array): Float64Array => {
    solveCholeskyInPlace(factor.data, free.length, rhs);
    return rhs;
  };
  const pull = Float64Array.from(free, (i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (problem.covariance.data[i * n + j] as number) * (fixed[j] as number);
    return sum;
  });
  const ones = solve(new Float64Array(free.length).fill(1));
  const returns = solve(Float64Array.from(free, (i) => problem.expectedReturns[i] as number));
  const pulled = solve(pull);
  const total = (v: Float64Array): number => v.reduce((a, b) => a + b, 0);
  const remaining = 1 - total(fixed);
  const nuBase = -(remaining + total(pulled)) / total(ones);
  const nuSlope = total(returns) / total(ones);
  const base = new Float64Array(n);
  const slope = new Float64Array(n);
  for (const [a, i] of free.entries()) {
    base[i] = -(pulled[a] as number) - nuBase * (ones[a] as number);
    slope[i] = (returns[a] as number) - nuSlope * (ones[a] as number);
  }
  const gradientBase = new Float64Array(n);
  const gradientSlope = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let constant = nuBase;
    let linear = nuSlope - (problem.expectedReturns[i] as number);
    for (let j = 0; j < n; j++) {
      const s = problem.covariance.data[i * n + j] as number;
      constant += s * ((fixed[j] as number) + (base[j] as number));
      linear += s * (slope[j] as number);
    }
    gradientBase[i] = constant;
    gradientSlope[i] = linear;
  }
  return { base, slope, gradientBase, gradientSlope };
}

interface TurningEvent {
  readonly lambda: number;
  /** Index and its new side. */
  readonly moves: readonly (readonly [number, number])[];
}

/** A single free weight that sits on a bound is not free: caps that divide the budget exactly end in such corners. */
function pinLastFree(problem: Problem, side: Int8Array, weights: Float64Array): void {
  const free = side.indexOf(0);
  if (free < 0 || side.indexOf(0, free + 1) >= 0) return;
  const weight = weights[free] as number;
  if (weight >= (problem.upper[free] as number) - 1e-12) side[free] = 1;
  else if (weight <= (problem.lower[free] as number) + 1e-12) side[free] = -1;
}

/** Sets the weights at the largest λ below the present one where something changes, and says what. */
function nextEvent(problem: Problem, side: Int8Array, line: Line, below: number, weights: Float64Array): TurningEvent {
  let best: TurningEvent = { lambda: 0, moves: [] };
  const limit = Number.isFinite(below) ? below * (1 - 1e-12) : below;
  const freeCount = side.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
  for (let i = 0; i < side.length; i++) {
    if (side[i] === 0) {
      const slope = line.slope[i] as number;
      if (freeCount < 2 || Math.abs(slope) < 1e-14) continue;
      // Going down in λ a weight with positive slope falls towards its lower bound.
      const target = (slope > 0 ? problem.lower[i] : problem.upper[i]) as number;
      const lambda = (target - (line.base[i] as number)) / slope;
      if (lambda < limit && lambda > best.lambda) best = { lambda, moves: [[i, slope > 0 ? -1 : 1]] };
    } else if ((problem.lower[i] as number) < (problem.upper[i] as number)) {
      // At the lower bound the gradient must stay ≥ 0, at the upper bound ≤ 0.
      const slope = line.gradientSlope[i] as number;
      if (Math.abs(slope) < 1e-14 || slope * (side[i] as number) > 0) continue;
      const lambda = -(line.gradientBase[i] as number) / slope;
      if (lambda < limit && lambda > best.lambda) best = { lambda, moves: [[i, 0]] };
    }
  }
  const at = Math.max(0, best.lambda);
  for (let i = 0; i < side.length; i++) {
    weights[i] = side[i] === 0 ? (line.base[i] as number) + at * (line.slope[i] as number) : boundOf(problem, side, i);
  }
  return best;
}

/** With every weight at a bound, the next corner is where one at its cap and one at its floor begin to trade places. */
function nextExchange(problem: Problem, side: Int8Array, weights: Float64Array, below: number): TurningEvent {
  const pull = multiplyVector(problem.covariance, weights);
  const limit = Number.isFinite(below) ? below * (1 - 1e-12) : below;
  let best: TurningEvent = { lambda: 0, moves: [] };
  for (let i = 0; i < side.length; i++) {
    if (side[i] !== 1 || problem.lower[i] === problem.upper[i]) continue;
    for (let j = 0; j < side.length; j++) {
      if (side[j] !== -1 || problem.lower[j] === problem.upper[j]) continue;
      const gain = (problem.expectedReturns[i] as number) - (problem.expectedReturns[j] as number);
      if (!(gain > 0)) continue;
      const lambda = ((pull[i] as number) - (pull[j] as number)) / gain;
      if (lambda < limit && lambda > best.lambda)
        best = {
          lambda,
          moves: [
            [i, 0],
            [j, 0],
          ],
        };
    }
  }
  return best;
}
