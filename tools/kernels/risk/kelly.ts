/**
 * Which fraction of capital maximises long-run growth?
 *
 * Binary bets: a win of `averageWin` with probability p, else a loss of `averageLoss`, both per unit invested. Two numbers are often confused, so both are given:
 * the fraction **at risk** (p·W − (1−p)·L)/W, which is the seed form and is right when a loss loses the whole stake (L = 1 unit), and the fraction to **invest**,
 * p/L − (1−p)/W, which is the first divided by L. Continuous: f = Σ⁻¹(μ − r), growth r + ½(μ−r)'Σ⁻¹(μ−r).
 *
 * Units: wins and losses as positive decimals; annual μ, Σ, r. O(n³) continuous.
 * References: Kelly (1956), Bell Sys. Tech. J. 35, eq. 13; Thorp (2006), "The Kelly criterion in blackjack, sports betting and the stock market", §3 and eq. 7.3.
 *
 * @example kellyBinary({ winProbability: 0.55, averageWin: 0.02, averageLoss: 0.015 }) // → at risk 0.2125, invest 14.17
 */
import { invalidInput } from '../../../lib/errors.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { dot } from '../linalg/multiply.ts';
import { solveSpd } from '../linalg/solve.ts';

export interface KellyBinaryInput {
  readonly winProbability: number;
  /** Gain of a winning trade per unit invested, positive. */
  readonly averageWin: number;
  /** Loss of a losing trade per unit invested, positive. */
  readonly averageLoss: number;
  /** Largest position; default 0.15. */
  readonly cap?: number;
}

export interface KellyBinary {
  /** (pW − (1−p)L)/W, unbounded: negative means no edge. */
  readonly fractionAtRisk: number;
  /** The same, floored at 0 and capped. */
  readonly cappedFractionAtRisk: number;
  /** p/L − (1−p)/W: capital to invest so that the loss of a losing trade is the fraction at risk. */
  readonly fractionToInvest: number;
  readonly halfKelly: number;
  /** Expected log growth per trade at the full fraction (0 without an edge); null where it is not finite (p of 0 or 1). */
  readonly growthAtFullKelly: number | null;
  /** pW − (1−p)L per unit invested. */
  readonly expectedGain: number;
}

export const DEFAULT_POSITION_CAP = 0.15;

export function kellyBinary(input: KellyBinaryInput): KellyBinary {
  const { winProbability: p, averageWin: win, averageLoss: loss } = input;
  if (!(p >= 0 && p <= 1)) {
    throw invalidInput({ what: 'winProbability', needed: 'between 0 and 1', got: p, hint: 'Write 55% as 0.55.' });
  }
  for (const [what, value] of [
    ['averageWin', win],
    ['averageLoss', loss],
  ] as const) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw invalidInput({
        what,
        needed: 'a positive fraction',
        got: value,
        hint: 'Give the loss as a positive number.',
      });
    }
  }
  const expectedGain = p * win - (1 - p) * loss;
  const atRisk = expectedGain / win;
  const invest = p / loss - (1 - p) / win;
  const stake = Math.max(0, invest);
  const interior = p > 0 && p < 1;
  return {
    fractionAtRisk: atRisk,
    cappedFractionAtRisk: Math.min(input.cap ?? DEFAULT_POSITION_CAP, Math.max(0, atRisk)),
    fractionToInvest: invest,
    halfKelly: invest / 2,
    growthAtFullKelly: interior ? p * Math.log1p(stake * win) + (1 - p) * Math.log1p(-stake * loss) : null,
    expectedGain,
  };
}

export interface KellyContinuous {
  readonly weights: Float64Array;
  readonly half: Float64Array;
  /** Expected growth rate a year at the full fractions. */
  readonly growth: number;
}

/** Unconstrained growth-optimal weights; the rest (or the debt) earns or pays `riskFreeRate`. */
export function kellyContinuous(means: Float64Array, covariance: Matrix, riskFreeRate: number): KellyContinuous {
  const excess = means.map((m) => m - riskFreeRate);
  const weights = solveSpd(covariance, excess);
  return {
    weights,
    half: weights.map((w) => w / 2),
    growth: riskFreeRate + 0.5 * dot(excess, weights),
  };
}
