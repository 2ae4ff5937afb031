/**
 * The efficient frontier: for returns from that of the minimum-variance portfolio to the most that the constraints allow,
 * the portfolio of least variance (Markowitz, 1952). Each point is its own exact quadratic program.
 */
import { type MeanVarianceSolution, portfolioMoments, solveMeanVariance } from './mean-variance.ts';
import type { PortfolioProblem } from './portfolio-problem.ts';

export interface FrontierPoint {
  readonly target: number;
  readonly expectedReturn: number;
  readonly volatility: number;
  readonly weights: Float64Array;
  readonly solution: MeanVarianceSolution;
}

export interface Frontier {
  readonly status: 'optimal' | 'stalled';
  readonly points: readonly FrontierPoint[];
}

/** `count` points, at least 2, equally spaced in return; expected returns are required. */
export function traceFrontier(problem: PortfolioProblem, count: number): Frontier {
  const calmest = solveMeanVariance(problem, { kind: 'min-variance' });
  const richest = solveMeanVariance(problem, { kind: 'max-return' });
  if (calmest.status !== 'optimal' || richest.status !== 'optimal') return { status: 'stalled', points: [] };
  const first = pointOf(problem, calmest, undefined);
  const last = pointOf(problem, richest, undefined);
  const span = last.expectedReturn - first.expectedReturn;
  if (!(span > 1e-12)) return { status: 'optimal', points: [first] };
  const points: FrontierPoint[] = [first];
  for (let k = 1; k + 1 < count; k++) {
    const target = first.expectedReturn + (span * k) / (count - 1);
    const solution = solveMeanVariance(problem, { kind: 'target-return', target });
    if (solution.status !== 'optimal') return { status: 'stalled', points };
    points.push(pointOf(problem, solution, target));
  }
  points.push(last);
  return { status: 'optimal', points };
}

function pointOf(problem: PortfolioProblem, solution: MeanVarianceSolution, target: number | undefined): FrontierPoint {
  const { expectedReturn, volatility } = portfolioMoments(problem, solution.weights);
  return { target: target ?? expectedReturn, expectedReturn, volatility, weights: solution.weights, solution };
}
