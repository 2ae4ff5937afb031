import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { countWhipsaws, trendPositions } from './trend-filter.ts';

function walk(seed: number, n: number, drift: number): Float64Array {
  const rng = createRng(seed);
  let price = 100;
  return Float64Array.from({ length: n }, () => {
    price *= Math.exp(drift + 0.01 * rng.normal());
    return price;
  });
}

describe('trendPositions', () => {
  const prices = walk(3, 2000, 0);

  it('flips less with a band and an efficiency filter than without', () => {
    const plain = countWhipsaws(trendPositions(prices, { window: 100, average: 'sma', below: -1 }));
    const banded = countWhipsaws(
      trendPositions(prices, { window: 100, average: 'sma', below: -1, band: 0.02, minEfficiency: 0.2 }),
    );
    expect(plain.changes).toBeGreaterThan(20);
    expect(banded.changes).toBeLessThan(plain.changes / 2);
    expect(banded.whipsaws).toBeLessThanOrEqual(plain.whipsaws);
  });

  it('is long in a clear rise and short or flat in a clear fall', () => {
    const up = trendPositions(walk(1, 600, 0.004), { window: 50, average: 'kama', below: 0, band: 0.01 });
    const down = trendPositions(walk(1, 600, -0.004), { window: 50, average: 'kama', below: -1, band: 0.01 });
    expect(up[599]).toBe(1);
    expect(down[599]).toBe(-1);
  });

  it('does not look ahead', () => {
    const filter = { window: 60, average: 'kama', below: -1, band: 0.01, minEfficiency: 0.1 } as const;
    const whole = trendPositions(prices, filter);
    expect([...trendPositions(prices.slice(0, 900), filter)]).toEqual([...whole.slice(0, 900)]);
  });

  it('counts what happens quickly', () => {
    expect(countWhipsaws(Int8Array.from([0, 1, 1, -1, 1, 1]), 2)).toEqual({ changes: 2, whipsaws: 1 });
    expect(countWhipsaws(new Int8Array(5))).toEqual({ changes: 0, whipsaws: 0 });
    expect(() => trendPositions(prices, { window: 10, average: 'sma', below: 0, band: 2 })).toThrow(/band/);
  });
});
