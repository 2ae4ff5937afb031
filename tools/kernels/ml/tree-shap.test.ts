import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { growExactTree } from './grow-exact-tree.ts';
import { partialDependence, permutationImportance } from './permutation-importance.ts';
import { presortFeatures } from './presort-features.ts';
import { predictTrees, type Tree, type TreeEnsemble } from './tree.ts';
import { interventionalShap, treeShap } from './tree-shap.ts';

/** Second route: the definition, by enumeration of all subsets of features. */
function enumerateShap(value: (known: ReadonlySet<number>) => number, features: number): number[] {
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  return Array.from({ length: features }, (_, f) => {
    let sum = 0;
    for (let mask = 0; mask < 2 ** features; mask++) {
      if ((mask >> f) & 1) continue;
      const known = new Set(Array.from({ length: features }, (_, j) => j).filter((j) => (mask >> j) & 1));
      const weight = (factorial(known.size) * factorial(features - known.size - 1)) / factorial(features);
      sum += weight * (value(new Set([...known, f])) - value(known));
    }
    return sum;
  });
}

function coverValue(tree: Tree, row: ArrayLike<number>, known: ReadonlySet<number>, node = 0): number {
  const f = tree.feature[node] as number;
  if (f < 0) return tree.value[node] as number;
  const [l, r] = [tree.left[node] as number, tree.right[node] as number];
  if (known.has(f)) {
    return coverValue(tree, row, known, (row[f] as number) <= (tree.threshold[node] as number) ? l : r);
  }
  const [wl, wr] = [tree.cover[l] as number, tree.cover[r] as number];
  return (wl * coverValue(tree, row, known, l) + wr * coverValue(tree, row, known, r)) / (wl + wr);
}

const features = 5;
const rng = createRng(9);
const x = Float64Array.from({ length: 60 * features }, () => rng.normal());
const y = Float64Array.from({ length: 60 }, (_, i) => {
  const o = i * features;
  return (x[o] as number) * (x[o + 1] as number) + (x[o + 2] as number) + 0.2 * rng.normal();
});
const settings = { maxDepth: 7, minLeaf: 1, featuresPerSplit: 2 };
const grow = (seed: number): Tree =>
  growExactTree(presortFeatures(x, 60, features), y, new Float64Array(60).fill(1), settings, createRng(seed));
const ensemble: TreeEnsemble = { trees: [grow(1), grow(2), grow(3)], base: 0.7, scale: 0.25, features };
const rows = 8;
const table = x.slice(0, rows * features);

describe('TreeSHAP', () => {
  it('equals enumeration of all subsets to 1e-9, deep trees with repeated features included', () => {
    const shap = treeShap(ensemble, table, rows);
    for (let i = 0; i < rows; i++) {
      const row = table.slice(i * features, (i + 1) * features);
      const exact = enumerateShap(
        (known) => 0.25 * ensemble.trees.reduce((sum, tree) => sum + coverValue(tree, row, known), 0),
        features,
      );
      for (let f = 0; f < features; f++) {
        expect(Math.abs((shap.values[i * features + f] as number) - (exact[f] as number))).toBeLessThan(1e-9);
      }
    }
  });

  it('interventional values equal enumeration against the background', () => {
    const background = x.slice(20 * features, 26 * features);
    const shap = interventionalShap(ensemble, table, rows, background, 6);
    for (let i = 0; i < rows; i++) {
      const exact = enumerateShap((known) => {
        const mixed = Float64Array.from({ length: 6 * features }, (_, k) =>
          known.has(k % features) ? (table[i * features + (k % features)] as number) : (background[k] as number),
        );
        return predictTrees(ensemble, mixed, 6).reduce((sum, p) => sum + p / 6, 0);
      }, features);
      for (let f = 0; f < features; f++) {
        expect(Math.abs((shap.values[i * features + f] as number) - (exact[f] as number))).toBeLessThan(1e-9);
      }
    }
  });

  it('sums to the prediction', () => {
    const shap = treeShap(ensemble, table, rows);
    const predicted = predictTrees(ensemble, table, rows);
    for (let i = 0; i < rows; i++) {
      const sum = shap.values.slice(i * features, (i + 1) * features).reduce((s, v) => s + v, shap.base);
      expect(sum).toBeCloseTo(predicted[i] as number, 10);
    }
  });
});

describe('importance by shuffling and partial dependence', () => {
  it('a feature that the model does not read costs nothing and the table is left alone', () => {
    const before = table.slice();
    const score = (t: Float64Array): number =>
      -t.reduce((sum, v, k) => sum + (k % features === 0 ? v * (k + 1) : 0), 0);
    const drops = permutationImportance(table, rows, features, score, { repeats: 3, rng: createRng(1) });
    expect(table).toEqual(before);
    expect(drops[1]).toEqual({ mean: 0, deviation: 0 });
    expect(drops[0]?.deviation).toBeGreaterThan(0);
  });

  it('partial dependence of a linear model is its slope', () => {
    const predict = (t: Float64Array): Float64Array =>
      Float64Array.from({ length: rows }, (_, i) => 3 * (t[i * features] as number));
    const pd = partialDependence(table, rows, features, 0, Float64Array.of(0, 1), predict);
    expect((pd.prediction[1] as number) - (pd.prediction[0] as number)).toBeCloseTo(3, 12);
  });
});
