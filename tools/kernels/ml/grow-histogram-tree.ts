/** A leaf-wise tree on binned columns: the base learner of the histogram booster and of the fast forest. */
import type { Rng } from '../../../lib/rng.ts';
import type { BinnedFeatures } from './bin-features.ts';
import {
  buildHistograms,
  choosePacking,
  type Histogram,
  HistogramPool,
  type HistogramRequest,
  subtractHistogram,
} from './histograms.ts';
import { type Tree, TreeBuilder } from './tree.ts';

export interface HistogramTreeSettings {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  /** L2 penalty on leaf values. */
  readonly l2: number;
  /** Features tried at a split; all where it is at least their number. */
  readonly featuresPerSplit: number;
}

/** Buffers that every tree of one fit uses again. */
export interface HistogramWorkspace {
  readonly pool: HistogramPool;
  readonly rowBuffer: Int32Array;
  readonly gathered: Float64Array;
  readonly gatheredHessian: Float64Array;
  readonly candidates: Int32Array;
}

interface OpenLeaf {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly gradient: number;
  readonly hessian: number;
  histogram: Histogram | null;
  gain: number;
  feature: number;
  bin: number;
}

export interface GrownTree {
  readonly tree: Tree;
  /** Rows of each leaf: leaf node id, start and end in the (reordered) row list. */
  readonly leaves: readonly { readonly id: number; readonly start: number; readonly end: number }[];
}

const MIN_HESSIAN = 1e-3;

export function createHistogramWorkspace(
  data: BinnedFeatures,
  shape: { readonly maxRows: number; readonly maxLeaves: number; readonly withHessian: boolean },
): HistogramWorkspace {
  return {
    pool: new HistogramPool(data.cols, shape.maxLeaves + 1, shape.withHessian),
    rowBuffer: new Int32Array(shape.maxRows),
    gathered: new Float64Array(shape.maxRows),
    gatheredHessian: new Float64Array(shape.withHessian ? shape.maxRows : 0),
    candidates: Int32Array.from({ length: data.cols }, (_, f) => f),
  };
}

/**
 * Best-first tree that minimises the second-order loss Σ g·v + ½ h·v² + ½ λ v² over leaf values v
 * (Chen & Guestrin, 2016, XGBoost, eqs. 5–7). `hessian` null means h = 1. `rows` lists the rows to use (repeats are
 * weights) and is reordered so that each leaf's rows stand together. With every feature tried at a split, the larger
 * child's histogram is the parent's less its sibling's (Ke et al., 2017, §2.1). O(rows · cols · log leaves).
 *
 * @example growHistogramTree(binned, residual, null, allRows, settings, rng, createHistogramWorkspace(binned, shape))
 */
export function growHistogramTree(
  data: BinnedFeatures,
  gradient: Float64Array,
  hessian: Float64Array | null,
  rows: Int32Array,
  settings: HistogramTreeSettings,
  rng: Rng,
  workspace: HistogramWorkspace,
): GrownTree {
  const grower = new Grower(data, gradient, hessian, rows, settings, rng, workspace);
  return grower.grow();
}

class Grower {
  private readonly builder = new TreeBuilder();
  private readonly open: OpenLeaf[] = [];
  private readonly closed: OpenLeaf[] = [];
  private readonly every: boolean;
  private readonly request: HistogramRequest;

  constructor(
    private readonly data: BinnedFeatures,
    private readonly gradient: Float64Array,
    private readonly hessian: Float64Array | null,
    private readonly rows: Int32Array,
    private readonly settings: HistogramTreeSettings,
    private readonly rng: Rng,
    private readonly workspace: HistogramWorkspace,
  ) {
    this.every = settings.featuresPerSplit >= data.cols;
    const packing = hessian ? { unit: 0, scale: 1 } : choosePacking(gradient, rows);
    this.request = { data, gradient, hessian, packing, rows, buffers: workspace };
  }

  grow(): GrownTree {
    this.openLeaf(this.leafFrom(0, this.rows.length, 0), null);
    let leaves = 1;
    while (leaves < this.settings.maxLeaves) {
      const leaf = this.takeBest();
      if (leaf === undefined) break;
      this.splitLeaf(leaf);
      leaves++;
    }
    for (const leaf of this.open) this.close(leaf);
    return { tree: this.builder.finish(), leaves: this.closed.map(({ id, start, end }) => ({ id, start, end })) };
  }

  private leafFrom(start: number, end: number, depth: number, sums?: { gradient: number; hessian: number }): OpenLeaf {
    let g = sums?.gradient ?? 0;
    let h = sums?.hessian ?? 0;
    if (!sums) {
      for (let k = start; k < end; k++) g += this.gradient[this.rows[k] as number] as number;
      if (this.hessian) for (let k = start; k < end; k++) h += this.hessian[this.rows[k] as number] as number;
      else h = end - start;
    }
    const id = this.builder.addLeaf(-g / (h + this.settings.l2), end - start);
    return { id, start, end, depth, gradient: g, hessian: h, histogram: null, gain: 0, feature: -1, bin: 0 };
  }

  /** A leaf that may still split gets its histogram and best cut; any other is closed at once. */
  private openLeaf(leaf: OpenLeaf, ready: Histogram | null): void {
    const splittable = this.maySplit(leaf);
    if (!splittable) {
      if (ready) this.workspace.pool.release(ready);
      this.closed.push(leaf);
      return;
    }
    const histogram = ready ?? this.workspace.pool.take();
    const features = this.chooseFeatures();
    if (!ready) buildHistograms(this.request, leaf, this.every ? null : features, histogram);
    leaf.histogram = histogram;
    for (const f of features) this.scan(leaf, histogram, f);
    if (!this.every || leaf.feature < 0) {
      this.workspace.pool.release(histogram);
      leaf.histogram = null;
    }
    if (leaf.feature < 0) this.closed.push(leaf);
    else this.open.push(leaf);
  }

  private maySplit(leaf: OpenLeaf): boolean {
    return leaf.depth < this.settings.maxDepth && leaf.end - leaf.start >= 2 * this.settings.minLeaf;
  }

  private chooseFeatures(): Int32Array {
    const { candidates } = this.workspace;
    if (this.every) return candidates;
    for (let i = 0; i < this.settings.featuresPerSplit; i++) {
      const other = i + this.rng.integer(candidates.length - i);
      const swap = candidates[i] as number;
      candidates[i] = candidates[other] as number;
      candidates[other] = swap;
    }
    return candidates.subarray(0, this.settings.featuresPerSplit);
  }

  /** Walks the bins of a feature from the left and keeps the cut of the largest gain. */
  private scan(leaf: OpenLeaf, histogram: Histogram, feature: number): void {
    const { l2, minLeaf } = this.settings;
    const { unit, scale } = this.request.packing;
    const perUnit = 1 / unit;
    const perScale = 1 / scale;
    const bins = (this.data.edges[feature] as Float64Array).length;
    const { gradients, hessians, counts } = histogram;
    const plain = this.hessian === null;
    const base = feature * 256;
    const total = leaf.end - leaf.start;
    const parent = (leaf.gradient * leaf.gradient) / (leaf.hessian + l2);
    let packed = 0;
    let g = 0;
    let h = 0;
    let count = 0;
    for (let b = 0; b < bins; b++) {
      if (plain) {
        packed += gradients[base + b] as number;
        count = Math.floor(packed * perUnit + 0.5);
        h = count;
        g = (packed - count * unit) * perScale;
      } else {
        g += gradients[base + b] as number;
        h += hessians[base + b] as number;
        count += counts[base + b] as number;
      }
      if (count < minLeaf) continue;
      if (total - count < minLeaf) break;
      const rest = leaf.hessian - h;
      if (h < MIN_HESSIAN || rest < MIN_HESSIAN) continue;
      const other = leaf.gradient - g;
      const gain = (g * g) / (h + l2) + (other * other) / (rest + l2) - parent;
      if (gain > leaf.gain) {
        leaf.gain = gain;
        leaf.feature = feature;
        leaf.bin = b;
      }
    }
  }

  private takeBest(): OpenLeaf | undefined {
    let best = -1;
    for (let i = 0; i < this.open.length; i++) {
      if (best < 0 || (this.open[i] as OpenLeaf).gain > (this.open[best] as OpenLeaf).gain) best = i;
    }
    return best < 0 ? undefined : this.open.splice(best, 1)[0];
  }

  private splitLeaf(leaf: OpenLeaf): void {
    const { builder, data } = this;
    const middle = this.partition(leaf);
    builder.setSplit(leaf.id, leaf.feature, (data.edges[leaf.feature] as Float64Array)[leaf.bin] as number);
    const left = this.leafFrom(leaf.start, middle, leaf.depth + 1);
    const right = this.leafFrom(middle, leaf.end, leaf.depth + 1, {
      gradient: leaf.gradient - left.gradient,
      hessian: leaf.hessian - left.hessian,
    });
    builder.setLeft(leaf.id, left.id);
    builder.setRight(leaf.id, right.id);
    this.openChildren(leaf, left, right);
  }

  private openChildren(parent: OpenLeaf, left: OpenLeaf, right: OpenLeaf): void {
    const small = left.end - left.start <= right.end - right.start ? left : right;
    const large = small === left ? right : left;
    if (!parent.histogram || !this.maySplit(large)) {
      if (parent.histogram) this.workspace.pool.release(parent.histogram);
      this.openLeaf(left, null);
      this.openLeaf(right, null);
      return;
    }
    const histogram = this.workspace.pool.take();
    buildHistograms(this.request, small, null, histogram);
    subtractHistogram(parent.histogram, histogram);
    const pair: [OpenLeaf, Histogram][] = [
      [small, histogram],
      [large, parent.histogram],
    ];
    if (small !== left) pair.reverse();
    for (const [leaf, ready] of pair) this.openLeaf(leaf, ready);
  }

  private partition(leaf: OpenLeaf): number {
    const { rows } = this;
    const { rowBuffer } = this.workspace;
    const codes = this.data.codes.subarray(leaf.feature * this.data.rows, (leaf.feature + 1) * this.data.rows);
    let left = leaf.start;
    let right = 0;
    for (let k = leaf.start; k < leaf.end; k++) {
      const row = rows[k] as number;
      const side = (codes[row] as number) <= leaf.bin ? 1 : 0;
      rows[left] = row;
      rowBuffer[right] = row;
      left += side;
      right += 1 - side;
    }
    for (let k = 0; k < right; k++) rows[left + k] = rowBuffer[k] as number;
    return left;
  }

  private close(leaf: OpenLeaf): void {
    if (leaf.histogram) this.workspace.pool.release(leaf.histogram);
    this.closed.push(leaf);
  }
}
