/**
 * Black–Scholes–Merton: what is a European option worth, and how does its value move?
 *
 * V = φ(S e^{-qT} N(φd₁) − K e^{-rT} N(φd₂)),  d₁ = (ln(S/K) + (r − q + σ²/2)T)/(σ√T),  d₂ = d₁ − σ√T,  φ = ±1.
 * Units: prices in money, years, continuous rates, volatility a year as a fraction. Greeks are mathematical derivatives:
 * vega, volga, vanna per 1.00 of volatility, rho per 1.00, theta = −∂V/∂T a year, charm = −∂Δ/∂T, color = −∂Γ/∂T.
 * Limits T = 0, σ = 0 and K = 0 give the discounted intrinsic value; at the kink itself gamma is infinite.
 * Cost: O(1). Missing values: not allowed (an error). Sources: Black & Scholes (1973), JPE 81:637; Merton (1973),
 * Bell J. 4:141; E. G. Haug (2007), The Complete Guide to Option Pricing Formulas, 2nd ed., ch. 2.
 *
 * @example blackScholes({ right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, dividendYield: 0, volatility: 0.2 }).price // 10.4506
 */
import { normalCdf, normalPdf } from '../stats/normal.ts';
import { requireVanilla, type VanillaOption } from './option-inputs.ts';

export interface OptionGreeks {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly rho: number;
  readonly dividendRho: number;
  readonly vanna: number;
  readonly volga: number;
  readonly charm: number;
  readonly speed: number;
  readonly zomma: number;
  readonly color: number;
  readonly dualDelta: number;
  readonly dualGamma: number;
}

/** Price only. */
export function blackScholesPrice(option: VanillaOption): number {
  requireVanilla(option);
  const { spot, strike, years, rate, dividendYield, volatility } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const asset = spot * Math.exp(-dividendYield * years);
  const cash = strike * Math.exp(-rate * years);
  const deviation = volatility * Math.sqrt(years);
  if (deviation === 0 || cash === 0) return Math.max(sign * (asset - cash), 0);
  const d1 = Math.log(asset / cash) / deviation + deviation / 2;
  const price = sign * (asset * normalCdf(sign * d1) - cash * normalCdf(sign * (d1 - deviation)));
  return Math.max(price, 0);
}

/** Price and all fourteen greeks. */
export function blackScholes(option: VanillaOption): OptionGreeks {
  requireVanilla(option);
  const { spot, strike, years, rate, dividendYield, volatility } = option;
  const deviation = volatility * Math.sqrt(years);
  if (deviation === 0 || strike === 0) return limitGreeks(option);
  const sign = option.right === 'call' ? 1 : -1;
  const root = Math.sqrt(years);
  const assetDiscount = Math.exp(-dividendYield * years);
  const cashDiscount = Math.exp(-rate * years);
  const asset = spot * assetDiscount;
  const cash = strike * cashDiscount;
  const d1 = Math.log(asset / cash) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const n1 = normalCdf(sign * d1);
  const n2 = normalCdf(sign * d2);
  const density = normalPdf(d1);
  const gamma = (assetDiscount * density) / (spot * deviation);
  const vega = asset * density * root;
  // ∂d₁/∂T, times 2T: 2(r−q)T/(σ√T) − d₂
  const drift = (2 * (rate - dividendYield) * years) / deviation - d2;
  return {
    price: Math.max(sign * (asset * n1 - cash * n2), 0),
    delta: sign * assetDiscount * n1,
    gamma,
    vega,
    theta: (-asset * density * volatility) / (2 * root) + sign * (dividendYield * asset * n1 - rate * cash * n2),
    rho: sign * years * cash * n2,
    dividendRho: -sign * years * asset * n1,
    vanna: (-assetDiscount * density * d2) / volatility,
    volga: (vega * d1 * d2) / volatility,
    charm: assetDiscount * (sign * dividendYield * n1 - (density * drift) / (2 * years)),
    speed: (-gamma * (d1 / deviation + 1)) / spot,
    zomma: (gamma * (d1 * d2 - 1)) / volatility,
    color: (gamma * (2 * dividendYield * years + 1 + drift * d1)) / (2 * years),
    dualDelta: -sign * cashDiscount * n2,
    dualGamma: (cashDiscount * normalPdf(d2)) / (strike * deviation),
  };
}

/** The deterministic limits: nothing is random, so the option is its discounted intrinsic value. */
function limitGreeks(option: VanillaOption): OptionGreeks {
  const { spot, strike, years, rate, dividendYield } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const assetDiscount = Math.exp(-dividendYield * years);
  const cashDiscount = Math.exp(-rate * years);
  const forwardValue = sign * (spot * assetDiscount - strike * cashDiscount);
  const weight = forwardValue > 0 ? 1 : forwardValue < 0 ? 0 : 0.5;
  const atKink = weight === 0.5;
  const asset = weight * spot * assetDiscount;
  const cash = weight * strike * cashDiscount;
  const curvature = atKink ? Number.POSITIVE_INFINITY : 0;
  return {
    price: Math.max(forwardValue, 0),
    delta: sign * weight * assetDiscount,
    gamma: curvature,
    // At the kink vega tends to S e^{-qT} √T n(0) as σ → 0.
    vega: atKink ? spot * assetDiscount * Math.sqrt(years) * normalPdf(0) : 0,
    theta: sign * (dividendYield * asset - rate * cash),
    rho: sign * years * cash,
    dividendRho: -sign * years * asset,
    vanna: 0,
    volga: 0,
    charm: sign * weight * dividendYield * assetDiscount,
    speed: 0,
    zomma: 0,
    color: 0,
    dualDelta: -sign * weight * cashDiscount,
    dualGamma: curvature,
  };
}
