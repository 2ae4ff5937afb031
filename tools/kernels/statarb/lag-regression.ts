/**
 * The regressions behind augmented Dickey–Fuller tests: Δx_t on x_{t−1}, Δx_{t−1} … Δx_{t−k} and deterministic terms.
 *
 * All cross-products of lagged differences come from one pass: the Gram matrix of lags is built along its diagonals from
 * its first row with exact end corrections, so the cost is O(n·k) instead of O(n·k²), and one Cholesky factorisation gives
 * the residual sum of squares of every lag order at once (nested regressors). Reference: any text on lag-Gram (covariance
 * method) matrices, e.g. Marple (1987), Digital Spectral Analysis, ch. 8. Relative error about 1e-16 ÷ (1 − R²).
 */
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import type { Trend } from './mackinnon-tables.ts';

/** Deterministic columns by name, on rows `from`…`from+count−1` counted in bars; centred and scaled for conditioning. */
export function trendColumns(trend: Trend, count: number): readonly Float64Array[] {
  if (trend === 'n') return [];
  const columns = [new Float64Array(count).fill(1)];
  const centre = (count - 1) / 2;
  const time = Float64Array.from({ length: count }, (_, t) => (t - centre) / Math.max(1, centre));
  if (trend === 'ct' || trend === 'ctt') columns.push(time);
  if (trend === 'ctt') columns.push(time.map((t) => t * t));
  return columns;
}

export interface LagRegressions {
  /** Rows of each regression: the same for all orders. */
  readonly rows: number;
  readonly deterministic: number;
  /** Residual sum of squares with 0, 1, … maxLag lagged differences. */
  readonly residualSums: Float64Array;
  /** |t| of the last regressor of each order (of the level at order 0). */
  readonly lastT: Float64Array;
}

/** Every order 0…maxLag on the common sample that the longest allows. Null where the regressors are collinear. */
export function lagRegressions(x: Float64Array, trend: Trend, maxLag: number): LagRegressions | null {
  const gram = buildGram(x, trend, maxLag, maxLag);
  const size = gram.size - 1;
  if (!factorise(gram.matrix, gram.size)) return null;
  const d = gram.deterministic;
  const residualSums = new Float64Array(maxLag + 1);
  const lastT = new Float64Array(maxLag + 1);
  const last = size * gram.size;
  let tail = gram.matrix[last + size] as number;
  tail *= tail;
  for (let lag = maxLag; lag >= 0; lag--) {
    const w = gram.matrix[last + d + lag] as number;
    residualSums[lag] = tail;
    lastT[lag] = Math.abs(w) / Math.sqrt(tail / (gram.rows - d - 1 - lag));
    tail += w * w;
  }
  return { rows: gram.rows, deterministic: d, residualSums, lastT };
}

export interface LevelTest {
  /** t statistic of the lagged level. */
  readonly t: number;
  readonly coefficient: number;
  readonly rows: number;
}

/** The t statistic of the level with exactly `lag` lagged differences, on the longest sample. Null where degenerate. */
export function levelTest(x: Float64Array, trend: Trend, lag: number): LevelTest | null {
  const gram = buildGram(x, trend, lag, lag);
  const { size, rows, deterministic: d } = gram;
  const reordered = moveLevelLast(gram.matrix, size, d);
  const own = reordered[size * size - 1] as number;
  if (!factorise(reordered, size)) return null;
  const row = (size - 1) * size;
  const root = reordered[row + size - 1] as number;
  if (root * root < 1e-7 * own) return levelTestByQr(x, trend, lag);
  const w = reordered[row + size - 2] as number;
  const pivot = reordered[(size - 2) * size + size - 2] as number;
  const sigma = Math.sqrt((root * root) / (rows - d - 1 - lag));
  return { t: w / sigma, coefficient: w / pivot, rows };
}

/** The same by Householder QR, for nearly exact fits where cross-products lose digits. */
export function levelTestByQr(x: Float64Array, trend: Trend, lag: number): LevelTest | null {
  const rows = x.length - 1 - lag;
  const difference = (t: number): number => (x[t + 1] as number) - (x[t] as number);
  const y = Float64Array.from({ length: rows }, (_, i) => difference(lag + i));
  const columns = [
    x.slice(lag, lag + rows),
    ...Array.from({ length: lag }, (_, l) =>
      Float64Array.from({ length: rows }, (__, i) => difference(lag + i - l - 1)),
    ),
    ...trendColumns(trend, rows),
  ];
  const fit = leastSquares(matrixFromColumns(columns), y);
  if (fit.rank < columns.length || rows <= columns.length) return null;
  let sum = 0;
  for (const e of fit.residuals) sum += e * e;
  const coefficient = fit.coefficients[0] as number;
  const error = Math.sqrt((sum / (rows - columns.length)) * (fit.inverseGram[0] as number));
  return error > 0 ? { t: coefficient / error, coefficient, rows } : null;
}

interface Gram {
  /** Symmetric (size × size): deterministic terms, level, lags 1…k, then the regressand. Lower triangle filled. */
  readonly matrix: Float64Array;
  readonly size: number;
  readonly rows: number;
  readonly deterministic: number;
}

/** Cross-products over the rows t = first … n−2 of Δx_t = x_{t+1} − x_t. */
function buildGram(x: Float64Array, trend: Trend, lags: number, first: number): Gram {
  const m = x.length - 1;
  const rows = m - first;
  const dx = new Float64Array(m);
  for (let t = 0; t < m; t++) dx[t] = (x[t + 1] as number) - (x[t] as number);
  const level = centredLevel(x, trend, first, rows);
  const columns = trendColumns(trend, rows);
  const d = columns.length;
  const size = d + lags + 2;
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) matrix[a * size + b] = product(columns[a], columns[b]);
    matrix[d * size + a] = product(columns[a], level);
    for (let lag = 1; lag <= lags; lag++) {
      matrix[(d + lag) * size + a] = product(columns[a], dx.subarray(first - lag, m - lag));
    }
    matrix[(size - 1) * size + a] = product(columns[a], dx.subarray(first));
  }
  matrix[d * size + d] = product(level, level);
  for (let lag = 1; lag <= lags; lag++) {
    matrix[(d + lag) * size + d] = product(level, dx.subarray(first - lag, m - lag));
  }
  matrix[(size - 1) * size + d] = product(level, dx.subarray(first));
  fillLagBlock(matrix, size, d, dx, lags, first);
  return { matrix, size, rows, deterministic: d };
}

/** With a constant in the regression the level may be shifted freely: its mean is taken out against cancellation. */
function centredLevel(x: Float64Array, trend: Trend, first: number, rows: number): Float64Array {
  const level = x.slice(first, first + rows);
  if (trend === 'n') return level;
  let sum = 0;
  for (const v of level) sum += v;
  const mean = sum / rows;
  for (let t = 0; t < rows; t++) level[t] = (level[t] as number) - mean;
  return level;
}

function product(a: Float64Array | undefined, b: Float64Array | undefined): number {
  if (a === undefined || b === undefined) return 0;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const n = a.length;
  let t = 0;
  for (; t + 3 < n; t += 4) {
    s0 += (a[t] as number) * (b[t] as number);
    s1 += (a[t + 1] as number) * (b[t + 1] as number);
    s2 += (a[t + 2] as number) * (b[t + 2] as number);
    s3 += (a[t + 3] as number) * (b[t + 3] as number);
  }
  for (; t < n; t++) s0 += (a[t] as number) * (b[t] as number);
  return s0 + s1 + (s2 + s3);
}

/** G[i][j] = Σ Δ_{t−i} Δ_{t−j}: first row by lagProducts, the others down the diagonals. Order 0 is the regressand. */
function fillLagBlock(matrix: Float64Array, size: number, d: number, dx: Float64Array, lags: number, first: number) {
  const m = dx.length;
  const firstRow = new Float64Array(lags + 1);
  lagProducts(dx, first, m, firstRow);
  const y = size - 1;
  matrix[y * size + y] = firstRow[0] as number;
  for (let j = 1; j <= lags; j++) matrix[y * size + d + j] = firstRow[j] as number;
  for (let offset = 0; offset < lags; offset++) {
    let value = firstRow[offset] as number;
    for (let i = 1; i + offset <= lags; i++) {
      const j = i + offset;
      value += (dx[first - i] as number) * (dx[first - j] as number) - (dx[m - i] as number) * (dx[m - j] as number);
      matrix[(d + j) * size + d + i] = value;
    }
  }
}

/**
 * out[k] = Σ_{t=from}^{to−1} d[t]·d[t−k] for k = 0 … out.length−1, four lags at a time over four steps so that every value
 * loaded is used several times. `from` must be at least out.length − 1.
 */
export function lagProducts(d: Float64Array, from: number, to: number, out: Float64Array): void {
  const count = out.length;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    let t = from;
    // p1, p2, p3 are d[t−k−1], d[t−k−2], d[t−k−3] on entry of each block.
    let p1 = d[from - k - 1] as number;
    let p2 = d[from - k - 2] as number;
    let p3 = d[from - k - 3] as number;
    for (; t + 3 < to; t += 4) {
      const x0 = d[t] as number;
      const x1 = d[t + 1] as number;
      const x2 = d[t + 2] as number;
      const x3 = d[t + 3] as number;
      const y0 = d[t - k] as number;
      const y1 = d[t - k + 1] as number;
      const y2 = d[t - k + 2] as number;
      const y3 = d[t - k + 3] as number;
      a0 += x0 * y0 + x1 * y1 + (x2 * y2 + x3 * y3);
      a1 += x0 * p1 + x1 * y0 + (x2 * y1 + x3 * y2);
      a2 += x0 * p2 + x1 * p1 + (x2 * y0 + x3 * y1);
      a3 += x0 * p3 + x1 * p2 + (x2 * p1 + x3 * y0);
      p1 = y3;
      p2 = y2;
      p3 = y1;
    }
    for (; t < to; t++) {
      const x0 = d[t] as number;
      a0 += x0 * (d[t - k] as number);
      a1 += x0 * (d[t - k - 1] as number);
      a2 += x0 * (d[t - k - 2] as number);
      a3 += x0 * (d[t - k - 3] as number);
    }
    out[k] = a0;
    out[k + 1] = a1;
    out[k + 2] = a2;
    out[k + 3] = a3;
  }
  for (; k < count; k++) {
    let sum = 0;
    for (let t = from; t < to; t++) sum += (d[t] as number) * (d[t - k] as number);
    out[k] = sum;
  }
}

/** Lower-triangular Cholesky in place; false where a pivot loses all but 1e-14 of its own square. O(size³/6). */
export function factorise(a: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i++) {
    const rowI = i * size;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * size;
      let sum = a[rowI + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[rowI + k] as number) * (a[rowJ + k] as number);
      if (j < i) {
        a[rowI + j] = sum / (a[rowJ + j] as number);
      } else {
        const own = a[rowI + i] as number;
        // The last row is the regressand: a perfect fit is not collinearity.
        if (!(sum > 1e-14 * own) && i < size - 1) return false;
        a[rowI + i] = Math.sqrt(Math.max(0, sum));
      }
    }
  }
  return true;
}

/** Moves row and column d (the level) behind the lags, before the regressand. */
function moveLevelLast(matrix: Float64Array, size: number, d: number): Float64Array {
  const order = [
    ...Array.from({ length: d }, (_, i) => i),
    ...Array.from({ length: size - d - 2 }, (_, i) => d + 1 + i),
    d,
    size - 1,
  ];
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const p = order[i] as number;
      const q = order[j] as number;
      out[i * size + j] = matrix[Math.max(p, q) * size + Math.min(p, q)] as number;
    }
  }
  return out;
}
