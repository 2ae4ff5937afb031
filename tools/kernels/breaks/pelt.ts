/**
 * When did the mean, the variance, or both change for good?
 *
 * PELT: the exact minimum over all segmentations of Σ cost(segment) + penalty · number of changes, by dynamic programming that drops
 * starts which can never win again: O(n) where changes are frequent, O(n²) at worst. Cost of a segment is minus twice the normal
 * log-likelihood: `mean` (variance known: that of the differences, robust), `variance` (mean zero after centring), `both`.
 * Default penalty: (p + 1)·ln n with p parameters a segment (the Schwarz criterion); serially dependent data deserve more.
 * Missing: none. Source: Killick, Fearnhead & Eckley (2012), J. Am. Stat. Assoc. 107:1590, algorithm 2.
 *
 * @example pelt(returns, { kind: 'variance', minimumLength: 20 }).changes // rows at which a new segment begins
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';

export type BreakKind = 'mean' | 'variance' | 'both';

export interface PeltOptions {
  readonly kind: BreakKind;
  /** Least rows of a segment, 2 at least; default 20. */
  readonly minimumLength?: number;
  readonly penalty?: number;
}

export interface PeltResult {
  /** First row of each segment but the first. */
  readonly changes: readonly number[];
  readonly cost: number;
  readonly penalty: number;
}

export function pelt(values: Float64Array, options: PeltOptions): PeltResult {
  const n = values.length;
  const minimum = options.minimumLength ?? 20;
  if (!Number.isInteger(minimum) || minimum < 2)
    throw invalidInput({ what: 'The least segment length', needed: 'a whole number of at least 2', got: minimum });
  if (n < 2 * minimum) throw notEnoughData({ what: 'A search for breaks', needed: 2 * minimum, got: n });
  const penalty = options.penalty ?? (options.kind === 'both' ? 3 : 2) * Math.log(n);
  const cost = segmentCost(values, options.kind);
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const previous = new Int32Array(n + 1);
  const expiry = new Int32Array(n + 1);
  best[0] = -penalty;
  let starts: number[] = [0];
  for (let end = minimum; end <= n; end++) {
    for (const start of starts) {
      const value = (best[start] as number) + cost(start, end) + penalty;
      if (value < (best[end] as number)) {
        best[end] = value;
        previous[end] = start;
      }
    }
    // A start that is worse than a change at `end` can never be best for a series in which `end` may itself be the last
    // change, which is so only `minimum` rows later: it stays until then.
    starts = starts.filter((start) => {
      if (expiry[start] === 0 && (best[start] as number) + cost(start, end) > (best[end] as number))
        expiry[start] = end + minimum;
      return expiry[start] === 0 || end + 1 < (expiry[start] as number);
    });
    const next = end - minimum + 1;
    if (next >= minimum && Number.isFinite(best[next] as number)) starts.push(next);
  }
  const changes: number[] = [];
  for (let at = previous[n] as number; at > 0; at = previous[at] as number) changes.unshift(at);
  return { changes, cost: best[n] as number, penalty };
}

/** Minus twice the maximised log-likelihood of rows start … end − 1, constants left out. */
function segmentCost(values: Float64Array, kind: BreakKind): (start: number, end: number) => number {
  const n = values.length;
  const centre = values.reduce((a, b) => a + b, 0) / n;
  const first = new Float64Array(n + 1);
  const second = new Float64Array(n + 1);
  for (let t = 0; t < n; t++) {
    const d = (values[t] as number) - centre;
    if (!Number.isFinite(d)) throw invalidInput({ what: `Row ${t}`, needed: 'finite', got: values[t] });
    first[t + 1] = (first[t] as number) + d;
    second[t + 1] = (second[t] as number) + d * d;
  }
  const floor = Math.max(1e-300, (1e-8 * (second[n] as number)) / n);
  const noise = Math.max(floor, differenceVariance(values));
  return (start, end) => {
    const length = end - start;
    const sum = (first[end] as number) - (first[start] as number);
    const squares = (second[end] as number) - (second[start] as number);
    const scatter = squares - (sum * sum) / length;
    if (kind === 'mean') return scatter / noise;
    const variance = Math.max(floor, (kind === 'variance' ? squares : scatter) / length);
    return length * Math.log(variance);
  };
}

/** Variance of independent noise from first differences: not inflated by a change of level. */
function differenceVariance(values: Float64Array): number {
  let sum = 0;
  for (let t = 1; t < values.length; t++) sum += ((values[t] as number) - (values[t - 1] as number)) ** 2;
  return sum / (2 * (values.length - 1));
}
