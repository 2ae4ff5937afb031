import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGolden, type GoldenValue, readGoldenTable } from '../../../lib/testing/golden.ts';
import { bachelier, bachelierImpliedVolatility } from './bachelier.ts';
import { blackScholes, blackScholesPrice, type OptionGreeks } from './black-scholes.ts';
import { createGreekColumns, priceBlackScholesGrid } from './black-scholes-grid.ts';
import { black76 } from './black76.ts';
import { impliedVolatility } from './implied-volatility.ts';
import type { OptionRight, VanillaOption } from './option-inputs.ts';

function expectNear(value: number, exact: number, tolerance: { rel: number; abs: number }, label: string): void {
  const allowed = Math.max(tolerance.rel * Math.abs(exact), tolerance.abs);
  expect(Math.abs(value - exact), `${label}: ${value} against ${exact}`).toBeLessThanOrEqual(allowed);
}

const vanilla = (row: {
  type: OptionRight;
  S: number;
  K: number;
  T: number;
  r: number;
  q: number;
  sigma: number;
}): VanillaOption => ({
  right: row.type,
  spot: row.S,
  strike: row.K,
  years: row.T,
  rate: row.r,
  dividendYield: row.q,
  volatility: row.sigma,
});

/** Rows of a table as objects keyed by column name. */
// biome-ignore lint/suspicious/noExplicitAny: reference rows mix text and numbers
function records(table: { columns: readonly string[]; rows: readonly (readonly unknown[])[] }): readonly any[] {
  return table.rows.map((row) => Object.fromEntries(table.columns.map((name, i) => [name, row[i]])));
}

describeGolden('bsm_greeks', ({ input, expect: want, tolerance }) => {
  const columns: readonly (keyof OptionGreeks)[] = want.columns;
  for (const [index, row] of records(input).entries()) {
    const greeks = blackScholes(vanilla(row));
    for (const [i, name] of columns.entries()) {
      expectNear(greeks[name], want.rows[index][i], tolerance, `${name} of row ${index}`);
    }
  }
  for (const [index, row] of input.limits.entries()) {
    const greeks = blackScholes(vanilla(row));
    for (const [name, value] of Object.entries(want.limits[index])) {
      expectNear(greeks[name as keyof OptionGreeks], value as number, tolerance, `${row.why} ${name}`);
    }
  }
  for (const row of input.invalid) {
    expect(() => blackScholes(vanilla({ type: 'call', ...row }))).toThrow(/must be/);
    expect(() => blackScholesPrice(vanilla({ type: 'put', ...row }))).toThrow(/must be/);
  }
});

describeGolden('black76', ({ input, expect: want, tolerance }) => {
  for (const [index, row] of records(input).entries()) {
    const greeks = black76({
      right: row.type,
      forward: row.F,
      strike: row.K,
      years: row.T,
      rate: row.r,
      volatility: row.sigma,
    });
    for (const [i, name] of want.columns.entries()) {
      expectNear(greeks[name as keyof OptionGreeks], want.rows[index][i], tolerance, `${name} of row ${index}`);
    }
  }
});

describeGolden('bachelier', ({ input, expect: want, tolerance }) => {
  for (const [index, row] of records(input).entries()) {
    const { type: right, F: forward, K: strike, T: years, r: rate, normalVol: normalVolatility } = row;
    const greeks = bachelier({ right, forward, strike, years, rate, normalVolatility });
    for (const [i, name] of want.columns.entries()) {
      expectNear(greeks[name as keyof typeof greeks], want.rows[index][i], tolerance, `${name} of row ${index}`);
    }
  }
});

describeGolden('options', ({ input, expect: want, tolerance }) => {
  if (input.file === null) checkGreekGrid(want.rows);
  else checkChain(input, want, Number.parseFloat(tolerance.implied_vol));
});

/** The names that the grid uses, with our own. */
const gridNames = [
  ['price', 'price'],
  ['delta', 'delta'],
  ['gamma', 'gamma'],
  ['vega_per_1', 'vega'],
  ['theta_per_year', 'theta'],
  ['rho_per_1', 'rho'],
  ['vanna', 'vanna'],
  ['volga', 'volga'],
] as const;

// biome-ignore lint/suspicious/noExplicitAny: reference rows
function checkGreekGrid(rows: readonly any[]): void {
  for (const row of rows) {
    for (const type of ['call', 'put'] as const) {
      const greeks = blackScholes(vanilla({ ...row, type }));
      for (const [theirs, ours] of gridNames) {
        expectNear(greeks[ours], row[type][theirs], { rel: 1e-10, abs: 1e-12 }, `${type} ${theirs}`);
      }
    }
  }
}

function checkChain(input: GoldenValue, want: GoldenValue, allowed: number): void {
  const { rate, dividend_yield: dividendYield } = input.parameters;
  const quoteDate = readGoldenTable(input.file).text('date')[0] ?? '';
  for (const [expiry, strike, right, price, volatility] of want.rows) {
    const { T: years, forward } = want.forwards[expiry];
    expect((Date.parse(expiry) - Date.parse(quoteDate)) / 86_400_000 / 365).toBeCloseTo(years, 12);
    if (dividendYield !== null) expect(want.spot * Math.exp((rate - dividendYield) * years)).toBeCloseTo(forward, 9);
    const solve = () =>
      impliedVolatility({
        right: right === 'C' ? 'call' : 'put',
        forward,
        strike,
        years,
        undiscountedPrice: price * Math.exp(rate * years),
      }).volatility;
    if (volatility === null) expect(solve).toThrow(/No volatility/);
    else expect(Math.abs(solve() - volatility), `${expiry} ${strike}${right}`).toBeLessThan(allowed);
  }
}

describeGolden('implied_vol', ({ input, expect: want }) => {
  for (const [index, [right, forward, strike, years, undiscountedPrice]] of input.rows.entries()) {
    const [, exact, perUlp] = want.rows[index];
    const { volatility } = impliedVolatility({ right, forward, strike, years, undiscountedPrice });
    const allowed = Math.max(1e-12, 16 * perUlp);
    expect(Math.abs(volatility / exact - 1), `row ${index}: ${volatility} against ${exact}`).toBeLessThan(allowed);
  }
  for (const [index, edge] of input.edge.entries()) {
    const { type: right, F: forward, K: strike, T: years, price: undiscountedPrice } = edge;
    const solve = () => impliedVolatility({ right, forward, strike, years, undiscountedPrice }).volatility;
    if (want.edge[index].value === undefined) expect(solve, want.edge[index].error).toThrow();
    else expect(solve()).toBe(want.edge[index].value);
  }
});

describe('the Black family', () => {
  const option = fc.record({
    spot: fc.double({ min: 20, max: 500, noNaN: true }),
    strike: fc.double({ min: 20, max: 500, noNaN: true }),
    years: fc.double({ min: 0.01, max: 10, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
    volatility: fc.double({ min: 0.03, max: 1.5, noNaN: true }),
  });

  it('keeps put–call parity, bounds and monotonicity', () => {
    fc.assert(
      fc.property(option, (row) => {
        const call = blackScholes({ ...row, right: 'call' });
        const put = blackScholes({ ...row, right: 'put' });
        const asset = row.spot * Math.exp(-row.dividendYield * row.years);
        const cash = row.strike * Math.exp(-row.rate * row.years);
        expect(Math.abs(call.price - put.price - asset + cash)).toBeLessThan(1e-12 * (asset + cash));
        expect(call.price).toBeLessThanOrEqual(asset);
        expect(call.price).toBeGreaterThanOrEqual(Math.max(asset - cash, 0) - 1e-12 * (asset + cash));
        expect(call.gamma).toBeCloseTo(put.gamma, 14);
        expect(call.vega).toBeGreaterThanOrEqual(0);
        expect(call.delta - put.delta).toBeCloseTo(Math.exp(-row.dividendYield * row.years), 13);
      }),
    );
  });

  it('has greeks that are the derivatives of the price (second route: central differences)', () => {
    const base: VanillaOption = {
      right: 'put',
      spot: 103,
      strike: 97,
      years: 0.7,
      rate: 0.04,
      dividendYield: 0.015,
      volatility: 0.27,
    };
    const greeks = blackScholes(base);
    const slope = (key: keyof VanillaOption, greek: keyof OptionGreeks, step: number) =>
      (blackScholes({ ...base, [key]: (base[key] as number) + step })[greek] -
        blackScholes({ ...base, [key]: (base[key] as number) - step })[greek]) /
      (2 * step);
    expect(greeks.delta).toBeCloseTo(slope('spot', 'price', 1e-3), 8);
    expect(greeks.gamma).toBeCloseTo(slope('spot', 'delta', 1e-3), 8);
    expect(greeks.speed).toBeCloseTo(slope('spot', 'gamma', 1e-3), 9);
    expect(greeks.vega).toBeCloseTo(slope('volatility', 'price', 1e-5), 6);
    expect(greeks.vanna).toBeCloseTo(slope('volatility', 'delta', 1e-5), 7);
    expect(greeks.volga).toBeCloseTo(slope('volatility', 'vega', 1e-5), 5);
    expect(greeks.zomma).toBeCloseTo(slope('volatility', 'gamma', 1e-5), 8);
    expect(greeks.theta).toBeCloseTo(-slope('years', 'price', 1e-5), 7);
    expect(greeks.charm).toBeCloseTo(-slope('years', 'delta', 1e-5), 8);
    expect(greeks.color).toBeCloseTo(-slope('years', 'gamma', 1e-5), 8);
    expect(greeks.rho).toBeCloseTo(slope('rate', 'price', 1e-5), 6);
    expect(greeks.dividendRho).toBeCloseTo(slope('dividendYield', 'price', 1e-5), 6);
    expect(greeks.dualDelta).toBeCloseTo(slope('strike', 'price', 1e-3), 8);
    expect(greeks.dualGamma).toBeCloseTo(slope('strike', 'dualDelta', 1e-3), 8);
  });

  it('prices a grid exactly as one by one', () => {
    const rows = fc.sample(option, { numRuns: 50, seed: 7 });
    const column = (read: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, read);
    const sign = Float64Array.from(rows, (_, i) => (i % 2 === 0 ? 1 : -1));
    const out = priceBlackScholesGrid(
      {
        sign,
        spot: column((r) => r.spot),
        strike: column((r) => r.strike),
        years: column((r) => r.years),
        rate: column((r) => r.rate),
        dividendYield: column((r) => r.dividendYield),
        volatility: column((r) => r.volatility),
      },
      createGreekColumns(rows.length),
    );
    for (const [i, row] of rows.entries()) {
      const one = blackScholes({ ...row, right: i % 2 === 0 ? 'call' : 'put' });
      for (const name of ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const) {
        expectNear(out[name][i] ?? Number.NaN, one[name], { rel: 1e-10, abs: 1e-12 }, name);
      }
    }
  });

  it('inverts Black prices over tiny, ordinary and huge total volatility', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -4, max: 1.2, noNaN: true }),
        fc.constantFrom<OptionRight>('call', 'put'),
        (moneyness, logTotal, right) => {
          const volatility = 10 ** logTotal;
          const forward = 100 * Math.exp(moneyness);
          const undiscountedPrice = black76({ right, forward, strike: 100, years: 1, rate: 0, volatility }).price;
          const intrinsic = Math.max(right === 'call' ? forward - 100 : 100 - forward, 0);
          const ceiling = right === 'call' ? forward : 100;
          fc.pre(undiscountedPrice - intrinsic > 1e-280 && undiscountedPrice < ceiling);
          const solved = impliedVolatility({ right, forward, strike: 100, years: 1, undiscountedPrice });
          // The price itself carries a few roundings of its two terms, which the conditioning turns into volatility.
          const rounding = (Math.max(forward, 100) / undiscountedPrice) * 8 * solved.relativeErrorPerUlp;
          fc.pre(rounding < 1e-3);
          expect(Math.abs(solved.volatility / volatility - 1)).toBeLessThan(1e-13 + rounding);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('inverts Bachelier prices', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: 0.5, max: 80, noNaN: true }),
        fc.constantFrom<OptionRight>('call', 'put'),
        (forward, normalVolatility, right) => {
          const terms = { right, forward, strike: 3, years: 0.5 };
          const { price } = bachelier({ ...terms, rate: 0, normalVolatility });
          const intrinsic = Math.max(right === 'call' ? forward - 3 : 3 - forward, 0);
          fc.pre(price - intrinsic > 1e-6 * (1 + intrinsic));
          const solved = bachelierImpliedVolatility({ ...terms, undiscountedPrice: price });
          expect(Math.abs(solved / normalVolatility - 1)).toBeLessThan(1e-9);
        },
      ),
    );
    expect(() =>
      bachelierImpliedVolatility({ right: 'call', forward: 5, strike: 3, years: 1, undiscountedPrice: 1 }),
    ).toThrow(/intrinsic/);
  });

  it('names the violated bound', () => {
    const terms = { right: 'call', forward: 100, strike: 90, years: 1 } as const;
    expect(() => impliedVolatility({ ...terms, undiscountedPrice: 9.5 })).toThrow(/below the intrinsic value/);
    expect(() => impliedVolatility({ ...terms, undiscountedPrice: 101 })).toThrow(/the forward \(upper bound/);
    expect(() => impliedVolatility({ ...terms, undiscountedPrice: Number.NaN })).toThrow(/finite/);
  });
});
