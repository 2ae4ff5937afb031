import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { defaultBoosting, fitBoosting } from './gradient-boosting.ts';
import { growExactTree } from './grow-exact-tree.ts';
import { fitRidge } from './linear-models.ts';
import { presortFeatures } from './presort-features.ts';
import { fitForest } from './random-forest.ts';
import { countLeaves, predictTrees, type Tree } from './tree.ts';

const asEnsemble = (tree: Tree, features: number) => ({ trees: [tree], base: 0, scale: 1, features });

describe('trees', () => {
  const rng = createRng(1);
  const x = Float64Array.from({ length: 400 }, () => rng.normal());
  const y = Float64Array.from({ length: 100 }, (_, i) => (x[i * 4] as number) + 0.1 * rng.normal());

  it('one seed, one forest; another seed, another', () => {
    const grow = (seed: number, splitter: 'exact' | 'binned') =>
      fitForest(
        x,
        y,
        4,
        { trees: 5, maxDepth: 6, minLeaf: 2, featuresPerSplit: 2, splitter, sampleFraction: 1 },
        createRng(seed),
      );
    for (const splitter of ['exact', 'binned'] as const) {
      expect(grow(1, splitter)).toEqual(grow(1, splitter));
      expect(grow(1, splitter).trees).not.toEqual(grow(2, splitter).trees);
      // Neighbouring seeds must not give the same trees in another order.
      const own = new Set(grow(42, splitter).trees.map((tree) => JSON.stringify(tree)));
      expect(grow(43, splitter).trees.some((tree) => own.has(JSON.stringify(tree)))).toBe(false);
    }
  });

  it('with fewer rows than bins the histogram tree finds the exact tree', () => {
    const settings = { maxDepth: 3, minLeaf: 1, featuresPerSplit: 4 };
    const exact = growExactTree(presortFeatures(x, 100, 4), y, new Float64Array(100).fill(1), settings, createRng(1));
    const model = fitBoosting(
      x,
      y,
      4,
      { ...defaultBoosting, iterations: 1, learningRate: 1, maxDepth: 3, maxLeaves: 8, minLeaf: 1 },
      createRng(1),
    );
    const fromExact = predictTrees(asEnsemble(exact, 4), x, 100);
    expectClose(predictTrees(model, x, 100), fromExact, { absolute: 1e-9 });
  });

  it('refuses missing values, a wrong shape and one row', () => {
    const bad = x.slice();
    bad[7] = Number.NaN;
    expect(() => fitBoosting(bad, y, 4, defaultBoosting, createRng(1))).toThrow(/finite number/);
    expect(() => fitBoosting(x, y, 3, defaultBoosting, createRng(1))).toThrow(/100 rows × 3 features/);
    expect(() => fitRidge(x.slice(0, 4), y.slice(0, 1), 4, 1)).toThrow(/at least 2/);
  });

  it('a constant target or constant features give one leaf', () => {
    const flat = fitBoosting(x, new Float64Array(100).fill(3), 4, { ...defaultBoosting, iterations: 2 }, createRng(1));
    expect(Array.from(predictTrees(flat, x, 2))).toEqual([3, 3]);
    const same = fitForest(
      new Float64Array(400).fill(1),
      y,
      4,
      { trees: 1, maxDepth: 5, minLeaf: 1, featuresPerSplit: 2, splitter: 'exact', sampleFraction: 1 },
      createRng(1),
    );
    expect(countLeaves(same.trees[0] as Tree)).toBe(1);
  });

  it('collinear columns need a penalty', () => {
    const twice = Float64Array.from({ length: 20 }, (_, i) => Math.floor(i / 2));
    expect(() =>
      fitRidge(
        twice,
        Float64Array.from({ length: 10 }, (_, i) => i),
        2,
        0,
      ),
    ).toThrow(/penalty/);
    expect(
      fitRidge(
        twice,
        Float64Array.from({ length: 10 }, (_, i) => i),
        2,
        1e-9,
      ).coefficients[0],
    ).toBeCloseTo(0.5, 4);
  });
});
