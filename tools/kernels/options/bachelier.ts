/**
 * Bachelier: an option on a forward whose changes are normal (rates and spreads that may be negative).
 *
 * V = e^{-rT} s [φ d N(φd) + n(d)], d = (F − K)/s, s = σ_N√T. Units: normal volatility in price units a year.
 * Out of the money the bracket is n(d)·(1 − |d|·Mills(|d|)), which keeps relative accuracy deep in the tail.
 * Inverse: the price over the at-the-money straddle determines |d| alone; solved by Newton steps on its logarithm.
 * Cost: O(1). Sources: L. Bachelier (1900), Théorie de la spéculation; P. Jäckel (2017), Implied normal volatility, eq. 1–5.
 *
 * @example bachelier({ right: 'call', forward: 2, strike: 2.5, years: 1, rate: 0, normalVolatility: 0.8 }).price
 */
import { invalidInput } from '../../../lib/errors.ts';
import { erfcx, normalCdf, normalPdf } from '../stats/normal.ts';
import { type OptionRight, requireFinite, requireNotNegative, requirePositive } from './option-inputs.ts';

export interface NormalOption {
  readonly right: OptionRight;
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  /** Price units a year. */
  readonly normalVolatility: number;
}

export interface NormalGreeks {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  /** Per 1.00 of normal volatility. */
  readonly vega: number;
  /** −∂V/∂T a year, forward held fixed. */
  readonly theta: number;
  /** Per 1.00, forward held fixed. */
  readonly rho: number;
}

const ROOT_HALF_PI = Math.sqrt(Math.PI / 2);

/** n(d) − |d|·N(−|d|): the undiscounted out-of-the-money value in units of s. */
function timeValue(distance: number): number {
  const d = Math.abs(distance);
  return normalPdf(d) * (1 - d * ROOT_HALF_PI * erfcx(d / Math.SQRT2));
}

export function bachelier(option: NormalOption): NormalGreeks {
  const { forward, strike, years, rate, normalVolatility } = option;
  requireFinite('The forward', forward);
  requireFinite('The strike', strike);
  requireNotNegative('The time to expiry in years', years);
  requireFinite('The rate', rate);
  requireNotNegative('The normal volatility', normalVolatility);
  const sign = option.right === 'call' ? 1 : -1;
  const discount = Math.exp(-rate * years);
  const intrinsic = Math.max(sign * (forward - strike), 0);
  const root = Math.sqrt(years);
  const deviation = normalVolatility * root;
  if (deviation === 0) {
    const weight = forward === strike ? 0.5 : intrinsic > 0 ? 1 : 0;
    const gamma = forward === strike ? Number.POSITIVE_INFINITY : 0;
    const vega = forward === strike ? discount * root * normalPdf(0) : 0;
    const price = discount * intrinsic;
    return { price, delta: sign * discount * weight, gamma, vega, theta: rate * price, rho: -years * price };
  }
  const d = (forward - strike) / deviation;
  const density = normalPdf(d);
  const price = discount * (intrinsic + deviation * timeValue(d));
  return {
    price,
    delta: sign * discount * normalCdf(sign * d),
    gamma: (discount * density) / deviation,
    vega: discount * root * density,
    theta: rate * price - (discount * normalVolatility * density) / (2 * root),
    rho: -years * price,
  };
}

/** The normal volatility that an undiscounted price implies. */
export function bachelierImpliedVolatility(option: {
  readonly right: OptionRight;
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly undiscountedPrice: number;
}): number {
  const { forward, strike, years, undiscountedPrice } = option;
  requireFinite('The forward', forward);
  requireFinite('The strike', strike);
  requirePositive('The time to expiry in years', years);
  requireFinite('The price', undiscountedPrice);
  const intrinsic = Math.max(option.right === 'call' ? forward - strike : strike - forward, 0);
  const value = undiscountedPrice - intrinsic;
  if (value < 0) {
    throw invalidInput({
      code: 'PRICE_BELOW_INTRINSIC',
      what: 'The undiscounted price',
      needed: `at least the intrinsic value ${intrinsic}`,
      got: undiscountedPrice,
      hint: 'No volatility gives a price below intrinsic value: check which of price, strike and forward is wrong.',
    });
  }
  if (value === 0) return 0;
  const gap = Math.abs(forward - strike);
  const root = Math.sqrt(years);
  if (gap === 0) return (value * Math.sqrt(2 * Math.PI)) / root;
  return gap / (solveDistance(Math.log(value / gap)) * root);
}

/** d > 0 with ln(timeValue(d)/d) = target; the left side falls monotonically, Newton from a bracketed start. */
function solveDistance(target: number): number {
  let low = 1e-300;
  let high = 40;
  let d = target > -1 ? Math.min(0.4 * Math.exp(-target), 1) : Math.sqrt(Math.max(-2 * target - 4, 0.5));
  for (let step = 0; step < 60; step++) {
    const value = timeValue(d);
    const error = Math.log(value / d) - target;
    if (error > 0) low = d;
    else high = d;
    // d/dd ln(timeValue/d) = −N(−d)/timeValue − 1/d
    const slope = -normalCdf(-d) / value - 1 / d;
    let next = d - error / slope;
    if (!(next > low && next < high)) next = low > 1e-200 ? Math.sqrt(low * high) : high / 8;
    if (Math.abs(next - d) <= 4e-16 * d) return next;
    d = next;
  }
  return d;
}
