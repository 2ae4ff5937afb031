import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { correlationOf } from '../covariance/sample.ts';
import { createMatrix, type Matrix, matrixFromRows } from '../linalg/matrix.ts';
import { gram } from '../linalg/multiply.ts';
import { bisectRecursively, correlationDistance, solveHrp } from './hrp.ts';
import { type LinkageMethod, leafOrder, linkage, orderLeavesOptimally } from './linkage.ts';

/** Sum of the distances between neighbours in the order. */
function pathLength(distances: Matrix, order: readonly number[]): number {
  const n = distances.rows;
  return order.slice(1).reduce((sum, leaf, k) => sum + (distances.data[(order[k] as number) * n + leaf] as number), 0);
}

describeGolden('hrp', ({ input, expect: expected, tolerance }) => {
  for (const [name, wanted] of Object.entries<GoldenValue>(expected)) {
    const covariance = matrixFromRows(input[name.split('_')[0] as string]?.cov ?? input.cov);
    const method = /(single|complete|average|ward)/.exec(name)?.[1] as LinkageMethod;
    const options = {
      linkage: method,
      distance: /euclidean/i.test(name) ? ('rows' as const) : ('pairwise' as const),
      optimalOrder: /optimalOrdering/.test(name),
    };
    const solved = solveHrp(covariance, options);
    if (options.optimalOrder) {
      // The reference's order is not always the shortest (SciPy's search misses some flips); ours may only be shorter.
      const distances = correlationDistance(correlationOf(covariance));
      expect(pathLength(distances, solved.order)).toBeLessThanOrEqual(pathLength(distances, wanted.order) + 1e-12);
    } else expect(solved.order, name).toEqual(wanted.order);
    for (const [k, [left, right, distance, size]] of wanted.linkage.entries()) {
      const merge = solved.merges[k];
      // The optimal order swaps children; the clusters themselves are the same.
      const pair = [merge?.left, merge?.right].sort((a, b) => (a ?? 0) - (b ?? 0));
      expect(pair, `${name} merge ${k}`).toEqual([left, right].sort((a, b) => a - b));
      expect(merge?.distance).toBeCloseTo(distance, 10);
      expect(merge?.size).toBe(size);
    }
    const weights = options.optimalOrder ? bisectRecursively(covariance, wanted.order) : solved.weights;
    for (const [i, weight] of wanted.weights.entries()) {
      expect(Math.abs((weights[i] as number) - weight), name).toBeLessThan(tolerance.weights_abs);
    }
    if (wanted.weightsDendrogramSplits === undefined) continue;
    const tree = solveHrp(covariance, { ...options, split: 'tree' });
    for (const [i, weight] of wanted.weightsDendrogramSplits.entries()) {
      expect(Math.abs((tree.weights[i] as number) - weight), name).toBeLessThan(tolerance.weights_abs);
    }
  }
});

describe('linkage', () => {
  const rng = createRng(3);
  const covariance = gram(
    createMatrix(
      9,
      7,
      Float64Array.from({ length: 63 }, () => rng.normal()),
    ),
  );
  const distances = correlationDistance(
    createMatrix(
      7,
      7,
      covariance.data.map(
        (v, i) =>
          v / Math.sqrt((covariance.data[Math.floor(i / 7) * 8] as number) * (covariance.data[(i % 7) * 8] as number)),
      ),
    ),
  );
  const path = (order: readonly number[]): number => pathLength(distances, order);

  it('single linkage is the minimum spanning tree', () => {
    const merges = linkage(distances, 'single');
    // Prim's algorithm as a second route.
    const inside = new Set([0]);
    const edges: number[] = [];
    while (inside.size < 7) {
      let best = { d: Number.POSITIVE_INFINITY, j: -1 };
      for (const i of inside) {
        for (let j = 0; j < 7; j++) {
          const d = distances.data[i * 7 + j] as number;
          if (!inside.has(j) && d < best.d) best = { d, j };
        }
      }
      inside.add(best.j);
      edges.push(best.d);
    }
    edges.sort((a, b) => a - b);
    for (const [k, merge] of merges.entries()) expect(merge.distance).toBeCloseTo(edges[k] as number, 14);
  });

  it('the optimal leaf order beats every other flip of the tree', () => {
    const merges = linkage(distances, 'average');
    let best = Number.POSITIVE_INFINITY;
    for (let mask = 0; mask < 64; mask++) {
      const flipped = merges.map((merge, k) =>
        (mask >> k) & 1 ? { ...merge, left: merge.right, right: merge.left } : merge,
      );
      best = Math.min(best, path(leafOrder(flipped, 7)));
    }
    expect(path(leafOrder(orderLeavesOptimally(merges, distances), 7))).toBeCloseTo(best, 12);
  });

  it('works for one and two assets and for duplicates', () => {
    expect(Array.from(solveHrp(matrixFromRows([[0.04]])).weights)).toEqual([1]);
    const two = solveHrp(
      matrixFromRows([
        [0.04, 0],
        [0, 0.01],
      ]),
    );
    expect(two.weights[0]).toBeCloseTo(0.2, 12);
    const twins = solveHrp(
      matrixFromRows([
        [0.04, 0.04],
        [0.04, 0.04],
      ]),
    );
    expect(twins.weights[0]).toBeCloseTo(0.5, 12);
    expect(() => solveHrp(matrixFromRows([[0]]))).toThrow(/positive/);
  });
});
