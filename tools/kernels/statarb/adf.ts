/**
 * Augmented Dickey–Fuller test: does a series have a unit root (null) or revert (alternative)?
 * Δx_t = γ x_{t−1} + Σ δ_i Δx_{t−i} + deterministic terms + e_t; the statistic is the t of γ.
 *
 * Source: Said & Dickey (1984, Biometrika 71:599); lag selection on the common sample of the longest order, then the chosen
 * order on the longest sample, as statsmodels; p-values MacKinnon (1994), critical values MacKinnon (2010).
 * Complete data only. O(n · maxLag + maxLag³).
 */
import { invalidInput, notEnoughData, TradewindError } from '../../../lib/errors.ts';
import { lagRegressions, levelTest } from './lag-regression.ts';
import { type CriticalValues, dickeyFullerCritical, dickeyFullerPValue } from './mackinnon.ts';
import type { Trend } from './mackinnon-tables.ts';

export type LagRule = 'aic' | 'bic' | 't-stat' | { readonly lag: number };

export interface AdfResult {
  readonly statistic: number;
  /** Asymptotic; null where the surface has none. */
  readonly pValue: number | null;
  readonly criticalValues: CriticalValues | null;
  readonly lag: number;
  /** Rows of the final regression. */
  readonly rows: number;
  /** γ: the estimated pull per bar (−0.02 = 2% of the gap closes each bar). */
  readonly coefficient: number;
  /** Value of the selection rule at its optimum; null for a given lag. */
  readonly criterion: number | null;
}

/** Schwert's (1989) longest lag: ⌈12 (n/100)^¼⌉, less where the sample is short. */
export function schwertLag(n: number, trend: Trend): number {
  const deterministic = trend === 'n' ? 0 : trend.length;
  return Math.max(0, Math.min(Math.floor(n / 2) - deterministic - 1, Math.ceil(12 * (n / 100) ** 0.25)));
}

/**
 * `series` is the number of series behind a residual (1 for a series of its own): a hedge ratio that was estimated
 * moves the critical values. Example: adfTest(logPrices, {trend: 'c', lags: 'aic'}).
 */
export function adfTest(
  x: Float64Array,
  options: { readonly trend?: Trend; readonly lags?: LagRule; readonly maxLag?: number; readonly series?: number } = {},
): AdfResult {
  const { trend = 'c', lags = 'aic', series = 1 } = options;
  const choice = chooseLag(x, trend, lags, options.maxLag);
  const needed = 2 * choice.lag + (trend === 'n' ? 0 : trend.length) + 4;
  if (x.length < needed) {
    throw notEnoughData({ what: `An ADF test with ${choice.lag} lags`, needed, got: x.length });
  }
  const test = levelTest(x, trend, choice.lag);
  if (test === null || !Number.isFinite(test.t)) throw degenerateSeries();
  const kind = { kind: 'tau', series } as const;
  return {
    statistic: test.t,
    pValue: dickeyFullerPValue(test.t, trend, kind),
    criticalValues: dickeyFullerCritical(test.rows, trend, kind),
    lag: choice.lag,
    rows: test.rows,
    coefficient: test.coefficient,
    criterion: choice.criterion,
  };
}

export function degenerateSeries(): TradewindError {
  return new TradewindError({
    code: 'DEGENERATE_SERIES',
    kind: 'data',
    message: 'The series is constant or an exact function of its own past: a unit-root test has nothing to estimate.',
    hint: 'Check that it is not one series against itself, a constant, or interpolated prices.',
  });
}

function chooseLag(
  x: Float64Array,
  trend: Trend,
  rule: LagRule,
  maxLag: number | undefined,
): { readonly lag: number; readonly criterion: number | null } {
  if (typeof rule === 'object') {
    if (!Number.isInteger(rule.lag) || rule.lag < 0) {
      throw invalidInput({ what: 'The lag of an ADF test', needed: 'a whole number from 0', got: rule.lag });
    }
    return { lag: rule.lag, criterion: null };
  }
  const longest = maxLag ?? schwertLag(x.length, trend);
  const minimum = longest + (trend === 'n' ? 0 : trend.length) + 6;
  if (x.length < minimum) throw notEnoughData({ what: 'An ADF test', needed: minimum, got: x.length });
  const fits = lagRegressions(x, trend, longest);
  if (fits === null) throw degenerateSeries();
  if (rule === 't-stat') return lastSignificant(fits.lastT);
  const { rows, deterministic, residualSums } = fits;
  return smallestCriterion(residualSums, rows, deterministic, rule);
}

const TEN_PERCENT_TWO_SIDED = 1.6448536269514722;

function lastSignificant(lastT: Float64Array) {
  let lag = lastT.length - 1;
  while (lag > 0 && (lastT[lag] as number) < TEN_PERCENT_TWO_SIDED) lag--;
  return { lag, criterion: lastT[lag] as number };
}

/** Full Gaussian criterion −2 ln L + penalty · parameters; the smallest lag wins a tie. */
export function smallestCriterion(
  residualSums: Float64Array,
  rows: number,
  deterministic: number,
  rule: 'aic' | 'bic',
): { readonly lag: number; readonly criterion: number } {
  const penalty = rule === 'aic' ? 2 : Math.log(rows);
  let lag = 0;
  let criterion = Number.POSITIVE_INFINITY;
  for (let k = 0; k < residualSums.length; k++) {
    const fit = rows * (Math.log((2 * Math.PI * (residualSums[k] as number)) / rows) + 1);
    const value = fit + penalty * (deterministic + 1 + k);
    if (value < criterion) {
      criterion = value;
      lag = k;
    }
  }
  return { lag, criterion };
}
