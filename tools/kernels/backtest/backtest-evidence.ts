/**
 * Is a backtest's result more than luck? Summary, bootstrap intervals that keep serial dependence (stationary bootstrap
 * with the data's own block length), PSR, and DSR where the number of trials is known.
 */
import type { Rng } from '../../../lib/rng.ts';
import { type PerformanceSummary, performanceSummary } from '../performance/performance-summary.ts';
import {
  deflatedSharpe,
  neweyWestLags,
  neweyWestMean,
  perPeriodRate,
  probabilisticSharpe,
  sharpeEvidence,
  sharpeRatio,
} from '../performance/sharpe.ts';
import { type BootstrapInterval, bootstrapInterval, optimalBlockLength } from '../stats/bootstrap.ts';
import { mean } from '../stats/moments.ts';
import type { BacktestResult } from './backtest-types.ts';

export interface BacktestEvidence {
  readonly summary: PerformanceSummary;
  /** Annualised Sharpe and mean return; null where returns do not vary. */
  readonly sharpeInterval: BootstrapInterval | null;
  readonly meanInterval: BootstrapInterval | null;
  readonly blockLength: number;
  /** Probability that the true Sharpe ratio is above zero; null where returns do not vary. */
  readonly probabilisticSharpe: number | null;
  /** The same after selection among `trials`; null without trials. */
  readonly deflatedSharpe: number | null;
  readonly neweyWestT: number | null;
  readonly meanGross: number;
  readonly meanNet: number;
  /** One-way turnover a year: half of traded value ÷ equity. */
  readonly turnoverPerYear: number;
}

export interface EvidenceOptions {
  readonly periodsPerYear: number;
  readonly riskFreeRate?: number;
  readonly trials?: number;
  readonly confidence?: number;
  readonly replications?: number;
  readonly rng: Rng;
  /** Ignore the rows before this one (warm-up). */
  readonly from?: number;
}

/** O(replications × rows). */
export function backtestEvidence(result: BacktestResult, options: EvidenceOptions): BacktestEvidence {
  const { periodsPerYear, confidence = 0.95, replications = 500, rng, from = 1 } = options;
  const returns = result.returns.slice(from);
  const rf = perPeriodRate(options.riskFreeRate ?? 0, periodsPerYear);
  const excess = returns.map((r) => r - rf);
  const summary = performanceSummary(returns, { periodsPerYear, riskFreePerPeriod: rf });
  const evidence = sharpeEvidence(excess);
  const blockLength = evidence === null ? 1 : optimalBlockLength(excess).stationary;
  const scheme = { kind: 'stationary', blockLength } as const;
  const interval = (statistic: (sample: Float64Array) => number | null) =>
    evidence === null ? null : bootstrapInterval({ values: excess, statistic, scheme, replications, confidence, rng });
  const root = Math.sqrt(periodsPerYear);
  const lags = neweyWestLags(excess.length);
  return {
    summary,
    sharpeInterval: interval((sample) => {
      const ratio = sharpeRatio(sample);
      return ratio === null ? null : ratio * root;
    }),
    meanInterval: interval((sample) => mean(sample) * periodsPerYear),
    blockLength,
    probabilisticSharpe: evidence === null ? null : probabilisticSharpe(evidence),
    deflatedSharpe:
      evidence === null || options.trials === undefined ? null : deflatedSharpe(evidence, options.trials).probability,
    neweyWestT: excess.length > lags + 1 ? neweyWestMean(excess, lags).t : null,
    meanGross: mean(result.gross.slice(from)),
    meanNet: mean(result.net.slice(from)),
    turnoverPerYear: (mean(result.turnover.slice(from)) * periodsPerYear) / 2,
  };
}
