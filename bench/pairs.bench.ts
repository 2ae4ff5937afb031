/** Pair scans of whole universes on one thread, and the moving hedge ratio. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { createRng } from '../lib/rng.ts';
import { kalmanHedge } from '../tools/kernels/statarb/kalman-hedge.ts';
import { prepareScan, scanPairRange } from '../tools/kernels/statarb/pair-scan.ts';
import type { Benchmark } from './benchmark.ts';

function universe(symbols: number, rows: number): Float64Array[] {
  const rng = createRng(1);
  const market = new Float64Array(rows);
  for (let t = 1; t < rows; t++) market[t] = (market[t - 1] as number) + 0.008 * rng.normal();
  return Array.from({ length: symbols }, () => {
    const x = new Float64Array(rows);
    for (let t = 1; t < rows; t++) x[t] = (x[t - 1] as number) + 0.012 * rng.normal();
    return x.map((v, t) => 4 + v + (market[t] as number));
  });
}

function scanAll(series: readonly Float64Array[]) {
  const prepared = prepareScan(series);
  return scanPairRange(prepared, 0, prepared.pairs);
}

/** Splits the pairs over two workers that stay up between calls. */
function onTwoThreads(symbols: number, rows: number): () => Promise<unknown> {
  const series = universe(symbols, rows);
  const pairs = (symbols * (symbols - 1)) / 2;
  const half = pairs >> 1;
  // Workers get no TypeScript loader on Node 20, so their file is bundled first.
  const entry = fileURLToPath(new URL('./pair-scan-worker.ts', import.meta.url));
  const built = buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', write: false });
  const code = built.outputFiles[0]?.text ?? '';
  const workers = [0, 1].map(() => {
    const worker = new Worker(code, { eval: true, execArgv: [] });
    worker.unref();
    return worker;
  });
  const run = (worker: Worker, from: number, to: number) =>
    new Promise((resolve, reject) => {
      worker.ref();
      worker.once('error', reject);
      worker.once('message', (statistic) => {
        worker.unref();
        resolve(statistic);
      });
      worker.postMessage({ series, from, to });
    });
  return () => Promise.all(workers.map((worker, i) => (i === 0 ? run(worker, 0, half) : run(worker, half, pairs))));
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'pair scan 100 × 2,500, both directions, AIC, one thread',
    target: '≤ 0.6 s on two threads (statsmodels, one direction, about 229 s)',
    work: { amount: 4950, unit: 'pairs' },
    budgetMs: 1500,
    setup: () => {
      const series = universe(100, 2500);
      return () => scanAll(series);
    },
  },
  {
    name: 'pair scan 500 × 1,250 (124,750 pairs), one thread',
    target: '≤ 5 s and 1 GB on two threads',
    work: { amount: 124_750, unit: 'pairs' },
    budgetMs: 1,
    setup: () => {
      const series = universe(500, 1250);
      return () => scanAll(series);
    },
  },
  {
    name: 'pair scan 100 × 2,500, two threads',
    target: '≤ 0.6 s',
    budgetMs: 1500,
    setup: () => onTwoThreads(100, 2500),
  },
  {
    name: 'pair scan 500 × 1,250 (124,750 pairs), two threads',
    target: '≤ 5 s and 1 GB',
    budgetMs: 1,
    setup: () => onTwoThreads(500, 1250),
  },
  {
    name: 'Kalman hedge ratio, 2,500 rows',
    target: '≤ 0.3 ms',
    setup: () => {
      const [y, x] = universe(2, 2500) as [Float64Array, Float64Array];
      return () => kalmanHedge(y, x, { delta: 1e-4, observationVariance: 1e-3 });
    },
  },
];
