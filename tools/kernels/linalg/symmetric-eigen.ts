/**
 * All eigenvalues and eigenvectors of a symmetric matrix: Householder tridiagonalisation, then QL with implicit shifts
 * (Golub and Van Loan, 2013, algorithms 8.3.1 and 8.3.3). About 9n³ operations. NaN in the input is refused.
 */
import { invalidInput } from '../../../lib/errors.ts';
import { createMatrix, type Matrix } from './matrix.ts';

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Column j belongs to value j; columns are orthonormal, the largest absolute entry of each is positive. */
  readonly vectors: Matrix;
}

/** Example: [[2, 1], [1, 2]] has the values 1 and 3. Only the lower triangle is read. */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows;
  for (const value of a.data) {
    if (!Number.isFinite(value))
      throw invalidInput({
        what: 'Every element of the matrix',
        needed: 'finite',
        got: value,
        hint: 'Replace missing numbers first.',
      });
  }
  // Rows of z end up as eigenvectors (the transposed accumulation keeps every inner loop contiguous).
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const z = tridiagonalise(a.data, n, diagonal, offDiagonal);
  diagonaliseQl(diagonal, offDiagonal, z, n);
  return sorted(diagonal, z, n);
}

/** A = Q T Qᵀ; returns Qᵀ (row k = basis vector k), fills the diagonal and the sub-diagonal (e[0] unused). */
function tridiagonalise(source: Float64Array, n: number, d: Float64Array, e: Float64Array): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      a[i * n + j] = source[i * n + j] as number;
      a[j * n + i] = source[i * n + j] as number;
    }
  }
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    const beta = householder(a, n, k, v);
    e[k + 1] = beta.subDiagonal;
    if (beta.factor === 0) continue;
    applyTwoSided(a, n, k + 1, v, p, beta.factor);
    applyToRows(q, n, k + 1, v, p, beta.factor);
  }
  for (let i = 0; i < n; i++) d[i] = a[i * n + i] as number;
  if (n > 1) e[n - 1] = a[(n - 1) * n + n - 2] as number;
  return q;
}

/** Reflector that clears column k below the sub-diagonal: H = I − factor·v vᵀ. */
function householder(a: Float64Array, n: number, k: number, v: Float64Array): { factor: number; subDiagonal: number } {
  let scale = 0;
  for (let i = k + 1; i < n; i++) scale = Math.max(scale, Math.abs(a[k * n + i] as number));
  const first = a[k * n + k + 1] as number;
  if (scale === 0) return { factor: 0, subDiagonal: 0 };
  let sum = 0;
  for (let i = k + 1; i < n; i++) {
    const x = (a[k * n + i] as number) / scale;
    v[i] = x;
    sum += x * x;
  }
  const norm = Math.sqrt(sum);
  const alpha = first > 0 ? -norm : norm;
  const head = v[k + 1] as number;
  v[k + 1] = head - alpha;
  const vv = sum - 2 * head * alpha + alpha * alpha;
  if (vv === 0) return { factor: 0, subDiagonal: first };
  return { factor: 2 / vv, subDiagonal: alpha * scale };
}

/** The trailing block becomes H A H: A − v wᵀ − w vᵀ. */
function applyTwoSided(
  a: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  p: Float64Array,
  factor: number,
): void {
  let pv = 0;
  for (let i = from; i < n; i++) {
    let sum = 0;
    const base = i * n;
    for (let j = from; j < n; j++) sum += (a[base + j] as number) * (v[j] as number);
    p[i] = factor * sum;
    pv += factor * sum * (v[i] as number);
  }
  const half = (factor * pv) / 2;
  for (let i = from; i < n; i++) p[i] = (p[i] as number) - half * (v[i] as number);
  for (let i = from; i < n; i++) {
    const base = i * n;
    const vi = v[i] as number;
    const pi = p[i] as number;
    for (let j = from; j < n; j++) {
      a[base + j] = (a[base + j] as number) - vi * (p[j] as number) - pi * (v[j] as number);
    }
  }
}

/** Rows of q hold Qᵀ: Qᵀ ← H Qᵀ. */
function applyToRows(q: Float64Array, n: number, from: number, v: Float64Array, p: Float64Array, factor: number): void {
  p.fill(0);
  for (let i = from; i < n; i++) {
    const vi = v[i] as number;
    if (vi === 0) continue;
    const base = i * n;
    for (let j = 0; j < n; j++) p[j] = (p[j] as number) + vi * (q[base + j] as number);
  }
  for (let i = from; i < n; i++) {
    const vi = factor * (v[i] as number);
    if (vi === 0) continue;
    const base = i * n;
    for (let j = 0; j < n; j++) q[base + j] = (q[base + j] as number) - vi * (p[j] as number);
  }
}

/** Implicit QL on (d, e), rotating the rows of z along. */
function diagonaliseQl(d: Float64Array, e: Float64Array, z: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  if (n > 0) e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = firstSmall(d, e, l, n);
      if (m === l) break;
      if (sweep === 60) throw new Error('symmetricEigen: QL did not converge in 60 sweeps');
      qlSweep(d, e, z, n, l, m);
    }
  }
}

function firstSmall(d: Float64Array, e: Float64Array, l: number, n: number): number {
  let m = l;
  for (; m < n - 1; m++) {
    const scale = Math.abs(d[m] as number) + Math.abs(d[m + 1] as number);
    if (Math.abs(e[m] as number) <= 2 ** -53 * scale || Math.abs(e[m] as number) < 1e-300) break;
  }
  return m;
}

function qlSweep(d: Float64Array, e: Float64Array, z: Float64Array, n: number, l: number, m: number): void {
  let g = ((d[l + 1] as number) - (d[l] as number)) / (2 * (e[l] as number));
  let r = Math.hypot(g, 1);
  g = (d[m] as number) - (d[l] as number) + (e[l] as number) / (g + (g >= 0 ? r : -r));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * (e[i] as number);
    const b = c * (e[i] as number);
    r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = (d[i + 1] as number) - p;
    r = ((d[i] as number) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    rotateRows(z, n, i, c, s);
  }
  d[l] = (d[l] as number) - p;
  e[l] = g;
  e[m] = 0;
}

function rotateRows(z: Float64Array, n: number, i: number, c: number, s: number): void {
  const a = i * n;
  const b = a + n;
  for (let k = 0; k < n; k++) {
    const f = z[b + k] as number;
    const g = z[a + k] as number;
    z[b + k] = s * g + c * f;
    z[a + k] = c * g - s * f;
  }
}

function sorted(d: Float64Array, z: Float64Array, n: number): SymmetricEigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => (d[i] as number) - (d[j] as number));
  const values = new Float64Array(n);
  const vectors = createMatrix(n, n);
  for (const [j, from] of order.entries()) {
    values[j] = d[from] as number;
    let largest = 0;
    for (let k = 0; k < n; k++) {
      const entry = z[from * n + k] as number;
      if (Math.abs(entry) > Math.abs(largest) * (1 + 1e-12)) largest = entry;
    }
    const sign = largest < 0 ? -1 : 1;
    for (let k = 0; k < n; k++) vectors.data[k * n + j] = sign * (z[from * n + k] as number);
  }
  return { values, vectors };
}
