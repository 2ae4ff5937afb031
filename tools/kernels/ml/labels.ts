/** What is a model asked to predict? Event sampling, triple barriers, meta-labels and how unique each label is. */
import { invalidInput } from '../../../lib/errors.ts';

/**
 * Positions where cumulative log returns have moved by more than `threshold` since the last event: the symmetric CUSUM
 * filter (López de Prado, 2018, AFML snippet 2.4; Page, 1954). A bar's value uses prices up to that bar. Missing prices are
 * skipped. O(n).
 *
 * @example cusumEvents(Float64Array.of(100, 103, 100), 0.02) // Int32Array [1, 2]
 */
export function cusumEvents(prices: Float64Array, threshold: number): Int32Array {
  if (!(threshold > 0)) throw invalidInput({ what: 'The CUSUM threshold', needed: 'positive', got: threshold });
  const events: number[] = [];
  let up = 0;
  let down = 0;
  let last = Number.NaN;
  for (let i = 0; i < prices.length; i++) {
    const price = prices[i] as number;
    if (!(price > 0)) continue;
    const log = Math.log(price);
    if (!Number.isNaN(last)) {
      up = Math.max(0, up + log - last);
      down = Math.min(0, down + log - last);
      if (down < -threshold) {
        down = 0;
        events.push(i);
      } else if (up > threshold) {
        up = 0;
        events.push(i);
      }
    }
    last = log;
  }
  return Int32Array.from(events);
}

/**
 * Exponentially weighted standard deviation of simple returns at each price, weights (1 − 2/(span+1))^age, with the
 * small-sample correction of weighted variances: the daily target of AFML snippet 3.1. NaN until two returns exist. O(n).
 */
export function ewmDeviation(prices: Float64Array, span: number): Float64Array {
  const keep = 1 - 2 / (span + 1);
  const out = new Float64Array(prices.length).fill(Number.NaN);
  let weight = 0;
  let squares = 0;
  let mean = 0;
  let spread = 0;
  let count = 0;
  for (let i = 1; i < prices.length; i++) {
    const r = (prices[i] as number) / (prices[i - 1] as number) - 1;
    if (!Number.isFinite(r)) continue;
    // West's update of a weighted mean and sum of squares, with all old weights decayed first.
    weight *= keep;
    squares *= keep * keep;
    spread *= keep;
    weight += 1;
    squares += 1;
    count++;
    const change = r - mean;
    mean += change / weight;
    spread += change * (r - mean);
    const correction = weight - squares / weight;
    if (count >= 2) out[i] = Math.sqrt(Math.max(0, spread / correction));
  }
  return out;
}

export interface BarrierLabels {
  /** Rows of the events that could be labelled. */
  readonly event: Int32Array;
  /** Row at which a barrier was touched, or the vertical barrier. */
  readonly touch: Int32Array;
  /** 1 profit barrier, -1 stop barrier, 0 time ran out. */
  readonly label: Int8Array;
  /** Simple return from event to touch, in the direction of `side`. */
  readonly returns: Float64Array;
  /** 1 where the data ended before a barrier was touched or time ran out: not a label to train on. */
  readonly unfinished: Uint8Array;
}

/**
 * Which barrier is touched first: profit at `profitTaking · target`, loss at `stopLoss · target`, or time after
 * `verticalBars` (cut at the end of the data)? AFML §3.4, snippets 3.2–3.5. Events whose target is missing or not positive
 * are dropped. `side` (+1/-1 per event) turns returns to a bet's direction: labels are then the meta-labels' raw material.
 * A barrier multiple of 0 switches that barrier off. O(events · verticalBars).
 *
 * @example tripleBarrier(prices, cusumEvents(prices, 0.02), ewmDeviation(prices, 100), { profitTaking: 1, stopLoss: 1, verticalBars: 10 })
 */
export function tripleBarrier(
  prices: Float64Array,
  events: Int32Array,
  target: Float64Array,
  options: {
    readonly profitTaking: number;
    readonly stopLoss: number;
    readonly verticalBars: number;
    readonly side?: Int8Array;
  },
): BarrierLabels {
  const kept: number[] = [];
  const touch: number[] = [];
  const label: number[] = [];
  const returns: number[] = [];
  const unfinished: number[] = [];
  for (let e = 0; e < events.length; e++) {
    const at = events[e] as number;
    const width = target[at] as number;
    const start = prices[at] as number;
    if (!(width > 0) || !(start > 0) || at >= prices.length) continue;
    const side = options.side?.[e] ?? 1;
    const upper = options.profitTaking > 0 ? options.profitTaking * width : Number.POSITIVE_INFINITY;
    const lower = options.stopLoss > 0 ? -options.stopLoss * width : Number.NEGATIVE_INFINITY;
    const end = Math.min(at + options.verticalBars, prices.length - 1);
    let row = end;
    let outcome = 0;
    for (let k = at + 1; k <= end; k++) {
      const r = side * ((prices[k] as number) / start - 1);
      if (r > upper || r < lower) {
        row = k;
        outcome = r > upper ? 1 : -1;
        break;
      }
    }
    kept.push(at);
    touch.push(row);
    label.push(outcome);
    unfinished.push(outcome === 0 && at + options.verticalBars > end ? 1 : 0);
    returns.push(side * ((prices[row] as number) / start - 1));
  }
  return {
    event: Int32Array.from(kept),
    touch: Int32Array.from(touch),
    label: Int8Array.from(label),
    returns: Float64Array.from(returns),
    unfinished: Uint8Array.from(unfinished),
  };
}

/** 1 where a bet in the direction of the primary model made money, else 0 (AFML §3.6, snippet 3.7). */
export function metaLabels(labels: BarrierLabels): Int8Array {
  return Int8Array.from(labels.returns, (r) => (r > 0 ? 1 : 0));
}

/** Return over the next `horizon` rows, NaN where the window is not over or a price is missing: the fixed-horizon label. */
export function forwardReturns(prices: Float64Array, horizon: number, kind: 'log' | 'simple'): Float64Array {
  const out = new Float64Array(prices.length).fill(Number.NaN);
  for (let i = 0; i + horizon < prices.length; i++) {
    const ratio = (prices[i + horizon] as number) / (prices[i] as number);
    if (ratio > 0 && Number.isFinite(ratio)) out[i] = kind === 'log' ? Math.log(ratio) : ratio - 1;
  }
  return out;
}

export interface LabelUniqueness {
  /** Labels whose span covers each row. */
  readonly concurrency: Int32Array;
  /** Mean of 1/concurrency over the rows of each label: its weight in a fit. */
  readonly average: Float64Array;
}

/**
 * How much of a label's information is its own? Spans [first, last] with both ends counted (AFML §4.3–4.4, snippets 4.1
 * and 4.2). O(rows + Σ span).
 *
 * @example labelUniqueness(Int32Array.of(0, 1), Int32Array.of(1, 2), 3).average // [0.75, 0.75]
 */
export function labelUniqueness(first: Int32Array, last: Int32Array, rows: number): LabelUniqueness {
  const concurrency = new Int32Array(rows);
  for (let e = 0; e < first.length; e++) {
    for (let k = first[e] as number; k <= (last[e] as number); k++) concurrency[k] = (concurrency[k] as number) + 1;
  }
  const average = new Float64Array(first.length);
  for (let e = 0; e < first.length; e++) {
    let sum = 0;
    for (let k = first[e] as number; k <= (last[e] as number); k++) sum += 1 / (concurrency[k] as number);
    average[e] = sum / ((last[e] as number) - (first[e] as number) + 1);
  }
  return { concurrency, average };
}
