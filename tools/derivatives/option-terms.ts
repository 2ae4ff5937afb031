/** The inputs that every option tool shares, with one spelling, one set of checks and one way to say what was assumed. */
import { z } from 'zod';
import { daysBetween } from '../../lib/dates.ts';
import { TradewindError } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';

/** Days in a year of option time: calendar days over 365, as the golden chains and most brokers do. */
export const DAYS_PER_YEAR = 365;
/** Used, with a warning, when the person names no rate: MISSION's default risk-free rate. */
const DEFAULT_RATE = 0.03;

export const optionFields = {
  right: z.enum(['call', 'put']).describe('call: the right to buy; put: the right to sell'),
  spot: units.price('spot price of the underlying; give this or forward').min(1e-9).max(1e9).optional(),
  forward: units.price('forward or futures price for the expiry; give this or spot').min(-1e9).max(1e9).optional(),
  strike: units.price('strike').min(-1e9).max(1e9),
  years: units.years('time to expiry; give this or expiry').min(0).max(100).optional(),
  expiry: isoDate('expiry day; counted from asOf, calendar days over 365').optional(),
  rate: units
    .rate('continuously compounded risk-free rate; 3% is assumed, with a warning, when absent')
    .min(-0.5)
    .max(2)
    .optional(),
  dividendYield: units
    .rate('continuous dividend yield, or the foreign rate of a currency pair')
    .min(-0.5)
    .max(2)
    .default(0),
  asOf: isoDate('valuation day; default: the cut-off of the session').optional(),
} as const;

interface RawTerms {
  readonly spot?: number | undefined;
  readonly forward?: number | undefined;
  readonly years?: number | undefined;
  readonly expiry?: string | undefined;
  readonly rate?: number | undefined;
  readonly dividendYield: number;
}

export interface OptionTerms {
  readonly spot: number;
  readonly forward: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly discountFactor: number;
}

function fault(message: string, hint: string): TradewindError {
  return new TradewindError({ code: 'INVALID_INPUT', kind: 'input', message, hint });
}

/** Years to expiry from `years` or `expiry`; exactly one of them. */
export function resolveYears(
  raw: { readonly years?: number | undefined; readonly expiry?: string | undefined },
  asOf: string,
): number {
  if (raw.years !== undefined && raw.expiry === undefined) return raw.years;
  if (raw.years === undefined && raw.expiry !== undefined) {
    const days = daysBetween(asOf, raw.expiry);
    if (days >= 0) return days / DAYS_PER_YEAR;
    throw fault(`The option expired on ${raw.expiry}, before ${asOf}.`, 'Give a later expiry, or an earlier asOf.');
  }
  throw fault(
    raw.years === undefined ? 'The time to expiry is missing.' : 'Both years and expiry were given.',
    'Give years (0.75) or expiry (2026-06-19), not both.',
  );
}

/** Fills spot from forward or forward from spot, and warns about an assumed rate. */
export function resolveTerms(raw: RawTerms, asOf: string, warn: (code: string, message: string) => void): OptionTerms {
  const years = resolveYears(raw, asOf);
  if (raw.rate === undefined)
    warn('ASSUMED_RATE', 'No rate was given: 3% a year, continuously compounded, is assumed.');
  const rate = raw.rate ?? DEFAULT_RATE;
  const growth = Math.exp((rate - raw.dividendYield) * years);
  const discountFactor = Math.exp(-rate * years);
  const shared = { years, rate, dividendYield: raw.dividendYield, discountFactor };
  if (raw.spot !== undefined && raw.forward === undefined)
    return { spot: raw.spot, forward: raw.spot * growth, ...shared };
  if (raw.forward !== undefined && raw.spot === undefined) {
    return { spot: raw.forward / growth, forward: raw.forward, ...shared };
  }
  throw fault(
    raw.spot === undefined ? 'The price of the underlying is missing.' : 'Both spot and forward were given.',
    'Give spot, or forward, not both.',
  );
}

/** A volatility above 500% is almost always a percentage typed as a fraction. */
export function requireFractionVolatility(volatility: number, field: string): void {
  if (volatility <= 5) return;
  throw new TradewindError({
    code: 'VOLATILITY_NOT_A_FRACTION',
    kind: 'input',
    message: `${field} is ${volatility}, which means ${volatility * 100}% a year.`,
    hint: `Volatility is a fraction: for ${volatility}% give ${volatility / 100}.`,
    details: { given: volatility },
  });
}

/** A number, or null where it is infinite or undefined, as every output needs it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
