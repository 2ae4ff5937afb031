/** Penalised linear regression and logistic regression. */

import { invalidInput } from '../../../lib/errors.ts';
import { choleskyInPlace, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import { checkTable } from './check-table.ts';

export interface LinearModel {
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest change of a coefficient (or gradient entry) in the last step. */
  readonly residual: number;
}

interface CentredGram {
  readonly gram: Float64Array;
  readonly cross: Float64Array;
  readonly means: Float64Array;
  readonly targetMean: number;
}

function centredGram(table: Float64Array, target: Float64Array, cols: number): CentredGram {
  const rows = target.length;
  const means = new Float64Array(cols);
  let targetMean = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) means[j] = (means[j] as number) + (table[i * cols + j] as number) / rows;
    targetMean += (target[i] as number) / rows;
  }
  const gram = new Float64Array(cols * cols);
  const cross = new Float64Array(cols);
  const row = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const y = (target[i] as number) - targetMean;
    for (let j = 0; j < cols; j++) row[j] = (table[i * cols + j] as number) - (means[j] as number);
    for (let j = 0; j < cols; j++) {
      const value = row[j] as number;
      cross[j] = (cross[j] as number) + value * y;
      for (let k = 0; k <= j; k++) {
        gram[j * cols + k] = (gram[j * cols + k] as number) + value * (row[k] as number);
      }
    }
  }
  for (let j = 0; j < cols; j++) for (let k = 0; k < j; k++) gram[k * cols + j] = gram[j * cols + k] as number;
  return { gram, cross, means, targetMean };
}

function interceptOf(parts: CentredGram, coefficients: Float64Array): number {
  let intercept = parts.targetMean;
  for (let j = 0; j < coefficients.length; j++) {
    intercept -= (coefficients[j] as number) * (parts.means[j] as number);
  }
  return intercept;
}

/**
 * Coefficients that minimise |y − Xw − b|² + penalty·|w|², the intercept free (Hoerl & Kennard, 1970, eq. 2.1).
 * `penalty` 0 is ordinary least squares. Row-major rows × cols table, finite only. O(rows · cols²).
 *
 * @example fitRidge(x, y, 10, 1).coefficients
 */
export function fitRidge(table: Float64Array, target: Float64Array, cols: number, penalty: number): LinearModel {
  checkTable(table, target, cols, { what: 'A ridge regression', minRows: 2 });
  const parts = centredGram(table, target, cols);
  const factor = Float64Array.from(parts.gram);
  for (let j = 0; j < cols; j++) factor[j * cols + j] = (factor[j * cols + j] as number) + penalty;
  if (choleskyInPlace(factor, cols) >= 0) {
    throw invalidInput({
      code: 'COLLINEAR_FEATURES',
      what: 'The feature table',
      needed: 'linearly independent columns, or a positive penalty',
      got: `${cols} collinear columns with penalty ${penalty}`,
      hint: 'Use a ridge penalty above zero or drop repeated features.',
    });
  }
  const coefficients = Float64Array.from(parts.cross);
  solveCholeskyInPlace(factor, cols, coefficients);
  return { coefficients, intercept: interceptOf(parts, coefficients), converged: true, iterations: 1, residual: 0 };
}

/**
 * Coefficients that minimise 1/(2n)|y − Xw − b|² + penalty·(l1Share·|w|₁ + ½(1 − l1Share)·|w|²) by cyclic coordinate
 * descent with covariance updates (Friedman, Hastie & Tibshirani, 2010, J. Stat. Softw. 33:1, eqs. 5 and 9).
 * `l1Share` 1 is the lasso. O(rows · cols² + iterations · cols²).
 *
 * @example fitElasticNet(x, y, 10, { penalty: 0.05, l1Share: 0.5 }).coefficients
 */
export function fitElasticNet(
  table: Float64Array,
  target: Float64Array,
  cols: number,
  settings: {
    readonly penalty: number;
    readonly l1Share: number;
    readonly tolerance?: number;
    readonly maxIterations?: number;
  },
): LinearModel {
  const rows = checkTable(table, target, cols, { what: 'An elastic net', minRows: 2 });
  const parts = centredGram(table, target, cols);
  const { gram, cross } = parts;
  const w = new Float64Array(cols);
  const l1 = rows * settings.penalty * settings.l1Share;
  const l2 = rows * settings.penalty * (1 - settings.l1Share);
  const tolerance = settings.tolerance ?? 1e-12;
  const most = settings.maxIterations ?? 10_000;
  let iterations = 0;
  let change = Number.POSITIVE_INFINITY;
  while (iterations < most && change > tolerance) {
    change = 0;
    iterations++;
    for (let j = 0; j < cols; j++) {
      const own = gram[j * cols + j] as number;
      if (own === 0) continue;
      let rho = (cross[j] as number) + own * (w[j] as number);
      for (let k = 0; k < cols; k++) rho -= (gram[j * cols + k] as number) * (w[k] as number);
      const next = (Math.sign(rho) * Math.max(Math.abs(rho) - l1, 0)) / (own + l2);
      change = Math.max(change, Math.abs(next - (w[j] as number)));
      w[j] = next;
    }
  }
  return {
    coefficients: w,
    intercept: interceptOf(parts, w),
    converged: change <= tolerance,
    iterations,
    residual: change,
  };
}

/**
 * Coefficients that minimise ½|w|² + C Σ log(1 + exp(−s(xw + b))) with s = ±1, the intercept free: Newton's method with
 * step halving (Hastie, Tibshirani & Friedman, 2009, §4.4.1). Target of zeros and ones. O(iterations · rows · cols²).
 *
 * @example fitLogistic(x, label, 10, 1).coefficients
 */
export function fitLogistic(table: Float64Array, target: Float64Array, cols: number, c: number): LinearModel {
  const rows = checkTable(table, target, cols, { what: 'A logistic regression', minRows: 2 });
  const size = cols + 1;
  let weights = new Float64Array(size);
  let objective = logisticObjective(table, target, cols, c, weights);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  let residual = Number.POSITIVE_INFINITY;
  let iterations = 0;
  for (; iterations < 100; iterations++) {
    residual = logisticDerivatives(table, target, cols, c, weights, gradient, hessian);
    if (residual < 1e-10 * Math.max(1, rows * c)) break;
    if (choleskyInPlace(hessian, size) >= 0) break;
    const step = Float64Array.from(gradient);
    solveCholeskyInPlace(hessian, size, step);
    let length = 1;
    let next = weights;
    let value = Number.POSITIVE_INFINITY;
    while (length > 1e-10) {
      next = weights.map((w, j) => w - length * (step[j] as number));
      value = logisticObjective(table, target, cols, c, next);
      if (value <= objective) break;
      length /= 2;
    }
    if (value > objective) break;
    weights = next;
    objective = value;
  }
  return {
    coefficients: weights.slice(0, cols),
    intercept: weights[cols] as number,
    converged: residual < 1e-6 * Math.max(1, rows * c),
    iterations,
    residual,
  };
}

function logisticObjective(
  table: Float64Array,
  target: Float64Array,
  cols: number,
  c: number,
  w: Float64Array,
): number {
  let loss = 0;
  for (let i = 0; i < target.length; i++) {
    const margin = linearScore(table, i, cols, w) * ((target[i] as number) > 0 ? 1 : -1);
    loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  }
  let penalty = 0;
  for (let j = 0; j < cols; j++) penalty += (w[j] as number) ** 2;
  return penalty / 2 + c * loss;
}

function linearScore(table: Float64Array, row: number, cols: number, w: Float64Array): number {
  let score = w[cols] as number;
  for (let j = 0; j < cols; j++) score += (w[j] as number) * (table[row * cols + j] as number);
  return score;
}

function logisticDerivatives(
  table: Float64Array,
  target: Float64Array,
  cols: number,
  c: number,
  w: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const size = cols + 1;
  gradient.fill(0);
  hessian.fill(0);
  const x = new Float64Array(size);
  x[cols] = 1;
  for (let i = 0; i < target.length; i++) {
    for (let j = 0; j < cols; j++) x[j] = table[i * cols + j] as number;
    const p = 1 / (1 + Math.exp(-linearScore(table, i, cols, w)));
    const slope = c * (p - (target[i] as number));
    const curve = c * p * (1 - p);
    for (let j = 0; j < size; j++) {
      gradient[j] = (gradient[j] as number) + slope * (x[j] as number);
      const scaled = curve * (x[j] as number);
      for (let k = 0; k <= j; k++)
        hessian[j * size + k] = (hessian[j * size + k] as number) + scaled * (x[k] as number);
    }
  }
  for (let j = 0; j < cols; j++) {
    gradient[j] = (gradient[j] as number) + (w[j] as number);
    hessian[j * size + j] = (hessian[j * size + j] as number) + 1;
  }
  let largest = 0;
  for (let j = 0; j < size; j++) {
    largest = Math.max(largest, Math.abs(gradient[j] as number));
    for (let k = 0; k < j; k++) hessian[k * size + j] = hessian[j * size + k] as number;
  }
  return largest;
}

/** xw + b for every row. */
export function predictLinear(model: LinearModel, table: Float64Array, rows: number): Float64Array {
  const cols = model.coefficients.length;
  const w = Float64Array.of(...model.coefficients, model.intercept);
  return Float64Array.from({ length: rows }, (_, i) => linearScore(table, i, cols, w));
}

/** Log-odds to probabilities. */
export function toProbabilities(scores: Float64Array): Float64Array {
  return scores.map((score) => 1 / (1 + Math.exp(-score)));
}
