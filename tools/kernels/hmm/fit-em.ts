/**
 * Expectation–maximisation from given start parameters.
 *
 * Question: which parameters near this start make the data likeliest?
 * `logLikelihoodPath[i]` is the log-likelihood under the parameters before M-step `i`; `logLikelihood` the one of the
 * returned model. Stops when the gain is below `tolerance` (0 = run all `maxIterations`). Without priors the path never falls.
 * EM finds a local optimum and converges linearly: use several starts (`fitHmm`).
 * Source: Baum, Petrie, Soules & Weiss (1970), Ann. Math. Stat. 41:164; Rabiner (1989), sec. III.C. O(T·K·(K + D²)) an iteration.
 *
 * @example fitEm({ data, rows, cols: 1 }, start, { covarianceType: 'diag' }).logLikelihood
 */
import { backward, createWorkspace, forward, type HmmWorkspace } from './forward-backward.ts';
import { gaussianEmissions } from './gaussian-emissions.ts';
import type { CovarianceType, HmmModel, Observations } from './hmm-model.ts';
import { type HmmPriors, maximise } from './m-step.ts';

export interface EmOptions {
  readonly covarianceType: CovarianceType;
  /** Default 500. */
  readonly maxIterations?: number;
  /** Absolute gain of the log-likelihood; default 1e-4. */
  readonly tolerance?: number;
  readonly priors?: HmmPriors;
  /** Least variance of each feature; default 1e-6 of the sample variance. */
  readonly floor?: Float64Array;
  /** Called after each iteration, for progress and cancellation. */
  readonly onIteration?: (iteration: number, logLikelihood: number) => void;
}

export interface EmFit {
  readonly model: HmmModel;
  readonly logLikelihood: number;
  readonly logLikelihoodPath: Float64Array;
  readonly converged: boolean;
  readonly iterations: number;
  /** Last gain of the log-likelihood. */
  readonly residual: number;
  /** Smoothed number of observations in each state. */
  readonly weights: Float64Array;
  /** States at the variance floor. */
  readonly floored: readonly number[];
}

export function fitEm(
  observations: Observations,
  start: HmmModel,
  options: EmOptions,
  workspace: HmmWorkspace = createWorkspace(observations.rows, start.states),
): EmFit {
  const maxIterations = options.maxIterations ?? 500;
  const tolerance = options.tolerance ?? 1e-4;
  const floor = options.floor ?? varianceFloor(observations, 1e-6);
  const step = { covarianceType: options.covarianceType, floor, ...(options.priors ? { priors: options.priors } : {}) };
  const path: number[] = [];
  let model = start;
  let floored: readonly number[] = [];
  let logLikelihood = expectation(observations, model, workspace);
  let residual = Number.POSITIVE_INFINITY;
  let converged = false;
  while (path.length < maxIterations && !converged) {
    path.push(logLikelihood);
    const next = maximise(observations, model, workspace, step);
    model = next.model;
    floored = next.floored;
    const reached = expectation(observations, model, workspace);
    residual = reached - logLikelihood;
    logLikelihood = reached;
    converged = tolerance > 0 && residual < tolerance;
    options.onIteration?.(path.length, logLikelihood);
  }
  const logLikelihoodPath = Float64Array.from(path);
  const weights = stateWeights(workspace.smoothed, observations.rows, model.states);
  return { model, logLikelihood, logLikelihoodPath, converged, iterations: path.length, residual, weights, floored };
}

/** One E-step: fills the workspace, returns the log-likelihood. */
export function expectation(observations: Observations, model: HmmModel, workspace: HmmWorkspace): number {
  const emissions = gaussianEmissions(observations, model, workspace.densities);
  const logLikelihood = forward(emissions, model.start, model.transitions, observations.rows, workspace);
  backward(model.transitions, model.states, observations.rows, workspace);
  return logLikelihood;
}

/** `share` of each feature's sample variance (never below the smallest normal number). */
export function varianceFloor(o: Observations, share: number): Float64Array {
  return sampleVariance(o).map((v) => Math.max(share * v, 1e-300));
}

/** Variance of each feature, divided by T. */
export function sampleVariance({ data, rows, cols }: Observations): Float64Array {
  const out = new Float64Array(cols);
  for (let d = 0; d < cols; d++) {
    let mean = 0;
    for (let t = 0; t < rows; t++) mean += ((data[t * cols + d] as number) - mean) / (t + 1);
    let squares = 0;
    for (let t = 0; t < rows; t++) squares += ((data[t * cols + d] as number) - mean) ** 2;
    out[d] = squares / rows;
  }
  return out;
}

function stateWeights(smoothed: Float64Array, rows: number, states: number): Float64Array {
  const out = new Float64Array(states);
  for (let t = 0; t < rows; t++)
    for (let k = 0; k < states; k++) out[k] = (out[k] as number) + (smoothed[t * states + k] as number);
  return out;
}
