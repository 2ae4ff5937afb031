/** Histogram gradient boosting for a real or a binary target. */
import { invalidInput, throwIfCancelled } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { type BinnedFeatures, binFeatures } from './bin-features.ts';
import { checkTable } from './check-table.ts';
import {
  createHistogramWorkspace,
  type GrownTree,
  growHistogramTree,
  type HistogramTreeSettings,
} from './grow-histogram-tree.ts';
import type { Tree, TreeEnsemble } from './tree.ts';

export interface BoostingSettings extends HistogramTreeSettings {
  readonly iterations: number;
  readonly learningRate: number;
  readonly loss: 'squared' | 'logistic';
  /** Share of rows drawn without replacement at each iteration; 1 uses all. */
  readonly sampleFraction: number;
  readonly maxBins: number;
}

export interface BoostingHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onIteration?: (done: number) => void;
}

/** As scikit-learn's histogram booster: 100 iterations of 31 leaves at rate 0.1. */
export const defaultBoosting: BoostingSettings = {
  iterations: 100,
  learningRate: 0.1,
  loss: 'squared',
  maxLeaves: 31,
  maxDepth: Number.POSITIVE_INFINITY,
  minLeaf: 20,
  l2: 0,
  featuresPerSplit: Number.POSITIVE_INFINITY,
  sampleFraction: 1,
  maxBins: 255,
};

/**
 * Which sum of small trees, each fitted to the loss's gradient, predicts best? Friedman (2001), Ann. Stat. 29:1189,
 * algorithm 1, with second-order leaves (Chen & Guestrin, 2016) on binned features (Ke et al., 2017). The ensemble predicts
 * the target, or log-odds for the logistic loss. Finite values only. O(iterations · rows · cols · log leaves).
 *
 * @example fitBoosting(x, y, 10, { ...defaultBoosting, iterations: 200 }, rng)
 */
export function fitBoosting(
  table: Float64Array,
  target: Float64Array,
  cols: number,
  settings: BoostingSettings,
  rng: Rng,
  hooks: BoostingHooks = {},
): TreeEnsemble {
  const rows = checkTable(table, target, cols, { what: 'Gradient boosting', minRows: 2 });
  return boostBinned(binFeatures(table, rows, cols, settings.maxBins), target, settings, rng, hooks);
}

/** The same from columns that are binned already, so that several fits share the binning. */
export function boostBinned(
  data: BinnedFeatures,
  target: Float64Array,
  settings: BoostingSettings,
  rng: Rng,
  hooks: BoostingHooks = {},
): TreeEnsemble {
  const base = startValue(target, settings.loss);
  const scores = new Float64Array(data.rows).fill(base);
  const gradient = new Float64Array(data.rows);
  const hessian = settings.loss === 'logistic' ? new Float64Array(data.rows) : null;
  const workspace = createHistogramWorkspace(data, {
    maxRows: data.rows,
    maxLeaves: settings.maxLeaves,
    withHessian: hessian !== null,
  });
  const trees: Tree[] = [];
  const list = Int32Array.from({ length: data.rows }, (_, i) => i);
  for (let t = 0; t < settings.iterations; t++) {
    throwIfCancelled(hooks.signal, 'The boosting');
    updateGradients(target, scores, gradient, hessian);
    const stream = rng.fork(`tree ${t}`);
    const rows = chooseRows(list, settings.sampleFraction, stream);
    const grown = growHistogramTree(data, gradient, hessian, rows, settings, stream, workspace);
    trees.push(grown.tree);
    updateScores(data, grown, rows, settings, scores);
    hooks.onIteration?.(t + 1);
  }
  return { trees, base, scale: settings.learningRate, features: data.cols };
}

function startValue(target: Float64Array, loss: BoostingSettings['loss']): number {
  let sum = 0;
  for (const y of target) sum += y;
  const mean = sum / target.length;
  if (loss === 'squared') return mean;
  if (target.some((y) => y !== 0 && y !== 1) || mean === 0 || mean === 1) {
    throw invalidInput({
      what: 'The target of a logistic booster',
      needed: 'zeros and ones with both present',
      got: `values with mean ${mean}`,
      hint: 'Use the squared loss for a real target.',
    });
  }
  return Math.log(mean / (1 - mean));
}

function updateGradients(
  target: Float64Array,
  scores: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array | null,
): void {
  if (!hessian) {
    for (let i = 0; i < target.length; i++) gradient[i] = (scores[i] as number) - (target[i] as number);
    return;
  }
  for (let i = 0; i < target.length; i++) {
    const p = 1 / (1 + Math.exp(-(scores[i] as number)));
    gradient[i] = p - (target[i] as number);
    hessian[i] = p * (1 - p);
  }
}

function chooseRows(list: Int32Array, fraction: number, rng: Rng): Int32Array {
  const count = Math.max(1, Math.round(list.length * fraction));
  if (count >= list.length) return list.slice();
  for (let i = 0; i < count; i++) {
    const other = i + rng.integer(list.length - i);
    const swap = list[i] as number;
    list[i] = list[other] as number;
    list[other] = swap;
  }
  // Ascending rows keep the memory reads of the histograms in order.
  return list.slice(0, count).sort();
}

function updateScores(
  data: BinnedFeatures,
  grown: GrownTree,
  rows: Int32Array,
  settings: BoostingSettings,
  scores: Float64Array,
): void {
  if (rows.length < data.rows) {
    addFromCodes(data, grown.tree, settings.learningRate, scores);
    return;
  }
  for (const leaf of grown.leaves) {
    const step = settings.learningRate * (grown.tree.value[leaf.id] as number);
    for (let k = leaf.start; k < leaf.end; k++) {
      const row = rows[k] as number;
      scores[row] = (scores[row] as number) + step;
    }
  }
}

/** Rows that the tree did not see are sent down it by their codes. */
function addFromCodes(data: BinnedFeatures, tree: Tree, rate: number, scores: Float64Array): void {
  const bins = new Int32Array(tree.feature.length);
  for (let node = 0; node < bins.length; node++) {
    const f = tree.feature[node] as number;
    if (f >= 0) bins[node] = (data.edges[f] as Float64Array).indexOf(tree.threshold[node] as number);
  }
  for (let i = 0; i < data.rows; i++) {
    let node = 0;
    let f = tree.feature[0] as number;
    while (f >= 0) {
      const goesLeft = (data.codes[f * data.rows + i] as number) <= (bins[node] as number);
      node = (goesLeft ? tree.left[node] : tree.right[node]) as number;
      f = tree.feature[node] as number;
    }
    scores[i] = (scores[i] as number) + rate * (tree.value[node] as number);
  }
}
