/** Bagged regression trees with random features at every split. */
import { throwIfCancelled } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { binFeatures } from './bin-features.ts';
import { checkTable } from './check-table.ts';
import { createExactWorkspace, growExactTree, type TreeSettings } from './grow-exact-tree.ts';
import { createHistogramWorkspace, growHistogramTree } from './grow-histogram-tree.ts';
import { presortFeatures } from './presort-features.ts';
import { leafOf, type Tree, type TreeEnsemble } from './tree.ts';

export interface ForestSettings extends TreeSettings {
  readonly trees: number;
  /** `exact` tries every threshold, `binned` at most 255 a feature: much faster on many rows. */
  readonly splitter: 'exact' | 'binned';
  /** Share of the rows drawn (with replacement) for each tree; 1 is the ordinary bootstrap. */
  readonly sampleFraction: number;
  /** Bound on leaves, binned splitter only. */
  readonly maxLeaves?: number;
  /** False skips the out-of-bag predictions, which cost a pass over all rows per tree. */
  readonly outOfBag?: boolean;
}

export interface ForestHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onTree?: (done: number) => void;
}

export interface FittedForest extends TreeEnsemble {
  /** Prediction of each training row by the trees that did not see it; NaN where every tree did. */
  readonly outOfBag: Float64Array;
}

/**
 * What does the average of many decorrelated trees predict? Breiman (2001), Random Forests, Mach. Learn. 45:5–32,
 * definition 1.1 and §4. Table is row-major rows × cols, finite values only; a binary target gives probabilities.
 * Each tree has its own random stream, so the result depends on the seed alone. O(trees · rows · cols · depth).
 *
 * @example fitForest(x, y, 10, { trees: 100, maxDepth: Infinity, minLeaf: 5, featuresPerSplit: 3, splitter: 'exact', sampleFraction: 1 }, rng)
 */
export function fitForest(
  table: Float64Array,
  target: Float64Array,
  cols: number,
  settings: ForestSettings,
  rng: Rng,
  hooks: ForestHooks = {},
): FittedForest {
  const rows = checkTable(table, target, cols, { what: 'A random forest', minRows: 2 });
  const grow =
    settings.splitter === 'exact' ? exactGrower(table, target, cols) : binnedGrower(table, target, cols, settings);
  const trees: Tree[] = [];
  const bag = { sums: new Float64Array(rows), counts: new Int32Array(rows) };
  const weights = new Float64Array(rows);
  const draws = Math.max(1, Math.round(rows * settings.sampleFraction));
  for (let t = 0; t < settings.trees; t++) {
    throwIfCancelled(hooks.signal, 'The forest');
    const stream = rng.fork(`tree ${t}`);
    weights.fill(0);
    for (let k = 0; k < draws; k++) {
      const row = stream.integer(rows);
      weights[row] = (weights[row] as number) + 1;
    }
    const tree = grow(weights, settings, stream);
    trees.push(tree);
    if (settings.outOfBag !== false) addOutOfBag(tree, table, cols, weights, bag);
    hooks.onTree?.(t + 1);
  }
  const outOfBag = new Float64Array(rows);
  for (let i = 0; i < rows; i++) outOfBag[i] = (bag.sums[i] as number) / (bag.counts[i] as number);
  return { trees, base: 0, scale: 1 / trees.length, features: cols, outOfBag };
}

type Grow = (weights: Float64Array, settings: ForestSettings, rng: Rng) => Tree;

function exactGrower(table: Float64Array, target: Float64Array, cols: number): Grow {
  const data = presortFeatures(table, target.length, cols);
  const workspace = createExactWorkspace(data);
  return (weights, settings, rng) => growExactTree(data, target, weights, settings, rng, workspace);
}

function binnedGrower(table: Float64Array, target: Float64Array, cols: number, settings: ForestSettings): Grow {
  const data = binFeatures(table, target.length, cols);
  const most = Math.max(data.rows, Math.round(data.rows * settings.sampleFraction));
  const shape = { ...settings, maxLeaves: settings.maxLeaves ?? Number.POSITIVE_INFINITY, l2: 0 };
  const workspace = createHistogramWorkspace(data, { maxRows: most, maxLeaves: 64, withHessian: false });
  const gradient = Float64Array.from(target, (y) => -y);
  return (weights, _settings, rng) => {
    const list = new Int32Array(weights.reduce((sum, w) => sum + w, 0));
    let used = 0;
    for (let i = 0; i < weights.length; i++) for (let w = weights[i] as number; w > 0; w--) list[used++] = i;
    return growHistogramTree(data, gradient, null, list, shape, rng, workspace).tree;
  };
}

function addOutOfBag(
  tree: Tree,
  table: Float64Array,
  cols: number,
  weights: Float64Array,
  bag: { sums: Float64Array; counts: Int32Array },
): void {
  for (let i = 0; i < weights.length; i++) {
    if ((weights[i] as number) > 0) continue;
    bag.sums[i] = (bag.sums[i] as number) + (tree.value[leafOf(tree, table, i * cols)] as number);
    bag.counts[i] = (bag.counts[i] as number) + 1;
  }
}

/** Share of the total reduction in squared error that each feature's splits bring, averaged over trees (Breiman et al., 1984, §5.3.4). */
export function impurityImportance(ensemble: TreeEnsemble): Float64Array {
  const totals = new Float64Array(ensemble.features);
  for (const tree of ensemble.trees) {
    const own = new Float64Array(ensemble.features);
    let sum = 0;
    for (let node = 0; node < tree.feature.length; node++) {
      const f = tree.feature[node] as number;
      if (f < 0) continue;
      const gain = splitGain(tree, node);
      own[f] = (own[f] as number) + gain;
      sum += gain;
    }
    if (sum > 0) for (let f = 0; f < own.length; f++) totals[f] = (totals[f] as number) + (own[f] as number) / sum;
  }
  const all = totals.reduce((sum, value) => sum + value, 0);
  return all > 0 ? totals.map((value) => value / all) : totals;
}

function splitGain(tree: Tree, node: number): number {
  const left = tree.left[node] as number;
  const right = tree.right[node] as number;
  const mean = tree.value[node] as number;
  return (
    (tree.cover[left] as number) * ((tree.value[left] as number) - mean) ** 2 +
    (tree.cover[right] as number) * ((tree.value[right] as number) - mean) ** 2
  );
}
