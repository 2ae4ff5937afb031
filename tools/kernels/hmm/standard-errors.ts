/**
 * How uncertain the parameters of a fitted Gaussian hidden Markov model are.
 *
 * Method: observed information, the negative Hessian of the log-likelihood by central differences with steps of about a
 * tenth of a standard error, inverted by Cholesky. Free parameters: means, covariance entries, and each transition row
 * but its largest off-diagonal entry (so that the stay probabilities are free). Start probabilities rest on one observation and are held fixed.
 * Transition probabilities with less than one expected move are at the boundary: they are held fixed, their error is NaN
 * (callers turn it into null with the reason). Where the Hessian is not positive definite all errors are NaN and `reason` says so.
 * Cost: about 2p² forward passes. Source: Hamilton (1994), Time Series Analysis, eq. 5.8.3; Nocedal & Wright (2006), eq. 8.21.
 *
 * @example hmmStandardErrors(observations, fit.model, fit.weights, 'full').stay // [0.0022, 0.0047]
 */

import { choleskyInPlace, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import { numericHessian } from '../optimise-smooth/numeric-derivatives.ts';
import { createWorkspace, forward } from './forward-backward.ts';
import { gaussianEmissions } from './gaussian-emissions.ts';
import type { CovarianceType, HmmModel, Observations } from './hmm-model.ts';

export interface HmmStandardErrors {
  /** K × D. */
  readonly means: Float64Array;
  /** Of the diagonal variances, K × D. */
  readonly variances: Float64Array;
  /** Of a_ii, K. */
  readonly stay: Float64Array;
  /** K × K; NaN for entries at the boundary and for the one entry of each row that follows from the others. */
  readonly transitions: Float64Array;
  readonly reason: string | null;
}

interface FreeParameter {
  readonly kind: 'mean' | 'covariance' | 'transition';
  readonly state: number;
  /** Feature, or row of the covariance, or target state. */
  readonly i: number;
  readonly j: number;
  /** Rough standard error: sets the step. */
  readonly scale: number;
}

/** Step of the differences in rough standard errors, divided by ε^(1/4) that `numericHessian` multiplies back in. */
const STEP = 0.1 / Number.EPSILON ** 0.25;

export function hmmStandardErrors(
  observations: Observations,
  model: HmmModel,
  weights: Float64Array,
  covarianceType: CovarianceType,
): HmmStandardErrors {
  const { states, features } = model;
  const free = freeParameters(model, weights, covarianceType);
  const work = createWorkspace(observations.rows, states);
  const negative = (theta: Float64Array): number => {
    const moved = displace(model, free, theta);
    if (moved === null) return Number.NaN;
    const emissions = gaussianEmissions(observations, moved, work.densities);
    return -forward(emissions, moved.start, moved.transitions, observations.rows, work);
  };
  const out = {
    means: new Float64Array(states * features).fill(Number.NaN),
    variances: new Float64Array(states * features).fill(Number.NaN),
    stay: new Float64Array(states).fill(Number.NaN),
    transitions: new Float64Array(states * states).fill(Number.NaN),
  };
  const covariance = invertHessian(numericHessian(negative, new Float64Array(free.length)), free.length);
  if (covariance === null) {
    return { ...out, reason: 'the curvature of the likelihood is not positive definite at the estimate' };
  }
  free.forEach((p, at) => {
    const error = Math.sqrt(covariance[at] as number) * p.scale * STEP;
    if (p.kind === 'mean') out.means[p.state * features + p.i] = error;
    else if (p.kind === 'covariance' && p.i === p.j) out.variances[p.state * features + p.i] = error;
    else if (p.kind === 'transition') {
      out.transitions[p.state * states + p.j] = error;
      if (p.state === p.j) out.stay[p.state] = error;
    }
  });
  return { ...out, reason: null };
}

function freeParameters(model: HmmModel, weights: Float64Array, type: CovarianceType): readonly FreeParameter[] {
  const { states, features: d } = model;
  const out: FreeParameter[] = [];
  for (let state = 0; state < states; state++) {
    const weight = Math.max(1, weights[state] as number);
    const variance = (i: number): number => model.covariances[state * d * d + i * d + i] as number;
    for (let i = 0; i < d; i++) out.push({ kind: 'mean', state, i, j: i, scale: Math.sqrt(variance(i) / weight) });
    for (let i = 0; i < (type === 'spherical' ? 1 : d); i++) {
      for (let j = type === 'full' ? 0 : i; j <= i; j++) {
        const scale = Math.sqrt((variance(i) * variance(j) * (i === j ? 2 : 1)) / weight);
        out.push({ kind: 'covariance', state, i, j, scale });
      }
    }
    const rest = referenceTarget(model, state);
    for (let j = 0; j < states; j++) {
      const p = model.transitions[state * states + j] as number;
      const inside = p * weight >= 1 && (1 - p) * weight >= 0.5;
      if (j !== rest && inside)
        out.push({ kind: 'transition', state, i: state, j, scale: Math.sqrt((p * (1 - p)) / weight) });
    }
  }
  return out;
}

/** The largest off-diagonal entry of a row: it is one minus the others. */
function referenceTarget({ transitions, states }: HmmModel, i: number): number {
  let best = -1;
  for (let j = 0; j < states; j++) {
    const larger = best < 0 || (transitions[i * states + j] as number) > (transitions[i * states + best] as number);
    if (j !== i && larger) best = j;
  }
  return best;
}

function displace(model: HmmModel, free: readonly FreeParameter[], theta: Float64Array): HmmModel | null {
  const { states, features: d } = model;
  const means = model.means.slice();
  const covariances = model.covariances.slice();
  const transitions = model.transitions.slice();
  free.forEach((p, at) => {
    const shift = (theta[at] as number) * p.scale * STEP;
    if (shift === 0) return;
    if (p.kind === 'mean') means[p.state * d + p.i] = (means[p.state * d + p.i] as number) + shift;
    else if (p.kind === 'covariance') {
      const base = p.state * d * d;
      covariances[base + p.i * d + p.j] = (covariances[base + p.i * d + p.j] as number) + shift;
      if (p.i !== p.j) covariances[base + p.j * d + p.i] = covariances[base + p.i * d + p.j] as number;
    } else {
      const rest = p.state * states + referenceTarget(model, p.state);
      transitions[p.state * states + p.j] = (transitions[p.state * states + p.j] as number) + shift;
      transitions[rest] = (transitions[rest] as number) - shift;
    }
  });
  return transitions.every((a) => a >= 0) ? { ...model, means, covariances, transitions } : null;
}

/** Diagonal of the inverse, or null where the matrix is not positive definite. */
function invertHessian(hessian: Float64Array, n: number): Float64Array | null {
  if (hessian.some((h) => !Number.isFinite(h))) return null;
  const factor = hessian.slice();
  if (choleskyInPlace(factor, n) >= 0) return null;
  return Float64Array.from({ length: n }, (_, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    solveCholeskyInPlace(factor, n, unit);
    return unit[i] as number;
  });
}
