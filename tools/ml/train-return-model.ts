/** One model over all instruments, judged only on days that it did not see. */
import type { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { defineTool } from '../define-tool.ts';
import { describeTraining } from './describe-training.ts';
import { loadModelData, type ModelData } from './model-recipe.ts';
import { trainModels } from './train-model-flow.ts';
import { trainingInput } from './training-input.ts';
import { trainingOutput } from './training-output.ts';

export const trainReturnModel = defineTool({
  name: 'train_return_model',
  title: 'Train a return prediction model',
  family: 'ml',
  version: 1,
  description:
    'Trains one model over all given instruments to predict their next returns, compares ridge, elastic net, random forest and gradient boosting on the same purged and embargoed splits, and reports walk-forward evidence with intervals, adjusted p-values and a portfolio after costs. Use it when somebody asks to predict returns, rank instruments or build a machine-learning signal; the usual honest verdict is that no skill is detectable. Use build_features to look at the features alone, validate_model and explain_model with the run id of this run, and optimize_portfolio to turn its predictions into weights.',
  input: trainingInput,
  output: trainingOutput,
  load: (input, ports) => loadModelData({ ...input, end: input.end ?? input.asOf }, ports),
  run(input, data: ModelData, context) {
    const training = trainModels(data, input, context);
    const output = describeTraining(training, data, input);
    if (output.verdict.level === 'no-skill-detectable') {
      context.warn('NO_SKILL', 'No skill is detectable out of sample: do not trade on these predictions.');
    }
    return output;
  },
  summarise(output, cite) {
    const best = output.algorithms.findIndex((entry) => entry.name === output.best);
    const at = `algorithms[${best}]`;
    const row = (i: number): string =>
      `${output.algorithms[i]?.name}: walk-forward IC ${number(output, cite, `algorithms[${i}].walkForward.informationCoefficient.estimate`)} (${number(output, cite, `algorithms[${i}].walkForward.informationCoefficient.low`)} to ${number(output, cite, `algorithms[${i}].walkForward.informationCoefficient.high`)}), Holm p ${number(output, cite, `algorithms[${i}].adjustedP`)}, R² ${number(output, cite, `algorithms[${i}].walkForward.rSquared.estimate`)}, net Sharpe ${number(output, cite, `algorithms[${i}].portfolio.sharpe`)}`;
    return [
      output.verdict.text,
      `${output.data.synthetic ? 'Synthetic data. ' : ''}${cite('data.rows')} rows, ${cite('data.features')} features, ${output.data.from} to ${output.data.to}; target: ${output.target.description}`,
      output.architecture,
      `Validation: ${cite('validation.folds')} purged folds (embargo ${cite('validation.embargoDays')} days), then expanding walk-forward; ${cite('tests.count')} tests adjusted together`,
      ...output.algorithms.map((_, i) => row(i)).slice(0, 4),
      `Chosen by the folds: ${output.best}; hit rate ${number(output, cite, `${at}.walkForward.hitRate.estimate`)}, AUC ${number(output, cite, `${at}.walkForward.areaUnderCurve.estimate`)}, deflated Sharpe ${number(output, cite, `${at}.portfolio.deflatedSharpe`)} over ${cite(`${at}.portfolio.trials`)} trials`,
      `Most used features: ${output.importance
        .slice(0, 5)
        .map((entry) => entry.feature)
        .join(', ')}`,
      `Before any use: validation and stress runs (validate_model), monitoring (monitor_model); ask ${output.consult.join(', ')}.`,
    ];
  },
  chart: (output): readonly ChartSpec[] => charts(output),
  examples: [
    {
      ask: 'Can you predict next-day returns of three synthetic bank stocks with a linear model?',
      input: {
        symbols: ['DEMO:FENNB', 'DEMO:TORVA', 'DEMO:QUILH'],
        start: '2020-01-01',
        end: '2023-12-31',
        features: ['technical', 'volatility'],
        algorithms: ['ridge'],
        folds: 3,
        searchCandidates: 1,
      },
      fixture: 'bundled',
      expect: { values: { best: 'ridge', 'data.synthetic': true }, warning: 'NO_SKILL' },
    },
    {
      ask: 'Train a model on real and synthetic data together',
      input: { symbols: ['SPX', 'DEMO:MKT'] },
      fixture: 'bundled',
      expect: { error: 'MIXED_DATA' },
    },
  ],
  assumptions: [
    'Features of day t use data up to t; predictions of day t are traded at the close of t+1.',
    'Purge and embargo remove every training label that shares a day with a test label.',
    'Errors are clustered by day and weighted out to the horizon; p-values of all algorithms and measures are adjusted together.',
    'Costs are proportional; capacity, borrow and market impact are not in the portfolio figures.',
    'The list of instruments is given by the person: survivorship of that choice is not corrected.',
  ],
  references: [
    'Gu, Kelly & Xiu (2020), Empirical Asset Pricing via Machine Learning, Rev. Financ. Stud. 33:2223',
    'López de Prado (2018), Advances in Financial Machine Learning, ch. 7, 11, 12',
    'Breiman (2001), Random Forests; Friedman (2001), Greedy Function Approximation, algorithm 1; Ke et al. (2017), LightGBM',
    'Jamieson & Talwalkar (2016), successive halving; Clark & West (2007); Pesaran & Timmermann (1992); Holm (1979)',
    'Bailey & López de Prado (2014), The Deflated Sharpe Ratio, eq. 1 and 2',
  ],
  cost: 'minutes',
});

type Output = z.output<typeof trainingOutput>;

/** A number by its path, or the word for none. */
function number(output: Output, cite: (path: string) => string, path: string): string {
  const value = (path.match(/[^.[\]]+/g) ?? []).reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown>)?.[key],
    output,
  );
  return typeof value === 'number' ? cite(path) : 'not available';
}

function charts(output: Output): readonly ChartSpec[] {
  const shared = { synthetic: output.data.synthetic, footer: `${output.data.from} to ${output.data.to}` };
  const information = output.algorithms.map((entry) => entry.walkForward.informationCoefficient.estimate);
  return [
    {
      kind: 'xy',
      title: `Walk-forward portfolio, ${output.best}, after costs`,
      x: { label: 'month', dates: output.path.map((point) => point.date) },
      y: { label: 'value of 1', unit: 'ratio' },
      series: [{ name: output.best, values: output.path.map((point) => point.equity) }],
      lines: [{ y: 1 }],
      ...shared,
    },
    {
      kind: 'bar',
      title: 'Information coefficient by algorithm',
      categories: output.algorithms.map((entry) => entry.name),
      unit: 'ratio',
      series: [
        { name: 'walk-forward', values: information },
        {
          name: 'purged folds',
          values: output.algorithms.map((entry) => entry.purgedFolds.informationCoefficient.estimate),
          tone: 'muted',
        },
      ],
      ...shared,
    },
    {
      kind: 'bar',
      title: 'Share of importance in the fit',
      categories: output.importance.slice(0, 12).map((entry) => entry.feature),
      unit: 'fraction',
      series: [{ name: 'share', values: output.importance.slice(0, 12).map((entry) => entry.share) }],
      ...shared,
    },
  ];
}
