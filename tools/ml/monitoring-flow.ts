/** The computations of `monitor_model`. */
import { notEnoughData } from '../../lib/errors.ts';
import type { RunContext } from '../define-tool.ts';
import { stabilityIndex } from '../kernels/ml/drift.ts';
import { evaluatePredictions, type PredictionRows } from '../kernels/ml/evaluate-predictions.ts';
import { kolmogorovSmirnov } from '../kernels/ml/kolmogorov-smirnov.ts';
import { labelledDays, type ModelRows, purgeDays } from '../kernels/ml/model-rows.ts';
import { type Algorithm, predictReturns } from '../kernels/ml/return-models.ts';
import { pearsonCorrelation } from '../kernels/stats/correlation.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { adjustPValues } from '../kernels/stats/multiple-testing.ts';
import { median } from '../kernels/stats/quantile.ts';
import { dayText, toQuality } from './evidence-schema.ts';
import { describeBusiness, type MonitoringInput, type Watch } from './monitoring-business.ts';
import type { Level, MonitoringOutput } from './monitoring-output.ts';
import { prepareRows } from './prepare-rows.ts';
import { fitFinal, withSeed } from './train-model-flow.ts';
import type { RecordedModel } from './training-input.ts';

export function runMonitoring(
  model: RecordedModel,
  algorithm: Algorithm,
  input: MonitoringInput,
  context: RunContext,
): MonitoringOutput {
  const { rows, table } = prepareRows(model.data, model.input);
  const from = rows.days.length - input.recentDays;
  const upto = Math.min(from, labelledDays(rows)) - purgeDays(rows);
  if (upto < 100)
    throw notEnoughData({ what: 'The reference before the monitored days', needed: 100, got: Math.max(0, upto) });
  context.progress(0.1, 'fitting on the reference');
  const final = fitFinal(rows, model.input, algorithm, withSeed(context, model.input.seed), upto);
  context.progress(0.6, 'measuring the monitored days');
  const prediction = predictReturns(final.fitted, rows.values, rows.rows);
  const watch: Watch = { model, input, rows, table, final, from, prediction };
  const accuracy = describeAccuracy(watch);
  const drift = describeDrift(watch, upto);
  const modelDrift = describeModelDrift(watch, upto, accuracy);
  const quality = describeQuality(watch);
  const performance = { predictionAccuracy: accuracy, featureDrift: drift, modelDrift, dataQuality: quality };
  const statuses = Object.values(performance).map((field) => field.status);
  return {
    modelRunId: model.runId,
    algorithm,
    synthetic: model.data.synthetic,
    windows: {
      trainFrom: dayText(rows.days[0]),
      trainTo: dayText(rows.days[upto - 1]),
      testFrom: dayText(rows.days[from]),
      testTo: dayText(rows.days.at(-1)),
      days: rows.days.length - from,
    },
    status: worstOf(statuses),
    modelPerformance: performance,
    businessImpact: describeBusiness(watch),
    technicalPerformance: describeTechnical(input),
    alertsAndActions: describeAlerts(performance, input),
  };
}

function worstOf(levels: readonly Level[]): Level {
  const order: readonly Level[] = ['alarm', 'watch', 'ok', 'unknown'];
  return order.find((level) => levels.includes(level)) ?? 'unknown';
}

function monitoredRows(watch: Watch): PredictionRows {
  const { rows, prediction, from, final } = watch;
  const chosen: number[] = [];
  for (let i = rows.dayStart[from] as number; i < rows.rows; i++)
    if (!Number.isNaN(rows.target[i] as number)) chosen.push(i);
  return {
    target: Float64Array.from(chosen, (i) => rows.target[i] as number),
    prediction: Float64Array.from(chosen, (i) => prediction[i] as number),
    benchmark: new Float64Array(chosen.length).fill(final.fitted.kind === 'trees' ? 0 : final.fitted.model.intercept),
    day: Int32Array.from(chosen, (i) => rows.day[i] as number),
  };
}

type Accuracy = MonitoringOutput['modelPerformance']['predictionAccuracy'];

function describeAccuracy(watch: Watch): Accuracy {
  const scored = monitoredRows(watch);
  const { model, final } = watch;
  const quality = evaluatePredictions(scored, model.input.horizonDays, model.input.confidence);
  const described = toQuality(quality);
  const information = quality.informationCoefficient;
  const calibration = calibrate(scored);
  const status: Level =
    information === null ? 'unknown' : information.high < 0 ? 'alarm' : information.estimate < 0 ? 'watch' : 'ok';
  return {
    status,
    informationCoefficient: described.informationCoefficient,
    reference: final.trainingQuality.informationCoefficient?.estimate ?? null,
    hitRate: quality.hitRate?.estimate ?? null,
    rolling: rollingInformation(watch, scored),
    calibrationSlope: calibration?.slope ?? null,
    calibrationIntercept: calibration?.intercept ?? null,
    reason: calibration ? null : 'predictions do not vary',
  };
}

function calibrate(scored: PredictionRows): { slope: number; intercept: number } | null {
  const { prediction, target } = scored;
  if (prediction.length < 3) return null;
  const r = pearsonCorrelation(prediction, target);
  const spread = standardDeviation(prediction);
  if (r === null || !(spread > 0)) return null;
  const slope = (r * standardDeviation(target)) / spread;
  return { slope, intercept: mean(target) - slope * mean(prediction) };
}

/** Pooled correlation of the last 21 days, at every fifth day. */
function rollingInformation(watch: Watch, scored: PredictionRows): Accuracy['rolling'] {
  const last = scored.day.at(-1) ?? watch.from;
  const out: Accuracy['rolling'] = [];
  for (let end = watch.from + 20; end <= last; end += 5) {
    const a = scored.day.findIndex((d) => d > end - 21);
    const next = scored.day.findIndex((d) => d > end);
    const b = next < 0 ? scored.day.length : next;
    const r = b - a >= 10 ? pearsonCorrelation(scored.prediction.subarray(a, b), scored.target.subarray(a, b)) : null;
    out.push({ date: dayText(watch.rows.days[end]), informationCoefficient: r });
  }
  return out;
}

function columnOf(rows: ModelRows, f: number, fromDay: number, toDay: number): Float64Array {
  const start = rows.dayStart[fromDay] as number;
  const end = rows.dayStart[toDay] as number;
  return Float64Array.from({ length: end - start }, (_, k) => rows.values[(start + k) * rows.cols + f] as number);
}

function describeDrift(watch: Watch, upto: number): MonitoringOutput['modelPerformance']['featureDrift'] {
  const { rows, table, input, from } = watch;
  const raw = table.features.map((feature, f) => {
    const reference = columnOf(rows, f, 0, upto);
    const recent = columnOf(rows, f, from, rows.days.length);
    const ks = kolmogorovSmirnov(reference, recent, 0);
    return {
      name: feature.name,
      psi: stabilityIndex(reference, recent, 10).psi,
      ks: ks.statistic,
      pValue: ks.pAsymptotic,
    };
  });
  const adjusted = adjustPValues(
    raw.map((entry) => entry.pValue),
    'benjamini-yekutieli',
  );
  const alarms = raw.filter((entry) => entry.psi > input.psiAlarm).length;
  return {
    status: alarms > raw.length / 4 ? 'alarm' : alarms > 0 ? 'watch' : 'ok',
    alarms,
    features: raw.map((entry, f) => ({ ...entry, adjustedP: adjusted[f] as number })),
  };
}

function describeModelDrift(
  watch: Watch,
  upto: number,
  accuracy: Accuracy,
): MonitoringOutput['modelPerformance']['modelDrift'] {
  const { rows, prediction, model, from } = watch;
  const reference = prediction.slice(0, rows.dayStart[upto] as number);
  const recent = prediction.slice(rows.dayStart[from] as number);
  const { psi } = stabilityIndex(reference, recent, 10);
  const recorded = recordedInformation(model);
  const now = accuracy.informationCoefficient.estimate ?? null;
  const change = recorded === null || now === null ? null : recorded - now;
  return {
    status: psi > watch.input.psiAlarm ? 'watch' : 'ok',
    predictionPsi: psi,
    change,
    reason: change === null ? 'the training run or the monitored days have no information coefficient' : null,
  };
}

function recordedInformation(model: RecordedModel): number | null {
  const entries = model.output['algorithms'];
  if (!Array.isArray(entries)) return null;
  const best = entries.find((entry) => entry.name === model.output['best']);
  const estimate: unknown = best?.walkForward?.informationCoefficient?.estimate;
  return typeof estimate === 'number' ? estimate : null;
}

function describeQuality(watch: Watch): MonitoringOutput['modelPerformance']['dataQuality'] {
  const { table, rows, model, from } = watch;
  const first = rows.days[from] as number;
  const expected = table.days.filter((day) => day >= first).length;
  let present = 0;
  let outliers = 0;
  let returns = 0;
  let slowest = Number.POSITIVE_INFINITY;
  for (const series of model.data.instruments) {
    const all = series.close.map((price, t) => (t > 0 ? Math.log(price / (series.close[t - 1] as number)) : 0));
    const scale = 1.4826 * median(all.map(Math.abs));
    slowest = Math.min(slowest, series.times.at(-1) ?? 0);
    for (let t = 0; t < all.length; t++) {
      if ((series.times[t] as number) < first) continue;
      present++;
      returns++;
      if (scale > 0 && Math.abs(all[t] as number) > 8 * scale) outliers++;
    }
  }
  const wanted = expected * model.data.instruments.length;
  const complete = rows.rows - (rows.dayStart[from] as number);
  const missingShare = wanted > 0 ? Math.max(0, 1 - present / wanted) : 0;
  const outlierShare = returns > 0 ? outliers / returns : 0;
  const incompleteShare = present > 0 ? Math.max(0, 1 - complete / present) : 0;
  const newest = table.days.at(-1) ?? 0;
  const staleDays = (newest - slowest) / 86_400_000;
  const poor = missingShare > 0.05 || incompleteShare > 0.05 || staleDays > 7;
  return {
    status: poor ? 'alarm' : outlierShare > 0.005 || missingShare > 0.01 ? 'watch' : 'ok',
    missingShare,
    outlierShare,
    incompleteShare,
    staleDays,
    timeliness:
      staleDays > 0
        ? `at least one instrument ends ${staleDays} days before the newest`
        : 'all instruments end on the same day',
  };
}

function describeTechnical(input: MonitoringInput): MonitoringOutput['technicalPerformance'] {
  const { operations } = input;
  const measured = Object.keys(operations).length > 0;
  const errorRate =
    operations.requests !== undefined && operations.requests > 0 && operations.errors !== undefined
      ? operations.errors / operations.requests
      : null;
  return {
    inferenceLatencyMs: operations.inferenceLatencyMs ?? null,
    systemUptime: operations.uptime ?? null,
    resourceUtilization: operations.processorShare ?? null,
    memoryBytes: operations.memoryBytes ?? null,
    errorRate,
    reason: measured ? null : 'operations gave no measurements (`operations`)',
  };
}

function describeAlerts(
  performance: MonitoringOutput['modelPerformance'],
  input: MonitoringInput,
): MonitoringOutput['alertsAndActions'] {
  const triggers = [
    ...(performance.predictionAccuracy.status === 'alarm'
      ? ['the information coefficient is below zero with confidence']
      : []),
    ...(performance.featureDrift.status === 'alarm' ? ['more than a quarter of the features drifted'] : []),
    ...(performance.modelDrift.status !== 'ok' && performance.predictionAccuracy.status !== 'ok'
      ? ['predictions drifted and accuracy fell']
      : []),
  ];
  const { dataQuality } = performance;
  const { failoverProcedure, backupSource } = input.operations;
  return {
    performanceDegradation: {
      retrain: triggers.length > 0,
      triggers,
      action:
        triggers.length > 0
          ? 'Retrain with train_return_model (previousRunId names this model), validate, and let a person decide.'
          : 'Keep watching; run again after the next month.',
    },
    dataAnomalies: [
      ...(dataQuality.missingShare > 0 ? ['bars are missing'] : []),
      ...(dataQuality.outlierShare > 0 ? ['returns beyond eight robust deviations'] : []),
      ...(dataQuality.staleDays > 0 ? [dataQuality.timeliness] : []),
    ],
    systemFailures: {
      failoverProcedure: failoverProcedure ?? null,
      backupSource: backupSource ?? null,
      reason: failoverProcedure === undefined || backupSource === undefined ? 'operations did not state both' : null,
    },
    regulatoryCompliance: [
      'Recorded out-of-sample, stress and validation runs are needed before promotion.',
      'Consult risk management, model validation and compliance; no compliance is claimed here.',
    ],
  };
}
