import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { type BasketOption, basketForward, basketOption, geometricBasket, levyBasket } from './basket.ts';
import { basketByQuadrature } from './basket-quadrature.ts';
import { blackScholes } from './black-scholes.ts';
import { createSobol } from './sobol.ts';

function fromGolden(row: GoldenValue, right: 'call' | 'put'): BasketOption {
  const d = row.S0.length;
  return {
    right,
    spots: row.S0,
    weights: row.weights,
    strike: row.K,
    years: row.T,
    rate: row.r,
    dividendYields: row.S0.map(() => 0),
    volatilities: row.sigma,
    correlation: Float64Array.from({ length: d * d }, (_, i) => (Math.floor(i / d) === i % d ? 1 : row.corr)),
  };
}

describeGolden('basket', ({ input, expect: want, tolerance }) => {
  for (const [id, row] of Object.entries<GoldenValue>(input.cases)) {
    const exact = want[id];
    const call = fromGolden(row, 'call');
    const put = fromGolden(row, 'put');
    const quadrature = basketByQuadrature(call);
    expect(Math.abs(quadrature.price - exact.call), id).toBeLessThan(tolerance.call_abs);
    expect(Math.abs(basketByQuadrature(put).price - exact.put), id).toBeLessThan(tolerance.call_abs);
    for (const [i, delta] of exact.deltas.entries()) {
      expect(Math.abs((quadrature.deltas[i] ?? Number.NaN) - delta), id).toBeLessThan(tolerance.deltas_abs);
    }
    expect(Math.abs(basketForward(call) - exact.forwardBasket)).toBeLessThan(tolerance.call_abs);
    expect(Math.abs(levyBasket(call) - exact.levyTwoMoment)).toBeLessThan(tolerance.call_abs);
    expect(Math.abs((geometricBasket(call)?.price ?? Number.NaN) - exact.geometricBasketCall)).toBeLessThan(
      tolerance.call_abs,
    );
    const sobol = basketOption(call, { points: 2 ** 16, replicates: 16 }, createRng(42));
    expect(Math.abs(sobol.price - exact.call), `${id} Sobol`).toBeLessThan(4 * sobol.standardError + 1e-9);
    expect(sobol.standardError).toBeLessThan(sobol.plainStandardError / 10);
    expect(sobol.plainStandardError * Math.sqrt(sobol.points)).toBeCloseTo(exact.stdDevOfDiscountedPayoff, 0);
    for (const [i, delta] of exact.deltas.entries()) expect(sobol.deltas[i]).toBeCloseTo(delta, 2);
    expect(Math.abs(sobol.price - exact.naiveDoubleSigma)).toBeGreaterThan(1);
  }
});

describe('scrambled Sobol', () => {
  it('is the plain sequence without a stream', () => {
    const next = createSobol(3);
    const point = new Float64Array(3);
    const rows: number[][] = [];
    for (let i = 0; i < 4; i++) {
      next(point);
      rows.push([...point].map((u) => Math.round(u * 1e6) / 1e6));
    }
    // Joe & Kuo's first points in Gray-code order.
    expect(rows).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
    ]);
  });

  it('puts one of 2^m points in every elementary interval, in every dimension, scrambled or not', () => {
    for (const rng of [undefined, createRng(3)]) {
      const dimensions = 256;
      const next = createSobol(dimensions, rng);
      const seen = Array.from({ length: dimensions }, () => new Set<number>());
      const point = new Float64Array(dimensions);
      for (let i = 0; i < 256; i++) {
        next(point);
        for (let j = 0; j < dimensions; j++) seen[j]?.add(Math.floor((point[j] ?? 0) * 256));
      }
      for (const set of seen) expect(set.size).toBe(256);
    }
  });

  it('integrates a smooth function far better than its plain error, without bias over scramblings', () => {
    const estimates: number[] = [];
    for (let k = 0; k < 40; k++) {
      const next = createSobol(4, createRng(k));
      const point = new Float64Array(4);
      let sum = 0;
      for (let i = 0; i < 1024; i++) {
        next(point);
        sum += (point[0] as number) * (point[1] as number) * (point[2] as number) * (point[3] as number);
      }
      estimates.push(sum / 1024);
    }
    const mean = estimates.reduce((a, b) => a + b) / 40;
    const error = Math.sqrt(estimates.reduce((a, b) => a + (b - mean) ** 2, 0) / 40 / 39);
    expect(Math.abs(mean - 1 / 16)).toBeLessThan(4 * error);
    // The integrand's deviation is 0.0926, so plain sampling would have 0.0029.
    expect(error * Math.sqrt(40)).toBeLessThan(0.0003);
  });
});

describe('basket options', () => {
  const one: BasketOption = {
    right: 'put',
    spots: [100],
    weights: [1],
    strike: 105,
    years: 0.5,
    rate: 0.03,
    dividendYields: [0.01],
    volatilities: [0.25],
    correlation: Float64Array.of(1),
  };

  it('is Black–Scholes for one asset', () => {
    const exact = blackScholes({
      right: 'put',
      spot: 100,
      strike: 105,
      years: 0.5,
      rate: 0.03,
      dividendYield: 0.01,
      volatility: 0.25,
    });
    const estimate = basketOption(one, { points: 2 ** 14, replicates: 8 }, createRng(1));
    expect(estimate.price).toBeCloseTo(exact.price, 8);
    expect(estimate.deltas[0]).toBeCloseTo(exact.delta, 2);
    expect(estimate.vegas[0]).toBeCloseTo(exact.vega, 0);
  });

  it('prices a short leg, and depends on seed only through the error', () => {
    const two: BasketOption = {
      ...one,
      right: 'call',
      spots: [100, 95],
      weights: [1, -1],
      strike: 3,
      dividendYields: [0, 0],
      volatilities: [0.25, 0.2],
      correlation: Float64Array.of(1, 0.4, 0.4, 1),
    };
    const a = basketOption(two, { points: 2 ** 15, replicates: 16 }, createRng(1));
    const b = basketOption(two, { points: 2 ** 15, replicates: 16 }, createRng(2));
    expect(Math.abs(a.price - b.price)).toBeLessThan(5 * Math.hypot(a.standardError, b.standardError));
    expect(a).toEqual(basketOption(two, { points: 2 ** 15, replicates: 16 }, createRng(1)));
  });

  it('refuses correlations that cannot hold together', () => {
    const impossible = Float64Array.of(1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1);
    const three = {
      ...one,
      spots: [1, 1, 1],
      weights: [1, 1, 1],
      dividendYields: [0, 0, 0],
      volatilities: [0.2, 0.2, 0.2],
    };
    expect(() =>
      basketOption({ ...three, correlation: impossible }, { points: 64, replicates: 2 }, createRng(1)),
    ).toThrow(/positive semi-definite/);
    expect(() =>
      basketOption({ ...three, correlation: Float64Array.of(1) }, { points: 64, replicates: 2 }, createRng(1)),
    ).toThrow(/Correlation/);
  });
});
