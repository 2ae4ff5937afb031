/**
 * The arrays that the stages of the interior-point method share (see interior-point.ts), allocated once: iterates, slacks,
 * multipliers, residuals, directions and factors. Slacks of homogeneous bounds are measured against the scaling variable.
 */
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import type { QuadraticProgram } from './quadratic-program.ts';

export interface OneSided {
  readonly row: number;
  /** +1 for a·x ≤ upper, −1 for −a·x ≤ −lower, 0 for an equation. */
  readonly sign: -1 | 0 | 1;
  readonly limit: number;
}

/** Everything the stages share. G holds one-sided rows and equations; Ω their diagonal. */
export interface Workspace {
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

export function createWorkspace(program: QuadraticProgram): Workspace {
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

export function lowerSlack(w: Workspace, i: number, x: Float64Array, constant: number): number {
  const l = w.program.lower[i] as number;
  if (w.scale >= 0 && i !== w.scale) return (x[i] as number) - l * (x[w.scale] as number);
  return (x[i] as number) - l * constant;
}

export function upperSlack(w: Workspace, i: number, x: Float64Array, constant: number): number {
  const u = w.program.upper[i] as number;
  if (w.scale >= 0 && i !== w.scale) return u * (x[w.scale] as number) - (x[i] as number);
  return u * constant - (x[i] as number);
}

export function rowValue(w: Workspace, k: number, x: Float64Array): number {
  const base = k * w.n;
  let sum = 0;
  for (let i = 0; i < w.n; i++) sum += (w.G.data[base + i] as number) * (x[i] as number);
  return sum;
}

/** Mean of slack × multiplier after a step of length `alpha` along the direction. */
export function complementarity(w: Workspace, alpha: number): number {
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
