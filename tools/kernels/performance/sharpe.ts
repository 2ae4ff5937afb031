/**
 * The Sharpe ratio and what is left of it after estimation error, autocorrelation and selection.
 * Sharpe here = mean excess return / sample standard deviation (divisor n − 1) of excess returns, arithmetic, per period;
 * annualised by √periodsPerYear only where the name says so. Source: Sharpe (1994, J. Portf. Manag. 21:49); Lo (2002,
 * Financ. Anal. J. 58:36); Bailey & López de Prado (2012, J. Risk 15:3; 2014, J. Portf. Manag. 40:94).
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { autocorrelations } from '../stats/correlation.ts';
import { moments, type Numbers } from '../stats/moments.ts';
import { inverseNormalCdf, normalCdf } from '../stats/normal.ts';

const EULER_MASCHERONI = 0.5772156649015329;

/** A riskless annual rate per period, compounded: (1+rate)^(1/periodsPerYear) − 1. */
export function perPeriodRate(annualRate: number, periodsPerYear: number): number {
  return Math.expm1(Math.log1p(annualRate) / periodsPerYear);
}

/** Per-period Sharpe ratio of excess returns, or null where they do not vary. */
export function sharpeRatio(excess: Numbers): number | null {
  if (excess.length < 2) throw notEnoughData({ what: 'A Sharpe ratio', needed: 2, got: excess.length });
  const m = moments(excess);
  const scale = Math.max(Math.abs(m.mean), Number.MIN_VALUE);
  return m.standardDeviation > 1e-12 * scale ? m.mean / m.standardDeviation : null;
}

/** The moments of returns that the significance of a Sharpe ratio depends on. All per period. */
export interface SharpeEvidence {
  readonly sharpe: number;
  readonly n: number;
  /** Biased (divisor n). */
  readonly skewness: number;
  /** Non-excess, biased: 3 for a normal. */
  readonly kurtosis: number;
}

/** What `probabilisticSharpe` needs, from excess returns; null where they do not vary. */
export function sharpeEvidence(excess: Numbers): SharpeEvidence | null {
  const sharpe = sharpeRatio(excess);
  if (sharpe === null) return null;
  const m = moments(excess);
  return { sharpe, n: m.n, skewness: m.skewness, kurtosis: m.kurtosis };
}

function spread(evidence: SharpeEvidence): number {
  const { sharpe, skewness, kurtosis } = evidence;
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}

/** Standard error of a per-period Sharpe ratio (Mertens, 2002), allowing for skew and fat tails. */
export function sharpeStandardError(evidence: SharpeEvidence): number {
  return Math.sqrt(Math.max(0, spread(evidence)) / (evidence.n - 1));
}

/** PSR: the probability that the true per-period Sharpe ratio is above `benchmark` (per period). Bailey & López de Prado (2012), eq. 11. */
export function probabilisticSharpe(evidence: SharpeEvidence, benchmark = 0): number {
  return normalCdf((evidence.sharpe - benchmark) / sharpeStandardError(evidence));
}

/** The length of record at which PSR against `benchmark` reaches `confidence`; null where Sharpe is not above it. */
export function minimumTrackRecord(evidence: SharpeEvidence, benchmark = 0, confidence = 0.95): number | null {
  if (evidence.sharpe <= benchmark) return null;
  const z = inverseNormalCdf(confidence) / (evidence.sharpe - benchmark);
  return 1 + spread(evidence) * z * z;
}

/**
 * The best per-period Sharpe ratio to expect from `trials` skill-less independent trials whose Sharpe ratios scatter with
 * `standardDeviationOfTrials`. Bailey & López de Prado (2014), eq. 1. One trial expects 0.
 */
export function expectedMaximumSharpe(trials: number, standardDeviationOfTrials: number): number {
  if (!(trials >= 1)) throw invalidInput({ what: 'The number of trials', needed: 'at least 1', got: trials });
  if (trials < 2) return 0;
  const a = inverseNormalCdf(1 - 1 / trials);
  const b = inverseNormalCdf(1 - 1 / (trials * Math.E));
  return standardDeviationOfTrials * ((1 - EULER_MASCHERONI) * a + EULER_MASCHERONI * b);
}

/**
 * DSR: the probability that the Sharpe ratio is real after choosing the best of `trials`. Without a known scatter of the
 * trials' Sharpe ratios the sampling error under no skill, 1/√(n−1), stands in (trials of independent noise).
 */
export function deflatedSharpe(
  evidence: SharpeEvidence,
  trials: number,
  standardDeviationOfTrials = 1 / Math.sqrt(evidence.n - 1),
): { readonly benchmark: number; readonly probability: number } {
  const benchmark = expectedMaximumSharpe(trials, standardDeviationOfTrials);
  return { benchmark, probability: probabilisticSharpe(evidence, benchmark) };
}

/** Lo (2002), eq. 20: the factor that turns a one-period Sharpe into a q-period one under autocorrelation. */
export function loScaling(returns: Numbers, q: number): number {
  const rho = autocorrelations(returns, q - 1);
  let sum = q;
  for (let k = 1; k < q; k++) sum += 2 * (q - k) * (rho[k - 1] as number);
  if (!(sum > 0)) {
    throw invalidInput({ what: "Lo's variance factor", needed: 'positive', got: sum, hint: 'Use a smaller q.' });
  }
  return q / Math.sqrt(sum);
}

/** Mean with its Bartlett (Newey–West) standard error, no small-sample factor, and the normal two-sided p. */
export function neweyWestMean(values: Numbers, lags: number) {
  const n = values.length;
  if (n <= lags + 1) throw notEnoughData({ what: `A Newey–West error with ${lags} lags`, needed: lags + 2, got: n });
  const { mean } = moments(values);
  let sum = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let dot = 0;
    for (let t = lag; t < n; t++) dot += ((values[t] as number) - mean) * ((values[t - lag] as number) - mean);
    sum += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * dot;
  }
  const standardError = Math.sqrt(Math.max(0, sum)) / n;
  const t = standardError > 0 ? mean / standardError : null;
  return { mean, standardError, t, pValue: t === null ? null : 2 * normalCdf(-Math.abs(t)), lags };
}

/** The usual default lag, ⌊4 (n/100)^(2/9)⌋ (Newey & West, 1994). */
export function neweyWestLags(n: number): number {
  return Math.floor(4 * (n / 100) ** (2 / 9));
}
