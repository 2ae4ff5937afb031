/**
 * The most return for a limit on risk: volatility σ ≤ limit, or tracking error against a benchmark.
 *
 *   maximise μ'w subject to (w − b)'Σ(w − b) ≤ limit²
 *
 * The answer lies on the efficient frontier max λμ'w − ½(w − b)'Σ(w − b), whose weights are piecewise linear in λ
 * (Markowitz, 1956, Naval Res. Logist. Q. 3). Two frontier points that bracket the limit are joined by the chord; once
 * both lie on one piece the chord is the frontier and the quadratic on it is solved exactly. Typically 4 to 10 programs.
 */
import { quadraticForm } from '../linalg/multiply.ts';
import { effectiveReturns, type MeanVarianceSolution, solveMeanVariance } from './mean-variance.ts';
import type { PortfolioProblem } from './portfolio-problem.ts';

export interface RiskLimitSolution {
  readonly status: 'optimal' | 'infeasible' | 'stalled';
  readonly solution: MeanVarianceSolution;
  /** Least risk that the constraints allow: above the limit when infeasible. */
  readonly leastRisk: number;
  readonly binding: boolean;
  /** Return gained per unit of the limit (0 where it does not bind). */
  readonly shadowPrice: number;
  readonly residual: number;
}

interface FrontierEnd {
  readonly lambda: number;
  readonly solution: MeanVarianceSolution;
}

export function solveRiskLimit(
  problem: PortfolioProblem,
  limit: number,
  benchmark?: Float64Array | undefined,
): RiskLimitSolution {
  const risk = (weights: Float64Array): number => Math.sqrt(Math.max(0, riskSquared(problem, weights, benchmark)));
  const calmest = frontierPoint(problem, 0, benchmark);
  if (calmest.status !== 'optimal') return failed(calmest);
  const leastRisk = risk(calmest.weights);
  const done = (
    solution: MeanVarianceSolution,
    binding: boolean,
    lambda: number,
    residual: number,
  ): RiskLimitSolution => ({
    status: 'optimal',
    solution,
    leastRisk,
    binding,
    shadowPrice: binding && lambda > 0 ? limit / lambda : 0,
    residual,
  });
  if (leastRisk > limit * (1 + 1e-12)) return { ...done(calmest, true, 0, leastRisk - limit), status: 'infeasible' };
  const richest = solveMeanVariance(problem, { kind: 'max-return' });
  if (richest.status === 'optimal' && risk(richest.weights) <= limit) return done(richest, false, 0, 0);
  let low: FrontierEnd = { lambda: 0, solution: calmest };
  const first = rising(problem, limit, leastRisk, benchmark, risk);
  if (first === undefined) return failed(calmest);
  let high: FrontierEnd = first;
  let residual = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 60; step++) {
    const theta = chordFraction(problem, low.solution.weights, high.solution.weights, limit, benchmark);
    const lambda = low.lambda + theta * (high.lambda - low.lambda);
    const solution = frontierPoint(problem, lambda, benchmark);
    if (solution.status !== 'optimal') return failed(solution);
    const error = risk(solution.weights) - limit;
    residual = Math.abs(error);
    if (residual <= 1e-13 * Math.max(limit, 1e-6) || high.lambda - low.lambda <= 1e-15 * high.lambda) {
      return done(solution, true, lambda, residual);
    }
    const before = high.lambda - low.lambda;
    if (error > 0) high = { lambda, solution };
    else low = { lambda, solution };
    // A chord that eats only one end is helped by a bisection now and then.
    if (high.lambda - low.lambda > 0.6 * before && step % 3 === 2) {
      const middle = (low.lambda + high.lambda) / 2;
      const halved = frontierPoint(problem, middle, benchmark);
      if (risk(halved.weights) > limit) high = { lambda: middle, solution: halved };
      else low = { lambda: middle, solution: halved };
    }
  }
  return done(low.solution, true, low.lambda, residual);
}

function failed(solution: MeanVarianceSolution): RiskLimitSolution {
  return {
    status: 'stalled',
    solution,
    leastRisk: 0,
    binding: false,
    shadowPrice: 0,
    residual: Number.POSITIVE_INFINITY,
  };
}

function frontierPoint(
  problem: PortfolioProblem,
  trade: number,
  benchmark: Float64Array | undefined,
): MeanVarianceSolution {
  if (trade === 0 && benchmark === undefined) return solveMeanVariance(problem, { kind: 'min-variance' });
  return solveMeanVariance(problem, { kind: 'trade-off', trade, benchmark });
}

/** Doubles the price of risk until the limit is passed. */
function rising(
  problem: PortfolioProblem,
  limit: number,
  leastRisk: number,
  benchmark: Float64Array | undefined,
  risk: (weights: Float64Array) => number,
): FrontierEnd | undefined {
  let spread = 0;
  for (const value of effectiveReturns(problem)) spread = Math.max(spread, Math.abs(value));
  if (spread === 0) return undefined;
  let lambda = (limit * Math.max(limit, leastRisk)) / spread;
  for (let step = 0; step < 40; step++) {
    const solution = frontierPoint(problem, lambda, benchmark);
    if (solution.status !== 'optimal') return undefined;
    if (risk(solution.weights) > limit) return { lambda, solution };
    lambda *= 3;
  }
  return undefined;
}

function riskSquared(problem: PortfolioProblem, weights: Float64Array, benchmark: Float64Array | undefined): number {
  const active = benchmark === undefined ? weights : weights.map((weight, i) => weight - (benchmark[i] as number));
  return quadraticForm(problem.covariance, active);
}

/** θ in [0, 1] where the chord from a to b has exactly the wanted risk. */
function chordFraction(
  problem: PortfolioProblem,
  a: Float64Array,
  b: Float64Array,
  limit: number,
  benchmark: Float64Array | undefined,
): number {
  const start = riskSquared(problem, a, benchmark);
  const end = riskSquared(problem, b, benchmark);
  const step = b.map((value, i) => value - (a[i] as number));
  const curvature = quadraticForm(problem.covariance, step);
  const slope = end - start - curvature;
  const gap = start - limit * limit;
  const root = Math.sqrt(Math.max(0, slope * slope - 4 * curvature * gap));
  const theta = slope >= 0 ? (-2 * gap) / (slope + root) : (root - slope) / (2 * curvature);
  return Number.isFinite(theta) ? Math.min(1, Math.max(0, theta)) : 0.5;
}
