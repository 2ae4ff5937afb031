/**
 * Binomial lattice: an independent route to American and European prices, and the answer where the fast method has no theory.
 *
 * Cox–Ross–Rubinstein: u = e^{σ√Δt}, p = (e^{(r−q)Δt} − 1/u)/(u − 1/u). Error about 1/steps, oscillating. Cost: O(steps²).
 * Source: Cox, Ross & Rubinstein (1979), J. Financial Economics 7:229, eq. 6.
 *
 * @example binomialOption({ right: 'put', spot: 36, strike: 40, years: 1, rate: 0.06, dividendYield: 0, volatility: 0.2 }, { steps: 500, exercise: 'american' })
 */
import { invalidInput } from '../../../lib/errors.ts';
import { requirePositive, requireVanilla, type VanillaOption } from './option-inputs.ts';

export function binomialOption(
  option: VanillaOption,
  lattice: { readonly steps: number; readonly exercise: 'european' | 'american' },
): number {
  requireVanilla(option);
  requirePositive('The time to expiry in years', option.years);
  requirePositive('The volatility', option.volatility);
  const { spot, strike, years, rate, dividendYield, volatility } = option;
  const { steps } = lattice;
  const sign = option.right === 'call' ? 1 : -1;
  const dt = years / steps;
  const up = Math.exp(volatility * Math.sqrt(dt));
  const discount = Math.exp(-rate * dt);
  const p = (Math.exp((rate - dividendYield) * dt) - 1 / up) / (up - 1 / up);
  if (!(p > 0 && p < 1)) {
    throw invalidInput({
      what: 'The lattice probability',
      needed: 'between 0 and 1',
      got: p,
      hint: 'Use more steps, or a higher volatility: the drift of one step is larger than its deviation.',
    });
  }
  const spots = Float64Array.from({ length: 2 * steps + 1 }, (_, i) => spot * Math.exp((i - steps) * Math.log(up)));
  const values = Float64Array.from({ length: steps + 1 }, (_, i) =>
    Math.max(sign * ((spots[2 * i] as number) - strike), 0),
  );
  for (let step = steps - 1; step >= 0; step--) {
    for (let i = 0; i <= step; i++) {
      let value = discount * (p * (values[i + 1] as number) + (1 - p) * (values[i] as number));
      if (lattice.exercise === 'american') {
        value = Math.max(value, sign * ((spots[steps - step + 2 * i] as number) - strike));
      }
      values[i] = value;
    }
  }
  return values[0] as number;
}
