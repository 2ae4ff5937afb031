/** The computations of `monitor_model`. */
import type { z } from 'zod';
import { notEnoughData } from '../../lib/errors.ts';
import type { RunContext } from '../define-tool.ts';
import { stabilityIndex } from '../kernels/ml/drift.ts';
import { evaluatePredictions, type PredictionRows } from '../kernels/ml/evaluate-predictions.ts';
import type { FeatureTable } from '../kernels/ml/feature-table.ts';
import { kolmogorovSmirnov } from '../kernels/ml/kolmogorov-smirnov.ts';
import { type LongShortResult, longShort } from '../kernels/ml/long-short.ts';
import { labelledDays, type ModelRows } from '../kernels/ml/model-rows.ts';
import { type Algorithm, predictReturns } from '../kernels/ml/return-models.ts';
import { maxDrawdown } from '../kernels/performance/drawdown.ts';
import { sharpeRatio } from '../kernels/performance/sharpe.ts';
import { pearsonCorrelation } from '../kernels/stats/correlation.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { adjustPValues } from '../kernels/stats/multiple-testing.ts';
import { median } from '../kernels/stats/quantile.ts';
import { dayText, toQuality } from './evidence-schema.ts';
import type { monitoringInput } from './monitor-model.ts';
import type { Level, MonitoringOutput } from './monitoring-output.ts';
import { prepareRows } from './prepare-rows.ts';
import { type FinalModel, fitFinal, portfolioStyle, withSeed } from './train-model-flow.ts';
import type { RecordedModel } from './training-input.ts';

type Input = z.output<typeof monitoringInput>;

interface Watch {
  readonly model: RecordedModel;
  readonly input: Input;
  readonly rows: ModelRows;
  readonly table: FeatureTable;
  readonly final: FinalModel;
  /** First monitored day. */
  readonly from: number;
  readonly prediction: Float64Array;
}

export function runMonitoring(
  model: RecordedModel,
  algorithm: Algorithm,
  input: Input,
  context: RunContext,
): MonitoringOutput {
  const { rows, table } = prepareRows(model.data, model.input);
  const from = rows.days.length - input.recentDays;
  const upto = Math.min(from, labelledDays(rows)) - model.input.horizonDays;
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

function describeBusiness(watch: Watch): MonitoringOutput['businessImpact'] {
  const { model, rows, input, from } = watch;
  const masked = watch.prediction.slice();
  masked.fill(Number.NaN, 0, rows.dayStart[from] as number);
  const { costBps, topK, horizonDays } = model.input;
  const style = portfolioStyle(model.data.instruments.length);
  const trade = { topK, holdDays: horizonDays, costBps, delayDays: 1, style };
  const result = longShort(rows, model.data.instruments, masked, trade);
  const sum = (values: Float64Array): number => values.reduce((total, v) => total + v, 0);
  const costs = sum(result.gross) - sum(result.net);
  const year = model.data.periodsPerYear;
  const own = result.net.length > 2 ? sharpeRatio(result.net) : null;
  const traded = result.net.length > 0;
  return {
    tradingPnlAttribution: {
      grossReturn: traded ? sum(result.gross) : null,
      costs,
      netReturn: traded ? sum(result.net) : null,
      byInstrument: model.data.instruments
        .map((series, i) => ({ symbol: series.symbol, part: result.attribution[i] as number }))
        .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
        .slice(0, 20),
    },
    riskAdjustedPerformance: {
      sharpe: own === null ? null : own * Math.sqrt(year),
      informationRatio: activeRatio(watch, result, year),
      maxDrawdown: result.net.length > 1 ? Math.abs(maxDrawdown(result.net)) : null,
    },
    ...describeCosts(watch, result, { costs, year, capital: input.capital }),
  };
}

/** Against equal weights in all instruments. */
function activeRatio(watch: Watch, result: LongShortResult, year: number): number | null {
  const { model, rows } = watch;
  const active = result.net.map((value, k) => {
    const time = rows.days[result.day[k] as number] as number;
    const moves = model.data.instruments.flatMap((series) => {
      const t = series.times.indexOf(time);
      return t > 0 ? [(series.close[t] as number) / (series.close[t - 1] as number) - 1] : [];
    });
    return value - (moves.length > 0 ? mean(moves) : 0);
  });
  const ratio = active.length > 2 ? sharpeRatio(active) : null;
  return ratio === null ? null : ratio * Math.sqrt(year);
}

function describeCosts(
  watch: Watch,
  result: LongShortResult,
  parts: { readonly costs: number; readonly year: number; readonly capital: number | undefined },
): Pick<MonitoringOutput['businessImpact'], 'implementationCosts' | 'capacityUtilization'> {
  const { model, input } = watch;
  const volumes = model.data.instruments.flatMap((series) => {
    if (series.volume === null) return [];
    const recent = series.volume
      .slice(-21)
      .map((v, k) => v * (series.close[series.close.length - Math.min(21, series.volume?.length ?? 0) + k] as number));
    return recent.length > 0 ? [median(recent)] : [];
  });
  const turnover = result.turnover.length > 0 ? mean(result.turnover) : 0;
  const perTrade = turnover / Math.max(1, model.data.instruments.length);
  const known = volumes.length === model.data.instruments.length && perTrade > 0 && Math.min(...volumes) > 0;
  const capacity = known ? (input.volumeShare * Math.min(...volumes)) / perTrade : null;
  const utilization = capacity !== null && parts.capital !== undefined ? parts.capital / capacity : null;
  const daily = result.net.length > 2 ? standardDeviation(result.gross) : 0;
  const impact = utilization === null ? null : daily * Math.sqrt(input.volumeShare * utilization) * turnover * 2;
  return {
    implementationCosts: {
      transactionCosts: parts.costs,
      annualTurnover: turnover * parts.year,
      marketImpact: impact,
      reason: impact === null ? 'impact needs traded volume of every instrument and `capital`' : null,
    },
    capacityUtilization: {
      capacity,
      utilization,
      currency: model.data.currency,
      reason:
        capacity === null
          ? 'an instrument has no traded volume, or nothing was traded'
          : utilization === null
            ? 'give `capital`'
            : null,
    },
  };
}

function describeTechnical(input: Input): MonitoringOutput['technicalPerformance'] {
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
  input: Input,
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
