/**
 * One call for the mean–variance family: checks the covariance, solves, and when there is no answer says why.
 * The status is part of the result: `infeasible` with the limits in conflict, `unbounded`, or `no_positive_excess_return`
 * (Sharpe 1994, J. Portfolio Manag. 21: the ratio has no maximum worth having when every reachable excess return is
 * negative, and the convex form used for it is infeasible).
 */
import type { Matrix } from '../linalg/matrix.ts';
import { symmetricEigen } from '../linalg/symmetric-eigen.ts';
import { type CardinalityObjective, solveCardinality } from './cardinality.ts';
import { type CheckedCovariance, checkCovariance } from './check-covariance.ts';
import { type Conflict, diagnosePortfolio, mostOf } from './diagnose.ts';
import { solveMostDiversified } from './diversification.ts';
import { effectiveReturns, type MeanVarianceSolution, type Multiplier, solveMeanVariance } from './mean-variance.ts';
import type { PortfolioProblem } from './portfolio-problem.ts';
import type { KktResidual } from './quadratic-program.ts';
import { solveRiskLimit } from './risk-limit.ts';

export type PortfolioObjective =
  | { readonly kind: 'min-variance' }
  | { readonly kind: 'max-sharpe' }
  | { readonly kind: 'max-return' }
  | { readonly kind: 'max-utility'; readonly riskAversion: number }
  | { readonly kind: 'target-return'; readonly target: number }
  | { readonly kind: 'target-volatility'; readonly volatility: number }
  | { readonly kind: 'max-diversification' }
  | { readonly kind: 'tracking-error'; readonly benchmark: Float64Array; readonly limit: number };

export type PortfolioStatus = 'optimal' | 'infeasible' | 'unbounded' | 'no_positive_excess_return' | 'stalled';

export interface PortfolioOutcome {
  readonly status: PortfolioStatus;
  /** Undefined unless optimal. */
  readonly weights: Float64Array | undefined;
  readonly covariance: CheckedCovariance;
  readonly multipliers: readonly Multiplier[];
  readonly kkt: KktResidual | undefined;
  readonly iterations: number;
  readonly columns: number;
  readonly exact: boolean;
  readonly conflicts: readonly Conflict[];
  /** For a volatility or tracking-error limit: the least that the other limits allow. */
  readonly leastRisk: number | undefined;
  /** For a return target that is too high, and for an unbounded or negative ratio: the most that the limits allow. */
  readonly mostReturn: number | undefined;
  /** Return gained per unit of a binding risk limit. */
  readonly riskShadowPrice: number;
  /** Optimality gap and nodes where the number of names is limited. */
  readonly cardinality: { readonly gap: number; readonly nodes: number; readonly proved: boolean } | undefined;
}

export interface OptimiseOptions {
  readonly names: readonly string[];
  readonly riskFree: number;
  readonly maxNames?: number | undefined;
  readonly minHolding?: number | undefined;
}

export async function optimisePortfolio(
  given: PortfolioProblem,
  objective: PortfolioObjective,
  options: OptimiseOptions,
): Promise<PortfolioOutcome> {
  const covariance = checkCovariance(given.covariance, options.names);
  const problem = { ...given, covariance: covariance.matrix };
  if (problem.lower.some((value, i) => value > (problem.upper[i] as number))) {
    return explain(problem, objective, options, covariance);
  }
  if (options.maxNames !== undefined && options.maxNames < problem.lower.length) {
    return withCardinality(problem, objective, options, covariance);
  }
  const settled = await refuseOpenProblems(problem, objective, options, covariance);
  if (settled !== undefined) return settled;
  if (objective.kind === 'target-volatility' || objective.kind === 'tracking-error') {
    return withRiskLimit(problem, objective, options, covariance);
  }
  const solution = solveOne(problem, objective, options);
  if (solution.status === 'optimal') return succeed(solution, covariance);
  return explain(problem, objective, options, covariance);
}

function solveOne(
  problem: PortfolioProblem,
  objective: PortfolioObjective,
  options: OptimiseOptions,
): MeanVarianceSolution {
  switch (objective.kind) {
    case 'max-sharpe':
      return solveMeanVariance(problem, { kind: 'max-ratio', numerator: excessReturns(problem, options.riskFree) });
    case 'max-diversification':
      return solveMostDiversified(problem);
    case 'target-return':
      return solveMeanVariance(problem, { kind: 'target-return', target: objective.target });
    case 'max-utility':
      return solveMeanVariance(problem, { kind: 'max-utility', riskAversion: objective.riskAversion });
    case 'max-return':
      return solveMeanVariance(problem, { kind: 'max-return' });
    default:
      return solveMeanVariance(problem, { kind: 'min-variance' });
  }
}

function excessReturns(problem: PortfolioProblem, riskFree: number): Float64Array {
  return Float64Array.from({ length: problem.lower.length }, (_, i) => (problem.expectedReturns?.[i] ?? 0) - riskFree);
}

const nothing = {
  weights: undefined,
  multipliers: [],
  kkt: undefined,
  iterations: 0,
  columns: 0,
  exact: false,
  conflicts: [],
  leastRisk: undefined,
  mostReturn: undefined,
  riskShadowPrice: 0,
  cardinality: undefined,
} as const;

function succeed(solution: MeanVarianceSolution, covariance: CheckedCovariance): PortfolioOutcome {
  return {
    ...nothing,
    status: 'optimal',
    weights: solution.weights,
    covariance,
    multipliers: solution.multipliers,
    kkt: solution.kkt,
    iterations: solution.iterations,
    columns: solution.columns,
    exact: solution.polished,
  };
}

/** Objectives that have no maximum: caught before a solver chases them. */
async function refuseOpenProblems(
  problem: PortfolioProblem,
  objective: PortfolioObjective,
  options: OptimiseOptions,
  covariance: CheckedCovariance,
): Promise<PortfolioOutcome | undefined> {
  if (objective.kind === 'max-sharpe') {
    const excess = excessReturns(problem, options.riskFree);
    const longOnly = problem.lower.every((value) => value >= 0);
    if (longOnly && excess.some((value) => value > 0) && problem.rows === undefined) return undefined;
    const most = await mostOf(problem, excess);
    if (most.status === 'optimal' && most.value <= 1e-12) {
      return { ...nothing, status: 'no_positive_excess_return', covariance, mostReturn: most.value + options.riskFree };
    }
  }
  const linear = objective.kind === 'max-return';
  const freeSigns =
    problem.lower.some((v) => v === Number.NEGATIVE_INFINITY) ||
    problem.upper.some((v) => v === Number.POSITIVE_INFINITY);
  if (!freeSigns) return undefined;
  if (linear || (objective.kind === 'max-utility' && isFlat(problem.covariance))) {
    const most = await mostOf(problem, effectiveReturns(problem));
    if (most.status === 'unbounded') return { ...nothing, status: 'unbounded', covariance };
  }
  return undefined;
}

function isFlat(covariance: Matrix): boolean {
  const { values } = symmetricEigen(covariance);
  return (values[0] as number) <= 1e-12 * (values.at(-1) as number);
}

async function withRiskLimit(
  problem: PortfolioProblem,
  objective: Extract<PortfolioObjective, { kind: 'target-volatility' | 'tracking-error' }>,
  options: OptimiseOptions,
  covariance: CheckedCovariance,
): Promise<PortfolioOutcome> {
  const limit = objective.kind === 'target-volatility' ? objective.volatility : objective.limit;
  const benchmark = objective.kind === 'tracking-error' ? objective.benchmark : undefined;
  const limited = solveRiskLimit(problem, limit, benchmark);
  if (limited.status === 'optimal') {
    return {
      ...succeed(limited.solution, covariance),
      leastRisk: limited.leastRisk,
      riskShadowPrice: limited.shadowPrice,
    };
  }
  if (limited.status === 'infeasible')
    return { ...nothing, status: 'infeasible', covariance, leastRisk: limited.leastRisk };
  return explain(problem, objective, options, covariance);
}

async function withCardinality(
  problem: PortfolioProblem,
  objective: PortfolioObjective,
  options: OptimiseOptions,
  covariance: CheckedCovariance,
): Promise<PortfolioOutcome> {
  const form: CardinalityObjective =
    objective.kind === 'max-sharpe'
      ? { kind: 'max-ratio', numerator: excessReturns(problem, options.riskFree) }
      : objective.kind === 'target-return'
        ? { kind: 'target-return', target: objective.target }
        : objective.kind === 'max-utility'
          ? { kind: 'max-utility', riskAversion: objective.riskAversion }
          : { kind: 'min-variance' };
  const found = solveCardinality(problem, form, {
    maxNames: options.maxNames as number,
    minHolding: options.minHolding,
  });
  const cardinality = { gap: found.gap, nodes: found.nodes, proved: found.converged };
  if (found.solution === undefined) {
    return { ...(await explain(problem, objective, options, covariance)), status: 'infeasible', cardinality };
  }
  return { ...succeed(found.solution, covariance), weights: found.weights, multipliers: [], cardinality };
}

/** The solver gave up: find the limits in conflict, the open direction, or admit that it stalled. */
async function explain(
  problem: PortfolioProblem,
  objective: PortfolioObjective,
  options: OptimiseOptions,
  covariance: CheckedCovariance,
): Promise<PortfolioOutcome> {
  const targetReturn = objective.kind === 'target-return' ? objective.target : undefined;
  const diagnosis = await diagnosePortfolio(problem, { targetReturn });
  if (diagnosis.status === 'infeasible') {
    const most = targetReturn === undefined ? undefined : await mostOf(problem, effectiveReturns(problem));
    const cash = (problem.expectedReturns?.[0] ?? 0) - (effectiveReturns(problem)[0] ?? 0);
    return {
      ...nothing,
      status: 'infeasible',
      covariance,
      conflicts: diagnosis.conflicts,
      mostReturn: most?.status === 'optimal' ? most.value + cash : undefined,
    };
  }
  const most = await mostOf(
    problem,
    objective.kind === 'max-sharpe' ? excessReturns(problem, options.riskFree) : effectiveReturns(problem),
  );
  return { ...nothing, status: most.status === 'unbounded' ? 'unbounded' : 'stalled', covariance };
}
