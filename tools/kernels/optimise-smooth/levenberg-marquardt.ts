/**
 * Nonlinear least squares: which parameters make the residuals smallest?
 *
 * Levenberg–Marquardt with Marquardt's diagonal scaling and a forward-difference Jacobian: (JᵀJ + μ diag JᵀJ)δ = −Jᵀr, μ divided
 * by 5 after a step that helps and multiplied by 4 after one that does not. Unconstrained: transform bounded parameters first.
 * Cost: n + 1 residual vectors an iteration. `residual` is the last relative step. Missing values: a non-finite sum counts as worse.
 * Source: D. Marquardt (1963), SIAM J. Appl. Math. 11:431; Madsen, Nielsen & Tingleff (2004), Methods for Non-Linear Least Squares, 3.2.
 *
 * @example minimiseSquares((x, r) => { r[0] = x[0]! - 3; }, Float64Array.of(0), 1).x // [3]
 */
export interface LeastSquaresMinimum {
  readonly x: Float64Array;
  readonly sumSquares: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

export function minimiseSquares(
  residuals: (x: Float64Array, out: Float64Array) => void,
  start: Float64Array,
  count: number,
  options: { readonly maxIterations?: number; readonly tolerance?: number } = {},
): LeastSquaresMinimum {
  const n = start.length;
  const { maxIterations = 200, tolerance = 1e-10 } = options;
  let x = Float64Array.from(start);
  let r = new Float64Array(count);
  residuals(x, r);
  let sum = squares(r);
  let damping = 1e-3;
  let residual = Number.POSITIVE_INFINITY;
  let trial = new Float64Array(count);
  const jacobian = new Float64Array(count * n);
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    differences(residuals, x, r, jacobian, trial);
    const { normal, gradient } = normalEquations(jacobian, r, n);
    let improved = false;
    for (let attempt = 0; attempt < 25 && !improved; attempt++) {
      const step = dampedStep(normal, gradient, damping, n);
      const next = x.map((value, i) => value + (step[i] as number));
      residuals(next, trial);
      const nextSum = squares(trial);
      if (nextSum < sum) {
        improved = true;
        residual = relativeStep(step, x);
        const gain = (sum - nextSum) / sum;
        x = next;
        [r, trial] = [trial, r];
        sum = nextSum;
        damping = Math.max(damping / 5, 1e-15);
        if (residual < tolerance || (gain < 1e-15 && residual < 1e-6))
          return { x, sumSquares: sum, converged: true, iterations, residual };
      } else {
        residual = relativeStep(step, x);
        if (residual < tolerance) return { x, sumSquares: sum, converged: true, iterations, residual };
        damping *= 4;
      }
    }
    if (!improved || sum === 0) return { x, sumSquares: sum, converged: true, iterations, residual };
  }
  return { x, sumSquares: sum, converged: false, iterations: maxIterations, residual };
}

function squares(r: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < r.length; i++) sum += (r[i] as number) ** 2;
  return Number.isFinite(sum) ? sum : Number.MAX_VALUE;
}

function relativeStep(step: Float64Array, x: Float64Array): number {
  let most = 0;
  for (let i = 0; i < x.length; i++)
    most = Math.max(most, Math.abs(step[i] as number) / (1e-3 + Math.abs(x[i] as number)));
  return most;
}

function differences(
  residuals: (x: Float64Array, out: Float64Array) => void,
  x: Float64Array,
  r: Float64Array,
  jacobian: Float64Array,
  scratch: Float64Array,
): void {
  const n = x.length;
  const moved = Float64Array.from(x);
  for (let j = 0; j < n; j++) {
    const step = 1e-7 * Math.max(Math.abs(x[j] as number), 1e-2);
    moved[j] = (x[j] as number) + step;
    residuals(moved, scratch);
    for (let i = 0; i < r.length; i++) jacobian[i * n + j] = ((scratch[i] as number) - (r[i] as number)) / step;
    moved[j] = x[j] as number;
  }
}

function normalEquations(jacobian: Float64Array, r: Float64Array, n: number) {
  const normal = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  for (let i = 0; i < r.length; i++) {
    for (let a = 0; a < n; a++) {
      const ja = jacobian[i * n + a] as number;
      gradient[a] = (gradient[a] as number) + ja * (r[i] as number);
      for (let b = 0; b <= a; b++)
        normal[a * n + b] = (normal[a * n + b] as number) + ja * (jacobian[i * n + b] as number);
    }
  }
  return { normal, gradient };
}

/** Solves the damped normal equations by Cholesky; a direction without curvature gets no step. */
function dampedStep(normal: Float64Array, gradient: Float64Array, damping: number, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  const step = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = normal[i * n + j] as number;
      if (i === j) sum = sum * (1 + damping) + 1e-300;
      for (let k = 0; k < j; k++) sum -= (factor[i * n + k] as number) * (factor[j * n + k] as number);
      if (i === j) factor[i * n + i] = Math.sqrt(Math.max(sum, 1e-290));
      else factor[i * n + j] = sum / (factor[j * n + j] as number);
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = -(gradient[i] as number);
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] as number) * (step[k] as number);
    step[i] = sum / (factor[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = step[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (factor[k * n + i] as number) * (step[k] as number);
    step[i] = sum / (factor[i * n + i] as number);
  }
  return step;
}
