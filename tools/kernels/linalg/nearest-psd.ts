/**
 * Repairs of a symmetric matrix that is not positive semidefinite.
 * Eigenvalue clipping is the nearest PSD matrix in the Frobenius norm (Higham, 1988, Linear Algebra Appl. 103, theorem 2.1);
 * with the diagonal held fixed it is the nearest correlation matrix by alternating projections with Dykstra's
 * correction (Higham, 2002, IMA J. Numer. Anal. 22, algorithm 3.3). O(n³) an iteration.
 */
import { createMatrix, diagonalOf, type Matrix } from './matrix.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** V max(Λ, floor) Vᵀ. */
export function clipEigenvalues(a: Matrix, floor = 0): { readonly matrix: Matrix; readonly minEigenvalue: number } {
  const n = a.rows;
  const { values, vectors } = symmetricEigen(a);
  const out = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum +=
          Math.max(floor, values[k] as number) *
          (vectors.data[i * n + k] as number) *
          (vectors.data[j * n + k] as number);
      }
      out.data[i * n + j] = sum;
      out.data[j * n + i] = sum;
    }
  }
  return { matrix: out, minEigenvalue: values[0] ?? 0 };
}

/** D^{-1/2} A D^{-1/2}: rescales to the wanted diagonal (default: ones). */
export function rescaleDiagonal(a: Matrix, wanted?: ArrayLike<number>): Matrix {
  const n = a.rows;
  const diagonal = diagonalOf(a);
  const factor = diagonal.map((value, i) => Math.sqrt((wanted?.[i] ?? 1) / value));
  const out = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      out.data[i * n + j] = (a.data[i * n + j] as number) * (factor[i] as number) * (factor[j] as number);
    }
    out.data[i * n + i] = wanted?.[i] ?? 1;
  }
  return out;
}

export interface NearestCorrelation {
  readonly matrix: Matrix;
  /** Frobenius distance to the input. */
  readonly distance: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

/** The correlation matrix nearest to symmetric `a` in the Frobenius norm. */
export function nearestCorrelation(
  a: Matrix,
  options: { readonly tolerance?: number; readonly maxIterations?: number } = {},
): NearestCorrelation {
  const { tolerance = 1e-12, maxIterations = 2000 } = options;
  const n = a.rows;
  let y: Matrix = createMatrix(n, n, a.data.slice());
  const correction = new Float64Array(n * n);
  let residual = Number.POSITIVE_INFINITY;
  let iterations = 0;
  while (residual > tolerance && iterations < maxIterations) {
    iterations++;
    const shifted = createMatrix(n, n);
    for (let i = 0; i < n * n; i++) shifted.data[i] = (y.data[i] as number) - (correction[i] as number);
    const x = clipEigenvalues(shifted).matrix;
    const next = createMatrix(n, n, x.data.slice());
    for (let i = 0; i < n * n; i++) correction[i] = (x.data[i] as number) - (shifted.data[i] as number);
    for (let i = 0; i < n; i++) next.data[i * n + i] = 1;
    residual = frobeniusDistance(next, y);
    y = next;
  }
  return { matrix: y, distance: frobeniusDistance(y, a), converged: residual <= tolerance, iterations, residual };
}

export function frobeniusDistance(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return Math.sqrt(sum);
}
