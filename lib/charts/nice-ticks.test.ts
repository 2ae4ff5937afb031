import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extent, niceTicks } from './nice-ticks.ts';

describe('niceTicks', () => {
  it.each([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-0.03, 0.07, 4, [-0.025, 0, 0.025, 0.05]],
    [1000, 5000, 4, [1000, 2000, 3000, 4000, 5000]],
    [7, 7, 4, [7]],
  ])('from %d to %d', (low, high, count, ticks) => {
    expect(niceTicks(low, high, count)).toEqual(ticks);
  });

  it('stays inside the range, ascends, and is never crowded', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        (low, width) => {
          const ticks = niceTicks(low, low + width, 5);
          expect(ticks.length).toBeLessThanOrEqual(7);
          for (const [i, tick] of ticks.entries()) {
            expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * Math.max(1, Math.abs(low), width));
            expect(tick).toBeLessThanOrEqual(low + width + 1e-6 * Math.max(1, Math.abs(low), width));
            if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1] as number);
          }
        },
      ),
    );
  });
});

describe('extent', () => {
  it('passes over gaps and says when there is nothing', () => {
    expect(extent([null, 3, Number.NaN, -1])).toEqual({ low: -1, high: 3 });
    expect(extent([null])).toBeNull();
  });
});
