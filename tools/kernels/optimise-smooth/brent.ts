/**
 * One unknown: where a function is zero, or least.
 *
 * Root: bisection, secant and inverse quadratic interpolation, never leaving the bracket.
 * Minimum: golden section with parabolic steps on [a, b]; finds a local minimum when there are several.
 * Cost: about 6–12 evaluations for a root to machine precision, 20–40 for a minimum to 1e-8.
 * `residual` is |f| at the root, or the half-width of the last bracket of the minimum.
 * Source: Brent (1973), Algorithms for Minimization without Derivatives, ch. 4 (zeroin) and ch. 5 (localmin).
 *
 * @example findRoot((x) => x * x - 2, 0, 2).x // 1.414…
 */
import { invalidInput } from '../../../lib/errors.ts';

export interface ScalarResult {
  readonly x: number;
  readonly value: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

export interface ScalarOptions {
  /** Wished absolute precision of x; default 1e-12 for a root, 1e-9 for a minimum. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxIterations?: number;
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;

export function findRoot(
  f: (x: number) => number,
  low: number,
  high: number,
  options: ScalarOptions = {},
): ScalarResult {
  const tolerance = options.tolerance ?? 1e-12;
  const maxIterations = options.maxIterations ?? 200;
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (!(fa * fb <= 0)) {
    throw invalidInput({
      code: 'NOT_BRACKETED',
      what: 'The interval of a root',
      needed: 'one at whose ends the function has opposite signs',
      got: `f(${low}) = ${fa}, f(${high}) = ${fb}`,
    });
  }
  let c = a;
  let fc = fa;
  let last = b - a;
  let beforeLast = last;
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    if (fb > 0 === fc > 0 && fc !== 0) {
      c = a;
      fc = fa;
      last = b - a;
      beforeLast = last;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const close = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance;
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= close || fb === 0) break;
    let step = half;
    if (Math.abs(beforeLast) >= close && Math.abs(fa) > Math.abs(fb)) {
      const tried = interpolate(a, b, c, fa, fb, fc);
      if (2 * Math.abs(tried) < Math.min(3 * Math.abs(half) - close, Math.abs(beforeLast)) && tried * half > 0)
        step = tried;
    }
    beforeLast = step === half ? half : last;
    last = step;
    a = b;
    fa = fb;
    b += Math.abs(step) > close ? step : close * Math.sign(half);
    fb = f(b);
  }
  return { x: b, value: fb, converged: iterations < maxIterations, iterations, residual: Math.abs(fb) };
}

function interpolate(a: number, b: number, c: number, fa: number, fb: number, fc: number): number {
  const s = fb / fa;
  if (a === c) return ((c - b) * s) / (s - 1);
  const q = fa / fc;
  const r = fb / fc;
  const p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
  return -p / ((q - 1) * (r - 1) * (s - 1));
}

export function findMinimum(
  f: (x: number) => number,
  low: number,
  high: number,
  options: ScalarOptions = {},
): ScalarResult {
  if (!(low < high))
    throw invalidInput({ what: 'The interval of a minimum', needed: 'low < high', got: `[${low}, ${high}]` });
  const tolerance = options.tolerance ?? 1e-9;
  const maxIterations = options.maxIterations ?? 200;
  let [a, b] = [low, high];
  let x = a + GOLDEN * (b - a);
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let step = 0;
  let beforeLast = 0;
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    const middle = 0.5 * (a + b);
    const close = Math.sqrt(Number.EPSILON) * 1e-2 * Math.abs(x) + tolerance / 3;
    if (Math.abs(x - middle) <= 2 * close - 0.5 * (b - a)) break;
    const parabola = Math.abs(beforeLast) > close ? parabolicStep(x, w, v, fx, fw, fv) : Number.NaN;
    const accepted = Math.abs(parabola) < Math.abs(0.5 * beforeLast) && parabola > a - x && parabola < b - x;
    beforeLast = accepted ? step : (x < middle ? b : a) - x;
    step = accepted ? parabola : GOLDEN * beforeLast;
    if (accepted && (x + step - a < 2 * close || b - x - step < 2 * close)) step = x < middle ? close : -close;
    const u = x + (Math.abs(step) >= close ? step : step > 0 ? close : -close);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, w, x] = [w, x, u];
      [fv, fw, fx] = [fw, fx, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        [v, w] = [w, u];
        [fv, fw] = [fw, fu];
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  return { x, value: fx, converged: iterations < maxIterations, iterations, residual: 0.5 * (b - a) };
}

function parabolicStep(x: number, w: number, v: number, fx: number, fw: number, fv: number): number {
  const r = (x - w) * (fx - fv);
  const q = (x - v) * (fx - fw);
  const p = (x - v) * q - (x - w) * r;
  return -p / (2 * (q - r));
}
