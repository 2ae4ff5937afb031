/**
 * How is an order cut into slices that are whole lots, never negative and sum exactly to the order?
 *
 * TWAP: equal weights; VWAP: weights of a volume profile; both by largest remainder, ties to the earlier slice; an odd rest smaller than
 * a lot goes to the first slice of largest weight. POV: floor(rate × interval volume), capped at what is left.
 * Units: shares or contracts, whole numbers. Cost: O(n log n). Sources: Balinski & Young (1982), Fair Representation (largest remainder);
 * Kissell (2013), The Science of Algorithmic Trading, ch. 1 (TWAP, VWAP, POV).
 *
 * @example sliceByWeights(10, [1, 1, 1], 1) // [4, 3, 3]
 */
import { invalidInput } from '../../../lib/errors.ts';

function requireWhole(what: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw invalidInput({ what, needed: `a whole number of at least ${least}`, got: value });
  }
}

export function sliceByWeights(quantity: number, weights: readonly number[], lot: number): readonly number[] {
  requireWhole('The quantity', quantity, 0);
  requireWhole('The lot size', lot, 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length === 0 || !weights.every((weight) => Number.isFinite(weight) && weight >= 0) || !(total > 0)) {
    throw invalidInput({
      what: 'The profile',
      needed: 'one or more weights, none negative, not all zero',
      got: `[${weights.slice(0, 6).join(', ')}${weights.length > 6 ? ', …' : ''}]`,
    });
  }
  const lots = Math.floor(quantity / lot);
  const ideal = weights.map((weight) => (lots * weight) / total);
  // A share within rounding of a whole number is that number.
  const floors = ideal.map((share) => Math.floor(share + 1e-9));
  const rest = lots - floors.reduce((sum, value) => sum + value, 0);
  const order = ideal
    .map((share, i) => ({ i, remainder: share - (floors[i] as number) }))
    .sort((a, b) => (Math.abs(b.remainder - a.remainder) < 1e-9 ? a.i - b.i : b.remainder - a.remainder));
  const slices = floors.map((value) => value * lot);
  for (const { i } of order.slice(0, rest)) slices[i] = (slices[i] as number) + lot;
  const odd = quantity - lots * lot;
  if (odd > 0) {
    const largest = weights.indexOf(Math.max(...weights));
    slices[largest] = (slices[largest] as number) + odd;
  }
  return slices;
}

export function sliceByTime(quantity: number, intervals: number, lot: number): readonly number[] {
  requireWhole('The number of slices', intervals, 1);
  return sliceByWeights(quantity, new Array<number>(intervals).fill(1), lot);
}

export function sliceByParticipation(
  quantity: number,
  volumes: readonly number[],
  participation: number,
  lot: number,
): { readonly slices: readonly number[]; readonly unfilled: number } {
  requireWhole('The quantity', quantity, 0);
  requireWhole('The lot size', lot, 1);
  if (!(participation > 0 && participation <= 1)) {
    throw invalidInput({ what: 'The participation rate', needed: 'above 0 and at most 1', got: participation });
  }
  let left = quantity;
  const slices = volumes.map((volume) => {
    if (!(Number.isFinite(volume) && volume >= 0)) {
      throw invalidInput({ what: 'Each interval volume', needed: 'a number of at least 0', got: volume });
    }
    const wanted = Math.floor(Math.floor(participation * volume + 1e-9) / lot) * lot;
    const slice = Math.min(wanted, left);
    left -= slice;
    return slice;
  });
  return { slices, unfilled: left };
}
