/** How little differencing makes a series stationary, so that most of its memory stays? */
import { invalidInput } from '../../../lib/errors.ts';

/**
 * Weights of (1 − L)^order: w₀ = 1, w_k = −w_{k−1}(order − k + 1)/k, until the first below `threshold` in size (Hosking,
 * 1981, eq. 2.1; fixed-width window of López de Prado, 2018, AFML snippet 5.3).
 *
 * @example fractionalWeights(1, 1e-4) // [1, -1]
 */
export function fractionalWeights(order: number, threshold: number, most = 100_000): Float64Array {
  if (!(order >= 0) || !(threshold > 0)) {
    throw invalidInput({
      what: 'Order and threshold',
      needed: 'order ≥ 0, threshold > 0',
      got: `${order}, ${threshold}`,
    });
  }
  const weights = [1];
  for (let k = 1; k < most; k++) {
    const next = (-(weights[k - 1] as number) * (order - k + 1)) / k;
    if (Math.abs(next) < threshold) break;
    weights.push(next);
  }
  return Float64Array.from(weights);
}

/**
 * y_t = Σ w_k x_{t−k}: each value uses only itself and the past; NaN where the window is not full or has a gap. Length of
 * the input. O(n · window).
 *
 * @example fractionalDifference(logPrices, 0.4, 1e-4)
 */
export function fractionalDifference(values: Float64Array, order: number, threshold: number): Float64Array {
  const weights = fractionalWeights(order, threshold);
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let t = weights.length - 1; t < values.length; t++) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (values[t - k] as number);
    out[t] = sum;
  }
  return out;
}
