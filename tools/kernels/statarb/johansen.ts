/**
 * Johansen: how many independent combinations of p series revert, and which? Reduced-rank regression of Δx_t on levels,
 * given lagged differences. λ are squared canonical correlations; trace_r = −T Σ_{i>r} ln(1−λ_i), max_r = −T ln(1−λ_{r+1}).
 *
 * Source: Johansen (1988, J. Econ. Dyn. Control 12:231; 1991, Econometrica 59:1551); Johansen (1995), ch. 6.
 * Deterministic terms: `none`; `constant` outside the relation (data may drift; statsmodels det_order 0, urca ecdet none);
 * `restricted-constant`, `restricted-trend` inside the relation (urca const, trend); `detrended` (statsmodels det_order 1).
 * `differences` is k_ar_diff of statsmodels = K − 1 of urca. Complete data. O(n p² k²).
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { choleskyInPlace } from '../linalg/cholesky.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { createMatrix, type Matrix, matrixFromColumns } from '../linalg/matrix.ts';
import { symmetricEigen } from '../linalg/symmetric-eigen.ts';
import { degenerateSeries } from './adf.ts';
import { type JohansenTable, leSage, osterwaldLenum } from './johansen-tables.ts';
import { trendColumns } from './lag-regression.ts';

export type JohansenDeterministic = 'none' | 'constant' | 'restricted-constant' | 'restricted-trend' | 'detrended';

export interface JohansenRow {
  /** The null: at most this many relations. */
  readonly rank: number;
  readonly trace: number;
  readonly maxEigen: number;
  /** At 10%, 5%, 1%; null for more than 11 (12) series. */
  readonly traceCritical: readonly number[] | null;
  readonly maxEigenCritical: readonly number[] | null;
}

export interface JohansenResult {
  readonly eigenvalues: Float64Array;
  /** One row per null rank 0 … p−1. */
  readonly rows: readonly JohansenRow[];
  /** Relation i as coefficients on the series (and the restricted term last), scaled to 1 on the first series. */
  readonly vectors: readonly Float64Array[];
  /** Speed with which each series answers the first relation, for its scaled vector. */
  readonly firstLoading: Float64Array;
  readonly observations: number;
  /** Relations found at 5% by stepping up the trace test; p means that the levels themselves are stationary. */
  readonly traceRank: number;
  readonly maxEigenRank: number;
}

export interface JohansenOptions {
  readonly deterministic?: JohansenDeterministic;
  readonly differences?: number;
  /** Which lag the level enters with: `longrun` x_{t−K} or `transitory` x_{t−1}. Same statistics, other loadings for terms. */
  readonly level?: 'longrun' | 'transitory';
  /** Critical values: Osterwald-Lenum (default; exact case) or LeSage's as statsmodels prints them. */
  readonly table?: 'osterwald-lenum' | 'le-sage';
}

export function johansenTest(series: readonly Float64Array[], options: JohansenOptions = {}): JohansenResult {
  const { deterministic = 'constant', differences = 1, level = 'longrun' } = options;
  const p = series.length;
  const n = series[0]?.length ?? 0;
  if (p < 2) throw invalidInput({ what: 'The number of series', needed: '2 or more', got: p });
  const needed = 2 * p * (differences + 1) + 10;
  if (n < needed) throw notEnoughData({ what: `A Johansen test of ${p} series`, needed, got: n });
  const levels = deterministic === 'detrended' ? series.map((x) => residualOn(x, trendColumns('ct', n))) : series;
  const parts = buildParts(levels, deterministic, differences, level);
  const solved = reducedRank(parts.r0, parts.rk);
  const t = n - 1 - differences;
  const table = criticalTable(options.table ?? 'osterwald-lenum', deterministic);
  const rows = Array.from({ length: p }, (_, rank): JohansenRow => {
    let trace = 0;
    for (let i = rank; i < p; i++) trace -= t * Math.log1p(-(solved.values[i] as number));
    return {
      rank,
      trace,
      maxEigen: -t * Math.log1p(-(solved.values[rank] as number)),
      traceCritical: table.trace[p - rank - 1] ?? null,
      maxEigenCritical: table.maxEigen[p - rank - 1] ?? null,
    };
  });
  const accepts = (value: number, critical: readonly number[] | null) =>
    critical === null || value <= (critical[1] ?? 0);
  const firstBelow = (test: (row: JohansenRow) => boolean) => {
    const found = rows.findIndex(test);
    return found < 0 ? p : found;
  };
  return {
    eigenvalues: solved.values,
    rows,
    vectors: solved.vectors,
    firstLoading: solved.firstLoading,
    observations: t,
    traceRank: firstBelow((row) => accepts(row.trace, row.traceCritical)),
    maxEigenRank: firstBelow((row) => accepts(row.maxEigen, row.maxEigenCritical)),
  };
}

function criticalTable(name: 'osterwald-lenum' | 'le-sage', deterministic: JohansenDeterministic): JohansenTable {
  if (deterministic === 'none') return leSage['-1'];
  if (name === 'le-sage') return leSage[deterministic === 'detrended' ? '1' : '0'];
  if (deterministic === 'restricted-constant') return osterwaldLenum.const;
  return deterministic === 'constant' ? osterwaldLenum.none : osterwaldLenum.trend;
}

function residualOn(y: Float64Array, columns: readonly Float64Array[]): Float64Array {
  return columns.length === 0 ? y : leastSquares(matrixFromColumns(columns), y).residuals;
}

/** Differences and levels, both cleaned of lagged differences and unrestricted terms. */
function buildParts(
  levels: readonly Float64Array[],
  deterministic: JohansenDeterministic,
  k: number,
  level: 'longrun' | 'transitory',
) {
  const n = levels[0]?.length ?? 0;
  const rows = n - 1 - k;
  const dx = levels.map((x) => Float64Array.from({ length: n - 1 }, (_, t) => (x[t + 1] as number) - (x[t] as number)));
  const from = level === 'transitory' ? k : 0;
  const given: Float64Array[] = [];
  for (let lag = 1; lag <= k; lag++) for (const d of dx) given.push(d.slice(k - lag, k - lag + rows));
  if (deterministic === 'constant' || deterministic === 'restricted-trend' || deterministic === 'detrended') {
    given.push(new Float64Array(rows).fill(1));
  }
  const entering = levels.map((x) => x.slice(from, from + rows));
  if (deterministic === 'restricted-constant') entering.push(new Float64Array(rows).fill(1));
  if (deterministic === 'restricted-trend') entering.push(Float64Array.from({ length: rows }, (_, t) => from + t + 1));
  return {
    r0: dx.map((d) => residualOn(d.slice(k), given)),
    rk: entering.map((x) => residualOn(x, given)),
  };
}

function crossProducts(a: readonly Float64Array[], b: readonly Float64Array[]): Matrix {
  const out = createMatrix(a.length, b.length);
  for (const [i, u] of a.entries()) {
    for (const [j, v] of b.entries()) {
      let sum = 0;
      for (let t = 0; t < u.length; t++) sum += (u[t] as number) * (v[t] as number);
      out.data[i * b.length + j] = sum / u.length;
    }
  }
  return out;
}

/** Canonical correlations of r0 and rk through the Cholesky factors of their own (scaled) covariances. */
function reducedRank(r0: readonly Float64Array[], rk: readonly Float64Array[]) {
  const p = r0.length;
  const q = rk.length;
  const scale = rk.map((x) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length));
  if (scale.some((s) => !(s > 0))) throw degenerateSeries();
  const unit = rk.map((x, j) => x.map((v) => v / (scale[j] as number)));
  const s00 = crossProducts(r0, r0);
  const skk = crossProducts(unit, unit);
  const sk0 = crossProducts(unit, r0);
  if (choleskyInPlace(s00.data, p) >= 0 || choleskyInPlace(skk.data, q) >= 0) throw degenerateSeries();
  // W = C⁻¹ SK0 L⁻ᵀ with SKK = CCᵀ, S00 = LLᵀ; the eigenvalues of WWᵀ are the squared canonical correlations.
  const w = sk0.data.slice();
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < q; i++) {
      let sum = w[i * p + j] as number;
      for (let c = 0; c < i; c++) sum -= (skk.data[i * q + c] as number) * (w[c * p + j] as number);
      w[i * p + j] = sum / (skk.data[i * q + i] as number);
    }
  }
  for (let i = 0; i < q; i++) {
    for (let j = 0; j < p; j++) {
      let sum = w[i * p + j] as number;
      for (let c = 0; c < j; c++) sum -= (s00.data[j * p + c] as number) * (w[i * p + c] as number);
      w[i * p + j] = sum / (s00.data[j * p + j] as number);
    }
  }
  const symmetric = createMatrix(q, q);
  for (let a = 0; a < q; a++) {
    for (let b = 0; b < q; b++) {
      let sum = 0;
      for (let c = 0; c < p; c++) sum += (w[a * p + c] as number) * (w[b * p + c] as number);
      symmetric.data[a * q + b] = sum;
    }
  }
  const eigen = symmetricEigen(symmetric);
  const values = Float64Array.from({ length: q }, (_, i) => Math.max(0, eigen.values[q - 1 - i] as number));
  const vectors = Array.from({ length: q }, (_, i) => backSolved(eigen.vectors, q - 1 - i, skk.data, q, scale));
  return { values, vectors, firstLoading: loading(sk0, unit, vectors[0] as Float64Array, scale, p) };
}

/** v = C⁻ᵀ e, back in the units of the data, scaled to 1 on the first series. */
function backSolved(vectors: Matrix, column: number, factor: Float64Array, q: number, scale: readonly number[]) {
  const v = Float64Array.from({ length: q }, (_, i) => vectors.data[i * q + column] as number);
  for (let i = q - 1; i >= 0; i--) {
    let sum = v[i] as number;
    for (let c = i + 1; c < q; c++) sum -= (factor[c * q + i] as number) * (v[c] as number);
    v[i] = sum / (factor[i * q + i] as number);
  }
  for (let i = 0; i < q; i++) v[i] = (v[i] as number) / (scale[i] as number);
  const first = v[0] as number;
  return first === 0 ? v : v.map((value) => value / first);
}

function loading(
  sk0: Matrix,
  unit: readonly Float64Array[],
  vector: Float64Array,
  scale: readonly number[],
  p: number,
): Float64Array {
  const rows = unit[0]?.length ?? 0;
  let spread = 0;
  for (let t = 0; t < rows; t++) {
    let value = 0;
    for (let i = 0; i < unit.length; i++) {
      value += (vector[i] as number) * (scale[i] as number) * ((unit[i] as Float64Array)[t] as number);
    }
    spread += (value * value) / rows;
  }
  return Float64Array.from({ length: p }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < unit.length; i++) {
      sum += (vector[i] as number) * (scale[i] as number) * (sk0.data[i * p + j] as number);
    }
    return sum / spread;
  });
}
