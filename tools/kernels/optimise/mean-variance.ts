/**
 * Mean–variance portfolios (Markowitz, 1952) by the quadratic-program core: minimum variance, a wanted return, most
 * return, most utility μ'w − ½γ w'Σw − costs, and the largest ratio of a linear to a volatility number (maximum Sharpe
 * by the homogeneous transform of Cornuéjols and Tütüncü, 2007, section 8.2; maximum diversification with σ as numerator).
 * Σ must be symmetric and positive semidefinite; μ in the same period. Missing values: refused by the caller.
 */
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { dot, multiplyVector, quadraticForm } from '../linalg/multiply.ts';
import {
  type CompiledConstraints,
  canShort,
  compileConstraints,
  fullyInvested,
  oneWayTurnover,
  type PortfolioProblem,
  tradingCost,
} from './portfolio-problem.ts';
import type { KktResidual, QuadraticProgram, QuadraticSolution } from './quadratic-program.ts';
import { solveQuadraticProgram } from './solve-quadratic-program.ts';

export type MeanVarianceObjective =
  | { readonly kind: 'min-variance' }
  | { readonly kind: 'target-return'; readonly target: number }
  | { readonly kind: 'max-return' }
  | { readonly kind: 'max-utility'; readonly riskAversion: number }
  /** Most return for the variance price 1/`trade`: max trade·μ'w − ½(w − b)'Σ(w − b). */
  | { readonly kind: 'trade-off'; readonly trade: number; readonly benchmark?: Float64Array | undefined }
  | { readonly kind: 'max-ratio'; readonly numerator: Float64Array };

export interface Multiplier {
  /** `asset` bounds carry the index; rows carry their name. */
  readonly constraint:
    | { readonly kind: 'asset'; readonly index: number }
    | { readonly kind: 'row'; readonly name: string };
  readonly side: 'lower' | 'upper' | 'equal';
  /** Improvement of the objective (volatility, return, utility or ratio) per unit by which the limit is loosened. */
  readonly shadowPrice: number;
}

export interface MeanVarianceSolution {
  readonly status: 'optimal' | 'stalled';
  readonly weights: Float64Array;
  readonly multipliers: readonly Multiplier[];
  readonly kkt: KktResidual;
  readonly converged: boolean;
  readonly iterations: number;
  readonly columns: number;
  readonly polished: boolean;
}

/** Solves one objective. `stalled` says nothing about why: `diagnosePortfolio` finds the conflict or the open direction. */
export function solveMeanVariance(problem: PortfolioProblem, objective: MeanVarianceObjective): MeanVarianceSolution {
  const hasCosts = problem.linearCosts !== undefined && objective.kind !== 'min-variance';
  const limitsTrades = problem.current !== undefined && problem.turnoverLimit !== undefined;
  const limitsShorts = canShort(problem) && (problem.shortLimit !== undefined || problem.grossLimit !== undefined);
  if (!hasCosts && (limitsTrades || limitsShorts)) {
    const easy = solveCompiled(problem, objective, false, false);
    if (easy.status === 'optimal' && respectsHelpers(problem, easy.weights)) return easy;
  }
  return solveCompiled(problem, objective, hasCosts || limitsTrades, limitsShorts);
}

function respectsHelpers(problem: PortfolioProblem, weights: Float64Array): boolean {
  let short = 0;
  let gross = 0;
  for (const weight of weights) {
    short += Math.max(0, -weight);
    gross += Math.abs(weight);
  }
  return (
    (problem.current === undefined ||
      problem.turnoverLimit === undefined ||
      oneWayTurnover(weights, problem.current) <= problem.turnoverLimit) &&
    short <= (problem.shortLimit ?? Number.POSITIVE_INFINITY) &&
    gross <= (problem.grossLimit ?? Number.POSITIVE_INFINITY)
  );
}

function solveCompiled(
  problem: PortfolioProblem,
  objective: MeanVarianceObjective,
  withTrades: boolean,
  withShorts: boolean,
): MeanVarianceSolution {
  const homogeneous = objective.kind === 'max-ratio';
  const compiled = compileConstraints(problem, { homogeneous, withTrades, withShorts, dropImplied: true });
  const program = buildProgram(problem, objective, compiled);
  const scores = columnScores(problem, objective, program);
  const solution = solveQuadraticProgram(program, { scores });
  return readSolution(problem, objective, compiled, program, solution);
}

/** Return over cash where the budget may leave some; plain expected returns otherwise. */
export function effectiveReturns(problem: PortfolioProblem): Float64Array {
  const n = problem.lower.length;
  const budget = problem.budget ?? fullyInvested;
  const cash = budget.lower === budget.upper ? 0 : (problem.cashReturn ?? 0);
  return Float64Array.from({ length: n }, (_, i) => (problem.expectedReturns?.[i] ?? 0) - cash);
}

/** Row limit that makes the ratio's numerator a number of the size of weights. */
function ratioLevel(numerator: Float64Array): number {
  let best = 0;
  for (const value of numerator) best = Math.max(best, Math.abs(value));
  return best > 0 ? best / 2 : 1;
}

function buildProgram(
  problem: PortfolioProblem,
  objective: MeanVarianceObjective,
  compiled: CompiledConstraints,
): QuadraticProgram {
  const { assets: n, variables, core, buys } = compiled;
  const q = new Float64Array(variables);
  const rows = [...compiled.rows];
  const returns = effectiveReturns(problem);
  const appendRow = (name: string, values: Float64Array, lower: number, upper: number): void => {
    const coefficients = new Float64Array(variables);
    coefficients.set(values);
    if (buys !== undefined) for (let i = 0; i < n; i++) chargeTrades(coefficients, buys, n, i, -cost(problem, i));
    rows.push({ name, coefficients, lower, upper });
  };
  let riskScale = 1;
  let returnScale = 0;
  if (objective.kind === 'max-utility') {
    riskScale = objective.riskAversion;
    returnScale = 1;
  } else if (objective.kind === 'trade-off') {
    returnScale = objective.trade;
    if (objective.benchmark !== undefined) {
      const pull = multiplyVector(problem.covariance, objective.benchmark);
      for (let i = 0; i < n; i++) q[i] = -(pull[i] as number);
    }
  } else if (objective.kind === 'max-return') {
    returnScale = 1;
    riskScale = tinyRisk(problem, returns);
  } else if (objective.kind === 'target-return') {
    const cash = (problem.expectedReturns?.[0] ?? 0) - (returns[0] ?? 0);
    appendRow('target return', returns, objective.target - cash, Number.POSITIVE_INFINITY);
  } else if (objective.kind === 'max-ratio') {
    const level = ratioLevel(objective.numerator);
    appendRow('ratio', objective.numerator, level, level);
  }
  for (let i = 0; i < n; i++) {
    q[i] = (q[i] as number) - returnScale * (returns[i] as number);
    if (buys !== undefined && returnScale > 0) chargeTrades(q, buys, n, i, returnScale * cost(problem, i));
  }
  const P = riskMatrix(problem, core, riskScale);
  if (problem.quadraticCosts !== undefined && problem.current !== undefined && returnScale > 0) {
    for (let i = 0; i < n; i++) {
      const charge = 2 * returnScale * (problem.quadraticCosts[i] as number);
      P.data[i * core + i] = (P.data[i * core + i] as number) + charge;
      q[i] = (q[i] as number) - charge * (problem.current[i] as number);
    }
  }
  return { P, q, lower: compiled.lower, upper: compiled.upper, rows, scaleIndex: compiled.scaleIndex };
}

function cost(problem: PortfolioProblem, i: number): number {
  return problem.linearCosts?.[i] ?? 0;
}

function chargeTrades(target: Float64Array, buys: number, n: number, i: number, charge: number): void {
  target[buys + i] = charge;
  target[buys + n + i] = charge;
}

/** Σ times `scale` on the weights, a zero row and column for the scale variable. */
function riskMatrix(problem: PortfolioProblem, core: number, scale: number): Matrix {
  const n = problem.lower.length;
  if (core === n && scale === 1 && problem.quadraticCosts === undefined) return problem.covariance;
  const P = createMatrix(core, core);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) P.data[i * core + j] = scale * (problem.covariance.data[i * n + j] as number);
  }
  return P;
}

/** So little risk aversion that the answer is the corner of the linear program, and unique where that is a face. */
function tinyRisk(problem: PortfolioProblem, returns: Float64Array): number {
  let spread = 0;
  let variance = 0;
  for (let i = 0; i < returns.length; i++) {
    spread = Math.max(spread, Math.abs((returns[i] as number) - (returns[0] as number)));
    variance = Math.max(variance, problem.covariance.data[i * returns.length + i] as number);
  }
  return (1e-7 * (spread || 1)) / (variance || 1);
}

function columnScores(
  problem: PortfolioProblem,
  objective: MeanVarianceObjective,
  program: QuadraticProgram,
): Float64Array {
  const n = problem.lower.length;
  const scores = new Float64Array(program.q.length).fill(Number.POSITIVE_INFINITY);
  const returns = effectiveReturns(problem);
  for (let i = 0; i < n; i++) {
    const volatility = Math.sqrt(Math.max(1e-300, problem.covariance.data[i * n + i] as number));
    if (objective.kind === 'max-ratio') scores[i] = (objective.numerator[i] as number) / volatility;
    else if (objective.kind === 'min-variance') scores[i] = -volatility;
    else scores[i] = (returns[i] as number) / volatility;
  }
  return scores;
}

function readSolution(
  problem: PortfolioProblem,
  objective: MeanVarianceObjective,
  compiled: CompiledConstraints,
  program: QuadraticProgram,
  solution: QuadraticSolution,
): MeanVarianceSolution {
  const { assets: n, scaleIndex } = compiled;
  const scale = scaleIndex === undefined ? 1 : (solution.x[scaleIndex] as number);
  const weights = Float64Array.from({ length: n }, (_, i) => (solution.x[i] as number) / scale);
  const price = shadowScale(problem, objective, weights, solution.objective, scale);
  const status = solution.status === 'optimal' && scale > 1e-12 ? 'optimal' : 'stalled';
  return {
    status,
    weights,
    multipliers: readMultipliers(program, solution, n, price, scale),
    kkt: solution.kkt,
    converged: solution.converged,
    iterations: solution.iterations,
    columns: solution.columns,
    polished: solution.polished,
  };
}

/** d(shown objective) / d(multiplier's own objective), by the envelope theorem. */
function shadowScale(
  problem: PortfolioProblem,
  objective: MeanVarianceObjective,
  weights: Float64Array,
  value: number,
  scale: number,
): number {
  switch (objective.kind) {
    case 'max-ratio': {
      const level = ratioLevel(objective.numerator);
      return (level * scale) / (2 * value) ** 1.5;
    }
    case 'min-variance':
    case 'target-return':
      return 1 / Math.sqrt(Math.max(1e-300, quadraticForm(problem.covariance, weights)));
    case 'trade-off':
      return 1 / objective.trade;
    case 'max-return':
    case 'max-utility':
      return 1;
  }
}

function readMultipliers(
  program: QuadraticProgram,
  solution: QuadraticSolution,
  n: number,
  price: number,
  scale: number,
): Multiplier[] {
  const multipliers: Multiplier[] = [];
  let largest = 0;
  for (const dual of solution.boundDuals) largest = Math.max(largest, Math.abs(dual));
  for (const dual of solution.rowDuals) largest = Math.max(largest, Math.abs(dual));
  const noise = 1e-9 * largest;
  for (let i = 0; i < n; i++) {
    const dual = solution.boundDuals[i] as number;
    if (Math.abs(dual) <= noise) continue;
    multipliers.push({
      constraint: { kind: 'asset', index: i },
      side: dual > 0 ? 'upper' : 'lower',
      shadowPrice: Math.abs(dual) * price,
    });
  }
  for (const [r, row] of program.rows.entries()) {
    const dual = solution.rowDuals[r] as number;
    if (row.name === 'ratio' || /^(trade|short) \d+$/.test(row.name)) continue;
    if (row.lower === row.upper) {
      multipliers.push({ constraint: { kind: 'row', name: row.name }, side: 'equal', shadowPrice: dual * price });
    } else if (Math.abs(dual) > noise && scale > 0) {
      multipliers.push({
        constraint: { kind: 'row', name: row.name },
        side: dual > 0 ? 'upper' : 'lower',
        shadowPrice: Math.abs(dual) * price,
      });
    }
  }
  return multipliers;
}

export interface PortfolioMoments {
  readonly expectedReturn: number;
  readonly variance: number;
  readonly volatility: number;
  readonly cash: number;
  readonly cost: number;
}

/** Return (cash included), volatility and cost of given weights. */
export function portfolioMoments(problem: PortfolioProblem, weights: Float64Array): PortfolioMoments {
  let invested = 0;
  for (const weight of weights) invested += weight;
  const budget = problem.budget ?? fullyInvested;
  const cash = budget.lower === budget.upper ? 0 : 1 - invested;
  const variance = Math.max(0, quadraticForm(problem.covariance, weights));
  const own = problem.expectedReturns === undefined ? 0 : dot(problem.expectedReturns, weights);
  return {
    expectedReturn: own + cash * (problem.cashReturn ?? 0),
    variance,
    volatility: Math.sqrt(variance),
    cash,
    cost: tradingCost(problem, weights),
  };
}
