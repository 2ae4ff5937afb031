import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import {
  combinations,
  combinatorialPaths,
  combinatorialPurged,
  fixedHorizonSpans,
  purgedKFold,
  type Split,
  walkForward,
} from './splits.ts';

const list = (values: Int32Array): number[] => Array.from(values);

function checkPurgedKFold(parameters: GoldenValue, expected: GoldenValue): void {
  const horizon = Number(/i\+(\d+)/.exec(parameters.label_span)?.[1]);
  const splits = purgedKFold(fixedHorizonSpans(parameters.n, horizon), {
    folds: parameters.folds,
    embargo: parameters.embargo_samples,
    rule: String(parameters.rule).startsWith('AFML') ? 'afml' : 'strict',
  });
  expect(splits.map((split) => ({ train: list(split.train), test: list(split.test) }))).toEqual(expected.splits);
}

function checkCombinatorial(parameters: GoldenValue, expected: GoldenValue): void {
  const { n, n_folds: folds, n_test_folds: testFolds } = parameters;
  const options = { folds, testFolds, purge: parameters.purged_size, embargo: parameters.embargo_size };
  const splits = combinatorialPurged(n, options);
  expect(splits.length).toBe(expected.n_splits);
  expect(combinatorialPaths(folds, testFolds)).toBe(expected.n_test_paths);
  expect(splits.map((split) => [...split.paths])).toEqual(expected.path_ids);
  const chosen = combinations(folds, testFolds);
  const recombined = Array.from({ length: folds }, (_, fold) =>
    chosen.flatMap((blocks, split) => (blocks.includes(fold) ? [split] : [])),
  );
  expect(recombined).toEqual(expected.recombined_paths);
  if (expected.splits) {
    expect(splits.map((split) => ({ train: list(split.train), tests: split.tests.map(list) }))).toEqual(
      expected.splits,
    );
  } else {
    const summary = splits.map((split) => ({
      n_train: split.train.length,
      sum_train: split.train.reduce((sum, row) => sum + row, 0),
      tests: split.tests.map((test) => [test[0], test.at(-1)]),
    }));
    expect(summary).toEqual(expected.split_sizes_and_sums);
  }
}

function checkWalkForward(parameters: GoldenValue, expected: GoldenValue): void {
  const splits = walkForward(parameters.n, {
    trainSize: parameters.train_size,
    testSize: parameters.test_size,
    purge: parameters.purged_size,
    expanding: parameters.expand_train,
  });
  const ends = (rows: Int32Array): (number | undefined)[] => [rows[0], rows.at(-1)];
  expect(splits.map((split) => ({ train: ends(split.train), test: ends(split.test) }))).toEqual(expected.splits);
}

describeGolden('cross_validation', ({ input, expect: expected }) => {
  const parameters = input.parameters;
  if (parameters.label_span !== undefined) checkPurgedKFold(parameters, expected);
  else if (parameters.n_test_folds !== undefined) checkCombinatorial(parameters, expected);
  else checkWalkForward(parameters, expected);
});

describe('splits never let a training label touch a test label', () => {
  it('purged k-fold, for any horizon and embargo', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 12, max: 80 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 4 }),
        (n, folds, horizon, embargo) => {
          const spans = fixedHorizonSpans(n, horizon);
          const splits = purgedKFold(spans, { folds, embargo, rule: 'strict' });
          const tested = splits.flatMap((split) => list(split.test));
          expect(tested).toEqual(Array.from({ length: n }, (_, i) => i));
          for (const split of splits) expect(overlaps(split, spans)).toBe(0);
        },
      ),
    );
  });

  it('walk-forward trains on the past only', () => {
    for (const split of walkForward(200, { trainSize: 50, testSize: 20, purge: 3, expanding: true })) {
      expect((split.train.at(-1) as number) + 3).toBeLessThan(split.test[0] as number);
    }
  });

  it('refuses folds that cannot be', () => {
    expect(() => purgedKFold(fixedHorizonSpans(5, 1), { folds: 9, embargo: 0, rule: 'strict' })).toThrow(/from 2 to 5/);
    expect(() => combinatorialPurged(30, { folds: 4, testFolds: 4, purge: 0, embargo: 0 })).toThrow(/from 1 to 3/);
    expect(() => walkForward(10, { trainSize: 0, testSize: 1, purge: 0, expanding: true })).toThrow(/positive/);
  });
});

function overlaps(split: Split, spans: { first: Int32Array; last: Int32Array }): number {
  let count = 0;
  for (const a of split.train) {
    for (const b of split.test) {
      const apart =
        (spans.last[a] as number) < (spans.first[b] as number) ||
        (spans.first[a] as number) > (spans.last[b] as number);
      if (!apart) count++;
    }
  }
  return count;
}
