/**
 * Which market regime do the indicators point to, how sure is it, and which allocation goes with it?
 *
 * The rule is the portfolio manager's own: **VIX alone sets the regime** (below 20 RISK_ON, above 25 RISK_OFF, 20 to 25
 * inclusive TRANSITION; a guard of 1e-9 keeps rounding from crossing a boundary). The other indicators only say how sure it is:
 * confidence = Σ weights that agree − Σ weights that contradict, floored at 0. A neutral or missing indicator counts 0.
 * Each indicator leans towards RISK_ON or RISK_OFF; a leaning indicator agrees with its own regime and contradicts the two others,
 * so in TRANSITION every indicator with a direction lowers the confidence.
 *
 * Units: VIX in volatility points; slope in percentage points (0.3 = 30 basis points); growth, unemployment, inflation in decimal
 * fractions. Missing values are `null`; a missing VIX means that there is no answer. O(1).
 * Reference: Whaley (2009), "Understanding the VIX", J. Portfolio Management 35:3 (VIX as the gauge of risk appetite); Estrella & Mishkin (1998),
 * Rev. Econ. Stat. 80:1, eq. 1 (term-spread sign). The thresholds are policy, not estimates.
 *
 * @example classifyMarketRegime({ vix: 18, yieldCurveSlope: 0.3, fedStance: 'neutral', gdpGrowth: 0.025, unemployment: 0.038, inflation: 0.028 })
 * // → RISK_ON, confidence 0.75 (0.40 + 0.15 + 0.10 + 0.10)
 */
import { invalidInput } from '../../../lib/errors.ts';

export type MarketRegime = 'RISK_ON' | 'TRANSITION' | 'RISK_OFF';
export type FedStance = 'easing' | 'neutral' | 'tightening';
/** Which way an indicator points; `null` where it is missing. */
export type Lean = 'RISK_ON' | 'RISK_OFF' | 'neutral' | null;

export interface ClassAllocation {
  readonly stocks: number;
  readonly bonds: number;
  readonly cash: number;
}

export interface RegimeIndicators {
  /** Volatility points. */
  readonly vix: number;
  /** Ten-year minus two-year yield, percentage points. */
  readonly yieldCurveSlope: number | null;
  readonly fedStance: FedStance | null;
  readonly gdpGrowth: number | null;
  readonly unemployment: number | null;
  readonly inflation: number | null;
}

export type RegimeIndicatorName = keyof RegimeIndicators;

export interface IndicatorVote {
  readonly indicator: RegimeIndicatorName;
  readonly weight: number;
  readonly lean: Lean;
  /** +weight when it agrees with the regime, −weight when it contradicts it, 0 when neutral or missing. */
  readonly contribution: number;
}

export interface MarketRegimeResult {
  readonly regime: MarketRegime;
  readonly confidence: number;
  readonly targetAllocation: ClassAllocation;
  readonly vixSignal: 'LOW_VOLATILITY' | 'ELEVATED_VOLATILITY' | 'HIGH_VOLATILITY';
  readonly yieldCurveSignal: 'NORMAL' | 'FLAT' | 'INVERTED' | null;
  readonly macroSignal: 'EXPANSION' | 'MIXED' | 'CONTRACTION' | null;
  readonly votes: readonly IndicatorVote[];
}

/** Policy numbers of the rule. */
export const REGIME_RULE = {
  vixRiskOnBelow: 20,
  vixRiskOffAbove: 25,
  guard: 1e-9,
  weights: {
    vix: 0.4,
    yieldCurveSlope: 0.15,
    fedStance: 0.15,
    gdpGrowth: 0.1,
    unemployment: 0.1,
    inflation: 0.1,
  },
  /** Above / below which an indicator leans; between the two it is neutral. */
  slope: { riskOnAbove: 0, riskOffBelow: 0 },
  gdpGrowth: { riskOnAbove: 0.02, riskOffBelow: 0 },
  unemployment: { riskOnBelow: 0.045, riskOffAbove: 0.06 },
  inflation: { riskOnBelow: 0.025, riskOffAbove: 0.04 },
} as const;

/** Stocks, bonds and cash that each regime asks for. */
export const REGIME_TARGETS: Readonly<Record<MarketRegime, ClassAllocation>> = {
  RISK_ON: { stocks: 0.7, bonds: 0.2, cash: 0.1 },
  TRANSITION: { stocks: 0.55, bonds: 0.3, cash: 0.15 },
  RISK_OFF: { stocks: 0.4, bonds: 0.4, cash: 0.2 },
};

/** The regime that a VIX level means. */
export function regimeFromVix(vix: number): MarketRegime {
  if (!(vix > 0) || !Number.isFinite(vix)) {
    throw invalidInput({
      what: 'VIX',
      needed: 'a positive number of volatility points',
      got: vix,
      hint: 'Give the index level, for example 18.5; without VIX the regime is not available.',
    });
  }
  if (vix < REGIME_RULE.vixRiskOnBelow - REGIME_RULE.guard) return 'RISK_ON';
  return vix > REGIME_RULE.vixRiskOffAbove + REGIME_RULE.guard ? 'RISK_OFF' : 'TRANSITION';
}

/** The regime with its confidence, the vote of each indicator, and the allocation that goes with it. */
export function classifyMarketRegime(indicators: RegimeIndicators): MarketRegimeResult {
  const regime = regimeFromVix(indicators.vix);
  const leans = indicatorLeans(indicators);
  const votes: IndicatorVote[] = [
    { indicator: 'vix', weight: REGIME_RULE.weights.vix, lean: vixLean(regime), contribution: REGIME_RULE.weights.vix },
  ];
  for (const [indicator, lean] of leans) {
    const weight = REGIME_RULE.weights[indicator];
    const sign = lean === null || lean === 'neutral' ? 0 : lean === regime ? 1 : -1;
    votes.push({ indicator, weight, lean, contribution: sign * weight });
  }
  // Hundredths, so that 0.40 + 0.15 + 0.10 + 0.10 is 0.75 and not its neighbour.
  const hundredths = votes.reduce((sum, vote) => sum + Math.round(vote.contribution * 100), 0);
  return {
    regime,
    confidence: Math.max(0, hundredths / 100),
    targetAllocation: REGIME_TARGETS[regime],
    vixSignal:
      regime === 'RISK_ON' ? 'LOW_VOLATILITY' : regime === 'RISK_OFF' ? 'HIGH_VOLATILITY' : 'ELEVATED_VOLATILITY',
    yieldCurveSignal: slopeSignal(indicators.yieldCurveSlope),
    macroSignal: macroSignal(leans),
    votes,
  };
}

function vixLean(regime: MarketRegime): Lean {
  return regime === 'TRANSITION' ? 'neutral' : regime;
}

type OtherIndicator = Exclude<RegimeIndicatorName, 'vix'>;

function indicatorLeans(indicators: RegimeIndicators): readonly (readonly [OtherIndicator, Lean])[] {
  const { slope, gdpGrowth, unemployment, inflation } = REGIME_RULE;
  return [
    ['yieldCurveSlope', lean(indicators.yieldCurveSlope, slope.riskOffBelow, slope.riskOnAbove, 'RISK_ON')],
    ['fedStance', fedLean(indicators.fedStance)],
    ['gdpGrowth', lean(indicators.gdpGrowth, gdpGrowth.riskOffBelow, gdpGrowth.riskOnAbove, 'RISK_ON')],
    ['unemployment', lean(indicators.unemployment, unemployment.riskOnBelow, unemployment.riskOffAbove, 'RISK_OFF')],
    ['inflation', lean(indicators.inflation, inflation.riskOnBelow, inflation.riskOffAbove, 'RISK_OFF')],
  ];
}

/** The lean of a number: `whenHigh` above `high`, the other side below `low`, neutral between and on the bounds. */
function lean(value: number | null, low: number, high: number, whenHigh: 'RISK_ON' | 'RISK_OFF'): Lean {
  if (value === null || Number.isNaN(value)) return null;
  if (value > high + REGIME_RULE.guard) return whenHigh;
  if (value < low - REGIME_RULE.guard) return whenHigh === 'RISK_ON' ? 'RISK_OFF' : 'RISK_ON';
  return 'neutral';
}

function fedLean(stance: FedStance | null): Lean {
  if (stance === null) return null;
  if (stance === 'neutral') return 'neutral';
  return stance === 'easing' ? 'RISK_ON' : 'RISK_OFF';
}

function slopeSignal(slope: number | null): MarketRegimeResult['yieldCurveSignal'] {
  if (slope === null || Number.isNaN(slope)) return null;
  if (slope > REGIME_RULE.guard) return 'NORMAL';
  return slope < -REGIME_RULE.guard ? 'INVERTED' : 'FLAT';
}

function macroSignal(leans: readonly (readonly [OtherIndicator, Lean])[]): MarketRegimeResult['macroSignal'] {
  const macro = leans.filter(([name]) => name === 'gdpGrowth' || name === 'unemployment' || name === 'inflation');
  if (macro.every(([, value]) => value === null)) return null;
  const net = macro.reduce((sum, [, value]) => sum + (value === 'RISK_ON' ? 1 : value === 'RISK_OFF' ? -1 : 0), 0);
  return net > 0 ? 'EXPANSION' : net < 0 ? 'CONTRACTION' : 'MIXED';
}
