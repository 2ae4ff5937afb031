import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { arithmeticAsian, asianForward, geometricAsian } from './asian.ts';
import { type BarrierType, barrierOption } from './barrier.ts';
import { blackScholesPrice } from './black-scholes.ts';
import { digitalOption } from './digital.ts';
import type { VanillaOption } from './option-inputs.ts';
import { kirkSpread, margrabe, type SpreadOption, spreadOption } from './spread.ts';

describeGolden('barrier_digital', ({ input, expect: want, tolerance }) => {
  for (const [
    index,
    [type, right, spot, strike, barrier, years, rate, dividendYield, volatility],
  ] of input.rows.entries()) {
    const option: VanillaOption = { right, spot, strike, years, rate, dividendYield, volatility };
    const [price, vanilla] = want.rows[index];
    expect(Math.abs(barrierOption(option, type, barrier) - price), `row ${index}`).toBeLessThan(tolerance.abs);
    expect(Math.abs(blackScholesPrice(option) - vanilla)).toBeLessThan(tolerance.abs);
  }
  for (const [index, row] of input.digitals.entries()) {
    const terms = {
      spot: row.S,
      strike: row.K,
      years: row.T,
      rate: row.r,
      dividendYield: row.q,
      volatility: row.sigma,
    };
    const call = digitalOption({ right: 'call', ...terms });
    const put = digitalOption({ right: 'put', ...terms });
    const { cashCall, cashPut, assetCall, assetPut } = want.digitals[index];
    expect(Math.abs(call.cash - cashCall)).toBeLessThan(tolerance.abs);
    expect(Math.abs(put.cash - cashPut)).toBeLessThan(tolerance.abs);
    expect(Math.abs(call.asset - assetCall)).toBeLessThan(tolerance.abs);
    expect(Math.abs(put.asset - assetPut)).toBeLessThan(tolerance.abs);
  }
});

describeGolden('asian', ({ input, expect: want, tolerance }) => {
  const at = (row: readonly number[], name: string): number => row[want.columns.indexOf(name)] ?? Number.NaN;
  for (const [index, [spot, strike, rate, dividendYield, volatility, years, fixings]] of input.rows.entries()) {
    const terms = { spot, strike, years, rate, dividendYield, volatility };
    const row = want.rows[index];
    for (const [right, suffix] of [
      ['call', 'Call'],
      ['put', 'Put'],
    ] as const) {
      const arithmetic = arithmeticAsian({ right, ...terms }, fixings);
      const label = `row ${index} ${right}`;
      expect(Math.abs(arithmetic - at(row, `arithmetic${suffix}`)), label).toBeLessThan(tolerance.arithmetic_abs);
      const exact = at(row, `geometric${suffix}`);
      // Row errors of the closed form are relative; one fixing is a European option priced through another route.
      expect(Math.abs(geometricAsian({ right, ...terms }, fixings) / exact - 1), label).toBeLessThan(
        Math.max(tolerance.geometric_rel, 3e-13),
      );
    }
    const error = arithmeticAsian({ right: 'call', ...terms }, fixings) - at(row, 'controlVariate400k');
    expect(Math.abs(error)).toBeLessThan(4 * at(row, 'controlVariateStdError') + tolerance.arithmetic_abs);
  }
});

describeGolden('spread', ({ input, expect: want, tolerance }) => {
  for (const [index, row] of input.rows.entries()) {
    const [spot1, spot2, strike, years, rate, dividendYield1, dividendYield2, volatility1, volatility2, correlation] =
      row;
    const option: SpreadOption = {
      right: 'call',
      spot1,
      spot2,
      strike,
      years,
      rate,
      dividendYield1,
      dividendYield2,
      volatility1,
      volatility2,
      correlation,
    };
    const [exact, kirk, exchange] = want.rows[index];
    expect(Math.abs(spreadOption(option) - exact), `row ${index}`).toBeLessThan(tolerance.exact_abs);
    expect(Math.abs(kirkSpread(option) - kirk), `row ${index}`).toBeLessThan(tolerance.kirk_abs);
    if (exchange !== null) expect(Math.abs(margrabe(option) - exchange)).toBeLessThan(tolerance.margrabe_abs);
  }
});

describe('exotic options', () => {
  const base: VanillaOption = {
    right: 'call',
    spot: 100,
    strike: 95,
    years: 0.5,
    rate: 0.03,
    dividendYield: 0.01,
    volatility: 0.3,
  };

  it('has in + out = vanilla, and a touched barrier is knocked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 50, max: 160, noNaN: true }),
        fc.double({ min: 50, max: 160, noNaN: true }),
        fc.constantFrom<'call' | 'put'>('call', 'put'),
        (barrier, strike, right) => {
          const option = { ...base, right, strike };
          for (const [inside, outside] of [
            ['downIn', 'downOut'],
            ['upIn', 'upOut'],
          ] as const satisfies readonly (readonly [BarrierType, BarrierType])[]) {
            const a = barrierOption(option, inside, barrier);
            const b = barrierOption(option, outside, barrier);
            expect(a).toBeGreaterThanOrEqual(0);
            expect(b).toBeGreaterThanOrEqual(-1e-12);
            expect(a + b).toBeCloseTo(blackScholesPrice(option), 10);
          }
        },
      ),
    );
    expect(barrierOption(base, 'downOut', 100)).toBe(0);
  });

  it('decomposes a vanilla into digitals', () => {
    const { cash, asset } = digitalOption(base);
    expect(asset - base.strike * cash).toBeCloseTo(blackScholesPrice(base), 12);
    expect(digitalOption({ ...base, volatility: 0 }).cash).toBeCloseTo(Math.exp(-0.015), 12);
  });

  it('prices an Asian as simulation does, and one fixing as a European', () => {
    const rng = createRng(5);
    const fixings = 6;
    const dt = base.years / fixings;
    let sum = 0;
    let squares = 0;
    const paths = 60_000;
    for (let i = 0; i < paths; i++) {
      let spot = base.spot;
      let total = 0;
      for (let k = 0; k < fixings; k++) {
        spot *= Math.exp((0.02 - 0.045) * dt + 0.3 * Math.sqrt(dt) * rng.normal());
        total += spot;
      }
      const value = Math.exp(-0.015) * Math.max(total / fixings - 95, 0);
      sum += value;
      squares += value * value;
    }
    const mean = sum / paths;
    const error = Math.sqrt((squares / paths - mean * mean) / paths);
    expect(Math.abs(arithmeticAsian(base, fixings) - mean)).toBeLessThan(4 * error);
    expect(arithmeticAsian(base, 1)).toBeCloseTo(blackScholesPrice(base), 10);
    expect(geometricAsian(base, 1)).toBeCloseTo(blackScholesPrice(base), 10);
    expect(arithmeticAsian(base, 250)).toBeGreaterThan(geometricAsian(base, 250));
    expect(asianForward(base, 1)).toBeCloseTo(100 * Math.exp(0.01), 10);
    expect(() => arithmeticAsian(base, 2.5)).toThrow(/whole number/);
  });

  it('prices a spread with perfect correlation and refuses nonsense', () => {
    const option: SpreadOption = {
      right: 'call',
      spot1: 100,
      spot2: 50,
      strike: 10,
      years: 1,
      rate: 0.02,
      dividendYield1: 0,
      dividendYield2: 0,
      volatility1: 0.2,
      volatility2: 0.2,
      correlation: 1,
    };
    // With correlation 1 and equal volatilities S₁ − S₂ is itself lognormal on 50.
    expect(spreadOption(option)).toBeCloseTo(
      blackScholesPrice({ ...base, spot: 50, strike: 10, years: 1, rate: 0.02, dividendYield: 0, volatility: 0.2 }),
      8,
    );
    expect(() => spreadOption({ ...option, correlation: 1.2 })).toThrow(/correlation/);
    expect(() => kirkSpread({ ...option, strike: -80 })).toThrow(/shifted forward/);
  });
});
