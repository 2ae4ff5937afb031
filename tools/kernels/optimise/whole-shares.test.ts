import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { hasGolden, readGolden } from '../../../lib/testing/golden.ts';
import { solveWholeShares } from './whole-shares.ts';

/** Every combination, for a handful of assets. */
function enumerate(prices: number[], targets: number[], budget: number, penalty: number): number {
  let best = Number.POSITIVE_INFINITY;
  const visit = (i: number, cash: number, deviation: number): void => {
    if (i === prices.length) {
      best = Math.min(best, deviation + penalty * cash);
      return;
    }
    const price = prices[i] as number;
    for (let q = 0; q * price <= cash + 1e-9; q++) {
      visit(i + 1, cash - q * price, deviation + Math.abs(q * price - (targets[i] as number)));
    }
  };
  visit(0, budget, 0);
  return best;
}

describe('solveWholeShares', () => {
  it('equals exhaustive search', async () => {
    const rng = createRng(5);
    for (let trial = 0; trial < 12; trial++) {
      const prices = Array.from({ length: 3 }, () => 5 + Math.round(40 * rng.uniform()));
      const targets = Array.from({ length: 3 }, () => Math.round(120 * rng.uniform()));
      const budget = Math.round(targets.reduce((a, b) => a + b, 0) * (0.8 + 0.3 * rng.uniform()));
      for (const cashPenalty of [0, 1]) {
        const solved = await solveWholeShares({ prices, targetValues: targets, budget, cashPenalty });
        expect(solved.status).toBe('optimal');
        expect(solved.leftoverCash).toBeGreaterThanOrEqual(-1e-9);
        expect(solved.objective).toBeCloseTo(enumerate(prices, targets, budget, cashPenalty), 6);
      }
    }
  });

  it('keeps lot sizes and says when the fewest shares cannot be paid', async () => {
    const lots = await solveWholeShares({ prices: [10], targetValues: [260], budget: 300, lotSizes: [10] });
    expect(lots.shares).toEqual([30]);
    const broke = await solveWholeShares({ prices: [10], targetValues: [5], budget: 5, minShares: [2] });
    expect(broke.status).toBe('infeasible');
    await expect(solveWholeShares({ prices: [0], targetValues: [5], budget: 5 })).rejects.toThrow(/positive/);
  });

  it.skipIf(!hasGolden('rebalancing'))('golden rebalancing: every whole-share case', async () => {
    const golden = readGolden('rebalancing');
    let seen = 0;
    for (const [name, input] of Object.entries<Record<string, unknown>>(golden.input.cases)) {
      if (input['targetValues'] === undefined || input['prices'] === undefined) continue;
      seen++;
      const penalty = String(input['objective']).includes('leftover cash') ? 1 : 0;
      const solved = await solveWholeShares({
        prices: input['prices'] as number[],
        targetValues: input['targetValues'] as number[],
        budget: input['budget'] as number,
        cashPenalty: penalty,
      });
      const expected = golden.expect[name];
      expect(Math.abs(solved.objective - expected.objective)).toBeLessThan(1e-6);
      expect(solved.gap).toBe(0);
    }
    expect(seen).toBeGreaterThan(0);
  });
});
