import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { backtestEvidence } from './backtest-evidence.ts';
import type { BacktestMarket, Decide } from './backtest-types.ts';
import { buyAndHold, followWeights } from './decide.ts';
import { runBacktest } from './run-backtest.ts';

const settings = { capital: 1000, periodsPerYear: 252 };

function marketOf(...columns: number[][]): BacktestMarket {
  const rows = columns[0]?.length ?? 0;
  const close = new Float64Array(rows * columns.length);
  for (const [j, column] of columns.entries()) {
    for (const [t, price] of column.entries()) close[t * columns.length + j] = price;
  }
  return { rows, cols: columns.length, close };
}

function randomMarket(seed: number, rows: number, cols: number): BacktestMarket {
  const rng = createRng(seed);
  const columns = Array.from({ length: cols }, () => {
    let price = 100;
    return Array.from({ length: rows }, () => {
      price *= Math.exp(0.02 * rng.normal());
      return price;
    });
  });
  return marketOf(...columns);
}

const always =
  (...weights: number[]): Decide =>
  (_view, target) => {
    target.set(weights);
    return 'weights';
  };

describe('runBacktest by hand', () => {
  it('decides at t and fills at t+1, so the first move is missed', () => {
    const result = runBacktest(marketOf([100, 110, 121]), settings, buyAndHold([1]));
    // 10 units decided at 100, bought at 110: 1100 of cash spent from 1000, then 121.
    expect([...result.equity]).toEqual([1000, 1000, 1110]);
    expect(result.fills).toEqual([{ row: 1, asset: 0, units: 10, price: 110, cost: 0 }]);
    expect(result.gross[1]).toBeCloseTo(1.1, 12);
  });

  it('fills on the same bar only when told to, and that pays the look-ahead', () => {
    const result = runBacktest(marketOf([100, 110]), { ...settings, delay: 0 }, buyAndHold([1]));
    expect([...result.equity]).toEqual([1000, 1100]);
  });

  it('charges commission, spread and slippage on traded value and keeps them apart', () => {
    const costs = { commissionRate: 0.001, halfSpread: 0.002, slippage: 0.003, commissionPerUnit: 0.01 };
    const result = runBacktest(marketOf([100, 100, 100]), { ...settings, costs }, buyAndHold([0.5]));
    expect(result.costs.commission).toBeCloseTo(0.5 + 0.05, 12);
    expect(result.costs.spread).toBeCloseTo(1, 12);
    expect(result.costs.slippage).toBeCloseTo(1.5, 12);
    expect(result.equity[2]).toBeCloseTo(1000 - 3.05, 12);
  });

  it('accrues cash interest on idle capital, financing on borrowed capital and borrow on shorts', () => {
    const costs = { cashRate: 0.252, financingSpread: 0.252, borrowRate: 0.126 };
    const flat = marketOf([100, 100, 100], [100, 100, 100]);
    const idle = runBacktest(flat, { ...settings, costs }, () => 'hold');
    expect(idle.equity[2]).toBeCloseTo(1000 * 1.001 ** 2, 9);
    const lever = runBacktest(flat, { ...settings, costs }, buyAndHold([2, 0]));
    // Bar 1 earns interest on 1000, then 2000 long on 1001 of equity borrows 999 at 50.4%.
    expect(lever.equity[2]).toBeCloseTo(1001 - (999 * 0.504) / 252, 9);
    const short = runBacktest(flat, { ...settings, costs }, buyAndHold([0, -1]));
    expect(short.equity[2]).toBeCloseTo(1001 + 1.001 - 0.5, 9);
  });

  it('keeps units between rebalances and books round trips', () => {
    const decide: Decide = ({ row }, target) => {
      if (row === 1) target[0] = -3;
      return row === 1 || row === 3 ? 'units' : 'hold';
    };
    const result = runBacktest(marketOf([10, 10, 12, 11, 9, 9]), settings, decide);
    expect(result.roundTrips).toEqual([{ asset: 0, entryRow: 2, exitRow: 4, side: -1, profit: 9 }]);
    expect(result.equity[5]).toBe(1009);
  });
});

describe('runBacktest rules', () => {
  it('does not buy what is not listed, and buys it once it is', () => {
    const result = runBacktest(marketOf([Number.NaN, Number.NaN, 10, 10, 20]), settings, always(1));
    expect(result.counts.notListed).toBe(2);
    expect([...result.equity]).toEqual([1000, 1000, 1000, 1000, 2000]);
  });

  it('marks a gap at the last price and lets orders lapse', () => {
    const result = runBacktest(marketOf([10, Number.NaN, 10, 10]), settings, buyAndHold([1]));
    expect(result.counts.unfilledNoPrice).toBe(1);
    expect(result.fillCount).toBe(0);
    const held = runBacktest(marketOf([10, 10, Number.NaN, 20]), settings, buyAndHold([1]));
    expect([...held.equity]).toEqual([1000, 1000, 1000, 2000]);
  });

  it('closes a position whose price has vanished', () => {
    const prices = [10, 10, ...Array.from({ length: 6 }, () => Number.NaN)];
    const result = runBacktest(marketOf(prices), { ...settings, staleLimit: 3 }, buyAndHold([1]));
    expect(result.counts.closedStale).toBe(1);
    expect(result.gross[7]).toBe(0);
    expect(result.equity[7]).toBe(1000);
  });

  it('stops at ruin and never trades again', () => {
    const result = runBacktest(marketOf([100, 100, 40, 400]), settings, always(3));
    expect(result.status).toBe('ruined');
    expect(result.equity[3]).toBe(result.equity[2]);
    expect(result.gross[3]).toBe(0);
  });

  it('scales to the gross limit', () => {
    const result = runBacktest(marketOf([10, 10, 10]), { ...settings, maxGross: 1.5 }, always(4));
    expect(result.counts.scaledToGross).toBe(2);
    expect(result.gross[2]).toBeCloseTo(1.5, 12);
  });

  it('misses limit orders that the market does not trade through, and fills by volume', () => {
    const base = marketOf([100, 100, 100]);
    const market = {
      ...base,
      high: Float64Array.of(101, 101, 101),
      low: Float64Array.of(99, 99, 98),
      volume: Float64Array.of(8, 8, 8),
    };
    const limit = {
      ...settings,
      limitOffset: 0.015,
      costs: { commissionRate: 0.01, makerRate: -0.001, halfSpread: 0.01 },
    };
    const result = runBacktest(market, { ...limit, participation: 0.5 }, always(1));
    expect(result.counts.missedLimit).toBe(1);
    expect(result.counts.partialFills).toBe(1);
    expect(result.fills[0]?.units).toBe(4);
    expect(result.fills[0]?.price).toBe(98.5);
    expect(result.costs.commission).toBeCloseTo(-0.394, 12);
    expect(result.costs.spread).toBe(0);
    expect(() => runBacktest(base, limit, always(1))).toThrow(/high and low/);
  });

  it('treats a delay of two without ordering twice', () => {
    const result = runBacktest(marketOf([10, 10, 10, 10, 10]), { ...settings, delay: 2 }, always(1));
    expect(result.fillCount).toBe(1);
    expect(result.fills[0]?.row).toBe(2);
  });
});

describe('runBacktest properties', () => {
  it('conserves money: equity is capital plus gains minus every cost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const market = randomMarket(seed, 60, 3);
        const rng = createRng(seed).fork('weights');
        const weights = Float64Array.from({ length: 180 }, () => rng.normal() * 0.5);
        const costs = { commissionRate: 0.001, halfSpread: 0.0005, borrowRate: 0.02, cashRate: 0.03 };
        const result = runBacktest(market, { ...settings, costs }, followWeights(weights, 3));
        if (result.status === 'ruined') return;
        const trips = result.roundTrips.reduce((sum, trip) => sum + trip.profit, 0);
        const { interest, borrow, financing } = result.costs;
        const expected = 1000 + trips + interest - borrow - financing;
        expect(result.equity[59]).toBeCloseTo(expected, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('does not look ahead: a truncated future leaves the past as it was', () => {
    const market = randomMarket(5, 80, 2);
    const decide: Decide = ({ prices }, target) => {
      target[0] = (prices[0] as number) > (prices[1] as number) ? 1 : -0.5;
      return 'weights';
    };
    const whole = runBacktest(market, settings, decide);
    const cut = { rows: 50, cols: 2, close: market.close.slice(0, 100) };
    expect([...runBacktest(cut, settings, decide).equity]).toEqual([...whole.equity.slice(0, 50)]);
  });

  it('gives smaller results for larger costs', () => {
    const market = randomMarket(8, 100, 2);
    const decide: Decide = ({ row }, target) => {
      target[row % 2] = 1;
      return 'weights';
    };
    const at = (commissionRate: number) => runBacktest(market, { ...settings, costs: { commissionRate } }, decide);
    expect(at(0.01).equity[99]).toBeLessThan(at(0.001).equity[99] as number);
  });
});

describe('backtestEvidence', () => {
  it('brackets the estimate, deflates with trials and repeats by seed', () => {
    const market = randomMarket(3, 400, 2);
    const result = runBacktest(market, settings, buyAndHold([0.5, 0.5]));
    const run = () =>
      backtestEvidence(result, { periodsPerYear: 252, trials: 50, replications: 200, rng: createRng(1) });
    const e = run();
    expect(e.sharpeInterval?.lower).toBeLessThan(e.sharpeInterval?.estimate as number);
    expect(e.sharpeInterval?.upper).toBeGreaterThan(e.sharpeInterval?.estimate as number);
    expect(e.deflatedSharpe as number).toBeLessThan(e.probabilisticSharpe as number);
    expect(run()).toEqual(e);
  });

  it('has no Sharpe ratio for a book that never trades', () => {
    const e = backtestEvidence(
      runBacktest(marketOf([1, 1, 1]), settings, () => 'hold'),
      {
        periodsPerYear: 252,
        rng: createRng(1),
      },
    );
    expect(e.probabilisticSharpe).toBeNull();
    expect(e.sharpeInterval).toBeNull();
  });
});
