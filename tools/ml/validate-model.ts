/** Could the result of a training be luck, and what breaks it? */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { bestOf, loadRecordedModel, type RecordedModel, runIdField } from './training-input.ts';
import { runValidation } from './validation-flow.ts';

const stressSchema = z.object({
  name: z.string().describe('What was changed'),
  informationCoefficient: units.ratio('information coefficient under it').nullable(),
  netSharpe: units.ratio('net Sharpe ratio under it').nullable(),
  days: units.count('days'),
});

export const validationOutput = z.object({
  modelRunId: z.string(),
  algorithm: z.string(),
  synthetic: z.boolean().describe('True for DEMO: data'),
  verdict: z.enum(['passes', 'fails']).describe('Whether every check is passed'),
  checks: z.array(
    z.object({
      name: z.string().describe('Check'),
      value: units.ratio('measured').nullable(),
      limit: units.ratio('limit'),
      passed: z.boolean(),
      rule: z.string().describe('How value and limit are compared'),
    }),
  ),
  combinatorial: z.object({
    splits: units.count('splits'),
    paths: units.count('full out-of-sample paths'),
    meanInformation: units.ratio('mean information coefficient of the paths').nullable(),
    worstInformation: units.ratio('worst path').nullable(),
    bestInformation: units.ratio('best path').nullable(),
    meanSharpe: units.ratio('mean net Sharpe ratio of the paths').nullable(),
    worstSharpe: units.ratio('worst path').nullable(),
    shareBelowZero: units.fraction('share of paths with a negative Sharpe ratio'),
    pathSharpes: z.array(units.ratio('net Sharpe ratio of a path')),
  }),
  overfitting: z.object({
    probability: units.probability('probability of backtest overfitting by CSCV').nullable(),
    strategies: units.count('configurations compared'),
    combinations: units.count('in-sample choices'),
    reason: z.string().nullable().describe('Why there is no number, else null'),
  }),
  deflatedSharpe: z.object({
    probability: units.probability('deflated Sharpe ratio of the walk-forward portfolio').nullable(),
    trials: units.count('configurations that it pays for'),
    sharpe: units.ratio('net Sharpe ratio, annualised').nullable(),
    expectedMaximum: units.ratio('best annualised Sharpe ratio to expect from as many trials without skill').nullable(),
  }),
  stress: z.array(stressSchema),
  windows: z.object({
    trainFrom: isoDate('first day'),
    testFrom: isoDate('first walk-forward test day'),
    testTo: isoDate('last test day'),
  }),
});

export const validateModel = defineTool({
  name: 'validate_model',
  title: 'Validate a return model',
  family: 'ml',
  version: 1,
  description:
    'Validates a recorded return model: combinatorial purged cross-validation with the spread over full out-of-sample paths, probability of backtest overfitting over the configurations that were tried, the deflated Sharpe ratio, and stresses (higher costs, a later fill, noisy features, volatile and calm days, the worst quarter). Use it before any promotion, or when somebody asks whether a model is overfitted. Use train_return_model first to get a run id, and audit_backtest for claims about somebody else’s backtest.',
  input: z.strictObject({
    runId: runIdField,
    folds: units.count('blocks of the combinatorial split').min(4).max(10).default(6),
    testFolds: units.count('blocks tested at once').min(2).max(4).default(2),
    configurations: units.count('settings per algorithm for the overfitting probability').min(2).max(12).default(4),
    blocks: units.count('blocks of the symmetric cross-validation, even').min(4).max(16).multipleOf(2).default(10),
    asOf: isoDate('nothing after this day is read').optional(),
    seed: units.count('seed of every random draw').min(0).max(2_147_483_647).default(42),
  }),
  output: validationOutput,
  load: (input, ports) => loadRecordedModel(input.runId, ports),
  run: (input, model: RecordedModel, context) => runValidation(model, bestOf(model), input, context),
  summarise: (result, cite) => {
    const failed = result.checks.filter((check) => !check.passed).map((check) => check.name);
    return [
      `${result.algorithm} of ${result.modelRunId}${result.synthetic ? ' (synthetic data)' : ''} ${result.verdict === 'passes' ? 'passes every check' : `fails: ${failed.join('; ')}`}`,
      `Combinatorial purged cross-validation: ${cite('combinatorial.splits')} splits, ${cite('combinatorial.paths')} paths, ${cite('combinatorial.shareBelowZero')} of them with a negative Sharpe ratio`,
      result.overfitting.probability === null
        ? `Probability of backtest overfitting: not available (${result.overfitting.reason})`
        : `Probability of backtest overfitting ${cite('overfitting.probability')} over ${cite('overfitting.strategies')} configurations`,
      result.deflatedSharpe.probability === null
        ? 'Deflated Sharpe ratio: not available'
        : `Deflated Sharpe ratio ${cite('deflatedSharpe.probability')} for ${cite('deflatedSharpe.trials')} trials`,
      ...result.stress
        .slice(0, 7)
        .map(
          (stress, i) =>
            `${stress.name}: net Sharpe ${stress.netSharpe === null ? 'not available' : cite(`stress[${i}].netSharpe`)}`,
        ),
      'Passing is necessary, not sufficient: a person decides on promotion.',
    ];
  },
  chart: (result): readonly ChartSpec[] => [
    {
      kind: 'bar',
      title: 'Net Sharpe ratio of each out-of-sample path',
      synthetic: result.synthetic,
      categories: result.combinatorial.pathSharpes.map((_, i) => `path ${i + 1}`),
      unit: 'ratio',
      series: [{ name: 'Sharpe', values: result.combinatorial.pathSharpes }],
    },
    {
      kind: 'bar',
      title: 'Net Sharpe ratio under stress',
      synthetic: result.synthetic,
      categories: result.stress.map((stress) => stress.name),
      unit: 'ratio',
      series: [{ name: 'Sharpe', values: result.stress.map((stress) => stress.netSharpe) }],
    },
  ],
  examples: [
    {
      ask: 'Validate the model of run run_0000000000000000',
      input: { runId: 'run_0000000000000000' },
      fixture: 'none',
      expect: { error: 'UNKNOWN_RUN' },
    },
    {
      ask: 'Validate with an odd number of blocks',
      input: { runId: 'run_0000000000000000', blocks: 7 },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Settings of the combinatorial splits are those of the final model; the search itself is judged by the overfitting probability.',
    'Noise stress adds one tenth of each feature’s deviation to every feature, in training and in test.',
    'The limits of the checks are conventions: PBO below 0.5, deflated Sharpe above 0.95, no more than a quarter of paths below zero.',
  ],
  references: [
    'López de Prado (2018), Advances in Financial Machine Learning, §12.4 (CPCV)',
    'Bailey, Borwein, López de Prado & Zhu (2017), The Probability of Backtest Overfitting, §3',
    'Bailey & López de Prado (2014), The Deflated Sharpe Ratio',
  ],
  cost: 'minutes',
});
