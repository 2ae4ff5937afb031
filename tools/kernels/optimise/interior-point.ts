/**
 * Mehrotra's predictor–corrector interior-point method for a `QuadraticProgram` (Mehrotra, 1992, SIAM J. Optim. 2;
 * starting point and step rules as in Vandenberghe, 2010, "The CVXOPT linear and quadratic cone program solvers").
 * Bounds fold into the diagonal of one n × n Cholesky an iteration; rows go through a Schur complement of their number.
 * One function per stage works on one workspace, so nothing is allocated inside an iteration. O(n³ + n²m + m³) each.
 */
import { factorise, solveKkt } from './interior-point-kkt.ts';
import { advance, computeResiduals, direction, setCentering, stepLength } from './interior-point-step.ts';
import {
  complementarity,
  createWorkspace,
  lowerSlack,
  type OneSided,
  rowValue,
  upperSlack,
  type Workspace,
} from './interior-point-workspace.ts';
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
