/**
 * Rolling statistics that never look ahead: the value at `t` uses rows `t − window + 1 … t`.
 *
 * Shapes: `n` in, `n` out; the first `window − 1` values, and each window that holds a NaN, are NaN.
 * Complexity O(n) for means, O(n) for deviations (a shifted update that is refreshed every 1,024 rows, so that
 * rounding does not grow with the length: Welford 1962, as in West 1979, Comm. ACM 22:532).
 *
 * @example rollingMean(Float64Array.of(1, 2, 3), 2) // [NaN, 1.5, 2.5]
 */
import { invalidInput } from '../../../lib/errors.ts';

const REFRESH = 1024;

/** Mean over the last `window` values. */
export function rollingMean(values: Float64Array, window: number): Float64Array {
  checkWindow(window, 1);
  return moments(values, window).mean;
}

/** Standard deviation over the last `window` values, with `window − ddof` in the denominator (default ddof = 1). */
export function rollingStandardDeviation(values: Float64Array, window: number, ddof = 1): Float64Array {
  checkWindow(window, ddof + 1);
  const { squares } = moments(values, window);
  return squares.map((s) => Math.sqrt(s / (window - ddof)));
}

/**
 * Realised volatility: the sample deviation of the last `window` returns times √periodsPerYear.
 * `periodsPerYear = 1` leaves it per period.
 */
export function rollingVolatility(returns: Float64Array, window: number, periodsPerYear: number): Float64Array {
  const scale = Math.sqrt(periodsPerYear);
  return rollingStandardDeviation(returns, window).map((s) => s * scale);
}

/** Sum over the last `window` values. */
export function rollingSum(values: Float64Array, window: number): Float64Array {
  checkWindow(window, 1);
  return moments(values, window).mean.map((m) => m * window);
}

/** Greatest (or, with `-1`, least) of the last `window` values, by a monotone queue: O(n). */
export function rollingExtreme(values: Float64Array, window: number, direction: 1 | -1): Float64Array {
  checkWindow(window, 1);
  const out = new Float64Array(values.length).fill(Number.NaN);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  let lastMissing = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) {
      lastMissing = i;
      head = tail;
      continue;
    }
    while (tail > head && direction * (values[queue[tail - 1] as number] as number) <= direction * value) tail--;
    queue[tail++] = i;
    while ((queue[head] as number) <= i - window) head++;
    if (i - lastMissing >= window) out[i] = values[queue[head] as number] as number;
  }
  return out;
}

/** Mean and sum of squared deviations of each window. */
function moments(
  values: Float64Array,
  window: number,
): { readonly mean: Float64Array; readonly squares: Float64Array } {
  const n = values.length;
  const mean = new Float64Array(n).fill(Number.NaN);
  const squares = new Float64Array(n).fill(Number.NaN);
  let lastMissing = -1;
  let fresh = -1;
  let m = 0;
  let s = 0;
  for (let t = 0; t < n; t++) {
    if (!Number.isFinite(values[t] as number)) lastMissing = t;
    if (t - lastMissing < window) continue;
    if (fresh < lastMissing || fresh < 0 || t - fresh >= REFRESH) {
      m = 0;
      for (let i = t - window + 1; i <= t; i++) m += values[i] as number;
      m /= window;
      s = 0;
      for (let i = t - window + 1; i <= t; i++) s += ((values[i] as number) - m) ** 2;
      fresh = t;
    } else {
      const added = values[t] as number;
      const removed = values[t - window] as number;
      const next = m + (added - removed) / window;
      s += (added - removed) * (added - next + removed - m);
      m = next;
    }
    mean[t] = m;
    squares[t] = Math.max(s, 0);
  }
  return { mean, squares };
}

function checkWindow(window: number, least: number): void {
  if (!Number.isInteger(window) || window < least) {
    throw invalidInput({ what: 'The window', needed: `a whole number of at least ${least}`, got: window });
  }
}
