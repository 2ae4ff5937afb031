/** Machine learning: trees, attribution, and the whole one-model study. The long ones run once a process. */
import { createRng } from '../lib/rng.ts';
import { evaluatePredictions } from '../tools/kernels/ml/evaluate-predictions.ts';
import { buildFeatureTable } from '../tools/kernels/ml/feature-table.ts';
import { defaultBoosting, fitBoosting } from '../tools/kernels/ml/gradient-boosting.ts';
import type { FeatureCategory } from '../tools/kernels/ml/instrument-features.ts';
import { completeRows, daySpans } from '../tools/kernels/ml/model-rows.ts';
import type { PanelSeries } from '../tools/kernels/ml/panel-series.ts';
import { predictOutOfSample, scoredRows } from '../tools/kernels/ml/predict-out-of-sample.ts';
import { fitForest } from '../tools/kernels/ml/random-forest.ts';
import { returnTarget } from '../tools/kernels/ml/return-target.ts';
import { purgedKFold } from '../tools/kernels/ml/splits.ts';
import { treeShap } from '../tools/kernels/ml/tree-shap.ts';
import type { Benchmark } from './benchmark.ts';

const ROWS = 50_000;
const COLS = 20;

function table(rows: number): { x: Float64Array; y: Float64Array } {
  const rng = createRng(1);
  const x = Float64Array.from({ length: rows * COLS }, () => rng.normal());
  const at = (i: number, f: number): number => x[i * COLS + f] as number;
  const y = Float64Array.from(
    { length: rows },
    (_, i) => 0.5 * at(i, 0) + Math.sin(2 * at(i, 1)) + 0.3 * at(i, 2) * at(i, 3) + rng.normal(),
  );
  return { x, y };
}

/** Forty instruments of fifteen years of noise with a common factor. */
function market(): PanelSeries[] {
  const rng = createRng(2);
  const days = 15 * 252;
  const common = Float64Array.from({ length: days }, () => 0.006 * rng.normal());
  const times = Float64Array.from({ length: days }, (_, t) => t * 86_400_000);
  return Array.from({ length: 40 }, (_, i) => {
    let price = 100;
    const close = common.map((move) => {
      price *= Math.exp(move + 0.01 * rng.normal());
      return price;
    });
    const volume = close.map(() => 1e6 * (1 + rng.uniform()));
    return { symbol: `S${i}`, times, close, high: close.map((c) => c * 1.01), low: close.map((c) => c * 0.99), volume };
  });
}

const categories: FeatureCategory[] = ['technical', 'volatility', 'momentum', 'fractional', 'cross-asset'];

/** Features, three algorithms with their default settings (255 bins) on the same five purged folds, evidence. */
function oneModel(instruments: readonly PanelSeries[]): number {
  const features = buildFeatureTable(instruments, [], { categories, fractionalOrder: 0.4 });
  const rows = completeRows(features, returnTarget(features, instruments, 1, 'return'), 1);
  const splits = purgedKFold(daySpans(rows), { folds: 5, embargo: 5, rule: 'strict' });
  let sum = 0;
  for (const algorithm of ['ridge', 'random-forest', 'gradient-boosting'] as const) {
    const out = predictOutOfSample(rows, splits, { algorithm, candidates: 1, horizon: 1 }, createRng(3));
    sum += evaluatePredictions(scoredRows(rows, out), 1).informationCoefficient?.estimate ?? 0;
  }
  return sum;
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'random forest, 100 trees on 50,000 × 20, a third of the features, leaf 5, every threshold',
    target: '≤ 0.4 × scikit-learn on one thread (28.7 s)',
    budgetMs: 1,
    setup: () => {
      const { x, y } = table(ROWS);
      const settings = { trees: 100, maxDepth: Number.POSITIVE_INFINITY, minLeaf: 5, featuresPerSplit: 6 };
      return () => fitForest(x, y, COLS, { ...settings, splitter: 'exact', sampleFraction: 1 }, createRng(2));
    },
  },
  {
    name: 'histogram gradient boosting, 100 iterations of 31 leaves on 50,000 × 20',
    target: '≤ 1.5 × scikit-learn on one thread',
    budgetMs: 2000,
    setup: () => {
      const { x, y } = table(ROWS);
      return () => fitBoosting(x, y, COLS, defaultBoosting, createRng(3));
    },
  },
  {
    name: 'exact TreeSHAP, 100 boosted trees of 31 leaves, 500 rows',
    target: 'exact to 1e-9 (test); speed for information',
    budgetMs: 1000,
    work: { amount: 500, unit: 'rows' },
    setup: () => {
      const { x, y } = table(5000);
      const ensemble = fitBoosting(x, y, COLS, defaultBoosting, createRng(3));
      return () => treeShap(ensemble, x.subarray(0, 500 * COLS), 500);
    },
  },
  {
    name: 'one model: 40 instruments × 15 years × 41 features, purged 5-fold, ridge + forest + boosting',
    target: '≤ 60 s and under 1 GB',
    budgetMs: 1,
    setup: () => {
      const instruments = market();
      return () => oneModel(instruments);
    },
  },
];
