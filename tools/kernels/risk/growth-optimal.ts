/**
 * Which long-only (or bounded) weights grow fastest?
 *
 * Two laws: mean and variance, max (μ−r)'w − ½ w'Σw with 0 ≤ w ≤ cap and Σw ≤ leverage (the rest in cash), one quadratic program; and a table of
 * outcomes, max Σ p ln(1 + o'w), by Newton's method whose every step is a quadratic program under the same bounds, with a line search that keeps wealth positive.
 *
 * Shapes: excess n, covariance n×n, outcomes T×n (rows = outcomes, simple returns), probabilities T (default equal). NaN is refused.
 * O(iterations·(T n² + QP)). `converged` is false where 60 steps did not bring the step below 1e-11.
 * References: Thorp (2006), eq. 7.3; Cover & Thomas (2006), "Elements of Information Theory", §16.2 (KKT of the log-optimal portfolio).
 *
 * @example growthOptimalDiscrete({ outcomes, fullyInvested: true, minWeight: 0 }).weights
 */
import { invalidInput } from '../../../lib/errors.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { dot, quadraticForm } from '../linalg/multiply.ts';
import type { LinearRow } from '../optimise/quadratic-program.ts';
import { solveQuadraticProgram } from '../optimise/solve-quadratic-program.ts';

export interface GrowthOptimal {
  readonly weights: Float64Array;
  /** Expected log growth over cash per period (a year where the means are annual). */
  readonly growth: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

export function growthOptimalMeanVariance(input: {
  readonly excess: Float64Array;
  readonly covariance: Matrix;
  /** Most that may be invested in sum. */
  readonly leverage: number;
  readonly maxWeight: number;
}): GrowthOptimal {
  const { excess, covariance, leverage, maxWeight } = input;
  const n = excess.length;
  const solution = solveQuadraticProgram({
    P: covariance,
    q: excess.map((e) => -e),
    lower: new Float64Array(n),
    upper: new Float64Array(n).fill(maxWeight),
    rows: [budgetRow(n, Number.NEGATIVE_INFINITY, leverage)],
  });
  const weights = solution.x.slice(0, n);
  return {
    weights,
    growth: dot(excess, weights) - 0.5 * quadraticForm(covariance, weights),
    converged: solution.converged,
    iterations: solution.iterations,
    residual: solution.kkt.stationarity,
  };
}

export interface DiscreteGrowthInput {
  readonly outcomes: Matrix;
  readonly probabilities?: Float64Array;
  /** Σw = 1; otherwise the rest is cash that earns nothing. */
  readonly fullyInvested?: boolean;
  readonly minWeight?: number;
  readonly maxWeight?: number;
}

export function growthOptimalDiscrete(input: DiscreteGrowthInput): GrowthOptimal {
  const { outcomes } = input;
  const { rows, cols: n } = outcomes;
  if (rows === 0 || !outcomes.data.every(Number.isFinite)) {
    throw invalidInput({ what: 'The outcomes', needed: 'a table of finite returns', got: `${rows} rows or a gap` });
  }
  const probabilities = input.probabilities ?? new Float64Array(rows).fill(1 / rows);
  let weights = new Float64Array(n).fill(input.fullyInvested ? 1 / n : 0);
  let growth = expectedLog(outcomes, probabilities, weights);
  let residual = Number.POSITIVE_INFINITY;
  let iterations = 0;
  for (; iterations < 60 && residual > 1e-11; iterations++) {
    const step = newtonStep(input, outcomes, probabilities, weights);
    let length = 1;
    let next = weights;
    let reached = Number.NEGATIVE_INFINITY;
    for (; length > 1e-10; length /= 2) {
      const at = length;
      next = weights.map((w, i) => w + at * (step[i] as number));
      reached = expectedLog(outcomes, probabilities, next);
      if (reached >= growth - 1e-16) break;
    }
    residual = step.reduce((worst, s) => Math.max(worst, Math.abs(s)), 0);
    if (length <= 1e-10) break;
    weights = next;
    growth = reached;
  }
  return { weights, growth, converged: residual < 1e-8, iterations, residual };
}

/** Best d under the bounds for the quadratic model at w. */
function newtonStep(
  input: DiscreteGrowthInput,
  outcomes: Matrix,
  probabilities: Float64Array,
  weights: Float64Array,
): Float64Array {
  const n = outcomes.cols;
  const gradient = new Float64Array(n);
  const hessian = createMatrix(n, n);
  for (let t = 0; t < outcomes.rows; t++) {
    const row = outcomes.data.subarray(t * n, (t + 1) * n);
    const wealth = 1 + dot(row, weights);
    const p = probabilities[t] as number;
    for (let i = 0; i < n; i++) {
      const scaled = (p * (row[i] as number)) / wealth;
      gradient[i] = (gradient[i] as number) + scaled;
      for (let j = 0; j < n; j++) {
        hessian.data[i * n + j] = (hessian.data[i * n + j] as number) + (scaled * (row[j] as number)) / wealth;
      }
    }
  }
  // A scale-free ridge keeps the model strictly concave where an asset never moves.
  const ridge = 1e-14 * hessian.data.reduce((sum, v, k) => (k % (n + 1) === 0 ? sum + v : sum), 0);
  for (let i = 0; i < n; i++) hessian.data[i * (n + 1)] = (hessian.data[i * (n + 1)] as number) + ridge;
  const { minWeight = Number.NEGATIVE_INFINITY, maxWeight = Number.POSITIVE_INFINITY } = input;
  return solveQuadraticProgram({
    P: hessian,
    q: gradient.map((g) => -g),
    lower: weights.map((w) => minWeight - w),
    upper: weights.map((w) => maxWeight - w),
    rows: input.fullyInvested ? [budgetRow(n, 1 - sum(weights), 1 - sum(weights))] : [],
  }).x.slice(0, n);
}

function sum(values: Float64Array): number {
  return values.reduce((total, v) => total + v, 0);
}

function budgetRow(n: number, lower: number, upper: number): LinearRow {
  return { name: 'budget', coefficients: new Float64Array(n).fill(1), lower, upper };
}

/** Σ p ln(1 + o'w); −∞ where an outcome ruins. */
function expectedLog(outcomes: Matrix, probabilities: Float64Array, weights: Float64Array): number {
  const n = outcomes.cols;
  let total = 0;
  for (let t = 0; t < outcomes.rows; t++) {
    let wealth = 1;
    for (let j = 0; j < n; j++) wealth += (outcomes.data[t * n + j] as number) * (weights[j] as number);
    if (!(wealth > 0)) return Number.NEGATIVE_INFINITY;
    total += (probabilities[t] as number) * Math.log(wealth);
  }
  return total;
}
