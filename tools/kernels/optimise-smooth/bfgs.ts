/**
 * Minimises a smooth function of a few variables, optionally inside a box.
 *
 * Method: BFGS with the inverse Hessian, backtracking on the Armijo condition, and gradient projection for bounds:
 * coordinates that press against a bound are frozen for the step (Bertsekas 1982, SIAM J. Control Optim. 20:221).
 * Without `gradient` central differences are used. Points at which the objective is not finite are stepped back from,
 * so an objective may return Infinity outside its domain; the start must be finite.
 * `residual` is the largest component of the projected gradient, relative to max(1, |f|).
 * Cost: O(n²) an iteration plus one gradient and usually one or two evaluations.
 * Source: Nocedal & Wright (2006), Numerical Optimization, algorithm 6.1 and eq. 6.17.
 *
 * @example minimiseBfgs((x) => (x[0] - 2) ** 2, Float64Array.of(0)).x // [2]
 */
import { invalidInput } from '../../../lib/errors.ts';
import { numericGradient, type Objective } from './numeric-derivatives.ts';

export interface BfgsOptions {
  readonly gradient?: (x: Float64Array) => Float64Array;
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Default 500. */
  readonly maxIterations?: number;
  /** Stop where the residual is below; default 1e-8. */
  readonly tolerance?: number;
  /** Size of coordinates near zero for difference steps; default 1. */
  readonly typical?: number | Float64Array;
  /** A first guess of the inverse Hessian, row-major n × n (for example an inverse Fisher information). */
  readonly inverseHessian?: Float64Array;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
  readonly evaluations: number;
}

export function minimiseBfgs(objective: Objective, start: Float64Array, options: BfgsOptions = {}): Minimum {
  const n = start.length;
  let evaluations = 0;
  const f = (x: Float64Array): number => {
    evaluations++;
    return objective(x);
  };
  const gradientAt =
    options.gradient ??
    ((x: Float64Array) => numericGradient(f, x, options.typical === undefined ? {} : { typical: options.typical }));
  const tolerance = options.tolerance ?? 1e-8;
  const maxIterations = options.maxIterations ?? 500;
  let x = clip(start, options);
  let value = f(x);
  if (!Number.isFinite(value)) {
    throw invalidInput({ what: 'The objective at the start', needed: 'finite', got: value });
  }
  let gradient = gradientAt(x);
  let inverse = options.inverseHessian ? options.inverseHessian.slice() : identity(n, 1);
  let fresh = options.inverseHessian === undefined;
  let frozen = activeBounds(x, gradient, options);
  let residual = projectedSize(gradient, frozen, value);
  let iterations = 0;
  while (iterations < maxIterations && residual > tolerance) {
    const direction = descent(inverse, gradient, frozen);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      inverse = identity(n, 1);
      fresh = true;
      for (let i = 0; i < n; i++) direction[i] = frozen[i] ? 0 : -(gradient[i] as number);
      slope = dot(direction, gradient);
    }
    const first = fresh ? Math.min(1, 1 / Math.max(1e-300, norm(direction))) : 1;
    const step = search(f, x, value, gradient, direction, slope, first, options);
    if (step === null) {
      if (fresh) break;
      inverse = identity(n, 1);
      fresh = true;
      continue;
    }
    iterations++;
    const nextGradient = gradientAt(step.x);
    inverse = update(inverse, x, step.x, gradient, nextGradient, fresh);
    fresh = false;
    const gain = value - step.value;
    x = step.x;
    value = step.value;
    gradient = nextGradient;
    frozen = activeBounds(x, gradient, options);
    residual = projectedSize(gradient, frozen, value);
    if (gain <= 4 * Number.EPSILON * Math.abs(value) && residual < Math.sqrt(tolerance)) break;
  }
  // At the rounding floor of the objective a gradient by differences cannot fall to the tolerance.
  const converged = residual <= Math.max(tolerance, options.gradient ? tolerance : 1e-5);
  return { x, value, converged, iterations, residual, evaluations };
}

function search(
  f: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  slope: number,
  first: number,
  bounds: BfgsOptions,
): { readonly x: Float64Array; readonly value: number } | null {
  let step = first;
  for (let attempt = 0; attempt < 60; attempt++) {
    const next = clip(
      x.map((at, i) => at + step * (direction[i] as number)),
      bounds,
    );
    let decrease = 0;
    for (let i = 0; i < x.length; i++) decrease += (gradient[i] as number) * ((next[i] as number) - (x[i] as number));
    if (decrease === 0) return null;
    const reached = f(next);
    if (reached <= value + 1e-4 * decrease && reached < value) return { x: next, value: reached };
    const quadratic = Number.isFinite(reached) ? (-slope * step) / (2 * (reached - value - slope * step)) : 0.1;
    step *= Math.min(0.5, Math.max(0.1, Number.isFinite(quadratic) ? quadratic : 0.5));
  }
  return null;
}

/** H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ; skipped where curvature is not positive. The first update scales H to yᵀs / yᵀy. */
function update(
  inverse: Float64Array,
  x: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
  fresh: boolean,
): Float64Array {
  const n = x.length;
  const s = next.map((v, i) => v - (x[i] as number));
  const y = nextGradient.map((v, i) => v - (gradient[i] as number));
  const sy = dot(s, y);
  if (!(sy > 1e-12 * norm(s) * norm(y))) return inverse;
  const h = fresh ? identity(n, sy / dot(y, y)) : inverse;
  const hy = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) hy[i] = (hy[i] as number) + (h[i * n + j] as number) * (y[j] as number);
  const scale = (1 + dot(y, hy) / sy) / sy;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const cross = ((hy[i] as number) * (s[j] as number) + (s[i] as number) * (hy[j] as number)) / sy;
      out[i * n + j] = (h[i * n + j] as number) - cross + scale * (s[i] as number) * (s[j] as number);
    }
  }
  return out;
}

function descent(inverse: Float64Array, gradient: Float64Array, frozen: readonly boolean[]): Float64Array {
  const n = gradient.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (frozen[i]) continue;
    let sum = 0;
    for (let j = 0; j < n; j++) if (!frozen[j]) sum -= (inverse[i * n + j] as number) * (gradient[j] as number);
    out[i] = sum;
  }
  return out;
}

function activeBounds(x: Float64Array, gradient: Float64Array, { lower, upper }: BfgsOptions): readonly boolean[] {
  return Array.from(x, (at, i) => {
    const low = lower?.[i] ?? Number.NEGATIVE_INFINITY;
    const high = upper?.[i] ?? Number.POSITIVE_INFINITY;
    return (at <= low && (gradient[i] as number) > 0) || (at >= high && (gradient[i] as number) < 0);
  });
}

/** Into the box; a coordinate within rounding of a bound is put on it, so that the bound can be seen as active. */
function clip(x: Float64Array, { lower, upper }: BfgsOptions): Float64Array {
  return x.map((at, i) => {
    const low = lower?.[i];
    if (low !== undefined && at - low <= 1e-13 * Math.max(1e-3, Math.abs(at))) return low;
    const high = upper?.[i];
    return high !== undefined && high - at <= 1e-13 * Math.max(1e-3, Math.abs(at)) ? high : at;
  });
}

function projectedSize(gradient: Float64Array, frozen: readonly boolean[], value: number): number {
  let size = 0;
  for (let i = 0; i < gradient.length; i++) if (!frozen[i]) size = Math.max(size, Math.abs(gradient[i] as number));
  return size / Math.max(1, Math.abs(value));
}

function identity(n: number, scale: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = scale;
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
