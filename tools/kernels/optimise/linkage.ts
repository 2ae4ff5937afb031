/**
 * Agglomerative clustering from a distance matrix: single, complete, average and Ward linkage by the nearest-neighbour chain
 * in O(n²) (Müllner, 2011, arXiv:1109.2378, figure 3; Lance–Williams updates, table 1), and the leaf order that puts
 * neighbours next to each other (Bar-Joseph, Gifford and Jaakkola, 2001, Bioinformatics 17).
 */
import type { Matrix } from '../linalg/matrix.ts';

export type LinkageMethod = 'single' | 'complete' | 'average' | 'ward';

/** Row k joins clusters `left` < `right` into cluster n + k; leaves are 0 … n − 1. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  readonly distance: number;
  readonly size: number;
}

/** `distances` is symmetric n × n. Returns n − 1 merges in order of distance. */
export function linkage(distances: Matrix, method: LinkageMethod): Merge[] {
  const n = distances.rows;
  const D = distances.data.slice();
  const size = new Float64Array(n).fill(1);
  const raw: { a: number; b: number; distance: number }[] = [];
  const chain: number[] = [];
  for (let k = 0; k < n - 1; k++) {
    if (chain.length === 0) chain.push(size.findIndex((count) => count > 0));
    let x = 0;
    let y = 0;
    let best = 0;
    for (;;) {
      x = chain[chain.length - 1] as number;
      // Ties go to the previous element, or the chain would run in circles.
      y = chain.length > 1 ? (chain[chain.length - 2] as number) : -1;
      best = y >= 0 ? (D[x * n + y] as number) : Number.POSITIVE_INFINITY;
      for (let i = 0; i < n; i++) {
        if (size[i] === 0 || i === x) continue;
        const d = D[x * n + i] as number;
        if (d < best) {
          best = d;
          y = i;
        }
      }
      if (chain.length > 1 && y === chain[chain.length - 2]) break;
      chain.push(y);
    }
    chain.length -= 2;
    const a = Math.min(x, y);
    const b = Math.max(x, y);
    raw.push({ a, b, distance: best });
    join(D, size, n, a, b, best, method);
  }
  return label(raw, n);
}

/** Cluster b takes a in; distances to the others follow Lance and Williams. */
function join(
  D: Float64Array,
  size: Float64Array,
  n: number,
  a: number,
  b: number,
  dab: number,
  method: LinkageMethod,
): void {
  const na = size[a] as number;
  const nb = size[b] as number;
  for (let k = 0; k < n; k++) {
    const nk = size[k] as number;
    if (nk === 0 || k === a || k === b) continue;
    const da = D[a * n + k] as number;
    const db = D[b * n + k] as number;
    let d: number;
    if (method === 'single') d = Math.min(da, db);
    else if (method === 'complete') d = Math.max(da, db);
    else if (method === 'average') d = (na * da + nb * db) / (na + nb);
    else d = Math.sqrt(((nk + na) * da * da + (nk + nb) * db * db - nk * dab * dab) / (na + nb + nk));
    D[b * n + k] = d;
    D[k * n + b] = d;
  }
  size[a] = 0;
  size[b] = na + nb;
}

/** Sorts by distance (stable) and names the clusters in that order. */
function label(raw: readonly { a: number; b: number; distance: number }[], n: number): Merge[] {
  const sorted = [...raw].sort((p, q) => p.distance - q.distance);
  const parent = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  const size = new Int32Array(2 * n - 1).fill(1);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r] as number;
    parent[i] = r;
    return r;
  };
  return sorted.map(({ a, b, distance }, k) => {
    const p = root(a);
    const q = root(b);
    const cluster = n + k;
    parent[p] = cluster;
    parent[q] = cluster;
    size[cluster] = (size[p] as number) + (size[q] as number);
    return { left: Math.min(p, q), right: Math.max(p, q), distance, size: size[cluster] as number };
  });
}

/** Leaves from left to right (pre-order, without recursion). */
export function leafOrder(merges: readonly Merge[], n: number): number[] {
  const order: number[] = [];
  const stack = [n === 1 ? 0 : 2 * n - 2];
  while (stack.length > 0) {
    const node = stack.pop() as number;
    if (node < n) order.push(node);
    else {
      const merge = merges[node - n] as Merge;
      stack.push(merge.right, merge.left);
    }
  }
  return order;
}

/** The merges with children swapped so that the sum of distances between neighbouring leaves is least. O(n³) time. */
export function orderLeavesOptimally(merges: readonly Merge[], distances: Matrix): Merge[] {
  const n = distances.rows;
  const leaves: number[][] = Array.from({ length: n }, (_, i) => [i]);
  for (const merge of merges) leaves.push([...(leaves[merge.left] as number[]), ...(leaves[merge.right] as number[])]);
  const cost = new Float64Array(n * n);
  for (const merge of merges) fillCosts(merge, merges, leaves, distances, cost);
  const last = merges.length - 1;
  const swapped = merges.map((merge) => ({ ...merge }));
  if (last < 0) return swapped;
  const top = merges[last] as Merge;
  let from = -1;
  let to = -1;
  let best = Number.POSITIVE_INFINITY;
  for (const u of leaves[top.left] as number[]) {
    for (const w of leaves[top.right] as number[]) {
      if ((cost[u * n + w] as number) < best) {
        best = cost[u * n + w] as number;
        from = u;
        to = w;
      }
    }
  }
  const stack: { node: number; from: number; to: number }[] = [{ node: n + last, from, to }];
  while (stack.length > 0) {
    const { node, from: u, to: w } = stack.pop() as { node: number; from: number; to: number };
    if (node < n) continue;
    const merge = swapped[node - n] as { left: number; right: number };
    const startsLeft = (leaves[merge.left] as number[]).includes(u);
    if (!startsLeft) {
      const kept = merge.left;
      merge.left = merge.right;
      merge.right = kept;
    }
    const inner = bestJoint(u, w, merge.left, merge.right, merges, leaves, distances, cost);
    stack.push({ node: merge.left, from: u, to: inner.m }, { node: merge.right, from: inner.k, to: w });
  }
  return swapped;
}

/** Leaves that can be at the other end when `u` is at one end of `node`. */
function oppositeLeaves(
  node: number,
  u: number,
  merges: readonly Merge[],
  leaves: readonly number[][],
  n: number,
): readonly number[] {
  if (node < n) return [u];
  const merge = merges[node - n] as Merge;
  const left = leaves[merge.left] as number[];
  return left.includes(u) ? (leaves[merge.right] as number[]) : left;
}

function fillCosts(
  merge: Merge,
  merges: readonly Merge[],
  leaves: readonly number[][],
  distances: Matrix,
  cost: Float64Array,
): void {
  const n = distances.rows;
  const right = leaves[merge.right] as number[];
  for (const u of leaves[merge.left] as number[]) {
    const opposite = oppositeLeaves(merge.left, u, merges, leaves, n);
    // Cheapest way from u through the left cluster to each first leaf k of the right cluster.
    const reach = new Float64Array(n);
    for (const k of right) {
      let best = Number.POSITIVE_INFINITY;
      for (const m of opposite)
        best = Math.min(best, (cost[u * n + m] as number) + (distances.data[m * n + k] as number));
      reach[k] = best;
    }
    for (const w of right) {
      let best = Number.POSITIVE_INFINITY;
      for (const k of oppositeLeaves(merge.right, w, merges, leaves, n)) {
        best = Math.min(best, (reach[k] as number) + (cost[k * n + w] as number));
      }
      cost[u * n + w] = best;
      cost[w * n + u] = best;
    }
  }
}

function bestJoint(
  u: number,
  w: number,
  left: number,
  right: number,
  merges: readonly Merge[],
  leaves: readonly number[][],
  distances: Matrix,
  cost: Float64Array,
): { readonly m: number; readonly k: number } {
  const n = distances.rows;
  let best = { m: u, k: w };
  let least = Number.POSITIVE_INFINITY;
  for (const m of oppositeLeaves(left, u, merges, leaves, n)) {
    for (const k of oppositeLeaves(right, w, merges, leaves, n)) {
      const total = (cost[u * n + m] as number) + (distances.data[m * n + k] as number) + (cost[k * n + w] as number);
      if (total < least) {
        least = total;
        best = { m, k };
      }
    }
  }
  return best;
}
