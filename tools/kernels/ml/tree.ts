/**
 * What a fitted decision tree is: parallel arrays over its nodes, node 0 the root, children after their parent.
 * A row goes left where its value is at most the threshold (Breiman et al., 1984, Classification and Regression Trees, §2.4).
 */

export interface Tree {
  /** Feature of the split, -1 at a leaf. */
  readonly feature: Int32Array;
  /** `x <= threshold` goes left. Zero at a leaf. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Prediction of the node: mean of the target (or leaf step of a booster). */
  readonly value: Float64Array;
  /** Weight of the training rows that reached the node. */
  readonly cover: Float64Array;
}

/** A sum of trees: `base + scale * sum of trees`. A forest has base 0 and scale 1/trees, a booster its learning rate. */
export interface TreeEnsemble {
  readonly trees: readonly Tree[];
  readonly base: number;
  readonly scale: number;
  readonly features: number;
}

/** Collects nodes while a tree grows; `finish` trims them. */
export class TreeBuilder {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly value: number[] = [];
  private readonly cover: number[] = [];

  addLeaf(value: number, cover: number): number {
    this.feature.push(-1);
    this.threshold.push(0);
    this.left.push(-1);
    this.right.push(-1);
    this.value.push(value);
    this.cover.push(cover);
    return this.feature.length - 1;
  }

  setSplit(node: number, feature: number, threshold: number): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
  }

  setLeft(node: number, child: number): void {
    this.left[node] = child;
  }

  setRight(node: number, child: number): void {
    this.right[node] = child;
  }

  setValue(node: number, value: number): void {
    this.value[node] = value;
  }

  finish(): Tree {
    return {
      feature: Int32Array.from(this.feature),
      threshold: Float64Array.from(this.threshold),
      left: Int32Array.from(this.left),
      right: Int32Array.from(this.right),
      value: Float64Array.from(this.value),
      cover: Float64Array.from(this.cover),
    };
  }
}

/** Node that a row ends in. `offset` is where the row begins in the row-major table. O(depth). */
export function leafOf(tree: Tree, table: Float64Array, offset: number): number {
  const { feature, threshold, left, right } = tree;
  let node = 0;
  let split = feature[0] as number;
  while (split >= 0) {
    node = ((table[offset + split] as number) <= (threshold[node] as number) ? left[node] : right[node]) as number;
    split = feature[node] as number;
  }
  return node;
}

/** Number of leaves. */
export function countLeaves(tree: Tree): number {
  let leaves = 0;
  for (const split of tree.feature) if (split < 0) leaves++;
  return leaves;
}

/**
 * Predictions of an ensemble for a row-major table of rows × features. A missing feature (NaN) fails every
 * comparison and goes right; fits refuse missing values, so complete the table first. O(rows · trees · depth).
 *
 * @example predictTrees({ trees: [stump], base: 0, scale: 1, features: 1 }, Float64Array.of(-1, 2), 2)
 */
export function predictTrees(ensemble: TreeEnsemble, table: Float64Array, rows: number): Float64Array {
  const { trees, base, scale, features } = ensemble;
  const sums = new Float64Array(rows);
  for (const tree of trees) {
    for (let i = 0; i < rows; i++) {
      sums[i] = (sums[i] as number) + (tree.value[leafOf(tree, table, i * features)] as number);
    }
  }
  for (let i = 0; i < rows; i++) sums[i] = base + scale * (sums[i] as number);
  return sums;
}
