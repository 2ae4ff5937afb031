/**
 * Which volatility does an American price imply, and what is the European price behind it (de-Americanisation)?
 *
 * The American price rises with volatility; secant steps inside a bracket on `americanOption`, to 1e-9 of the price. At or below the
 * immediate exercise value every small volatility fits, so the answer is 0 with `bounded: true`. Cost: about eight American prices.
 * Source: Burkovska et al. (2018), Calibration to American options: numerical investigation of the de-Americanization method, Quant. Finance 18:1091, section 2.
 *
 * @example americanImpliedVolatility({ right: 'put', spot: 36, strike: 40, years: 1, rate: 0.06, dividendYield: 0, price: 4.486674419 }).volatility // 0.2
 */
import { americanOption } from './american.ts';
import { blackScholesPrice } from './black-scholes.ts';
import { type OptionRight, requirePositive } from './option-inputs.ts';

export interface AmericanImplied {
  readonly volatility: number;
  /** The European price at that volatility. */
  readonly europeanPrice: number;
  /** True where the price is its exercise value, so that volatility is only bounded from above. */
  readonly bounded: boolean;
  readonly converged: boolean;
}

export function americanImpliedVolatility(
  quote: {
    readonly right: OptionRight;
    readonly spot: number;
    readonly strike: number;
    readonly years: number;
    readonly rate: number;
    readonly dividendYield: number;
    readonly price: number;
  },
  accuracy: 'fast' | 'high' = 'high',
): AmericanImplied {
  requirePositive('The time to expiry in years', quote.years);
  const price = (volatility: number): number => americanOption({ ...quote, volatility }, accuracy).price - quote.price;
  const european = (volatility: number): number => blackScholesPrice({ ...quote, volatility });
  const exercise = Math.max((quote.right === 'call' ? 1 : -1) * (quote.spot - quote.strike), 0);
  const slack = 1e-9 * Math.max(quote.price, 1e-3 * quote.strike);
  let low = 1e-4;
  let high = 0.4;
  let fLow = price(low);
  if (quote.price <= exercise + slack || fLow >= -slack) {
    return { volatility: 0, europeanPrice: european(0), bounded: true, converged: true };
  }
  let fHigh = price(high);
  while (fHigh < 0 && high < 50) {
    low = high;
    fLow = fHigh;
    high *= 2;
    fHigh = price(high);
  }
  if (fHigh < 0) return { volatility: high, europeanPrice: european(high), bounded: false, converged: false };
  // Illinois false position: keeps the bracket and converges superlinearly.
  let last: 'low' | 'high' | null = null;
  for (let step = 0; step < 80; step++) {
    const middle = (low * fHigh - high * fLow) / (fHigh - fLow);
    const f = price(middle);
    if (Math.abs(f) <= slack || high - low < 1e-12) {
      return { volatility: middle, europeanPrice: european(middle), bounded: false, converged: true };
    }
    if (f < 0) {
      low = middle;
      fLow = f;
      if (last === 'low') fHigh *= 0.5;
      last = 'low';
    } else {
      high = middle;
      fHigh = f;
      if (last === 'high') fLow *= 0.5;
      last = 'high';
    }
  }
  const middle = 0.5 * (low + high);
  return { volatility: middle, europeanPrice: european(middle), bounded: false, converged: false };
}
