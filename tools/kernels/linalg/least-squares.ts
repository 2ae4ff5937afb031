/**
 * Which x makes |Ax − b| smallest? Householder QR with column pivoting (Golub and Van Loan, 2013, algorithm 5.4.1),
 * O(m n²). Columns that depend on earlier ones get the coefficient 0 and are counted out of `rank` (basic solution).
 */
import type { Matrix } from './matrix.ts';

export interface LeastSquares {
  readonly coefficients: Float64Array;
  readonly residuals: Float64Array;
  readonly rank: number;
  /** (AᵀA)⁻¹ of the independent columns, cols × cols, zero rows and columns for the dependent ones. */
  readonly inverseGram: Float64Array;
}

/** A is m × n with m ≥ n, b has m numbers. Example: columns 1 and t give intercept and slope. */
export function leastSquares(a: Matrix, b: ArrayLike<number>): LeastSquares {
  const { rows: m, cols: n } = a;
  const r = a.data.slice();
  const y = Float64Array.from(b);
  const order = Int32Array.from({ length: n }, (_, j) => j);
  const rank = factorPivoted(r, m, n, y, order);
  const coefficients = new Float64Array(n);
  for (let i = rank - 1; i >= 0; i--) {
    let sum = y[i] as number;
    for (let j = i + 1; j < rank; j++) sum -= (r[i * n + j] as number) * (coefficients[order[j] as number] as number);
    coefficients[order[i] as number] = sum / (r[i * n + i] as number);
  }
  const residuals = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let fitted = 0;
    for (let j = 0; j < n; j++) fitted += (a.data[i * n + j] as number) * (coefficients[j] as number);
    residuals[i] = (b[i] as number) - fitted;
  }
  return { coefficients, residuals, rank, inverseGram: inverseOfGram(r, n, rank, order) };
}

/** R in the upper triangle of r, Qᵀy in y. Returns the rank at tolerance max(m, n)·ε relative to the first pivot. */
function factorPivoted(r: Float64Array, m: number, n: number, y: Float64Array, order: Int32Array): number {
  let first = 0;
  for (let k = 0; k < Math.min(m, n); k++) {
    const pivot = largestColumn(r, m, n, k);
    if (pivot.norm === 0 || pivot.norm <= first * Math.max(m, n) * 2 ** -52) return k;
    if (k === 0) first = pivot.norm;
    swapColumns(r, m, n, k, pivot.column);
    const kept = order[k] as number;
    order[k] = order[pivot.column] as number;
    order[pivot.column] = kept;
    reflect(r, m, n, k, pivot.norm, y);
  }
  return Math.min(m, n);
}

function largestColumn(r: Float64Array, m: number, n: number, k: number): { column: number; norm: number } {
  let column = k;
  let best = -1;
  for (let j = k; j < n; j++) {
    let sum = 0;
    for (let i = k; i < m; i++) sum += (r[i * n + j] as number) ** 2;
    if (sum > best * (1 + 1e-12)) {
      best = sum;
      column = j;
    }
  }
  return { column, norm: Math.sqrt(Math.max(0, best)) };
}

function swapColumns(r: Float64Array, m: number, n: number, a: number, b: number): void {
  if (a === b) return;
  for (let i = 0; i < m; i++) {
    const kept = r[i * n + a] as number;
    r[i * n + a] = r[i * n + b] as number;
    r[i * n + b] = kept;
  }
}

function reflect(r: Float64Array, m: number, n: number, k: number, norm: number, y: Float64Array): void {
  const alpha = (r[k * n + k] as number) > 0 ? -norm : norm;
  const v = new Float64Array(m - k);
  for (let i = k; i < m; i++) v[i - k] = r[i * n + k] as number;
  v[0] = (v[0] as number) - alpha;
  let vv = 0;
  for (const value of v) vv += value * value;
  if (vv === 0) return;
  for (let j = k; j < n; j++) {
    let sum = 0;
    for (let i = k; i < m; i++) sum += (v[i - k] as number) * (r[i * n + j] as number);
    const factor = (2 * sum) / vv;
    for (let i = k; i < m; i++) r[i * n + j] = (r[i * n + j] as number) - factor * (v[i - k] as number);
  }
  let sum = 0;
  for (let i = k; i < m; i++) sum += (v[i - k] as number) * (y[i] as number);
  const factor = (2 * sum) / vv;
  for (let i = k; i < m; i++) y[i] = (y[i] as number) - factor * (v[i - k] as number);
}

function inverseOfGram(r: Float64Array, n: number, rank: number, order: Int32Array): Float64Array {
  const inverse = new Float64Array(rank * rank);
  for (let c = 0; c < rank; c++) {
    for (let i = c; i >= 0; i--) {
      let sum = i === c ? 1 : 0;
      for (let j = i + 1; j <= c; j++) sum -= (r[i * n + j] as number) * (inverse[j * rank + c] as number);
      inverse[i * rank + c] = sum / (r[i * n + i] as number);
    }
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < rank; j++) {
      let sum = 0;
      for (let k = Math.max(i, j); k < rank; k++) {
        sum += (inverse[i * rank + k] as number) * (inverse[j * rank + k] as number);
      }
      out[(order[i] as number) * n + (order[j] as number)] = sum;
    }
  }
  return out;
}
