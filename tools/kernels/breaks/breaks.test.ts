import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { cusumTest } from './cusum.ts';
import { pelt } from './pelt.ts';

function noise(n: number, seed: number): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => rng.normal());
}

/** The same minimum by full dynamic programming, no pruning. */
function fullSearch(values: Float64Array, minimum: number, penalty: number): number {
  const n = values.length;
  const centre = values.reduce((a, b) => a + b, 0) / n;
  let noiseVariance = 0;
  for (let t = 1; t < n; t++) noiseVariance += ((values[t] as number) - (values[t - 1] as number)) ** 2 / (2 * (n - 1));
  const cost = (a: number, b: number): number => {
    const part = [...values.subarray(a, b)].map((v) => v - centre);
    const mean = part.reduce((x, y) => x + y, 0) / part.length;
    return part.reduce((x, y) => x + (y - mean) ** 2, 0) / noiseVariance;
  };
  const best = new Array<number>(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  for (let end = minimum; end <= n; end++) {
    for (let start = 0; start <= end - minimum; start++) {
      best[end] = Math.min(best[end] as number, (best[start] as number) + cost(start, end) + penalty);
    }
  }
  return best[n] as number;
}

describe('PELT', () => {
  it('finds changes of level and of variance within a few rows', () => {
    const e = noise(600, 1);
    const level = e.map((v, t) => v + (t < 200 ? 0 : t < 450 ? 3 : -1));
    const found = pelt(level, { kind: 'mean' }).changes;
    expect(found).toHaveLength(2);
    expect(Math.abs((found[0] as number) - 200)).toBeLessThan(4);
    expect(Math.abs((found[1] as number) - 450)).toBeLessThan(4);
    const spread = e.map((v, t) => (t < 300 ? v : 4 * v));
    const [change] = pelt(spread, { kind: 'variance' }).changes;
    expect(Math.abs((change as number) - 300)).toBeLessThan(10);
    expect(pelt(spread, { kind: 'both' }).changes).toHaveLength(1);
  });
  it('reaches the minimum of the unpruned search', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 12, maxLength: 30 }),
        fc.integer({ min: 1, max: 1e6 }),
        (levels, seed) => {
          const e = noise(levels.length, seed);
          const values = e.map((v, t) => v + (levels[Math.floor(t / 6)] as number));
          const result = pelt(values, { kind: 'mean', minimumLength: 3, penalty: 4 });
          expect(result.cost).toBeCloseTo(fullSearch(values, 3, 4), 8);
        },
      ),
      { numRuns: 40 },
    );
  });
  it('finds nothing in plain noise and refuses short series', () => {
    for (let seed = 10; seed < 20; seed++) expect(pelt(noise(500, seed), { kind: 'both' }).changes).toEqual([]);
    expect(() => pelt(noise(30, 1), { kind: 'mean' })).toThrow(/at least 40/);
  });
});

describe('CUSUM', () => {
  it('rejects a break, with its row, and holds its size without one', () => {
    const broken = noise(500, 3).map((v, t) => v + (t < 250 ? 0 : 0.8));
    const test = cusumTest(broken, 'mean');
    expect(test.pValue).toBeLessThan(0.01);
    expect(Math.abs(test.at - 250)).toBeLessThan(25);
    expect(
      cusumTest(
        noise(500, 3).map((v, t) => (t < 250 ? v : 2.5 * v)),
        'variance',
      ).pValue,
    ).toBeLessThan(0.01);
    let rejected = 0;
    for (let seed = 100; seed < 300; seed++) if (cusumTest(noise(300, seed), 'mean').pValue < 0.05) rejected++;
    expect(rejected).toBeLessThan(22);
    expect(cusumTest(new Float64Array(50).fill(2), 'mean').pValue).toBe(1);
  });
});
