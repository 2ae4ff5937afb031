import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { americanOption } from './american.ts';
import { baroneAdesiWhaley } from './barone-adesi-whaley.ts';
import { binomialOption } from './binomial.ts';
import { blackScholesPrice } from './black-scholes.ts';
import type { VanillaOption } from './option-inputs.ts';

describeGolden('american', ({ input, expect: want, tolerance }) => {
  const column = (name: string): number => want.columns.indexOf(name);
  // bjerksundStensland, leisenReimer4001 and finiteDifference stand in the file for comparison and carry no tolerance.
  for (const [index, [right, spot, strike, years, rate, dividendYield, volatility]] of input.rows.entries()) {
    const option: VanillaOption = { right, spot, strike, years, rate, dividendYield, volatility };
    const row = want.rows[index];
    const result = americanOption(option);
    const label = `row ${index}`;
    expect(result.converged, label).toBe(true);
    expect(Math.abs(result.price - row[column('price')]), label).toBeLessThan(tolerance.best_abs);
    expect(Math.abs(result.european - row[column('european')]), label).toBeLessThan(1e-9);
    expect(Math.abs(result.earlyExercisePremium - row[column('earlyExercisePremium')]), label).toBeLessThan(
      tolerance.best_abs,
    );
    const fast = americanOption(option, 'fast').price;
    expect(Math.abs(fast - result.price), label).toBeLessThan(3e-5 * result.price + 1e-6);
    expect(Math.abs(baroneAdesiWhaley(option) - row[column('baroneAdesiWhaley')]), label).toBeLessThan(
      tolerance.baw_abs,
    );
    const crr = binomialOption(option, { steps: 500, exercise: 'american' });
    expect(Math.abs(crr - row[column('crr500')]), label).toBeLessThan(tolerance.crr500_abs);
  }
});

describe('American options', () => {
  const option = fc.record({
    right: fc.constantFrom<'call' | 'put'>('call', 'put'),
    spot: fc.double({ min: 50, max: 200, noNaN: true }),
    strike: fc.constant(100),
    years: fc.double({ min: 0.02, max: 5, noNaN: true }),
    rate: fc.double({ min: 0, max: 0.12, noNaN: true }),
    dividendYield: fc.double({ min: 0, max: 0.12, noNaN: true }),
    volatility: fc.double({ min: 0.08, max: 0.8, noNaN: true }),
  });

  it('lies between the European price, intrinsic value and the lattice’s error band', () => {
    fc.assert(
      fc.property(option, (row) => {
        const { price, european } = americanOption(row);
        const intrinsic = Math.max(row.right === 'call' ? row.spot - 100 : 100 - row.spot, 0);
        expect(price).toBeGreaterThanOrEqual(Math.max(european, intrinsic) - 1e-9);
        const lattice = binomialOption(row, { steps: 300, exercise: 'american' });
        expect(Math.abs(price - lattice)).toBeLessThan(2e-3 * Math.max(row.spot, 100));
        expect(Math.abs(americanOption(row, 'fast').price - price)).toBeLessThan(2e-4 * price + 1e-5);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('keeps the published premium of the r = q case', () => {
    // Andersen, Lake & Offengenden (2016), table 2.
    const terms = { spot: 100, strike: 100, years: 1, rate: 0.05, dividendYield: 0.05, volatility: 0.25 };
    expect(americanOption({ right: 'put', ...terms }).earlyExercisePremium).toBeCloseTo(0.106952702747, 9);
    expect(americanOption({ right: 'call', ...terms }).earlyExercisePremium).toBeCloseTo(0.106952702747, 9);
  });

  it('never exercises a call without dividends or a put without interest', () => {
    const terms = { spot: 90, strike: 100, years: 2, volatility: 0.3 };
    const call = americanOption({ right: 'call', ...terms, rate: 0.05, dividendYield: 0 });
    expect(call.price).toBe(blackScholesPrice({ right: 'call', ...terms, rate: 0.05, dividendYield: 0 }));
    expect(call.exerciseBoundary).toBeNull();
    expect(americanOption({ right: 'put', ...terms, rate: 0, dividendYield: 0.03 }).method).toBe('european');
  });

  it('answers the corners: expired, no volatility, two boundaries', () => {
    const terms = { spot: 90, strike: 100, years: 2, volatility: 0.3, rate: 0.05, dividendYield: 0 };
    expect(americanOption({ right: 'put', ...terms, years: 0 }).price).toBe(10);
    expect(americanOption({ right: 'put', ...terms, volatility: 0 }).price).toBe(10);
    const double = americanOption({ right: 'put', ...terms, rate: -0.01, dividendYield: -0.04 });
    expect(double.method).toBe('lattice');
    expect(double.price).toBeGreaterThanOrEqual(double.european);
    expect(() => americanOption({ right: 'put', ...terms, spot: -1 })).toThrow(/spot/);
  });
});
