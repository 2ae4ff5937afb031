/**
 * Fits one SSVI surface to all expiries: three parameters, free of butterfly and calendar arbitrage by construction.
 *
 * θ_t, the total variance at the money, is given (made non-decreasing); ρ, η and γ minimise weighted volatility errors by Levenberg–Marquardt over
 * (atanh ρ, logit of η(1+|ρ|)/2, logit of 2γ), which keeps |ρ| < 1, η(1+|ρ|) ≤ 2 and 0 < γ ≤ ½: the conditions of the theorems below.
 * Cost: about 30 residual vectors. Source: J. Gatheral & A. Jacquier (2014), Quant. Finance 14:59, theorems 4.1–4.2 and eq. 4.5.
 *
 * @example fitSsvi([{ years: 0.5, theta: 0.02, points }]).parameters
 */
import { minimiseSquares } from '../optimise-smooth/levenberg-marquardt.ts';
import { checkSsvi, type SsviParameters, ssviVariance } from './svi.ts';

export interface SsviExpiry {
  readonly years: number;
  /** Total variance at the money. */
  readonly theta: number;
  readonly points: readonly { readonly k: number; readonly volatility: number; readonly weight: number }[];
}

export interface SsviFit {
  readonly parameters: SsviParameters;
  readonly thetas: readonly number[];
  readonly rmse: number;
  readonly butterflyFree: boolean;
  readonly calendarFree: boolean;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

function toParameters(x: Float64Array): SsviParameters {
  const rho = Math.tanh(x[0] as number);
  return { rho, eta: (2 * logistic(x[1] as number)) / (1 + Math.abs(rho)), gamma: 0.5 * logistic(x[2] as number) };
}

export function fitSsvi(expiries: readonly SsviExpiry[]): SsviFit {
  const ordered = [...expiries].sort((one, other) => one.years - other.years);
  let highest = 0;
  const thetas = ordered.map((expiry) => {
    highest = Math.max(highest, expiry.theta);
    return highest;
  });
  const count = ordered.reduce((sum, expiry) => sum + expiry.points.length, 0);
  const residuals = (x: Float64Array, out: Float64Array): void => {
    const parameters = toParameters(x);
    let at = 0;
    for (const [i, expiry] of ordered.entries()) {
      for (const point of expiry.points) {
        const model = Math.sqrt(ssviVariance(parameters, thetas[i] as number, point.k) / expiry.years);
        out[at] = Math.sqrt(point.weight) * (model - point.volatility);
        at += 1;
      }
    }
  };
  const fit = minimiseSquares(residuals, Float64Array.of(-0.5, 0, 1), count, { maxIterations: 200 });
  const parameters = toParameters(fit.x);
  let squares = 0;
  for (const [i, expiry] of ordered.entries()) {
    for (const point of expiry.points) {
      squares +=
        (Math.sqrt(ssviVariance(parameters, thetas[i] as number, point.k) / expiry.years) - point.volatility) ** 2;
    }
  }
  const { butterflyFree, calendarFree } = checkSsvi(parameters, thetas);
  return {
    parameters,
    thetas,
    rmse: Math.sqrt(squares / Math.max(count, 1)),
    butterflyFree,
    calendarFree,
    converged: fit.converged,
    iterations: fit.iterations,
    residual: fit.residual,
  };
}
