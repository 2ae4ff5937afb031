/**
 * Basket options on two or three assets without sampling error: Gauss–Legendre over all shocks but the last, which has a closed form.
 *
 * Given z₁…z_{d−1} the last asset is lognormal with deviation σ_d√T·L_dd, so the payoff is a Black value with strike K − Σ wᵢSᵢ; a strike
 * at or below zero is the forward less the strike. Accuracy about 1e-10 with 160 nodes a side over ±9 deviations. Cost: 160^{d−1} Black values.
 * Positive last weight and L_dd > 0 are needed. Source: as `spread.ts` (conditioning), Glasserman (2004), 4.5.3.
 *
 * @example basketByQuadrature(option).price
 */
import { invalidInput } from '../../../lib/errors.ts';
import { normalCdf, normalPdf } from '../stats/normal.ts';
import { type BasketOption, basketForward, correlationFactor, requireBasket } from './basket.ts';
import { gaussLegendre } from './gauss-legendre.ts';

const NODES = 160;
const REACH = 9;

export function basketByQuadrature(option: BasketOption): { readonly price: number; readonly deltas: Float64Array } {
  requireBasket(option);
  const d = option.spots.length;
  const last = d - 1;
  const factor = correlationFactor(option.correlation, d);
  const own = (factor[last * d + last] as number) * (option.volatilities[last] as number) * Math.sqrt(option.years);
  if (d < 2 || d > 3 || !((option.weights[last] as number) > 0) || own < 1e-6) {
    throw invalidInput({
      what: 'A basket for quadrature',
      needed: 'two or three assets, the last with a positive weight and not a copy of the others',
      got: `${d} assets`,
      hint: 'Use the Sobol estimate.',
    });
  }
  const rule = gaussLegendre(NODES);
  const deltas = new Float64Array(d);
  let call = 0;
  const shocks = new Float64Array(last);
  const visit = (depth: number, weight: number): void => {
    if (depth === last) {
      call += weight * conditional(option, factor, shocks, own, weight, deltas);
      return;
    }
    for (let i = 0; i < NODES; i++) {
      const z = REACH * (rule.nodes[i] as number);
      shocks[depth] = z;
      visit(depth + 1, weight * REACH * (rule.weights[i] as number) * normalPdf(z));
    }
  };
  visit(0, 1);
  const discount = Math.exp(-option.rate * option.years);
  if (option.right === 'call') return { price: discount * call, deltas: deltas.map((sum) => discount * sum) };
  return {
    price: discount * (call - basketForward(option) + option.strike),
    deltas: deltas.map(
      (sum, i) =>
        discount * sum - (option.weights[i] as number) * Math.exp(-(option.dividendYields[i] as number) * option.years),
    ),
  };
}

/** E[payoff | shocks] of the call, undiscounted; adds the conditional deltas. */
function conditional(
  option: BasketOption,
  factor: Float64Array,
  shocks: Float64Array,
  own: number,
  weight: number,
  deltas: Float64Array,
): number {
  const d = option.spots.length;
  const last = d - 1;
  let strike = option.strike;
  const growths: number[] = [];
  for (let i = 0; i < d; i++) {
    const sigma = option.volatilities[i] as number;
    const deviation = sigma * Math.sqrt(option.years);
    let common = 0;
    for (let j = 0; j < Math.min(i + 1, last); j++) common += (factor[i * d + j] as number) * (shocks[j] as number);
    const drift = (option.rate - (option.dividendYields[i] as number)) * option.years;
    const kept = i === last ? 1 - (factor[i * d + i] as number) ** 2 : 1;
    const growth = Math.exp(drift - 0.5 * deviation * deviation * kept + deviation * common);
    growths.push(growth);
    if (i < last) strike -= (option.weights[i] as number) * (option.spots[i] as number) * growth;
  }
  const forward = (option.weights[last] as number) * (option.spots[last] as number) * (growths[last] as number);
  const d1 = strike <= 0 ? Number.POSITIVE_INFINITY : Math.log(forward / strike) / own + 0.5 * own;
  const n1 = strike <= 0 ? 1 : normalCdf(d1);
  const n2 = strike <= 0 ? 1 : normalCdf(d1 - own);
  for (let i = 0; i < d; i++) {
    const hit = i === last ? n1 : n2;
    deltas[i] = (deltas[i] as number) + weight * hit * (option.weights[i] as number) * (growths[i] as number);
  }
  return forward * n1 - strike * n2;
}
