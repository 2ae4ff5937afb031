/** A regression tree with every possible threshold considered, on presorted columns. */
import type { Rng } from '../../../lib/rng.ts';
import type { PresortedFeatures } from './presort-features.ts';
import { type Tree, TreeBuilder } from './tree.ts';

export interface TreeSettings {
  /** Deepest level; Infinity for none. */
  readonly maxDepth: number;
  /** Fewest distinct training rows in a leaf. */
  readonly minLeaf: number;
  /** Features tried at a split; more are tried only where none of these can split. */
  readonly featuresPerSplit: number;
}

/** Buffers that every tree of a forest uses again. */
export interface ExactWorkspace {
  readonly lists: Int32Array;
  readonly temporary: Int32Array;
  readonly goesLeft: Uint8Array;
  readonly weighted: Float64Array;
  readonly candidates: Int32Array;
}

interface Split {
  feature: number;
  /** Rows of the node that go left. */
  leftCount: number;
  gain: number;
}

interface PendingNode {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly parent: number;
  readonly isLeft: boolean;
}

export function createExactWorkspace(data: PresortedFeatures): ExactWorkspace {
  return {
    lists: new Int32Array(data.rows * data.cols),
    temporary: new Int32Array(data.rows),
    goesLeft: new Uint8Array(data.rows),
    weighted: new Float64Array(data.rows),
    candidates: Int32Array.from({ length: data.cols }, (_, f) => f),
  };
}

/**
 * Which piecewise-constant function of the features, split by split, leaves the smallest squared error?
 * Maximises the between-children sum of squares (Breiman et al., 1984, eq. 8.4); thresholds are midpoints of neighbouring
 * values; nodes are numbered in pre-order. `weights` are row weights (bootstrap counts), rows of weight 0 are left out.
 * O(rows · cols · depth) after the presort.
 *
 * @example growExactTree(presortFeatures(x, n, p), y, ones, { maxDepth: 3, minLeaf: 1, featuresPerSplit: p }, rng)
 */
export function growExactTree(
  data: PresortedFeatures,
  target: Float64Array,
  weights: Float64Array,
  settings: TreeSettings,
  rng: Rng,
  workspace: ExactWorkspace = createExactWorkspace(data),
): Tree {
  const used = fillLists(data, target, weights, workspace);
  const builder = new TreeBuilder();
  const stack: PendingNode[] = [{ start: 0, end: used, depth: 0, parent: -1, isLeft: true }];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { start, end, depth } = node;
    const { sum, weight, pure } = nodeTotals(workspace, target, weights, start, end);
    const id = builder.addLeaf(sum / weight, weight);
    if (node.parent >= 0) {
      if (node.isLeft) builder.setLeft(node.parent, id);
      else builder.setRight(node.parent, id);
    }
    if (pure || depth >= settings.maxDepth || end - start < 2 * settings.minLeaf) continue;
    const split = bestSplit(data, weights, workspace, start, end, sum / weight, weight, settings, rng);
    if (split.feature < 0) continue;
    const middle = start + split.leftCount;
    builder.setSplit(id, split.feature, midpoint(data, workspace, split.feature, middle));
    const childrenEnd =
      depth + 1 >= settings.maxDepth || Math.max(split.leftCount, end - middle) < 2 * settings.minLeaf;
    partition(data, workspace, split.feature, start, middle, end, childrenEnd);
    stack.push({ start: middle, end, depth: depth + 1, parent: id, isLeft: false });
    stack.push({ start, end: middle, depth: depth + 1, parent: id, isLeft: true });
  }
  return builder.finish();
}

/** Copies the sorted lists of rows with weight; returns how many rows there are. */
function fillLists(
  data: PresortedFeatures,
  target: Float64Array,
  weights: Float64Array,
  workspace: ExactWorkspace,
): number {
  const { rows, cols, order } = data;
  const { lists, weighted } = workspace;
  for (let i = 0; i < rows; i++) weighted[i] = (target[i] as number) * (weights[i] as number);
  let used = 0;
  for (let f = 0; f < cols; f++) {
    const base = f * rows;
    used = 0;
    for (let k = 0; k < rows; k++) {
      const row = order[base + k] as number;
      lists[base + used] = row;
      used += (weights[row] as number) > 0 ? 1 : 0;
    }
  }
  return used;
}

/** The rows of a node stand in the first feature's list too, whatever feature split it. */
function nodeTotals(
  workspace: ExactWorkspace,
  target: Float64Array,
  weights: Float64Array,
  start: number,
  end: number,
): { sum: number; weight: number; pure: boolean } {
  let sum = 0;
  let weight = 0;
  let pure = true;
  const first = target[workspace.lists[start] as number] as number;
  for (let k = start; k < end; k++) {
    const row = workspace.lists[k] as number;
    sum += workspace.weighted[row] as number;
    weight += weights[row] as number;
    if (target[row] !== first) pure = false;
  }
  return { sum, weight, pure };
}

function bestSplit(
  data: PresortedFeatures,
  weights: Float64Array,
  workspace: ExactWorkspace,
  start: number,
  end: number,
  mean: number,
  weight: number,
  settings: TreeSettings,
  rng: Rng,
): Split {
  const { cols } = data;
  const { candidates } = workspace;
  const best: Split = { feature: -1, leftCount: 0, gain: -1 };
  const all = settings.featuresPerSplit >= cols;
  for (let tried = 0; tried < cols; tried++) {
    if (tried >= settings.featuresPerSplit && best.feature >= 0) break;
    if (!all) {
      const other = tried + rng.integer(cols - tried);
      const swap = candidates[tried] as number;
      candidates[tried] = candidates[other] as number;
      candidates[other] = swap;
    }
    scanFeature(
      data,
      weights,
      workspace,
      candidates[tried] as number,
      start,
      end,
      mean,
      weight,
      settings.minLeaf,
      best,
    );
  }
  return best;
}

/** Hot loop: with the target centred on the node's mean, the gain of a cut is s² · W / (w · (W − w)). */
function scanFeature(
  data: PresortedFeatures,
  weights: Float64Array,
  workspace: ExactWorkspace,
  feature: number,
  start: number,
  end: number,
  mean: number,
  total: number,
  minLeaf: number,
  best: Split,
): void {
  const base = feature * data.rows;
  const { lists, weighted } = workspace;
  const { ranks } = data;
  const from = base + start;
  const last = base + end - minLeaf;
  if (ranks[base + (lists[from] as number)] === ranks[base + (lists[base + end - 1] as number)]) return;
  let sum = 0;
  let weight = 0;
  let gain = best.gain / total;
  let cut = -1;
  const firstCut = from + minLeaf;
  for (let k = from; k < firstCut - 1; k++) {
    const row = lists[k] as number;
    const w = weights[row] as number;
    sum += (weighted[row] as number) - w * mean;
    weight += w;
  }
  let row = lists[firstCut - 1] as number;
  let rank = ranks[base + row] as number;
  for (let k = firstCut; k <= last; k++) {
    const w = weights[row] as number;
    sum += (weighted[row] as number) - w * mean;
    weight += w;
    row = lists[k] as number;
    const nextRank = ranks[base + row] as number;
    if (nextRank !== rank) {
      const score = (sum * sum) / (weight * (total - weight));
      if (score > gain) {
        gain = score;
        cut = k;
      }
      rank = nextRank;
    }
  }
  if (cut >= 0) {
    best.gain = gain * total;
    best.feature = feature;
    best.leftCount = cut - from;
  }
}

/** Halfway between the neighbours; where rounding lands on the upper one, the lower one itself. */
function midpoint(data: PresortedFeatures, workspace: ExactWorkspace, feature: number, middle: number): number {
  const base = feature * data.rows;
  const below = data.columns[base + (workspace.lists[base + middle - 1] as number)] as number;
  const above = data.columns[base + (workspace.lists[base + middle] as number)] as number;
  const half = below / 2 + above / 2;
  return half < above ? half : below;
}

/** Stable, branchless partition of every list by the side that each row takes. */
function partition(
  data: PresortedFeatures,
  workspace: ExactWorkspace,
  feature: number,
  start: number,
  middle: number,
  end: number,
  totalsOnly: boolean,
): void {
  const { rows, cols } = data;
  const { lists, goesLeft } = workspace;
  const base = feature * rows;
  for (let k = base + start; k < base + middle; k++) goesLeft[lists[k] as number] = 1;
  for (let k = base + middle; k < base + end; k++) goesLeft[lists[k] as number] = 0;
  const upTo = totalsOnly ? 1 : cols;
  for (let f = 0; f < upTo; f++) if (f !== feature) partitionList(workspace, f * rows + start, f * rows + end);
}

function partitionList(workspace: ExactWorkspace, from: number, to: number): void {
  const { lists, temporary, goesLeft } = workspace;
  let left = from;
  let right = 0;
  for (let k = from; k < to; k++) {
    const row = lists[k] as number;
    const side = goesLeft[row] as number;
    lists[left] = row;
    temporary[right] = row;
    left += side;
    right += 1 - side;
  }
  for (let k = 0; k < right; k++) lists[left + k] = temporary[k] as number;
}
