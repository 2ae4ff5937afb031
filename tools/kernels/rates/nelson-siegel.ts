/**
 * A smooth zero curve with three or four shapes (Nelson and Siegel, 1987, J. Business 60, eq. 2; Svensson, 1994, NBER 4871):
 *
 *   z(t) = β₀ + β₁ (1 − e^−x)/x + β₂ ((1 − e^−x)/x − e^−x) [+ β₃ ((1 − e^−y)/y − e^−y)],  x = t/λ₁, y = t/λ₂.
 *
 * Given the λs the βs are linear least squares; the λs are searched: one by a scan and Brent, two by Nelder–Mead from a grid of
 * starts. The βs of Svensson are close to collinear: compare fitted yields, not coefficients.
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { createMatrix } from '../linalg/matrix.ts';
import { findMinimum } from '../optimise-smooth/brent.ts';
import { minimiseNelderMead } from '../optimise-smooth/nelder-mead.ts';

export interface NelsonSiegelCurve {
  /** Three numbers, or four with `lambda2`. */
  readonly beta: readonly number[];
  readonly lambda1: number;
  readonly lambda2?: number | undefined;
}

export interface NelsonSiegelFit extends NelsonSiegelCurve {
  readonly sumSquares: number;
  readonly rmse: number;
  readonly fitted: Float64Array;
  readonly converged: boolean;
}

/** (1 − e^−x)/x, with its series where x is tiny. */
function slope(x: number): number {
  return Math.abs(x) < 1e-8 ? 1 - x / 2 : -Math.expm1(-x) / x;
}

function hump(x: number): number {
  return slope(x) - Math.exp(-x);
}

/** Continuous zero rate at t years. */
export function nelsonSiegelZero(curve: NelsonSiegelCurve, t: number): number {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = curve.beta;
  const x = t / curve.lambda1;
  const second = curve.lambda2 === undefined ? 0 : b3 * hump(t / curve.lambda2);
  return b0 + b1 * slope(x) + b2 * hump(x) + second;
}

/** Instantaneous forward rate: d(t z)/dt. */
export function nelsonSiegelForward(curve: NelsonSiegelCurve, t: number): number {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = curve.beta;
  const x = t / curve.lambda1;
  const y = curve.lambda2 === undefined ? 0 : t / curve.lambda2;
  return b0 + b1 * Math.exp(-x) + b2 * x * Math.exp(-x) + (curve.lambda2 === undefined ? 0 : b3 * y * Math.exp(-y));
}

export function nelsonSiegelDiscount(curve: NelsonSiegelCurve, t: number): number {
  return Math.exp(-t * nelsonSiegelZero(curve, t));
}

/** Betas for given λs. */
export function fitBetas(
  times: ArrayLike<number>,
  zeros: ArrayLike<number>,
  lambda1: number,
  lambda2?: number,
): NelsonSiegelFit {
  const n = times.length;
  const k = lambda2 === undefined ? 3 : 4;
  const X = createMatrix(n, k);
  for (let i = 0; i < n; i++) {
    const t = times[i] as number;
    X.data[i * k] = 1;
    X.data[i * k + 1] = slope(t / lambda1);
    X.data[i * k + 2] = hump(t / lambda1);
    if (lambda2 !== undefined) X.data[i * k + 3] = hump(t / lambda2);
  }
  const { coefficients, residuals } = leastSquares(X, zeros);
  const sumSquares = residuals.reduce((sum, r) => sum + r * r, 0);
  return {
    beta: Array.from(coefficients),
    lambda1,
    lambda2,
    sumSquares,
    rmse: Math.sqrt(sumSquares / n),
    fitted: residuals.map((r, i) => (zeros[i] as number) - r),
    converged: true,
  };
}

function checkSize(times: ArrayLike<number>, needed: number): void {
  if (times.length < needed)
    throw notEnoughData({
      what: 'The fit of this curve',
      needed,
      got: times.length,
      hint: 'Give more maturities or a simpler model.',
    });
}

/** λ from a scan of 400 values in (0.05, 30) years on a log scale, refined by Brent. */
export function fitNelsonSiegel(times: ArrayLike<number>, zeros: ArrayLike<number>): NelsonSiegelFit {
  checkSize(times, 4);
  const error = (logLambda: number): number => fitBetas(times, zeros, Math.exp(logLambda)).sumSquares;
  const low = Math.log(0.05);
  const step = (Math.log(30) - low) / 400;
  let best = low;
  for (let k = 0; k <= 400; k++) if (error(low + k * step) < error(best)) best = low + k * step;
  const refined = findMinimum(error, best - step, best + step, { tolerance: 1e-12 });
  return fitBetas(times, zeros, Math.exp(refined.value < error(best) ? refined.x : best));
}

/** Nelder–Mead on (ln λ₁, ln λ₂) from every pair of a 10-point grid whose second is the larger. */
export function fitSvensson(times: ArrayLike<number>, zeros: ArrayLike<number>): NelsonSiegelFit {
  checkSize(times, 5);
  const error = (x: Float64Array): number => {
    const [a = 0, b = 0] = x;
    if (Math.abs(a - b) < 1e-3 || Math.max(a, b) > 4.5 || Math.min(a, b) < -4) return Number.POSITIVE_INFINITY;
    return fitBetas(times, zeros, Math.exp(a), Math.exp(b)).sumSquares;
  };
  const grid = Array.from({ length: 10 }, (_, i) => Math.log(0.15) + (i * (Math.log(40) - Math.log(0.15))) / 9);
  const starts = grid
    .flatMap((a, i) => grid.slice(i + 1).map((b) => Float64Array.of(a, b)))
    .map((x) => ({ x, value: error(x) }))
    .sort((p, q) => p.value - q.value)
    .slice(0, 12);
  let best: { readonly x: Float64Array; readonly value: number; readonly converged: boolean } = {
    x: Float64Array.of(0, 1),
    value: Number.POSITIVE_INFINITY,
    converged: false,
  };
  for (const start of starts) {
    const found = minimiseNelderMead(error, start.x, { maxIterations: 600, tolerance: 1e-14 });
    if (found.value < best.value) best = found;
  }
  const [a = 0, b = 0] = best.x;
  return { ...fitBetas(times, zeros, Math.exp(Math.min(a, b)), Math.exp(Math.max(a, b))), converged: best.converged };
}
