/**
 * Log-likelihood of GARCH(1,1), GJR, ARCH(1) and EGARCH(1,1,1) at given parameters, with its exact gradient.
 *
 * e_t = r_t − μ, z_t = e_t/σ_t.
 * garch: σ²_t = ω + α e²_(t−1) + γ e²_(t−1)[e_(t−1) < 0] + β σ²_(t−1); egarch: ln σ²_t = ω + α(|z_(t−1)| − √(2/π)) + γ z_(t−1) + β ln σ²_(t−1).
 * Before the sample: `backcast` (an exponentially weighted mean of squared deviations, fixed; half of it for the asymmetric
 * term; no shock for egarch) as the arch package does, or `mean-square` (the mean of e² at the current μ) as R's fGarch does.
 * Parameters in order: μ, ω, α, [γ], [β], then the shape of the errors. The gradient runs the recursion backwards (adjoint),
 * so its cost does not grow with the number of parameters. O(n), no allocation after creation.
 * Source: Bollerslev (1986), J. Econometrics 31:307; Glosten, Jagannathan & Runkle (1993), J. Finance 48:1779;
 * Nelson (1991), Econometrica 59:347.
 *
 * @example createGarchLikelihood(returns, { kind: 'garch', asymmetric: false, lagged: true, distribution: 'normal' }).value(Float64Array.of(0.05, 0.02, 0.09, 0.89))
 */
import { type ErrorDensity, type ErrorDistribution, errorDensity } from './error-density.ts';

export interface GarchSpec {
  readonly kind: 'garch' | 'egarch';
  /** With γ: bad news counts more. */
  readonly asymmetric: boolean;
  /** With β; false is ARCH(1). */
  readonly lagged: boolean;
  readonly distribution: ErrorDistribution;
  /** What stands for the time before the sample; default backcast. */
  readonly presample?: 'backcast' | 'mean-square';
}

export interface GarchLikelihood {
  readonly names: readonly string[];
  readonly density: ErrorDensity;
  /** Fixed presample variance of `backcast`. */
  readonly backcast: number;
  /** NaN where a variance is not positive. */
  value(parameters: Float64Array): number;
  gradient(parameters: Float64Array): Float64Array;
  /** Variances at the last parameters given to `value` or `gradient`; the buffer is reused. */
  readonly variances: Float64Array;
  /** Standardised residuals at the same parameters; the buffer is reused. */
  readonly residuals: Float64Array;
}

const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);

export function garchParameterNames(spec: GarchSpec): readonly string[] {
  const names = ['mu', 'omega', 'alpha'];
  if (spec.asymmetric) names.push('gamma');
  if (spec.lagged) names.push('beta');
  return [...names, ...errorDensity(spec.distribution).shapeNames];
}

/** Σ 0.94^i (r_i − r̄)² / Σ 0.94^i over the first min(75, n) rows. */
export function backcastVariance(returns: Float64Array): number {
  let mean = 0;
  for (let t = 0; t < returns.length; t++) mean += (returns[t] as number) / returns.length;
  let sum = 0;
  let total = 0;
  for (let i = 0, w = 1; i < Math.min(75, returns.length); i++, w *= 0.94) {
    sum += w * ((returns[i] as number) - mean) ** 2;
    total += w;
  }
  return sum / total;
}

export function createGarchLikelihood(returns: Float64Array, spec: GarchSpec): GarchLikelihood {
  const n = returns.length;
  const density = errorDensity(spec.distribution);
  const state: State = {
    returns,
    spec,
    n,
    backcast: backcastVariance(returns),
    errors: new Float64Array(n),
    variances: new Float64Array(n),
    residuals: new Float64Array(n),
    inverses: new Float64Array(n),
    psi: new Float64Array(n),
    last: null,
    lastHalf: 0,
  };
  const names = garchParameterNames(spec);
  const shapeFrom = names.length - density.shapeNames.length;
  const value = (p: Float64Array): number => {
    const half = runRecursion(state, p);
    return half + density.total(state.residuals, n, p.subarray(shapeFrom), null, null);
  };
  const gradient = (p: Float64Array): Float64Array => {
    runRecursion(state, p);
    const out = new Float64Array(p.length);
    density.total(state.residuals, n, p.subarray(shapeFrom), state.psi, out.subarray(shapeFrom));
    if (spec.kind === 'garch') garchAdjoint(state, p, out);
    else egarchAdjoint(state, p, out);
    return out;
  };
  return {
    names,
    density,
    backcast: state.backcast,
    value,
    gradient,
    variances: state.variances,
    residuals: state.residuals,
  };
}

interface State {
  readonly returns: Float64Array;
  readonly spec: GarchSpec;
  readonly n: number;
  readonly backcast: number;
  readonly errors: Float64Array;
  readonly variances: Float64Array;
  readonly residuals: Float64Array;
  /** 1/σ_t. */
  readonly inverses: Float64Array;
  readonly psi: Float64Array;
  /** Parameters of the last recursion and what it returned: value and gradient at one point share it. */
  last: Float64Array | null;
  lastHalf: number;
}

interface Coefficients {
  readonly mu: number;
  readonly omega: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly beta: number;
}

function coefficients(spec: GarchSpec, p: Float64Array): Coefficients {
  let at = 3;
  const gamma = spec.asymmetric ? (p[at++] as number) : 0;
  const beta = spec.lagged ? (p[at] as number) : 0;
  return { mu: p[0] as number, omega: p[1] as number, alpha: p[2] as number, gamma, beta };
}

/** Fills errors, variances and residuals; returns −½ Σ ln σ²_t. */
function runRecursion(state: State, p: Float64Array): number {
  const { last } = state;
  if (last?.every((v, i) => v === p[i])) return state.lastHalf;
  const c = coefficients(state.spec, p);
  const { returns, errors, n } = state;
  for (let t = 0; t < n; t++) errors[t] = (returns[t] as number) - c.mu;
  state.lastHalf = state.spec.kind === 'garch' ? garchRecursion(state, c) : egarchRecursion(state, c);
  state.last = p.slice();
  return state.lastHalf;
}

function presample(state: State): number {
  if (state.spec.presample !== 'mean-square') return state.backcast;
  let squares = 0;
  for (let t = 0; t < state.n; t++) squares += (state.errors[t] as number) ** 2;
  return squares / state.n;
}

function garchRecursion(state: State, { omega, alpha, gamma, beta }: Coefficients): number {
  const { errors, variances, residuals, inverses, n } = state;
  const start = presample(state);
  let variance = omega + (alpha + 0.5 * gamma + beta) * start;
  let logs = 0;
  let product = 1;
  for (let t = 0; t < n; t++) {
    if (!(variance > 1e-300)) return Number.NaN;
    variances[t] = variance;
    const e = errors[t] as number;
    const inverse = 1 / Math.sqrt(variance);
    inverses[t] = inverse;
    residuals[t] = e * inverse;
    product *= variance;
    if (product > 1e100 || product < 1e-100) {
      logs += Math.log(product);
      product = 1;
    }
    variance = omega + (e < 0 ? alpha + gamma : alpha) * e * e + beta * variance;
  }
  return -0.5 * (logs + Math.log(product));
}

function egarchRecursion(state: State, { omega, alpha, gamma, beta }: Coefficients): number {
  const { errors, variances, residuals, inverses, n } = state;
  let y = omega + beta * Math.log(presample(state));
  let sum = 0;
  for (let t = 0; t < n; t++) {
    if (!(Math.abs(y) < 600)) return Number.NaN;
    sum += y;
    const deviation = Math.exp(0.5 * y);
    variances[t] = deviation * deviation;
    const inverse = 1 / deviation;
    inverses[t] = inverse;
    const z = (errors[t] as number) * inverse;
    residuals[t] = z;
    y = omega + alpha * (Math.abs(z) - MEAN_ABSOLUTE) + gamma * z + beta * y;
  }
  return -0.5 * sum;
}

/** λ_t = dL/dσ²_t including everything that σ²_t does later; then each parameter's derivative is a sum over λ. */
function garchAdjoint(state: State, p: Float64Array, out: Float64Array): void {
  const { spec, errors, variances, residuals, inverses, psi, n } = state;
  const { alpha, gamma, beta } = coefficients(spec, p);
  let later = 0;
  let dMu = 0;
  let dOmega = 0;
  let dAlpha = 0;
  let dGamma = 0;
  let dBeta = 0;
  for (let t = n - 1; t >= 0; t--) {
    const variance = variances[t] as number;
    const z = residuals[t] as number;
    const e = errors[t] as number;
    const slope = psi[t] as number;
    const negative = e < 0;
    const coefficient = negative ? alpha + gamma : alpha;
    // `later` is λ_(t+1): σ²_(t+1) depends on e_t and σ²_t.
    dAlpha += later * e * e;
    if (negative) dGamma += later * e * e;
    dBeta += later * variance;
    const inverse = inverses[t] as number;
    dMu -= later * coefficient * 2 * e + slope * inverse;
    const own = -0.5 * (1 + slope * z) * inverse * inverse;
    later = own + beta * later;
    dOmega += later;
  }
  const start = presample(state);
  dAlpha += later * start;
  dGamma += later * 0.5 * start;
  dBeta += later * start;
  if (spec.presample === 'mean-square') {
    let mean = 0;
    for (let t = 0; t < n; t++) mean += (errors[t] as number) / n;
    dMu -= later * (alpha + 0.5 * gamma + beta) * 2 * mean;
  }
  write(spec, out, [dMu, dOmega, dAlpha, dGamma, dBeta]);
}

function egarchAdjoint(state: State, p: Float64Array, out: Float64Array): void {
  const { spec, residuals, inverses, psi, n } = state;
  const { alpha, gamma, beta } = coefficients(spec, p);
  let later = 0;
  let dMu = 0;
  let dOmega = 0;
  let dAlpha = 0;
  let dGamma = 0;
  let dBeta = 0;
  for (let t = n - 1; t >= 0; t--) {
    const z = residuals[t] as number;
    const slope = psi[t] as number;
    const logVariance = -2 * Math.log(inverses[t] as number);
    const response = (z < 0 ? -alpha : alpha) + gamma;
    dAlpha += later * (Math.abs(z) - MEAN_ABSOLUTE);
    dGamma += later * z;
    dBeta += later * logVariance;
    dMu -= (slope + later * response) * (inverses[t] as number);
    later = -0.5 * (1 + slope * z) + later * (beta - 0.5 * response * z);
    dOmega += later;
  }
  dBeta += later * Math.log(presample(state));
  write(spec, out, [dMu, dOmega, dAlpha, dGamma, dBeta]);
}

function write(
  spec: GarchSpec,
  out: Float64Array,
  [mu, omega, alpha, gamma, beta]: readonly [number, number, number, number, number],
) {
  let at = 0;
  for (const value of [mu, omega, alpha]) out[at++] = value;
  if (spec.asymmetric) out[at++] = gamma;
  if (spec.lagged) out[at] = beta;
}
