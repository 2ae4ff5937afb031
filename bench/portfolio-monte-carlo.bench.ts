import { createRng } from '../lib/rng.ts';
import { simulatePortfolio } from '../tools/kernels/risk/monte-carlo.ts';
import type { Benchmark } from './benchmark.ts';

function setUp(rebalance: 'daily' | 'none'): () => unknown {
  const n = 10;
  const covariance = new Float64Array(n * n).fill(0.00005);
  for (let i = 0; i < n; i++) covariance[i * n + i] = 0.00015;
  const weights = new Float64Array(n).fill(1 / n);
  const mean = new Float64Array(n).fill(0.0003);
  return () => simulatePortfolio({ weights, mean, covariance, days: 252, paths: 10_000, rebalance }, createRng(42));
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'portfolio Monte Carlo, 10,000 paths × 252 days × 10 assets, rebalanced daily',
    target: '≤ 0.3 s',
    setup: () => setUp('daily'),
  },
  {
    name: 'portfolio Monte Carlo, 10,000 paths × 252 days × 10 assets, weights drift',
    target: '≤ 0.6 s',
    setup: () => setUp('none'),
  },
];
