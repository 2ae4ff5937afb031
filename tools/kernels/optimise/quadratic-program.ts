/**
 * Convex quadratic programs as portfolio construction meets them:
 *
 *   minimise ½ xᵀPx + qᵀx   subject to   rowLower ≤ R x ≤ rowUpper,   lower ≤ x ≤ upper.
 *
 * P is dense on the first `P.rows` variables (the core) and zero on the rest (helpers such as buys and sells).
 * With `scaleIndex` the bounds are homogeneous, lower_i·x_κ ≤ x_i ≤ upper_i·x_κ: what the maximum Sharpe transform needs
 * (Cornuéjols and Tütüncü, 2007, Optimization Methods in Finance, section 8.2).
 */
import type { Matrix } from '../linalg/matrix.ts';
import { multiplyVector } from '../linalg/multiply.ts';

export interface LinearRow {
  readonly name: string;
  readonly coefficients: Float64Array;
  /** −Infinity where there is none; equal to `upper` for an equation. */
  readonly lower: number;
  readonly upper: number;
}

export interface QuadraticProgram {
  readonly P: Matrix;
  readonly q: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly rows: readonly LinearRow[];
  /** Core variable that scales the bounds of the other core variables; helpers must have bounds 0 or ±Infinity then. */
  readonly scaleIndex?: number | undefined;
}

/** How good an answer is: all four are zero at an exact optimum, in the units of the problem. */
export interface KktResidual {
  /** max |Px + q + Rᵀy − z_lower + z_upper|. */
  readonly stationarity: number;
  /** Largest violation of a bound or a row. */
  readonly primal: number;
  /** Largest multiplier × slack. */
  readonly complementarity: number;
  /** |primal − dual objective| = |xᵀ∇|: the sum of multiplier × slack. */
  readonly dualityGap: number;
}

export interface QuadraticSolution {
  readonly status: 'optimal' | 'stalled';
  readonly x: Float64Array;
  readonly objective: number;
  /** Row multipliers: positive where the upper side binds, negative where the lower side does. */
  readonly rowDuals: Float64Array;
  /** Bound multipliers, same sign rule. */
  readonly boundDuals: Float64Array;
  readonly kkt: KktResidual;
  readonly converged: boolean;
  readonly iterations: number;
  /** Size of the largest system that was solved (smaller than the problem where columns were generated). */
  readonly columns: number;
  readonly polished: boolean;
}

/** Px + q, with P on the core only. */
export function objectiveGradient(program: QuadraticProgram, x: Float64Array): Float64Array {
  const gradient = program.q.slice();
  const core = multiplyVector(program.P, x.subarray(0, program.P.rows));
  for (let i = 0; i < core.length; i++) gradient[i] = (gradient[i] as number) + (core[i] as number);
  return gradient;
}

export function objectiveValue(program: QuadraticProgram, x: Float64Array): number {
  const gradient = objectiveGradient(program, x);
  let value = 0;
  for (let i = 0; i < x.length; i++)
    value += 0.5 * (x[i] as number) * ((gradient[i] as number) + (program.q[i] as number));
  return value;
}

/** The bounds of variable i at x: constants, or multiples of the scaling variable. */
export function boundsAt(program: QuadraticProgram, x: Float64Array, i: number): { lower: number; upper: number } {
  const k = program.scaleIndex;
  const lower = program.lower[i] as number;
  const upper = program.upper[i] as number;
  if (k === undefined || i === k) return { lower, upper };
  const scale = x[k] as number;
  return { lower: lower === 0 ? 0 : lower * scale, upper: upper === 0 ? 0 : upper * scale };
}

/** Checks x and its multipliers against the Karush–Kuhn–Tucker conditions (Boyd and Vandenberghe, 2004, eq. 5.49). */
export function kktResidual(
  program: QuadraticProgram,
  x: Float64Array,
  rowDuals: Float64Array,
  boundDuals: Float64Array,
): KktResidual {
  const gradient = objectiveGradient(program, x);
  let primal = 0;
  let complementarity = 0;
  let dualityGap = 0;
  const settle = (dual: number, value: number, lower: number, upper: number): void => {
    primal = Math.max(primal, lower - value, value - upper);
    // A multiplier on a side that does not exist is a stationarity error of its own size.
    const slack = dual > 0 ? upper - value : value - lower;
    const product = dual === 0 ? 0 : Math.abs(dual) * (Number.isFinite(slack) ? Math.abs(slack) : 1);
    complementarity = Math.max(complementarity, product);
    dualityGap += product;
  };
  for (const [r, row] of program.rows.entries()) {
    const dual = rowDuals[r] as number;
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      const a = row.coefficients[i] as number;
      value += a * (x[i] as number);
      gradient[i] = (gradient[i] as number) + a * dual;
    }
    settle(dual, value, row.lower, row.upper);
  }
  const k = program.scaleIndex;
  for (let i = 0; i < x.length; i++) {
    const dual = boundDuals[i] as number;
    gradient[i] = (gradient[i] as number) + dual;
    const bounds = boundsAt(program, x, i);
    settle(dual, x[i] as number, bounds.lower, bounds.upper);
    if (k !== undefined && i !== k && dual !== 0) {
      const coefficient = (dual > 0 ? program.upper[i] : program.lower[i]) as number;
      if (Number.isFinite(coefficient)) gradient[k] = (gradient[k] as number) - coefficient * dual;
    }
  }
  let stationarity = 0;
  for (const value of gradient) stationarity = Math.max(stationarity, Math.abs(value));
  return { stationarity, primal, complementarity, dualityGap };
}
