/**
 * Maximum likelihood of GARCH, GJR, ARCH and EGARCH models with normal, Student t or skewed t errors.
 *
 * Works on returns divided by their deviation, in coordinates in which the constraints are a box: a⁺ = α ≥ 0,
 * a⁻ = α + γ ≥ 0 and persistence φ = (a⁺ + a⁻)/2 + β ≤ 1 (for egarch |β| < 1). Quasi-Newton with the exact gradient; the
 * start is the best of a few usual values, the first metric a scaled Fisher information by differences of the gradient.
 * A result on a bound, or with φ ≥ 1, says so in `status`; nothing is dropped silently.
 * Needs about 100 rows at least. Units: parameters belong to the returns as given (100 × returns are customary).
 * Source: Bollerslev (1986); Bollerslev & Wooldridge (1992), Econometric Rev. 11:143; Fiorentini, Calzolari & Panattoni (1996), J. Appl. Econometrics 11:399.
 *
 * @example fitGarch(returns, { kind: 'garch', asymmetric: true, lagged: true, distribution: 't' }).parameters
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { choleskyInPlace, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import { type Minimum, minimiseBfgs } from '../optimise-smooth/bfgs.ts';
import { createGarchLikelihood, type GarchLikelihood, type GarchSpec } from './garch-likelihood.ts';

export interface GarchFit {
  readonly spec: GarchSpec;
  readonly names: readonly string[];
  readonly parameters: Float64Array;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  readonly variances: Float64Array;
  readonly residuals: Float64Array;
  readonly backcast: number;
  /** α + γ/2 + β; for egarch β. */
  readonly persistence: number;
  /** Null where the persistence is 1 or more, and for egarch. */
  readonly unconditionalVariance: number | null;
  /** Periods in which a shock to the variance halves; null where it never does. */
  readonly halfLife: number | null;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
  readonly status: 'stationary' | 'integrated' | 'not-converged';
  /** Parameters that sit on a bound. */
  readonly atBound: readonly string[];
}

/** Nearer to 1 than this counts as integrated: forecasts do not return to a mean. */
const INTEGRATED = 1 - 1e-6;

export function fitGarch(returns: Float64Array, spec: GarchSpec): GarchFit {
  const scale = checkedScale(returns, spec);
  const scaled = createGarchLikelihood(
    returns.map((r) => r / scale),
    spec,
  );
  const box = createBox(spec, scaled);
  const n = returns.length;
  const objective = (theta: Float64Array): number => {
    const natural = box.toNatural(theta);
    const value = natural === null ? Number.NaN : scaled.value(natural);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : -value / n;
  };
  const gradient = (theta: Float64Array): Float64Array => {
    const natural = box.toNatural(theta);
    return natural === null
      ? new Float64Array(theta.length)
      : box.pullBack(scaled.gradient(natural)).map((g) => -g / n);
  };
  const start = box.starts.map((x) => ({ x, f: objective(x) })).reduce((a, b) => (b.f < a.f ? b : a)).x;
  const options = { gradient, lower: box.lower, upper: box.upper, tolerance: 1e-7, maxIterations: 300 };
  const warm = minimiseBfgs(objective, start, { ...options, ...metricAt(gradient, start), maxIterations: WARM_UP });
  const first =
    warm.residual < 1e-7
      ? warm
      : followUp(warm, minimiseBfgs(objective, warm.x, { ...options, ...metricAt(gradient, warm.x) }));
  const found =
    first.residual < FLAT ? { ...first, converged: true } : again(first, minimiseBfgs(objective, first.x, options));
  const natural = box.toNatural(found.x) as Float64Array;
  const parameters = rescale(spec, natural, scale);
  return describe(returns, spec, parameters, found, box.atBound(found.x));
}

/** Iterations before the metric is taken afresh: near the start the curvature says little about that at the maximum. */
const WARM_UP = 5;

function followUp(first: Minimum, second: Minimum): Minimum {
  return { ...second, iterations: first.iterations + second.iterations };
}

/** Gradient of the mean log-likelihood below which nothing is left to gain that matters. */
const FLAT = 1e-6;

/**
 * A second run from the end of the first, with a new metric. |z| makes the egarch likelihood kinked in μ, so its gradient
 * need not vanish at the maximum: a run that gains less than 1e-9 a row has converged too.
 */
function again(first: Minimum, second: Minimum): Minimum {
  const iterations = first.iterations + second.iterations;
  const stuck = first.value - second.value < 1e-9 && first.iterations < 300;
  return { ...second, iterations, converged: second.converged || second.residual < FLAT || stuck };
}

function describe(
  returns: Float64Array,
  spec: GarchSpec,
  parameters: Float64Array,
  found: { readonly converged: boolean; readonly iterations: number; readonly residual: number },
  atBound: readonly string[],
): GarchFit {
  const likelihood = createGarchLikelihood(returns, spec);
  const logLikelihood = likelihood.value(parameters);
  const { names } = likelihood;
  const of = (name: string): number => parameters[names.indexOf(name)] ?? 0;
  const persistence = spec.kind === 'garch' ? of('alpha') + 0.5 * of('gamma') + of('beta') : of('beta');
  const mean = persistence < INTEGRATED && spec.kind === 'garch' ? of('omega') / (1 - persistence) : null;
  const count = parameters.length;
  return {
    spec,
    names,
    parameters,
    logLikelihood,
    aic: 2 * count - 2 * logLikelihood,
    bic: count * Math.log(returns.length) - 2 * logLikelihood,
    variances: likelihood.variances,
    residuals: likelihood.residuals,
    backcast: likelihood.backcast,
    persistence,
    unconditionalVariance: mean,
    halfLife: persistence > 0 && persistence < INTEGRATED ? Math.log(0.5) / Math.log(persistence) : null,
    converged: found.converged,
    iterations: found.iterations,
    residual: found.residual,
    status: !found.converged ? 'not-converged' : persistence < INTEGRATED ? 'stationary' : 'integrated',
    atBound,
  };
}

interface Box {
  readonly starts: readonly Float64Array[];
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Null where β would be negative. */
  toNatural(theta: Float64Array): Float64Array | null;
  pullBack(gradient: Float64Array): Float64Array;
  atBound(theta: Float64Array): readonly string[];
}

function createBox(spec: GarchSpec, likelihood: GarchLikelihood): Box {
  const { density, names } = likelihood;
  const shapeLower = [...density.lower];
  const shapeUpper = [...density.upper];
  const at = (name: string): number => names.indexOf(name);
  const beta = at('beta');
  const gamma = at('gamma');
  const egarch = spec.kind === 'egarch';
  const middle = names.length - 2 - shapeLower.length;
  const least = egarch ? -2 : 0;
  const lower = Float64Array.of(-5, egarch ? -20 : 1e-10, ...new Array<number>(middle).fill(least), ...shapeLower);
  const upper = Float64Array.of(5, 20, ...new Array<number>(middle).fill(egarch ? 2 : 3), ...shapeUpper);
  if (egarch && beta > 0) {
    lower[beta] = -0.99999;
    upper[beta] = 0.99999;
  }
  if (!egarch) upper[spec.lagged ? beta : 2] = 1;
  const toNatural = (theta: Float64Array): Float64Array | null => {
    if (egarch) return theta;
    const natural = theta.slice();
    const up = theta[2] as number;
    const down = gamma > 0 ? (theta[gamma] as number) : up;
    if (gamma > 0) natural[gamma] = down - up;
    if (beta < 0) return 0.5 * (up + down) <= 1 ? natural : null;
    natural[beta] = (theta[beta] as number) - 0.5 * (up + down);
    return (natural[beta] as number) >= 0 ? natural : null;
  };
  const pullBack = (g: Float64Array): Float64Array => {
    if (egarch) return g;
    const out = g.slice();
    const dBeta = beta > 0 ? (g[beta] as number) : 0;
    if (gamma > 0) {
      out[2] = (g[2] as number) - (g[gamma] as number) - 0.5 * dBeta;
      out[gamma] = (g[gamma] as number) - 0.5 * dBeta;
    } else out[2] = (g[2] as number) - dBeta;
    return out;
  };
  const labels = names.map((name) => (egarch ? name : ({ gamma: 'alpha + gamma', beta: 'persistence' }[name] ?? name)));
  const atBound = (theta: Float64Array): readonly string[] =>
    labels.filter(
      (_, i) => (theta[i] as number) <= (lower[i] as number) || (theta[i] as number) >= (upper[i] as number),
    );
  const usual = usualStarts(spec, [...density.start]);
  return { starts: usual, lower, upper, toNatural, pullBack, atBound };
}

/** Box coordinates for returns of unit variance. */
function usualStarts(spec: GarchSpec, shape: readonly number[]): readonly Float64Array[] {
  const out: Float64Array[] = [];
  if (spec.kind === 'egarch') {
    for (const [alpha, beta] of [
      [0.1, 0.98],
      [0.15, 0.95],
      [0.2, 0.9],
    ] as const) {
      out.push(
        Float64Array.of(0, 0, alpha, ...(spec.asymmetric ? [-0.06] : []), ...(spec.lagged ? [beta] : []), ...shape),
      );
    }
    return out;
  }
  for (const [alpha, persistence] of [
    [0.05, 0.98],
    [0.1, 0.98],
    [0.15, 0.96],
    [0.1, 0.9],
    [0.03, 0.995],
  ] as const) {
    if (!spec.lagged) {
      out.push(Float64Array.of(0, 1 - 4 * alpha, 4 * alpha, ...(spec.asymmetric ? [4 * alpha] : []), ...shape));
    } else {
      const news = spec.asymmetric ? [0.5 * alpha, 1.5 * alpha] : [alpha];
      out.push(Float64Array.of(0, 1 - persistence, ...news, persistence, ...shape));
    }
  }
  return out;
}

/** Inverse of the curvature at the start, from differences of the gradient; nothing where it is not positive definite. */
function metricAt(gradient: (x: Float64Array) => Float64Array, x: Float64Array): { inverseHessian?: Float64Array } {
  const n = x.length;
  const hessian = new Float64Array(n * n);
  const here = gradient(x);
  for (let j = 0; j < n; j++) {
    const h = 1e-5 * Math.max(1e-2, Math.abs(x[j] as number));
    const up = x.slice();
    up[j] = (x[j] as number) + h;
    const moved = gradient(up);
    for (let i = 0; i < n; i++) hessian[i * n + j] = ((moved[i] as number) - (here[i] as number)) / h;
  }
  // Where the curvature is not positive definite, a growing share of its diagonal makes it so.
  for (const share of [0, 0.1, 1, 10]) {
    const raised = hessian.slice();
    for (let i = 0; i < n; i++)
      raised[i * n + i] = (raised[i * n + i] as number) + share * Math.max(1e-3, Math.abs(raised[i * n + i] as number));
    const inverse = invertSymmetric(raised, n);
    if (inverse !== null) return { inverseHessian: inverse };
  }
  return {};
}

/** Inverse of the symmetric part by Cholesky, or null where it is not positive definite. */
export function invertSymmetric(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++)
      factor[i * n + j] = 0.5 * ((matrix[i * n + j] as number) + (matrix[j * n + i] as number));
  }
  if (factor.some((v) => !Number.isFinite(v)) || choleskyInPlace(factor, n) >= 0) return null;
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = new Float64Array(n);
    column[j] = 1;
    solveCholeskyInPlace(factor, n, column);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i] as number;
  }
  return inverse;
}

/** Parameters of the returns as given, from those of the returns divided by `scale`. */
function rescale(spec: GarchSpec, natural: Float64Array, scale: number): Float64Array {
  const out = natural.slice();
  out[0] = (natural[0] as number) * scale;
  const beta = spec.lagged ? (natural[spec.asymmetric ? 4 : 3] as number) : 0;
  const omega = natural[1] as number;
  out[1] = spec.kind === 'garch' ? omega * scale * scale : omega + (1 - beta) * 2 * Math.log(scale);
  return out;
}

function checkedScale(returns: Float64Array, spec: GarchSpec): number {
  const n = returns.length;
  if (n < 100) throw notEnoughData({ what: `A ${spec.kind.toUpperCase()} fit`, needed: 100, got: n });
  let mean = 0;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    const r = returns[t] as number;
    if (!Number.isFinite(r))
      throw invalidInput({ what: `Return ${t}`, needed: 'finite', got: r, hint: 'Drop the row.' });
    mean += r / n;
  }
  for (let t = 0; t < n; t++) squares += ((returns[t] as number) - mean) ** 2 / n;
  if (!(squares > 0)) throw invalidInput({ what: 'The return series', needed: 'varying', got: 'constant' });
  return Math.sqrt(squares);
}
