/**
 * The maximisation step: new parameters from smoothed probabilities.
 *
 * Sums are taken around the old means, so that the variance of returns (mean ≪ deviation, or a large level) loses no digits.
 * With priors the update is the one of hmmlearn (maximum a posteriori): `covariancePrior` is added to every entry of the
 * weighted sum of squares, `covarianceWeight` to its weight. All zero (default) is pure maximum likelihood.
 * Variances below `floor[d]` are raised to it and counted in `floored`. Transition probabilities below 1e-200 become 0.
 * Source: Rabiner (1989), eqs 40, 53, 54; Bilmes (1998), ICSI TR-97-021, sec. 4.2.
 *
 * @example maximise(observations, model, workspace, { covarianceType: 'diag', floor })
 */

import type { HmmWorkspace } from './forward-backward.ts';
import type { CovarianceType, HmmModel, Observations } from './hmm-model.ts';

export interface HmmPriors {
  readonly covariancePrior?: number;
  readonly covarianceWeight?: number;
  readonly meanPrior?: number;
  readonly meanWeight?: number;
  /** Dirichlet parameters; 1 is no prior. */
  readonly startPrior?: number;
  readonly transitionPrior?: number;
}

export interface MStepOptions {
  readonly covarianceType: CovarianceType;
  /** Least variance of each feature. */
  readonly floor: Float64Array;
  readonly priors?: HmmPriors;
}

export interface MStepResult {
  readonly model: HmmModel;
  /** Smoothed number of observations in each state. */
  readonly weights: Float64Array;
  /** States whose variance was raised to the floor. */
  readonly floored: readonly number[];
}

const NEGLIGIBLE = 1e-200;

export function maximise(o: Observations, old: HmmModel, work: HmmWorkspace, options: MStepOptions): MStepResult {
  const { states, features } = old;
  const priors = options.priors ?? {};
  const means = new Float64Array(states * features);
  const covariances = new Float64Array(states * features * features);
  const weights = new Float64Array(states);
  const floored: number[] = [];
  const first = new Float64Array(features);
  const second = new Float64Array(features * features);
  for (let k = 0; k < states; k++) {
    const weight = accumulate(o, old, work.smoothed, k, first, second);
    weights[k] = weight;
    updateMean(old, k, weight, first, priors, means);
    updateCovariance(old, k, weight, first, second, means, options, covariances);
    if (raiseToFloor(covariances, k, features, options)) floored.push(k);
  }
  const start = dirichlet(work.smoothed.subarray(0, states), priors.startPrior ?? 1);
  const transitions = new Float64Array(states * states);
  for (let i = 0; i < states; i++) {
    const row = work.transitionCounts.subarray(i * states, (i + 1) * states);
    const updated = dirichlet(row, priors.transitionPrior ?? 1);
    // A state that was never left from keeps its old row: the data say nothing about it.
    transitions.set(updated ?? old.transitions.subarray(i * states, (i + 1) * states), i * states);
  }
  return { model: { states, features, start: start ?? old.start, transitions, means, covariances }, weights, floored };
}

/** Weighted sums of d and d·dᵀ with d = x − old mean; returns the weight. */
function accumulate(
  o: Observations,
  old: HmmModel,
  smoothed: Float64Array,
  k: number,
  first: Float64Array,
  second: Float64Array,
): number {
  if (o.cols === 1) return accumulateLine(o, old, smoothed, k, first, second);
  if (o.cols === 2) return accumulatePlane(o, old, smoothed, k, first, second);
  const { states, features } = old;
  first.fill(0);
  second.fill(0);
  const d = new Float64Array(features);
  let weight = 0;
  for (let t = 0; t < o.rows; t++) {
    const g = smoothed[t * states + k] as number;
    weight += g;
    for (let i = 0; i < features; i++)
      d[i] = (o.data[t * features + i] as number) - (old.means[k * features + i] as number);
    for (let i = 0; i < features; i++) {
      const gd = g * (d[i] as number);
      first[i] = (first[i] as number) + gd;
      for (let j = 0; j <= i; j++)
        second[i * features + j] = (second[i * features + j] as number) + gd * (d[j] as number);
    }
  }
  return weight;
}

function accumulateLine(
  o: Observations,
  old: HmmModel,
  smoothed: Float64Array,
  k: number,
  first: Float64Array,
  second: Float64Array,
): number {
  const { data, rows } = o;
  const states = old.states;
  const mean = old.means[k] as number;
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (let t = 0, at = k; t < rows; t++, at += states) {
    const g = smoothed[at] as number;
    const d = (data[t] as number) - mean;
    const gd = g * d;
    weight += g;
    sum += gd;
    squares += gd * d;
  }
  first[0] = sum;
  second[0] = squares;
  return weight;
}

function accumulatePlane(
  o: Observations,
  old: HmmModel,
  smoothed: Float64Array,
  k: number,
  first: Float64Array,
  second: Float64Array,
): number {
  const { data, rows } = o;
  const states = old.states;
  const mean0 = old.means[2 * k] as number;
  const mean1 = old.means[2 * k + 1] as number;
  let weight = 0;
  let sum0 = 0;
  let sum1 = 0;
  let s00 = 0;
  let s10 = 0;
  let s11 = 0;
  for (let t = 0, at = k, from = 0; t < rows; t++, at += states, from += 2) {
    const g = smoothed[at] as number;
    const d0 = (data[from] as number) - mean0;
    const d1 = (data[from + 1] as number) - mean1;
    const gd0 = g * d0;
    const gd1 = g * d1;
    weight += g;
    sum0 += gd0;
    sum1 += gd1;
    s00 += gd0 * d0;
    s10 += gd1 * d0;
    s11 += gd1 * d1;
  }
  first[0] = sum0;
  first[1] = sum1;
  second[0] = s00;
  second[2] = s10;
  second[3] = s11;
  return weight;
}

function updateMean(
  old: HmmModel,
  k: number,
  weight: number,
  first: Float64Array,
  priors: HmmPriors,
  means: Float64Array,
): void {
  const d = old.features;
  const pull = priors.meanWeight ?? 0;
  for (let i = 0; i < d; i++) {
    const before = old.means[k * d + i] as number;
    const total = weight + pull;
    const shift = (first[i] as number) + pull * ((priors.meanPrior ?? 0) - before);
    means[k * d + i] = total > 0 ? before + shift / total : before;
  }
}

function updateCovariance(
  old: HmmModel,
  k: number,
  weight: number,
  first: Float64Array,
  second: Float64Array,
  means: Float64Array,
  options: MStepOptions,
  out: Float64Array,
): void {
  const d = old.features;
  const base = k * d * d;
  const priors = options.priors ?? {};
  const prior = priors.covariancePrior ?? 0;
  const full = options.covarianceType === 'full';
  const extra = Math.max((priors.covarianceWeight ?? 0) - (full ? d : 1), 0);
  const total = weight + extra;
  const moved = (i: number): number => (means[k * d + i] as number) - (old.means[k * d + i] as number);
  const fromPrior = (i: number): number => (means[k * d + i] as number) - (priors.meanPrior ?? 0);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      // Σ g (d_i − m_i)(d_j − m_j) with m the shift of the mean.
      const scatter =
        (second[i * d + j] as number) -
        moved(i) * (first[j] as number) -
        moved(j) * (first[i] as number) +
        weight * moved(i) * moved(j) +
        (priors.meanWeight ?? 0) * fromPrior(i) * fromPrior(j);
      const value =
        !full && i !== j ? 0 : total > 0 ? (prior + scatter) / total : (old.covariances[base + i * d + j] as number);
      out[base + i * d + j] = value;
      out[base + j * d + i] = value;
    }
  }
  if (options.covarianceType === 'spherical') {
    let average = 0;
    for (let i = 0; i < d; i++) average += (out[base + i * d + i] as number) / d;
    for (let i = 0; i < d; i++) out[base + i * d + i] = average;
  }
}

/** Raises diagonal entries to the floor; where one was raised, its covariances are dropped so that the matrix stays positive. */
function raiseToFloor(covariances: Float64Array, k: number, d: number, { floor }: MStepOptions): boolean {
  const base = k * d * d;
  let raised = false;
  for (let i = 0; i < d; i++) {
    if ((covariances[base + i * d + i] as number) >= (floor[i] as number)) continue;
    raised = true;
    for (let j = 0; j < d; j++) {
      covariances[base + i * d + j] = 0;
      covariances[base + j * d + i] = 0;
    }
    covariances[base + i * d + i] = floor[i] as number;
  }
  return raised;
}

function dirichlet(counts: Float64Array, prior: number): Float64Array | null {
  const raised = counts.map((c) => Math.max(0, c + prior - 1));
  let total = 0;
  for (const c of raised) total += c;
  if (!(total > 0)) return null;
  return raised.map((c) => (c / total < NEGLIGIBLE ? 0 : c / total));
}
