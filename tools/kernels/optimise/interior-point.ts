/**
 * Mehrotra's predictor–corrector interior-point method for a `QuadraticProgram` (Mehrotra, 1992, SIAM J. Optim. 2;
 * starting point and step rules as in Vandenberghe, 2010, "The CVXOPT linear and quadratic cone program solvers").
 * Bounds fold into the diagonal of one n × n Cholesky an iteration; rows go through a Schur complement of their number.
 * One function per stage works on one workspace, so nothing is allocated inside an iteration. O(n³ + n²m + m³) each.
 */
import {
  backwardSolveInPlace,
  choleskyInPlace,
  forwardSolveInPlace,
  solveCholeskyInPlace,
} from '../linalg/cholesky.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { gramOfRows } from '../linalg/multiply.ts';
import type { QuadraticProgram } from './quadratic-program.ts';

export interface InteriorPoint {
  readonly x: Float64Array;
  readonly rowDuals: Float64Array;
  readonly boundDuals: Float64Array;
  /** Slack minus multiplier ratio per bound and row: true where the constraint looks binding. */
  readonly activeLower: Uint8Array;
  readonly activeUpper: Uint8Array;
  /** −1 lower side, 0 inactive, 1 upper side; equations are 1. */
  readonly activeRows: Int8Array;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

interface OneSided {
  readonly row: number;
  /** +1 for a·x ≤ upper, −1 for −a·x ≤ −lower, 0 for an equation. */
  readonly sign: -1 | 0 | 1;
  readonly limit: number;
}

/** Everything the stages share. G holds one-sided rows and equations; Ω their diagonal. */
interface Workspace {
  readonly n: number;
  readonly core: number;
  readonly scale: number;
  readonly program: QuadraticProgram;
  readonly factorOfObjective: number;
  readonly sides: readonly OneSided[];
  readonly G: Matrix;
  readonly h: Float64Array;
  readonly H: Float64Array;
  readonly extra: Float64Array;
  readonly V: Matrix;
  S: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly s: Float64Array;
  readonly hasLower: Uint8Array;
  readonly hasUpper: Uint8Array;
  readonly sl: Float64Array;
  readonly zl: Float64Array;
  readonly su: Float64Array;
  readonly zu: Float64Array;
  readonly rd: Float64Array;
  readonly rp: Float64Array;
  readonly rl: Float64Array;
  readonly ru: Float64Array;
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  readonly ds: Float64Array;
  readonly dsl: Float64Array;
  readonly dzl: Float64Array;
  readonly dsu: Float64Array;
  readonly dzu: Float64Array;
  readonly cl: Float64Array;
  readonly cu: Float64Array;
  readonly cs: Float64Array;
  readonly t: Float64Array;
  readonly count: number;
}

export interface InteriorPointOptions {
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** Solves the program. `converged: false` means infeasible, unbounded or too ill-conditioned; the caller finds out which. */
export function interiorPoint(program: QuadraticProgram, options: InteriorPointOptions = {}): InteriorPoint {
  const { tolerance = 1e-10, maxIterations = 80 } = options;
  const w = createWorkspace(program);
  start(w);
  let iterations = 0;
  let residual = Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  let stale = 0;
  while (iterations < maxIterations) {
    residual = computeResiduals(w);
    if (!(residual > tolerance)) break;
    if (residual < 0.9 * best) {
      best = residual;
      stale = 0;
    } else if (++stale > 15) break;
    iterations++;
    if (!factorise(w)) break;
    const mu = complementarity(w, 0);
    setCentering(w, 0, false);
    direction(w);
    const affine = stepLength(w, 1);
    const ratio = complementarity(w, affine) / mu;
    setCentering(w, Math.min(1, Math.max(0, ratio)) ** 3 * mu, true);
    direction(w);
    advance(w, stepLength(w, 0.995));
  }
  return finish(w, residual <= tolerance, iterations, residual);
}

function createWorkspace(program: QuadraticProgram): Workspace {
  const n = program.q.length;
  const sides: OneSided[] = [];
  for (const [r, row] of program.rows.entries()) {
    if (row.lower === row.upper) sides.push({ row: r, sign: 0, limit: row.upper });
    else {
      if (Number.isFinite(row.upper)) sides.push({ row: r, sign: 1, limit: row.upper });
      if (Number.isFinite(row.lower)) sides.push({ row: r, sign: -1, limit: -row.lower });
    }
  }
  const m = sides.length;
  const G = createMatrix(m, n);
  for (const [k, side] of sides.entries()) {
    const a = (program.rows[side.row] as QuadraticProgram['rows'][number]).coefficients;
    for (let i = 0; i < n; i++) G.data[k * n + i] = side.sign === -1 ? -(a[i] as number) : (a[i] as number);
  }
  const hasLower = Uint8Array.from(program.lower, (value) => (Number.isFinite(value) ? 1 : 0));
  const hasUpper = Uint8Array.from(program.upper, (value) => (Number.isFinite(value) ? 1 : 0));
  let count = 0;
  for (let i = 0; i < n; i++) count += (hasLower[i] as number) + (hasUpper[i] as number);
  for (const side of sides) if (side.sign !== 0) count++;
  const core = program.P.rows;
  const vector = (size: number): Float64Array => new Float64Array(size);
  return {
    n,
    core,
    scale: program.scaleIndex ?? -1,
    program,
    factorOfObjective: objectiveScale(program),
    sides,
    G,
    h: Float64Array.from(sides, (side) => side.limit),
    H: vector(core * core),
    extra: vector(n - core),
    V: createMatrix(m, n),
    S: vector(0),
    x: vector(n),
    y: vector(m),
    s: vector(m),
    hasLower,
    hasUpper,
    sl: vector(n),
    zl: vector(n),
    su: vector(n),
    zu: vector(n),
    rd: vector(n),
    rp: vector(m),
    rl: vector(n),
    ru: vector(n),
    dx: vector(n),
    dy: vector(m),
    ds: vector(m),
    dsl: vector(n),
    dzl: vector(n),
    dsu: vector(n),
    dzu: vector(n),
    cl: vector(n),
    cu: vector(n),
    cs: vector(m),
    t: vector(n),
    count,
  };
}

/** Brings the largest number of P and q to one, so that tolerances mean the same for daily and annual units. */
function objectiveScale(program: QuadraticProgram): number {
  let largest = 0;
  for (let i = 0; i < program.P.rows; i++)
    largest = Math.max(largest, Math.abs(program.P.data[i * program.P.cols + i] as number));
  for (const value of program.q) largest = Math.max(largest, Math.abs(value));
  return largest > 0 ? 1 / largest : 1;
}

function lowerSlack(w: Workspace, i: number, x: Float64Array, constant: number): number {
  const l = w.program.lower[i] as number;
  if (w.scale >= 0 && i !== w.scale) return (x[i] as number) - l * (x[w.scale] as number);
  return (x[i] as number) - l * constant;
}

function upperSlack(w: Workspace, i: number, x: Float64Array, constant: number): number {
  const u = w.program.upper[i] as number;
  if (w.scale >= 0 && i !== w.scale) return u * (x[w.scale] as number) - (x[i] as number);
  return u * constant - (x[i] as number);
}

/** The least-squares start: all weights one, then slacks and multipliers are shifted to be positive. */
function start(w: Workspace): void {
  w.sl.fill(1);
  w.zl.fill(1);
  w.su.fill(1);
  w.zu.fill(1);
  w.s.fill(1);
  for (let k = 0; k < w.y.length; k++) w.y[k] = (w.sides[k] as OneSided).sign === 0 ? 0 : 1;
  factorise(w);
  // Solve with slack = residual: rd holds q, slacks are −multipliers.
  for (let i = 0; i < w.n; i++) w.dx[i] = -w.factorOfObjective * (w.program.q[i] as number);
  for (let i = 0; i < w.n; i++) {
    if (w.scale >= 0 && i !== w.scale) continue;
    if (w.hasLower[i]) w.dx[i] = (w.dx[i] as number) + (w.program.lower[i] as number);
    if (w.hasUpper[i]) w.dx[i] = (w.dx[i] as number) + (w.program.upper[i] as number);
  }
  w.dy.set(w.h);
  solveKkt(w);
  w.x.set(w.dx);
  for (let k = 0; k < w.y.length; k++) if ((w.sides[k] as OneSided).sign === 0) w.y[k] = w.dy[k] as number;
  let primalShift = Number.NEGATIVE_INFINITY;
  let dualShift = Number.NEGATIVE_INFINITY;
  forEachSlack(w, (value) => {
    primalShift = Math.max(primalShift, -value);
    dualShift = Math.max(dualShift, value);
  });
  const addPrimal =
    primalShift > -1e-3 ? Math.max(primalShift, 0) + 0.1 + 0.9 * Math.min(1, Math.max(0, primalShift)) : 0;
  const addDual = dualShift > -1e-3 ? Math.max(dualShift, 0) + 0.1 + 0.9 * Math.min(1, Math.max(0, dualShift)) : 0;
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) {
      const slack = lowerSlack(w, i, w.x, 1);
      w.sl[i] = slack + addPrimal;
      w.zl[i] = -slack + addDual;
    }
    if (w.hasUpper[i]) {
      const slack = upperSlack(w, i, w.x, 1);
      w.su[i] = slack + addPrimal;
      w.zu[i] = -slack + addDual;
    }
  }
  for (let k = 0; k < w.s.length; k++) {
    if ((w.sides[k] as OneSided).sign === 0) continue;
    const slack = (w.h[k] as number) - rowValue(w, k, w.x);
    w.s[k] = slack + addPrimal;
    w.y[k] = -slack + addDual;
  }
}

function forEachSlack(w: Workspace, use: (slack: number) => void): void {
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) use(lowerSlack(w, i, w.x, 1));
    if (w.hasUpper[i]) use(upperSlack(w, i, w.x, 1));
  }
  for (let k = 0; k < w.s.length; k++) {
    if ((w.sides[k] as OneSided).sign !== 0) use((w.h[k] as number) - rowValue(w, k, w.x));
  }
}

function rowValue(w: Workspace, k: number, x: Float64Array): number {
  const base = k * w.n;
  let sum = 0;
  for (let i = 0; i < w.n; i++) sum += (w.G.data[base + i] as number) * (x[i] as number);
  return sum;
}

/** Dual, primal and bound residuals; returns the largest of them and of the mean complementarity. */
function computeResiduals(w: Workspace): number {
  const { n, core, program } = w;
  const f = w.factorOfObjective;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let sum = program.q[i] as number;
    if (i < core) {
      const base = i * core;
      for (let j = 0; j < core; j++) sum += (program.P.data[base + j] as number) * (w.x[j] as number);
    }
    w.rd[i] = f * sum;
  }
  for (let k = 0; k < w.y.length; k++) {
    const base = k * n;
    const dual = w.y[k] as number;
    let value = 0;
    for (let i = 0; i < n; i++) {
      const a = w.G.data[base + i] as number;
      value += a * (w.x[i] as number);
      w.rd[i] = (w.rd[i] as number) + a * dual;
    }
    const slack = (w.sides[k] as OneSided).sign === 0 ? 0 : (w.s[k] as number);
    w.rp[k] = value + slack - (w.h[k] as number);
    worst = Math.max(worst, Math.abs(w.rp[k] as number));
  }
  for (let i = 0; i < n; i++) {
    const homogeneous = w.scale >= 0 && i !== w.scale;
    if (w.hasLower[i]) {
      w.rl[i] = (w.sl[i] as number) - lowerSlack(w, i, w.x, 1);
      w.rd[i] = (w.rd[i] as number) - (w.zl[i] as number);
      if (homogeneous) w.rd[w.scale] = (w.rd[w.scale] as number) + (program.lower[i] as number) * (w.zl[i] as number);
      worst = Math.max(worst, Math.abs(w.rl[i] as number));
    }
    if (w.hasUpper[i]) {
      w.ru[i] = (w.su[i] as number) - upperSlack(w, i, w.x, 1);
      w.rd[i] = (w.rd[i] as number) + (w.zu[i] as number);
      if (homogeneous) w.rd[w.scale] = (w.rd[w.scale] as number) - (program.upper[i] as number) * (w.zu[i] as number);
      worst = Math.max(worst, Math.abs(w.ru[i] as number));
    }
  }
  for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(w.rd[i] as number));
  return Math.max(worst, complementarity(w, 0));
}

/** Mean of slack × multiplier after a step of length `alpha` along the direction. */
function complementarity(w: Workspace, alpha: number): number {
  let sum = 0;
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) {
      sum +=
        ((w.sl[i] as number) + alpha * (w.dsl[i] as number)) * ((w.zl[i] as number) + alpha * (w.dzl[i] as number));
    }
    if (w.hasUpper[i]) {
      sum +=
        ((w.su[i] as number) + alpha * (w.dsu[i] as number)) * ((w.zu[i] as number) + alpha * (w.dzu[i] as number));
    }
  }
  for (let k = 0; k < w.s.length; k++) {
    if ((w.sides[k] as OneSided).sign === 0) continue;
    sum += ((w.s[k] as number) + alpha * (w.ds[k] as number)) * ((w.y[k] as number) + alpha * (w.dy[k] as number));
  }
  return w.count === 0 ? 0 : sum / w.count;
}

/** H = P + bounds, its Cholesky, V = L⁻¹Gᵀ (transposed) and the Schur complement of the rows. False where it breaks down. */
function factorise(w: Workspace): boolean {
  const { core, n } = w;
  let shift = 1e-14;
  for (let attempt = 0; ; attempt++) {
    assemble(w, shift);
    if (choleskyInPlace(w.H, core) < 0) break;
    if (attempt > 6) return false;
    shift *= 100;
  }
  const m = w.sides.length;
  for (let k = 0; k < m; k++) {
    const row = w.V.data.subarray(k * n, (k + 1) * n);
    row.set(w.G.data.subarray(k * n, (k + 1) * n));
    forwardSolveInPlace(w.H, core, row);
    for (let i = core; i < n; i++) row[i] = (row[i] as number) / Math.sqrt(w.extra[i - core] as number);
  }
  const schur = gramOfRows(w.V).data;
  let largest = 0;
  for (let k = 0; k < m; k++) {
    const side = w.sides[k] as OneSided;
    if (side.sign !== 0) schur[k * m + k] = (schur[k * m + k] as number) + (w.s[k] as number) / (w.y[k] as number);
    largest = Math.max(largest, schur[k * m + k] as number);
  }
  for (let jitter = 1e-15; jitter < 1e-6; jitter *= 100) {
    w.S = schur.slice();
    for (let k = 0; k < m; k++) w.S[k * m + k] = (w.S[k * m + k] as number) * (1 + jitter) + largest * jitter * 1e-3;
    if (choleskyInPlace(w.S, m) < 0) return true;
  }
  return false;
}

function assemble(w: Workspace, shift: number): void {
  const { core, n, H, program } = w;
  const f = w.factorOfObjective;
  for (let i = 0; i < core; i++) {
    for (let j = 0; j <= i; j++) H[i * core + j] = f * (program.P.data[i * core + j] as number);
    H[i * core + i] = (H[i * core + i] as number) + shift;
  }
  w.extra.fill(shift);
  const k = w.scale;
  for (let i = 0; i < n; i++) {
    const lower = w.hasLower[i] ? (w.zl[i] as number) / (w.sl[i] as number) : 0;
    const upper = w.hasUpper[i] ? (w.zu[i] as number) / (w.su[i] as number) : 0;
    if (i >= core) {
      w.extra[i - core] = (w.extra[i - core] as number) + lower + upper;
      continue;
    }
    H[i * core + i] = (H[i * core + i] as number) + lower + upper;
    if (k < 0 || i === k) continue;
    const l = w.hasLower[i] ? (program.lower[i] as number) : 0;
    const u = w.hasUpper[i] ? (program.upper[i] as number) : 0;
    const at = i < k ? k * core + i : i * core + k;
    H[at] = (H[at] as number) - l * lower - u * upper;
    H[k * core + k] = (H[k * core + k] as number) + l * l * lower + u * u * upper;
  }
}

/** Solves [H Gᵀ; G −Ω][dx; dy] = [dx; dy] in place. */
function solveKkt(w: Workspace): void {
  const { core, n } = w;
  const m = w.sides.length;
  const { dx, dy, V } = w;
  forwardSolveInPlace(w.H, core, dx);
  for (let i = core; i < n; i++) dx[i] = (dx[i] as number) / Math.sqrt(w.extra[i - core] as number);
  for (let k = 0; k < m; k++) {
    const base = k * n;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (V.data[base + i] as number) * (dx[i] as number);
    dy[k] = sum - (dy[k] as number);
  }
  solveCholeskyInPlace(w.S, m, dy);
  for (let k = 0; k < m; k++) {
    const base = k * n;
    const dual = dy[k] as number;
    for (let i = 0; i < n; i++) dx[i] = (dx[i] as number) - (V.data[base + i] as number) * dual;
  }
  backwardSolveInPlace(w.H, core, dx);
  for (let i = core; i < n; i++) dx[i] = (dx[i] as number) / Math.sqrt(w.extra[i - core] as number);
}

/** Right-hand sides of the complementarity equations: s z (+ Δs Δz of the predictor) − target. */
function setCentering(w: Workspace, target: number, second: boolean): void {
  const correct = second ? 1 : 0;
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) {
      w.cl[i] =
        (w.sl[i] as number) * (w.zl[i] as number) + correct * (w.dsl[i] as number) * (w.dzl[i] as number) - target;
    }
    if (w.hasUpper[i]) {
      w.cu[i] =
        (w.su[i] as number) * (w.zu[i] as number) + correct * (w.dsu[i] as number) * (w.dzu[i] as number) - target;
    }
  }
  for (let k = 0; k < w.s.length; k++) {
    w.cs[k] = (w.s[k] as number) * (w.y[k] as number) + correct * (w.ds[k] as number) * (w.dy[k] as number) - target;
  }
}

/** One Newton direction for the current residuals and centering. */
function direction(w: Workspace): void {
  const { n, program, scale } = w;
  for (let i = 0; i < n; i++) w.t[i] = -(w.rd[i] as number);
  for (let i = 0; i < n; i++) {
    const homogeneous = scale >= 0 && i !== scale;
    if (w.hasLower[i]) {
      const push = (-(w.cl[i] as number) + (w.zl[i] as number) * (w.rl[i] as number)) / (w.sl[i] as number);
      w.t[i] = (w.t[i] as number) + push;
      if (homogeneous) w.t[scale] = (w.t[scale] as number) - (program.lower[i] as number) * push;
    }
    if (w.hasUpper[i]) {
      const push = (-(w.cu[i] as number) + (w.zu[i] as number) * (w.ru[i] as number)) / (w.su[i] as number);
      w.t[i] = (w.t[i] as number) - push;
      if (homogeneous) w.t[scale] = (w.t[scale] as number) + (program.upper[i] as number) * push;
    }
  }
  w.dx.set(w.t);
  for (let k = 0; k < w.y.length; k++) {
    const side = w.sides[k] as OneSided;
    w.dy[k] = -(w.rp[k] as number) + (side.sign === 0 ? 0 : (w.cs[k] as number) / (w.y[k] as number));
  }
  solveKkt(w);
  for (let i = 0; i < n; i++) {
    if (w.hasLower[i]) {
      w.dsl[i] = lowerSlack(w, i, w.dx, 0) - (w.rl[i] as number);
      w.dzl[i] = (-(w.cl[i] as number) - (w.zl[i] as number) * (w.dsl[i] as number)) / (w.sl[i] as number);
    }
    if (w.hasUpper[i]) {
      w.dsu[i] = upperSlack(w, i, w.dx, 0) - (w.ru[i] as number);
      w.dzu[i] = (-(w.cu[i] as number) - (w.zu[i] as number) * (w.dsu[i] as number)) / (w.su[i] as number);
    }
  }
  for (let k = 0; k < w.y.length; k++) {
    if ((w.sides[k] as OneSided).sign === 0) continue;
    w.ds[k] = (-(w.cs[k] as number) - (w.s[k] as number) * (w.dy[k] as number)) / (w.y[k] as number);
  }
}

/** The largest step, at most 1, that keeps every slack and multiplier positive, shortened by `safety`. */
function stepLength(w: Workspace, safety: number): number {
  let alpha = 1 / safety;
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) {
      if ((w.dsl[i] as number) < 0) alpha = Math.min(alpha, -(w.sl[i] as number) / (w.dsl[i] as number));
      if ((w.dzl[i] as number) < 0) alpha = Math.min(alpha, -(w.zl[i] as number) / (w.dzl[i] as number));
    }
    if (w.hasUpper[i]) {
      if ((w.dsu[i] as number) < 0) alpha = Math.min(alpha, -(w.su[i] as number) / (w.dsu[i] as number));
      if ((w.dzu[i] as number) < 0) alpha = Math.min(alpha, -(w.zu[i] as number) / (w.dzu[i] as number));
    }
  }
  for (let k = 0; k < w.s.length; k++) {
    if ((w.sides[k] as OneSided).sign === 0) continue;
    if ((w.ds[k] as number) < 0) alpha = Math.min(alpha, -(w.s[k] as number) / (w.ds[k] as number));
    if ((w.dy[k] as number) < 0) alpha = Math.min(alpha, -(w.y[k] as number) / (w.dy[k] as number));
  }
  return Math.min(1, safety * alpha);
}

function advance(w: Workspace, alpha: number): void {
  for (let i = 0; i < w.n; i++) {
    w.x[i] = (w.x[i] as number) + alpha * (w.dx[i] as number);
    if (w.hasLower[i]) {
      w.sl[i] = (w.sl[i] as number) + alpha * (w.dsl[i] as number);
      w.zl[i] = (w.zl[i] as number) + alpha * (w.dzl[i] as number);
    }
    if (w.hasUpper[i]) {
      w.su[i] = (w.su[i] as number) + alpha * (w.dsu[i] as number);
      w.zu[i] = (w.zu[i] as number) + alpha * (w.dzu[i] as number);
    }
  }
  for (let k = 0; k < w.y.length; k++) {
    w.y[k] = (w.y[k] as number) + alpha * (w.dy[k] as number);
    if ((w.sides[k] as OneSided).sign !== 0) w.s[k] = (w.s[k] as number) + alpha * (w.ds[k] as number);
  }
}

function finish(w: Workspace, converged: boolean, iterations: number, residual: number): InteriorPoint {
  const { n, program } = w;
  const rowDuals = new Float64Array(program.rows.length);
  const activeRows = new Int8Array(program.rows.length);
  for (const [k, side] of w.sides.entries()) {
    const dual = (w.y[k] as number) / w.factorOfObjective;
    rowDuals[side.row] = (rowDuals[side.row] as number) + (side.sign === -1 ? -dual : dual);
    if (side.sign === 0) activeRows[side.row] = 1;
    else if ((w.y[k] as number) > (w.s[k] as number)) activeRows[side.row] = side.sign;
  }
  const boundDuals = new Float64Array(n);
  const activeLower = new Uint8Array(n);
  const activeUpper = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const lower = w.hasLower[i] ? (w.zl[i] as number) : 0;
    const upper = w.hasUpper[i] ? (w.zu[i] as number) : 0;
    boundDuals[i] = (upper - lower) / w.factorOfObjective;
    activeLower[i] = w.hasLower[i] && lower > (w.sl[i] as number) ? 1 : 0;
    activeUpper[i] = w.hasUpper[i] && upper > (w.su[i] as number) ? 1 : 0;
  }
  return { x: w.x, rowDuals, boundDuals, activeLower, activeUpper, activeRows, converged, iterations, residual };
}
