/**
 * Expected returns per period from history. Means of returns are very noisy: the standard error of an annual mean over
 * T years is σ/√T, so the shrunk and model-based ones are usually the better input to an optimiser.
 * Bayes–Stein: Jorion (1986), J. Financ. Quant. Anal. 21, eq. 17. CAPM: Sharpe (1964), J. Finance 19.
 */
import { cholesky, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { dot, multiplyVector } from '../linalg/multiply.ts';
import { columnMeans } from './sample.ts';

export interface ShrunkMeans {
  readonly means: Float64Array;
  /** How far every mean was pulled towards the common one, 0 to 1. */
  readonly shrinkage: number;
  /** The mean return of the minimum-variance portfolio. */
  readonly common: number;
  /** False where the covariance is singular and the plain average was the target instead. */
  readonly usedCovariance: boolean;
}

/** Means pulled towards the return of the minimum-variance portfolio. `covariance` in the same period as the returns. */
export function bayesSteinMeans(returns: Matrix, covariance: Matrix): ShrunkMeans {
  const { rows: T, cols: n } = returns;
  const means = columnMeans(returns);
  const { factor, failedAt } = cholesky(covariance);
  if (failedAt >= 0 || T <= n + 2) {
    const common = means.reduce((a, b) => a + b, 0) / n;
    return { means: means.map((mean) => (mean + common) / 2), shrinkage: 0.5, common, usedCovariance: false };
  }
  const solve = (v: Float64Array): Float64Array => {
    solveCholeskyInPlace(factor.data, n, v);
    return v;
  };
  const inverseOnes = solve(new Float64Array(n).fill(1));
  const common = dot(inverseOnes, means) / inverseOnes.reduce((a, b) => a + b, 0);
  const away = means.map((mean) => mean - common);
  const precision = (T - n - 2) / T;
  const distance = precision * dot(away, solve(away.slice()));
  const shrinkage = (n + 2) / (n + 2 + T * distance);
  return {
    means: means.map((mean) => (1 - shrinkage) * mean + shrinkage * common),
    shrinkage,
    common,
    usedCovariance: true,
  };
}

/** r + β_i (market premium) with β from the covariance and the weights of the market portfolio. */
export function capmReturns(
  covariance: Matrix,
  marketWeights: ArrayLike<number>,
  marketPremium: number,
  riskFree: number,
): { readonly means: Float64Array; readonly betas: Float64Array } {
  const pull = multiplyVector(covariance, marketWeights);
  const variance = dot(pull, marketWeights);
  const betas = pull.map((value) => value / variance);
  return { means: betas.map((beta) => riskFree + beta * marketPremium), betas };
}
