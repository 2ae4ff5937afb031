/** The reference file of trees, forests, boosting, linear models and Shapley values. */
import { expect } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue, readGoldenTable } from '../../../lib/testing/golden.ts';
import { pearsonCorrelation, spearmanCorrelation } from '../stats/correlation.ts';
import { mean } from '../stats/moments.ts';
import { defaultBoosting, fitBoosting } from './gradient-boosting.ts';
import { growExactTree } from './grow-exact-tree.ts';
import { fitElasticNet, fitLogistic, fitRidge, predictLinear, toProbabilities } from './linear-models.ts';
import { areaUnderRoc, brierScore, logLoss, rSquared } from './metrics.ts';
import { permutationImportance } from './permutation-importance.ts';
import { presortFeatures } from './presort-features.ts';
import { type FittedForest, fitForest, impurityImportance } from './random-forest.ts';
import { fixedHorizonSpans, purgedKFold, walkForward } from './splits.ts';
import { countLeaves, predictTrees, type Tree, TreeBuilder } from './tree.ts';
import { interventionalShap, treeShap } from './tree-shap.ts';

interface Sample {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly label: Float64Array;
  readonly rows: number;
}

interface Golden {
  readonly cols: number;
  readonly names: readonly string[];
  readonly train: Sample;
  readonly test: Sample;
  readonly all: Sample;
  readonly returns: Float64Array;
  readonly tolerance: GoldenValue;
}

function load(input: GoldenValue, tolerance: GoldenValue): Golden {
  const table = readGoldenTable(input.csv);
  const columns: Float64Array[] = input.features.map((name: string) => table.numbers(name));
  const cols = columns.length;
  const y = table.numbers(input.target);
  const label = table.numbers(input.label);
  const part = (text: string): Sample => {
    const [, from, to] = /(\d+)\.\.(\d+)/.exec(text) ?? [];
    return slice(Number(from), Number(to) + 1);
  };
  const slice = (from: number, to: number): Sample => {
    const x = new Float64Array((to - from) * cols);
    for (let i = from; i < to; i++) for (let j = 0; j < cols; j++) x[(i - from) * cols + j] = columns[j]?.[i] as number;
    return { x, y: y.slice(from, to), label: label.slice(from, to), rows: to - from };
  };
  return {
    cols,
    names: input.features,
    train: part(input.train),
    test: part(input.test),
    all: slice(0, table.rows),
    returns: table.header.includes('ret') ? table.numbers('ret') : new Float64Array(0),
    tolerance,
  };
}

function near(actual: ArrayLike<number>, expected: readonly number[], absolute: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs((actual[i] as number) - (expected[i] as number))).toBeLessThanOrEqual(absolute);
  }
}

/** The file's rule: within 4 standard deviations of the mean, at least .01. */
const withinForest = (actual: number, expectedMean: number, deviation: number): void => {
  expect(Math.abs(actual - expectedMean)).toBeLessThanOrEqual(Math.max(0.01, 4 * deviation));
};

type Check = (golden: Golden, expected: GoldenValue, key: string) => void;

const linear = (fitter: (golden: Golden, key: string) => ReturnType<typeof fitRidge>): Check => {
  return (golden, expected, key) => {
    const model = fitter(golden, key);
    expect(model.converged).toBe(true);
    near(model.coefficients, expected.coef, golden.tolerance.linearModels_abs);
    near([model.intercept], [expected.intercept], golden.tolerance.linearModels_abs);
    if (expected.r2 !== undefined) {
      const r2 = rSquared(golden.test.y, predictLinear(model, golden.test.x, golden.test.rows)) as number;
      near([r2], [expected.r2], golden.tolerance.linearModels_abs);
    }
  };
};

const numbersOf = (key: string): number[] => (key.match(/[\d.]+/g) ?? []).map(Number);

const checkLogistic: Check = (golden, expected, key) => {
  const c = numbersOf(key.replace(/^logistic_C/, ''))[0] as number;
  const model = fitLogistic(golden.train.x, golden.train.label, golden.cols, c);
  const absolute = golden.tolerance.linearModels_abs;
  near(model.coefficients, expected.coef, absolute);
  near([model.intercept], [expected.intercept], absolute);
  const p = toProbabilities(predictLinear(model, golden.test.x, golden.test.rows));
  near(p.slice(0, expected.firstFiveProbabilities.length), expected.firstFiveProbabilities, absolute);
  near([areaUnderRoc(golden.test.label, p) as number], [expected.auc], absolute);
  near([logLoss(golden.test.label, p), brierScore(golden.test.label, p)], [expected.logLoss, expected.brier], absolute);
};

function growTree(golden: Golden, maxDepth: number): Tree {
  const { x, y, rows } = golden.train;
  const settings = { maxDepth, minLeaf: 1, featuresPerSplit: golden.cols };
  return growExactTree(
    presortFeatures(x, rows, golden.cols),
    y,
    new Float64Array(rows).fill(1),
    settings,
    createRng(1),
  );
}

const asEnsemble = (tree: Tree, features: number) => ({ trees: [tree], base: 0, scale: 1, features });

const depthIn = (key: string): number => Number(/Depth(\d+)/.exec(key)?.[1]);

const checkTree: Check = (golden, expected, key) => {
  const tree = growTree(golden, depthIn(key));
  expect(tree.feature.length).toBe(expected.nodes.length);
  for (const node of expected.nodes) {
    const id: number = node.id;
    expect(tree.cover[id]).toBe(node.n);
    near([tree.value[id] as number], [node.value], 1e-9);
    if (node.feature === undefined || node.feature === null) expect(tree.feature[id]).toBe(-1);
    else {
      expect(golden.names[tree.feature[id] as number]).toBe(node.feature);
      near([tree.threshold[id] as number], [node.threshold], 1e-6);
      expect([tree.left[id], tree.right[id]]).toEqual([node.left, node.right]);
    }
  }
  const { train, test, cols } = golden;
  near(
    [rSquared(train.y, predictTrees(asEnsemble(tree, cols), train.x, train.rows)) as number],
    [expected.r2Train],
    1e-9,
  );
  near([rSquared(test.y, predictTrees(asEnsemble(tree, cols), test.x, test.rows)) as number], [expected.r2Test], 1e-9);
};

const checkFullTree: Check = (golden, expected) => {
  const tree = growTree(golden, Number.POSITIVE_INFINITY);
  expect(countLeaves(tree)).toBe(expected.leaves);
  const prediction = predictTrees(asEnsemble(tree, golden.cols), golden.test.x, golden.test.rows);
  // Near the leaves ties between features are broken at random, so a full tree agrees only roughly.
  expect(Math.abs((rSquared(golden.test.y, prediction) as number) - expected.r2Test)).toBeLessThan(0.1);
};

function forest(
  golden: Golden,
  parts: { minLeaf: number; features: number; target: Float64Array; trees: number },
): FittedForest {
  return fitForest(
    golden.train.x,
    parts.target,
    golden.cols,
    {
      trees: parts.trees,
      maxDepth: Number.POSITIVE_INFINITY,
      minLeaf: parts.minLeaf,
      featuresPerSplit: parts.features,
      splitter: 'exact',
      sampleFraction: 1,
    },
    createRng(42),
  );
}

const treesIn = (key: string): number => Number(/\d+/.exec(key)?.[0]);

const checkForest: Check = (golden, expected, key) => {
  const third = /third/.test(key);
  const model = forest(golden, {
    trees: treesIn(key),
    minLeaf: Number(/leaf(\d+)/.exec(key)?.[1] ?? 1),
    features: third ? Math.floor(golden.cols / 3) : golden.cols,
    target: golden.train.y,
  });
  const { test, train } = golden;
  const r2 = rSquared(test.y, predictTrees(model, test.x, test.rows)) as number;
  withinForest(r2, expected.outOfSampleR2_mean, expected.outOfSampleR2_sd);
  if (expected.oobR2_mean !== undefined) {
    withinForest(rSquared(train.y, model.outOfBag) as number, expected.oobR2_mean, expected.oobR2_sd);
  }
  if (expected.permutationImportance_R2drop) {
    const score = (table: Float64Array): number => rSquared(test.y, predictTrees(model, table, test.rows)) as number;
    const drops = permutationImportance(test.x, test.rows, golden.cols, score, { repeats: 5, rng: createRng(7) });
    checkTopFive(
      golden,
      Array.from(drops, (drop) => drop.mean),
      expected.permutationImportance_R2drop,
    );
    checkTopFive(golden, Array.from(impurityImportance(model)), expected.impurityImportance);
  }
};

function checkTopFive(golden: Golden, actual: readonly number[], expected: readonly number[]): void {
  const top = (values: readonly number[]): string[] =>
    golden.names
      .map((name, j) => ({ name, value: values[j] as number }))
      .sort((a, b) => b.value - a.value)
      .slice(0, 5)
      .map((entry) => entry.name);
  expect(top(actual).sort()).toEqual(top(expected).sort());
  for (const name of top(expected)) {
    const j = golden.names.indexOf(name);
    expect(Math.abs((actual[j] as number) / (expected[j] as number) - 1)).toBeLessThanOrEqual(0.2);
  }
}

const checkForestClassifier: Check = (golden, expected, key) => {
  const features = Math.floor(Math.sqrt(golden.cols));
  const model = forest(golden, { trees: treesIn(key), minLeaf: 5, features, target: golden.train.label });
  const auc = areaUnderRoc(golden.test.label, predictTrees(model, golden.test.x, golden.test.rows)) as number;
  withinForest(auc, expected.auc_mean, expected.auc_sd);
};

function boost(golden: Golden, settings: Partial<typeof defaultBoosting>, target = golden.train.y): Float64Array {
  const model = fitBoosting(golden.train.x, target, golden.cols, { ...defaultBoosting, ...settings }, createRng(3));
  return predictTrees(model, golden.test.x, golden.test.rows);
}

const checkBoosting =
  (settings: (expected: GoldenValue, key: string) => Partial<typeof defaultBoosting>): Check =>
  (golden, expected, key) => {
    const r2 = rSquared(golden.test.y, boost(golden, settings(expected, key))) as number;
    // A better model than the reference passes.
    expect(r2).toBeGreaterThanOrEqual(expected.r2 - 0.02);
    if (expected.auc !== undefined) {
      const scores = boost(golden, { ...settings(expected, key), loss: 'logistic' }, golden.train.label);
      expect(areaUnderRoc(golden.test.label, scores) as number).toBeGreaterThanOrEqual(expected.auc - 0.02);
    }
  };

const checkShap: Check = (golden, expected, key) => {
  const model = asEnsemble(growTree(golden, depthIn(key)), golden.cols);
  const rows = rowsOf(golden, expected.rows);
  const shap = expected.background
    ? interventionalShap(model, rows, expected.rows.length, golden.all.x, backgroundRows(expected.background))
    : treeShap(model, rows, expected.rows.length);
  near([shap.base], [expected.base], golden.tolerance.shap_abs);
  near(shap.values, expected.values.flat(), golden.tolerance.shap_abs);
};

const backgroundRows = (text: string): number => Number(/0\.\.(\d+)/.exec(text)?.[1]) + 1;

function rowsOf(golden: Golden, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows.flatMap((r) => Array.from(golden.all.x.slice(r * golden.cols, (r + 1) * golden.cols))));
}

const checkContributions: Check = (golden, expected) => {
  const trees = expected.model.map((root: GoldenValue) => parseTree(root, golden.names));
  const model = { trees, base: expected.baseScore, scale: 1, features: golden.cols };
  const rows = rowsOf(golden, expected.rows);
  near(predictTrees(model, rows, expected.rows.length), expected.predictions, 1e-5);
  const shap = treeShap(model, rows, expected.rows.length);
  for (const [i, contributions] of expected.contributions.entries()) {
    near([...shap.values.slice(i * golden.cols, (i + 1) * golden.cols), shap.base], contributions, 1e-5);
  }
};

/** The other library sends x < threshold to "yes"; just below its float32 threshold our x ≤ does the same. */
function parseTree(root: GoldenValue, names: readonly string[]): Tree {
  const builder = new TreeBuilder();
  const add = (node: GoldenValue): number => {
    const id = builder.addLeaf(node.leaf ?? 0, node.cover);
    if (node.children) {
      const threshold = Math.fround(node.split_condition);
      builder.setSplit(id, names.indexOf(node.split), threshold - Math.abs(threshold) * 1e-9);
      builder.setLeft(id, add(node.children.find((child: GoldenValue) => child.nodeid === node.yes)));
      builder.setRight(id, add(node.children.find((child: GoldenValue) => child.nodeid === node.no)));
    }
    return id;
  };
  add(root);
  return builder.finish();
}

const checkWalkForward: Check = (golden, expected) => {
  const [, horizonText] = /t\+1\.\.t\+(\d+)/.exec(expected.rule) ?? [];
  const horizon = Number(horizonText);
  const alpha = Number(/alpha ([\d.]+)/.exec(expected.rule)?.[1]);
  const first = expected.folds[0];
  const n = golden.all.rows - horizon;
  const target = Float64Array.from({ length: n }, (_, t) => {
    let sum = 0;
    for (let k = 1; k <= horizon; k++) sum += golden.returns[t + k] as number;
    return sum;
  });
  const splits = walkForward(n, {
    trainSize: first.trainLast + 1,
    testSize: first.testLast - first.testFirst + 1,
    purge: first.testFirst - first.trainLast - 1,
    expanding: true,
    partialLast: true,
  });
  expect(splits.length).toBe(expected.folds.length);
  const found = splits.map((split, i) => {
    const fold = expected.folds[i];
    expect([split.train[0], split.train.at(-1)]).toEqual([fold.trainFirst, fold.trainLast]);
    expect([split.test[0], split.test.at(-1)]).toEqual([fold.testFirst, fold.testLast]);
    return standardisedRidge(golden, target, split, alpha, fold);
  });
  near(
    [mean(found.map((f) => f.ic)), mean(found.map((f) => f.r2))],
    [expected.meanIc, expected.meanR2],
    golden.tolerance.walkForward_abs,
  );
};

function standardisedRidge(
  golden: Golden,
  target: Float64Array,
  split: { train: Int32Array; test: Int32Array },
  alpha: number,
  fold: GoldenValue,
): { ic: number; r2: number } {
  const { cols } = golden;
  const absolute = golden.tolerance.walkForward_abs;
  const pick = (rows: Int32Array): Float64Array =>
    Float64Array.from(Array.from(rows).flatMap((r) => Array.from(golden.all.x.slice(r * cols, (r + 1) * cols))));
  const [train, test] = [pick(split.train), pick(split.test)];
  for (let j = 0; j < cols; j++) {
    const column = Float64Array.from({ length: split.train.length }, (_, i) => train[i * cols + j] as number);
    const m = mean(column);
    const deviation = Math.sqrt(mean(column.map((v) => (v - m) ** 2)));
    for (const table of [train, test]) {
      for (let k = j; k < table.length; k += cols) table[k] = ((table[k] as number) - m) / deviation;
    }
  }
  const at = (rows: Int32Array): Float64Array => Float64Array.from(rows, (r) => target[r] as number);
  const model = fitRidge(train, at(split.train), cols, alpha);
  near(model.coefficients, fold.coef, absolute);
  near([model.intercept], [fold.intercept], absolute);
  const prediction = predictLinear(model, test, split.test.length);
  const truth = at(split.test);
  const r2 = rSquared(truth, prediction) as number;
  const ic = pearsonCorrelation(truth, prediction) as number;
  near([r2, ic, spearmanCorrelation(truth, prediction) as number], [fold.r2, fold.ic, fold.rankIc], absolute);
  return { ic, r2 };
}

/** Numbers of this entry are indicative: the same effect must show, at the same order of size. */
const checkLeak: Check = (_golden, expected) => {
  const n = 2000;
  const horizon = 20;
  const rng = createRng(11);
  const noise = Float64Array.from({ length: n + horizon }, () => rng.normal());
  const target = Float64Array.from({ length: n }, (_, t) =>
    noise.slice(t + 1, t + 1 + horizon).reduce((s, v) => s + v, 0),
  );
  const time = Float64Array.from({ length: n }, (_, t) => t);
  const score = (train: readonly number[], test: readonly number[]): number => {
    const settings = { maxDepth: Number.POSITIVE_INFINITY, minLeaf: 1, featuresPerSplit: 1, trees: 20 };
    const pick = (rows: readonly number[], from: Float64Array) => Float64Array.from(rows, (r) => from[r] as number);
    const model = fitForest(
      pick(train, time),
      pick(train, target),
      1,
      { ...settings, splitter: 'exact', sampleFraction: 1 },
      rng,
    );
    return rSquared(pick(test, target), predictTrees(model, pick(test, time), test.length)) as number;
  };
  const all = Array.from({ length: n }, (_, i) => i);
  const fold = all.map(() => rng.integer(5));
  const shuffled = score(
    all.filter((i) => fold[i] !== 0),
    all.filter((i) => fold[i] === 0),
  );
  expect(shuffled).toBeGreaterThan(0.7);
  expect(Math.abs(shuffled - expected.shuffledKFoldR2)).toBeLessThan(0.15);
  const purged = walkForward(n, { trainSize: n / 2, testSize: n / 8, purge: horizon, expanding: true });
  const honest = mean(purged.map((split) => score(Array.from(split.train), Array.from(split.test))));
  expect(honest).toBeLessThan(0);
  expect(expected.purgedWalkForwardR2).toBeLessThan(0);
};

const checkPurged: Check = (_golden, expected) => {
  const splits = purgedKFold(fixedHorizonSpans(expected.n, expected.labelHorizon), {
    folds: expected.folds,
    embargo: expected.embargo,
    rule: 'strict',
  });
  expect(splits.map((s) => ({ test: Array.from(s.test), train: Array.from(s.train) }))).toEqual(expected.splits);
};

const checkAuc: Check = (_golden, expected) => {
  expect(areaUnderRoc(Float64Array.from(expected.y), Float64Array.from(expected.score))).toBeCloseTo(expected.auc, 12);
};

/** By the name of the entry; the first pattern that fits. What has no check fails, so nothing is passed over. */
const checks: readonly (readonly [RegExp, Check])[] = [
  [/^ols/, linear((g) => fitRidge(g.train.x, g.train.y, g.cols, 0))],
  [/^ridge_/, linear((g, key) => fitRidge(g.train.x, g.train.y, g.cols, numbersOf(key)[0] as number))],
  [
    /^lasso_/,
    linear((g, key) =>
      fitElasticNet(g.train.x, g.train.y, g.cols, { penalty: numbersOf(key)[0] as number, l1Share: 1 }),
    ),
  ],
  [
    /^elasticNet_/,
    linear((g, key) => {
      const [penalty, l1Share] = numbersOf(key) as [number, number];
      return fitElasticNet(g.train.x, g.train.y, g.cols, { penalty, l1Share });
    }),
  ],
  [/^logistic_/, checkLogistic],
  [/^randomForestClassifier/, checkForestClassifier],
  [/^randomForest/, checkForest],
  [/^histGradientBoosting/, checkBoosting(() => ({}))],
  [
    /^gradientBoostingDepth(\d)/,
    checkBoosting((_, key) => ({ maxDepth: depthIn(key), maxLeaves: 2 ** depthIn(key), minLeaf: 1 })),
  ],
  [
    /^xgboost\d/,
    checkBoosting((expected) => {
      const [depth, rate, rounds] = numbersOf(expected.settings) as [number, number, number];
      return { maxDepth: depth, maxLeaves: 2 ** depth, learningRate: rate, iterations: rounds, minLeaf: 1, l2: 1 };
    }),
  ],
  [/^decisionTreeDepth/, checkTree],
  [/^decisionTreeFull/, checkFullTree],
  [/Shap/, checkShap],
  [/PredContribs/, checkContributions],
  [/^purgedWalkForward/, checkWalkForward],
  [/^leak/, checkLeak],
  [/^purgedKFold/, checkPurged],
  [/^aucWithTies/, checkAuc],
];

describeGolden('ml', ({ input, expect: expected, tolerance }) => {
  const golden = load(input, tolerance);
  for (const [key, entry] of Object.entries(expected)) {
    const found = checks.find(([pattern]) => pattern.test(key));
    expect(found, `no check for ${key}`).toBeDefined();
    found?.[1](golden, entry, key);
  }
});
