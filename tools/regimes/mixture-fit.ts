/** Fat-tailed regimes: a Gaussian fit whose states are split into mixtures and fitted on. */
import { diagnoseStates } from '../kernels/hmm/diagnose-states.ts';
import { sampleVariance } from '../kernels/hmm/fit-em.ts';
import type { HmmFit } from '../kernels/hmm/fit-hmm.ts';
import { createWorkspace, filteredProbabilities } from '../kernels/hmm/forward-backward.ts';
import { informationCriteria, type Observations, orderByMean } from '../kernels/hmm/hmm-model.ts';
import {
  fitMixtureEm,
  type MixtureModel,
  mixtureEmissions,
  mixtureMoments,
  splitStates,
} from '../kernels/hmm/mixture-hmm.ts';
import { viterbiFromLogs } from '../kernels/hmm/viterbi.ts';

export interface RegimeFit extends HmmFit {
  /** Null for plain Gaussian states; else `model` holds the moments of its states. */
  readonly mixture: MixtureModel | null;
}

export function withMixtures(
  observations: Observations,
  gaussian: HmmFit,
  components: number,
  options: { readonly maxIterations: number; readonly tolerance: number },
): RegimeFit {
  if (components < 2) return { ...gaussian, mixture: null };
  const { rows, cols } = observations;
  const states = gaussian.model.states;
  const first = fitMixtureEm(observations, splitStates(gaussian.model, components), options);
  const order = orderByMean(mixtureMoments(first.model));
  // One more E-step on the ordered model, so that paths and model agree.
  const ordered = fitMixtureEm(observations, reorderMixture(first.model, order), { maxIterations: 0 });
  const model = mixtureMoments(ordered.model);
  const parameters = states - 1 + states * (states - 1) + states * (2 * components * cols + components - 1);
  const { smoothed } = ordered.workspace;
  const weights = new Float64Array(states);
  for (let i = 0; i < rows * states; i++)
    weights[i % states] = (weights[i % states] as number) + (smoothed[i] as number);
  return {
    ...gaussian,
    model,
    mixture: ordered.model,
    logLikelihood: ordered.logLikelihood,
    logLikelihoodPath: first.logLikelihoodPath,
    converged: first.converged,
    iterations: first.iterations,
    residual: first.residual,
    weights,
    floored: [],
    parameters,
    ...informationCriteria(ordered.logLikelihood, parameters, rows),
    diagnoses: diagnoseStates(model, { weights, floored: [] }, sampleVariance(observations), rows),
    filtered: filteredProbabilities(ordered.workspace, rows, states),
    smoothed,
  };
}

/** The likeliest path under mixture emissions. */
export function mixtureViterbi(observations: Observations, model: MixtureModel): Uint8Array {
  const { rows } = observations;
  const logs = createWorkspace(rows, model.states).densities;
  const emissions = mixtureEmissions(
    observations,
    model,
    logs,
    new Float64Array(rows * model.states * model.components),
  );
  const row = new Float64Array(model.states);
  for (let t = 0; t < rows; t++) {
    emissions.logRow(t, row);
    logs.set(row, t * model.states);
  }
  return viterbiFromLogs(logs, model.start, model.transitions, rows).path;
}

/** Every component as a state of its own, for forecasts of the first feature: exact for sums and quantiles. */
export function componentChain(model: MixtureModel, now: Float64Array) {
  const { states, components, features } = model;
  const size = states * components;
  const transitions = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const from = Math.floor(i / components);
      const to = Math.floor(j / components);
      transitions[i * size + j] = (model.transitions[from * states + to] as number) * (model.weights[j] as number);
    }
  }
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: size }, (_, c) => values[c * features] as number);
  return {
    now: Float64Array.from({ length: size }, (_, c) => (now[Math.floor(c / components)] as number) / components),
    transitions,
    means: pick(model.means),
    variances: pick(model.variances),
  };
}

function reorderMixture(model: MixtureModel, order: readonly number[]): MixtureModel {
  const { states, components, features } = model;
  const blocks = (source: Float64Array, width: number): Float64Array =>
    Float64Array.from(order.flatMap((from) => [...source.subarray(from * width, (from + 1) * width)]));
  return {
    ...model,
    start: blocks(model.start, 1),
    transitions: Float64Array.from(order.flatMap((i) => order.map((j) => model.transitions[i * states + j] as number))),
    weights: blocks(model.weights, components),
    means: blocks(model.means, components * features),
    variances: blocks(model.variances, components * features),
  };
}
