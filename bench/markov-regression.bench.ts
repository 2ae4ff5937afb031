/** A two-regime switching regression on 2,500 simulated returns; peer: statsmodels 305 ms. */
import { createRng } from '../lib/rng.ts';
import { fitMarkovRegression } from '../tools/kernels/markov-switching/markov-regression.ts';
import type { Benchmark } from './benchmark.ts';

const ROWS = 2500;

function simulated(): Float64Array {
  const rng = createRng(5);
  let s = 0;
  return Float64Array.from({ length: ROWS }, () => {
    if (rng.uniform() < (s === 0 ? 0.013 : 0.03)) s = 1 - s;
    return s === 0 ? 0.08 + 0.66 * rng.normal() : -0.08 + 1.8 * rng.normal();
  });
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: `Markov regression, two regimes, ${ROWS} rows`,
    target: '30 ms (statsmodels 305)',
    setup() {
      const returns = simulated();
      return () => {
        fitMarkovRegression(returns, { regimes: 2, switchingMean: true, switchingVariance: true, rng: createRng(1) });
      };
    },
  },
];
