/** Why a recorded model predicts what it predicts. */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { evaluatePredictions } from '../kernels/ml/evaluate-predictions.ts';
import { labelledDays, type ModelRows, rowsOfDays, takeRows } from '../kernels/ml/model-rows.ts';
import { partialDependence, permutationImportance } from '../kernels/ml/permutation-importance.ts';
import { type FittedReturnModel, predictReturns } from '../kernels/ml/return-models.ts';
import { treeShap } from '../kernels/ml/tree-shap.ts';
import { regimeNames, volatilityRegimes } from '../kernels/ml/volatility-regimes.ts';
import { quantileOfSorted } from '../kernels/stats/quantile.ts';
import { dayText } from './evidence-schema.ts';
import { prepareRows } from './prepare-rows.ts';
import { fitFinal, withSeed } from './train-model-flow.ts';
import { loadRecordedModel, type RecordedModel, runIdField } from './training-input.ts';

const output = z.object({
  modelRunId: z.string(),
  algorithm: z.string(),
  synthetic: z.boolean().describe('True for DEMO: data'),
  trainedTo: isoDate('last day that the explained fit saw'),
  heldFrom: isoDate('first held-out day of the measurements'),
  heldTo: isoDate('last held-out day'),
  heldRows: units.count('held-out rows'),
  features: z.array(
    z.object({
      name: z.string(),
      permutationDrop: units.ratio('loss of information coefficient when the feature is shuffled').nullable(),
      permutationDeviation: units.ratio('deviation of that loss over the repeats').nullable(),
      meanAbsoluteShap: units.fraction('mean size of its part of a prediction (Shapley value)'),
      calm: units.fraction('the same in the calmest third of days').nullable(),
      normal: units.fraction('in the middle third').nullable(),
      stressed: units.fraction('in the most volatile third').nullable(),
    }),
  ),
  regimes: z.array(
    z.object({
      regime: z.string(),
      rows: units.count('held-out rows'),
      informationCoefficient: units.ratio('information coefficient').nullable(),
    }),
  ),
  partialDependence: z.array(
    z.object({
      feature: z.string(),
      points: z.array(
        z.object({ value: units.coefficient('value of the feature'), prediction: units.fraction('mean prediction') }),
      ),
    }),
  ),
  attributions: z
    .array(
      z.object({
        symbol: z.string(),
        asOf: isoDate('day'),
        prediction: units.fraction('prediction'),
        base: units.fraction('prediction with nothing known'),
        parts: z.array(z.object({ feature: z.string(), part: units.fraction('part of the prediction') })),
      }),
    )
    .describe('Newest predictions taken apart, five largest parts each'),
  additivityGap: units.fraction('largest |base + parts − prediction|: zero up to rounding'),
});

export const explainModel = defineTool({
  name: 'explain_model',
  title: 'Explain a return model',
  family: 'ml',
  version: 1,
  description:
    'Explains a recorded return model: permutation importance on held-out days, exact Shapley values (TreeSHAP for trees, closed form for linear models) overall and by volatility regime, partial dependence of the strongest features, and the newest predictions taken apart. Use it when somebody asks why a model predicts something or which features matter. Use train_return_model first to get a run id, and validate_model to ask whether the model is any good.',
  input: z.strictObject({
    runId: runIdField,
    heldOutShare: units
      .fraction('share of the newest days kept out of the explained fit')
      .min(0.1)
      .max(0.5)
      .default(0.25),
    sampleRows: units.count('held-out rows for Shapley values').min(20).max(2000).default(300),
    repeats: units.count('shuffles per feature').min(1).max(20).default(3),
    asOf: isoDate('nothing after this day is read').optional(),
    seed: units.count('seed of every random draw').min(0).max(2_147_483_647).default(42),
  }),
  output,
  load: (input, ports) => loadRecordedModel(input.runId, ports),
  run(input, model: RecordedModel, context) {
    const { rows, table } = prepareRows(model.data, model.input);
    const algorithm = bestOf(model);
    const days = labelledDays(rows);
    const cut = Math.floor(days * (1 - input.heldOutShare));
    context.progress(0.05, 'fitting without the held-out days');
    const { fitted } = fitFinal(
      rows,
      model.input,
      algorithm,
      withSeed(context, model.input.seed),
      cut - model.input.horizonDays,
    );
    const held = rowsOfDays(
      rows,
      Int32Array.from({ length: days - cut }, (_, k) => cut + k),
    );
    context.progress(0.3, 'shuffling features');
    const drops = dropsOf(fitted, rows, held, model.input.horizonDays, input.repeats, context);
    context.progress(0.7, 'Shapley values');
    const shap = shapOfSample(fitted, rows, held, input.sampleRows, volatilityRegimes(rows, model.data.instruments));
    const names = table.features.map((feature) => feature.name);
    const features = names
      .map((name, f) => ({
        name,
        permutationDrop: drops?.[f]?.mean ?? null,
        permutationDeviation: drops?.[f]?.deviation ?? null,
        meanAbsoluteShap: shap.overall[f] as number,
        calm: shap.byRegime[0]?.[f] ?? null,
        normal: shap.byRegime[1]?.[f] ?? null,
        stressed: shap.byRegime[2]?.[f] ?? null,
      }))
      .sort((a, b) => b.meanAbsoluteShap - a.meanAbsoluteShap);
    const newest = newestRows(rows, model);
    context.progress(0.95, 'partial dependence');
    return {
      modelRunId: model.runId,
      algorithm,
      synthetic: model.data.synthetic,
      trainedTo: dayText(rows.days[cut - model.input.horizonDays - 1]),
      heldFrom: dayText(rows.days[cut]),
      heldTo: dayText(rows.days[days - 1]),
      heldRows: held.length,
      features,
      regimes: regimeSkill(fitted, rows, held, model),
      partialDependence: features
        .slice(0, 4)
        .map((feature) => dependence(fitted, rows, held, names.indexOf(feature.name), feature.name)),
      ...takeApart(fitted, rows, newest, names, model),
    };
  },
  summarise: (result, cite) => [
    `${result.algorithm} of ${result.modelRunId}${result.synthetic ? ' (synthetic data)' : ''}; fitted to ${result.trainedTo}, measured on ${cite('heldRows')} rows from ${result.heldFrom} to ${result.heldTo}`,
    ...result.features
      .slice(0, 5)
      .map(
        (feature, f) =>
          `${feature.name}: mean |Shapley value| ${cite(`features[${f}].meanAbsoluteShap`)}${feature.permutationDrop === null ? '' : `, loses ${cite(`features[${f}].permutationDrop`)} of IC when shuffled`}`,
      ),
    ...result.regimes.map(
      (regime, i) =>
        `${regime.regime}: IC ${regime.informationCoefficient === null ? 'not available' : cite(`regimes[${i}].informationCoefficient`)} on ${cite(`regimes[${i}].rows`)} rows`,
    ),
    'Importance says what the model uses, not that it works: see the verdict of the training run.',
  ],
  chart: (result): ChartSpec => ({
    kind: 'bar',
    title: 'Mean size of each feature’s part of a prediction',
    synthetic: result.synthetic,
    categories: result.features.slice(0, 15).map((feature) => feature.name),
    unit: 'fraction',
    series: [
      { name: 'mean |Shapley value|', values: result.features.slice(0, 15).map((feature) => feature.meanAbsoluteShap) },
    ],
  }),
  examples: [
    {
      ask: 'Explain the model of run run_0000000000000000',
      input: { runId: 'run_0000000000000000' },
      fixture: 'none',
      expect: { error: 'UNKNOWN_RUN' },
    },
    {
      ask: 'Explain the model called alpha',
      input: { runId: 'alpha' },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'The explained fit leaves out the newest days, so that importance is measured on days it did not see.',
    'Path-dependent Shapley values use training cover for what is unknown; correlated features share credit.',
    'Regimes are thirds of trailing universe volatility, cut after the fact.',
  ],
  references: [
    'Lundberg, Erion & Lee (2018), Consistent Individualized Feature Attribution for Tree Ensembles, algorithm 2',
    'Breiman (2001), Random Forests, §10; Fisher, Rudin & Dominici (2019), eq. 3',
    'Friedman (2001), Greedy Function Approximation, eq. 51 (partial dependence)',
  ],
  cost: 'minutes',
});

export function bestOf(model: RecordedModel): (typeof model.input.algorithms)[number] {
  const best = model.output['best'];
  return (
    model.input.algorithms.find((name) => name === best) ??
    (model.input.algorithms[0] as (typeof model.input.algorithms)[number])
  );
}

function dropsOf(
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

function shapOfSample(fitted: FittedReturnModel, rows: ModelRows, held: Int32Array, most: number, regime: Int8Array) {
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

function regimeSkill(fitted: FittedReturnModel, rows: ModelRows, held: Int32Array, model: RecordedModel) {
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

function dependence(fitted: FittedReturnModel, rows: ModelRows, held: Int32Array, f: number, feature: string) {
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

function newestRows(rows: ModelRows, model: RecordedModel): Int32Array {
  const newest = new Map<number, number>();
  for (let r = 0; r < rows.rows; r++) newest.set(rows.instrument[r] as number, r);
  return Int32Array.from([...newest.values()].slice(0, Math.min(10, model.data.instruments.length)));
}

function takeApart(
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
