/** The feature table of the one model, and what each feature is worth. */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { adjustTogether } from '../kernels/ml/evaluate-predictions.ts';
import { reportFeatures } from '../kernels/ml/feature-report.ts';
import { volatilityRegimes } from '../kernels/ml/volatility-regimes.ts';
import { dayText } from './evidence-schema.ts';
import { loadModelData, type ModelData, symbolsField, tableShape } from './model-recipe.ts';
import { type PreparedRows, prepareRows } from './prepare-rows.ts';

const featureSchema = z.object({
  name: z.string().describe('Feature'),
  category: z.string().describe('Group'),
  formula: z.string().describe('How it is computed'),
  lookbackDays: units.days('rows of history that it needs'),
  informationCoefficient: units.correlation('correlation with the target over the horizon').nullable(),
  pValue: units.probability('two-sided p, days as clusters').nullable(),
  falseDiscoveryRate: units.probability('q by Benjamini–Hochberg over all features').nullable(),
  mutualInformation: units.ratio('mutual information with the target in nats, less its bias'),
  stability: units.ratio('stability index (PSI) of the second half of the days against the first'),
  completeness: units.fraction('share of instrument-days that have a value'),
  turnover: units.ratio('mean absolute daily change in standard deviations'),
  redundancy: units.correlation('largest absolute correlation with another feature').nullable(),
  nearest: z.string().nullable().describe('That other feature'),
  calm: units.correlation('information coefficient in the calmest third of days').nullable(),
  normal: units.correlation('information coefficient in the middle third').nullable(),
  stressed: units.correlation('information coefficient in the most volatile third').nullable(),
});

const output = z.object({
  pipeline: z.object({
    featureCategory: z.string().describe('Groups of features'),
    universe: z.string().describe('Instruments'),
    rawDataSources: z.array(z.string()).describe('Series that were read'),
    calculationMethod: z.string().describe('How values are computed and joined'),
    lookbackWindows: z.string().describe('Shortest and longest window'),
    updateFrequency: z.string().describe('How often values change'),
  }),
  target: z.string().describe('What the information content is measured against'),
  rows: units.count('instrument-days with every feature'),
  days: units.count('days with every feature'),
  from: isoDate('first such day'),
  to: isoDate('last such day'),
  synthetic: z.boolean().describe('True for DEMO: data'),
  features: z.array(featureSchema),
  dropped: z.array(z.object({ name: z.string(), reason: z.string() })).describe('Features that could not be built'),
  significant: units.count('features with a false-discovery rate below 10%'),
  tests: units.count('features tested'),
  latest: z
    .array(
      z.object({
        symbol: z.string(),
        asOf: isoDate('day'),
        values: z.array(units.coefficient('value, in the order of `features`')),
      }),
    )
    .describe('Newest values of the first instruments'),
});

export const buildFeatures = defineTool({
  name: 'build_features',
  title: 'Build and report features',
  family: 'ml',
  version: 1,
  description:
    'Builds the feature table of a one-model study (technical, volatility, momentum, fractional differencing, cross-asset, macro) for every instrument and day with as-of joins, and reports information content, stability, completeness, turnover, redundancy and power by volatility regime. Use it before training, to see which features carry anything, or to document a feature pipeline. Use train_return_model to fit models on the same table and compute_indicators for textbook indicators of one symbol.',
  input: z.strictObject({ symbols: symbolsField, ...tableShape }),
  output,
  load: (input, ports) => loadModelData({ ...input, end: input.end ?? input.asOf }, ports),
  run(input, data: ModelData, context) {
    context.progress(0.1, 'building features');
    const prepared = prepareRows(data, input);
    context.progress(0.4, 'measuring features');
    const { rows, table } = prepared;
    const worth = reportFeatures(rows, input.horizonDays, volatilityRegimes(rows, data.instruments));
    const tested = worth.flatMap((entry, f) => (entry.information ? [{ f, p: entry.information.pValue }] : []));
    const rates = adjustTogether(tested.map((entry) => entry.p)).falseDiscovery;
    const rateOf = new Map(tested.map((entry, k) => [entry.f, rates[k] as number]));
    const complete = completeness(prepared);
    const features = table.features.map((feature, f) => {
      const entry = worth[f] as (typeof worth)[number];
      return {
        name: feature.name,
        category: feature.category,
        formula: feature.formula,
        lookbackDays: feature.lookback,
        informationCoefficient: entry.information?.estimate ?? null,
        pValue: entry.information?.pValue ?? null,
        falseDiscoveryRate: rateOf.get(f) ?? null,
        mutualInformation: entry.mutualInformation,
        stability: entry.stability,
        completeness: complete[f] as number,
        turnover: entry.turnover,
        redundancy: entry.redundancy,
        nearest: entry.nearest === null ? null : (table.features[entry.nearest]?.name ?? null),
        calm: entry.byRegime[0] ?? null,
        normal: entry.byRegime[1] ?? null,
        stressed: entry.byRegime[2] ?? null,
      };
    });
    return {
      pipeline: describePipeline(prepared, data, input),
      target: `${input.target} over the next ${input.horizonDays} day${input.horizonDays === 1 ? '' : 's'}`,
      rows: rows.rows,
      days: rows.days.length,
      from: dayText(rows.days[0]),
      to: dayText(rows.days.at(-1)),
      synthetic: data.synthetic,
      features,
      dropped: [...table.dropped],
      significant: rates.filter((rate) => rate < 0.1).length,
      tests: tested.length,
      latest: latestValues(prepared, data),
    };
  },
  summarise(result, cite) {
    const strongest = result.features
      .map((feature, f) => ({ feature, f }))
      .filter(({ feature }) => feature.informationCoefficient !== null)
      .sort((a, b) => Math.abs(b.feature.informationCoefficient ?? 0) - Math.abs(a.feature.informationCoefficient ?? 0))
      .slice(0, 5);
    return [
      `${result.synthetic ? 'Synthetic data. ' : ''}${result.features.length} features of ${result.pipeline.universe}: ${cite('rows')} complete rows on ${cite('days')} days, ${result.from} to ${result.to}`,
      `${cite('significant')} of ${cite('tests')} features have a false-discovery rate below 10% against the ${result.target}`,
      ...strongest.map(
        ({ feature, f }) =>
          `${feature.name}: IC ${cite(`features[${f}].informationCoefficient`)}${feature.falseDiscoveryRate === null ? '' : `, q ${cite(`features[${f}].falseDiscoveryRate`)}`}, PSI ${cite(`features[${f}].stability`)}, turnover ${cite(`features[${f}].turnover`)}`,
      ),
      ...(result.dropped.length > 0 ? [`Not built: ${result.dropped.map((entry) => entry.name).join(', ')}`] : []),
      'A single feature that correlates with the target in sample is not a strategy; train_return_model judges out of sample.',
    ];
  },
  chart: (result): ChartSpec => ({
    kind: 'bar',
    title: 'Information coefficient by feature and regime',
    synthetic: result.synthetic,
    footer: `${result.from} to ${result.to}`,
    categories: result.features.map((feature) => feature.name),
    unit: 'correlation',
    series: [
      { name: 'calm', values: result.features.map((feature) => feature.calm), tone: 'good' },
      { name: 'normal', values: result.features.map((feature) => feature.normal) },
      { name: 'stressed', values: result.features.map((feature) => feature.stressed), tone: 'bad' },
    ],
  }),
  examples: [
    {
      ask: 'Which technical and volatility features of SPX carry information about the next week?',
      input: {
        symbols: ['SPX'],
        start: '2010-01-01',
        end: '2019-12-31',
        features: ['technical', 'volatility'],
        horizonDays: 5,
      },
      fixture: 'bundled',
      expect: { values: { synthetic: false, to: '2019-12-31' } },
    },
    {
      ask: 'Build features for a stock without data',
      input: { symbols: ['NO_SUCH_TICKER_X'] },
      fixture: 'bundled',
      expect: { error: 'UNKNOWN_SYMBOL' },
    },
  ],
  assumptions: [
    'A value at day t uses data up to t; macro values are joined by the day they were published.',
    'Regimes are thirds of trailing universe volatility, cut after the fact: a description, not a signal.',
    'Information content is in sample and univariate.',
  ],
  references: [
    'Gu, Kelly & Xiu (2020), Empirical Asset Pricing via Machine Learning, §2.1',
    'López de Prado (2018), Advances in Financial Machine Learning, ch. 5 (fractional differencing)',
    'Grinold & Kahn (2000), Active Portfolio Management, ch. 6 (information coefficient)',
    'Siddiqi (2006), Credit Risk Scorecards (PSI); Benjamini & Hochberg (1995)',
  ],
  cost: 'seconds',
});

function completeness({ table }: PreparedRows): number[] {
  const width = table.features.length;
  return table.features.map((_, f) => {
    let there = 0;
    for (let r = 0; r < table.rows; r++) if (Number.isFinite(table.values[r * width + f] as number)) there++;
    return there / table.rows;
  });
}

function describePipeline({ table }: PreparedRows, data: ModelData, input: { readonly features: readonly string[] }) {
  const windows = table.features.map((feature) => feature.lookback);
  const symbols = data.instruments.map((series) => series.symbol);
  return {
    featureCategory: input.features.join(', '),
    universe:
      symbols.length > 8 ? `${symbols.slice(0, 8).join(', ')} and ${symbols.length - 8} more` : symbols.join(', '),
    rawDataSources: [...symbols, ...data.context.map((series) => series.name)],
    calculationMethod:
      'deterministic kernels on adjusted closes; values of day t from data up to t; macro joined as of publication',
    lookbackWindows: `${Math.min(...windows)} to ${Math.max(...windows)} rows`,
    updateFrequency: 'daily, after the close',
  };
}

function latestValues({ rows }: PreparedRows, data: ModelData) {
  const newest = new Map<number, number>();
  for (let r = 0; r < rows.rows; r++) newest.set(rows.instrument[r] as number, r);
  return [...newest]
    .sort(([a], [b]) => a - b)
    .slice(0, 5)
    .map(([instrument, r]) => ({
      symbol: data.instruments[instrument]?.symbol ?? '',
      asOf: dayText(rows.days[rows.day[r] as number]),
      values: Array.from(rows.values.subarray(r * rows.cols, (r + 1) * rows.cols)),
    }));
}
