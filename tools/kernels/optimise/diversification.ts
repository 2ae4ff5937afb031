/**
 * Portfolios that need no expected returns. Most diversified: the largest w'σ / √(w'Σw) (Choueifaty and Coignard, 2008,
 * J. Portfolio Manag. 35); maximum decorrelation: least w'Cw for the correlation matrix C (Christoffersen and others, 2012);
 * and the two inverse rules, weights ∝ 1/σ and ∝ 1/σ².
 */
import { invalidInput } from '../../../lib/errors.ts';
import { correlationOf, volatilitiesOf } from '../covariance/sample.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { dot, quadraticForm } from '../linalg/multiply.ts';
import { type MeanVarianceSolution, solveMeanVariance } from './mean-variance.ts';
import type { PortfolioProblem } from './portfolio-problem.ts';

export function solveMostDiversified(problem: PortfolioProblem): MeanVarianceSolution {
  return solveMeanVariance(problem, { kind: 'max-ratio', numerator: volatilitiesOf(problem.covariance) });
}

export function solveLeastCorrelated(problem: PortfolioProblem): MeanVarianceSolution {
  return solveMeanVariance({ ...problem, covariance: correlationOf(problem.covariance) }, { kind: 'min-variance' });
}

/** w'σ / √(w'Σw): 1 for one asset, √n for n uncorrelated ones of equal volatility. */
export function diversificationRatio(covariance: Matrix, weights: Float64Array): number {
  return dot(volatilitiesOf(covariance), weights) / Math.sqrt(quadraticForm(covariance, weights));
}

/** Weights ∝ σ^(−power): 1 for inverse volatility, 2 for inverse variance. */
export function inverseRiskWeights(covariance: Matrix, power: 1 | 2): Float64Array {
  const sd = volatilitiesOf(covariance);
  const still = sd.findIndex((value) => !(value > 0));
  if (still >= 0) {
    throw invalidInput({
      what: `The variance of asset ${still}`,
      needed: 'positive',
      got: 0,
      hint: 'Leave out assets that do not move.',
    });
  }
  const raw = sd.map((value) => value ** -power);
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / sum);
}
