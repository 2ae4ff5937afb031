/**
 * How many units of x hedge one unit of y? Two static answers; the Kalman filter is the moving one.
 * OLS minimises vertical distances (not symmetric in y and x), total least squares orthogonal ones (symmetric).
 * Source: Golub & Van Loan (1980, SIAM J. Numer. Anal. 17:883); in trading: Teetor (2011).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { mean, type Numbers } from '../stats/moments.ts';

export interface HedgeLine {
  readonly beta: number;
  readonly alpha: number;
}

/** O(n), two passes. Example: y = 3 + 2x gives beta 2 and alpha 3 by either method. */
export function hedgeLine(y: Numbers, x: Numbers, method: 'ols' | 'tls'): HedgeLine {
  const meanY = mean(y);
  const meanX = mean(x);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let t = 0; t < y.length; t++) {
    const u = (x[t] as number) - meanX;
    const v = (y[t] as number) - meanY;
    xx += u * u;
    yy += v * v;
    xy += u * v;
  }
  if (!(xx > 0)) {
    throw invalidInput({ what: 'The hedge instrument', needed: 'moving', got: 'constant', hint: 'Choose another x.' });
  }
  const beta = method === 'ols' ? xy / xx : orthogonalSlope(xx, yy, xy);
  return { beta, alpha: meanY - beta * meanX };
}

/** Slope of the first principal axis, in the form that does not cancel for either sign of yy − xx. */
function orthogonalSlope(xx: number, yy: number, xy: number): number {
  if (xy === 0) return 0;
  const gap = yy - xx;
  const root = Math.hypot(gap, 2 * xy);
  return gap >= 0 ? (gap + root) / (2 * xy) : (2 * xy) / (root - gap);
}

/** y − alpha − beta·x. */
export function spreadOf(y: Numbers, x: Numbers, line: HedgeLine): Float64Array {
  return Float64Array.from(y, (v, t) => v - line.alpha - line.beta * (x[t] as number));
}
