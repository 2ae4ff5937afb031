/** Does a recorded model still see the world that it was trained on? */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { runMonitoring } from './monitoring-flow.ts';
import { monitoringOutput } from './monitoring-output.ts';
import { bestOf, loadRecordedModel, type RecordedModel, runIdField } from './training-input.ts';

export const monitoringInput = z.strictObject({
  runId: runIdField,
  end: isoDate('last monitored day; default the cut-off, so days after the training count').optional(),
  recentDays: units.count('days monitored; the fit ends before them').min(20).max(756).default(126),
  psiAlarm: units.ratio('stability index that raises an alarm').min(0.05).max(2).default(0.25),
  capital: units.money('capital run on the model').min(0).optional(),
  volumeShare: units.fraction('share of daily volume that a trade may take').min(0.0001).max(0.5).default(0.02),
  operations: z
    .strictObject({
      inferenceLatencyMs: units.quantity('measured milliseconds per prediction run').min(0).optional(),
      requests: units.count('prediction runs').min(0).optional(),
      errors: units.count('failed ones').min(0).optional(),
      uptime: units.fraction('share of time available').min(0).max(1).optional(),
      processorShare: units.fraction('share of processor used').min(0).max(1).optional(),
      memoryBytes: units.bytes('memory used').min(0).optional(),
      failoverProcedure: z.string().max(300).describe('What happens when the system fails').optional(),
      backupSource: z.string().max(200).describe('Where data come from when the source fails').optional(),
    })
    .default({})
    .describe('What operations measured; nothing is made up where it is absent'),
  asOf: isoDate('nothing after this day is read').optional(),
  seed: units.count('seed of every random draw').min(0).max(2_147_483_647).default(42),
});

export const monitorModel = defineTool({
  name: 'monitor_model',
  title: 'Monitor a return model',
  family: 'ml',
  version: 1,
  description:
    'Monitors a recorded return model on the newest days: drift of every feature (PSI, Kolmogorov–Smirnov with adjusted p), drift of the predictions, rolling information coefficient, calibration, data quality, profit attribution, costs, capacity, and the retraining trigger, as one dashboard object. Use it to ask whether a model still works or must be retrained. Use validate_model to judge a model before use and train_return_model to retrain it.',
  input: monitoringInput,
  output: monitoringOutput,
  load: (input, ports) => loadRecordedModel(input.runId, ports, { end: input.end ?? input.asOf ?? ports.asOf }),
  run: (input, model: RecordedModel, context) => runMonitoring(model, bestOf(model), input, context),
  summarise(result, cite) {
    const { modelPerformance: performance, alertsAndActions: alerts } = result;
    const information = performance.predictionAccuracy.informationCoefficient;
    const worst = performance.featureDrift.features
      .map((feature, f) => ({ feature, f }))
      .sort((a, b) => b.feature.psi - a.feature.psi)
      .slice(0, 3);
    return [
      `${result.algorithm} of ${result.modelRunId}${result.synthetic ? ' (synthetic data)' : ''}: ${result.status}; ${cite('windows.days')} days from ${result.windows.testFrom} to ${result.windows.testTo}, reference to ${result.windows.trainTo}`,
      information.estimate === null
        ? `Information coefficient: not available (${information.reason})`
        : `Information coefficient ${cite('modelPerformance.predictionAccuracy.informationCoefficient.estimate')} (${cite('modelPerformance.predictionAccuracy.informationCoefficient.low')} to ${cite('modelPerformance.predictionAccuracy.informationCoefficient.high')})`,
      `Feature drift: ${cite('modelPerformance.featureDrift.alarms')} features above the alarm level`,
      ...worst.map(
        ({ feature, f }) => `${feature.name}: PSI ${cite(`modelPerformance.featureDrift.features[${f}].psi`)}`,
      ),
      `Data: ${cite('modelPerformance.dataQuality.missingShare')} of bars missing, ${cite('modelPerformance.dataQuality.outlierShare')} outliers`,
      result.businessImpact.riskAdjustedPerformance.sharpe === null
        ? 'Net Sharpe ratio: not available'
        : `Net Sharpe ratio of the monitored days ${cite('businessImpact.riskAdjustedPerformance.sharpe')}`,
      alerts.performanceDegradation.retrain
        ? `Retrain: ${alerts.performanceDegradation.triggers.join('; ')}`
        : 'No retraining trigger fired',
      ...(result.technicalPerformance.reason === null
        ? []
        : [`Technical performance: ${result.technicalPerformance.reason}`]),
    ];
  },
  chart: (result): readonly ChartSpec[] => [
    {
      kind: 'xy',
      title: 'Rolling information coefficient, 21 days',
      synthetic: result.synthetic,
      x: { label: 'day', dates: result.modelPerformance.predictionAccuracy.rolling.map((point) => point.date) },
      y: { label: 'IC', unit: 'ratio', zero: true },
      series: [
        {
          name: 'IC',
          values: result.modelPerformance.predictionAccuracy.rolling.map((point) => point.informationCoefficient),
        },
      ],
      lines: [{ y: 0 }],
    },
    {
      kind: 'bar',
      title: 'Feature drift (PSI)',
      synthetic: result.synthetic,
      categories: result.modelPerformance.featureDrift.features.map((feature) => feature.name),
      unit: 'ratio',
      series: [{ name: 'PSI', values: result.modelPerformance.featureDrift.features.map((feature) => feature.psi) }],
    },
  ],
  examples: [
    {
      ask: 'Monitor the model of run run_0000000000000000',
      input: { runId: 'run_0000000000000000' },
      fixture: 'none',
      expect: { error: 'UNKNOWN_RUN' },
    },
    {
      ask: 'Monitor the last five days',
      input: { runId: 'run_0000000000000000', recentDays: 5 },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'The monitored model is fitted again, from the recorded recipe and seed, on the days before the monitored ones.',
    'Drift p-values treat days as independent; features persist, so the stability index leads and p-values are adjusted for dependence.',
    'Latency, uptime and error rates come from operations; they are null unless given.',
  ],
  references: [
    'Siddiqi (2006), Credit Risk Scorecards, §8 (PSI); Smirnov (1948); Benjamini & Yekutieli (2001)',
    'Gama et al. (2014), A Survey on Concept Drift Adaptation, §3',
    'Almgren et al. (2005), Direct Estimation of Equity Market Impact, eq. 8 (square-root form)',
  ],
  cost: 'minutes',
});
