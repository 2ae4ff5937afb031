/** The algorithms that a return model may use, with one way to fit and to predict. Fitted models are plain data. */
import type { Rng } from '../../../lib/rng.ts';
import { defaultBoosting, fitBoosting } from './gradient-boosting.ts';
import { fitElasticNet, fitRidge, type LinearModel, predictLinear } from './linear-models.ts';
import { fitForest } from './random-forest.ts';
import { predictTrees, type TreeEnsemble } from './tree.ts';

export const algorithms = ['ridge', 'elastic-net', 'random-forest', 'gradient-boosting'] as const;
export type Algorithm = (typeof algorithms)[number];

/** A point of the search: the algorithm with its named numbers. */
export interface Candidate {
  readonly algorithm: Algorithm;
  readonly parameters: Readonly<Record<string, number>>;
}

export type FittedReturnModel =
  | {
      readonly kind: 'linear';
      readonly model: LinearModel;
      readonly means: Float64Array;
      readonly scales: Float64Array;
    }
  | { readonly kind: 'trees'; readonly ensemble: TreeEnsemble };

export interface TrainingTable {
  readonly values: Float64Array;
  readonly target: Float64Array;
  readonly cols: number;
}

/** What each algorithm may be set to; the first of each list is the default. */
export const searchSpace: Readonly<Record<Algorithm, Readonly<Record<string, readonly number[]>>>> = {
  ridge: { penaltyPerRow: [0.1, 0.001, 0.01, 1, 10, 100] },
  'elastic-net': { penaltyShare: [0.3, 0.05, 0.1, 0.5, 0.8], l1Share: [0.5, 0.1, 0.9] },
  'random-forest': {
    trees: [50],
    maxLeaves: [32, 8, 128],
    minLeafShare: [0.005, 0.002, 0.02],
    featureShare: [0.33, 0.15, 0.6],
    sampleShare: [0.2],
  },
  'gradient-boosting': {
    iterations: [60, 30, 120],
    learningRate: [0.05, 0.02, 0.1],
    maxLeaves: [8, 4, 16],
    minLeafShare: [0.005, 0.02],
    l2: [10, 1],
  },
};

/** The default and `count - 1` others drawn without repeats, in a fixed order of the seed. */
export function drawCandidates(algorithm: Algorithm, count: number, rng: Rng): Candidate[] {
  const space = Object.entries(searchSpace[algorithm]);
  const all = space.reduce<Record<string, number>[]>(
    (known, [name, values]) => known.flatMap((partial) => values.map((value) => ({ ...partial, [name]: value }))),
    [{}],
  );
  const [first, ...others] = all as [Record<string, number>, ...Record<string, number>[]];
  const chosen = [first];
  while (chosen.length < Math.min(count, all.length)) chosen.push(...others.splice(rng.integer(others.length), 1));
  return chosen.map((parameters) => ({ algorithm, parameters }));
}

/**
 * Fits one candidate. Linear models standardise by the training rows (penalties are per row and in units of the target's
 * deviation); trees are histogram trees of at most 255 bins. Finite rows only.
 */
export function fitCandidate(
  candidate: Candidate,
  table: TrainingTable,
  rng: Rng,
  signal?: AbortSignal,
): FittedReturnModel {
  const { algorithm, parameters } = candidate;
  const at = (name: string): number => parameters[name] as number;
  const rows = table.target.length;
  const minLeaf = Math.max(5, Math.round(rows * (parameters['minLeafShare'] ?? 0)));
  if (algorithm === 'ridge' || algorithm === 'elastic-net') return fitLinear(candidate, table);
  if (algorithm === 'random-forest') {
    const { trees, base, scale, features } = fitForest(
      table.values,
      table.target,
      table.cols,
      {
        trees: at('trees'),
        maxDepth: Number.POSITIVE_INFINITY,
        maxLeaves: at('maxLeaves'),
        minLeaf: Math.max(5, Math.round(minLeaf * at('sampleShare'))),
        featuresPerSplit: Math.max(1, Math.round(table.cols * at('featureShare'))),
        splitter: 'binned',
        sampleFraction: at('sampleShare'),
        outOfBag: false,
      },
      rng,
      { signal },
    );
    return { kind: 'trees', ensemble: { trees, base, scale, features } };
  }
  const ensemble = fitBoosting(
    table.values,
    table.target,
    table.cols,
    {
      ...defaultBoosting,
      iterations: at('iterations'),
      learningRate: at('learningRate'),
      maxLeaves: at('maxLeaves'),
      minLeaf,
      l2: at('l2'),
    },
    rng,
    { signal },
  );
  return { kind: 'trees', ensemble };
}

function fitLinear(candidate: Candidate, table: TrainingTable): FittedReturnModel {
  const { cols, target } = table;
  const rows = target.length;
  const means = new Float64Array(cols);
  const scales = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += table.values[i * cols + j] as number;
    means[j] = sum / rows;
    let square = 0;
    for (let i = 0; i < rows; i++) square += ((table.values[i * cols + j] as number) - (means[j] as number)) ** 2;
    const deviation = Math.sqrt(square / rows);
    scales[j] = deviation > 0 ? deviation : 1;
  }
  const scaled = standardised(table.values, means, scales);
  const { parameters } = candidate;
  if (candidate.algorithm === 'ridge') {
    return {
      kind: 'linear',
      means,
      scales,
      model: fitRidge(scaled, target, cols, rows * (parameters['penaltyPerRow'] as number)),
    };
  }
  const l1Share = parameters['l1Share'] as number;
  const penalty = (parameters['penaltyShare'] as number) * largestPenalty(scaled, target, cols, l1Share);
  const model = fitElasticNet(scaled, target, cols, { penalty, l1Share, tolerance: 1e-9, maxIterations: 2000 });
  return { kind: 'linear', means, scales, model };
}

/** The smallest penalty at which every coefficient is zero (Friedman, Hastie & Tibshirani, 2010, §2.5). */
function largestPenalty(scaled: Float64Array, target: Float64Array, cols: number, l1Share: number): number {
  const mean = target.reduce((sum, y) => sum + y, 0) / target.length;
  let largest = 0;
  for (let j = 0; j < cols; j++) {
    let dot = 0;
    for (let i = 0; i < target.length; i++) dot += (scaled[i * cols + j] as number) * ((target[i] as number) - mean);
    largest = Math.max(largest, Math.abs(dot) / target.length);
  }
  return largest / l1Share;
}

function standardised(values: Float64Array, means: Float64Array, scales: Float64Array): Float64Array {
  const cols = means.length;
  return values.map((value, k) => (value - (means[k % cols] as number)) / (scales[k % cols] as number));
}

/** Predictions for a row-major table of complete rows. */
export function predictReturns(fitted: FittedReturnModel, values: Float64Array, rows: number): Float64Array {
  if (fitted.kind === 'trees') return predictTrees(fitted.ensemble, values, rows);
  return predictLinear(fitted.model, standardised(values, fitted.means, fitted.scales), rows);
}
