import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hedgeGreeks } from './hedge-greeks.ts';
import { analyzePayoff, type PayoffLeg } from './strategy-payoff.ts';
import { premiumHistory, premiumSignal } from './variance-premium.ts';

describe('payoff of a strategy', () => {
  it('knows the textbook structures', () => {
    const condor: PayoffLeg[] = [
      { kind: 'put', quantity: 1, strike: 95 },
      { kind: 'put', quantity: -1, strike: 100 },
      { kind: 'call', quantity: -1, strike: 110 },
      { kind: 'call', quantity: 1, strike: 115 },
    ];
    const result = analyzePayoff(condor, 1.85);
    expect(result.maxGain).toBeCloseTo(1.85, 12);
    expect(result.maxLoss).toBeCloseTo(3.15, 12);
    expect(result.breakEvens.map((x) => Math.round(x * 1e9) / 1e9)).toEqual([98.15, 111.85]);
    const nakedCall = analyzePayoff([{ kind: 'call', quantity: -1, strike: 100 }], 4);
    expect(nakedCall.maxLoss).toBeNull();
    expect(nakedCall.breakEvens).toEqual([104]);
    const straddle = analyzePayoff(
      [
        { kind: 'call', quantity: 1, strike: 50 },
        { kind: 'put', quantity: 1, strike: 50 },
      ],
      -6,
    );
    expect(straddle.maxGain).toBeNull();
    expect(straddle.maxLoss).toBe(6);
    expect(straddle.breakEvens).toEqual([44, 56]);
  });

  it('bounds every profit by its extremes, and is zero at each break-even', () => {
    const leg = fc.record({
      kind: fc.constantFrom<'call' | 'put' | 'stock'>('call', 'put', 'stock'),
      quantity: fc.integer({ min: -3, max: 3 }),
      strike: fc.integer({ min: 50, max: 150 }),
    });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 6 }), fc.integer({ min: -20, max: 20 }), (legs, premium) => {
        const result = analyzePayoff(legs, premium);
        for (let x = 0; x <= 400; x += 7) {
          const profit = result.profitAt(x);
          if (result.maxGain !== null) expect(profit).toBeLessThanOrEqual(result.maxGain + 1e-9);
          if (result.maxLoss !== null) expect(profit).toBeGreaterThanOrEqual(-result.maxLoss - 1e-9);
        }
        for (const x of result.breakEvens) expect(Math.abs(result.profitAt(x))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('hedge of a book', () => {
  it('meets as many targets as there are instruments, and compromises otherwise', () => {
    const exact = hedgeGreeks({
      book: [450, -120, -800],
      targets: [0, 0, 0],
      scales: [1 / 450, 1 / 120, 1 / 800],
      instruments: [
        [1, 0, 0],
        [50, 3, 20],
        [40, 1, 35],
      ],
      costs: [1, 5, 5],
    });
    for (const value of exact.after) expect(Math.abs(value)).toBeLessThan(1e-4);
    const short = hedgeGreeks({ book: [10, 10], targets: [0, 0], scales: [1, 1], instruments: [[1, -1]], costs: [1] });
    expect(Math.abs(short.quantities[0] as number)).toBeLessThan(1e-6);
    const cheap = hedgeGreeks({ book: [100], targets: [0], scales: [1], instruments: [[1], [1]], costs: [1, 10] });
    expect((cheap.quantities[0] as number) + (cheap.quantities[1] as number)).toBeCloseTo(-100, 6);
    expect(Math.abs(cheap.quantities[0] as number)).toBeGreaterThan(Math.abs(cheap.quantities[1] as number));
  });
});

describe('variance premium', () => {
  const day = 86_400_000;
  const n = 700;
  const returns = Float64Array.from({ length: n }, (_, i) => 0.01 * (i % 2 === 0 ? 1 : -1));
  const times = Float64Array.from({ length: n }, (_, i) => i * day);
  const implied = Float64Array.from({ length: n }, (_, i) => 18 + Math.sin(i));
  const series = { returns, returnTimes: times, impliedTimes: times, impliedPoints: implied, window: 252 };

  it('scores the premium against its own past only', () => {
    const now = premiumHistory({ ...series, premium: 5, end: 600 * day });
    expect(now.zScore).toBeGreaterThan(3);
    expect(now.percentile).toBe(1);
    // Truncating the future changes nothing.
    const cut = premiumHistory({
      ...series,
      returns: returns.slice(0, 600),
      returnTimes: times.slice(0, 600),
      impliedTimes: times.slice(0, 600),
      impliedPoints: implied.slice(0, 600),
      premium: 5,
      end: 600 * day,
    });
    expect(cut).toEqual(now);
    expect(premiumHistory({ ...series, premium: 5, end: 300 * day }).reason).toMatch(/of 252 sessions/);
  });

  it('sells above the threshold, buys when the regime turns, and stays out between', () => {
    const row = { premium: 4, premiumToForecast: 2, zScore: 1.5 };
    expect(premiumSignal({ rows: [row], sellAbove: 2, regimeTurned: false }).signal).toBe('SELL_VOLATILITY');
    expect(premiumSignal({ rows: [row], sellAbove: 2, regimeTurned: true }).signal).toBe('BUY_VOLATILITY');
    expect(premiumSignal({ rows: [{ ...row, premium: 2 }], sellAbove: 2, regimeTurned: false }).signal).toBe(
      'STAY_OUT',
    );
    expect(premiumSignal({ rows: [{ ...row, premium: -3 }], sellAbove: 2, regimeTurned: false }).signal).toBe(
      'STAY_OUT',
    );
    const doubtful = premiumSignal({
      rows: [{ premium: 4, premiumToForecast: -1, zScore: -1 }],
      sellAbove: 2,
      regimeTurned: false,
    });
    expect(doubtful.quality).toBeLessThan(premiumSignal({ rows: [row], sellAbove: 2, regimeTurned: false }).quality);
  });
});
