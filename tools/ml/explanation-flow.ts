/** The measurements of `explain_model`. */
import { evaluatePredictions } from '../kernels/ml/evaluate-predictions.ts';
import { type ModelRows, takeRows } from '../kernels/ml/model-rows.ts';
import { partialDependence, permutationImportance } from '../kernels/ml/permutation-importance.ts';
import { type FittedReturnModel, predictReturns } from '../kernels/ml/return-models.ts';
import { treeShap } from '../kernels/ml/tree-shap.ts';
import { regimeNames, volatilityRegimes } from '../kernels/ml/volatility-regimes.ts';
import { quantileOfSorted } from '../kernels/stats/quantile.ts';
import { dayText } from './evidence-schema.ts';
import type { fitFinal } from './train-model-flow.ts';
import type { RecordedModel } from './training-input.ts';

export function dropsOf(
  fitted: FittedReturnModel,
  rows: ModelRows,
  held: Int32Array,
  horizon: number,
  repeats: number,
  context: Parameters<typeof fitFinal>[3],
) {
  const sample = takeRows(rows, held);
  const day = Int32Array.from(held, (r) => rows.day[r] as number);
  const benchmark = new Float64Array(held.length);
  const score = (values: Float64Array): number => {
    const prediction = predictReturns(fitted, values, held.length);
    return (
      evaluatePredictions({ target: sample.target, prediction, benchmark, day }, horizon).informationCoefficient
        ?.estimate ?? 0
    );
  };
  const onFeature = (done: number): void => context.progress(0.3 + (0.4 * done) / rows.cols, 'shuffling features');
  return permutationImportance(sample.values, held.length, rows.cols, score, {
    repeats,
    rng: context.rng.fork('shuffle'),
    onFeature,
  });
}

interface Attribution {
  readonly values: Float64Array;
  readonly base: number;
}

/** Shapley values of rows: exact for both kinds (a linear part is its coefficient times the distance from the mean). */
function attribute(fitted: FittedReturnModel, values: Float64Array, rows: number, cols: number): Attribution {
  if (fitted.kind === 'trees') return treeShap(fitted.ensemble, values, rows);
  const { model, means, scales } = fitted;
  return {
    values: values.map((value, k) => {
      const f = k % cols;
      return ((model.coefficients[f] as number) * (value - (means[f] as number))) / (scales[f] as number);
    }),
    base: model.intercept,
  };
}

export function shapOfSample(
  fitted: FittedReturnModel,
  rows: ModelRows,
  held: Int32Array,
  most: number,
  regime: Int8Array,
) {
  const stride = Math.max(1, Math.floor(held.length / most));
  const sample = held.filter((_, i) => i % stride === 0).slice(0, most);
  const { values } = attribute(fitted, takeRows(rows, sample).values, sample.length, rows.cols);
  const meanSize = (keep: (row: number) => boolean): number[] | null => {
    const chosen = Array.from(sample, (_, i) => i).filter((i) => keep(sample[i] as number));
    if (chosen.length < 5) return null;
    return Array.from({ length: rows.cols }, (_, f) =>
      chosen.reduce((sum, i) => sum + Math.abs(values[i * rows.cols + f] as number) / chosen.length, 0),
    );
  };
  return {
    overall: meanSize(() => true) ?? new Array<number>(rows.cols).fill(0),
    byRegime: [0, 1, 2].map((wanted) => meanSize((row) => regime[rows.day[row] as number] === wanted)),
  };
}

export function regimeSkill(fitted: FittedReturnModel, rows: ModelRows, held: Int32Array, model: RecordedModel) {
  const regime = volatilityRegimes(rows, model.data.instruments);
  return regimeNames.map((name, wanted) => {
    const chosen = held.filter((row) => regime[rows.day[row] as number] === wanted);
    const sample = takeRows(rows, chosen);
    const day = Int32Array.from(chosen, (r) => rows.day[r] as number);
    const prediction = predictReturns(fitted, sample.values, chosen.length);
    const quality =
      chosen.length < 30
        ? null
        : evaluatePredictions(
            { target: sample.target, prediction, benchmark: new Float64Array(chosen.length), day },
            model.input.horizonDays,
          );
    return {
      regime: name,
      rows: chosen.length,
      informationCoefficient: quality?.informationCoefficient?.estimate ?? null,
    };
  });
}

export function dependence(fitted: FittedReturnModel, rows: ModelRows, held: Int32Array, f: number, feature: string) {
  const stride = Math.max(1, Math.floor(held.length / 500));
  const chosen = held.filter((_, i) => i % stride === 0);
  const { values } = takeRows(rows, chosen);
  const column = Float64Array.from(chosen, (r) => rows.values[r * rows.cols + f] as number).sort();
  const grid = Float64Array.from({ length: 9 }, (_, k) => quantileOfSorted(column, 0.05 + (0.9 * k) / 8));
  const result = partialDependence(values, chosen.length, rows.cols, f, grid, (table) =>
    predictReturns(fitted, table, chosen.length),
  );
  return {
    feature,
    points: Array.from(grid, (value, k) => ({ value, prediction: result.prediction[k] as number })),
  };
}

export function newestRows(rows: ModelRows, model: RecordedModel): Int32Array {
  const newest = new Map<number, number>();
  for (let r = 0; r < rows.rows; r++) newest.set(rows.instrument[r] as number, r);
  return Int32Array.from([...newest.values()].slice(0, Math.min(10, model.data.instruments.length)));
}

export function takeApart(
  fitted: FittedReturnModel,
  rows: ModelRows,
  chosen: Int32Array,
  names: readonly string[],
  model: RecordedModel,
) {
  const { values } = takeRows(rows, chosen);
  const shap = attribute(fitted, values, chosen.length, rows.cols);
  const prediction = predictReturns(fitted, values, chosen.length);
  let additivityGap = 0;
  const attributions = Array.from(chosen, (row, i) => {
    const parts = names.map((feature, f) => ({ feature, part: shap.values[i * rows.cols + f] as number }));
    const sum = parts.reduce((total, entry) => total + entry.part, shap.base);
    additivityGap = Math.max(additivityGap, Math.abs(sum - (prediction[i] as number)));
    return {
      symbol: model.data.instruments[rows.instrument[row] as number]?.symbol ?? '',
      asOf: dayText(rows.days[rows.day[row] as number]),
      prediction: prediction[i] as number,
      base: shap.base,
      parts: parts.sort((a, b) => Math.abs(b.part) - Math.abs(a.part)).slice(0, 5),
    };
  });
  return { attributions, additivityGap };
}
