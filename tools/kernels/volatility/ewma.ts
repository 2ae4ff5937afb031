/**
 * Exponentially weighted variance.
 *
 * `ewmaVariance`: σ²_t = λσ²_(t−1) + (1 − λ)r²_(t−1), so the value at t is a forecast from data before t; `next` is the forecast for
 * the period after the sample. Start: the first squared return, the sample variance, or a number.
 * `ewmaSampleVariance`: around the weighted mean, weights normalised to 1, including row t, without a small-sample factor.
 * Missing: none allowed. Units: those of the returns squared. O(n).
 * Source: J.P. Morgan/Reuters (1996), RiskMetrics Technical Document, eq. 5.3.
 *
 * @example ewmaVariance(returns, 0.94, 'sample').next
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';

export interface EwmaVariance {
  readonly variances: Float64Array;
  readonly next: number;
}

export function ewmaVariance(returns: Float64Array, lambda: number, start: 'first' | 'sample' | number): EwmaVariance {
  checkLambda(lambda);
  const n = returns.length;
  if (n === 0) throw notEnoughData({ what: 'An exponentially weighted variance', needed: 1, got: 0 });
  let variance =
    typeof start === 'number' ? start : start === 'first' ? (returns[0] as number) ** 2 : populationVariance(returns);
  const variances = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    variances[t] = variance;
    variance = lambda * variance + (1 - lambda) * (returns[t] as number) ** 2;
  }
  return { variances, next: variance };
}

export function ewmaSampleVariance(values: Float64Array, lambda: number): Float64Array {
  checkLambda(lambda);
  const out = new Float64Array(values.length);
  let weight = 0;
  let mean = 0;
  let scatter = 0;
  for (let t = 0; t < values.length; t++) {
    const x = values[t] as number;
    weight = lambda * weight + 1;
    const delta = x - mean;
    mean += delta / weight;
    scatter = lambda * scatter + delta * (x - mean);
    out[t] = scatter / weight;
  }
  return out;
}

function populationVariance(values: Float64Array): number {
  let mean = 0;
  for (const v of values) mean += v / values.length;
  let sum = 0;
  for (const v of values) sum += (v - mean) ** 2;
  return sum / values.length;
}

function checkLambda(lambda: number): void {
  if (!(lambda > 0 && lambda < 1)) {
    throw invalidInput({
      what: 'The decay λ',
      needed: 'between 0 and 1',
      got: lambda,
      hint: '0.94 is usual for daily data.',
    });
  }
}
