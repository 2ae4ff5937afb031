/** VaR and expected shortfall on four routes, each with an interval and the number of observations behind it. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import type { RunContext } from '../define-tool.ts';
import { simulatePortfolio } from '../kernels/risk/monte-carlo.ts';
import { quantileInterval, shortfallInterval, type TailInterval } from '../kernels/risk/tail-intervals.ts';
import { cornishFisherValueAtRisk, normalExpectedShortfall, normalValueAtRisk } from '../kernels/risk/value-at-risk.ts';
import { moments } from '../kernels/stats/moments.ts';
import type { History } from './load-history.ts';

export interface LossRequest {
  readonly horizonDays: number;
  readonly paths: number;
  readonly language: 'en' | 'ko';
}

/** One loss figure by one method, with its interval and what it rests on. */
export const lossEstimate = z.object({
  confidence: units.probability('confidence level'),
  method: z.enum(['historical', 'normal', 'cornish-fisher', 'monte-carlo']),
  valueAtRisk: units.fraction('loss that is exceeded with probability 1 − confidence, positive'),
  valueAtRiskAmount: units.money('the same in money'),
  valueAtRiskLow: units.fraction('95% interval, smaller loss').nullable(),
  valueAtRiskHigh: units.fraction('95% interval, larger loss; null where the sample cannot bound it').nullable(),
  expectedShortfall: units.fraction('average loss beyond it, positive').nullable(),
  expectedShortfallAmount: units.money('the same in money').nullable(),
  shortfallLow: units.fraction('95% interval').nullable(),
  shortfallHigh: units.fraction('95% interval').nullable(),
  observations: units.count('returns or paths behind it'),
  observationsBeyond: units.count('how many of them lie in the tail').nullable(),
  note: z.string(),
});

export const LEVELS = [0.95, 0.99] as const;
export type Estimate = z.input<typeof lossEstimate>;

export function normalEstimate(
  value: LossRequest,
  total: number,
  law: { readonly mean: number; readonly sigma: number; readonly confidence: number; readonly observations: number },
  root: number,
): Estimate {
  const location = law.mean * value.horizonDays;
  const risk = normalValueAtRisk(location, law.sigma * root, law.confidence);
  const shortfall = normalExpectedShortfall(location, law.sigma * root, law.confidence);
  // Standard error of σ is σ/√(2n): the interval of the normal figure scales with it.
  const wide = law.observations > 2 ? 1.96 / Math.sqrt(2 * law.observations) : null;
  const around = (x: number, sign: 1 | -1): number | null => (wide === null ? null : x * (1 + sign * wide));
  return {
    confidence: law.confidence,
    method: 'normal',
    valueAtRisk: risk,
    valueAtRiskAmount: risk * total,
    valueAtRiskLow: around(risk, -1),
    valueAtRiskHigh: around(risk, 1),
    expectedShortfall: shortfall,
    expectedShortfallAmount: shortfall * total,
    shortfallLow: around(shortfall, -1),
    shortfallHigh: around(shortfall, 1),
    observations: law.observations,
    observationsBeyond: null,
    note:
      law.observations === 0
        ? 'Normal, from the volatility given; real tails are fatter.'
        : 'Normal law; real tails are fatter.',
  };
}

function restsOn(interval: TailInterval, language: 'en' | 'ko'): string {
  const n = interval.observationsBeyond;
  if (language === 'ko') return `${interval.observations}개 중 ${n}개 관측치에 근거합니다.`;
  return `Rests on ${n} of ${interval.observations} observations${interval.high === null ? '; the sample sets no upper bound' : ''}.`;
}

export function historicalEstimate(
  value: LossRequest,
  total: number,
  returns: Float64Array,
  confidence: number,
): Estimate {
  const root = Math.sqrt(value.horizonDays);
  const risk = quantileInterval(returns, confidence);
  const shortfall = shortfallInterval(returns, confidence);
  const scaled = (x: number | null): number | null => (x === null ? null : x * root);
  return {
    confidence,
    method: 'historical',
    valueAtRisk: risk.estimate * root,
    valueAtRiskAmount: risk.estimate * root * total,
    valueAtRiskLow: scaled(risk.low),
    valueAtRiskHigh: scaled(risk.high),
    expectedShortfall: shortfall.estimate * root,
    expectedShortfallAmount: shortfall.estimate * root * total,
    shortfallLow: scaled(shortfall.low),
    shortfallHigh: scaled(shortfall.high),
    observations: risk.observations,
    observationsBeyond: risk.observationsBeyond,
    note: restsOn(risk, value.language),
  };
}

export function simulatedEstimates(
  value: LossRequest,
  total: number,
  history: History,
  weights: readonly number[],
  cov: Float64Array,
  context: RunContext,
): Estimate[] {
  const { terminalReturn } = simulatePortfolio(
    {
      weights: Float64Array.from(weights),
      mean: Float64Array.from(history.returns, (column) => moments(column).mean),
      covariance: cov,
      days: value.horizonDays,
      paths: value.paths,
      rebalance: 'daily',
    },
    context.rng,
  );
  return LEVELS.map((confidence) => {
    const risk = quantileInterval(terminalReturn, confidence);
    const shortfall = shortfallInterval(terminalReturn, confidence);
    return {
      confidence,
      method: 'monte-carlo',
      valueAtRisk: risk.estimate,
      valueAtRiskAmount: risk.estimate * total,
      valueAtRiskLow: risk.low,
      valueAtRiskHigh: risk.high,
      expectedShortfall: shortfall.estimate,
      expectedShortfallAmount: shortfall.estimate * total,
      shortfallLow: shortfall.low,
      shortfallHigh: shortfall.high,
      observations: value.paths,
      observationsBeyond: risk.observationsBeyond,
      note: 'Gaussian paths; the interval is that of the simulation only.',
    };
  });
}

export function cornishFisherEstimate(
  value: LossRequest,
  total: number,
  m: ReturnType<typeof moments>,
  confidence: number,
): Estimate {
  const days = value.horizonDays;
  const result = cornishFisherValueAtRisk({
    location: m.mean * days,
    scale: m.standardDeviation * Math.sqrt(days),
    // Sums of independent days: skewness falls with √days, kurtosis with days.
    skewness: m.skewness / Math.sqrt(days),
    excessKurtosis: (m.kurtosis - 3) / days,
    confidence,
  });
  return {
    confidence,
    method: 'cornish-fisher',
    valueAtRisk: result.valueAtRisk,
    valueAtRiskAmount: result.valueAtRisk * total,
    valueAtRiskLow: null,
    valueAtRiskHigh: null,
    expectedShortfall: null,
    expectedShortfallAmount: null,
    shortfallLow: null,
    shortfallHigh: null,
    observations: m.n,
    observationsBeyond: null,
    note: result.monotone
      ? 'Adjusts the normal for skewness and kurtosis.'
      : 'Outside the domain of the expansion: do not rely on it.',
  };
}
