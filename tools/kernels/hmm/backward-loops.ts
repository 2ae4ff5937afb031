/**
 * The backward recursion, unrolled for 2, 3 and 4 states (the generic loop costs about three times as much).
 *
 * Reads densities and forward rows, writes smoothed rows P(s_t | all data) and Σ_t w_t(i)·v_(t+1)(j), which is the
 * expected number of transitions up to the factor a_ij. Rows may carry any scale: it cancels in w_t = α_t / Σ α_t β_t.
 * Longer than a usual function on purpose: the parameters live in registers.
 * Source: Rabiner (1989), eqs 25, 27, 37. O(T·K²).
 *
 * @example backwardThree(transitions, rows, workspace)
 */
import type { HmmWorkspace } from './forward-backward.ts';

const RESCALE_BELOW = 1e-60;
const RESCALE_ABOVE = 1e60;

export function backwardTwo(a: Float64Array, rows: number, work: HmmWorkspace): void {
  const { densities: b, forward: alpha, smoothed, transitionCounts } = work;
  const a00 = a[0] as number;
  const a01 = a[1] as number;
  const a10 = a[2] as number;
  const a11 = a[3] as number;
  let s0 = 1;
  let s1 = 1;
  let at = 2 * rows - 2;
  let scale = 1 / ((alpha[at] as number) + (alpha[at + 1] as number));
  smoothed[at] = (alpha[at] as number) * scale;
  smoothed[at + 1] = (alpha[at + 1] as number) * scale;
  let n00 = 0;
  let n01 = 0;
  let n10 = 0;
  let n11 = 0;
  for (; at > 0; at -= 2) {
    const v0 = s0 * (b[at] as number);
    const v1 = s1 * (b[at + 1] as number);
    s0 = a00 * v0 + a01 * v1;
    s1 = a10 * v0 + a11 * v1;
    const p0 = alpha[at - 2] as number;
    const p1 = alpha[at - 1] as number;
    scale = 1 / (p0 * s0 + p1 * s1);
    const w0 = p0 * scale;
    const w1 = p1 * scale;
    smoothed[at - 2] = w0 * s0;
    smoothed[at - 1] = w1 * s1;
    n00 += w0 * v0;
    n01 += w0 * v1;
    n10 += w1 * v0;
    n11 += w1 * v1;
    const size = s0 + s1;
    if (size < RESCALE_BELOW || size > RESCALE_ABOVE) {
      s0 /= size;
      s1 /= size;
    }
  }
  transitionCounts[0] = n00;
  transitionCounts[1] = n01;
  transitionCounts[2] = n10;
  transitionCounts[3] = n11;
}

export function backwardThree(a: Float64Array, rows: number, work: HmmWorkspace): void {
  const { densities: b, forward: alpha, smoothed, transitionCounts } = work;
  const a00 = a[0] as number;
  const a01 = a[1] as number;
  const a02 = a[2] as number;
  const a10 = a[3] as number;
  const a11 = a[4] as number;
  const a12 = a[5] as number;
  const a20 = a[6] as number;
  const a21 = a[7] as number;
  const a22 = a[8] as number;
  let s0 = 1;
  let s1 = 1;
  let s2 = 1;
  let at = 3 * rows - 3;
  let scale = 1 / ((alpha[at] as number) + (alpha[at + 1] as number) + (alpha[at + 2] as number));
  smoothed[at] = (alpha[at] as number) * scale;
  smoothed[at + 1] = (alpha[at + 1] as number) * scale;
  smoothed[at + 2] = (alpha[at + 2] as number) * scale;
  let n00 = 0;
  let n01 = 0;
  let n02 = 0;
  let n10 = 0;
  let n11 = 0;
  let n12 = 0;
  let n20 = 0;
  let n21 = 0;
  let n22 = 0;
  for (; at > 0; at -= 3) {
    const v0 = s0 * (b[at] as number);
    const v1 = s1 * (b[at + 1] as number);
    const v2 = s2 * (b[at + 2] as number);
    s0 = a00 * v0 + a01 * v1 + a02 * v2;
    s1 = a10 * v0 + a11 * v1 + a12 * v2;
    s2 = a20 * v0 + a21 * v1 + a22 * v2;
    const p0 = alpha[at - 3] as number;
    const p1 = alpha[at - 2] as number;
    const p2 = alpha[at - 1] as number;
    scale = 1 / (p0 * s0 + p1 * s1 + p2 * s2);
    const w0 = p0 * scale;
    const w1 = p1 * scale;
    const w2 = p2 * scale;
    smoothed[at - 3] = w0 * s0;
    smoothed[at - 2] = w1 * s1;
    smoothed[at - 1] = w2 * s2;
    n00 += w0 * v0;
    n01 += w0 * v1;
    n02 += w0 * v2;
    n10 += w1 * v0;
    n11 += w1 * v1;
    n12 += w1 * v2;
    n20 += w2 * v0;
    n21 += w2 * v1;
    n22 += w2 * v2;
    const size = s0 + s1 + s2;
    if (size < RESCALE_BELOW || size > RESCALE_ABOVE) {
      s0 /= size;
      s1 /= size;
      s2 /= size;
    }
  }
  transitionCounts[0] = n00;
  transitionCounts[1] = n01;
  transitionCounts[2] = n02;
  transitionCounts[3] = n10;
  transitionCounts[4] = n11;
  transitionCounts[5] = n12;
  transitionCounts[6] = n20;
  transitionCounts[7] = n21;
  transitionCounts[8] = n22;
}

export function backwardFour(a: Float64Array, rows: number, work: HmmWorkspace): void {
  const { densities: b, forward: alpha, smoothed, transitionCounts } = work;
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
  let s0 = 1;
  let s1 = 1;
  let s2 = 1;
  let s3 = 1;
  let at = 4 * rows - 4;
  let scale =
    1 / ((alpha[at] as number) + (alpha[at + 1] as number) + (alpha[at + 2] as number) + (alpha[at + 3] as number));
  smoothed[at] = (alpha[at] as number) * scale;
  smoothed[at + 1] = (alpha[at + 1] as number) * scale;
  smoothed[at + 2] = (alpha[at + 2] as number) * scale;
  smoothed[at + 3] = (alpha[at + 3] as number) * scale;
  let n00 = 0;
  let n01 = 0;
  let n02 = 0;
  let n03 = 0;
  let n10 = 0;
  let n11 = 0;
  let n12 = 0;
  let n13 = 0;
  let n20 = 0;
  let n21 = 0;
  let n22 = 0;
  let n23 = 0;
  let n30 = 0;
  let n31 = 0;
  let n32 = 0;
  let n33 = 0;
  for (; at > 0; at -= 4) {
    const v0 = s0 * (b[at] as number);
    const v1 = s1 * (b[at + 1] as number);
    const v2 = s2 * (b[at + 2] as number);
    const v3 = s3 * (b[at + 3] as number);
    s0 = a00 * v0 + a01 * v1 + a02 * v2 + a03 * v3;
    s1 = a10 * v0 + a11 * v1 + a12 * v2 + a13 * v3;
    s2 = a20 * v0 + a21 * v1 + a22 * v2 + a23 * v3;
    s3 = a30 * v0 + a31 * v1 + a32 * v2 + a33 * v3;
    const p0 = alpha[at - 4] as number;
    const p1 = alpha[at - 3] as number;
    const p2 = alpha[at - 2] as number;
    const p3 = alpha[at - 1] as number;
    scale = 1 / (p0 * s0 + p1 * s1 + p2 * s2 + p3 * s3);
    const w0 = p0 * scale;
    const w1 = p1 * scale;
    const w2 = p2 * scale;
    const w3 = p3 * scale;
    smoothed[at - 4] = w0 * s0;
    smoothed[at - 3] = w1 * s1;
    smoothed[at - 2] = w2 * s2;
    smoothed[at - 1] = w3 * s3;
    n00 += w0 * v0;
    n01 += w0 * v1;
    n02 += w0 * v2;
    n03 += w0 * v3;
    n10 += w1 * v0;
    n11 += w1 * v1;
    n12 += w1 * v2;
    n13 += w1 * v3;
    n20 += w2 * v0;
    n21 += w2 * v1;
    n22 += w2 * v2;
    n23 += w2 * v3;
    n30 += w3 * v0;
    n31 += w3 * v1;
    n32 += w3 * v2;
    n33 += w3 * v3;
    const size = s0 + s1 + s2 + s3;
    if (size < RESCALE_BELOW || size > RESCALE_ABOVE) {
      s0 /= size;
      s1 /= size;
      s2 /= size;
      s3 /= size;
    }
  }
  transitionCounts[0] = n00;
  transitionCounts[1] = n01;
  transitionCounts[2] = n02;
  transitionCounts[3] = n03;
  transitionCounts[4] = n10;
  transitionCounts[5] = n11;
  transitionCounts[6] = n12;
  transitionCounts[7] = n13;
  transitionCounts[8] = n20;
  transitionCounts[9] = n21;
  transitionCounts[10] = n22;
  transitionCounts[11] = n23;
  transitionCounts[12] = n30;
  transitionCounts[13] = n31;
  transitionCounts[14] = n32;
  transitionCounts[15] = n33;
}

export function backwardGeneric(a: Float64Array, states: number, rows: number, work: HmmWorkspace): void {
  const { densities: b, forward: alpha, smoothed, transitionCounts } = work;
  const s = new Float64Array(states).fill(1);
  const v = new Float64Array(states);
  let total = 0;
  const last = (rows - 1) * states;
  for (let k = 0; k < states; k++) total += alpha[last + k] as number;
  for (let k = 0; k < states; k++) smoothed[last + k] = (alpha[last + k] as number) / total;
  for (let at = last; at > 0; at -= states) {
    for (let k = 0; k < states; k++) v[k] = (s[k] as number) * (b[at + k] as number);
    let norm = 0;
    let size = 0;
    for (let i = 0; i < states; i++) {
      let sum = 0;
      for (let j = 0; j < states; j++) sum += (a[i * states + j] as number) * (v[j] as number);
      s[i] = sum;
      size += sum;
      norm += sum * (alpha[at - states + i] as number);
    }
    for (let i = 0; i < states; i++) {
      const w = (alpha[at - states + i] as number) / norm;
      smoothed[at - states + i] = w * (s[i] as number);
      for (let j = 0; j < states; j++) {
        transitionCounts[i * states + j] = (transitionCounts[i * states + j] as number) + w * (v[j] as number);
      }
    }
    if (size < RESCALE_BELOW || size > RESCALE_ABOVE) for (let k = 0; k < states; k++) s[k] = (s[k] as number) / size;
  }
}
