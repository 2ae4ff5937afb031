/**
 * How good are predictions of returns, with errors that respect days that move together and labels that overlap? Every
 * measure is a mean over rows of its influence function; rows of one day are summed first and days are weighted by
 * Newey & West (1987, Econometrica 55:703) out to the horizon.
 */

import { averageRanks } from '../stats/correlation.ts';
import { adjustPValues } from '../stats/multiple-testing.ts';
import { inverseNormalCdf, normalCdf } from '../stats/normal.ts';
import { type ClassificationCounts, classificationCounts } from './metrics.ts';

export interface Estimate {
  readonly estimate: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Against no skill, one-sided: small where the measure is better than chance. */
  readonly pValue: number;
}

export interface PredictionQuality {
  readonly rows: number;
  readonly days: number;
  /** Correlation of prediction and outcome (Grinold & Kahn, 2000, ch. 6); of ranks within the day where days hold five names. */
  readonly informationCoefficient: Estimate | null;
  readonly informationKind: 'rank within the day' | 'over time';
  /** Share of signs that are right; p against independence of signs (Pesaran & Timmermann, 1992). */
  readonly hitRate: Estimate | null;
  /** 1 − SSE over the SSE of the benchmark forecast (Campbell & Thompson, 2008); p by Clark & West (2007). */
  readonly rSquared: Estimate | null;
  /** Probability that an up row is ranked above a down row (DeLong et al., 1988; days as clusters: Obuchowski, 1997). */
  readonly areaUnderCurve: Estimate | null;
  readonly classification: ClassificationCounts;
}

export interface PredictionRows {
  readonly target: Float64Array;
  readonly prediction: Float64Array;
  /** Forecast to beat at each row: the training mean. */
  readonly benchmark: Float64Array;
  /** Day of each row, ascending. */
  readonly day: Int32Array;
}

/** Rows complete. `horizon` is the label's length in days. Measures that do not exist are null. O(rows log rows). */
export function evaluatePredictions(rows: PredictionRows, horizon: number, confidence = 0.95): PredictionQuality {
  const clusters = clusterDays(rows.day, horizon);
  const perDay = rows.target.length / clusters.count;
  const byDay = perDay >= 5;
  const interval = intervalOf(clusters, confidence);
  return {
    rows: rows.target.length,
    days: clusters.count,
    informationCoefficient: byDay ? rankInformation(rows, clusters, confidence) : pooledInformation(rows, interval),
    informationKind: byDay ? 'rank within the day' : 'over time',
    hitRate: hitRate(rows, interval),
    rSquared: outOfSampleR2(rows, interval),
    areaUnderCurve: clusteredAuc(rows, interval),
    classification: classificationCounts(rows.target, rows.prediction),
  };
}

interface Clusters {
  readonly of: Int32Array;
  readonly count: number;
  readonly lags: number;
}

function clusterDays(day: Int32Array, horizon: number): Clusters {
  const of = new Int32Array(day.length);
  let count = 0;
  for (let i = 0; i < day.length; i++) {
    if (i > 0 && day[i] !== day[i - 1]) count++;
    of[i] = count;
  }
  const days = day.length === 0 ? 0 : count + 1;
  return { of, count: days, lags: Math.max(horizon - 1, Math.floor(4 * (days / 100) ** (2 / 9))) };
}

/** Standard error of a mean over `total` rows from daily sums of influence. */
function clusteredError(sums: Float64Array, total: number, lags: number): number {
  let variance = 0;
  for (let lag = 0; lag <= Math.min(lags, sums.length - 1); lag++) {
    let dot = 0;
    for (let d = lag; d < sums.length; d++) dot += (sums[d] as number) * (sums[d - lag] as number);
    variance += lag === 0 ? dot : 2 * (1 - lag / (lags + 1)) * dot;
  }
  return Math.sqrt(Math.max(0, variance)) / total;
}

type IntervalOf = (
  estimate: number,
  none: number,
  influence: (row: number) => number,
  test?: (row: number) => number,
) => Estimate | null;

function intervalOf(clusters: Clusters, confidence: number): IntervalOf {
  const z = inverseNormalCdf(0.5 + confidence / 2);
  const n = clusters.of.length;
  const errorOf = (influence: (row: number) => number): number => {
    const sums = new Float64Array(clusters.count);
    for (let i = 0; i < n; i++) {
      const d = clusters.of[i] as number;
      sums[d] = (sums[d] as number) + influence(i);
    }
    return clusteredError(sums, n, clusters.lags);
  };
  return (estimate, none, influence, test) => {
    const standardError = errorOf(influence);
    if (!(standardError > 0) || !Number.isFinite(estimate)) return null;
    let pValue = normalCdf((none - estimate) / standardError);
    if (test) {
      let mean = 0;
      for (let i = 0; i < n; i++) mean += test(i) / n;
      const error = errorOf((i) => test(i) - mean);
      pValue = error > 0 ? normalCdf(-mean / error) : 1;
    }
    return { estimate, standardError, low: estimate - z * standardError, high: estimate + z * standardError, pValue };
  };
}

/** Mean of daily rank correlations: each day is one observation. */
function rankInformation(rows: PredictionRows, clusters: Clusters, confidence: number): Estimate | null {
  const daily = dailyRankCorrelations(rows).values;
  if (daily.length < 3) return null;
  const mean = daily.reduce((sum, v) => sum + v, 0) / daily.length;
  const standardError = clusteredError(
    daily.map((v) => v - mean),
    daily.length,
    clusters.lags,
  );
  if (!(standardError > 0)) return null;
  const z = inverseNormalCdf(0.5 + confidence / 2);
  return {
    estimate: mean,
    standardError,
    low: mean - z * standardError,
    high: mean + z * standardError,
    pValue: normalCdf(-mean / standardError),
  };
}

/** Spearman's correlation of each day with at least five names whose predictions differ. */
export function dailyRankCorrelations(rows: Pick<PredictionRows, 'target' | 'prediction' | 'day'>): {
  readonly day: Int32Array;
  readonly values: Float64Array;
} {
  const days: number[] = [];
  const values: number[] = [];
  let from = 0;
  while (from < rows.day.length) {
    let to = from;
    while (to < rows.day.length && rows.day[to] === rows.day[from]) to++;
    if (to - from >= 5) {
      const r = correlation(
        averageRanks(rows.prediction.subarray(from, to)),
        averageRanks(rows.target.subarray(from, to)),
      );
      if (r !== null) {
        days.push(rows.day[from] as number);
        values.push(r);
      }
    }
    from = to;
  }
  return { day: Int32Array.from(days), values: Float64Array.from(values) };
}

function correlation(a: Float64Array, b: Float64Array): number | null {
  const centre = (n: number, values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / n;
  const [ma, mb] = [centre(a.length, a), centre(b.length, b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const [u, v] = [(a[i] as number) - ma, (b[i] as number) - mb];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

function standardise(values: Float64Array): Float64Array | null {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return deviation > 1e-15 * Math.max(1, Math.abs(mean)) ? values.map((v) => (v - mean) / deviation) : null;
}

function pooledInformation(rows: PredictionRows, interval: IntervalOf): Estimate | null {
  const x = standardise(rows.prediction);
  const y = standardise(rows.target);
  if (!x || !y) return null;
  const r = x.reduce((sum, v, i) => sum + v * (y[i] as number), 0) / x.length;
  return interval(r, 0, (i) => {
    const [u, v] = [x[i] as number, y[i] as number];
    return u * v - (r / 2) * (u * u + v * v);
  });
}

function hitRate(rows: PredictionRows, interval: IntervalOf): Estimate | null {
  const n = rows.target.length;
  const up = (values: Float64Array, i: number): number => ((values[i] as number) > 0 ? 1 : 0);
  const hit = (i: number): number => (up(rows.target, i) === up(rows.prediction, i) ? 1 : 0);
  let hits = 0;
  let ups = 0;
  let calls = 0;
  for (let i = 0; i < n; i++) {
    hits += hit(i) / n;
    ups += up(rows.target, i) / n;
    calls += up(rows.prediction, i) / n;
  }
  const chance = ups * calls + (1 - ups) * (1 - calls);
  const skill = (i: number): number =>
    hit(i) - chance - (2 * calls - 1) * (up(rows.target, i) - ups) - (2 * ups - 1) * (up(rows.prediction, i) - calls);
  return interval(hits, 0.5, (i) => hit(i) - hits, skill);
}

function outOfSampleR2(rows: PredictionRows, interval: IntervalOf): Estimate | null {
  const n = rows.target.length;
  const square = (i: number, forecast: Float64Array): number =>
    ((rows.target[i] as number) - (forecast[i] as number)) ** 2;
  let error = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    error += square(i, rows.prediction) / n;
    total += square(i, rows.benchmark) / n;
  }
  if (!(total > 0)) return null;
  const r2 = 1 - error / total;
  const gap = (i: number): number => ((rows.prediction[i] as number) - (rows.benchmark[i] as number)) ** 2;
  return interval(
    r2,
    0,
    (i) => ((1 - r2) * square(i, rows.benchmark) - square(i, rows.prediction)) / total,
    (i) => square(i, rows.benchmark) - square(i, rows.prediction) + gap(i),
  );
}

function clusteredAuc(rows: PredictionRows, interval: IntervalOf): Estimate | null {
  const n = rows.target.length;
  const all = averageRanks(rows.prediction);
  const up = Int8Array.from(rows.target, (y) => (y > 0 ? 1 : 0));
  const positives = up.reduce((sum, v) => sum + v, 0);
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) return null;
  const within = ranksWithin(rows.prediction, up);
  const placement = (i: number): number => {
    const above = (all[i] as number) - (within[i] as number);
    return up[i] === 1 ? above / negatives : 1 - above / positives;
  };
  let auc = 0;
  for (let i = 0; i < n; i++) if (up[i] === 1) auc += placement(i) / positives;
  return interval(auc, 0.5, (i) => ((placement(i) - auc) * n) / (up[i] === 1 ? positives : negatives));
}

/** Rank of each score among the scores of its own class. */
function ranksWithin(score: Float64Array, group: Int8Array): Float64Array {
  const out = new Float64Array(score.length);
  for (const wanted of [0, 1]) {
    const rows = Int32Array.from({ length: score.length }, (_, i) => i).filter((i) => group[i] === wanted);
    const ranks = averageRanks(Float64Array.from(rows, (i) => score[i] as number));
    for (let k = 0; k < rows.length; k++) out[rows[k] as number] = ranks[k] as number;
  }
  return out;
}

/** p-values of several models or measures, adjusted together: Holm for "is any real", Benjamini–Hochberg for shares. */
export function adjustTogether(pValues: readonly number[]): {
  readonly holm: number[];
  readonly falseDiscovery: number[];
} {
  return {
    holm: Array.from(adjustPValues(pValues, 'holm')),
    falseDiscovery: Array.from(adjustPValues(pValues, 'benjamini-hochberg')),
  };
}
