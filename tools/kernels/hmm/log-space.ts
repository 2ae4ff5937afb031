/**
 * The slow, safe route: log densities of every row, and forward–backward entirely in logarithms.
 *
 * Question: what would the scaled recursions give with no chance of underflow? (Tests compare both routes.)
 * Shapes: T × K. O(T·K²) with an exponential for each term.
 * Source: Rabiner (1989), sec. V.A; log-sum-exp as in Press et al. (2007), Numerical Recipes, sec. 16.3.
 *
 * @example logForwardBackward(gaussianLogRows(observations, model), model.start, model.transitions, rows).logLikelihood
 */
import { gaussianEmissions } from './gaussian-emissions.ts';
import type { HmmModel, Observations } from './hmm-model.ts';

/** Natural log densities, T × K. */
export function gaussianLogRows(observations: Observations, model: HmmModel): Float64Array {
  const { rows } = observations;
  const { states } = model;
  if (model.features === 1) return logRowsOfLine(observations, model);
  // With no rows to fill, only the factorised covariances are made.
  const source = gaussianEmissions({ ...observations, rows: 0 }, model, new Float64Array(0));
  const out = new Float64Array(rows * states);
  for (let t = 0; t < rows; t++) {
    const row = out.subarray(t * states, (t + 1) * states);
    source.logRow(t, row);
    for (let k = 0; k < states; k++) row[k] = (row[k] as number) + source.logConstant;
  }
  return out;
}

function logRowsOfLine({ data, rows }: Observations, model: HmmModel): Float64Array {
  const { states } = model;
  const out = new Float64Array(rows * states);
  for (let k = 0; k < states; k++) {
    const variance = model.covariances[k] as number;
    const mean = model.means[k] as number;
    const peak = -0.5 * Math.log(2 * Math.PI * variance);
    const half = -0.5 / variance;
    for (let t = 0, at = k; t < rows; t++, at += states) {
      const d = (data[t] as number) - mean;
      out[at] = peak + half * d * d;
    }
  }
  return out;
}

export interface LogSpaceResult {
  readonly logLikelihood: number;
  readonly filtered: Float64Array;
  readonly smoothed: Float64Array;
  readonly transitionCounts: Float64Array;
}

export function logForwardBackward(
  logDensities: Float64Array,
  start: Float64Array,
  transitions: Float64Array,
  rows: number,
): LogSpaceResult {
  const states = start.length;
  const logA = transitions.map((p) => Math.log(p));
  const alpha = new Float64Array(rows * states);
  const beta = new Float64Array(rows * states);
  const terms = new Float64Array(states);
  for (let t = 0; t < rows; t++) {
    for (let j = 0; j < states; j++) {
      for (let i = 0; i < states; i++) {
        terms[i] =
          t === 0
            ? i === j
              ? Math.log(start[j] as number)
              : Number.NEGATIVE_INFINITY
            : (alpha[(t - 1) * states + i] as number) + (logA[i * states + j] as number);
      }
      alpha[t * states + j] = logSumExp(terms) + (logDensities[t * states + j] as number);
    }
  }
  for (let t = rows - 2; t >= 0; t--) {
    for (let i = 0; i < states; i++) {
      for (let j = 0; j < states; j++) {
        const next = (t + 1) * states + j;
        terms[j] = (logA[i * states + j] as number) + (logDensities[next] as number) + (beta[next] as number);
      }
      beta[t * states + i] = logSumExp(terms);
    }
  }
  const logLikelihood = logSumExp(alpha.subarray((rows - 1) * states));
  const filtered = alpha.map((v, at) => {
    const row = Math.floor(at / states) * states;
    return Math.exp(v - logSumExp(alpha.subarray(row, row + states)));
  });
  const smoothed = alpha.map((v, at) => Math.exp(v + (beta[at] as number) - logLikelihood));
  const transitionCounts = new Float64Array(states * states);
  for (let t = 0; t < rows - 1; t++) {
    for (let i = 0; i < states; i++) {
      for (let j = 0; j < states; j++) {
        const next = (t + 1) * states + j;
        const joint =
          (alpha[t * states + i] as number) +
          (logA[i * states + j] as number) +
          (logDensities[next] as number) +
          (beta[next] as number);
        transitionCounts[i * states + j] =
          (transitionCounts[i * states + j] as number) + Math.exp(joint - logLikelihood);
      }
    }
  }
  return { logLikelihood, filtered, smoothed, transitionCounts };
}

function logSumExp(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const v of values) most = Math.max(most, v);
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (const v of values) sum += Math.exp(v - most);
  return most + Math.log(sum);
}
