/**
 * Hierarchical risk parity (López de Prado, 2016, J. Portfolio Manag. 42): cluster the assets by correlation distance
 * √((1 − ρ)/2), order them by the tree, and split the money down the tree in inverse proportion to the variance of the two
 * halves. Needs no inverse of Σ, so short samples and singular matrices are fine. O(n²).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { correlationOf } from '../covariance/sample.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { type LinkageMethod, leafOrder, linkage, type Merge, orderLeavesOptimally } from './linkage.ts';

export interface HrpOptions {
  readonly linkage?: LinkageMethod | undefined;
  /** `pairwise`: the correlation distance itself; `rows`: Euclidean distance between its rows, as in the original paper. */
  readonly distance?: 'pairwise' | 'rows' | undefined;
  readonly optimalOrder?: boolean | undefined;
  /** `halves`: halve the ordered list (the paper); `tree`: split where the tree splits. */
  readonly split?: 'halves' | 'tree' | undefined;
}

export interface HrpSolution {
  readonly weights: Float64Array;
  readonly order: readonly number[];
  readonly merges: readonly Merge[];
}

/** Example: two uncorrelated assets get inverse-variance weights. */
export function solveHrp(covariance: Matrix, options: HrpOptions = {}): HrpSolution {
  const n = covariance.rows;
  for (let i = 0; i < n; i++) {
    if (!((covariance.data[i * n + i] as number) > 0)) {
      throw invalidInput({
        what: `The variance of asset ${i}`,
        needed: 'positive',
        got: covariance.data[i * n + i],
        hint: 'Leave out assets that do not move.',
      });
    }
  }
  const pairwise = correlationDistance(correlationOf(covariance));
  const distances = options.distance === 'rows' ? rowDistances(pairwise) : pairwise;
  let merges = linkage(distances, options.linkage ?? 'single');
  if (options.optimalOrder) merges = orderLeavesOptimally(merges, distances);
  const order = leafOrder(merges, n);
  const weights = options.split === 'tree' ? splitByTree(covariance, merges) : bisectRecursively(covariance, order);
  return { weights, order, merges };
}

export function correlationDistance(correlation: Matrix): Matrix {
  const n = correlation.rows;
  return createMatrix(
    n,
    n,
    correlation.data.map((rho, i) => (Math.floor(i / n) === i % n ? 0 : Math.sqrt(Math.max(0, (1 - rho) / 2)))),
  );
}

function rowDistances(distances: Matrix): Matrix {
  const n = distances.rows;
  const out = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum += ((distances.data[i * n + k] as number) - (distances.data[j * n + k] as number)) ** 2;
      }
      out.data[i * n + j] = Math.sqrt(sum);
      out.data[j * n + i] = Math.sqrt(sum);
    }
  }
  return out;
}

/** Variance of the inverse-variance portfolio of a cluster. */
function clusterVariance(covariance: Matrix, members: readonly number[]): number {
  const n = covariance.cols;
  let total = 0;
  for (const i of members) total += 1 / (covariance.data[i * n + i] as number);
  let variance = 0;
  for (const i of members) {
    const wi = 1 / (covariance.data[i * n + i] as number) / total;
    for (const j of members) {
      variance += (wi * (covariance.data[i * n + j] as number)) / (covariance.data[j * n + j] as number) / total;
    }
  }
  return variance;
}

function divide(covariance: Matrix, left: readonly number[], right: readonly number[], weights: Float64Array): void {
  const a = clusterVariance(covariance, left);
  const b = clusterVariance(covariance, right);
  const share = 1 - a / (a + b);
  for (const i of left) weights[i] = (weights[i] as number) * share;
  for (const i of right) weights[i] = (weights[i] as number) * (1 - share);
}

/** The weights for a given order of the assets: halve, divide by variance, repeat. */
export function bisectRecursively(covariance: Matrix, order: readonly number[]): Float64Array {
  const weights = new Float64Array(covariance.rows).fill(1);
  const stack: (readonly number[])[] = [order];
  while (stack.length > 0) {
    const cluster = stack.pop() as readonly number[];
    if (cluster.length < 2) continue;
    const middle = cluster.length >> 1;
    const left = cluster.slice(0, middle);
    const right = cluster.slice(middle);
    divide(covariance, left, right, weights);
    stack.push(left, right);
  }
  return weights;
}

function splitByTree(covariance: Matrix, merges: readonly Merge[]): Float64Array {
  const weights = new Float64Array(covariance.rows).fill(1);
  const members: number[][] = Array.from({ length: covariance.rows }, (_, i) => [i]);
  for (const { left, right } of merges) members.push([...(members[left] as number[]), ...(members[right] as number[])]);
  for (const { left, right } of merges)
    divide(covariance, members[left] as number[], members[right] as number[], weights);
  return weights;
}
