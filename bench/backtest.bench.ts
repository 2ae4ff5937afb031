/** The shared backtester on a large book. */
import { createRng } from '../lib/rng.ts';
import { followWeights } from '../tools/kernels/backtest/decide.ts';
import { runBacktest } from '../tools/kernels/backtest/run-backtest.ts';
import type { Benchmark } from './benchmark.ts';

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'backtest 500 names × 5,000 days, daily rebalanced, costs',
    target: '≤ 0.5 s',
    setup: () => {
      const rng = createRng(1);
      const rows = 5000;
      const cols = 500;
      const close = new Float64Array(rows * cols);
      const weights = new Float64Array(rows * cols);
      for (let j = 0; j < cols; j++) close[j] = 100;
      for (let i = cols; i < close.length; i++) close[i] = (close[i - cols] as number) * Math.exp(0.01 * rng.normal());
      for (let i = 0; i < weights.length; i++) weights[i] = rng.normal() / cols;
      const costs = { commissionRate: 0.0005, halfSpread: 0.0002, borrowRate: 0.01, cashRate: 0.02 };
      const settings = { capital: 1e6, periodsPerYear: 252, costs };
      return () => runBacktest({ rows, cols, close }, settings, followWeights(weights, cols));
    },
  },
];
