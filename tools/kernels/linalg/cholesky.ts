/**
 * Cholesky factor of a symmetric positive definite matrix, A = LLᵀ, and what is solved with it. n³/3 multiply-adds.
 * Left-looking in tiles of 4 rows × 2 columns so that both operands are read along rows; Golub and Van Loan (2013),
 * algorithm 4.2.1 and section 4.2.6. Only the lower triangle of A is read. NaN counts as a failed pivot.
 */
import { createMatrix, type Matrix } from './matrix.ts';

export interface CholeskyResult {
  /** Lower triangular factor, zeros above the diagonal; meaningful only where `failedAt` is −1. */
  readonly factor: Matrix;
  /** Index of the first pivot that is not positive (the leading block of that size is not positive definite), or −1. */
  readonly failedAt: number;
}

/** Example: cholesky([[4, 2], [2, 3]]).factor = [[2, 0], [1, √2]]. */
export function cholesky(a: Matrix): CholeskyResult {
  const n = a.rows;
  const factor = createMatrix(n, n, a.data.slice());
  const failedAt = choleskyInPlace(factor.data, n);
  for (let i = 0; i < n; i++) factor.data.fill(0, i * n + i + 1, (i + 1) * n);
  return { factor, failedAt };
}

/** Overwrites the lower triangle of `a` (n × n) with L; the upper triangle is left alone. Returns the failing index or −1. */
export function choleskyInPlace(a: Float64Array, n: number): number {
  let j = 0;
  for (; j + 1 < n; j += 2) {
    const failed = factorDiagonalPair(a, n, j);
    if (failed >= 0) return failed;
    const r0 = j * n;
    const r1 = r0 + n;
    const inverse0 = 1 / (a[r0 + j] as number);
    const link = a[r1 + j] as number;
    const inverse1 = 1 / (a[r1 + j + 1] as number);
    let i = j + 2;
    for (; i + 3 < n; i += 4) eliminateFour(a, n, i, j, inverse0, link, inverse1);
    for (; i < n; i++) eliminateOne(a, n, i, j, inverse0, link, inverse1);
  }
  if (j < n) {
    const pivot = (a[j * n + j] as number) - rowDot(a, j * n, j * n, j);
    if (!(pivot > 0)) return j;
    a[j * n + j] = Math.sqrt(pivot);
  }
  return -1;
}

function factorDiagonalPair(a: Float64Array, n: number, j: number): number {
  const r0 = j * n;
  const r1 = r0 + n;
  const pivot0 = (a[r0 + j] as number) - rowDot(a, r0, r0, j);
  if (!(pivot0 > 0)) return j;
  const l00 = Math.sqrt(pivot0);
  const l10 = ((a[r1 + j] as number) - rowDot(a, r1, r0, j)) / l00;
  const pivot1 = (a[r1 + j + 1] as number) - rowDot(a, r1, r1, j) - l10 * l10;
  if (!(pivot1 > 0)) return j + 1;
  a[r0 + j] = l00;
  a[r1 + j] = l10;
  a[r1 + j + 1] = Math.sqrt(pivot1);
  return -1;
}

function rowDot(a: Float64Array, r: number, s: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[r + k] as number) * (a[s + k] as number);
  return sum;
}

function eliminateOne(
  a: Float64Array,
  n: number,
  i: number,
  j: number,
  inverse0: number,
  link: number,
  inverse1: number,
): void {
  const r = i * n;
  const x = ((a[r + j] as number) - rowDot(a, r, j * n, j)) * inverse0;
  a[r + j] = x;
  a[r + j + 1] = ((a[r + j + 1] as number) - rowDot(a, r, (j + 1) * n, j) - x * link) * inverse1;
}

function eliminateFour(
  a: Float64Array,
  n: number,
  i: number,
  j: number,
  inverse0: number,
  link: number,
  inverse1: number,
): void {
  const p0 = j * n;
  const p1 = p0 + n;
  const r0 = i * n;
  const r1 = r0 + n;
  const r2 = r1 + n;
  const r3 = r2 + n;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let k = 0; k < j; k++) {
    const x0 = a[p0 + k] as number;
    const x1 = a[p1 + k] as number;
    const y0 = a[r0 + k] as number;
    s00 += y0 * x0;
    s01 += y0 * x1;
    const y1 = a[r1 + k] as number;
    s10 += y1 * x0;
    s11 += y1 * x1;
    const y2 = a[r2 + k] as number;
    s20 += y2 * x0;
    s21 += y2 * x1;
    const y3 = a[r3 + k] as number;
    s30 += y3 * x0;
    s31 += y3 * x1;
  }
  finishRow(a, r0 + j, s00, s01, inverse0, link, inverse1);
  finishRow(a, r1 + j, s10, s11, inverse0, link, inverse1);
  finishRow(a, r2 + j, s20, s21, inverse0, link, inverse1);
  finishRow(a, r3 + j, s30, s31, inverse0, link, inverse1);
}

function finishRow(
  a: Float64Array,
  at: number,
  s0: number,
  s1: number,
  inverse0: number,
  link: number,
  inverse1: number,
): void {
  const x = ((a[at] as number) - s0) * inverse0;
  a[at] = x;
  a[at + 1] = ((a[at + 1] as number) - s1 - x * link) * inverse1;
}

/** x ← L⁻¹x for a lower triangular n × n factor. */
export function forwardSolveInPlace(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const base = i * n;
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[base + k] as number) * (x[k] as number);
    x[i] = sum / (factor[base + i] as number);
  }
}

/** x ← L⁻ᵀx for a lower triangular n × n factor (read along rows). */
export function backwardSolveInPlace(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const base = i * n;
    const value = (x[i] as number) / (factor[base + i] as number);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (factor[base + k] as number) * value;
  }
}

/** x ← (LLᵀ)⁻¹x. */
export function solveCholeskyInPlace(factor: Float64Array, n: number, x: Float64Array): void {
  forwardSolveInPlace(factor, n, x);
  backwardSolveInPlace(factor, n, x);
}

/** ln det A from its factor: 2 Σ ln L_ii. */
export function logDeterminantFromCholesky(factor: Matrix): number {
  let sum = 0;
  for (let i = 0; i < factor.rows; i++) sum += Math.log(factor.data[i * factor.cols + i] as number);
  return 2 * sum;
}
