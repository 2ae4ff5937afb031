/**
 * The regularised incomplete beta function I_x(a, b).
 * Source: Abramowitz & Stegun (1964), 26.5.8 (continued fraction), evaluated by the modified Lentz method.
 */
import { invalidInput } from '../../../lib/errors.ts';
import { logBeta } from './gamma-function.ts';

const TINY = 1e-300;

/**
 * I_x(a, b) and its complement, each with its own relative precision. `y` must be 1 − x, passed in because the
 * caller often knows it without cancellation (t²/(ν+t²) and ν/(ν+t²)). Domain a, b > 0 and 0 ≤ x ≤ 1. O(√max(a,b)).
 * Example: incompleteBeta(2, 3, 0.5, 0.5).lower = 0.6875.
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y: number,
): { readonly lower: number; readonly upper: number } {
  if (!(a > 0) || !(b > 0)) {
    throw invalidInput({ what: 'The shapes of incompleteBeta', needed: 'positive', got: `${a} and ${b}` });
  }
  if (!(x >= 0 && x <= 1)) throw invalidInput({ what: 'The argument of incompleteBeta', needed: 'in [0, 1]', got: x });
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, (front * fraction(a, b, x)) / a);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, (front * fraction(b, a, y)) / b);
  return { lower: 1 - upper, upper };
}

function guard(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 4e-16) break;
  }
  return h;
}
