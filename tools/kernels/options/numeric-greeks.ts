/**
 * Greeks of any price by central differences: for models without closed-form derivatives.
 *
 * Delta (f(S+h) − f(S−h))/2h, gamma (f(S+h) − 2f(S) + f(S−h))/h², the others alike; theta −∂V/∂T a year. Error O(h²) plus price
 * noise/h², so the price must be smooth to about 1e-9 of the spot. Cost: nine prices. Source: Glasserman (2004), section 7.1.
 *
 * @example numericGreeks((terms) => blackScholesPrice({ right: 'call', ...terms }), terms).delta
 */
export interface GreekTerms {
  readonly spot: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

export interface NumericGreeks {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly rho: number;
  readonly dividendRho: number;
}

export function numericGreeks<Terms extends GreekTerms>(price: (terms: Terms) => number, terms: Terms): NumericGreeks {
  const slope = (key: keyof GreekTerms, step: number): number =>
    (price({ ...terms, [key]: terms[key] + step }) - price({ ...terms, [key]: terms[key] - step })) / (2 * step);
  const spotStep = 2e-3 * terms.spot * Math.min(1, 5 * Math.max(terms.volatility * Math.sqrt(terms.years), 0.02));
  const up = price({ ...terms, spot: terms.spot + spotStep });
  const down = price({ ...terms, spot: terms.spot - spotStep });
  const timeStep = Math.min(1e-3, terms.years / 20);
  return {
    delta: (up - down) / (2 * spotStep),
    gamma: (up - 2 * price(terms) + down) / (spotStep * spotStep),
    vega: slope('volatility', Math.min(1e-3, terms.volatility / 10)),
    theta: -slope('years', timeStep),
    rho: slope('rate', 1e-4),
    dividendRho: slope('dividendYield', 1e-4),
  };
}
