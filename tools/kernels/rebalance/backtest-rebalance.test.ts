import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { backtestRebalancing } from './backtest-rebalance.ts';

const rng = createRng(1);
const series = (): Float64Array => Float64Array.from({ length: 500 }, () => 0.0003 + 0.01 * rng.normal());
const returns = [series(), series()];
const target = [0.6, 0.3];

describe('backtestRebalancing', () => {
  it('buy and hold grows like its parts', () => {
    const { returns: out, trades } = backtestRebalancing({
      returns,
      target,
      rule: { kind: 'none' },
      costRate: 0.01,
      cashReturn: 0.0001,
    });
    const growth = (r: Float64Array): number => r.reduce((g, x) => g * (1 + x), 1);
    expect(growth(out)).toBeCloseTo(
      0.6 * growth(returns[0] as Float64Array) + 0.3 * growth(returns[1] as Float64Array) + 0.1 * 1.0001 ** 500,
      10,
    );
    expect(trades).toEqual([]);
  });

  it('rebalanced every period without costs it earns the weighted return, one period late', () => {
    const due = new Uint8Array(500).fill(1);
    const { returns: out } = backtestRebalancing({ returns, target, rule: { kind: 'calendar', due }, costRate: 0 });
    for (let t = 2; t < 500; t++) {
      expect(out[t]).toBeCloseTo(0.6 * (returns[0]?.[t] as number) + 0.3 * (returns[1]?.[t] as number), 12);
    }
  });

  it('pays for what it trades', () => {
    const rule = { kind: 'band', band: 0.01 } as const;
    const free = backtestRebalancing({ returns, target, rule, costRate: 0 });
    const paid = backtestRebalancing({ returns, target, rule, costRate: 0.001 });
    expect(paid.trades.length).toBeGreaterThan(3);
    for (const one of paid.trades) expect(one.cost).toBeCloseTo(one.traded * 0.001, 9);
    const growth = (r: Float64Array): number => r.reduce((g, x) => g * (1 + x), 1);
    expect(growth(paid.returns)).toBeLessThan(growth(free.returns));
  });

  it('does not know the future: the first rows are the same when the last are cut off', () => {
    const rule = { kind: 'band', band: 0.02 } as const;
    const whole = backtestRebalancing({ returns, target, rule, costRate: 0.001 });
    const cut = backtestRebalancing({ returns: returns.map((r) => r.subarray(0, 300)), target, rule, costRate: 0.001 });
    expect([...whole.returns.subarray(0, 299)]).toEqual([...cut.returns.subarray(0, 299)]);
  });

  it('does not trade at the close it decides on', () => {
    const jump = [Float64Array.of(0.5, -0.3, 0), Float64Array.of(0, 0, 0)];
    const { trades, returns: out } = backtestRebalancing({
      returns: jump,
      target: [0.5, 0.5],
      rule: { kind: 'band', band: 0.05 },
      costRate: 0,
    });
    expect(trades.map((t) => t.period)[0]).toBe(1);
    // The drifted 0.6 of 1.25 still takes the fall of the next period.
    expect(out[1]).toBeCloseTo(-0.3 * 0.6, 12);
  });
});
