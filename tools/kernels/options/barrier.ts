/**
 * Barrier options with continuous monitoring and no rebate: knocked in or out when the spot touches H.
 *
 * In-options are sums of four reflected Black–Scholes terms A, B, C, D; an out-option is the vanilla less the in-option.
 * A barrier that the spot has already touched is knocked: in = vanilla, out = 0. Discrete monitoring is worth a barrier moved by
 * 0.5826 σ√Δt (Broadie, Glasserman & Kou 1997), which is left to the caller. Cost: O(1).
 * Source: E. Reiner & M. Rubinstein (1991), Breaking down the barriers, Risk 4:28; Haug (2007), 4.17.1.
 *
 * @example barrierOption({ right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, dividendYield: 0.02, volatility: 0.2 }, 'downOut', 90) // 7.58695
 */
import { normalCdf } from '../stats/normal.ts';
import { blackScholesPrice } from './black-scholes.ts';
import { requirePositive, requireVanilla, type VanillaOption } from './option-inputs.ts';

export type BarrierType = 'downIn' | 'downOut' | 'upIn' | 'upOut';

export function barrierOption(option: VanillaOption, type: BarrierType, barrier: number): number {
  requireVanilla(option);
  requirePositive('The barrier', barrier);
  requirePositive('The strike', option.strike);
  requirePositive('The time to expiry in years', option.years);
  requirePositive('The volatility', option.volatility);
  const vanilla = blackScholesPrice(option);
  const down = type === 'downIn' || type === 'downOut';
  const touched = down ? option.spot <= barrier : option.spot >= barrier;
  const knockedIn = touched ? vanilla : Math.min(Math.max(knockIn(option, down, barrier), 0), vanilla);
  return type === 'downIn' || type === 'upIn' ? knockedIn : vanilla - knockedIn;
}

function knockIn(option: VanillaOption, down: boolean, barrier: number): number {
  const { spot, strike, years, rate, dividendYield, volatility } = option;
  const phi = option.right === 'call' ? 1 : -1;
  const eta = down ? 1 : -1;
  const deviation = volatility * Math.sqrt(years);
  const mu = (rate - dividendYield) / (volatility * volatility) - 0.5;
  const shift = (1 + mu) * deviation;
  const asset = spot * Math.exp(-dividendYield * years);
  const cash = strike * Math.exp(-rate * years);
  const reflected = Math.exp(2 * mu * Math.log(barrier / spot));
  const direct = (z: number) => phi * (asset * normalCdf(phi * z) - cash * normalCdf(phi * (z - deviation)));
  const mirrored = (z: number) =>
    phi * reflected * (asset * (barrier / spot) ** 2 * normalCdf(eta * z) - cash * normalCdf(eta * (z - deviation)));
  const a = () => direct(Math.log(spot / strike) / deviation + shift);
  const b = () => direct(Math.log(spot / barrier) / deviation + shift);
  const c = () => mirrored(Math.log(barrier ** 2 / (spot * strike)) / deviation + shift);
  const d = () => mirrored(Math.log(barrier / spot) / deviation + shift);
  const above = strike >= barrier;
  if (option.right === 'call') {
    if (down) return above ? c() : a() - b() + d();
    return above ? a() : b() - c() + d();
  }
  if (down) return above ? b() - c() + d() : a();
  return above ? a() - b() + d() : c();
}
