/**
 * Spread options: the right to max(S₁ − S₂ − K, 0).
 *
 * Exact: given S₂ the first asset is lognormal, so the payoff has a Black value; the remaining integral over S₂ is Gauss–Legendre,
 * split where S₂ + K changes sign. K = 0 has a closed form (Margrabe); Kirk's approximation treats S₂ + K as lognormal.
 * Put max(K − S₁ + S₂, 0) by parity. Cost: O(1), 256 Black values. Sources: W. Margrabe (1978), J. Finance 33:177;
 * E. Kirk (1995), Correlation in the energy markets; N. Pearson (1995), J. Derivatives 3(1):76 (conditioning).
 *
 * @example spreadOption({ right: 'call', spot1: 100, spot2: 96, strike: 2, years: 1, rate: 0.05, dividendYield1: 0.02, dividendYield2: 0.03, volatility1: 0.3, volatility2: 0.2, correlation: 0.3 }) // 13.2442
 */
import { invalidInput } from '../../../lib/errors.ts';
import { normalCdf, normalPdf } from '../stats/normal.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { type OptionRight, requireFinite, requireNotNegative, requirePositive } from './option-inputs.ts';

export interface SpreadOption {
  readonly right: OptionRight;
  readonly spot1: number;
  readonly spot2: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield1: number;
  readonly dividendYield2: number;
  readonly volatility1: number;
  readonly volatility2: number;
  readonly correlation: number;
}

const RULE = gaussLegendre(64);
const REACH = 9;

function requireSpread(option: SpreadOption): void {
  requirePositive('The first spot', option.spot1);
  requirePositive('The second spot', option.spot2);
  requireFinite('The strike', option.strike);
  requirePositive('The time to expiry in years', option.years);
  requireFinite('The rate', option.rate);
  requireFinite('The first dividend yield', option.dividendYield1);
  requireFinite('The second dividend yield', option.dividendYield2);
  requireNotNegative('The first volatility', option.volatility1);
  requireNotNegative('The second volatility', option.volatility2);
  if (!(Math.abs(option.correlation) <= 1)) {
    throw invalidInput({ what: 'The correlation', needed: 'between −1 and 1', got: option.correlation });
  }
}

function forwards(option: SpreadOption): readonly [number, number] {
  const { rate, years } = option;
  return [
    option.spot1 * Math.exp((rate - option.dividendYield1) * years),
    option.spot2 * Math.exp((rate - option.dividendYield2) * years),
  ];
}

/** E[(F e^{…} − K)⁺] for any sign of K. */
function undiscountedCall(forward: number, strike: number, deviation: number): number {
  if (strike <= 0) return forward - strike;
  if (deviation < 1e-12) return Math.max(forward - strike, 0);
  const d1 = Math.log(forward / strike) / deviation + 0.5 * deviation;
  return forward * normalCdf(d1) - strike * normalCdf(d1 - deviation);
}

export function spreadOption(option: SpreadOption): number {
  requireSpread(option);
  const [forward1, forward2] = forwards(option);
  const root = Math.sqrt(option.years);
  const deviation1 = option.volatility1 * root;
  const deviation2 = option.volatility2 * root;
  const { correlation, strike } = option;
  const own = deviation1 * Math.sqrt(1 - correlation * correlation);
  const common = correlation * deviation1;
  const payoff = (z: number): number => {
    const second = forward2 * Math.exp(deviation2 * z - 0.5 * deviation2 * deviation2);
    const first = forward1 * Math.exp(common * z - 0.5 * common * common);
    return undiscountedCall(first, second + strike, own) * normalPdf(z);
  };
  const turns = [-REACH, 0, REACH];
  if (strike < 0 && deviation2 > 0) turns.push((Math.log(-strike / forward2) + 0.5 * deviation2 ** 2) / deviation2);
  // Where the conditional option is at the money the integrand bends within own/|d ln(S₁/(S₂+K))/dz|: split there too.
  turns.push(...conditionalMoney(forward1, forward2, strike, common, deviation2));
  const ends = turns.filter((z) => Math.abs(z) <= REACH).sort((a, b) => a - b);
  let sum = 0;
  for (let i = 1; i < ends.length; i++) sum += integrate(payoff, ends[i - 1] as number, ends[i] as number);
  const discount = Math.exp(-option.rate * option.years);
  const call = discount * sum;
  return option.right === 'call' ? call : Math.max(call - discount * (forward1 - forward2 - strike), 0);
}

function integrate(f: (z: number) => number, from: number, to: number): number {
  const half = 0.5 * (to - from);
  let sum = 0;
  for (let i = 0; i < RULE.nodes.length; i++) {
    sum += (RULE.weights[i] as number) * f(from + half * (1 + (RULE.nodes[i] as number)));
  }
  return half * sum;
}

/** Points where first(z) crosses second(z) + K, by scanning for sign changes and bisecting. */
function conditionalMoney(f1: number, f2: number, strike: number, common: number, deviation2: number): number[] {
  const gap = (z: number) =>
    f1 * Math.exp(common * z - 0.5 * common * common) -
    f2 * Math.exp(deviation2 * z - 0.5 * deviation2 * deviation2) -
    strike;
  const found: number[] = [];
  for (let left = -REACH; left < REACH; left += 0.5) {
    if (gap(left) > 0 === gap(left + 0.5) > 0) continue;
    let low = left;
    let high = left + 0.5;
    for (let i = 0; i < 50; i++) {
      const middle = 0.5 * (low + high);
      if (gap(middle) > 0 === gap(low) > 0) low = middle;
      else high = middle;
    }
    found.push(low - 0.25, low, low + 0.25);
  }
  return found;
}

/** Exchange option, K = 0. */
export function margrabe(option: SpreadOption): number {
  return kirkSpread({ ...option, strike: 0 });
}

/** Kirk's approximation; exact for K = 0. Needs F₂ + K > 0. */
export function kirkSpread(option: SpreadOption): number {
  requireSpread(option);
  const [forward1, forward2] = forwards(option);
  const shifted = forward2 + option.strike;
  if (shifted <= 0) {
    throw invalidInput({
      what: 'Kirk’s shifted forward F₂ + K',
      needed: 'above 0',
      got: shifted,
      hint: 'Use the exact price.',
    });
  }
  const weight = forward2 / shifted;
  const second = option.volatility2 * weight;
  const variance = option.volatility1 ** 2 - 2 * option.correlation * option.volatility1 * second + second ** 2;
  const discount = Math.exp(-option.rate * option.years);
  const call = discount * undiscountedCall(forward1, shifted, Math.sqrt(Math.max(variance, 0) * option.years));
  return option.right === 'call' ? call : call - discount * (forward1 - shifted);
}
