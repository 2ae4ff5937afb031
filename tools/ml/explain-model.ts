/** Why a recorded model predicts what it predicts. */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { labelledDays, purgeDays, rowsOfDays } from '../kernels/ml/model-rows.ts';
import { volatilityRegimes } from '../kernels/ml/volatility-regimes.ts';
import { dayText } from './evidence-schema.ts';
import { dependence, dropsOf, newestRows, regimeSkill, shapOfSample, takeApart } from './explanation-flow.ts';
import { prepareRows } from './prepare-rows.ts';
import { fitFinal, withSeed } from './train-model-flow.ts';
import { bestOf, loadRecordedModel, type RecordedModel, runIdField } from './training-input.ts';

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
    const purge = purgeDays(rows);
    const cut = Math.floor(days * (1 - input.heldOutShare));
    context.progress(0.05, 'fitting without the held-out days');
    const { fitted } = fitFinal(rows, model.input, algorithm, withSeed(context, model.input.seed), cut - purge);
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
      trainedTo: dayText(rows.days[cut - purge - 1]),
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
