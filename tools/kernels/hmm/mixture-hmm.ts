/**
 * Hidden Markov model whose states are mixtures of Gaussians: fat tails and skew within a regime.
 *
 * Density of state k: Σ_m w_km N(x; μ_km, diag σ²_km). EM adds the responsibility of each component within its state.
 * `centre: 'old'` reproduces hmmlearn, which centres the variance update on the means from before the step; 'new' (default)
 * is exact EM, whose log-likelihood never falls. Both have the same fixed points. Variances are diagonal.
 * Shapes: weights K × M, means and variances K × M × D. Cost O(T·K·(K + M·D)) an iteration.
 * Source: Bilmes (1998), ICSI TR-97-021, sec. 4.2; Rabiner (1989), eqs 52–54; Juang, Levinson & Sondhi (1986).
 *
 * @example fitMixtureEm({ data, rows, cols: 1 }, splitStates(gaussianFit.model, 2), { maxIterations: 200 })
 */
import { fastExp } from './fast-exp.ts';
import { varianceFloor } from './fit-em.ts';
import { backward, createWorkspace, forward, type HmmWorkspace } from './forward-backward.ts';
import type { Emissions } from './gaussian-emissions.ts';
import type { HmmModel, Observations } from './hmm-model.ts';

export interface MixtureModel {
  readonly states: number;
  readonly components: number;
  readonly features: number;
  readonly start: Float64Array;
  readonly transitions: Float64Array;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

export interface MixtureOptions {
  /** Default 500. */
  readonly maxIterations?: number;
  /** Absolute gain; 0 runs all iterations; default 1e-4. */
  readonly tolerance?: number;
  readonly centre?: 'old' | 'new';
  /** Least variance of each feature; default 1e-6 of the sample variance. */
  readonly floor?: Float64Array;
}

export interface MixtureFit {
  readonly model: MixtureModel;
  readonly logLikelihood: number;
  readonly logLikelihoodPath: Float64Array;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
  readonly workspace: HmmWorkspace;
}

export function fitMixtureEm(o: Observations, start: MixtureModel, options: MixtureOptions = {}): MixtureFit {
  const workspace = createWorkspace(o.rows, start.states);
  const parts = new Float64Array(o.rows * start.states * start.components);
  const tolerance = options.tolerance ?? 1e-4;
  const maxIterations = options.maxIterations ?? 500;
  const floor = options.floor ?? varianceFloor(o, 1e-6);
  const path: number[] = [];
  let model = start;
  let logLikelihood = expectationOf(o, model, workspace, parts);
  let residual = Number.POSITIVE_INFINITY;
  let converged = false;
  while (path.length < maxIterations && !converged) {
    path.push(logLikelihood);
    model = maximiseMixture(o, model, workspace, parts, floor, options.centre ?? 'new');
    const reached = expectationOf(o, model, workspace, parts);
    residual = reached - logLikelihood;
    logLikelihood = reached;
    converged = tolerance > 0 && residual < tolerance;
  }
  const logLikelihoodPath = Float64Array.from(path);
  return { model, logLikelihood, logLikelihoodPath, converged, iterations: path.length, residual, workspace };
}

function expectationOf(o: Observations, model: MixtureModel, work: HmmWorkspace, parts: Float64Array): number {
  const emissions = mixtureEmissions(o, model, work.densities, parts);
  const logLikelihood = forward(emissions, model.start, model.transitions, o.rows, work);
  backward(model.transitions, model.states, o.rows, work);
  return logLikelihood;
}

/** Densities of the states and, in `parts` (T × K × M), of their components. */
export function mixtureEmissions(
  o: Observations,
  model: MixtureModel,
  densities: Float64Array,
  parts: Float64Array,
): Emissions {
  const { states, components } = model;
  const peaks = Float64Array.from({ length: states * components }, (_, c) => logPeak(model, c));
  let logConstant = Number.NEGATIVE_INFINITY;
  for (const peak of peaks) logConstant = Math.max(logConstant, peak);
  const logPart = (t: number, c: number): number => (peaks[c] as number) - logConstant - 0.5 * distance(o, model, c, t);
  for (let t = 0; t < o.rows; t++) {
    for (let k = 0; k < states; k++) {
      let sum = 0;
      for (let m = 0; m < components; m++) {
        const c = k * components + m;
        const density = fastExp(Math.min(0, logPart(t, c)));
        parts[t * states * components + c] = density;
        sum += density;
      }
      densities[t * states + k] = sum;
    }
  }
  const logRow = (t: number, out: Float64Array): void => {
    for (let k = 0; k < states; k++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let m = 0; m < components; m++) most = Math.max(most, logPart(t, k * components + m));
      let sum = 0;
      for (let m = 0; m < components; m++) sum += Math.exp(logPart(t, k * components + m) - most);
      out[k] = Number.isFinite(most) ? most + Math.log(sum) : most;
    }
  };
  return { densities, logConstant, logRow };
}

/** Log of weight times density at the mean. */
function logPeak(model: MixtureModel, c: number): number {
  let sum = Math.log(model.weights[c] as number);
  for (let d = 0; d < model.features; d++)
    sum -= 0.5 * Math.log(2 * Math.PI * (model.variances[c * model.features + d] as number));
  return sum;
}

function distance(o: Observations, model: MixtureModel, c: number, t: number): number {
  const { features } = model;
  let sum = 0;
  for (let d = 0; d < features; d++) {
    const delta = (o.data[t * features + d] as number) - (model.means[c * features + d] as number);
    sum += (delta * delta) / (model.variances[c * features + d] as number);
  }
  return sum;
}

function maximiseMixture(
  o: Observations,
  old: MixtureModel,
  work: HmmWorkspace,
  parts: Float64Array,
  floor: Float64Array,
  centre: 'old' | 'new',
): MixtureModel {
  const { states, components } = old;
  const count = states * components;
  const sizes = new Float64Array(count);
  const means = old.means.slice();
  const variances = old.variances.slice();
  for (let c = 0; c < count; c++) sizes[c] = updateComponent(o, old, work, parts, c, centre, floor, means, variances);
  const weights = old.weights.slice();
  for (let k = 0; k < states; k++) {
    let total = 0;
    for (let m = 0; m < components; m++) total += sizes[k * components + m] as number;
    for (let m = 0; total > 0 && m < components; m++)
      weights[k * components + m] = (sizes[k * components + m] as number) / total;
  }
  const transitions = old.transitions.slice();
  for (let i = 0; i < states; i++) {
    let total = 0;
    for (let j = 0; j < states; j++) total += work.transitionCounts[i * states + j] as number;
    for (let j = 0; total > 0 && j < states; j++) {
      const p = (work.transitionCounts[i * states + j] as number) / total;
      transitions[i * states + j] = p < 1e-200 ? 0 : p;
    }
  }
  return { ...old, start: work.smoothed.slice(0, states), transitions, weights, means, variances };
}

/** New mean and variance of one component; returns its size (expected number of observations). */
function updateComponent(
  o: Observations,
  old: MixtureModel,
  work: HmmWorkspace,
  parts: Float64Array,
  c: number,
  centre: 'old' | 'new',
  floor: Float64Array,
  means: Float64Array,
  variances: Float64Array,
): number {
  const { states, components, features } = old;
  const state = Math.floor(c / components);
  const count = states * components;
  let size = 0;
  const first = new Float64Array(features);
  const second = new Float64Array(features);
  for (let t = 0; t < o.rows; t++) {
    const density = work.densities[t * states + state] as number;
    if (!(density > 0)) continue;
    const r = ((work.smoothed[t * states + state] as number) * (parts[t * count + c] as number)) / density;
    size += r;
    for (let d = 0; d < features; d++) {
      const delta = (o.data[t * features + d] as number) - (old.means[c * features + d] as number);
      first[d] = (first[d] as number) + r * delta;
      second[d] = (second[d] as number) + r * delta * delta;
    }
  }
  for (let d = 0; size > 0 && d < features; d++) {
    const shift = (first[d] as number) / size;
    const around = (second[d] as number) / size;
    means[c * features + d] = (old.means[c * features + d] as number) + shift;
    variances[c * features + d] = Math.max(floor[d] as number, centre === 'old' ? around : around - shift * shift);
  }
  return size;
}

/** Start values: every state of a Gaussian fit becomes `components` of the same mean with spread-out variances. */
export function splitStates(model: HmmModel, components: number): MixtureModel {
  const { states, features: d } = model;
  const means = new Float64Array(states * components * d);
  const variances = new Float64Array(states * components * d);
  for (let c = 0; c < states * components; c++) {
    const k = Math.floor(c / components);
    const m = c % components;
    const factor = components === 1 ? 1 : 0.4 * 6 ** (m / (components - 1));
    for (let i = 0; i < d; i++) {
      means[c * d + i] = model.means[k * d + i] as number;
      variances[c * d + i] = factor * (model.covariances[k * d * d + i * d + i] as number);
    }
  }
  const weights = new Float64Array(states * components).fill(1 / components);
  return {
    states,
    components,
    features: d,
    start: model.start,
    transitions: model.transitions,
    weights,
    means,
    variances,
  };
}

/** Mean and variance of each feature in each state: the moments of the mixture, as a Gaussian model. */
export function mixtureMoments(model: MixtureModel): HmmModel {
  const { states, components, features: d } = model;
  const means = new Float64Array(states * d);
  const covariances = new Float64Array(states * d * d);
  for (let k = 0; k < states; k++) {
    for (let i = 0; i < d; i++) {
      let mean = 0;
      let square = 0;
      for (let m = 0; m < components; m++) {
        const c = k * components + m;
        const w = model.weights[c] as number;
        const mu = model.means[c * d + i] as number;
        mean += w * mu;
        square += w * ((model.variances[c * d + i] as number) + mu * mu);
      }
      means[k * d + i] = mean;
      covariances[k * d * d + i * d + i] = square - mean * mean;
    }
  }
  return { states, features: d, start: model.start, transitions: model.transitions, means, covariances };
}
