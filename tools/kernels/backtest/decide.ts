/** Ready-made decisions for `runBacktest`. */
import type { Decide } from './backtest-types.ts';

/** Targets given in advance, row-major rows × cols; a row of NaN holds. Rebalances on every other row. */
export function followWeights(weights: Float64Array, cols: number): Decide {
  return ({ row }, target) => {
    const base = row * cols;
    let any = false;
    for (let j = 0; j < cols; j++) {
      const weight = weights[base + j] as number;
      target[j] = weight;
      if (!Number.isNaN(weight)) any = true;
    }
    return any ? 'weights' : 'hold';
  };
}

/** Buys the given weights once, on the first bar on which every one of them has a price, and holds. */
export function buyAndHold(weights: ArrayLike<number>): Decide {
  let bought = false;
  return ({ prices }, target) => {
    if (bought) return 'hold';
    for (let j = 0; j < target.length; j++) {
      const weight = weights[j] as number;
      if (weight !== 0 && !((prices[j] as number) > 0)) return 'hold';
      target[j] = weight;
    }
    bought = true;
    return 'weights';
  };
}
