/**
 * How much of one prediction does each feature carry? Exact Shapley values of a tree, with what is unknown averaged by
 * training cover (path-dependent: Lundberg, Erion & Lee, 2018, arXiv:1802.03888, algorithm 2) or by a background sample
 * (interventional: Lundberg et al., 2020, Nat. Mach. Intell. 2:56, algorithm 3). Rows sum to prediction minus base.
 */
import type { Tree, TreeEnsemble } from './tree.ts';

export interface ShapValues {
  /** Row-major rows × features. */
  readonly values: Float64Array;
  /** Prediction with nothing known. */
  readonly base: number;
}

/** Features met on the way from the root, with the share of subsets of each size that keeps the path open. */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Path-dependent TreeSHAP of an ensemble. O(rows · trees · leaves · depth²).
 *
 * @example treeShap(forest, table, rows).values
 */
export function treeShap(ensemble: TreeEnsemble, table: Float64Array, rows: number): ShapValues {
  const { features, scale } = ensemble;
  const values = new Float64Array(rows * features);
  let base = 0;
  for (const tree of ensemble.trees) {
    base += coverMean(tree, 0);
    const paths = Array.from({ length: depthOf(tree, 0) + 2 }, (_, d) => emptyPath(d + 2));
    for (let i = 0; i < rows; i++) {
      const out = values.subarray(i * features, (i + 1) * features);
      descend({ tree, table, offset: i * features, out, paths }, 0, 0, 1, 1, -1, 0);
    }
  }
  for (let k = 0; k < values.length; k++) values[k] = (values[k] as number) * scale;
  return { values, base: ensemble.base + scale * base };
}

function emptyPath(length: number): Path {
  return {
    feature: new Int32Array(length),
    zero: new Float64Array(length),
    one: new Float64Array(length),
    weight: new Float64Array(length),
  };
}

/** Cover-weighted mean of the leaves below a node. */
function coverMean(tree: Tree, node: number): number {
  if ((tree.feature[node] as number) < 0) return tree.value[node] as number;
  const left = tree.left[node] as number;
  const right = tree.right[node] as number;
  const l = tree.cover[left] as number;
  const r = tree.cover[right] as number;
  return (l * coverMean(tree, left) + r * coverMean(tree, right)) / (l + r);
}

function depthOf(tree: Tree, node: number): number {
  if ((tree.feature[node] as number) < 0) return 0;
  return 1 + Math.max(depthOf(tree, tree.left[node] as number), depthOf(tree, tree.right[node] as number));
}

interface Walk {
  readonly tree: Tree;
  readonly table: Float64Array;
  readonly offset: number;
  readonly out: Float64Array;
  readonly paths: readonly Path[];
}

/** `length` entries stand in the parent's path; this node adds one and hands a copy on. */
function descend(
  walk: Walk,
  node: number,
  level: number,
  zero: number,
  one: number,
  feature: number,
  length: number,
): void {
  const { tree, paths } = walk;
  const path = paths[level] as Path;
  if (level > 0) copyPath(paths[level - 1] as Path, path, length);
  extend(path, length, zero, one, feature);
  let used = length + 1;
  const split = tree.feature[node] as number;
  if (split < 0) {
    addLeaf(path, used, tree.value[node] as number, walk.out);
    return;
  }
  const left = tree.left[node] as number;
  const right = tree.right[node] as number;
  const goesLeft = (walk.table[walk.offset + split] as number) <= (tree.threshold[node] as number);
  const hot = goesLeft ? left : right;
  const cold = goesLeft ? right : left;
  let knownZero = 1;
  let knownOne = 1;
  for (let k = 1; k < used; k++) {
    if (path.feature[k] === split) {
      knownZero = path.zero[k] as number;
      knownOne = path.one[k] as number;
      unwind(path, used, k);
      used--;
      break;
    }
  }
  const total = (tree.cover[left] as number) + (tree.cover[right] as number);
  descend(walk, hot, level + 1, (knownZero * (tree.cover[hot] as number)) / total, knownOne, split, used);
  descend(walk, cold, level + 1, (knownZero * (tree.cover[cold] as number)) / total, 0, split, used);
}

function copyPath(from: Path, to: Path, length: number): void {
  for (let k = 0; k < length; k++) {
    to.feature[k] = from.feature[k] as number;
    to.zero[k] = from.zero[k] as number;
    to.one[k] = from.one[k] as number;
    to.weight[k] = from.weight[k] as number;
  }
}

/** EXTEND of algorithm 2. */
function extend(path: Path, length: number, zero: number, one: number, feature: number): void {
  const { weight } = path;
  path.feature[length] = feature;
  path.zero[length] = zero;
  path.one[length] = one;
  weight[length] = length === 0 ? 1 : 0;
  for (let k = length - 1; k >= 0; k--) {
    weight[k + 1] = (weight[k + 1] as number) + (one * (weight[k] as number) * (k + 1)) / (length + 1);
    weight[k] = (zero * (weight[k] as number) * (length - k)) / (length + 1);
  }
}

/** UNWIND of algorithm 2: takes entry `at` out of a path of `length` entries. */
function unwind(path: Path, length: number, at: number): void {
  const { weight } = path;
  const last = length - 1;
  const one = path.one[at] as number;
  const zero = path.zero[at] as number;
  let next = weight[last] as number;
  for (let k = last - 1; k >= 0; k--) {
    if (one !== 0) {
      const old = weight[k] as number;
      weight[k] = (next * length) / ((k + 1) * one);
      next = old - ((weight[k] as number) * zero * (last - k)) / length;
    } else weight[k] = ((weight[k] as number) * length) / (zero * (last - k));
  }
  for (let k = at; k < last; k++) {
    path.feature[k] = path.feature[k + 1] as number;
    path.zero[k] = path.zero[k + 1] as number;
    path.one[k] = path.one[k + 1] as number;
  }
}

/** Sum of the weights that unwinding entry `at` would leave. */
function unwoundSum(path: Path, length: number, at: number): number {
  const last = length - 1;
  const one = path.one[at] as number;
  const zero = path.zero[at] as number;
  let next = path.weight[last] as number;
  let sum = 0;
  for (let k = last - 1; k >= 0; k--) {
    if (one !== 0) {
      const part = (next * length) / ((k + 1) * one);
      sum += part;
      next = (path.weight[k] as number) - (part * zero * (last - k)) / length;
    } else sum += ((path.weight[k] as number) * length) / (zero * (last - k));
  }
  return sum;
}

function addLeaf(path: Path, length: number, value: number, out: Float64Array): void {
  for (let k = 1; k < length; k++) {
    const share = unwoundSum(path, length, k) * ((path.one[k] as number) - (path.zero[k] as number));
    const f = path.feature[k] as number;
    out[f] = (out[f] as number) + share * value;
  }
}

/**
 * Interventional Shapley values against a background table: features that are not known take a background row's value.
 * O(rows · background · trees · nodes).
 *
 * @example interventionalShap(forest, table, rows, background, 50)
 */
export function interventionalShap(
  ensemble: TreeEnsemble,
  table: Float64Array,
  rows: number,
  background: Float64Array,
  backgroundRows: number,
): ShapValues {
  const { features, scale } = ensemble;
  const values = new Float64Array(rows * features);
  let base = 0;
  for (const tree of ensemble.trees) {
    const side = new Int8Array(features);
    for (let b = 0; b < backgroundRows; b++) {
      base += valueAt(tree, background, b * features) / backgroundRows;
      for (let i = 0; i < rows; i++) {
        const out = values.subarray(i * features, (i + 1) * features);
        compare({ tree, table, own: i * features, background, other: b * features, side, out }, 0, 0, 0);
      }
    }
  }
  for (let k = 0; k < values.length; k++) values[k] = ((values[k] as number) * scale) / backgroundRows;
  return { values, base: ensemble.base + scale * base };
}

function valueAt(tree: Tree, table: Float64Array, offset: number): number {
  let node = 0;
  while ((tree.feature[node] as number) >= 0) {
    const goesLeft = (table[offset + (tree.feature[node] as number)] as number) <= (tree.threshold[node] as number);
    node = (goesLeft ? tree.left[node] : tree.right[node]) as number;
  }
  return tree.value[node] as number;
}

interface Comparison {
  readonly tree: Tree;
  readonly table: Float64Array;
  readonly own: number;
  readonly background: Float64Array;
  readonly other: number;
  /** 1 where the path needs the row's own value, -1 where it needs the background's. */
  readonly side: Int8Array;
  readonly out: Float64Array;
}

/** Where row and background part, both ways are taken; a leaf pays the features that its path depends on. */
function compare(c: Comparison, node: number, ownCount: number, otherCount: number): void {
  const { tree, side } = c;
  const f = tree.feature[node] as number;
  if (f < 0) {
    payLeaf(c, tree.value[node] as number, ownCount, otherCount);
    return;
  }
  const threshold = tree.threshold[node] as number;
  const ownChild = ((c.table[c.own + f] as number) <= threshold ? tree.left[node] : tree.right[node]) as number;
  const otherChild = (
    (c.background[c.other + f] as number) <= threshold ? tree.left[node] : tree.right[node]
  ) as number;
  if (ownChild === otherChild) compare(c, ownChild, ownCount, otherCount);
  else if (side[f] === 1) compare(c, ownChild, ownCount, otherCount);
  else if (side[f] === -1) compare(c, otherChild, ownCount, otherCount);
  else {
    side[f] = 1;
    compare(c, ownChild, ownCount + 1, otherCount);
    side[f] = -1;
    compare(c, otherChild, ownCount, otherCount + 1);
    side[f] = 0;
  }
}

function payLeaf(c: Comparison, value: number, ownCount: number, otherCount: number): void {
  const total = ownCount + otherCount;
  if (total === 0) return;
  // (own − 1)! · other! / total!  and  own! · (other − 1)! / total!
  let choose = 1;
  for (let k = 1; k <= otherCount; k++) choose = (choose * (ownCount + k)) / k;
  for (let f = 0; f < c.side.length; f++) {
    if (c.side[f] === 1) c.out[f] = (c.out[f] as number) + value / (choose * ownCount);
    else if (c.side[f] === -1) c.out[f] = (c.out[f] as number) - value / (choose * otherCount);
  }
}
