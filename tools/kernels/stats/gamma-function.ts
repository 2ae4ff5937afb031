/**
 * Logarithm of the gamma function and the regularised incomplete gamma functions.
 * Source: Abramowitz & Stegun (1964), 6.1.40 (Stirling series), 6.5.29 (series for P), 6.5.31 (continued fraction for Q);
 * the continued fraction is evaluated by the modified Lentz method (Thompson & Barnett, 1986, J. Comput. Phys. 64:490).
 */
import { invalidInput } from '../../../lib/errors.ts';

const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156] as const;
const HALF_LOG_TWO_PI = 0.9189385332046727;
const TINY = 1e-300;
const EPSILON = 1e-16;

/**
 * ln Γ(x) for x > 0. Small arguments are shifted above 12 by Γ(x+1) = xΓ(x), where seven Stirling terms give full
 * double precision. Example: logGamma(0.5) = ln √π = 0.5723649429247001. Complexity O(1).
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw invalidInput({ what: 'The argument of logGamma', needed: 'positive', got: x });
  let shift = 0;
  let z = x;
  if (z < 12) {
    let product = 1;
    while (z < 12) {
      product *= z;
      z += 1;
    }
    shift = Math.log(product);
  }
  const inverse = 1 / z;
  const squared = inverse * inverse;
  let series = 0;
  for (let i = STIRLING.length - 1; i >= 0; i--) series = series * squared + (STIRLING[i] as number);
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + series * inverse - shift;
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a+b). */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/**
 * Both regularised incomplete gamma functions at once: `lower` = P(a, x), `upper` = Q(a, x) = 1 − P(a, x), each with
 * its own relative precision (no 1 − P cancellation in the tail). Domain a > 0, x ≥ 0. O(√a) terms.
 */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(a > 0)) throw invalidInput({ what: 'The shape of incompleteGamma', needed: 'positive', got: a });
  if (!(x >= 0)) throw invalidInput({ what: 'The argument of incompleteGamma', needed: 'zero or positive', got: x });
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    const lower = Math.min(1, front * lowerSeries(a, x));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, front * upperFraction(a, x));
  return { lower: 1 - upper, upper };
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 100_000; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 100_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + an / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < EPSILON * 4) break;
  }
  return h;
}
