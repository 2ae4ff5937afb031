/**
 * The solver core: interior point, exact finish, and columns only where they matter.
 * Long-only problems with many names have few non-zero weights, so the program is solved on a growing subset and the
 * names left out are priced by their reduced cost; it ends when none would enter, which proves optimality for all
 * (column generation; Lübbecke and Desrosiers, 2005, Oper. Res. 53). The answer carries its own KKT residual.
 */
import { submatrix } from '../linalg/matrix.ts';
import { type InteriorPoint, interiorPoint } from './interior-point.ts';
import { polish } from './polish.ts';
import {
  boundsAt,
  kktResidual,
  type LinearRow,
  objectiveGradient,
  objectiveValue,
  type QuadraticProgram,
  type QuadraticSolution,
} from './quadratic-program.ts';

export interface SolveOptions {
  /** Higher is likelier to have a non-zero value: the order in which columns are tried first. */
  readonly scores?: Float64Array | undefined;
  readonly tolerance?: number | undefined;
}

const SMALL = 70;

export function solveQuadraticProgram(program: QuadraticProgram, options: SolveOptions = {}): QuadraticSolution {
  const n = program.q.length;
  const canGenerate = options.scores !== undefined && n > SMALL && n - program.P.rows === 0;
  if (canGenerate) {
    const generated = solveByColumns(program, options.scores as Float64Array, options);
    if (generated !== undefined) return generated;
  }
  return solveWhole(program, options);
}

/** A loose interior point is enough for the exact finish to name the binding constraints; a tight one where it is not. */
function solveWhole(program: QuadraticProgram, options: SolveOptions): QuadraticSolution {
  const loose = interiorPoint(program, { tolerance: 1e-6 });
  const quick = loose.converged ? finishExactly(program, loose) : undefined;
  if (quick !== undefined) return quick;
  const point = interiorPoint(program, { tolerance: options.tolerance ?? 1e-10 });
  const exact = point.converged || point.residual < 1e-5 ? finishExactly(program, point) : undefined;
  if (exact !== undefined) return exact;
  return {
    status: point.converged ? 'optimal' : 'stalled',
    x: point.x,
    rowDuals: point.rowDuals,
    boundDuals: point.boundDuals,
    objective: objectiveValue(program, point.x),
    kkt: kktResidual(program, point.x, point.rowDuals, point.boundDuals),
    converged: point.converged,
    iterations: point.iterations,
    columns: program.q.length,
    polished: false,
  };
}

function finishExactly(program: QuadraticProgram, point: InteriorPoint): QuadraticSolution | undefined {
  const polished = polish(program, point);
  if (polished === undefined) return undefined;
  const kkt = kktResidual(program, polished.x, polished.rowDuals, polished.boundDuals);
  const size = Math.max(1, largest(polished.x));
  if (kkt.primal > 1e-10 * size || kkt.stationarity > 1e-10 * gradientSize(program) * size) return undefined;
  return {
    status: 'optimal',
    ...polished,
    objective: objectiveValue(program, polished.x),
    kkt,
    converged: true,
    iterations: point.iterations,
    columns: program.q.length,
    polished: true,
  };
}

function gradientSize(program: QuadraticProgram): number {
  let size = 0;
  for (let i = 0; i < program.P.rows; i++) size = Math.max(size, program.P.data[i * program.P.cols + i] as number);
  for (const value of program.q) size = Math.max(size, Math.abs(value));
  return size;
}

function largest(values: Float64Array): number {
  let size = 0;
  for (const value of values) size = Math.max(size, Math.abs(value));
  return size;
}

function solveByColumns(
  program: QuadraticProgram,
  scores: Float64Array,
  options: SolveOptions,
): QuadraticSolution | undefined {
  const n = program.q.length;
  const chosen = new Uint8Array(n);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  seed(program, order, chosen);
  let iterations = 0;
  for (let round = 0; round < 25; round++) {
    const keep = Array.from({ length: n }, (_, i) => i).filter((i) => chosen[i] === 1);
    if (keep.length > 0.7 * n) return undefined;
    const part = solveWhole(restrict(program, keep), options);
    iterations += part.iterations;
    if (part.status !== 'optimal') return undefined;
    const whole = widen(program, keep, part, iterations);
    const entering = priceOut(program, whole, chosen);
    if (entering.length === 0) return whole;
    for (const i of entering) chosen[i] = 1;
  }
  return undefined;
}

/** Variables that cannot be dropped (their zero is not a bound), the best scores, and the best of each row with a floor. */
function seed(program: QuadraticProgram, order: readonly number[], chosen: Uint8Array): void {
  for (let i = 0; i < chosen.length; i++) {
    if (i === program.scaleIndex || program.lower[i] !== 0) chosen[i] = 1;
  }
  // Enough names that caps on them can still sum to one, twice over.
  let room = 0;
  for (const [k, i] of order.entries()) {
    if (k >= 40 && room >= 2) break;
    chosen[i] = 1;
    if (i !== program.scaleIndex) room += Math.max(0, Math.min(1, program.upper[i] as number));
  }
  for (const row of program.rows) {
    let taken = 0;
    for (const i of order) {
      if (taken >= 4) break;
      if (row.coefficients[i] !== 0) {
        chosen[i] = 1;
        taken++;
      }
    }
  }
}

function restrict(program: QuadraticProgram, keep: readonly number[]): QuadraticProgram {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(keep, (i) => values[i] as number);
  const k = program.scaleIndex === undefined ? undefined : keep.indexOf(program.scaleIndex);
  return {
    P: submatrix(program.P, keep),
    q: pick(program.q),
    lower: pick(program.lower),
    upper: pick(program.upper),
    rows: program.rows.map((row): LinearRow => ({ ...row, coefficients: pick(row.coefficients) })),
    scaleIndex: k,
  };
}

function widen(
  program: QuadraticProgram,
  keep: readonly number[],
  part: QuadraticSolution,
  iterations: number,
): QuadraticSolution {
  const x = new Float64Array(program.q.length);
  const boundDuals = new Float64Array(program.q.length);
  for (const [a, i] of keep.entries()) {
    x[i] = part.x[a] as number;
    boundDuals[i] = part.boundDuals[a] as number;
  }
  const gradient = objectiveGradient(program, x);
  for (const [r, row] of program.rows.entries()) {
    const dual = part.rowDuals[r] as number;
    if (dual === 0) continue;
    for (let i = 0; i < x.length; i++) gradient[i] = (gradient[i] as number) + (row.coefficients[i] as number) * dual;
  }
  const kept = new Uint8Array(x.length);
  for (const i of keep) kept[i] = 1;
  for (let i = 0; i < x.length; i++) if (!kept[i]) boundDuals[i] = -(gradient[i] as number);
  return {
    ...part,
    x,
    boundDuals,
    iterations,
    columns: keep.length,
    kkt: kktResidual(program, x, part.rowDuals, boundDuals),
  };
}

/** Names left out whose reduced cost is negative, worst first, at most 50. */
function priceOut(program: QuadraticProgram, whole: QuadraticSolution, chosen: Uint8Array): readonly number[] {
  const tolerance = 1e-10 * gradientSize(program) * Math.max(1, largest(whole.x));
  const entering: number[] = [];
  for (let i = 0; i < chosen.length; i++) {
    if (chosen[i] === 1) continue;
    // At the lower bound zero the multiplier must push upwards: boundDual ≤ 0.
    if ((whole.boundDuals[i] as number) > tolerance && boundsAt(program, whole.x, i).upper > 0) entering.push(i);
  }
  entering.sort((a, b) => (whole.boundDuals[b] as number) - (whole.boundDuals[a] as number));
  return entering.slice(0, 50);
}
