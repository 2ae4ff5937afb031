/**
 * How much of a portfolio's volatility comes from each position?
 *
 * Volatility is homogeneous of degree one in the weights, so it splits exactly: σ = Σ w_i ∂σ/∂w_i with ∂σ/∂w = Σw/σ.
 *
 * Shapes: weights n, covariance n×n (any period; `periodsPerYear` annualises). NaN is refused by the caller. A portfolio without risk has
 * percent contributions of 0. O(n²).
 * Reference: Euler's theorem for risk, Litterman (1996), "Hot spots and hedges", J. Portfolio Management; diversification ratio: Choueifaty & Coignard
 * (2008), eq. 1; effective bets as the inverse Herfindahl index of risk shares.
 *
 * @example riskContributions([0.6, 0.4], [[0.04, 0.006], [0.006, 0.09]]) // → volatility 0.178, percent [0.5, 0.5]
 */
import type { Matrix } from '../linalg/matrix.ts';
import { multiplyVector } from '../linalg/multiply.ts';

export interface RiskContributions {
  readonly volatility: number;
  /** ∂σ/∂w: what one more unit of weight adds. */
  readonly marginal: Float64Array;
  /** w × marginal; sums to the volatility. */
  readonly component: Float64Array;
  /** component ÷ volatility; sums to 1. */
  readonly percent: Float64Array;
  /** Σ|w_i|σ_i ÷ σ; null where there is no risk. */
  readonly diversificationRatio: number | null;
  /** 1 ÷ Σ percent²; null where there is no risk. */
  readonly effectiveBets: number | null;
  /** 1 ÷ Σ w² of the weights scaled to sum to 1 in absolute value. */
  readonly effectiveNames: number | null;
}

export function riskContributions(weights: Float64Array, covariance: Matrix, periodsPerYear = 1): RiskContributions {
  const n = weights.length;
  const slope = multiplyVector(covariance, weights);
  let variance = 0;
  let alone = 0;
  let gross = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i] as number;
    variance += w * (slope[i] as number);
    alone += Math.abs(w) * Math.sqrt(Math.max(0, covariance.data[i * n + i] as number));
    gross += Math.abs(w);
    squares += w * w;
  }
  const volatility = Math.sqrt(Math.max(0, variance));
  const scale = Math.sqrt(periodsPerYear);
  const marginal = slope.map((s) => (volatility > 0 ? (s / volatility) * scale : 0));
  const component = marginal.map((m, i) => m * (weights[i] as number));
  const percent = component.map((c) => (volatility > 0 ? c / (volatility * scale) : 0));
  const concentration = percent.reduce((sum, p) => sum + p * p, 0);
  return {
    volatility: volatility * scale,
    marginal,
    component,
    percent,
    diversificationRatio: volatility > 0 ? alone / volatility : null,
    effectiveBets: concentration > 0 ? 1 / concentration : null,
    effectiveNames: squares > 0 ? (gross * gross) / squares : null,
  };
}
