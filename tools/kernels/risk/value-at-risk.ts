/**
 * How much can be lost with a given confidence, and how much on average when it is worse than that?
 *
 * All figures are positive for a loss, as a fraction of value, at confidence c (α = 1 − c is the tail). `location` and `scale` are the mean and standard deviation of the return.
 * References: normal and Student t: McNeil, Frey & Embrechts (2015), "Quantitative Risk Management", eqs. 2.18–2.28 (the t is scaled to the given standard
 * deviation, ν > 2); Cornish–Fisher: Zangari (1996), RiskMetrics Monitor, eq. 4; Maillard (2012) for its domain; historical: Hyndman & Fan (1996).
 * Complete returns only; O(n log n) historical, O(1) parametric.
 *
 * @example normalValueAtRisk(0, 0.02, 0.95) // → 0.0329: "1-day 95% VaR at 2% daily volatility"
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { inverseStudentTCdf, studentTPdf } from '../stats/distributions.ts';
import type { Numbers } from '../stats/moments.ts';
import { inverseNormalCdf, normalPdf } from '../stats/normal.ts';
import { type QuantileConvention, quantileOfSorted, sorted } from '../stats/quantile.ts';

export function checkConfidence(confidence: number): void {
  if (!(confidence > 0.5 && confidence < 1)) {
    throw invalidInput({
      what: 'confidence',
      needed: 'above 0.5 and below 1',
      got: confidence,
      hint: 'Write 95% as 0.95.',
    });
  }
}

/** Normal VaR: −(μ + σ z_α). */
export function normalValueAtRisk(location: number, scale: number, confidence: number): number {
  checkConfidence(confidence);
  return -(location + scale * inverseNormalCdf(1 - confidence));
}

/** Normal expected shortfall: −μ + σ φ(z_α) / α. */
export function normalExpectedShortfall(location: number, scale: number, confidence: number): number {
  checkConfidence(confidence);
  return -location + (scale * normalPdf(inverseNormalCdf(1 - confidence))) / (1 - confidence);
}

/** Student t VaR with `degrees` of freedom, scaled so that `scale` is the standard deviation. */
export function studentValueAtRisk(location: number, scale: number, confidence: number, degrees: number): number {
  return -(location + scale * Math.sqrt((degrees - 2) / degrees) * tailT(confidence, degrees));
}

/** Student t expected shortfall, scaled in the same way. */
export function studentExpectedShortfall(location: number, scale: number, confidence: number, degrees: number): number {
  const t = tailT(confidence, degrees);
  const tail = (studentTPdf(t, degrees) / (1 - confidence)) * ((degrees + t * t) / (degrees - 1));
  return -location + scale * Math.sqrt((degrees - 2) / degrees) * tail;
}

function tailT(confidence: number, degrees: number): number {
  checkConfidence(confidence);
  if (!(degrees > 2)) throw invalidInput({ what: 'Degrees of freedom', needed: 'above 2', got: degrees });
  return inverseStudentTCdf(1 - confidence, degrees);
}

export interface CornishFisher {
  readonly valueAtRisk: number;
  /** False where the expansion is not increasing in the quantile: the figure is then not a quantile of any distribution. */
  readonly monotone: boolean;
}

/** Cornish–Fisher VaR from biased skewness and excess kurtosis. */
export function cornishFisherValueAtRisk(parts: {
  readonly location: number;
  readonly scale: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
  readonly confidence: number;
}): CornishFisher {
  checkConfidence(parts.confidence);
  const { skewness: s, excessKurtosis: k } = parts;
  const z = inverseNormalCdf(1 - parts.confidence);
  const adjusted = z + ((z * z - 1) * s) / 6 + ((z ** 3 - 3 * z) * k) / 24 - ((2 * z ** 3 - 5 * z) * s * s) / 36;
  // Derivative in z is a parabola; it stays positive everywhere exactly on Maillard's (2012) domain.
  const a = k / 8 - (s * s) / 6;
  const b = s / 3;
  const c = 1 - k / 8 + (5 * s * s) / 36;
  return {
    valueAtRisk: -(parts.location + parts.scale * adjusted),
    monotone: a > 0 ? b * b - 4 * a * c <= 0 : a === 0 && b === 0 && c > 0,
  };
}

/**
 * Mean of the Cornish–Fisher quantiles beyond the confidence, from the truncated moments of the normal (Maillard, 2012):
 * with m = φ(c)/α, E[z] = −m, E[z²] = 1 − c·m, E[z³] = −m(c² + 2) below c.
 */
export function cornishFisherExpectedShortfall(parts: Parameters<typeof cornishFisherValueAtRisk>[0]): number {
  checkConfidence(parts.confidence);
  const { skewness: s, excessKurtosis: k, confidence } = parts;
  const c = inverseNormalCdf(1 - confidence);
  const m = normalPdf(c) / (1 - confidence);
  const cube = -m * (c * c + 2);
  const adjusted = -m + (-c * m * s) / 6 + ((cube + 3 * m) * k) / 24 - ((2 * cube + 5 * m) * s * s) / 36;
  return -(parts.location + parts.scale * adjusted);
}

/** Historical VaR by a named quantile convention of the returns. */
export function historicalValueAtRisk(
  returns: Numbers,
  confidence: number,
  convention: QuantileConvention = 'linear',
): number {
  checkConfidence(confidence);
  return -quantileOfSorted(sorted(returns), 1 - confidence, convention);
}

/** `fractional` weighs the boundary observation (Rockafellar & Uryasev, 2002); `below-quantile` averages returns ≤ the linear quantile; `worst` the worst ⌈αn⌉. */
export type ShortfallConvention = 'fractional' | 'below-quantile' | 'worst';

/** Historical expected shortfall. */
export function historicalExpectedShortfall(
  returns: Numbers,
  confidence: number,
  convention: ShortfallConvention = 'fractional',
): number {
  checkConfidence(confidence);
  const ascending = sorted(returns);
  const n = ascending.length;
  if (n === 0) throw notEnoughData({ what: 'An expected shortfall', needed: 1, got: 0 });
  const tail = (1 - confidence) * n;
  if (convention === 'below-quantile') {
    const limit = quantileOfSorted(ascending, 1 - confidence);
    const worst = ascending.filter((r) => r <= limit + 1e-15 * Math.abs(limit));
    return -worst.reduce((sum, r) => sum + r, 0) / worst.length;
  }
  if (convention === 'worst') {
    const count = Math.max(1, Math.ceil(tail - 1e-9));
    return -ascending.subarray(0, count).reduce((sum, r) => sum + r, 0) / count;
  }
  const whole = Math.min(n, Math.floor(tail + 1e-9));
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += ascending[i] as number;
  const rest = Math.max(0, tail - whole);
  if (rest > 1e-9 && whole < n) sum += rest * (ascending[whole] as number);
  return whole + rest > 0 ? -sum / tail : -(ascending[0] as number);
}
