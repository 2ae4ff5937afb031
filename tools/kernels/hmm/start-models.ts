/**
 * Start parameters for EM, different for each attempt.
 *
 * Regimes of returns differ more in variance than in mean, so most starts group blocks of consecutive rows by their mean
 * and log-variance (k-means++), with block lengths from a week to a quarter; every second one groups single rows, as
 * hmmlearn does, with sparse random transition rows. The others start sticky, with a stay probability in (0.8, 0.99). Same rng,
 * same starts.
 * Source: Biernacki, Celeux & Govaert (2003), Comput. Stat. Data Anal. 41:561 (several short EM runs from varied starts).
 *
 * @example startModel(observations, 3, 'diag', 0, createRng(42))
 */
import type { Rng } from '../../../lib/rng.ts';
import { sampleVariance } from './fit-em.ts';
import type { CovarianceType, HmmModel, Observations } from './hmm-model.ts';
import { kMeans } from './k-means.ts';

const BLOCKS = [21, 10, 42, 5] as const;
/** Share of the sample variance that a group's variance starts with at least. */
const LEAST_VARIANCE = 0.02;

export function startModel(
  o: Observations,
  states: number,
  covarianceType: CovarianceType,
  attempt: number,
  rng: Rng,
): HmmModel {
  const byRow = attempt % 2 === 1;
  const wished = BLOCKS[(attempt >> 1) % BLOCKS.length] as number;
  const length = byRow ? 1 : Math.max(1, Math.min(wished, Math.floor(o.rows / (4 * states))));
  const assignment = length === 1 ? kMeans(standardise(o), states, rng) : groupBlocks(o, length, states, rng);
  return modelOf(o, states, covarianceType, assignment, { sticky: !byRow, wide: attempt % 4 === 1 }, rng);
}

/** Assigns rows by the group of their block. */
function groupBlocks(o: Observations, length: number, states: number, rng: Rng): Int32Array {
  const blocks = Math.floor(o.rows / length);
  const cols = o.cols * 2;
  const data = new Float64Array(blocks * cols);
  const tiny = sampleVariance(o).map((v) => Math.max(v * 1e-8, 1e-300));
  for (let b = 0; b < blocks; b++) {
    for (let d = 0; d < o.cols; d++) {
      const { mean, variance } = blockMoments(o, b * length, length, d);
      data[b * cols + 2 * d] = mean;
      data[b * cols + 2 * d + 1] = Math.log(variance + (tiny[d] as number));
    }
  }
  const groups = kMeans(standardise({ data, rows: blocks, cols }), states, rng);
  return Int32Array.from({ length: o.rows }, (_, t) => groups[Math.min(blocks - 1, Math.floor(t / length))] as number);
}

function blockMoments(o: Observations, from: number, length: number, d: number) {
  let mean = 0;
  for (let t = from; t < from + length; t++) mean += (o.data[t * o.cols + d] as number) / length;
  let variance = 0;
  for (let t = from; t < from + length; t++) variance += ((o.data[t * o.cols + d] as number) - mean) ** 2 / length;
  return { mean, variance };
}

function standardise(o: Observations): Observations {
  const { rows, cols } = o;
  const variance = sampleVariance(o);
  const data = new Float64Array(rows * cols);
  for (let d = 0; d < cols; d++) {
    const scale = (variance[d] as number) > 0 ? 1 / Math.sqrt(variance[d] as number) : 0;
    const origin = o.data[d] as number;
    for (let t = 0; t < rows; t++) data[t * cols + d] = ((o.data[t * cols + d] as number) - origin) * scale;
  }
  return { data, rows, cols };
}

interface Style {
  readonly sticky: boolean;
  /** Every state starts with the variance of the whole sample. */
  readonly wide: boolean;
}

function modelOf(
  o: Observations,
  states: number,
  type: CovarianceType,
  assignment: Int32Array,
  style: Style,
  rng: Rng,
): HmmModel {
  const { cols } = o;
  const variance = sampleVariance(o);
  const means = new Float64Array(states * cols);
  const covariances = new Float64Array(states * cols * cols);
  for (let k = 0; k < states; k++) {
    const members: number[] = [];
    for (let t = 0; t < o.rows; t++) if (assignment[t] === k) members.push(t);
    for (let d = 0; d < cols; d++) {
      let mean = 0;
      for (const t of members) mean += (o.data[t * cols + d] as number) / members.length;
      let squares = 0;
      for (const t of members) squares += ((o.data[t * cols + d] as number) - mean) ** 2 / members.length;
      means[k * cols + d] = members.length > 0 ? mean : (o.data[rng.integer(o.rows) * cols + d] as number);
      const own = style.wide ? (variance[d] as number) : squares;
      covariances[k * cols * cols + d * cols + d] = Math.max(own, LEAST_VARIANCE * (variance[d] as number), 1e-300);
    }
    if (type === 'spherical') equaliseDiagonal(covariances, k, cols);
  }
  const transitions = style.sticky ? stickyRows(states, rng) : dirichletRows(states, rng);
  return { states, features: cols, start: new Float64Array(states).fill(1 / states), transitions, means, covariances };
}

function stickyRows(states: number, rng: Rng): Float64Array {
  const transitions = new Float64Array(states * states);
  for (let i = 0; i < states; i++) {
    const stay = states === 1 ? 1 : 0.8 + 0.19 * rng.uniform();
    for (let j = 0; j < states; j++) transitions[i * states + j] = i === j ? stay : (1 - stay) / (states - 1);
  }
  return transitions;
}

/** Sparse random rows, near Dirichlet(1/K): for chains that jump to and fro instead of staying. */
function dirichletRows(states: number, rng: Rng): Float64Array {
  const transitions = new Float64Array(states * states);
  for (let i = 0; i < states; i++) {
    let total = 0;
    for (let j = 0; j < states; j++) {
      const draw = -Math.log(rng.openUniform()) * rng.openUniform() ** states;
      transitions[i * states + j] = draw;
      total += draw;
    }
    for (let j = 0; j < states; j++) transitions[i * states + j] = (transitions[i * states + j] as number) / total;
  }
  return transitions;
}

function equaliseDiagonal(covariances: Float64Array, k: number, cols: number): void {
  let average = 0;
  for (let d = 0; d < cols; d++) average += (covariances[k * cols * cols + d * cols + d] as number) / cols;
  for (let d = 0; d < cols; d++) covariances[k * cols * cols + d * cols + d] = average;
}
