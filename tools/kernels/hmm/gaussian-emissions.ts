/**
 * Densities of every observation in every state of a Gaussian hidden Markov model.
 *
 * The densities are written relative to the highest peak of any state, w_tk = N(x_t; μ_k, Σ_k) / e^logConstant ≤ 1, so
 * that forward probabilities can only shrink and are rescaled rarely. `logRow` gives one row in logs for the rare
 * observation whose densities all underflow. Cost O(T·K·D²); loops run state by state with the parameters in registers.
 * Source: Rabiner (1989), eq. 49; Mahalanobis form through the inverse Cholesky factor, z = L⁻¹(x − μ).
 *
 * @example gaussianEmissions({ data, rows, cols: 1 }, model, new Float64Array(rows * states))
 */
import { TradewindError } from '../../../lib/errors.ts';
import { fastExp } from './fast-exp.ts';
import type { HmmModel, Observations } from './hmm-model.ts';

export interface Emissions {
  /** T × K, each at most about 1. */
  readonly densities: Float64Array;
  /** Natural logarithm of what every row was divided by. */
  readonly logConstant: number;
  /** Writes the natural log densities of row `t`, without the constant. */
  logRow(t: number, out: Float64Array): void;
}

interface StateFactor {
  /** Inverse of the lower Cholesky factor, D × D. */
  readonly inverse: Float64Array;
  /** Log density at the mean. */
  readonly peak: number;
}

const LOG_2PI = Math.log(2 * Math.PI);

export function gaussianEmissions(observations: Observations, model: HmmModel, densities: Float64Array): Emissions {
  const { states } = model;
  const factors = Array.from({ length: states }, (_, k) => factorise(model, k));
  const logConstant = Math.max(...factors.map((f) => f.peak));
  for (let k = 0; k < states; k++) {
    const { inverse, peak } = factors[k] as StateFactor;
    const offset = peak - logConstant;
    if (model.features === 1) fillLine(observations, model, k, inverse, offset, densities);
    else if (model.features === 2) fillPlane(observations, model, k, inverse, offset, densities);
    else fillSpace(observations, model, k, inverse, offset, densities);
  }
  const logRow = (t: number, out: Float64Array): void => {
    for (let k = 0; k < states; k++) {
      const { inverse, peak } = factors[k] as StateFactor;
      out[k] = peak - logConstant - 0.5 * squaredDistance(observations, model, k, inverse, t);
    }
  };
  return { densities, logConstant, logRow };
}

function fillLine(
  o: Observations,
  model: HmmModel,
  k: number,
  inverse: Float64Array,
  offset: number,
  out: Float64Array,
) {
  const { data, rows } = o;
  const states = model.states;
  const mean = model.means[k] as number;
  const half = -0.5 * (inverse[0] as number) ** 2;
  for (let t = 0, at = k; t < rows; t++, at += states) {
    const d = (data[t] as number) - mean;
    out[at] = fastExp(offset + half * d * d);
  }
}

function fillPlane(
  o: Observations,
  model: HmmModel,
  k: number,
  inverse: Float64Array,
  offset: number,
  out: Float64Array,
) {
  const { data, rows } = o;
  const states = model.states;
  const mean0 = model.means[2 * k] as number;
  const mean1 = model.means[2 * k + 1] as number;
  const i00 = inverse[0] as number;
  const i10 = inverse[2] as number;
  const i11 = inverse[3] as number;
  for (let t = 0, at = k, from = 0; t < rows; t++, at += states, from += 2) {
    const d0 = (data[from] as number) - mean0;
    const d1 = (data[from + 1] as number) - mean1;
    const z0 = i00 * d0;
    const z1 = i10 * d0 + i11 * d1;
    out[at] = fastExp(offset - 0.5 * (z0 * z0 + z1 * z1));
  }
}

function fillSpace(
  o: Observations,
  model: HmmModel,
  k: number,
  inverse: Float64Array,
  offset: number,
  out: Float64Array,
) {
  for (let t = 0; t < o.rows; t++) {
    out[t * model.states + k] = fastExp(offset - 0.5 * squaredDistance(o, model, k, inverse, t));
  }
}

function squaredDistance(o: Observations, model: HmmModel, k: number, inverse: Float64Array, t: number): number {
  const d = model.features;
  let sum = 0;
  for (let i = 0; i < d; i++) {
    let z = 0;
    for (let j = 0; j <= i; j++) {
      z += (inverse[i * d + j] as number) * ((o.data[t * d + j] as number) - (model.means[k * d + j] as number));
    }
    sum += z * z;
  }
  return sum;
}

/** Inverse of the lower Cholesky factor of a state's covariance and the log density at its mean. */
function factorise(model: HmmModel, k: number): StateFactor {
  const d = model.features;
  const base = k * d * d;
  const lower = new Float64Array(d * d);
  let logDeterminant = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = model.covariances[base + i * d + j] as number;
      for (let m = 0; m < j; m++) sum -= (lower[i * d + m] as number) * (lower[j * d + m] as number);
      if (i === j) {
        if (!(sum > 0)) throw notPositive(k, sum);
        lower[i * d + i] = Math.sqrt(sum);
        logDeterminant += Math.log(sum);
      } else lower[i * d + j] = sum / (lower[j * d + j] as number);
    }
  }
  const inverse = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0;
      for (let m = j; m < i; m++) sum -= (lower[i * d + m] as number) * (inverse[m * d + j] as number);
      inverse[i * d + j] = sum / (lower[i * d + i] as number);
    }
  }
  return { inverse, peak: -0.5 * (d * LOG_2PI + logDeterminant) };
}

function notPositive(k: number, pivot: number): TradewindError {
  return new TradewindError({
    code: 'COVARIANCE_NOT_POSITIVE',
    kind: 'input',
    message: `The covariance of state ${k} is not positive definite (pivot ${pivot}).`,
    hint: 'Give a larger variance floor, fewer states, or a diagonal covariance; a constant or duplicated feature causes it.',
  });
}
