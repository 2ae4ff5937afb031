/**
 * What is wrong with the states of a fitted hidden Markov model, if anything.
 *
 * Question: is each state a regime, or an artefact of the likelihood (which is unbounded where a variance goes to zero)?
 * `floored`: the variance was held up by the floor. `collapsed`: a variance below 1% of the sample's (0.1% with several
 * features). `dead`: fewer than 0.5% of the rows, or fewer than 3. `duplicate`: two states whose distributions can hardly be told
 * apart (symmetric Kullback–Leibler divergence of the first feature below 0.01). `absorbing`: never left. O(K²).
 * Source: McLachlan & Peel (2000), Finite Mixture Models, sec. 3.8 and 3.10; Kullback & Leibler (1951).
 *
 * @example diagnoseStates(fit.model, fit, sampleVariance(observations), observations.rows) // []
 */
import type { HmmModel } from './hmm-model.ts';

export type StateProblem = 'floored' | 'collapsed' | 'dead' | 'duplicate' | 'absorbing';

export interface StateDiagnosis {
  readonly state: number;
  readonly problem: StateProblem;
  /** The other state, of a duplicate. */
  readonly other: number | null;
}

export interface FitFacts {
  readonly weights: Float64Array;
  readonly floored: readonly number[];
}

/** Problems that make the likelihood meaningless: such a fit is used only where there is no other. */
const DEGENERATE: readonly StateProblem[] = ['floored', 'collapsed', 'dead'];

export function diagnoseStates(
  model: HmmModel,
  facts: FitFacts,
  variance: Float64Array,
  rows: number,
): readonly StateDiagnosis[] {
  const { states, features } = model;
  const found: StateDiagnosis[] = [];
  const share = features === 1 ? 0.01 : 0.001;
  for (let k = 0; k < states; k++) {
    const add = (problem: StateProblem, other: number | null = null) => found.push({ state: k, problem, other });
    if (facts.floored.includes(k)) add('floored');
    else if (isNarrow(model, k, variance, share)) add('collapsed');
    if (states > 1 && (facts.weights[k] as number) < Math.max(3, 0.005 * rows)) add('dead');
    if (states > 1 && (model.transitions[k * states + k] as number) > 1 - 1e-9) add('absorbing');
    for (let other = 0; other < k; other++) if (divergence(model, k, other) < 0.01) add('duplicate', other);
  }
  return found;
}

export function isDegenerate(diagnoses: readonly StateDiagnosis[]): boolean {
  return diagnoses.some((d) => DEGENERATE.includes(d.problem));
}

function isNarrow(model: HmmModel, k: number, variance: Float64Array, share: number): boolean {
  const d = model.features;
  for (let i = 0; i < d; i++) {
    if ((model.covariances[k * d * d + i * d + i] as number) < share * (variance[i] as number)) return true;
  }
  return false;
}

/** Largest symmetric divergence over the features: states are duplicates only where all features agree. */
function divergence(model: HmmModel, a: number, b: number): number {
  const d = model.features;
  let largest = 0;
  for (let i = 0; i < d; i++) {
    const va = model.covariances[a * d * d + i * d + i] as number;
    const vb = model.covariances[b * d * d + i * d + i] as number;
    const gap = ((model.means[a * d + i] as number) - (model.means[b * d + i] as number)) ** 2;
    largest = Math.max(largest, 0.5 * (va / vb + vb / va - 2 + gap * (1 / va + 1 / vb)));
  }
  return largest;
}
