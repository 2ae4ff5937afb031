/**
 * The single likeliest path of states given all data (it uses the future: never trade on it).
 *
 * Log-space maximisation with back-pointers; loops for 2 and 3 states keep the scores in registers.
 * Ties go to the lower state. O(T·K²), memory T·K bytes.
 * Source: Viterbi (1967), IEEE Trans. Inf. Theory 13:260; Rabiner (1989), eqs 32–35.
 *
 * @example viterbi(observations, model).path // Uint8Array of states
 */

import type { HmmModel, Observations } from './hmm-model.ts';
import { gaussianLogRows } from './log-space.ts';

export interface ViterbiPath {
  readonly path: Uint8Array;
  /** Log-probability of data and path together. */
  readonly logProbability: number;
}

export function viterbi(observations: Observations, model: HmmModel): ViterbiPath {
  return viterbiFromLogs(gaussianLogRows(observations, model), model.start, model.transitions, observations.rows);
}

/** `logDensities` is T × K. */
export function viterbiFromLogs(
  logDensities: Float64Array,
  start: Float64Array,
  transitions: Float64Array,
  rows: number,
): ViterbiPath {
  const states = start.length;
  const logA = transitions.map((p) => Math.log(p));
  // Up to three states the pointers of a row share one byte: the walk back then waits for no memory.
  const packed = states === 2 || states === 3;
  const from = new Uint8Array(packed ? rows : rows * states);
  let score = new Float64Array(states);
  for (let k = 0; k < states; k++) score[k] = Math.log(start[k] as number) + (logDensities[k] as number);
  score =
    states === 2
      ? walkTwo(logDensities, logA, from, score, rows)
      : states === 3
        ? walkThree(logDensities, logA, from, score, rows)
        : walk(logDensities, logA, from, score, rows);
  let best = 0;
  for (let k = 1; k < states; k++) if ((score[k] as number) > (score[best] as number)) best = k;
  const logProbability = score[best] as number;
  const path = new Uint8Array(rows);
  for (let t = rows - 1; t >= 0; t--) {
    path[t] = best;
    best = packed ? ((from[t] as number) >> (2 * best)) & 3 : (from[t * states + best] as number);
  }
  return { path, logProbability };
}

function walk(
  b: Float64Array,
  a: Float64Array,
  from: Uint8Array,
  first: Float64Array,
  rows: number,
): Float64Array<ArrayBuffer> {
  const states = first.length;
  let now = Float64Array.from(first);
  let next = new Float64Array(states);
  for (let t = 1; t < rows; t++) {
    for (let j = 0; j < states; j++) {
      let best = now[0] as number;
      best += a[j] as number;
      let pointer = 0;
      for (let i = 1; i < states; i++) {
        const candidate = (now[i] as number) + (a[i * states + j] as number);
        if (candidate > best) {
          best = candidate;
          pointer = i;
        }
      }
      next[j] = best + (b[t * states + j] as number);
      from[t * states + j] = pointer;
    }
    [now, next] = [next, now];
  }
  return now;
}

function walkTwo(
  b: Float64Array,
  a: Float64Array,
  from: Uint8Array,
  first: Float64Array,
  rows: number,
): Float64Array<ArrayBuffer> {
  const [a00, a01, a10, a11] = [a[0] as number, a[1] as number, a[2] as number, a[3] as number];
  let s0 = first[0] as number;
  let s1 = first[1] as number;
  for (let t = 1, at = 2; t < rows; t++, at += 2) {
    const x00 = s0 + a00;
    const x10 = s1 + a10;
    const x01 = s0 + a01;
    const x11 = s1 + a11;
    from[t] = (x10 > x00 ? 1 : 0) | (x11 > x01 ? 4 : 0);
    s0 = Math.max(x00, x10) + (b[at] as number);
    s1 = Math.max(x01, x11) + (b[at + 1] as number);
  }
  return Float64Array.of(s0, s1);
}

function walkThree(
  b: Float64Array,
  a: Float64Array,
  from: Uint8Array,
  first: Float64Array,
  rows: number,
): Float64Array<ArrayBuffer> {
  const [a00, a01, a02] = [a[0] as number, a[1] as number, a[2] as number];
  const [a10, a11, a12] = [a[3] as number, a[4] as number, a[5] as number];
  const [a20, a21, a22] = [a[6] as number, a[7] as number, a[8] as number];
  let s0 = first[0] as number;
  let s1 = first[1] as number;
  let s2 = first[2] as number;
  for (let t = 1, at = 3; t < rows; t++, at += 3) {
    let best0 = s0 + a00;
    let best1 = s0 + a01;
    let best2 = s0 + a02;
    let from0 = 0;
    let from1 = 0;
    let from2 = 0;
    if (s1 + a10 > best0) {
      best0 = s1 + a10;
      from0 = 1;
    }
    if (s1 + a11 > best1) {
      best1 = s1 + a11;
      from1 = 1;
    }
    if (s1 + a12 > best2) {
      best2 = s1 + a12;
      from2 = 1;
    }
    if (s2 + a20 > best0) {
      best0 = s2 + a20;
      from0 = 2;
    }
    if (s2 + a21 > best1) {
      best1 = s2 + a21;
      from1 = 2;
    }
    if (s2 + a22 > best2) {
      best2 = s2 + a22;
      from2 = 2;
    }
    from[t] = from0 | (from1 << 2) | (from2 << 4);
    s0 = best0 + (b[at] as number);
    s1 = best1 + (b[at + 1] as number);
    s2 = best2 + (b[at + 2] as number);
  }
  return Float64Array.of(s0, s1, s2);
}
