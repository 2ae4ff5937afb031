/**
 * Which portfolio within all limits is nearest to the one that was proposed?
 *
 * min ½ Σ (w − w*)² subject to 0 ≤ w_i ≤ cap_i, Σ_{i ∈ sector} w_i ≤ limit, Σ w ≤ most: the Euclidean projection on a polytope, a strictly convex quadratic program with one answer. What the weights leave is cash.
 *
 * Weights are fractions of the portfolio; shorts are not allowed. Infeasible only where a limit is negative. O(n³) worst, n up to some hundreds.
 * Reference: Boyd & Vandenberghe (2004), "Convex Optimization", §8.1.1 (projection on a polyhedron).
 *
 * @example projectOntoLimits({ wanted: [0.3, 0.2], caps: [0.15, 1], groups: [], most: 1 }).weights // → [0.15, 0.2]
 */
import { identityMatrix } from '../linalg/matrix.ts';
import { solveQuadraticProgram } from '../optimise/solve-quadratic-program.ts';

export interface GroupLimit {
  readonly name: string;
  readonly members: readonly number[];
  readonly limit: number;
}

export interface Projection {
  readonly weights: Float64Array;
  /** Euclidean distance from what was wanted. */
  readonly distance: number;
  readonly changed: boolean;
  readonly converged: boolean;
}

export function projectOntoLimits(parts: {
  readonly wanted: Float64Array;
  readonly caps: Float64Array;
  readonly groups: readonly GroupLimit[];
  /** Most that may be invested in sum. */
  readonly most: number;
}): Projection {
  const { wanted, caps, groups, most } = parts;
  const n = wanted.length;
  if (isFeasible(parts)) return { weights: wanted.slice(), distance: 0, changed: false, converged: true };
  const rows = groups
    .filter((group) => group.members.length > 0)
    .map((group) => {
      const coefficients = new Float64Array(n);
      for (const i of group.members) coefficients[i] = 1;
      return { name: group.name, coefficients, lower: Number.NEGATIVE_INFINITY, upper: group.limit };
    });
  rows.push({
    name: 'invested',
    coefficients: new Float64Array(n).fill(1),
    lower: Number.NEGATIVE_INFINITY,
    upper: most,
  });
  const solution = solveQuadraticProgram({
    P: identityMatrix(n),
    q: wanted.map((w) => -w),
    lower: new Float64Array(n),
    upper: caps,
    rows,
  });
  const weights = solution.x.slice(0, n);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((weights[i] as number) - (wanted[i] as number)) ** 2;
  return { weights, distance: Math.sqrt(squares), changed: squares > 1e-18, converged: solution.converged };
}

const SLACK = 1e-9;

function isFeasible(parts: Parameters<typeof projectOntoLimits>[0]): boolean {
  const { wanted, caps, groups, most } = parts;
  const sum = (members: Iterable<number>): number => {
    let total = 0;
    for (const i of members) total += wanted[i] as number;
    return total;
  };
  return (
    wanted.every((w, i) => w >= -SLACK && w <= (caps[i] as number) + SLACK) &&
    groups.every((group) => sum(group.members) <= group.limit + SLACK) &&
    sum(wanted.keys()) <= most + SLACK
  );
}
