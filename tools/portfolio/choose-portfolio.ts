/** From objective words to a kernel: one outcome shape for every way of choosing weights. */
import { invalidInput } from '../../lib/errors.ts';
import { identityMatrix, type Matrix } from '../kernels/linalg/matrix.ts';
import { checkCovariance } from '../kernels/optimise/check-covariance.ts';
import { diagnosePortfolio } from '../kernels/optimise/diagnose.ts';
import { inverseRiskWeights } from '../kernels/optimise/diversification.ts';
import { solveHrp } from '../kernels/optimise/hrp.ts';
import { solveMeanVariance } from '../kernels/optimise/mean-variance.ts';
import { solveTailRisk, type TailObjective } from '../kernels/optimise/min-cvar.ts';
import { optimisePortfolio, type PortfolioObjective } from '../kernels/optimise/optimise-portfolio.ts';
import type { PortfolioProblem } from '../kernels/optimise/portfolio-problem.ts';
import { solveRiskBudget } from '../kernels/optimise/risk-budget.ts';
import { withViews } from './apply-views.ts';
import type { Moments } from './estimate-moments.ts';
import { readPerAsset } from './portfolio-input.ts';
import type { Choice, ObjectiveRequest } from './portfolio-objectives.ts';

type Warn = (code: string, message: string) => void;

const blank = {
  multipliers: [],
  kkt: undefined,
  dualityGap: undefined,
  iterations: undefined,
  exact: false,
  residual: undefined,
  conflicts: [],
  leastRisk: undefined,
  mostReturn: undefined,
  riskShadowPrice: 0,
  cardinality: undefined,
  tailRisk: undefined,
} as const;

export async function choosePortfolio(
  request: ObjectiveRequest,
  given: PortfolioProblem,
  moments: Moments,
  warn: Warn,
): Promise<Choice> {
  const problem = { ...given, covariance: usableCovariance(given.covariance, moments.assets, warn) };
  switch (request.objective) {
    case 'equal-weight':
      return byRule(
        problem,
        new Float64Array(moments.assets.length).fill(1 / moments.assets.length),
        'equal weights',
        warn,
      );
    case 'inverse-volatility':
      return byRule(problem, inverseRiskWeights(problem.covariance, 1), 'weights proportional to 1 / volatility', warn);
    case 'hrp':
      return byRule(problem, solveHrp(problem.covariance).weights, 'hierarchical risk parity, single linkage', warn);
    case 'equal-risk':
    case 'risk-budget':
      return byBudget(request, problem, moments, warn);
    case 'min-cvar':
    case 'min-absolute-deviation':
    case 'min-worst-loss':
      return byScenarios(request, problem, moments);
    case 'black-litterman':
      return byQuadraticProgram(
        request,
        withViews(request, problem, moments, warn),
        { kind: 'max-sharpe' },
        moments,
        'Black–Litterman posterior, largest Sharpe ratio',
      );
    default:
      return byQuadraticProgram(
        request,
        problem,
        objectiveOf(request, moments),
        moments,
        'convex quadratic program, exact active set',
      );
  }
}

function usableCovariance(matrix: Matrix, assets: readonly string[], warn: Warn): Matrix {
  const checked = checkCovariance(matrix, assets);
  if (checked.repair === 'nearest-correlation') {
    warn(
      'COVARIANCE_REPAIRED',
      `The covariance is not positive semidefinite (smallest eigenvalue ${(checked.minEigenvalue as number).toPrecision(3)}); the nearest correlation matrix (Higham 2002) with the same volatilities is used.`,
    );
  } else if (checked.rank < assets.length) {
    warn(
      'COVARIANCE_SINGULAR',
      `The covariance has rank ${checked.rank} for ${assets.length} assets: some combinations have no risk in it, and weights may not be unique.`,
    );
  }
  return checked.matrix;
}

function objectiveOf(request: ObjectiveRequest, moments: Moments): PortfolioObjective {
  const needs = <T>(value: T | undefined, field: string): T => {
    if (value === undefined)
      throw invalidInput({
        what: `\`${field}\``,
        needed: `given for the objective ${request.objective}`,
        got: 'nothing',
        hint: 'Add it, or choose min-variance, equal-risk or hrp, which need no view on returns.',
      });
    return value;
  };
  if (request.objective !== 'min-variance' && request.objective !== 'max-diversification')
    needs(moments.expectedReturns, 'expectedReturns');
  switch (request.objective) {
    case 'max-sharpe':
      return { kind: 'max-sharpe' };
    case 'target-return':
      return { kind: 'target-return', target: needs(request.targetReturn, 'targetReturn') };
    case 'target-volatility':
      return { kind: 'target-volatility', volatility: needs(request.targetVolatility, 'targetVolatility') };
    case 'max-utility':
      return { kind: 'max-utility', riskAversion: request.riskAversion };
    case 'max-return':
      return { kind: 'max-return' };
    case 'max-diversification':
      return { kind: 'max-diversification' };
    case 'tracking-error':
      return {
        kind: 'tracking-error',
        benchmark: Float64Array.from(
          readPerAsset('benchmarkWeights', needs(request.benchmarkWeights, 'benchmarkWeights'), moments.assets, 0),
        ),
        limit: needs(request.targetVolatility, 'targetVolatility'),
      };
    default:
      return { kind: 'min-variance' };
  }
}

async function byQuadraticProgram(
  request: ObjectiveRequest,
  problem: PortfolioProblem,
  objective: PortfolioObjective,
  moments: Moments,
  method: string,
): Promise<Choice> {
  const outcome = await optimisePortfolio(problem, objective, {
    names: moments.assets,
    riskFree: request.riskFreeRate,
    maxNames: request.maxNames,
    minHolding: Math.max(0, request.minWeight),
  });
  return {
    ...blank,
    ...outcome,
    weights: outcome.weights,
    problem,
    method: outcome.cardinality === undefined ? method : 'branch and bound over convex quadratic programs',
    dualityGap: outcome.kkt?.dualityGap,
    residual: outcome.kkt?.stationarity,
  };
}

/** A rule's weights, moved to the nearest weights within the limits where they break one. */
async function byRule(problem: PortfolioProblem, wanted: Float64Array, method: string, warn: Warn): Promise<Choice> {
  const nearest = solveMeanVariance(
    {
      ...problem,
      covariance: identityMatrix(wanted.length),
      expectedReturns: undefined,
      linearCosts: undefined,
      quadraticCosts: undefined,
      budget: undefined,
    },
    { kind: 'trade-off', trade: 1, benchmark: wanted },
  );
  if (nearest.status !== 'optimal') {
    const { conflicts } = await diagnosePortfolio(problem);
    return { ...blank, status: 'infeasible', weights: undefined, problem, method, conflicts };
  }
  const moved = nearest.weights.some((weight, i) => Math.abs(weight - (wanted[i] as number)) > 1e-9);
  if (!moved) return { ...blank, status: 'optimal', weights: wanted, problem, method, exact: true };
  warn(
    'MOVED_INTO_LIMITS',
    'The rule breaks a limit, so these are the nearest weights (least squares) within the limits.',
  );
  return {
    ...blank,
    status: 'optimal',
    weights: nearest.weights,
    problem,
    method: `${method}, moved to the nearest weights within the limits`,
    exact: nearest.polished,
    residual: nearest.kkt.stationarity,
  };
}

async function byBudget(
  request: ObjectiveRequest,
  problem: PortfolioProblem,
  moments: Moments,
  warn: Warn,
): Promise<Choice> {
  const n = moments.assets.length;
  if (request.objective === 'risk-budget' && request.budgets === undefined) {
    throw invalidInput({
      what: '`budgets`',
      needed: 'given for the objective risk-budget',
      got: 'nothing',
      hint: 'Use equal-risk for equal budgets.',
    });
  }
  const budgets =
    request.budgets === undefined
      ? new Array<number>(n).fill(1 / n)
      : readPerAsset('budgets', request.budgets, moments.assets);
  if (problem.lower.some((value) => value < 0)) {
    throw invalidInput({
      what: '`minWeight`',
      needed: 'zero or more for risk budgets, which are long-only',
      got: Math.min(...problem.lower),
      hint: 'Leave `minWeight` at 0, or choose min-variance for a long-short portfolio.',
    });
  }
  const solved = solveRiskBudget(problem.covariance, budgets, { lower: problem.lower, upper: problem.upper });
  const method = 'convex log-barrier risk budget';
  if (solved.status === 'infeasible') {
    const { conflicts } = await diagnosePortfolio(problem);
    return { ...blank, status: 'infeasible', weights: undefined, problem, method, conflicts };
  }
  if (solved.binding.length > 0)
    warn('BUDGETS_NOT_MET', 'A weight limit binds, so risk contributions differ from the budgets; both are shown.');
  if (problem.rows !== undefined || problem.turnoverLimit !== undefined)
    return byRule(problem, solved.weights, method, warn);
  return {
    ...blank,
    status: solved.converged ? 'optimal' : 'stalled',
    weights: solved.converged ? solved.weights : undefined,
    problem,
    method,
    iterations: solved.iterations,
    residual: solved.residual,
    exact: true,
  };
}

async function byScenarios(request: ObjectiveRequest, problem: PortfolioProblem, moments: Moments): Promise<Choice> {
  if (moments.scenarios === undefined) {
    throw invalidInput({
      what: `The objective ${request.objective}`,
      needed: 'used with `symbols`, because it needs return scenarios',
      got: 'assets without prices',
      hint: 'Use `symbols` whose prices are held, or an objective that works from a covariance.',
    });
  }
  const objective: TailObjective =
    request.objective === 'min-cvar'
      ? { kind: 'cvar', confidence: request.confidence }
      : { kind: request.objective === 'min-worst-loss' ? 'worst-loss' : 'mean-absolute-deviation' };
  const periods = moments.periodsPerYear ?? 252;
  const minReturn = request.targetReturn === undefined ? undefined : request.targetReturn / periods;
  const expectedReturns = moments.expectedReturns?.map((value) => value / periods);
  const solved = await solveTailRisk(moments.scenarios, problem, objective, { minReturn, expectedReturns });
  const method = 'linear program over the historical scenarios (HiGHS)';
  if (solved.status === 'optimal') {
    return {
      ...blank,
      status: 'optimal',
      weights: solved.weights,
      problem,
      method,
      dualityGap: solved.dualityGap,
      exact: true,
      tailRisk: solved.value,
    };
  }
  const { conflicts } = await diagnosePortfolio(problem, { targetReturn: request.targetReturn });
  return {
    ...blank,
    status: solved.status === 'unbounded' ? 'unbounded' : 'infeasible',
    weights: undefined,
    problem,
    method,
    conflicts,
  };
}
