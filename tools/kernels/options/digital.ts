/**
 * Digital (binary) options: cash of 1, or one unit of the asset, when the option ends in the money.
 *
 * Cash e^{−rT}N(φd₂), asset S e^{−qT}N(φd₁). A vanilla option is the asset digital less K cash digitals. Cost: O(1).
 * Source: M. Rubinstein & E. Reiner (1991), Unscrambling the binary code, Risk 4:75; Haug (2007), 4.19.
 *
 * @example digitalOption({ right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, dividendYield: 0.02, volatility: 0.2 }).cash // 0.4946
 */
import { normalCdf } from '../stats/normal.ts';
import { requirePositive, requireVanilla, type VanillaOption } from './option-inputs.ts';

export function digitalOption(option: VanillaOption): { readonly cash: number; readonly asset: number } {
  requireVanilla(option);
  requirePositive('The strike', option.strike);
  const { spot, strike, years, rate, dividendYield, volatility } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const deviation = volatility * Math.sqrt(years);
  const log = Math.log(spot / strike) + (rate - dividendYield) * years;
  const cashDiscount = Math.exp(-rate * years);
  const assetValue = spot * Math.exp(-dividendYield * years);
  if (deviation === 0) {
    const pays = sign * log > 0 ? 1 : log === 0 ? 0.5 : 0;
    return { cash: pays * cashDiscount, asset: pays * assetValue };
  }
  const d1 = log / deviation + deviation / 2;
  return { cash: cashDiscount * normalCdf(sign * (d1 - deviation)), asset: assetValue * normalCdf(sign * d1) };
}
