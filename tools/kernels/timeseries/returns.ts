/**
 * Returns of a price series.
 *
 * Question: how much did the price change from one observation to the next?
 * Shapes: `n` prices in, `n − 1` returns out; return `i` belongs to the time of price `i + 1`.
 * Units: decimal fractions a period (0.01 = 1%). Domain: prices > 0. Missing: a NaN price makes the two returns
 * beside it NaN (nothing is filled). Complexity O(n).
 * Source: Campbell, Lo & MacKinlay (1997), The Econometrics of Financial Markets, eq. 1.4.1 (simple), 1.4.5 (log).
 *
 * @example logReturns(Float64Array.of(100, 110)) // [0.0953…]; simpleReturns gives [0.1]
 */
import { invalidInput } from '../../../lib/errors.ts';

/** r_t = ln(P_t / P_(t−1)). */
export function logReturns(prices: Float64Array): Float64Array {
  const out = new Float64Array(Math.max(0, prices.length - 1));
  checkPrice(prices[0], 0);
  for (let i = 1; i < prices.length; i++) {
    checkPrice(prices[i], i);
    out[i - 1] = Math.log((prices[i] as number) / (prices[i - 1] as number));
  }
  return out;
}

/** R_t = P_t / P_(t−1) − 1. */
export function simpleReturns(prices: Float64Array): Float64Array {
  const out = new Float64Array(Math.max(0, prices.length - 1));
  checkPrice(prices[0], 0);
  for (let i = 1; i < prices.length; i++) {
    checkPrice(prices[i], i);
    out[i - 1] = (prices[i] as number) / (prices[i - 1] as number) - 1;
  }
  return out;
}

function checkPrice(price: number | undefined, index: number): void {
  if (price !== undefined && (price <= 0 || price === Number.POSITIVE_INFINITY)) {
    throw invalidInput({
      code: 'INVALID_PRICE',
      what: `Price ${index} of the series`,
      needed: 'a positive finite number',
      got: price,
      hint: 'Remove or repair the bar; a return needs two positive prices.',
    });
  }
}
