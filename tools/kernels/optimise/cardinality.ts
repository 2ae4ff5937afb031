/**
 * At most K names, each either not held or held at least at a minimum: branch and bound over the convex core
 * (Bertsimas and Shioda, 2009, Comput. Optim. Appl. 43). A node says which names are in and which are out; its relaxation
 * is a convex program with Σ w_i/u_i over the undecided names at most the places that are left. Best bound first; the gap
 * between the best portfolio and the best bound is reported, and is zero when the search ended.
 */
import { submatrix } from '../linalg/matrix.ts';
import { dot, quadraticForm } from '../linalg/multiply.ts';
import { type MeanVarianceObjective, type MeanVarianceSolution, solveMeanVariance } from './mean-variance.ts';
import type { PortfolioProblem } from './portfolio-problem.ts';
import type { LinearRow } from './quadratic-program.ts';

export interface CardinalitySolution {
  readonly status: 'optimal' | 'limit' | 'infeasible';
  readonly weights: Float64Array;
  /** The convex solution on the chosen names (multipliers by position among `names`). */
  readonly solution: MeanVarianceSolution | undefined;
  readonly names: readonly number[];
  /** (best − bound)/max(|best|, 1e-12) of the minimised objective. */
  readonly gap: number;
  readonly nodes: number;
  readonly converged: boolean;
}

export type CardinalityObjective = Extract<
  MeanVarianceObjective,
  { kind: 'min-variance' | 'target-return' | 'max-utility' | 'max-ratio' }
>;

interface Node {
  readonly inside: readonly number[];
  readonly outside: ReadonlySet<number>;
  readonly bound: number;
  readonly relaxed: Float64Array;
}

interface Search {
  readonly problem: PortfolioProblem;
  readonly objective: CardinalityObjective;
  readonly maxNames: number;
  readonly minHolding: number;
  best: { weights: Float64Array; value: number; solution: MeanVarianceSolution; names: readonly number[] } | undefined;
  nodes: number;
}

/** Long-only problems with finite upper bounds; n log-free in the worst case exponential, so `maxNodes` ends it. */
export function solveCardinality(
  problem: PortfolioProblem,
  objective: CardinalityObjective,
  limits: {
    readonly maxNames: number;
    readonly minHolding?: number | undefined;
    readonly maxNodes?: number | undefined;
  },
): CardinalitySolution {
  const search: Search = {
    problem,
    objective,
    maxNames: limits.maxNames,
    minHolding: limits.minHolding ?? 0,
    best: undefined,
    nodes: 0,
  };
  const maxNodes = limits.maxNodes ?? 4000;
  const root = evaluate(search, [], new Set());
  const open: Node[] = root === undefined ? [] : [root];
  let bound = root?.bound ?? Number.POSITIVE_INFINITY;
  while (open.length > 0 && search.nodes < maxNodes) {
    open.sort((a, b) => b.bound - a.bound);
    const node = open.pop() as Node;
    bound = node.bound;
    if (search.best !== undefined && bound >= search.best.value - 1e-12 * Math.abs(search.best.value)) {
      open.length = 0;
      bound = search.best.value;
      break;
    }
    open.push(...expand(search, node));
  }
  if (search.best === undefined) {
    const n = problem.lower.length;
    const status = open.length > 0 ? 'limit' : 'infeasible';
    return {
      status,
      weights: new Float64Array(n),
      solution: undefined,
      names: [],
      gap: 0,
      nodes: search.nodes,
      converged: false,
    };
  }
  const finished = open.length === 0;
  const gap = finished ? 0 : Math.max(0, (search.best.value - bound) / Math.max(1e-12, Math.abs(search.best.value)));
  return {
    status: finished || gap < 1e-9 ? 'optimal' : 'limit',
    weights: search.best.weights,
    solution: search.best.solution,
    names: search.best.names,
    gap,
    nodes: search.nodes,
    converged: finished || gap < 1e-9,
  };
}

/** Solves the relaxation of a node, keeps it when it is a portfolio, and tries the obvious rounding of it. */
function evaluate(search: Search, inside: readonly number[], outside: ReadonlySet<number>): Node | undefined {
  search.nodes++;
  const relaxed = solveOn(search, inside, outside, true);
  if (relaxed === undefined) return undefined;
  if (search.best !== undefined && relaxed.value >= search.best.value) return undefined;
  const held = heldNames(relaxed.weights);
  const isPortfolio =
    held.length <= search.maxNames && held.every((i) => (relaxed.weights[i] as number) >= search.minHolding - 1e-12);
  if (isPortfolio) {
    accept(search, relaxed, held);
    return undefined;
  }
  tryRounding(search, inside, relaxed.weights);
  return { inside, outside, bound: relaxed.value, relaxed: relaxed.weights };
}

function expand(search: Search, node: Node): Node[] {
  const decided = new Set(node.inside);
  let branch = -1;
  for (let i = 0; i < node.relaxed.length; i++) {
    if (decided.has(i) || node.outside.has(i)) continue;
    if (branch < 0 || (node.relaxed[i] as number) > (node.relaxed[branch] as number)) branch = i;
  }
  if (branch < 0) return [];
  const children = [evaluate(search, node.inside, new Set([...node.outside, branch]))];
  const inside = [...node.inside, branch];
  if (inside.length <= search.maxNames) children.push(evaluate(search, inside, node.outside));
  return children.filter((child): child is Node => child !== undefined);
}

function heldNames(weights: Float64Array): number[] {
  return Array.from({ length: weights.length }, (_, i) => i).filter((i) => (weights[i] as number) > 1e-9);
}

/** Largest relaxed weights fill the places; each held name gets the minimum. */
function tryRounding(search: Search, inside: readonly number[], relaxed: Float64Array): void {
  const order = Array.from({ length: relaxed.length }, (_, i) => i)
    .filter((i) => !inside.includes(i))
    .sort((a, b) => (relaxed[b] as number) - (relaxed[a] as number));
  const names = [...inside, ...order]
    .slice(0, search.maxNames)
    .filter((i) => inside.includes(i) || (relaxed[i] as number) > 1e-9);
  const outside = new Set(Array.from({ length: relaxed.length }, (_, i) => i).filter((i) => !names.includes(i)));
  const solved = solveOn(search, search.minHolding > 0 ? names : [], outside, false);
  if (solved !== undefined) accept(search, solved, heldNames(solved.weights));
}

interface Evaluated {
  readonly weights: Float64Array;
  readonly value: number;
  readonly solution: MeanVarianceSolution;
}

function accept(search: Search, found: Evaluated, names: readonly number[]): void {
  if (search.best === undefined || found.value < search.best.value) {
    search.best = { weights: found.weights, value: found.value, solution: found.solution, names };
  }
}

/** The convex program on the names that are not out; those that are in hold at least the minimum. */
function solveOn(
  search: Search,
  inside: readonly number[],
  outside: ReadonlySet<number>,
  limitPlaces: boolean,
): Evaluated | undefined {
  const { problem, minHolding, maxNames } = search;
  const n = problem.lower.length;
  const keep = Array.from({ length: n }, (_, i) => i).filter((i) => !outside.has(i));
  if (keep.length === 0) return undefined;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(keep, (i) => values[i] as number);
  const inSet = new Set(inside);
  const lower = pick(problem.lower).map((value, a) =>
    inSet.has(keep[a] as number) ? Math.max(value, minHolding) : value,
  );
  const upper = pick(problem.upper).map((value) => Math.min(value, 1));
  if (lower.some((value, a) => value > (upper[a] as number)) || upper.reduce((a, b) => a + b, 0) < 1 - 1e-12)
    return undefined;
  const rows: LinearRow[] = (problem.rows ?? []).map((row) => ({ ...row, coefficients: pick(row.coefficients) }));
  const places = maxNames - inside.length;
  if (limitPlaces && keep.length - inside.length > places) {
    const coefficients = Float64Array.from(keep, (i, a) => (inSet.has(i) ? 0 : 1 / (upper[a] as number)));
    rows.push({ name: 'places', coefficients, lower: Number.NEGATIVE_INFINITY, upper: places });
  }
  const part: PortfolioProblem = {
    ...problem,
    covariance: submatrix(problem.covariance, keep),
    expectedReturns: problem.expectedReturns && pick(problem.expectedReturns),
    lower,
    upper,
    rows,
    current: problem.current && pick(problem.current),
    linearCosts: problem.linearCosts && pick(problem.linearCosts),
    quadraticCosts: problem.quadraticCosts && pick(problem.quadraticCosts),
  };
  const objective =
    search.objective.kind === 'max-ratio'
      ? { ...search.objective, numerator: pick(search.objective.numerator) }
      : search.objective;
  if (places === 0 && keep.length > inside.length && limitPlaces)
    return solveOn(search, inside, allBut(n, inside), false);
  const solution = solveMeanVariance(part, objective);
  if (solution.status !== 'optimal') return undefined;
  const weights = new Float64Array(n);
  for (const [a, i] of keep.entries()) weights[i] = solution.weights[a] as number;
  return { weights, value: objectiveOf(search, weights), solution };
}

function allBut(n: number, names: readonly number[]): ReadonlySet<number> {
  return new Set(Array.from({ length: n }, (_, i) => i).filter((i) => !names.includes(i)));
}

function objectiveOf(search: Search, weights: Float64Array): number {
  const { problem, objective } = search;
  const variance = quadraticForm(problem.covariance, weights);
  if (objective.kind === 'max-ratio') return -dot(objective.numerator, weights) / Math.sqrt(variance);
  if (objective.kind === 'max-utility') {
    return (objective.riskAversion / 2) * variance - dot(problem.expectedReturns ?? [], weights);
  }
  return variance;
}
