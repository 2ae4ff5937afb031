/**
 * Fits an SVI smile to implied volatilities of one expiry, kept free of butterflies and above the smile of the expiry before it.
 *
 * Minimises Σ weight·(σ_model − σ_quote)² by Levenberg–Marquardt over (ln w_min, ln b, atanh ρ, m, ln σ), which keeps w > 0, b ≥ 0, |ρ| < 1;
 * three starts. If g(k) < 0 or the smile falls below `floor` on the checking grid the fit is repeated with those violations as residuals.
 * Cost: about 100 residual vectors a start. `converged` and the checks are returned, never assumed.
 * Source: Gatheral & Jacquier (2014), section 5; Zeliade (2009), Quasi-explicit calibration of Gatheral's SVI model (starts).
 *
 * @example fitSvi({ k, volatilities, years: 0.5 }).parameters
 */
import { minimiseSquares } from '../optimise-smooth/levenberg-marquardt.ts';
import {
  type ButterflyCheck,
  butterflyFactor,
  checkButterfly,
  type SviParameters,
  sviDerivatives,
  sviVariance,
} from './svi.ts';

export interface SviQuotes {
  /** ln(K/F). */
  readonly k: readonly number[];
  readonly volatilities: readonly number[];
  readonly years: number;
  /** Default 1. */
  readonly weights?: readonly number[];
}

export interface SviFit {
  readonly parameters: SviParameters;
  readonly sumSquares: number;
  readonly rmse: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
  /** True where the free fit held arbitrage and the constraints were needed. */
  readonly constrained: boolean;
  readonly butterfly: ButterflyCheck;
}

/** Where constraints are watched: the quoted range widened, and no further than ±1.5. */
const CHECKS = 61;

export function fitSvi(quotes: SviQuotes, floor?: SviParameters): SviFit {
  const free = bestFit(quotes, starts(quotes), []);
  const grid = checkingGrid(quotes);
  if (holds(free.parameters, floor, grid)) return finish(quotes, free, false, grid);
  let penalty = 10;
  let fit = free;
  for (let round = 0; round < 4; round++) {
    const constraints = grid.map((k) => ({ k, penalty, least: floor ? sviVariance(floor, k) : 0 }));
    const begin =
      round === 0 ? [...starts(quotes).map(toFree), toFree(flatten(free.parameters))] : [toFree(fit.parameters)];
    fit = solve(quotes, begin, constraints);
    if (holds(fit.parameters, floor, grid)) break;
    penalty *= 20;
  }
  return finish(quotes, fit, true, grid);
}

interface Constraint {
  readonly k: number;
  readonly penalty: number;
  readonly least: number;
}

interface RawFit {
  readonly parameters: SviParameters;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

function checkingGrid(quotes: SviQuotes): readonly number[] {
  const low = Math.max(Math.min(...quotes.k) - 0.3, -1.5);
  const high = Math.min(Math.max(...quotes.k) + 0.3, 1.5);
  return Array.from({ length: CHECKS }, (_, i) => low + ((high - low) * i) / (CHECKS - 1));
}

function holds(p: SviParameters, floor: SviParameters | undefined, grid: readonly number[]): boolean {
  return grid.every((k) => {
    const smile = sviDerivatives(p, k);
    return (
      smile.w > 0 && butterflyFactor(smile, k) >= 0 && (floor === undefined || smile.w >= sviVariance(floor, k) - 1e-12)
    );
  });
}

function finish(quotes: SviQuotes, fit: RawFit, constrained: boolean, grid: readonly number[]): SviFit {
  let sumSquares = 0;
  for (const [i, k] of quotes.k.entries()) {
    const error = Math.sqrt(sviVariance(fit.parameters, k) / quotes.years) - (quotes.volatilities[i] as number);
    sumSquares += error * error;
  }
  const low = grid[0] as number;
  const high = grid.at(-1) as number;
  const butterfly = checkButterfly(fit.parameters, low, high, (high - low) / 600);
  return { ...fit, sumSquares, rmse: Math.sqrt(sumSquares / quotes.k.length), constrained, butterfly };
}

/** Smiles through the quotes' level and wings, one a typical width. */
function starts(quotes: SviQuotes): SviParameters[] {
  const w = quotes.volatilities.map((volatility) => volatility * volatility * quotes.years);
  const lowest = w.indexOf(Math.min(...w));
  const bottom = w[lowest] as number;
  const m = quotes.k[lowest] as number;
  const span = Math.max(Math.max(...quotes.k) - Math.min(...quotes.k), 1e-3);
  const left = ((w[0] as number) - bottom) / Math.max(m - (quotes.k[0] as number), span / 10);
  const right = ((w.at(-1) as number) - bottom) / Math.max((quotes.k.at(-1) as number) - m, span / 10);
  const b = Math.max((left + right) / 2, 1e-4);
  const rho = Math.max(-0.9, Math.min(0.9, (right - left) / (right + left + 1e-12)));
  return [0.08, 0.25, 0.7].map((width) => {
    const sigma = width * span;
    return {
      a: Math.max(bottom - b * sigma * 0.8, 0.1 * bottom - b * sigma * Math.sqrt(1 - rho * rho)),
      b,
      rho,
      m: m * 0.5,
      sigma,
    };
  });
}

/** A smile with the same level and no smile: always free of butterflies. */
function flatten(p: SviParameters): SviParameters {
  return { a: Math.max(sviVariance(p, 0), 1e-6), b: 1e-4, rho: 0, m: 0, sigma: 0.2 };
}

function toFree(p: SviParameters): Float64Array {
  const least = Math.max(p.a + p.b * p.sigma * Math.sqrt(1 - p.rho * p.rho), 1e-8);
  return Float64Array.of(Math.log(least), Math.log(p.b), Math.atanh(p.rho), p.m, Math.log(p.sigma));
}

function toRaw(x: Float64Array): SviParameters {
  const least = Math.exp(x[0] as number);
  const b = Math.exp(x[1] as number);
  const rho = Math.tanh(x[2] as number);
  const sigma = Math.exp(x[4] as number);
  return { a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m: x[3] as number, sigma };
}

function bestFit(quotes: SviQuotes, begin: readonly SviParameters[], constraints: readonly Constraint[]): RawFit {
  return solve(quotes, begin.map(toFree), constraints);
}

function solve(quotes: SviQuotes, begin: readonly Float64Array[], constraints: readonly Constraint[]): RawFit {
  const n = quotes.k.length;
  const k = Float64Array.from(quotes.k);
  const target = Float64Array.from(quotes.volatilities);
  const weight = Float64Array.from(quotes.k, (_, i) => Math.sqrt(quotes.weights?.[i] ?? 1));
  const residuals = (x: Float64Array, out: Float64Array): void => {
    const p = toRaw(x);
    for (let i = 0; i < n; i++) {
      const w = sviVariance(p, k[i] as number);
      out[i] = (weight[i] as number) * (Math.sqrt(Math.max(w, 1e-12) / quotes.years) - (target[i] as number));
    }
    for (const [i, constraint] of constraints.entries()) {
      const smile = sviDerivatives(p, constraint.k);
      const g = butterflyFactor(smile, constraint.k);
      // Aim a little inside, so that a small violation of the soft constraint is still free of arbitrage.
      out[n + 2 * i] = g < 2e-3 ? 0.01 * constraint.penalty * (2e-3 - g) : 0;
      const short = constraint.least * 1.0005 + 1e-8 - smile.w;
      out[n + 2 * i + 1] =
        constraint.least > 0 && short > 0
          ? (constraint.penalty * short) / Math.sqrt(constraint.least * quotes.years)
          : 0;
    }
  };
  let best: RawFit | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const start of begin) {
    const fit = minimiseSquares(residuals, start, n + 2 * constraints.length, { maxIterations: 300 });
    if (fit.sumSquares < least) {
      least = fit.sumSquares;
      best = { parameters: toRaw(fit.x), converged: fit.converged, iterations: fit.iterations, residual: fit.residual };
    }
    if (least < 1e-18) break;
  }
  return (
    best ?? { parameters: toRaw(begin[0] as Float64Array), converged: false, iterations: 0, residual: Number.MAX_VALUE }
  );
}
