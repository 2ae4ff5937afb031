/** Which volatility a quoted option price implies, or which bound the price breaks. */
import { z } from 'zod';
import { TradewindError } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { americanImpliedVolatility } from '../kernels/options/american-implied-volatility.ts';
import { bachelierImpliedVolatility } from '../kernels/options/bachelier.ts';
import { impliedVolatility } from '../kernels/options/implied-volatility.ts';
import type { OptionRight } from '../kernels/options/option-inputs.ts';
import { type OptionTerms, optionFields, resolveTerms } from './option-terms.ts';

const input = z.strictObject({
  ...optionFields,
  price: units.price('quoted price of the option, today’s money'),
  model: z.enum(['bsm', 'black76', 'bachelier']).default('bsm').describe('Which formula is inverted'),
  exercise: z.enum(['european', 'american']).default('european').describe('american inverts the American price (bsm)'),
});

const output = z.object({
  impliedVolatility: units.annualVol('volatility that reproduces the price').nullable(),
  impliedVolPoints: units.volPoints('the same in vol points').nullable(),
  normalVolatility: units.price('normal volatility a year in price units (bachelier)').nullable(),
  price: units.price('price that was inverted'),
  lowerBound: units.price('no-arbitrage lower bound of the price'),
  upperBound: units.price('no-arbitrage upper bound of the price'),
  forward: units.price('forward for the expiry'),
  strike: units.price('strike'),
  years: units.years('time to expiry'),
  rate: units.rate('continuously compounded rate'),
  dividendYield: units.rate('continuous dividend yield'),
  volatilityPerCent: units.volPoints('change of the implied volatility for 0.01 of price').nullable(),
  note: z.string().nullable().describe('What a reader should know about this price; null when nothing'),
});

export const implyVolatility = defineTool({
  name: 'imply_volatility',
  title: 'Implied volatility',
  family: 'derivatives',
  version: 1,
  description:
    'Finds the volatility that a quoted option price implies, to machine precision; a price outside its no-arbitrage bounds is an error that names the bound. Use it when the price of one option is known and its volatility is asked. Use price_option for the opposite direction and fit_vol_surface for a whole chain.',
  input,
  output,
  load: async (_input, ports) => ({ value: { asOf: ports.asOf }, provenance: [] }),
  run(request, data: { readonly asOf: string }, context) {
    const terms = resolveTerms(request, data.asOf, context.warn);
    const bounds = priceBounds(request, terms);
    const shared = {
      price: request.price,
      lowerBound: bounds.lower,
      upperBound: bounds.upper,
      forward: terms.forward,
      strike: request.strike,
      years: terms.years,
      rate: terms.rate,
      dividendYield: terms.dividendYield,
    };
    const undiscountedPrice = request.price / terms.discountFactor;
    const { right, strike } = request;
    if (request.model === 'bachelier') {
      const normalVolatility = bachelierImpliedVolatility({
        right,
        forward: terms.forward,
        strike,
        years: terms.years,
        undiscountedPrice,
      });
      return {
        ...shared,
        impliedVolatility: null,
        impliedVolPoints: null,
        normalVolatility,
        volatilityPerCent: null,
        note: null,
      };
    }
    requireInside(request, bounds);
    const volatility =
      request.exercise === 'american'
        ? invertAmerican(request, terms)
        : impliedVolatility({ right, forward: terms.forward, strike, years: terms.years, undiscountedPrice })
            .volatility;
    const atBound = volatility === 0;
    if (atBound)
      context.warn('AT_LOWER_BOUND', 'The price has no time value: the implied volatility is zero, and says nothing.');
    const slope = atBound ? null : perCent(request, terms, volatility);
    return {
      ...shared,
      impliedVolatility: volatility,
      impliedVolPoints: volatility * 100,
      normalVolatility: null,
      volatilityPerCent: slope,
      note:
        slope !== null && slope > 1
          ? 'One cent of price is more than a vol point here: the quote carries little information on volatility.'
          : null,
    };
  },
  summarise: (output, cite) => [
    output.impliedVolatility === null
      ? `Implied normal volatility ${cite('normalVolatility')} a year in price units.`
      : `Implied volatility ${cite('impliedVolatility')} (${cite('impliedVolPoints')}).`,
    `Price ${cite('price')} lies between its bounds ${cite('lowerBound')} and ${cite('upperBound')}.`,
    `Forward ${cite('forward')}, strike ${cite('strike')}, ${cite('years')} years, rate ${cite('rate')}.`,
    ...(output.volatilityPerCent === null ? [] : [`0.01 of price is ${cite('volatilityPerCent')} of volatility.`]),
    ...(output.note === null ? [] : [output.note]),
  ],
  examples: [
    {
      ask: 'IV of a 1y atm call trading 10.45? spot 100, rate 5%',
      input: { right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, price: 10.450583572185565 },
      fixture: 'none',
      expect: { values: { impliedVolatility: 0.2 }, tolerance: 1e-12 },
    },
    {
      ask: 'Same call but it is quoted 3.20, what is the iv?',
      input: { right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, price: 3.2 },
      fixture: 'none',
      expect: { error: 'PRICE_BELOW_INTRINSIC' },
    },
    {
      ask: 'Implied vol of a call quoted above the stock price',
      input: { right: 'call', spot: 100, strike: 90, years: 1, rate: 0.05, price: 101 },
      fixture: 'none',
      expect: { error: 'PRICE_ABOVE_BOUND' },
    },
  ],
  assumptions: ['Continuously compounded rate and dividend yield; European unless exercise says american.'],
  references: ['Jäckel (2015), Let’s be rational, Wilmott 75:40', 'Jäckel (2017), Implied normal volatility'],
  cost: 'instant',
});

interface PricedRequest {
  readonly right: OptionRight;
  readonly strike: number;
  readonly price: number;
  readonly exercise: 'european' | 'american';
}

function priceBounds(request: PricedRequest, terms: OptionTerms): { lower: number; upper: number } {
  const sign = request.right === 'call' ? 1 : -1;
  const european = Math.max(sign * terms.discountFactor * (terms.forward - request.strike), 0);
  const now = Math.max(sign * (terms.spot - request.strike), 0);
  const american = request.exercise === 'american';
  const upper = american
    ? request.right === 'call'
      ? Math.max(terms.spot, terms.discountFactor * terms.forward)
      : Math.max(request.strike, terms.discountFactor * request.strike)
    : terms.discountFactor * (request.right === 'call' ? terms.forward : request.strike);
  return { lower: american ? Math.max(european, now) : european, upper };
}

function requireInside(request: PricedRequest, bounds: { readonly lower: number; readonly upper: number }): void {
  const { price, right } = request;
  if (price >= bounds.lower && price < bounds.upper) return;
  const below = price < bounds.lower;
  const name = below
    ? request.exercise === 'american'
      ? 'its value if exercised now or at expiry'
      : right === 'call'
        ? 'the discounted forward less the discounted strike, max(S·e^(−qT) − K·e^(−rT), 0)'
        : 'the discounted strike less the discounted forward, max(K·e^(−rT) − S·e^(−qT), 0)'
    : right === 'call'
      ? 'the value of the underlying itself'
      : 'the value of the strike';
  const bound = below ? bounds.lower : bounds.upper;
  throw new TradewindError({
    code: below ? 'PRICE_BELOW_INTRINSIC' : 'PRICE_ABOVE_BOUND',
    kind: 'input',
    message: `No volatility gives this price: a ${right} at ${price} is ${below ? 'below its lower' : 'not below its upper'} bound ${Number(bound.toPrecision(8))}, ${name}.`,
    hint: below
      ? 'Even with zero volatility the option is worth more. Check for a stale quote, a wrong strike, rate or dividend, or an American option.'
      : 'An option cannot be worth more than what it delivers. Check the price, the strike and the units.',
    details: { price, lowerBound: bounds.lower, upperBound: bounds.upper },
  });
}

function invertAmerican(request: PricedRequest, terms: OptionTerms): number {
  const { right, strike, price } = request;
  return americanImpliedVolatility({
    right,
    strike,
    spot: terms.spot,
    years: terms.years,
    rate: terms.rate,
    dividendYield: terms.dividendYield,
    price,
  }).volatility;
}

/** Vol points for 0.01 of price, from the vega. */
function perCent(request: PricedRequest, terms: OptionTerms, volatility: number): number | null {
  const deviation = volatility * Math.sqrt(terms.years);
  const d1 = Math.log(terms.forward / request.strike) / deviation + 0.5 * deviation;
  const vega =
    terms.discountFactor * terms.forward * 0.3989422804014327 * Math.exp(-0.5 * d1 * d1) * Math.sqrt(terms.years);
  const points = 1 / vega;
  return Number.isFinite(points) && points < 1e6 ? points : null;
}
