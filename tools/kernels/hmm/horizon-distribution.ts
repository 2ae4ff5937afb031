/**
 * What the next periods look like when the state is only known with probabilities.
 *
 * Question: mean and variance of the sum of the next `h` observations of one feature, and the distribution of the next one.
 * The sum: M1_h = A(μ + M1_(h−1)), M2_h = A(σ² + μ² + 2μ∘M1_(h−1) + M2_(h−1)), from the law of total expectation, exact for any h.
 * The next value: a normal mixture with weights p·A; its quantile is found by Brent's method on the mixture's cdf. O(h·K²).
 * Source: Hamilton (1994), Time Series Analysis, eqs 22.2.5 and 22.3.14; Timmermann (2000), J. Econometrics 96:75.
 *
 * @example sumOfNext(filteredNow, transitions, means, variances, 21) // { mean, variance }
 */
import { findRoot } from '../optimise-smooth/brent.ts';
import { normalCdf } from '../stats/normal.ts';
import { propagate } from './hmm-model.ts';

export interface MeanVariance {
  readonly mean: number;
  readonly variance: number;
}

export function sumOfNext(
  now: Float64Array,
  transitions: Float64Array,
  means: Float64Array,
  variances: Float64Array,
  steps: number,
): MeanVariance {
  const states = now.length;
  let first = new Float64Array(states);
  let second = new Float64Array(states);
  for (let step = 0; step < steps; step++) {
    const nextFirst = new Float64Array(states);
    const nextSecond = new Float64Array(states);
    for (let i = 0; i < states; i++) {
      for (let j = 0; j < states; j++) {
        const p = transitions[i * states + j] as number;
        const mu = means[j] as number;
        const m1 = first[j] as number;
        nextFirst[i] = (nextFirst[i] as number) + p * (mu + m1);
        const square = (variances[j] as number) + mu * mu + 2 * mu * m1 + (second[j] as number);
        nextSecond[i] = (nextSecond[i] as number) + p * square;
      }
    }
    first = nextFirst;
    second = nextSecond;
  }
  let mean = 0;
  let square = 0;
  for (let i = 0; i < states; i++) {
    mean += (now[i] as number) * (first[i] as number);
    square += (now[i] as number) * (second[i] as number);
  }
  return { mean, variance: Math.max(0, square - mean * mean) };
}

export interface MixtureOfNext extends MeanVariance {
  readonly weights: Float64Array;
  readonly probabilityBelowZero: number;
  quantile(p: number): number;
}

export function distributionOfNext(
  now: Float64Array,
  transitions: Float64Array,
  means: Float64Array,
  variances: Float64Array,
): MixtureOfNext {
  const weights = propagate(now, transitions, 1);
  const cdf = (x: number): number => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      sum += (weights[k] as number) * normalCdf((x - (means[k] as number)) / Math.sqrt(variances[k] as number));
    }
    return sum;
  };
  let reach = 0;
  for (let k = 0; k < means.length; k++) {
    reach = Math.max(reach, Math.abs(means[k] as number) + 40 * Math.sqrt(variances[k] as number));
  }
  return {
    ...sumOfNext(now, transitions, means, variances, 1),
    weights,
    probabilityBelowZero: cdf(0),
    quantile: (p) => findRoot((x) => cdf(x) - p, -reach, reach, { tolerance: 1e-12 * Math.max(1, reach) }).x,
  };
}
