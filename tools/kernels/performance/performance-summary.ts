/**
 * One table of how a return series did. Simple returns in, one per period; annual figures by `periodsPerYear`.
 * Source: Bacon (2008), Practical Portfolio Performance Measurement and Attribution; Sortino & Price (1994); Keating &
 * Shadwick (2002) for omega.
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { type Moments, mean, moments, type Numbers } from '../stats/moments.ts';
import { quantileOfSorted, sorted } from '../stats/quantile.ts';
import { drawdownPath, equityCurve } from './drawdown.ts';
import { sharpeRatio } from './sharpe.ts';

export interface PerformanceOptions {
  readonly periodsPerYear: number;
  /** Riskless simple return per period; default 0. */
  readonly riskFreePerPeriod?: number;
}

export interface PerformanceSummary {
  readonly n: number;
  readonly totalReturn: number;
  /** (1+total)^(periodsPerYear/n) − 1; null where equity fell to zero or below. */
  readonly compoundAnnualReturn: number | null;
  /** Arithmetic mean × periodsPerYear. */
  readonly annualMean: number;
  readonly annualVolatility: number;
  /** Mean excess over sample deviation of excess, per period and × √periodsPerYear; null for constant returns. */
  readonly sharpePerPeriod: number | null;
  readonly sharpe: number | null;
  /** √ mean(min(excess, 0)²) over all periods. */
  readonly downsideDeviationPerPeriod: number;
  readonly sortino: number | null;
  readonly maxDrawdown: number;
  /** Compound annual return ÷ |max drawdown|. */
  readonly calmar: number | null;
  readonly ulcerIndex: number;
  readonly painIndex: number;
  /** Gains over losses about zero; null without a loss. */
  readonly omega: number | null;
  /** Sum of returns over sum of losses; null without a loss. */
  readonly gainToPain: number | null;
  /** Share of periods with a positive return. */
  readonly hitRatio: number;
  /** 95% quantile over |5% quantile|; null where the latter is zero. */
  readonly tailRatio: number | null;
  /** Mean excess over variance of excess: the growth-optimal fraction. */
  readonly kellyFraction: number | null;
  readonly best: number;
  readonly worst: number;
  readonly moments: Moments;
}

/** Complete returns only, at least 2. O(n log n). */
export function performanceSummary(returns: Numbers, options: PerformanceOptions): PerformanceSummary {
  const n = returns.length;
  if (n < 2) throw notEnoughData({ what: 'A performance summary', needed: 2, got: n });
  const { periodsPerYear, riskFreePerPeriod = 0 } = options;
  const r = Float64Array.from(returns);
  const excess = r.map((v) => v - riskFreePerPeriod);
  const m = moments(r);
  const excessMoments = moments(excess);
  const sharpe = sharpeRatio(excess);
  const final = equityCurve(r)[n - 1] as number;
  const compound = final > 0 ? final ** (periodsPerYear / n) - 1 : null;
  const path = drawdownPath(r);
  const drawdown = Math.min(0, ...chunkMinima(path));
  const losses = sumIf(r, (v) => v < 0);
  const downside = Math.sqrt(mean(excess.map((v) => Math.min(v, 0) ** 2)));
  const ascending = sorted(r);
  const lowTail = quantileOfSorted(ascending, 0.05);
  const root = Math.sqrt(periodsPerYear);
  return {
    n,
    totalReturn: final - 1,
    compoundAnnualReturn: compound,
    annualMean: m.mean * periodsPerYear,
    annualVolatility: m.standardDeviation * root,
    sharpePerPeriod: sharpe,
    sharpe: sharpe === null ? null : sharpe * root,
    downsideDeviationPerPeriod: downside,
    sortino: downside > 0 ? (excessMoments.mean / downside) * root : null,
    maxDrawdown: drawdown,
    calmar: drawdown < 0 && compound !== null ? compound / -drawdown : null,
    ulcerIndex: Math.sqrt(mean(path.map((d) => d * d))),
    painIndex: -mean(path),
    omega: losses < 0 ? sumIf(r, (v) => v > 0) / -losses : null,
    gainToPain: losses < 0 ? (m.mean * n) / -losses : null,
    hitRatio: r.filter((v) => v > 0).length / n,
    tailRatio: lowTail !== 0 ? quantileOfSorted(ascending, 0.95) / Math.abs(lowTail) : null,
    kellyFraction: sharpe === null ? null : excessMoments.mean / excessMoments.standardDeviation ** 2,
    best: ascending[n - 1] as number,
    worst: ascending[0] as number,
    moments: m,
  };
}

function sumIf(values: Float64Array, keep: (v: number) => boolean): number {
  let sum = 0;
  for (const v of values) if (keep(v)) sum += v;
  return sum;
}

/** Minima of blocks, so that a long path never becomes a long argument list. */
function chunkMinima(values: Float64Array): number[] {
  const out: number[] = [];
  for (let i = 0; i < values.length; i += 1024) out.push(Math.min(...values.subarray(i, i + 1024)));
  return out;
}
