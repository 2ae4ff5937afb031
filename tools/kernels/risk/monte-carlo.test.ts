import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { factorSemidefinite } from './factor-semidefinite.ts';
import { type PortfolioSimulationInput, simulatePortfolio } from './monte-carlo.ts';

const base: PortfolioSimulationInput = {
  weights: Float64Array.of(0.5, 0.3),
  mean: Float64Array.of(0.0004, 0.0002),
  covariance: Float64Array.of(0.0002, 0.00005, 0.00005, 0.0001),
  days: 20,
  paths: 20_000,
  rebalance: 'daily',
  cashReturn: 0.0001,
};

function meanAndVariance(values: Float64Array): readonly [number, number] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return [mean, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)];
}

describe('simulatePortfolio', () => {
  it('has the closed-form mean and variance with daily rebalancing', () => {
    const drift = 0.5 * 0.0004 + 0.3 * 0.0002 + 0.2 * 0.0001;
    const variance = 0.25 * 0.0002 + 0.09 * 0.0001 + 2 * 0.15 * 0.00005;
    const expectedMean = (1 + drift) ** 20 - 1;
    const expectedVariance = ((1 + drift) ** 2 + variance) ** 20 - (1 + drift) ** 40;
    const [mean, spread] = meanAndVariance(simulatePortfolio(base, createRng(1)).terminalReturn);
    expect(Math.abs(mean - expectedMean)).toBeLessThan(4 * Math.sqrt(expectedVariance / 20_000));
    expect(Math.abs(spread / expectedVariance - 1)).toBeLessThan(0.05);
  });

  it('has the closed-form mean when weights drift', () => {
    const expected = 0.5 * 1.0004 ** 20 + 0.3 * 1.0002 ** 20 + 0.2 * 1.0001 ** 20 - 1;
    const [mean, spread] = meanAndVariance(
      simulatePortfolio({ ...base, rebalance: 'none' }, createRng(2)).terminalReturn,
    );
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(spread / 20_000));
  });

  it('agrees over one day whether weights drift or not', () => {
    const one = { ...base, days: 1 };
    const [, daily] = meanAndVariance(simulatePortfolio(one, createRng(3)).terminalReturn);
    const [, drifting] = meanAndVariance(simulatePortfolio({ ...one, rebalance: 'none' }, createRng(4)).terminalReturn);
    expect(Math.abs(daily / drifting - 1)).toBeLessThan(0.06);
  });

  it('keeps the variance and fattens the tail with a multivariate t', () => {
    const one = { ...base, days: 1, paths: 100_000 };
    const normal = simulatePortfolio(one, createRng(5)).terminalReturn;
    const fat = simulatePortfolio({ ...one, tailDegrees: 5 }, createRng(5)).terminalReturn;
    const [, variance] = meanAndVariance(normal);
    const [, fatVariance] = meanAndVariance(fat);
    expect(Math.abs(fatVariance / variance - 1)).toBeLessThan(0.06);
    expect(Math.min(...fat.subarray(0, 50_000))).toBeLessThan(Math.min(...normal.subarray(0, 50_000)) * 1.3);
  });

  it('repeats for the same seed, keeps drawdown between -1 and 0 and at or below the final loss', () => {
    for (const rebalance of ['daily', 'none'] as const) {
      const input = { ...base, paths: 500, rebalance };
      const a = simulatePortfolio(input, createRng(9));
      expect([...a.terminalReturn]).toEqual([...simulatePortfolio(input, createRng(9)).terminalReturn]);
      a.maxDrawdown.forEach((fall, i) => {
        expect(fall).toBeLessThanOrEqual(Math.min(0, a.terminalReturn[i] as number) + 1e-12);
        expect(fall).toBeGreaterThanOrEqual(-1);
      });
    }
  });

  it('refuses NaN, wrong shapes and infinite variance', () => {
    const rng = createRng(1);
    expect(() => simulatePortfolio({ ...base, mean: Float64Array.of(Number.NaN, 0) }, rng)).toThrow(/finite/);
    expect(() => simulatePortfolio({ ...base, mean: Float64Array.of(0) }, rng)).toThrow(/2 means|2 weights/);
    expect(() => simulatePortfolio({ ...base, tailDegrees: 2 }, rng)).toThrow(/above 2/);
    expect(() => simulatePortfolio({ ...base, days: 0 }, rng)).toThrow(/integers/);
  });
});

describe('factorSemidefinite', () => {
  it('rebuilds any Gram matrix, also a singular one', () => {
    fc.assert(
      // Values whose squares are subnormal have no relative precision left to speak of.
      fc.property(
        fc.array(
          fc.double({ min: -3, max: 3, noNaN: true }).map((v) => (Math.abs(v) < 1e-100 ? 0 : v)),
          { minLength: 8, maxLength: 8 },
        ),
        (x) => {
          const gram = new Float64Array(16);
          for (let i = 0; i < 4; i++)
            for (let j = 0; j < 4; j++)
              gram[i * 4 + j] =
                (x[i * 2] as number) * (x[j * 2] as number) + (x[i * 2 + 1] as number) * (x[j * 2 + 1] as number);
          const { lower, rank } = factorSemidefinite(gram, 4);
          expect(rank).toBeLessThanOrEqual(2);
          for (let i = 0; i < 4; i++)
            for (let j = 0; j < 4; j++) {
              let sum = 0;
              for (let k = 0; k < 4; k++) sum += (lower[i * 4 + k] as number) * (lower[j * 4 + k] as number);
              expect(Math.abs(sum - (gram[i * 4 + j] as number))).toBeLessThan(1e-3);
            }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses an indefinite matrix', () => {
    expect(() => factorSemidefinite(Float64Array.of(1, 2, 2, 1), 2)).toThrow(/positive semidefinite/);
  });
});
