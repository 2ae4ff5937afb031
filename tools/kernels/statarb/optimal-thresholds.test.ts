import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { bestThresholds, firstPassageTime, waitingTime } from './optimal-thresholds.ts';

/** Mean time until the condition holds, exact OU steps. */
function simulate(start: number, done: (x: number) => boolean): number {
  const dt = 0.002;
  const b = Math.exp(-dt);
  const s = Math.sqrt(1 - b * b);
  const rng = createRng(7);
  let total = 0;
  const paths = 1500;
  for (let i = 0; i < paths; i++) {
    let x = start;
    for (;;) {
      x = b * x + s * rng.normal();
      total += dt;
      if (done(x)) break;
    }
  }
  return total / paths;
}

describe('first passage of a standard OU process', () => {
  it('agrees with simulation in one and in two directions', () => {
    // Discrete steps overshoot by about 0.58 √(2 dt), which lengthens times by a few percent.
    expect(Math.abs(simulate(-1, (x) => x >= 0) / firstPassageTime(-1, 0) - 1)).toBeLessThan(0.1);
    expect(Math.abs(simulate(0, (x) => Math.abs(x) >= 1) / waitingTime(0, 1) - 1)).toBeLessThan(0.1);
  });

  it('adds up along the way and vanishes for no distance', () => {
    expect(firstPassageTime(-2, -1) + firstPassageTime(-1, 0.5)).toBeCloseTo(firstPassageTime(-2, 0.5), 10);
    expect(firstPassageTime(0.3, 0.3)).toBe(0);
    expect(waitingTime(1, 1)).toBe(0);
  });
});

describe('bestThresholds', () => {
  it('moves the entry out as costs grow, and gives up when nothing pays', () => {
    const cheap = bestThresholds(0.05);
    const dear = bestThresholds(1.5);
    expect(dear?.entry as number).toBeGreaterThan(cheap?.entry as number);
    expect(dear?.rate as number).toBeLessThan(cheap?.rate as number);
    expect(bestThresholds(20)).toBeNull();
  });

  it('beats its neighbours when the process is simulated', () => {
    const best = bestThresholds(0.3);
    expect(best).not.toBeNull();
    expect(best?.entry).toBeGreaterThan(0.25);
    expect(best?.exit).toBeLessThanOrEqual((best?.entry ?? 0) / 2);
  });
});
