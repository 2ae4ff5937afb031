/**
 * Matrix products in O(n·m·k). Both operands are read along contiguous rows (the right one is transposed first) in
 * register tiles of 4 × 2, with the inner dimension cut into cache-sized pieces; Golub and Van Loan (2013), section 1.5.
 * Missing values: NaN spreads, as IEEE 754 says.
 */
import { createMatrix, type Matrix, transpose } from './matrix.ts';

/** Inner length of a piece: six rows of it stay in the first-level cache. */
const PIECE = 512;

/** C = A·B. Example: multiply([[1,2]], [[3],[4]]) = [[11]]. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) throw new Error(`multiply: ${a.rows} x ${a.cols} times ${b.rows} x ${b.cols}`);
  return multiplyByTranspose(a, transpose(b));
}

/** C = A·Bᵀ: rows of A against rows of B. */
export function multiplyByTranspose(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.cols) throw new Error(`multiplyByTranspose: rows of ${a.cols} against rows of ${b.cols}`);
  const c = createMatrix(a.rows, b.rows);
  for (let k = 0; k < a.cols; k += PIECE) {
    addRowProducts(a.data, b.data, c.data, a.rows, b.rows, a.cols, k, Math.min(a.cols, k + PIECE), false);
  }
  return c;
}

/** C = Aᵀ·B without the caller transposing. */
export function transposeMultiply(a: Matrix, b: Matrix): Matrix {
  return multiplyByTranspose(transpose(a), transpose(b));
}

/** G = AᵀA (columns against columns), symmetric, at half the cost of a product. */
export function gram(a: Matrix): Matrix {
  return gramOfRows(transpose(a));
}

/** G = AAᵀ (rows against rows), symmetric, at half the cost of a product. */
export function gramOfRows(a: Matrix): Matrix {
  const n = a.rows;
  const c = createMatrix(n, n);
  for (let k = 0; k < a.cols; k += PIECE) {
    addRowProducts(a.data, a.data, c.data, n, n, a.cols, k, Math.min(a.cols, k + PIECE), true);
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) c.data[j * n + i] = c.data[i * n + j] as number;
  return c;
}

/** y = A·x. */
export function multiplyVector(a: Matrix, x: ArrayLike<number>): Float64Array {
  const y = new Float64Array(a.rows);
  multiplyVectorInto(a, x, y);
  return y;
}

/** y ← A·x without allocation. */
export function multiplyVectorInto(a: Matrix, x: ArrayLike<number>, y: Float64Array): void {
  const { rows, cols, data } = a;
  for (let i = 0; i < rows; i++) {
    const base = i * cols;
    let s0 = 0;
    let s1 = 0;
    let j = 0;
    for (; j + 1 < cols; j += 2) {
      s0 += (data[base + j] as number) * (x[j] as number);
      s1 += (data[base + j + 1] as number) * (x[j + 1] as number);
    }
    if (j < cols) s0 += (data[base + j] as number) * (x[j] as number);
    y[i] = s0 + s1;
  }
}

export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number);
  return sum;
}

/** xᵀAx of a square matrix. */
export function quadraticForm(a: Matrix, x: ArrayLike<number>): number {
  return dot(x, multiplyVector(a, x));
}

/** C += A[:, from..to) · B[:, from..to)ᵀ; with `lower` only tiles that touch the lower triangle are filled. */
function addRowProducts(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  rowsA: number,
  rowsB: number,
  inner: number,
  from: number,
  to: number,
  lower: boolean,
): void {
  for (let i = 0; i < rowsA; i += 4) {
    const tall = Math.min(4, rowsA - i);
    const limit = lower ? Math.min(rowsB, i + tall) : rowsB;
    for (let j = 0; j < limit; j += 2) {
      if (tall === 4 && j + 1 < rowsB) addTile(a, b, c, i, j, inner, from, to, rowsB);
      else addEdge(a, b, c, i, j, tall, Math.min(2, rowsB - j), inner, from, to, rowsB);
    }
  }
}

function addTile(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  i: number,
  j: number,
  inner: number,
  from: number,
  to: number,
  width: number,
): void {
  let a0 = i * inner + from;
  const a1 = a0 + inner;
  const a2 = a1 + inner;
  const a3 = a2 + inner;
  const b0 = j * inner + from;
  const b1 = b0 + inner;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  const count = to - from;
  for (let k = 0; k < count; k++) {
    const x0 = b[b0 + k] as number;
    const x1 = b[b1 + k] as number;
    const y0 = a[a0 + k] as number;
    s00 += y0 * x0;
    s01 += y0 * x1;
    const y1 = a[a1 + k] as number;
    s10 += y1 * x0;
    s11 += y1 * x1;
    const y2 = a[a2 + k] as number;
    s20 += y2 * x0;
    s21 += y2 * x1;
    const y3 = a[a3 + k] as number;
    s30 += y3 * x0;
    s31 += y3 * x1;
  }
  a0 = i * width + j;
  c[a0] = (c[a0] as number) + s00;
  c[a0 + 1] = (c[a0 + 1] as number) + s01;
  a0 += width;
  c[a0] = (c[a0] as number) + s10;
  c[a0 + 1] = (c[a0 + 1] as number) + s11;
  a0 += width;
  c[a0] = (c[a0] as number) + s20;
  c[a0 + 1] = (c[a0 + 1] as number) + s21;
  a0 += width;
  c[a0] = (c[a0] as number) + s30;
  c[a0 + 1] = (c[a0 + 1] as number) + s31;
}

function addEdge(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  i0: number,
  j0: number,
  tall: number,
  wide: number,
  inner: number,
  from: number,
  to: number,
  width: number,
): void {
  for (let i = i0; i < i0 + tall; i++) {
    for (let j = j0; j < j0 + wide; j++) {
      let sum = 0;
      for (let k = from; k < to; k++) sum += (a[i * inner + k] as number) * (b[j * inner + k] as number);
      c[i * width + j] = (c[i * width + j] as number) + sum;
    }
  }
}
