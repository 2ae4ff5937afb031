/**
 * Forward and backward passes of a hidden Markov model: what is known about the state at each time.
 *
 * Question: P(s_t | x_1…x_t) (filtered, no look-ahead), P(s_t | x_1…x_T) (smoothed, uses the future), the
 * log-likelihood, and the expected number of transitions.
 * Method: scaled recursions (Rabiner 1989, eqs 91–95) that rescale only when a row falls below 1e-60, with loops
 * unrolled for 2, 3 and 4 states. An observation whose densities all vanish is redone in logs, so no data are too extreme.
 * Shapes: densities, filtered and smoothed T × K; `transitionCounts` K × K. Cost O(T·K²), no allocation.
 *
 * @example const logLikelihood = forward(emissions, start, transitions, rows, work); backward(emissions, transitions, rows, work);
 */
import { TradewindError } from '../../../lib/errors.ts';
import { backwardFour, backwardGeneric, backwardThree, backwardTwo } from './backward-loops.ts';
import type { Emissions } from './gaussian-emissions.ts';

/** Buffers that one fit uses again and again. */
export interface HmmWorkspace {
  readonly densities: Float64Array;
  /** Forward probabilities, each row up to a factor of its own: normalise a row to get the filtered probabilities. */
  readonly forward: Float64Array;
  readonly smoothed: Float64Array;
  /** Σ_t P(s_t = i, s_(t+1) = j | all data). */
  readonly transitionCounts: Float64Array;
}

const RESCALE_BELOW = 1e-60;

export function createWorkspace(rows: number, states: number): HmmWorkspace {
  return {
    densities: new Float64Array(rows * states),
    forward: new Float64Array(rows * states),
    smoothed: new Float64Array(rows * states),
    transitionCounts: new Float64Array(states * states),
  };
}

/** Fills `work.forward` and returns the log-likelihood of all rows. */
export function forward(
  emissions: Emissions,
  start: Float64Array,
  transitions: Float64Array,
  rows: number,
  work: HmmWorkspace,
): number {
  const states = start.length;
  const b = emissions.densities;
  const alpha = work.forward;
  let sum = 0;
  for (let k = 0; k < states; k++) {
    alpha[k] = (start[k] as number) * (b[k] as number);
    sum += alpha[k] as number;
  }
  let logScale = 0;
  let t = 0;
  for (;;) {
    if (sum < RESCALE_BELOW || !(sum <= 1e60)) logScale += rescaleRow(emissions, start, transitions, t, work);
    if (++t >= rows) break;
    // The unrolled loops stop at the first row that needs rescaling.
    const loop = states === 2 ? forwardTwo : states === 3 ? forwardThree : states === 4 ? forwardFour : forwardGeneric;
    t = loop(b, transitions, alpha, t, rows, states);
    if (t >= rows) {
      t = rows - 1;
      break;
    }
    sum = rowSum(alpha, t, states);
  }
  return Math.log(rowSum(alpha, rows - 1, states)) + logScale + rows * emissions.logConstant;
}

/** Fills `work.smoothed` and `work.transitionCounts`; `forward` must have run on the same workspace. */
export function backward(transitions: Float64Array, states: number, rows: number, work: HmmWorkspace): void {
  work.transitionCounts.fill(0);
  if (states === 2) backwardTwo(transitions, rows, work);
  else if (states === 3) backwardThree(transitions, rows, work);
  else if (states === 4) backwardFour(transitions, rows, work);
  else backwardGeneric(transitions, states, rows, work);
  const counts = work.transitionCounts;
  for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] as number) * (transitions[i] as number);
}

/** Each row of the forward array normalised: P(s_t | x_1 … x_t). */
export function filteredProbabilities(work: HmmWorkspace, rows: number, states: number): Float64Array {
  const out = work.forward.slice(0, rows * states);
  for (let t = 0; t < rows; t++) {
    const scale = 1 / rowSum(out, t, states);
    for (let k = 0; k < states; k++) out[t * states + k] = (out[t * states + k] as number) * scale;
  }
  return out;
}

function rowSum(alpha: Float64Array, t: number, states: number): number {
  let sum = 0;
  for (let k = 0; k < states; k++) sum += alpha[t * states + k] as number;
  return sum;
}

/** Normalises row `t` to sum 1 and returns the log of what was taken out; redoes it in logs where it vanished. */
function rescaleRow(
  emissions: Emissions,
  start: Float64Array,
  transitions: Float64Array,
  t: number,
  work: HmmWorkspace,
): number {
  const states = start.length;
  const alpha = work.forward;
  const before = t === 0 ? 1 : rowSum(alpha, t - 1, states);
  let sum = rowSum(alpha, t, states);
  let shift = 0;
  if (!(sum > 1e-150 * before && sum <= 1e60)) {
    shift = redoInLogs(emissions, start, transitions, t, work);
    sum = rowSum(alpha, t, states);
  }
  for (let k = 0; k < states; k++) alpha[t * states + k] = (alpha[t * states + k] as number) / sum;
  return Math.log(sum) + shift;
}

/** Recomputes row `t` relative to its likeliest reachable state, writes densities and forward row, returns the log shift. */
function redoInLogs(
  emissions: Emissions,
  start: Float64Array,
  transitions: Float64Array,
  t: number,
  work: HmmWorkspace,
): number {
  const states = start.length;
  const logs = new Float64Array(states);
  emissions.logRow(t, logs);
  const predicted = new Float64Array(states);
  let shift = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < states; j++) {
    let p = t === 0 ? (start[j] as number) : 0;
    for (let i = 0; t > 0 && i < states; i++) {
      p += (work.forward[(t - 1) * states + i] as number) * (transitions[i * states + j] as number);
    }
    predicted[j] = p;
    if (p > 0) shift = Math.max(shift, logs[j] as number);
  }
  if (!Number.isFinite(shift)) throw impossibleRow(t);
  for (let j = 0; j < states; j++) {
    // A state that cannot be reached now has no say; its density only has to stay finite.
    const density = Math.exp(Math.min(100, (logs[j] as number) - shift));
    emissions.densities[t * states + j] = density;
    work.forward[t * states + j] = (predicted[j] as number) * density;
  }
  return shift;
}

function impossibleRow(t: number): TradewindError {
  return new TradewindError({
    code: 'IMPOSSIBLE_OBSERVATION',
    kind: 'data',
    message: `Observation ${t} has zero likelihood in every state that can be reached.`,
    hint: 'Check the data for a wrong value there, or start from other parameters.',
  });
}

type ForwardLoop = (
  b: Float64Array,
  a: Float64Array,
  alpha: Float64Array,
  from: number,
  rows: number,
  states: number,
) => number;

const forwardTwo: ForwardLoop = (b, a, alpha, from, rows) => {
  const a00 = a[0] as number;
  const a01 = a[1] as number;
  const a10 = a[2] as number;
  const a11 = a[3] as number;
  let p0 = alpha[2 * from - 2] as number;
  let p1 = alpha[2 * from - 1] as number;
  for (let t = from, at = 2 * from; t < rows; t++, at += 2) {
    const q0 = (p0 * a00 + p1 * a10) * (b[at] as number);
    p1 = (p0 * a01 + p1 * a11) * (b[at + 1] as number);
    p0 = q0;
    alpha[at] = p0;
    alpha[at + 1] = p1;
    if (p0 + p1 < RESCALE_BELOW) return t;
  }
  return rows;
};

const forwardThree: ForwardLoop = (b, a, alpha, from, rows) => {
  const a00 = a[0] as number;
  const a01 = a[1] as number;
  const a02 = a[2] as number;
  const a10 = a[3] as number;
  const a11 = a[4] as number;
  const a12 = a[5] as number;
  const a20 = a[6] as number;
  const a21 = a[7] as number;
  const a22 = a[8] as number;
  let p0 = alpha[3 * from - 3] as number;
  let p1 = alpha[3 * from - 2] as number;
  let p2 = alpha[3 * from - 1] as number;
  for (let t = from, at = 3 * from; t < rows; t++, at += 3) {
    const q0 = (p0 * a00 + p1 * a10 + p2 * a20) * (b[at] as number);
    const q1 = (p0 * a01 + p1 * a11 + p2 * a21) * (b[at + 1] as number);
    p2 = (p0 * a02 + p1 * a12 + p2 * a22) * (b[at + 2] as number);
    p0 = q0;
    p1 = q1;
    alpha[at] = p0;
    alpha[at + 1] = p1;
    alpha[at + 2] = p2;
    if (p0 + p1 + p2 < RESCALE_BELOW) return t;
  }
  return rows;
};

const forwardFour: ForwardLoop = (b, a, alpha, from, rows) => {
  const a00 = a[0] as number;
  const a01 = a[1] as number;
  const a02 = a[2] as number;
  const a03 = a[3] as number;
  const a10 = a[4] as number;
  const a11 = a[5] as number;
  const a12 = a[6] as number;
  const a13 = a[7] as number;
  const a20 = a[8] as number;
  const a21 = a[9] as number;
  const a22 = a[10] as number;
  const a23 = a[11] as number;
  const a30 = a[12] as number;
  const a31 = a[13] as number;
  const a32 = a[14] as number;
  const a33 = a[15] as number;
  let p0 = alpha[4 * from - 4] as number;
  let p1 = alpha[4 * from - 3] as number;
  let p2 = alpha[4 * from - 2] as number;
  let p3 = alpha[4 * from - 1] as number;
  for (let t = from, at = 4 * from; t < rows; t++, at += 4) {
    const q0 = (p0 * a00 + p1 * a10 + p2 * a20 + p3 * a30) * (b[at] as number);
    const q1 = (p0 * a01 + p1 * a11 + p2 * a21 + p3 * a31) * (b[at + 1] as number);
    const q2 = (p0 * a02 + p1 * a12 + p2 * a22 + p3 * a32) * (b[at + 2] as number);
    p3 = (p0 * a03 + p1 * a13 + p2 * a23 + p3 * a33) * (b[at + 3] as number);
    p0 = q0;
    p1 = q1;
    p2 = q2;
    alpha[at] = p0;
    alpha[at + 1] = p1;
    alpha[at + 2] = p2;
    alpha[at + 3] = p3;
    if (p0 + p1 + p2 + p3 < RESCALE_BELOW) return t;
  }
  return rows;
};

const forwardGeneric: ForwardLoop = (b, a, alpha, from, rows, states) => {
  for (let t = from; t < rows; t++) {
    const at = t * states;
    const previous = at - states;
    let sum = 0;
    for (let j = 0; j < states; j++) {
      let p = 0;
      for (let i = 0; i < states; i++) p += (alpha[previous + i] as number) * (a[i * states + j] as number);
      p *= b[at + j] as number;
      alpha[at + j] = p;
      sum += p;
    }
    if (sum < RESCALE_BELOW) return t;
  }
  return rows;
};
