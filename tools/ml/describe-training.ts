/** Kernels' results as the output of `train_return_model`. */

import { adjustTogether } from '../kernels/ml/evaluate-predictions.ts';
import type { LongShortResult } from '../kernels/ml/long-short.ts';
import { purgeDays, rowsOfDays } from '../kernels/ml/model-rows.ts';
import { impurityImportance } from '../kernels/ml/random-forest.ts';
import { type FittedReturnModel, predictReturns } from '../kernels/ml/return-models.ts';
import { maxDrawdown } from '../kernels/performance/drawdown.ts';
import {
  deflatedSharpe,
  probabilisticSharpe,
  sharpeEvidence,
  sharpeStandardError,
} from '../kernels/performance/sharpe.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { inverseNormalCdf } from '../kernels/stats/normal.ts';
import { ARTEFACT_FORMAT, toArtefact } from './artefact.ts';
import { dayText, toQuality, toSettings } from './evidence-schema.ts';
import { judgeEvidence } from './judge-evidence.ts';
import type { ModelData } from './model-recipe.ts';
import type { Training } from './train-model-flow.ts';
import { portfolioStyle } from './train-model-flow.ts';
import type { TrainingInput } from './training-input.ts';
import type { TrainingOutput } from './training-output.ts';

const CONSULT = ['risk manager', 'model validation', 'compliance'];

export function describeTraining(training: Training, data: ModelData, input: TrainingInput): TrainingOutput {
  const { results, best, rows, table, final } = training;
  const tests = collectTests(training);
  const portfolios = describePortfolios(training, data, input);
  const bestAt = results.indexOf(best);
  const bestPortfolio = portfolios[bestAt] as TrainingOutput['algorithms'][number]['portfolio'];
  const artefact = toArtefact(
    final.fitted,
    table.features.map((feature) => feature.name),
  );
  return {
    verdict: judgeEvidence({
      adjustedP: tests.holm[bestAt] ?? null,
      deflatedSharpe: bestPortfolio.deflatedSharpe ?? null,
      netSharpe: bestPortfolio.sharpe ?? null,
      tests: tests.count,
    }),
    best: best.algorithm,
    architecture: architectureOf(training),
    data: {
      symbols: data.instruments.map((series) => series.symbol),
      from: dayText(rows.days[0]),
      to: dayText(rows.days.at(-1)),
      days: rows.days.length,
      rows: rows.rows,
      labelledRows: rows.target.reduce((count, y) => count + (Number.isNaN(y) ? 0 : 1), 0),
      features: table.features.length,
      dropped: [...table.dropped],
      synthetic: data.synthetic,
    },
    target: { description: targetText(input), horizonDays: input.horizonDays },
    validation: describeValidation(training, input),
    tests: {
      count: tests.count,
      method: 'Holm for the verdict, Benjamini–Hochberg beside it',
      what: 'information coefficient, hit rate, R² and AUC of every algorithm on the walk-forward predictions',
    },
    algorithms: results.map((result, a) => ({
      name: result.algorithm,
      settings: toSettings((result.walk.splits.at(-1) ?? result.folds.splits[0])?.candidate ?? final.candidate),
      purgedFolds: toQuality(result.foldQuality),
      walkForward: toQuality(result.walkQuality),
      adjustedP: tests.holm[a] ?? null,
      falseDiscoveryRate: tests.falseDiscovery[a] ?? null,
      portfolio: portfolios[a] as TrainingOutput['algorithms'][number]['portfolio'],
      searchFits: result.folds.searchFits + result.walk.searchFits,
    })),
    training: toQuality(final.trainingQuality),
    finalSettings: toSettings(final.candidate),
    predictions: latestPredictions(training, data, input),
    importance: importanceOf(
      final.fitted,
      table.features.map((feature) => feature.name),
    ),
    path: equityPath(best.portfolio, rows.days),
    artefact: { format: ARTEFACT_FORMAT, sha256: artefact.sha256, bytes: artefact.bytes },
    lineage: { previousRunId: input.previousRunId ?? null },
    ...guidance(),
  };
}

function guidance(): Pick<TrainingOutput, 'deployment' | 'monitoring' | 'consult'> {
  return {
    deployment: [
      'Not for use before validate_model runs (validation and stress) are recorded and a person promotes the model.',
      'Predictions of day t are traded at the next close or later; position limits of the constitution apply.',
    ],
    monitoring: [
      'monitor_model: drift of features (PSI, KS), rolling information coefficient, calibration, data quality.',
      'Retrain when its trigger fires; name this run as previousRunId, so that the lineage is recorded.',
    ],
    consult: CONSULT,
  };
}

function targetText(input: TrainingInput): string {
  const span = input.horizonDays === 1 ? 'next day' : `next ${input.horizonDays} days`;
  const kinds = {
    return: `log return over the ${span}`,
    excess: `log return over the ${span} less the mean of the instruments`,
    'volatility-scaled': `log return over the ${span} in units of the instrument's own 21-day volatility`,
  };
  return kinds[input.target];
}

function architectureOf(training: Training): string {
  const settings = toSettings(training.final.candidate)
    .map((entry) => `${entry.name} ${entry.value}`)
    .join(', ');
  const kinds: Record<string, string> = {
    ridge: 'linear model with ridge penalty on standardised features',
    'elastic-net': 'linear model with elastic-net penalty on standardised features',
    'random-forest': 'random forest of histogram trees (255 bins, bootstrap samples)',
    'gradient-boosting': 'histogram gradient boosting (255 bins, squared loss)',
  };
  return `One ${kinds[training.best.algorithm]} over all instruments; ${settings}`;
}

function describeValidation(training: Training, input: TrainingInput): TrainingOutput['validation'] {
  const { rows } = training;
  return {
    method:
      'Purged k-fold with embargo for the comparison; expanding walk-forward for the evidence; settings searched by successive halving inside each training part',
    folds: training.foldSplits.length,
    purgeDays: purgeDays(rows),
    embargoDays: input.embargoDays,
    walkForward: training.walkSplits.map((split) => ({
      trainFrom: dayText(rows.days[split.train[0] as number]),
      trainTo: dayText(rows.days[split.train.at(-1) as number]),
      testFrom: dayText(rows.days[split.test[0] as number]),
      testTo: dayText(rows.days[split.test.at(-1) as number]),
      trainRows: rowsOfDays(rows, split.train).length,
      testRows: rowsOfDays(rows, split.test).length,
    })),
  };
}

/** All walk-forward p-values together; of those the information coefficients' by algorithm. */
function collectTests(training: Training) {
  const entries = training.results.flatMap(({ walkQuality }, a) =>
    (['informationCoefficient', 'hitRate', 'rSquared', 'areaUnderCurve'] as const).flatMap((measure) => {
      const found = walkQuality[measure];
      return found ? [{ a, measure, p: found.pValue }] : [];
    }),
  );
  const { holm, falseDiscovery } = adjustTogether(entries.map((entry) => entry.p));
  const ofInformation = (values: readonly number[]): (number | undefined)[] =>
    training.results.map(
      (_, a) => values[entries.findIndex((e) => e.a === a && e.measure === 'informationCoefficient')],
    );
  return { count: entries.length, holm: ofInformation(holm), falseDiscovery: ofInformation(falseDiscovery) };
}

function describePortfolios(training: Training, data: ModelData, input: TrainingInput) {
  const evidence = training.results.map((result) =>
    result.portfolio.net.length > 2 ? sharpeEvidence(result.portfolio.net) : null,
  );
  const trials = training.results.length * input.searchCandidates;
  const known = evidence.flatMap((entry) => (entry ? [entry.sharpe] : []));
  const scatter = known.length > 1 ? standardDeviation(known) : undefined;
  return training.results.map((result, a) => {
    const own = evidence[a] ?? null;
    const shape = portfolioNumbers(result.portfolio, own, data.periodsPerYear, input);
    const noise = own ? 1 / Math.sqrt(own.n - 1) : 0;
    return {
      ...shape,
      // The scatter over trials is at least the sampling error: a few alike models must not make luck look small.
      deflatedSharpe: own ? deflatedSharpe(own, trials, Math.max(scatter ?? 0, noise)).probability : null,
      trials,
    };
  });
}

export function portfolioNumbers(
  portfolio: LongShortResult,
  own: ReturnType<typeof sharpeEvidence>,
  periodsPerYear: number,
  input: { readonly confidence: number; readonly costBps: number },
) {
  const { net, gross, turnover } = portfolio;
  const year = Math.sqrt(periodsPerYear);
  const z = inverseNormalCdf(0.5 + input.confidence / 2);
  const grossEvidence = gross.length > 2 ? sharpeEvidence(gross) : null;
  const annualTurnover = turnover.length > 0 ? mean(turnover) * periodsPerYear : 0;
  return {
    days: net.length,
    annualReturn: net.length > 1 ? mean(net) * periodsPerYear : null,
    annualVolatility: net.length > 1 ? standardDeviation(net) * year : null,
    sharpe: own ? own.sharpe * year : null,
    sharpeLow: own ? (own.sharpe - z * sharpeStandardError(own)) * year : null,
    sharpeHigh: own ? (own.sharpe + z * sharpeStandardError(own)) * year : null,
    grossSharpe: grossEvidence ? grossEvidence.sharpe * year : null,
    maxDrawdown: net.length > 1 ? Math.abs(maxDrawdown(net)) : null,
    probabilisticSharpe: own ? probabilisticSharpe(own) : null,
    annualTurnover,
    annualCost: (2 * annualTurnover * input.costBps) / 10_000,
  };
}

/** The newest complete row of each instrument, through the model fitted on all days. */
export function latestPredictions(
  training: Pick<Training, 'rows' | 'final'>,
  data: ModelData,
  input: { readonly topK: number },
) {
  const { rows, final } = training;
  const newest = new Map<number, number>();
  for (let r = 0; r < rows.rows; r++) newest.set(rows.instrument[r] as number, r);
  const predicted = [...newest].map(([instrument, r]) => ({
    symbol: data.instruments[instrument]?.symbol ?? '',
    asOf: dayText(rows.days[rows.day[r] as number]),
    prediction: predictReturns(final.fitted, rows.values.subarray(r * rows.cols, (r + 1) * rows.cols), 1)[0] as number,
  }));
  predicted.sort((a, b) => b.prediction - a.prediction || (a.symbol < b.symbol ? -1 : 1));
  const style = portfolioStyle(predicted.length);
  const k = Math.min(input.topK, Math.floor(predicted.length / 2));
  return predicted.map((entry, i) => {
    const bySign = entry.prediction > 0 ? 'long' : entry.prediction < 0 ? 'short' : 'none';
    const byRank = i < k ? 'long' : i >= predicted.length - k ? 'short' : 'none';
    return { ...entry, rank: i + 1, side: style === 'sign' ? (bySign as 'long') : (byRank as 'long') };
  });
}

export function importanceOf(fitted: FittedReturnModel, names: readonly string[]) {
  const raw = fitted.kind === 'trees' ? impurityImportance(fitted.ensemble) : fitted.model.coefficients.map(Math.abs);
  const total = raw.reduce((sum, v) => sum + v, 0);
  return Array.from(raw, (v, j) => ({ feature: names[j] as string, share: total > 0 ? v / total : 0 }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 20);
}

/** Last day of each month, and the last day. */
function equityPath(portfolio: LongShortResult, days: Float64Array): { date: string; equity: number }[] {
  const out: { date: string; equity: number }[] = [];
  let equity = 1;
  for (let k = 0; k < portfolio.net.length; k++) {
    equity *= 1 + (portfolio.net[k] as number);
    const date = dayText(days[portfolio.day[k] as number]);
    const next = portfolio.day[k + 1];
    if (next === undefined || dayText(days[next]).slice(0, 7) !== date.slice(0, 7)) out.push({ date, equity });
  }
  return out;
}
