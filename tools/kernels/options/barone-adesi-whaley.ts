/**
 * Barone-Adesi & Whaley: the quick closed-form approximation of an American price, kept as a cross-check (error up to 1e-2).
 *
 * Call: c + A₂(S/S*)^{q₂} below the critical price S*, S − K above it; put alike with q₁. Cost: O(1), one root of one variable.
 * Source: G. Barone-Adesi & R. Whaley (1987), Journal of Finance 42:301, eq. 20–25.
 *
 * @example baroneAdesiWhaley({ right: 'put', spot: 36, strike: 40, years: 1, rate: 0.06, dividendYield: 0, volatility: 0.2 }) // 4.4596
 */
import { normalCdf, normalPdf } from '../stats/normal.ts';
import { blackScholesPrice } from './black-scholes.ts';
import { requirePositive, requireVanilla, type VanillaOption } from './option-inputs.ts';

export function baroneAdesiWhaley(option: VanillaOption): number {
  requireVanilla(option);
  requirePositive('The time to expiry in years', option.years);
  requirePositive('The volatility', option.volatility);
  const european = blackScholesPrice(option);
  const { spot, strike, years, rate, dividendYield, volatility } = option;
  const sign = option.right === 'call' ? 1 : -1;
  if (option.right === 'call' && dividendYield <= 0) return european;
  if (option.right === 'put' && rate <= 0) return european;
  const variance = volatility * volatility;
  const n = (2 * (rate - dividendYield)) / variance;
  const ratio = rate === 0 ? 2 / (variance * years) : (2 * rate) / variance / -Math.expm1(-rate * years);
  const power = 0.5 * (1 - n + sign * Math.sqrt((n - 1) * (n - 1) + 4 * ratio));
  const { critical, delta } = criticalPrice(option, n, power);
  if (sign * (spot - critical) >= 0) return Math.max(sign * (spot - strike), european);
  return european + ((sign * critical) / power) * (1 - delta) * (spot / critical) ** power;
}

/** Newton from the perpetual option's interpolated price, stopped where both sides agree to 1e-6 of the strike, as is usual. */
function criticalPrice(option: VanillaOption, n: number, power: number): { critical: number; delta: number } {
  const { strike, years, rate, dividendYield, volatility } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const deviation = volatility * Math.sqrt(years);
  const assetDiscount = Math.exp(-dividendYield * years);
  const perpetual = 0.5 * (1 - n + sign * Math.sqrt((n - 1) ** 2 + (8 * rate) / (volatility * volatility)));
  const limit = strike / (1 - 1 / perpetual);
  const drift = (rate - dividendYield) * years;
  const decay = Math.exp((-sign * (drift + sign * 2 * deviation) * strike) / (sign * (limit - strike)));
  let critical = option.right === 'call' ? strike + (limit - strike) * (1 - decay) : limit + (strike - limit) * decay;
  for (let step = 0; step < 100; step++) {
    const d1 = (Math.log(critical / strike) + drift) / deviation + 0.5 * deviation;
    const delta = assetDiscount * normalCdf(sign * d1);
    const right = blackScholesPrice({ ...option, spot: critical }) + (sign * (1 - delta) * critical) / power;
    if (Math.abs(sign * (critical - strike) - right) <= 1e-6 * strike) return { critical, delta };
    const slope =
      sign * delta * (1 - 1 / power) + (sign * (1 - (sign * assetDiscount * normalPdf(d1)) / deviation)) / power;
    critical = (sign * strike + right - slope * critical) / (sign - slope);
  }
  return { critical, delta: assetDiscount };
}
