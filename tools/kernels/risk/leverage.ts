/**
 * What does leverage do to return, drawdown and the chance of ruin?
 *
 * A position of L times the equity, kept at L (rebalanced), on an asset that follows geometric Brownian motion with drift μ and volatility σ, financed at rate f: log equity grows
 * with drift ν = f + L(μ − f) − ½L²σ² and volatility Lσ. The chance to fall below a share b of the start within T years is the first-passage probability
 * Φ((ln b − νT)/s) + b^(2ν/(Lσ)²) Φ((ln b + νT)/s), s = Lσ√T. Growth is highest at L* = (μ − f)/σ² (Kelly). A margin loan of fixed size is called when the
 * asset has fallen by 1 − (1 − 1/L)/(1 − m), m the maintenance margin.
 *
 * Annual units, decimals; L > 0, σ > 0. O(1).
 * References: Merton (1969), Rev. Econ. Stat. 51:3, eq. 29 (growth); Karatzas & Shreve (1991), "Brownian Motion and Stochastic Calculus", §3.5.C (first passage);
 * Thorp (2006), eq. 7.3; US Federal Reserve Regulation T and FINRA 4210 (maintenance margin).
 *
 * @example analyzeLeveredGrowth({ leverage: 2, mean: 0.08, volatility: 0.16, financingRate: 0.04, years: 1, ruinLevel: 0.5 })
 */
import { invalidInput } from '../../../lib/errors.ts';
import { normalCdf } from '../stats/normal.ts';

export interface LeveredGrowthInput {
  readonly leverage: number;
  /** Arithmetic drift of the asset a year. */
  readonly mean: number;
  readonly volatility: number;
  readonly financingRate: number;
  readonly years: number;
  /** Share of the starting equity at which it is ruin, 0 < b < 1. */
  readonly ruinLevel: number;
}

export interface LeveredGrowth {
  /** Expected simple return of equity a year: f + L(μ − f). */
  readonly expectedReturn: number;
  readonly volatility: number;
  /** Median growth rate of equity a year. */
  readonly growth: number;
  readonly medianOutcome: number;
  readonly ruinProbability: number;
  readonly kellyLeverage: number;
  readonly growthAtKelly: number;
}

export function analyzeLeveredGrowth(input: LeveredGrowthInput): LeveredGrowth {
  const { leverage, mean, volatility: sigma, financingRate: f, years, ruinLevel } = input;
  if (!(leverage > 0) || !(sigma > 0) || !(years > 0) || !(ruinLevel > 0 && ruinLevel < 1)) {
    throw invalidInput({
      what: 'Leverage',
      needed: 'positive leverage, volatility and years, and a ruin level between 0 and 1',
      got: `${leverage}, ${sigma}, ${years}, ${ruinLevel}`,
    });
  }
  const spread = leverage * sigma;
  const growth = f + leverage * (mean - f) - 0.5 * spread * spread;
  const kellyLeverage = (mean - f) / (sigma * sigma);
  return {
    expectedReturn: f + leverage * (mean - f),
    volatility: spread,
    growth,
    medianOutcome: Math.expm1(growth * years),
    ruinProbability: firstPassage(growth, spread, years, Math.log(ruinLevel)),
    kellyLeverage,
    growthAtKelly: f + 0.5 * ((mean - f) / sigma) ** 2,
  };
}

/** P(min over [0, T] of νt + sW ≤ barrier), barrier < 0. */
export function firstPassage(drift: number, volatility: number, years: number, barrier: number): number {
  const s = volatility * Math.sqrt(years);
  const direct = normalCdf((barrier - drift * years) / s);
  const exponent = (2 * drift * barrier) / (volatility * volatility);
  const tail = normalCdf((barrier + drift * years) / s);
  // exp can overflow only where the tail underflows faster.
  const reflected = tail === 0 ? 0 : Math.exp(exponent + Math.log(tail));
  return Math.min(1, direct + reflected);
}

/** Fall of the asset at which a margin loan taken at leverage L is called; null at or below L = 1. */
export function marginCallFall(leverage: number, maintenanceMargin: number): number | null {
  if (leverage <= 1) return null;
  return Math.max(0, 1 - (1 - 1 / leverage) / (1 - maintenanceMargin));
}
