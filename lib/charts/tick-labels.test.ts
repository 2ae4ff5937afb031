import { describe, expect, it } from 'vitest';
import { niceTicks } from './nice-ticks.ts';
import { tickLabels } from './tick-labels.ts';

describe('tickLabels', () => {
  it.each([
    [[0, 0.25, 0.5, 0.75, 1], 'probability', ['0%', '25%', '50%', '75%', '100%']],
    [[1000, 2000, 3000], 'price', ['1,000', '2,000', '3,000']],
    [[0.1, 0.105, 0.11], 'annualVol', ['10.0%', '10.5%', '11.0%']],
    [[-0.5, 0, 0.5], 'correlation', ['-0.5', '0.0', '0.5']],
  ] as const)('%j in %s', (ticks, unit, labels) => {
    expect(tickLabels(ticks, unit)).toEqual(labels);
  });

  it('tells neighbours apart at every scale', () => {
    for (const scale of [1e-8, 1e-3, 1, 250, 1e7]) {
      const labels = tickLabels(niceTicks(0.3 * scale, 1.7 * scale, 5), 'price');
      expect(new Set(labels).size).toBe(labels.length);
    }
  });
});
