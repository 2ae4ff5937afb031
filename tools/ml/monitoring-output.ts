/** The dashboard object: every field of the monitoring template, null with a reason where nothing is recorded. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { estimateSchema } from './evidence-schema.ts';

const reason = z.string().nullable().describe('Why there is no number, else null');
const level = z.enum(['ok', 'watch', 'alarm', 'unknown']);

export const monitoringOutput = z.object({
  modelRunId: z.string(),
  algorithm: z.string(),
  synthetic: z.boolean().describe('True for DEMO: data'),
  windows: z.object({
    trainFrom: isoDate('first day of the reference'),
    trainTo: isoDate('last day of the reference: the fit saw nothing later'),
    testFrom: isoDate('first monitored day'),
    testTo: isoDate('last monitored day'),
    days: units.count('monitored days'),
  }),
  status: level.describe('The worst of the four performance fields'),
  modelPerformance: z.object({
    predictionAccuracy: z.object({
      status: level,
      informationCoefficient: estimateSchema('information coefficient of the monitored days'),
      reference: units.ratio('in-sample information coefficient of the reference').nullable(),
      hitRate: units.fraction('share of signs that are right').nullable(),
      rolling: z.array(
        z.object({
          date: isoDate('end of the window'),
          informationCoefficient: units.ratio('over the last 21 days').nullable(),
        }),
      ),
      calibrationSlope: units.ratio('slope of outcome on prediction: 1 is calibrated').nullable(),
      calibrationIntercept: units.fraction('its intercept').nullable(),
      reason,
    }),
    featureDrift: z.object({
      status: level,
      alarms: units.count('features above the alarm level'),
      features: z.array(
        z.object({
          name: z.string(),
          psi: units.ratio('population stability index'),
          ks: units.statistic('Kolmogorov–Smirnov distance'),
          pValue: units.probability('p of it, days treated as independent'),
          adjustedP: units.probability('the same by Benjamini–Yekutieli over all features'),
        }),
      ),
    }),
    modelDrift: z.object({
      status: level,
      predictionPsi: units.ratio('stability index of the predictions themselves'),
      change: units
        .ratio('fall of the information coefficient against the walk-forward evidence of the training run')
        .nullable(),
      reason,
    }),
    dataQuality: z.object({
      status: level,
      missingShare: units.fraction('share of expected instrument-days without a bar'),
      outlierShare: units.fraction('share of returns beyond eight robust deviations'),
      incompleteShare: units.fraction('share of monitored rows with a missing feature'),
      staleDays: units.days('days from the last bar of the slowest instrument to the newest bar'),
      timeliness: z.string(),
    }),
  }),
  businessImpact: z.object({
    tradingPnlAttribution: z.object({
      grossReturn: units.fraction('sum of gross returns of the monitored days').nullable(),
      costs: units.fraction('sum of costs'),
      netReturn: units.fraction('sum of net returns').nullable(),
      byInstrument: z.array(z.object({ symbol: z.string(), part: units.fraction('part of the gross return') })),
    }),
    riskAdjustedPerformance: z.object({
      sharpe: units.ratio('net Sharpe ratio, annualised').nullable(),
      informationRatio: units.ratio('net return over equal weights, over its deviation, annualised').nullable(),
      maxDrawdown: units.fraction('largest fall').nullable(),
    }),
    implementationCosts: z.object({
      transactionCosts: units.fraction('costs of the monitored days'),
      annualTurnover: units.ratio('half of the weights traded, per year'),
      marketImpact: units.fraction('square-root impact of the given capital per unit turnover').nullable(),
      reason,
    }),
    capacityUtilization: z.object({
      capacity: units.money('capital at which a rebalance trades the given share of daily volume').nullable(),
      utilization: units.fraction('given capital over that capacity').nullable(),
      currency: z.string().describe('Currency of the capital and the capacity'),
      reason,
    }),
  }),
  technicalPerformance: z.object({
    inferenceLatencyMs: units.quantity('milliseconds per prediction run').nullable(),
    systemUptime: units.fraction('share of time available').nullable(),
    resourceUtilization: units.fraction('share of processor used').nullable(),
    memoryBytes: units.bytes('memory').nullable(),
    errorRate: units.fraction('failed runs over all').nullable(),
    reason,
  }),
  alertsAndActions: z.object({
    performanceDegradation: z.object({
      retrain: z.boolean().describe('Whether the retraining trigger fired'),
      triggers: z.array(z.string()),
      action: z.string(),
    }),
    dataAnomalies: z.array(z.string()),
    systemFailures: z.object({
      failoverProcedure: z.string().nullable(),
      backupSource: z.string().nullable(),
      reason,
    }),
    regulatoryCompliance: z.array(z.string()),
  }),
});

export type MonitoringOutput = z.input<typeof monitoringOutput>;
export type Level = z.output<typeof level>;
