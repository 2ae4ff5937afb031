/** What every option kernel is given, and the one place where bad values become a sentence. */
import { invalidInput } from '../../../lib/errors.ts';

export type OptionRight = 'call' | 'put';

/** A European vanilla option under Black–Scholes–Merton: continuous rates, years, decimal volatility. */
export interface VanillaOption {
  readonly right: OptionRight;
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  /** Continuously compounded. */
  readonly rate: number;
  /** Continuous dividend yield (foreign rate for FX). */
  readonly dividendYield: number;
  readonly volatility: number;
}

/** Throws unless the value is finite. */
export function requireFinite(what: string, value: number): void {
  if (!Number.isFinite(value)) throw invalidInput({ what, needed: 'a finite number', got: value });
}

/** Throws unless the value is finite and above zero. */
export function requirePositive(what: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0))
    throw invalidInput({ what, needed: 'a finite number above 0', got: value });
}

/** Throws unless the value is finite and not below zero. */
export function requireNotNegative(what: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw invalidInput({ what, needed: 'a finite number of at least 0', got: value });
  }
}

/** Checks all seven inputs of a vanilla option; a zero strike, zero time or zero volatility is a limit, not an error. */
export function requireVanilla(option: VanillaOption): void {
  requirePositive('The spot', option.spot);
  requireNotNegative('The strike', option.strike);
  requireNotNegative('The time to expiry in years', option.years);
  requireFinite('The rate', option.rate);
  requireFinite('The dividend yield', option.dividendYield);
  requireNotNegative('The volatility', option.volatility);
}
