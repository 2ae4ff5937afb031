/**
 * From "nearly" to "exactly": solve the equations of the constraints that bind, and correct the guess of which those are
 * until every multiplier has its sign (a primal–dual active-set finish; Nocedal and Wright, 2006, section 16.5 and 16.7).
 * Gives weights that are exactly at their bounds and multipliers good to rounding. Returns undefined where it fails,
 * for example at a degenerate corner; the interior point stands then.
 */
import {
  backwardSolveInPlace,
  choleskyInPlace,
  forwardSolveInPlace,
  solveCholeskyInPlace,
} from '../linalg/cholesky.ts';
import { createMatrix, submatrix } from '../linalg/matrix.ts';
import { gramOfRows } from '../linalg/multiply.ts';
import type { InteriorPoint } from './interior-point.ts';
import { boundsAt, objectiveGradient, type QuadraticProgram } from './quadratic-program.ts';

export interface Polished {
  readonly x: Float64Array;
  readonly rowDuals: Float64Array;
  readonly boundDuals: Float64Array;
}

/** Which constraints are taken as equations: −1 lower, 1 upper, 0 free; rows the same way. */
interface ActiveSet {
  readonly bounds: Int8Array;
  readonly rows: Int8Array;
}

const ROUNDS = 12;

export function polish(program: QuadraticProgram, point: InteriorPoint): Polished | undefined {
  const n = program.q.length;
  const active: ActiveSet = {
    bounds: Int8Array.from({ length: n }, (_, i) => (point.activeLower[i] ? -1 : point.activeUpper[i] ? 1 : 0)),
    rows: point.activeRows.slice(),
  };
  for (let round = 0; round < ROUNDS; round++) {
    const solved = solveEquations(program, active);
    if (solved === undefined) return undefined;
    if (!correct(program, active, solved)) return solved;
  }
  return undefined;
}

/** Moves constraints in or out of the set where signs are wrong; true if anything moved. */
function correct(program: QuadraticProgram, active: ActiveSet, solved: Polished): boolean {
  const size = largest(solved.x);
  const dualSize = Math.max(largest(solved.boundDuals), largest(solved.rowDuals), 1e-300);
  let moved = false;
  for (let i = 0; i < solved.x.length; i++) {
    const side = active.bounds[i] as number;
    const { lower, upper } = boundsAt(program, solved.x, i);
    const value = solved.x[i] as number;
    if (side === 0) {
      if (value < lower - 1e-13 * size) active.bounds[i] = -1;
      else if (value > upper + 1e-13 * size) active.bounds[i] = 1;
      else continue;
      moved = true;
    } else if ((solved.boundDuals[i] as number) * side < -1e-13 * dualSize && lower !== upper) {
      active.bounds[i] = 0;
      moved = true;
    }
  }
  for (const [r, row] of program.rows.entries()) {
    if (row.lower === row.upper) continue;
    const side = active.rows[r] as number;
    if (side === 0) {
      let value = 0;
      for (let i = 0; i < solved.x.length; i++) value += (row.coefficients[i] as number) * (solved.x[i] as number);
      if (value < row.lower - 1e-12 * size) active.rows[r] = -1;
      else if (value > row.upper + 1e-12 * size) active.rows[r] = 1;
      else continue;
      moved = true;
    } else if ((solved.rowDuals[r] as number) * side < -1e-13 * dualSize) {
      active.rows[r] = 0;
      moved = true;
    }
  }
  return moved;
}

function largest(values: Float64Array): number {
  let size = 0;
  for (const value of values) size = Math.max(size, Math.abs(value));
  return size;
}

/** Equations of the active set: free variables by Cholesky, active rows (and homogeneous bounds) by their Schur complement. */
function solveEquations(program: QuadraticProgram, active: ActiveSet): Polished | undefined {
  const n = program.q.length;
  const k = program.scaleIndex ?? -1;
  const fixed = new Float64Array(n);
  const free: number[] = [];
  const tied: number[] = [];
  for (let i = 0; i < n; i++) {
    const side = active.bounds[i] as number;
    const limit = side === 0 ? 0 : ((side < 0 ? program.lower[i] : program.upper[i]) as number);
    const homogeneous = k >= 0 && i !== k && limit !== 0;
    if (side === 0 || homogeneous) free.push(i);
    if (side !== 0 && homogeneous) tied.push(i);
    if (side !== 0 && !homogeneous) fixed[i] = limit;
  }
  const equations = buildEquations(program, active, tied, free, fixed);
  const solution = solveReduced(program, free, fixed, equations);
  if (solution === undefined) return undefined;
  return recover(program, active, tied, free, fixed, equations.rowOf, solution);
}

interface Equations {
  readonly coefficients: Float64Array[];
  readonly limits: number[];
  /** Index of the program's row, or −1 − i for a tied bound of variable i. */
  readonly rowOf: number[];
}

function buildEquations(
  program: QuadraticProgram,
  active: ActiveSet,
  tied: readonly number[],
  free: readonly number[],
  fixed: Float64Array,
): Equations {
  const coefficients: Float64Array[] = [];
  const limits: number[] = [];
  const rowOf: number[] = [];
  for (const [r, row] of program.rows.entries()) {
    const side = active.rows[r] as number;
    if (side === 0) continue;
    let limit = side < 0 ? row.lower : row.upper;
    for (let i = 0; i < fixed.length; i++) limit -= (row.coefficients[i] as number) * (fixed[i] as number);
    coefficients.push(Float64Array.from(free, (i) => row.coefficients[i] as number));
    limits.push(limit);
    rowOf.push(r);
  }
  for (const i of tied) {
    const bound = ((active.bounds[i] as number) < 0 ? program.lower[i] : program.upper[i]) as number;
    coefficients.push(Float64Array.from(free, (j) => (j === i ? 1 : j === program.scaleIndex ? -bound : 0)));
    limits.push(0);
    rowOf.push(-1 - i);
  }
  return { coefficients, limits, rowOf };
}

/** Free variables and equation multipliers, with two steps of iterative refinement against the unregularised system. */
function solveReduced(
  program: QuadraticProgram,
  free: readonly number[],
  fixed: Float64Array,
  equations: Equations,
): { readonly x: Float64Array; readonly duals: Float64Array } | undefined {
  const core = program.P.rows;
  const size = free.length;
  const coreFree = free.filter((i) => i < core);
  const count = coreFree.length;
  const m = equations.limits.length;
  const P = submatrix(program.P, coreFree);
  const shift = 1e-9 * Math.max(1e-300, largest(P.data) || 1);
  const H = createMatrix(size, size);
  for (let a = 0; a < count; a++) H.data.set(P.data.subarray(a * count, (a + 1) * count), a * size);
  // Variables without curvature get it from their equations (augmented Lagrangian term); refinement removes its effect.
  const needs = count < size || hasFlat(P.data, count);
  if (needs) for (let a = 0; a < size; a++) H.data[a * size + a] = (H.data[a * size + a] as number) + shift;
  if (choleskyInPlace(H.data, size) >= 0) return undefined;
  const V = createMatrix(m, size);
  for (const [r, row] of equations.coefficients.entries()) {
    const v = V.data.subarray(r * size, (r + 1) * size);
    v.set(row);
    forwardSolveInPlace(H.data, size, v);
  }
  const S = gramOfRows(V).data;
  let top = 0;
  for (let r = 0; r < m; r++) top = Math.max(top, S[r * m + r] as number);
  for (let r = 0; r < m; r++) {
    // A row without free variables is already met by the fixed ones: its multiplier starts at zero, and wrong signs free a bound.
    const own = S[r * m + r] as number;
    S[r * m + r] = own > 0 ? own + top * 1e-15 : 1;
  }
  if (choleskyInPlace(S, m) >= 0) return undefined;
  const x = new Float64Array(size);
  const duals = new Float64Array(m);
  const steps = needs ? 12 : 3;
  for (let step = 0; step < steps; step++) {
    const rhs = reducedResidual(program, free, coreFree.length, P.data, fixed, equations, x, duals);
    forwardSolveInPlace(H.data, size, rhs.x);
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let a = 0; a < size; a++) sum += (V.data[r * size + a] as number) * (rhs.x[a] as number);
      rhs.y[r] = sum - (rhs.y[r] as number);
    }
    solveCholeskyInPlace(S, m, rhs.y);
    for (let r = 0; r < m; r++) {
      for (let a = 0; a < size; a++) {
        rhs.x[a] = (rhs.x[a] as number) - (V.data[r * size + a] as number) * (rhs.y[r] as number);
      }
      duals[r] = (duals[r] as number) + (rhs.y[r] as number);
    }
    backwardSolveInPlace(H.data, size, rhs.x);
    for (let a = 0; a < size; a++) x[a] = (x[a] as number) + (rhs.x[a] as number);
  }
  return x.every(Number.isFinite) && duals.every(Number.isFinite) ? { x, duals } : undefined;
}

function hasFlat(P: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (!((P[i * n + i] as number) > 0)) return true;
  return choleskyInPlace(P.slice(), n) >= 0;
}

/** −(gradient) and limit − row value at the present reduced point. */
function reducedResidual(
  program: QuadraticProgram,
  free: readonly number[],
  count: number,
  P: Float64Array,
  fixed: Float64Array,
  equations: Equations,
  x: Float64Array,
  duals: Float64Array,
): { x: Float64Array; y: Float64Array } {
  const core = program.P.rows;
  const right = new Float64Array(free.length);
  for (const [a, i] of free.entries()) {
    let sum = program.q[i] as number;
    if (i < core) {
      for (let j = 0; j < core; j++) sum += (program.P.data[i * core + j] as number) * (fixed[j] as number);
      for (let b = 0; b < count; b++) sum += (P[a * count + b] as number) * (x[b] as number);
    }
    right[a] = -sum;
  }
  const below = Float64Array.from(equations.limits);
  for (const [r, row] of equations.coefficients.entries()) {
    let value = 0;
    for (let a = 0; a < free.length; a++) {
      value += (row[a] as number) * (x[a] as number);
      right[a] = (right[a] as number) - (row[a] as number) * (duals[r] as number);
    }
    below[r] = (below[r] as number) - value;
  }
  return { x: right, y: below };
}

/** Puts the pieces back and reads the bound multipliers off the gradient. */
function recover(
  program: QuadraticProgram,
  active: ActiveSet,
  tied: readonly number[],
  free: readonly number[],
  fixed: Float64Array,
  rowOf: readonly number[],
  solution: { readonly x: Float64Array; readonly duals: Float64Array },
): Polished {
  const x = fixed.slice();
  for (const [a, i] of free.entries()) x[i] = solution.x[a] as number;
  const rowDuals = new Float64Array(program.rows.length);
  const boundDuals = new Float64Array(x.length);
  for (const [e, r] of rowOf.entries()) if (r >= 0) rowDuals[r] = solution.duals[e] as number;
  const gradient = objectiveGradient(program, x);
  for (const [r, row] of program.rows.entries()) {
    const dual = rowDuals[r] as number;
    if (dual === 0) continue;
    for (let i = 0; i < x.length; i++) gradient[i] = (gradient[i] as number) + (row.coefficients[i] as number) * dual;
  }
  const isFree = new Uint8Array(x.length);
  for (const i of free) isFree[i] = 1;
  for (const [e, r] of rowOf.entries()) if (r < 0) boundDuals[-1 - r] = solution.duals[e] as number;
  for (let i = 0; i < x.length; i++) {
    if (!isFree[i]) boundDuals[i] = -(gradient[i] as number);
  }
  // A tied variable sits exactly on its bound, whatever rounding says.
  for (const i of tied) {
    const bounds = boundsAt(program, x, i);
    x[i] = (active.bounds[i] as number) < 0 ? bounds.lower : bounds.upper;
  }
  return { x, rowDuals, boundDuals };
}
