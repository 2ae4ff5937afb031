import { describe, expect, it } from 'vitest';
import { describeGolden, readGoldenTable } from '../../../lib/testing/golden.ts';
import { pearsonCorrelation } from '../stats/correlation.ts';
import { mean, standardDeviation } from '../stats/moments.ts';
import { fractionalDifference, fractionalWeights } from './fractional-difference.ts';
import { type OrderGridPoint, smallestStationaryOrder, unitRootOneLag } from './stationary-order.ts';

const close = (actual: number, expected: number, tolerance: number, absolute = 1e-13): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(tolerance * Math.abs(expected), absolute));
};

function logPrices(input: { file: string; column: string; transform: string }): Float64Array {
  const last = /last (\d+)/.exec(input.transform)?.[1];
  const prices = readGoldenTable(input.file).numbers(input.column);
  return prices.slice(last === undefined ? 0 : prices.length - Number(last)).map(Math.log);
}

describeGolden('fracdiff', ({ input, expect: expected }) => {
  const x = logPrices(input);
  const { threshold, d } = input.parameters;
  if (expected.grid) {
    const orders = expected.grid.map((entry: { d: number }) => entry.d);
    const found = smallestStationaryOrder(x, orders, threshold);
    expect(found.order).toBe(expected.min_d);
    for (const [i, entry] of expected.grid.entries()) checkGridEntry(found.grid[i], entry);
    return;
  }
  const weights = fractionalWeights(d, threshold);
  expect(weights.length).toBe(expected.window);
  for (const [k, weight] of expected.first_weights.entries()) close(weights[k] as number, weight, 1e-9);
  close(weights.at(-1) as number, expected.last_weight, 1e-9);
  close(
    weights.reduce((sum, w) => sum + w, 0),
    expected.sum_weights,
    1e-9,
  );
  const all = fractionalDifference(x, d, threshold);
  const y = all.slice(weights.length - 1);
  expect(y.length).toBe(expected.n_out);
  for (const [k, value] of expected.first3.entries()) close(y[k] as number, value, 1e-9);
  for (const [k, value] of expected.last5.entries()) close(y[y.length - 5 + k] as number, value, 1e-9);
  close(mean(y), expected.mean, 1e-9);
  close(standardDeviation(y), expected.std_ddof1, 1e-9);
  close(pearsonCorrelation(y, x.slice(weights.length - 1)) as number, expected.correlation_with_level, 1e-9);
  const adf = unitRootOneLag(y);
  close(adf.statistic, expected.adf_c_lag1.stat, 1e-6);
  close(adf.p, expected.adf_c_lag1.p, 1e-6, 1e-15);
  expect(adf.observations).toBe(expected.adf_c_lag1.nobs);
});

function checkGridEntry(found: OrderGridPoint | undefined, entry: Record<string, number>): void {
  close(found?.statistic as number, entry['adf'] as number, 1e-6);
  close(found?.p as number, entry['p'] as number, 1e-6, 1e-15);
  close(found?.critical as number, entry['crit5'] as number, 1e-6);
  close(found?.correlation as number, entry['corr'] as number, 1e-9);
}

describe('fractional differences', () => {
  it('order 1 is the first difference, order 0 the level', () => {
    const x = Float64Array.of(1, 4, 9, 16);
    expect(Array.from(fractionalDifference(x, 1, 1e-6)).slice(1)).toEqual([3, 5, 7]);
    expect(Array.from(fractionalDifference(x, 0, 1e-6))).toEqual([1, 4, 9, 16]);
  });

  it('orders add: (1−L)^0.3 twice is (1−L)^0.6 where the window reaches the start', () => {
    const x = Float64Array.from({ length: 60 }, (_, i) => (i === 0 ? 1 : 0));
    const tiny = 1e-12;
    const weights = (order: number): Float64Array => fractionalWeights(order, tiny, 60);
    const twice = convolve(convolve(x, weights(0.3)), weights(0.3));
    const once = convolve(x, weights(0.6));
    for (let i = 0; i < 60; i++) close(twice[i] as number, once[i] as number, 1e-9);
  });

  it('does not look ahead and keeps a gap a gap', () => {
    const x = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i));
    expect(fractionalDifference(x.slice(0, 120), 0.4, 1e-3)).toEqual(fractionalDifference(x, 0.4, 1e-3).slice(0, 120));
    x[100] = Number.NaN;
    expect(fractionalDifference(x, 0.4, 1e-2)[101]).toBeNaN();
  });

  it('refuses a negative order', () => {
    expect(() => fractionalWeights(-1, 1e-3)).toThrow(/order ≥ 0/);
  });
});

function convolve(x: Float64Array, weights: Float64Array): Float64Array {
  return x.map((_, t) => {
    let sum = 0;
    for (let k = 0; k <= t && k < weights.length; k++) sum += (weights[k] as number) * (x[t - k] as number);
    return sum;
  });
}
