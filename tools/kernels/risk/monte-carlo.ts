/**
 * Where can a portfolio stand after `days` days, and how deep can it fall on the way?
 *
 * Simulates `paths` × `days` of correlated daily returns r = μ + L z (Σ = L Lᵀ; with `tailDegrees` ν the whole cross-section is scaled by
 * √((ν−2)/χ²_ν), a multivariate t of the same covariance) and follows the portfolio's value from 1. What the weights leave free is cash at `cashReturn`.
 *
 * `rebalance: 'daily'` keeps the weights: the portfolio's daily return is then w'μ + √(w'Σw) z, **exactly** (elliptical laws are closed
 * under linear maps), so one number a day is drawn instead of one per asset. `'none'` lets the weights drift and draws every asset.
 *
 * Shapes: weights, mean length n; covariance n×n row-major, daily, decimal; result arrays length `paths`. NaN is refused. A value that reaches zero stays there.
 * O(paths·days) daily, O(paths·days·n²) drifting; no allocation in the loops.
 * Reference: Glasserman (2003), "Monte Carlo Methods in Financial Engineering", §2.3.3 (Cholesky), §9.3.2 (multivariate t).
 *
 * @example simulatePortfolio({ weights, mean, covariance, days: 252, paths: 10_000, rebalance: 'daily' }, createRng(42)).terminalReturn
 */
import { invalidInput } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { factorSemidefinite } from './factor-semidefinite.ts';

export interface PortfolioSimulationInput {
  readonly weights: Float64Array;
  /** Mean daily simple returns. */
  readonly mean: Float64Array;
  /** Daily covariance, row-major. */
  readonly covariance: Float64Array;
  readonly days: number;
  readonly paths: number;
  readonly rebalance: 'daily' | 'none';
  /** Degrees of freedom of a multivariate t, above 2; absent = Gaussian. */
  readonly tailDegrees?: number;
  /** Daily return of what is not invested. */
  readonly cashReturn?: number;
}

export interface PortfolioSimulation {
  /** Total return of each path over the horizon, decimal. */
  readonly terminalReturn: Float64Array;
  /** Deepest fall from a running peak of each path (start included), zero or negative. */
  readonly maxDrawdown: Float64Array;
}

export function simulatePortfolio(input: PortfolioSimulationInput, rng: Rng): PortfolioSimulation {
  checkSimulation(input);
  return input.rebalance === 'daily' ? simulateConstantWeights(input, rng) : simulateDriftingWeights(input, rng);
}

function simulateConstantWeights(input: PortfolioSimulationInput, rng: Rng): PortfolioSimulation {
  const { weights, mean, covariance, days, paths } = input;
  const n = weights.length;
  let drift = 0;
  let variance = 0;
  let invested = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i] as number;
    drift += w * (mean[i] as number);
    invested += w;
    for (let j = 0; j < n; j++) variance += w * (weights[j] as number) * (covariance[i * n + j] as number);
  }
  drift += (1 - invested) * (input.cashReturn ?? 0);
  const volatility = Math.sqrt(Math.max(0, variance));
  const terminalReturn = new Float64Array(paths);
  const maxDrawdown = new Float64Array(paths);
  const shocks = new Float64Array(days);
  const scale = tailScale(input.tailDegrees, rng);
  for (let path = 0; path < paths; path++) {
    rng.fillNormal(shocks);
    let value = 1;
    let peak = 1;
    let worst = 0;
    for (let day = 0; day < days; day++) {
      const shock = scale === null ? (shocks[day] as number) : (shocks[day] as number) * scale();
      value *= Math.max(0, 1 + drift + volatility * shock);
      if (value > peak) peak = value;
      else {
        const fall = value / peak - 1;
        if (fall < worst) worst = fall;
      }
    }
    terminalReturn[path] = value - 1;
    maxDrawdown[path] = worst;
  }
  return { terminalReturn, maxDrawdown };
}

function simulateDriftingWeights(input: PortfolioSimulationInput, rng: Rng): PortfolioSimulation {
  const { weights, mean, days, paths } = input;
  const n = weights.length;
  const factor = factorSemidefinite(input.covariance, n).lower;
  const terminalReturn = new Float64Array(paths);
  const maxDrawdown = new Float64Array(paths);
  const shocks = new Float64Array(days * n);
  const holdings = new Float64Array(n);
  const cashGrowth = 1 + (input.cashReturn ?? 0);
  const cashStart = 1 - weights.reduce((sum, w) => sum + w, 0);
  const scale = tailScale(input.tailDegrees, rng);
  for (let path = 0; path < paths; path++) {
    rng.fillNormal(shocks);
    holdings.set(weights);
    let cash = cashStart;
    let peak = 1;
    let worst = 0;
    let value = 1;
    for (let day = 0; day < days && value > 0; day++) {
      cash *= cashGrowth;
      const stretch = scale === null ? 1 : scale();
      value = stepHoldings({ holdings, mean, factor, shocks, offset: day * n, stretch }) + cash;
      if (value > peak) peak = value;
      else if (value / peak - 1 < worst) worst = value / peak - 1;
    }
    terminalReturn[path] = Math.max(value, 0) - 1;
    maxDrawdown[path] = Math.max(worst, -1);
  }
  return { terminalReturn, maxDrawdown };
}

interface Step {
  readonly holdings: Float64Array;
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  readonly shocks: Float64Array;
  readonly offset: number;
  readonly stretch: number;
}

/** Moves every holding by one day of correlated returns and gives their sum. */
function stepHoldings({ holdings, mean, factor, shocks, offset, stretch }: Step): number {
  const n = holdings.length;
  let total = 0;
  for (let i = 0, row = 0; i < n; i++, row += n) {
    let shock = 0;
    for (let j = 0; j <= i; j++) shock += (factor[row + j] as number) * (shocks[offset + j] as number);
    const moved = (holdings[i] as number) * Math.max(0, 1 + (mean[i] as number) + stretch * shock);
    holdings[i] = moved;
    total += moved;
  }
  return total;
}

/** √((ν−2)/χ²_ν) per day, so that the variance stays that of the covariance; null for Gaussian. */
function tailScale(degrees: number | undefined, rng: Rng): (() => number) | null {
  if (degrees === undefined) return null;
  const stream = rng.fork('tails');
  return () => Math.sqrt((degrees - 2) / (2 * drawGamma(degrees / 2, stream)));
}

/** Gamma(shape, 1) for shape > 1: Marsaglia & Tsang (2000), "A simple method for generating gamma variables", ACM TOMS 26:3. */
function drawGamma(shape: number, rng: Rng): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(rng.openUniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function checkSimulation(input: PortfolioSimulationInput): void {
  const n = input.weights.length;
  if (n === 0 || input.mean.length !== n || input.covariance.length !== n * n) {
    throw invalidInput({
      what: 'The simulation',
      needed: `${n} weights with ${n} means and a ${n}×${n} covariance`,
      got: `${input.mean.length} means and ${input.covariance.length} covariances`,
      hint: 'Give one mean per weight and the full covariance matrix.',
    });
  }
  for (const values of [input.weights, input.mean, input.covariance]) {
    if (!values.every(Number.isFinite)) {
      throw invalidInput({
        what: 'Weights, means and covariances',
        needed: 'finite numbers',
        got: 'NaN or infinite',
        hint: 'Drop assets without an estimate before simulating.',
      });
    }
  }
  if (!(input.days >= 1) || !(input.paths >= 1) || !Number.isInteger(input.days) || !Number.isInteger(input.paths)) {
    throw invalidInput({ what: 'days and paths', needed: 'integers ≥ 1', got: `${input.days}, ${input.paths}` });
  }
  if (input.tailDegrees !== undefined && !(input.tailDegrees > 2)) {
    throw invalidInput({ what: 'tailDegrees', needed: 'above 2 (finite variance)', got: input.tailDegrees });
  }
}
