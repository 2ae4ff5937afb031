/**
 * Sample quantiles in the named conventions of Hyndman & Fan (1996, Am. Stat. 50:361), spelled as numpy spells them.
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import type { Numbers } from './moments.ts';

/** `linear` is Hyndman–Fan type 7, `inverted-cdf` type 1, `hazen` 5, `weibull` 6, `median-unbiased` 8, `normal-unbiased` 9. */
export type QuantileConvention =
  | 'linear'
  | 'inverted-cdf'
  | 'hazen'
  | 'weibull'
  | 'median-unbiased'
  | 'normal-unbiased'
  | 'lower'
  | 'higher'
  | 'midpoint';

/** A sorted copy, ascending. */
export function sorted(values: Numbers): Float64Array {
  return Float64Array.from(values).sort();
}

/** The p-quantile of values that are sorted already. 0 ≤ p ≤ 1. O(1). */
export function quantileOfSorted(
  ascending: Float64Array,
  p: number,
  convention: QuantileConvention = 'linear',
): number {
  const n = ascending.length;
  if (n === 0) throw notEnoughData({ what: 'A quantile', needed: 1, got: 0 });
  if (!(p >= 0 && p <= 1)) throw invalidInput({ what: 'The level of a quantile', needed: 'between 0 and 1', got: p });
  if (convention === 'inverted-cdf') {
    // ceil(np) with a guard against 0.95 · 20 = 19.000000000000004.
    return ascending[Math.max(0, Math.ceil(n * p - 1e-9) - 1)] as number;
  }
  const h = Math.min(n - 1, Math.max(0, position(n, p, convention)));
  const below = Math.floor(h);
  const low = ascending[below] as number;
  const high = ascending[Math.min(n - 1, below + 1)] as number;
  const part = h - below;
  if (part === 0 || convention === 'lower') return low;
  if (convention === 'higher') return high;
  return convention === 'midpoint' ? 0.5 * (low + high) : low + part * (high - low);
}

function position(n: number, p: number, convention: QuantileConvention): number {
  switch (convention) {
    case 'hazen':
      return n * p - 0.5;
    case 'weibull':
      return (n + 1) * p - 1;
    case 'median-unbiased':
      return (n + 1 / 3) * p - 2 / 3;
    case 'normal-unbiased':
      return (n + 0.25) * p - 0.625;
    default:
      return (n - 1) * p;
  }
}

/** The p-quantile; sorts a copy, O(n log n). Example: quantile([1, 2, 3, 4], 0.5) = 2.5. */
export function quantile(values: Numbers, p: number, convention: QuantileConvention = 'linear'): number {
  return quantileOfSorted(sorted(values), p, convention);
}

export function median(values: Numbers): number {
  return quantile(values, 0.5);
}
