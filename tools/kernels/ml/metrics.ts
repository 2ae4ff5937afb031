/** How good are predictions? Point measures of a real or a binary target. Pure functions over equally long arrays. */
import { averageRanks } from '../stats/correlation.ts';

/** 1 − SSE/SST against the target's own mean (or a given benchmark forecast); null where the target does not vary. */
export function rSquared(target: Float64Array, prediction: Float64Array, benchmark?: number): number | null {
  let centre = benchmark ?? 0;
  if (benchmark === undefined) {
    for (const y of target) centre += y;
    centre /= target.length;
  }
  let residual = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    residual += ((target[i] as number) - (prediction[i] as number)) ** 2;
    total += ((target[i] as number) - centre) ** 2;
  }
  return total > 0 ? 1 - residual / total : null;
}

/**
 * Probability that a random positive scores above a random negative, ties counting half: Mann–Whitney form
 * (Hanley & McNeil, 1982, eq. 1). Null where a class is absent. O(n log n).
 *
 * @example areaUnderRoc(Float64Array.of(0, 1), Float64Array.of(0.2, 0.7)) // 1
 */
export function areaUnderRoc(label: Float64Array, score: Float64Array): number | null {
  const ranks = averageRanks(score);
  let positives = 0;
  let sum = 0;
  for (let i = 0; i < label.length; i++) {
    if ((label[i] as number) <= 0) continue;
    positives++;
    sum += ranks[i] as number;
  }
  const negatives = label.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean negative log-likelihood of probabilities, clipped at 1e-15. */
export function logLoss(label: Float64Array, probability: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < label.length; i++) {
    const p = Math.min(Math.max(probability[i] as number, 1e-15), 1 - 1e-15);
    loss -= (label[i] as number) > 0 ? Math.log(p) : Math.log1p(-p);
  }
  return loss / label.length;
}

/** Mean squared error of probabilities (Brier, 1950). */
export function brierScore(label: Float64Array, probability: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < label.length; i++) sum += ((probability[i] as number) - (label[i] as number)) ** 2;
  return sum / label.length;
}

export interface ClassificationCounts {
  readonly accuracy: number;
  /** Null where nothing was predicted positive. */
  readonly precision: number | null;
  /** Null where nothing is positive. */
  readonly recall: number | null;
  readonly f1: number | null;
}

/** Accuracy, precision, recall and F1 of "up": both label and call are positive numbers or not (van Rijsbergen, 1979, ch. 7). */
export function classificationCounts(label: Float64Array, call: Float64Array): ClassificationCounts {
  let right = 0;
  let truePositive = 0;
  let called = 0;
  let positive = 0;
  for (let i = 0; i < label.length; i++) {
    const up = (label[i] as number) > 0;
    const said = (call[i] as number) > 0;
    if (up === said) right++;
    if (up) positive++;
    if (said) called++;
    if (up && said) truePositive++;
  }
  return {
    accuracy: right / label.length,
    precision: called > 0 ? truePositive / called : null,
    recall: positive > 0 ? truePositive / positive : null,
    f1: called + positive > 0 ? (2 * truePositive) / (called + positive) : null,
  };
}
