import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignByTime } from './align-by-time.ts';
import { aggregatePeriods, resamplePeriods } from './resample.ts';
import { logReturns, simpleReturns } from './returns.ts';
import { rollingExtreme, rollingMean, rollingStandardDeviation, rollingSum, rollingVolatility } from './rolling.ts';

const f = (...values: number[]) => Float64Array.from(values);

describe('returns', () => {
  it('log and simple returns agree through exp', () => {
    const prices = f(100, 110, 99, 99);
    const log = logReturns(prices);
    const simple = simpleReturns(prices);
    expect(log.length).toBe(3);
    for (let i = 0; i < 3; i++) expect(Math.expm1(log[i] as number)).toBeCloseTo(simple[i] as number, 14);
    expect(simple[1]).toBeCloseTo(-0.1, 14);
  });
  it('a gap spoils only its two neighbours; a price of zero is refused by index', () => {
    expect([...logReturns(f(1, Number.NaN, 1, 1))]).toEqual([Number.NaN, Number.NaN, 0]);
    expect(() => logReturns(f(1, 0))).toThrow(/Price 1 .*positive/);
    expect(logReturns(f()).length).toBe(0);
    expect(simpleReturns(f(5)).length).toBe(0);
  });
});

describe('rolling', () => {
  const direct = (values: Float64Array, window: number, t: number) => {
    const slice = [...values.subarray(t - window + 1, t + 1)];
    const mean = slice.reduce((a, b) => a + b, 0) / window;
    return { mean, sd: Math.sqrt(slice.reduce((a, b) => a + (b - mean) ** 2, 0) / (window - 1)) };
  };
  it('equals the direct formula on any series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 2, max: 5 }),
        (list, window) => {
          const values = Float64Array.from(list);
          const mean = rollingMean(values, window);
          const sd = rollingStandardDeviation(values, window);
          for (let t = window - 1; t < values.length; t++) {
            const want = direct(values, window, t);
            expect(mean[t]).toBeCloseTo(want.mean, 12);
            expect(sd[t]).toBeCloseTo(want.sd, 7);
          }
        },
      ),
    );
  });
  it('does not drift over a long series with a large level', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => 1e6 + Math.sin(i));
    const want = direct(values, 50, 19_999);
    expect(rollingStandardDeviation(values, 50)[19_999]).toBeCloseTo(want.sd, 6);
  });
  it('is NaN while the window is not full or holds a gap, and knows the scale', () => {
    const values = f(1, 2, Number.NaN, 4, 6, 8);
    expect([...rollingMean(values, 2)]).toEqual([Number.NaN, 1.5, Number.NaN, Number.NaN, 5, 7]);
    expect([...rollingSum(values, 2)].slice(4)).toEqual([10, 14]);
    expect(rollingVolatility(values, 2, 252)[5]).toBeCloseTo(Math.sqrt(2 * 252), 12);
    expect(() => rollingMean(values, 0)).toThrow(/window/);
  });
  it('extremes equal a direct search', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 }), (list) => {
        const values = Float64Array.from(list);
        const high = rollingExtreme(values, 3, 1);
        const low = rollingExtreme(values, 3, -1);
        for (let t = 2; t < list.length; t++) {
          expect(high[t]).toBe(Math.max(...list.slice(t - 2, t + 1)));
          expect(low[t]).toBe(Math.min(...list.slice(t - 2, t + 1)));
        }
      }),
    );
    expect([...rollingExtreme(f(1, Number.NaN, 3, 2), 2, 1)]).toEqual([Number.NaN, Number.NaN, Number.NaN, 3]);
  });
  it('truncating the future changes nothing', () => {
    const values = Float64Array.from({ length: 3000 }, (_, i) => Math.cos(i * i));
    const all = rollingStandardDeviation(values, 20);
    const part = rollingStandardDeviation(values.subarray(0, 2000), 20);
    expect([...part]).toEqual([...all.subarray(0, 2000)]);
  });
});

describe('alignByTime', () => {
  const a = { times: f(1, 2, 3, 5), values: f(10, 20, Number.NaN, 50) };
  const b = { times: f(2, 3, 4, 5), values: f(2, 3, 4, 5) };
  it('keeps shared finite rows', () => {
    const { times, columns } = alignByTime([a, b]);
    expect([...times]).toEqual([2, 5]);
    expect(columns.map((c) => [...c])).toEqual([
      [20, 50],
      [2, 5],
    ]);
  });
  it('carries the last known value, never a later one, and not beyond its age', () => {
    const late = { times: f(2, 4), values: f(7, Number.NaN) };
    expect([...(alignByTime([a, late], { join: 'asof' }).columns[1] ?? [])]).toEqual([7, 7]);
    expect([...alignByTime([a, late], { join: 'asof', maxAge: 1 }).times]).toEqual([2]);
  });
  it('refuses times that go back', () => {
    expect(() => alignByTime([{ times: f(2, 1), values: f(1, 1) }])).toThrow(/later than/);
    expect(() => alignByTime([])).toThrow(/one series/);
  });
});

describe('resample', () => {
  const day = 86_400_000;
  it('ends months and ISO weeks at their last row', () => {
    // 2020-01-30 (Thu), 31 (Fri), 2020-02-03 (Mon), 04 (Tue)
    const start = Date.UTC(2020, 0, 30);
    const times = f(start, start + day, start + 4 * day, start + 5 * day);
    const months = resamplePeriods(times, 'month');
    expect([...months.ends]).toEqual([1, 3]);
    expect([...resamplePeriods(times, 'week').starts]).toEqual([0, 2]);
    const values = f(1, 4, Number.NaN, 2);
    expect([...aggregatePeriods(values, months, 'sum')]).toEqual([5, 2]);
    expect([...aggregatePeriods(values, months, 'max')]).toEqual([4, 2]);
    expect([...aggregatePeriods(values, months, 'first')]).toEqual([1, 2]);
    expect([...aggregatePeriods(values, months, 'mean')]).toEqual([2.5, 2]);
    expect([...resamplePeriods(times, 'quarter').ends]).toEqual([3]);
    expect([...resamplePeriods(times, 'year').ends]).toEqual([3]);
    expect([...resamplePeriods(times, 'day').ends]).toEqual([0, 1, 2, 3]);
  });
});
