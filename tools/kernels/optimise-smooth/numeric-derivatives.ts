/**
 * Derivatives by finite differences.
 *
 * Question: how does a smooth function change around a point, when no formula is at hand?
 * Central differences: gradient error O(h²) with h = ε^(1/3)·max(|x|, typical), Hessian with h = ε^(1/4)·max(|x|, typical).
 * Cost: 2n evaluations for the gradient, 2n² + 1 for the Hessian. The argument is never changed.
 * Source: Nocedal & Wright (2006), Numerical Optimization, 2nd ed., eqs 8.7 and 8.21; Dennis & Schnabel (1983), sec. 5.4.
 *
 * @example numericGradient((x) => x[0] ** 2, Float64Array.of(3)) // [6]
 */

export type Objective = (x: Float64Array) => number;

export interface DifferenceOptions {
  /** Size below which a coordinate counts as zero when the step is chosen; default 1. One value for each coordinate is allowed. */
  readonly typical?: number | Float64Array;
}

const GRADIENT_STEP = Number.EPSILON ** (1 / 3);
const HESSIAN_STEP = Number.EPSILON ** (1 / 4);

export function numericGradient(f: Objective, x: Float64Array, options: DifferenceOptions = {}): Float64Array {
  const point = Float64Array.from(x);
  const gradient = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const at = x[i] as number;
    const h = exactStep(at, GRADIENT_STEP * size(at, i, options));
    point[i] = at + h;
    const up = f(point);
    point[i] = at - h;
    const down = f(point);
    point[i] = at;
    gradient[i] = (up - down) / (2 * h);
  }
  return gradient;
}

/** Row-major n × n, symmetric. */
export function numericHessian(f: Objective, x: Float64Array, options: DifferenceOptions = {}): Float64Array {
  const n = x.length;
  const point = Float64Array.from(x);
  const h = x.map((at, i) => exactStep(at, HESSIAN_STEP * size(at, i, options)));
  const hessian = new Float64Array(n * n);
  const centre = f(point);
  const at = (i: number, a: number, j: number, b: number): number => {
    point[i] = (x[i] as number) + a * (h[i] as number);
    point[j] = (i === j ? (point[j] as number) : (x[j] as number)) + b * (h[j] as number);
    const value = f(point);
    point[i] = x[i] as number;
    point[j] = x[j] as number;
    return value;
  };
  for (let i = 0; i < n; i++) {
    const hi = h[i] as number;
    hessian[i * n + i] = (at(i, 1, i, 0) - 2 * centre + at(i, -1, i, 0)) / (hi * hi);
    for (let j = 0; j < i; j++) {
      const mixed = at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1);
      hessian[i * n + j] = mixed / (4 * hi * (h[j] as number));
      hessian[j * n + i] = hessian[i * n + j] as number;
    }
  }
  return hessian;
}

function size(at: number, i: number, options: DifferenceOptions): number {
  const typical = options.typical ?? 1;
  return Math.max(Math.abs(at), typeof typical === 'number' ? typical : (typical[i] as number));
}

/** A step that is exactly representable from `at`: removes most of the rounding error of the difference. */
function exactStep(at: number, h: number): number {
  const moved = at + h;
  return moved - at;
}
