/**
 * Linear systems: symmetric positive definite by Cholesky, general square by LU with partial pivoting
 * (Golub and Van Loan, 2013, algorithms 4.2.1 and 3.4.1), O(n³).
 */
import { TradewindError } from '../../../lib/errors.ts';
import { cholesky, solveCholeskyInPlace } from './cholesky.ts';
import { createMatrix, type Matrix } from './matrix.ts';

function singular(what: string, index: number, hint: string): TradewindError {
  return new TradewindError({
    code: 'SINGULAR_MATRIX',
    kind: 'input',
    message: `${what} at row ${index}.`,
    hint,
    details: { row: index },
  });
}

/** Solves A x = b for symmetric positive definite A. Throws `SINGULAR_MATRIX` where A is not. */
export function solveSpd(a: Matrix, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  solveCholeskyInPlace(factorOrThrow(a).data, a.rows, x);
  return x;
}

/** A⁻¹ of a symmetric positive definite matrix. Prefer `solveSpd` where only A⁻¹b is needed. */
export function inverseSpd(a: Matrix): Matrix {
  const n = a.rows;
  const factor = factorOrThrow(a).data;
  const inverse = createMatrix(n, n);
  for (let j = 0; j < n; j++) {
    const column = inverse.data.subarray(j * n, (j + 1) * n);
    column[j] = 1;
    solveCholeskyInPlace(factor, n, column);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = ((inverse.data[i * n + j] as number) + (inverse.data[j * n + i] as number)) / 2;
      inverse.data[i * n + j] = mean;
      inverse.data[j * n + i] = mean;
    }
  }
  return inverse;
}

function factorOrThrow(a: Matrix): Matrix {
  const { factor, failedAt } = cholesky(a);
  if (failedAt >= 0) {
    throw singular(
      'The matrix is not positive definite: its Cholesky pivot is not positive',
      failedAt,
      'Use a shrunk covariance, remove duplicate series, or repair it with the nearest positive semidefinite matrix.',
    );
  }
  return factor;
}

/** Solves A X = B (B: n × m) for any non-singular square A. Throws `SINGULAR_MATRIX` where a pivot vanishes. */
export function solveGeneral(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const m = b.cols;
  const lu = a.data.slice();
  const x = b.data.slice();
  let scale = 0;
  for (const value of lu) scale = Math.max(scale, Math.abs(value));
  for (let k = 0; k < n; k++) {
    const p = pivotRow(lu, n, k);
    if (!(Math.abs(lu[p * n + k] as number) > scale * n * 2 ** -52)) {
      throw singular('The matrix is singular: no usable pivot', k, 'Remove rows or columns that depend on others.');
    }
    swapRows(lu, n, k, p);
    swapRows(x, m, k, p);
    for (let i = k + 1; i < n; i++) {
      const ratio = (lu[i * n + k] as number) / (lu[k * n + k] as number);
      if (ratio === 0) continue;
      for (let j = k + 1; j < n; j++) lu[i * n + j] = (lu[i * n + j] as number) - ratio * (lu[k * n + j] as number);
      for (let j = 0; j < m; j++) x[i * m + j] = (x[i * m + j] as number) - ratio * (x[k * m + j] as number);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = 0; j < m; j++) {
      let sum = x[i * m + j] as number;
      for (let k = i + 1; k < n; k++) sum -= (lu[i * n + k] as number) * (x[k * m + j] as number);
      x[i * m + j] = sum / (lu[i * n + i] as number);
    }
  }
  return createMatrix(n, m, x);
}

function pivotRow(lu: Float64Array, n: number, k: number): number {
  let best = k;
  for (let i = k + 1; i < n; i++) {
    if (Math.abs(lu[i * n + k] as number) > Math.abs(lu[best * n + k] as number)) best = i;
  }
  return best;
}

function swapRows(data: Float64Array, width: number, i: number, j: number): void {
  if (i === j) return;
  const row = data.slice(i * width, (i + 1) * width);
  data.copyWithin(i * width, j * width, (j + 1) * width);
  data.set(row, j * width);
}
