/**
 * Heston: European options when variance itself is random and correlated with the spot.
 *
 * dS = (r−q)S dt + √v S dW, dv = κ(θ−v)dt + σ√v dZ, d⟨W,Z⟩ = ρ dt. Price by Lewis' single integral with a Black–Scholes control:
 * C = BS(v̄) − √(FK) e^{−rT}/π ∫₀^∞ Re[e^{iuk}(φ(u − i/2) − φ_BS(u − i/2))]/(u² + ¼) du, k = ln(F/K).
 * φ is evaluated in the form that never crosses a branch cut ("little trap"). Panels of 16-point Gauss–Legendre up to where
 * |φ| falls below 1e-17. Accuracy about 1e-10 of the spot. Cost: 200 to 2,000 characteristic functions, shared over strikes.
 * Sources: S. Heston (1993), Rev. Financial Studies 6:327; A. Lewis (2000), Option Valuation under Stochastic Volatility, eq. 2.10;
 * Albrecher, Mayer, Schoutens & Tistaert (2007), Wilmott, The little Heston trap, eq. 6; Andersen & Piterbarg (2010), vol. 1, 9.3 (control).
 *
 * @example hestonPrice({ right: 'call', spot: 100, strike: 100, years: 1, rate: 0.01, dividendYield: 0.02, v0: 0.04, kappa: 4, theta: 0.25, sigma: 1, rho: -0.5 }) // 16.07015
 */
import { invalidInput } from '../../../lib/errors.ts';
import { normalCdf } from '../stats/normal.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { type OptionRight, requireFinite, requireNotNegative, requirePositive } from './option-inputs.ts';

export interface HestonParameters {
  /** Variance now. */
  readonly v0: number;
  /** Speed of mean reversion a year. */
  readonly kappa: number;
  /** Long-run variance. */
  readonly theta: number;
  /** Volatility of variance. */
  readonly sigma: number;
  readonly rho: number;
}

export interface HestonOption extends HestonParameters {
  readonly right: OptionRight;
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
}

export function requireHeston(parameters: HestonParameters): void {
  requireNotNegative('The initial variance v0', parameters.v0);
  requirePositive('The mean reversion kappa', parameters.kappa);
  requireNotNegative('The long-run variance theta', parameters.theta);
  requirePositive('The volatility of variance sigma', parameters.sigma);
  if (parameters.v0 + parameters.theta <= 0) {
    throw invalidInput({ what: 'v0 + theta', needed: 'above 0', got: parameters.v0 + parameters.theta });
  }
  if (!(Math.abs(parameters.rho) <= 1)) {
    throw invalidInput({ what: 'The correlation rho', needed: 'between −1 and 1', got: parameters.rho });
  }
}

export function hestonPrice(option: HestonOption): number {
  requirePositive('The spot', option.spot);
  requirePositive('The strike', option.strike);
  requireNotNegative('The time to expiry in years', option.years);
  requireFinite('The rate', option.rate);
  requireFinite('The dividend yield', option.dividendYield);
  requireHeston(option);
  const { right, spot, strike, years, rate, dividendYield } = option;
  const forward = spot * Math.exp((rate - dividendYield) * years);
  const discount = Math.exp(-rate * years);
  const sign = right === 'call' ? 1 : -1;
  if (years === 0) return Math.max(sign * (spot - strike), 0);
  const call = hestonForwardCalls(option, forward, years, [strike])[0] as number;
  return discount * Math.max(right === 'call' ? call : call - (forward - strike), 0);
}

/** Undiscounted calls of one expiry: the characteristic function is evaluated once for all strikes. */
export function hestonForwardCalls(
  parameters: HestonParameters,
  forward: number,
  years: number,
  strikes: readonly number[],
): Float64Array {
  const nodes = hestonNodes(parameters, years);
  const total = Math.sqrt(nodes.controlVariance);
  return Float64Array.from(strikes, (strike) => {
    const k = Math.log(forward / strike);
    let sum = 0;
    for (let i = 0; i < nodes.u.length; i++) {
      const angle = (nodes.u[i] as number) * k;
      sum += (nodes.real[i] as number) * Math.cos(angle) - (nodes.imaginary[i] as number) * Math.sin(angle);
    }
    const d1 = k / total + 0.5 * total;
    const control = forward * normalCdf(d1) - strike * normalCdf(d1 - total);
    return Math.max(control - (Math.sqrt(forward * strike) / Math.PI) * sum, forward - strike, 0);
  });
}

interface HestonNodes {
  readonly u: Float64Array;
  /** Weighted (φ − φ_BS)/(u² + ¼). */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  /** v̄T: the expected integrated variance. */
  readonly controlVariance: number;
}

const RULE = gaussLegendre(16);

function hestonNodes(parameters: HestonParameters, years: number): HestonNodes {
  const { v0, kappa, theta } = parameters;
  const controlVariance = theta * years + ((v0 - theta) * -Math.expm1(-kappa * years)) / kappa;
  const value = new Float64Array(2);
  let reach = 8;
  const size = (u: number) => {
    logCharacteristic(parameters, years, u, value);
    return Math.max(value[0] as number, -0.5 * controlVariance * u * u);
  };
  while (size(reach) > -39 - 2 * Math.log(reach) && reach < 1e6) reach *= 1.3;
  const panels = Math.min(Math.max(Math.ceil(10 * Math.log2(reach)), 56), 160);
  const u = new Float64Array(panels * 16);
  const real = new Float64Array(u.length);
  const imaginary = new Float64Array(u.length);
  // Panels grow geometrically from the origin, where the integrand bends most.
  const growth = 1.05;
  const first = (reach * (growth - 1)) / (growth ** panels - 1);
  let from = 0;
  let width = first;
  for (let p = 0; p < panels; p++) {
    for (let m = 0; m < 16; m++) {
      const at = p * 16 + m;
      const x = from + 0.5 * width * (1 + (RULE.nodes[m] as number));
      logCharacteristic(parameters, years, x, value);
      const scale = (0.5 * width * (RULE.weights[m] as number)) / (x * x + 0.25);
      const modulus = Math.exp(value[0] as number);
      u[at] = x;
      real[at] = scale * (modulus * Math.cos(value[1] as number) - Math.exp(-0.5 * controlVariance * (x * x + 0.25)));
      imaginary[at] = scale * modulus * Math.sin(value[1] as number);
    }
    from += width;
    width *= growth;
  }
  return { u, real, imaginary, controlVariance };
}

/** ln φ(u − i/2) of ln(S_T/F) into out = [real, imaginary]. */
function logCharacteristic(parameters: HestonParameters, years: number, u: number, out: Float64Array): void {
  const { v0, kappa, theta, sigma, rho } = parameters;
  // z = u − i/2: iz = ½ + iu; iz + z² = u² + ¼ (real), so β = κ − ρσ(½ + iu), d = √(β² + σ²(u² + ¼)).
  const betaRe = kappa - 0.5 * rho * sigma;
  const betaIm = -rho * sigma * u;
  const squareRe = betaRe * betaRe - betaIm * betaIm + sigma * sigma * (u * u + 0.25);
  const squareIm = 2 * betaRe * betaIm;
  const modulus = Math.hypot(squareRe, squareIm);
  const dRe = Math.sqrt(0.5 * (modulus + squareRe));
  const dIm = dRe === 0 ? Math.sqrt(0.5 * (modulus - squareRe)) : squareIm / (2 * dRe);
  // β − d = (β² − d²)/(β + d) = −σ²(u² + ¼)/(β + d): no cancellation for small σ.
  const plusRe = betaRe + dRe;
  const plusIm = betaIm + dIm;
  const plusSquare = plusRe * plusRe + plusIm * plusIm;
  const top = -sigma * sigma * (u * u + 0.25);
  const minusRe = (top * plusRe) / plusSquare;
  const minusIm = (-top * plusIm) / plusSquare;
  // g = (β − d)/(β + d)
  const gRe = (minusRe * plusRe + minusIm * plusIm) / plusSquare;
  const gIm = (minusIm * plusRe - minusRe * plusIm) / plusSquare;
  const decay = Math.exp(-dRe * years);
  const eRe = decay * Math.cos(dIm * years);
  const eIm = -decay * Math.sin(dIm * years);
  // 1 − g e and 1 − g
  const aRe = 1 - (gRe * eRe - gIm * eIm);
  const aIm = -(gRe * eIm + gIm * eRe);
  const bRe = 1 - gRe;
  const bIm = -gIm;
  // ln((1 − ge)/(1 − g)) = ln(1 + g(1 − e)/(1 − g)): computed from the small part so that a tiny σ loses nothing.
  const oneMinusERe = 1 - eRe;
  const oneMinusEIm = -eIm;
  const gOneRe = gRe * oneMinusERe - gIm * oneMinusEIm;
  const gOneIm = gRe * oneMinusEIm + gIm * oneMinusERe;
  const bSquare = bRe * bRe + bIm * bIm;
  const smallRe = (gOneRe * bRe + gOneIm * bIm) / bSquare;
  const smallIm = (gOneIm * bRe - gOneRe * bIm) / bSquare;
  const logRe = 0.5 * Math.log1p(2 * smallRe + smallRe * smallRe + smallIm * smallIm);
  const logIm = Math.atan2(smallIm, 1 + smallRe);
  // D = (β − d)/σ² · (1 − e)/(1 − ge)
  const aSquare = aRe * aRe + aIm * aIm;
  const ratioRe = (oneMinusERe * aRe + oneMinusEIm * aIm) / aSquare;
  const ratioIm = (oneMinusEIm * aRe - oneMinusERe * aIm) / aSquare;
  const inverse = 1 / (sigma * sigma);
  const dTermRe = inverse * (minusRe * ratioRe - minusIm * ratioIm);
  const dTermIm = inverse * (minusRe * ratioIm + minusIm * ratioRe);
  const level = kappa * theta * inverse;
  out[0] = level * (minusRe * years - 2 * logRe) + v0 * dTermRe;
  out[1] = level * (minusIm * years - 2 * logIm) + v0 * dTermIm;
}
