/**
 * Black (1976): a European option on a forward or future.
 *
 * V = e^{-rT} φ(F N(φd₁) − K N(φd₂)), d₁ = ln(F/K)/(σ√T) + σ√T/2. It is Black–Scholes–Merton with S = F and q = r, but
 * delta and gamma are with respect to F, and theta and rho hold F fixed: rho = −T V. Units, limits and cost as there.
 * Source: F. Black (1976), J. Financial Economics 3:167, eq. 16; E. G. Haug (2007), ch. 1.1.3.
 *
 * @example black76({ right: 'put', forward: 100, strike: 90, years: 0.75, rate: 0.05, volatility: 0.2 }).price
 */
import { blackScholes, blackScholesPrice, type OptionGreeks } from './black-scholes.ts';
import type { OptionRight } from './option-inputs.ts';

export interface ForwardOption {
  readonly right: OptionRight;
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  readonly volatility: number;
}

function asSpot(option: ForwardOption) {
  const { right, forward, strike, years, rate, volatility } = option;
  return { right, spot: forward, strike, years, rate, dividendYield: rate, volatility };
}

export function black76Price(option: ForwardOption): number {
  return blackScholesPrice(asSpot(option));
}

/** Price and greeks; `dividendRho` has no meaning for a forward and is 0. */
export function black76(option: ForwardOption): OptionGreeks {
  const greeks = blackScholes(asSpot(option));
  return { ...greeks, rho: -option.years * greeks.price, dividendRho: 0 };
}
