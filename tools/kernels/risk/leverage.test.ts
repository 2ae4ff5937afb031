import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { analyzeLeveredGrowth, firstPassage, marginCallFall } from './leverage.ts';

const base = { leverage: 2, mean: 0.08, volatility: 0.16, financingRate: 0.04, years: 1, ruinLevel: 0.5 };

describe('leverage', () => {
  it('grows fastest at the Kelly leverage', () => {
    const { kellyLeverage, growthAtKelly } = analyzeLeveredGrowth(base);
    expect(kellyLeverage).toBeCloseTo(0.04 / 0.0256, 12);
    const at = (leverage: number): number => analyzeLeveredGrowth({ ...base, leverage }).growth;
    expect(at(kellyLeverage)).toBeCloseTo(growthAtKelly, 12);
    expect(at(kellyLeverage * 1.1)).toBeLessThan(growthAtKelly);
    expect(at(kellyLeverage * 0.9)).toBeLessThan(growthAtKelly);
    // At twice Kelly nothing is left over the financing rate.
    expect(at(2 * kellyLeverage)).toBeCloseTo(0.04, 12);
  });

  it('the chance of ruin equals simulation with a fine grid', () => {
    const rng = createRng(11);
    const [drift, volatility, barrier] = [-0.05, 0.4, Math.log(0.6)];
    const steps = 500;
    const paths = 6000;
    let hits = 0;
    const z = new Float64Array(steps);
    for (let path = 0; path < paths; path++) {
      rng.fillNormal(z);
      let x = 0;
      let alive = 1;
      for (const shock of z) {
        const next = x + drift / steps + (volatility * shock) / Math.sqrt(steps);
        // Brownian bridge: the chance to have touched between two grid points.
        if (next <= barrier) alive = 0;
        else alive *= 1 - Math.exp((-2 * (barrier - x) * (barrier - next) * steps) / volatility ** 2);
        x = next;
        if (alive === 0) break;
      }
      hits += 1 - alive;
    }
    const exact = firstPassage(drift, volatility, 1, barrier);
    expect(Math.abs(hits / paths - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / paths));
  });

  it('ruin is likelier with more leverage, and certain in the limit', () => {
    const ruin = (leverage: number): number => analyzeLeveredGrowth({ ...base, leverage }).ruinProbability;
    expect(ruin(1)).toBeLessThan(ruin(2));
    expect(ruin(2)).toBeLessThan(ruin(4));
    expect(ruin(40)).toBeGreaterThan(0.99);
    expect(firstPassage(-50, 0.1, 1, -0.5)).toBe(1);
  });

  it('a margin call at 2x and 25% maintenance comes after a fall by a third', () => {
    expect(marginCallFall(2, 0.25)).toBeCloseTo(1 / 3, 12);
    expect(marginCallFall(1, 0.25)).toBeNull();
    expect(marginCallFall(4, 0.25)).toBe(0);
  });

  it('refuses nonsense', () => {
    expect(() => analyzeLeveredGrowth({ ...base, volatility: 0 })).toThrow(/positive/);
  });
});
