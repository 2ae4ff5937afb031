/**
 * Which rows may train a model that is tested on which others, when labels reach into the future? Row numbers are positions
 * in time order. López de Prado (2018), Advances in Financial Machine Learning, chapters 7 and 12.
 */
import { invalidInput } from '../../../lib/errors.ts';

export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** First and last row (in time) that a label of each row depends on. */
export interface LabelSpans {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Consecutive blocks of nearly equal size, the earlier ones larger by one: their first rows, and n at the end. */
export function blockStarts(n: number, blocks: number): number[] {
  if (!Number.isInteger(blocks) || blocks < 2 || blocks > n) {
    throw invalidInput({ what: 'The number of folds', needed: `an integer from 2 to ${n} (the rows)`, got: blocks });
  }
  const small = Math.floor(n / blocks);
  const extra = n % blocks;
  return Array.from({ length: blocks + 1 }, (_, b) => b * small + Math.min(b, extra));
}

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** Spans [i, min(i + horizon, n − 1)]: the label of row i uses the next `horizon` rows. */
export function fixedHorizonSpans(n: number, horizon: number): LabelSpans {
  return {
    first: range(0, n),
    last: Int32Array.from({ length: n }, (_, i) => Math.min(i + horizon, n - 1)),
  };
}

/**
 * Purged k-fold with embargo (AFML §7.4). `strict`: a training label may not share even one row with the test labels, and
 * `embargo` rows more are dropped after them; `afml` is snippet 7.3 to the letter, for comparison only: it lets a label
 * end on the first test row, begin on the last, and near the end of the data keeps a test row among the training rows. O(folds · n).
 *
 * @example purgedKFold(fixedHorizonSpans(20, 3), { folds: 4, embargo: 1, rule: 'strict' })
 */
export function purgedKFold(
  spans: LabelSpans,
  options: { readonly folds: number; readonly embargo: number; readonly rule: 'strict' | 'afml' },
): Split[] {
  const n = spans.first.length;
  const starts = blockStarts(n, options.folds);
  const splits: Split[] = [];
  for (let b = 0; b < options.folds; b++) {
    const from = starts[b] as number;
    const to = starts[b + 1] as number;
    const testFirst = spans.first[from] as number;
    let testLast = -1;
    for (let i = from; i < to; i++) testLast = Math.max(testLast, spans.last[i] as number);
    const train = options.rule === 'strict' ? strictTrain(spans, from, to, options.embargo) : [];
    if (options.rule === 'afml') {
      let resume = 0;
      while (resume < n && (spans.first[resume] as number) < testLast) resume++;
      resume += options.embargo;
      for (let i = 0; i < n; i++) if ((spans.last[i] as number) <= testFirst || i >= resume) train.push(i);
    }
    splits.push({ train: Int32Array.from(train), test: range(from, to) });
  }
  return splits;
}

/** Rows outside the block whose label ends before the test labels begin, or begins after they end, less the embargo. */
function strictTrain(spans: LabelSpans, from: number, to: number, embargo: number): number[] {
  const testFirst = spans.first[from] as number;
  let testLast = -1;
  for (let i = from; i < to; i++) testLast = Math.max(testLast, spans.last[i] as number);
  const train: number[] = [];
  let held = embargo;
  for (let i = 0; i < spans.first.length; i++) {
    if (i >= from && i < to) continue;
    if (i < from && (spans.last[i] as number) < testFirst) train.push(i);
    if (i >= to && (spans.first[i] as number) > testLast) {
      if (held > 0) held--;
      else train.push(i);
    }
  }
  return train;
}

export interface CombinatorialSplit {
  readonly train: Int32Array;
  readonly tests: readonly Int32Array[];
  /** Which of the recombined test paths each test block belongs to. */
  readonly paths: readonly number[];
}

/**
 * Combinatorial purged cross-validation (AFML §12.4): every choice of `testFolds` of `folds` blocks is tested once; `purge`
 * rows go on both sides of a test block and `embargo` more after it. Gives C(folds, testFolds) splits whose tests recombine
 * into C(folds, testFolds)·testFolds/folds full paths. O(splits · n).
 *
 * @example combinatorialPurged(60, { folds: 6, testFolds: 2, purge: 2, embargo: 1 }).length // 15
 */
export function combinatorialPurged(
  n: number,
  options: { readonly folds: number; readonly testFolds: number; readonly purge: number; readonly embargo: number },
): CombinatorialSplit[] {
  const { folds, testFolds, purge, embargo } = options;
  if (!(testFolds >= 1 && testFolds < folds)) {
    throw invalidInput({ what: 'The number of test folds', needed: `from 1 to ${folds - 1}`, got: testFolds });
  }
  if (folds > n) throw invalidInput({ what: 'The number of folds', needed: `at most ${n} (the rows)`, got: folds });
  const size = Math.floor(n / folds);
  const foldOf = (row: number): number => Math.min(Math.floor(row / size), folds - 1);
  const seen = new Int32Array(folds);
  return combinations(folds, testFolds).map((chosen) => {
    const state = new Int8Array(n);
    for (let i = 0; i < n; i++) if (chosen.includes(foldOf(i))) state[i] = 1;
    const isTest = state.slice();
    for (let i = 0; i + 1 < n; i++) {
      if (isTest[i] === 0 && isTest[i + 1] === 1) {
        for (let k = 0; k < purge; k++) if (i - k >= 0 && isTest[i - k] === 0) state[i - k] = -1;
      }
      if (isTest[i] === 1 && isTest[i + 1] === 0) {
        for (let k = 1; k <= purge + embargo; k++) if (i + k < n && isTest[i + k] === 0) state[i + k] = -1;
      }
    }
    const train: number[] = [];
    for (let i = 0; i < n; i++) if (state[i] === 0) train.push(i);
    const paths = chosen.map((fold) => {
      const path = seen[fold] as number;
      seen[fold] = path + 1;
      return path;
    });
    const tests = chosen.map((fold) => range(fold * size, fold === folds - 1 ? n : (fold + 1) * size));
    return { train: Int32Array.from(train), tests, paths };
  });
}

/** Number of full test paths of a combinatorial split. */
export function combinatorialPaths(folds: number, testFolds: number): number {
  return (combinations(folds, testFolds).length * testFolds) / folds;
}

/** All choices of k of 0 … n−1 in lexicographic order. */
export function combinations(n: number, k: number): number[][] {
  const out: number[][] = [];
  const pick = (from: number, chosen: readonly number[]): void => {
    if (chosen.length === k) {
      out.push([...chosen]);
      return;
    }
    for (let i = from; i <= n - (k - chosen.length); i++) pick(i + 1, [...chosen, i]);
  };
  pick(0, []);
  return out;
}

/**
 * Walk-forward: train on the past, skip `purge` rows, test on the next block, move on by a block (AFML §11.5; Pardo, 2008,
 * ch. 11). A last block that is not full is dropped unless `partialLast`. O(splits · train).
 *
 * @example walkForward(100, { trainSize: 30, testSize: 10, purge: 2, expanding: true })
 */
export function walkForward(
  n: number,
  options: {
    readonly trainSize: number;
    readonly testSize: number;
    readonly purge: number;
    readonly expanding: boolean;
    readonly partialLast?: boolean;
  },
): Split[] {
  const { trainSize, testSize, purge, expanding } = options;
  if (trainSize < 1 || testSize < 1 || purge < 0) {
    throw invalidInput({
      what: 'A walk-forward',
      needed: 'positive train and test sizes and a purge of at least 0',
      got: `${trainSize}, ${testSize}, ${purge}`,
    });
  }
  const splits: Split[] = [];
  for (let test = trainSize + purge; test < n; test += testSize) {
    const end = Math.min(test + testSize, n);
    if (end - test < testSize && options.partialLast !== true) break;
    const trainEnd = test - purge;
    splits.push({ train: range(expanding ? 0 : trainEnd - trainSize, trainEnd), test: range(test, end) });
  }
  return splits;
}
