/**
 * The numbers people read off a smile: delta strikes, risk reversal, butterfly, skew, fair variance, risk-neutral odds.
 *
 * A smile is a function from k = ln(K/F) to volatility. Delta strikes solve N(d₁) = Δ (forward delta) or e^{−qT}N(d₁) = Δ (spot delta), not
 * premium-adjusted. Fair variance is (2/T)∫ OTM(k)e^{−k}/F dk. Risk-neutral P(S_T < K) = N(−d₂) + n(d₁)√T·K⁻¹F·∂σ/∂k (Breeden–Litzenberger).
 * Units: volatilities as fractions. Cost: a few dozen smile evaluations a measure. Sources: Reiswich & Wystup (2010), A guide to FX options
 * quoting conventions; Carr & Madan (1998), Towards a theory of volatility trading, eq. 8; Breeden & Litzenberger (1978), J. Business 51:621.
 *
 * @example deltaStrike({ smile, years: 0.5, deltaScale: 1 }, 'put', 0.25)
 */
import { normalCdf, normalPdf } from '../stats/normal.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import type { OptionRight } from './option-inputs.ts';

/** Volatility at log-moneyness k = ln(K/F). */
export type Smile = (k: number) => number;

export interface SmileSetting {
  readonly smile: Smile;
  readonly years: number;
  /** 1 for forward delta, e^{−qT} for spot delta. */
  readonly deltaScale: number;
}

/** k of the option whose delta has this size; null where the smile holds none between ±6 deviations. */
export function deltaStrike(setting: SmileSetting, right: OptionRight, delta: number): number | null {
  const { smile, years, deltaScale } = setting;
  const root = Math.sqrt(years);
  const error = (k: number): number => {
    const deviation = smile(k) * root;
    const d1 = -k / deviation + 0.5 * deviation;
    return deltaScale * (right === 'call' ? normalCdf(d1) : normalCdf(-d1)) - delta;
  };
  const reach = 6 * smile(0) * root;
  // A call's delta falls with k, a put's size rises: walk outwards from the money until the sign turns.
  const direction = right === 'call' ? 1 : -1;
  const step = (direction * reach) / 60;
  let from = -step * 20;
  if (error(from) < 0) return null;
  for (let i = 0; i < 90; i++) {
    const to = from + step;
    if (error(to) < 0) return root1d(error, from, to);
    from = to;
  }
  return null;
}

function root1d(f: (x: number) => number, positive: number, negative: number): number {
  for (let i = 0; i < 100; i++) {
    const middle = 0.5 * (positive + negative);
    if (middle === positive || middle === negative) break;
    if (f(middle) >= 0) positive = middle;
    else negative = middle;
  }
  return 0.5 * (positive + negative);
}

/** k of the straddle without delta: d₁ = 0, k = σ(k)²T/2. */
export function deltaNeutralStrike(setting: SmileSetting): number {
  let k = 0;
  for (let i = 0; i < 200; i++) {
    const next = 0.5 * setting.smile(k) ** 2 * setting.years;
    if (Math.abs(next - k) < 1e-16) break;
    k = next;
  }
  return k;
}

export interface DeltaMeasures {
  readonly callK: number;
  readonly putK: number;
  readonly callVol: number;
  readonly putVol: number;
  /** Call volatility less put volatility. */
  readonly riskReversal: number;
  /** Mean of the wings less the volatility at the forward. */
  readonly butterflyVsForwardAtm: number;
  /** Mean of the wings less that of the delta-neutral straddle. */
  readonly butterflyVsDeltaNeutral: number;
}

export function deltaMeasures(setting: SmileSetting, delta: number): DeltaMeasures | null {
  const callK = deltaStrike(setting, 'call', delta);
  const putK = deltaStrike(setting, 'put', delta);
  if (callK === null || putK === null) return null;
  const callVol = setting.smile(callK);
  const putVol = setting.smile(putK);
  const wings = 0.5 * (callVol + putVol);
  return {
    callK,
    putK,
    callVol,
    putVol,
    riskReversal: callVol - putVol,
    butterflyVsForwardAtm: wings - setting.smile(0),
    butterflyVsDeltaNeutral: wings - setting.smile(deltaNeutralStrike(setting)),
  };
}

const RULE = gaussLegendre(32);

/** The variance-swap strike that replicates with all strikes of the smile (annual variance). */
export function fairVariance(smile: Smile, years: number, reach = 12): number {
  const root = Math.sqrt(years);
  let sum = 0;
  const panels = 96;
  for (let p = 0; p < panels; p++) {
    // Panels crowd quadratically around the money, where the integrand has its kink and most of its mass.
    const edge = (i: number) => reach * Math.sign(i - panels / 2) * ((2 * i) / panels - 1) ** 2;
    const from = edge(p);
    const half = 0.5 * (edge(p + 1) - from);
    for (let i = 0; i < 32; i++) {
      const k = from + half * (1 + (RULE.nodes[i] as number));
      const deviation = smile(k) * root;
      const d1 = -k / deviation + 0.5 * deviation;
      const d2 = d1 - deviation;
      // Out-of-the-money value over F times e^{−k}.
      const value =
        k > 0 ? Math.exp(-k) * normalCdf(d1) - normalCdf(d2) : normalCdf(-d2) - Math.exp(-k) * normalCdf(-d1);
      sum += half * (RULE.weights[i] as number) * value;
    }
  }
  return (2 / years) * sum;
}

/** Risk-neutral probability to end below F·e^k, with the smile's slope dσ/dk. */
export function probabilityBelow(smile: Smile, slope: Smile, years: number, k: number): number {
  const root = Math.sqrt(years);
  const deviation = smile(k) * root;
  const d2 = -k / deviation - 0.5 * deviation;
  return normalCdf(-d2) + normalPdf(d2) * root * slope(k);
}

/** Volatility between two expiries from their total variances; null where variance falls (calendar arbitrage). */
export function forwardVolatility(nearYears: number, nearVol: number, farYears: number, farVol: number): number | null {
  const variance = (farVol * farVol * farYears - nearVol * nearVol * nearYears) / (farYears - nearYears);
  return variance >= 0 ? Math.sqrt(variance) : null;
}

/** Volatility at a time between quoted expiries, total variance linear in time; beyond them the nearest volatility. */
export function interpolateVolatility(years: readonly number[], vols: readonly number[], at: number): number {
  const last = years.length - 1;
  if (at <= (years[0] as number)) return vols[0] as number;
  if (at >= (years[last] as number)) return vols[last] as number;
  let i = 1;
  while ((years[i] as number) < at) i++;
  const [t0, t1] = [years[i - 1] as number, years[i] as number];
  const [w0, w1] = [(vols[i - 1] as number) ** 2 * t0, (vols[i] as number) ** 2 * t1];
  return Math.sqrt((w0 + ((w1 - w0) * (at - t0)) / (t1 - t0)) / at);
}
