/** What an option is worth and how its value moves: one tool for the models and payoffs with a formula or a fast integral. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { normalCdf } from '../kernels/stats/normal.ts';
import { optionFields, requireFractionVolatility, resolveTerms } from './option-terms.ts';
import { type PriceRequest, priceByModel } from './price-model.ts';

const input = z.strictObject({
  ...optionFields,
  model: z
    .enum(['bsm', 'black76', 'bachelier', 'heston'])
    .default('bsm')
    .describe(
      'bsm: spot with dividends; black76: on a forward or future; bachelier: normal; heston: stochastic volatility',
    ),
  exercise: z
    .enum(['european', 'american'])
    .default('european')
    .describe('american only for vanilla payoffs under bsm'),
  payoff: z
    .enum(['vanilla', 'digital', 'barrier', 'asian', 'spread'])
    .default('vanilla')
    .describe('What is paid at the end'),
  volatility: units.annualVol('volatility a year as a fraction: 20 vol is 0.2').min(0).optional(),
  normalVolatility: units.price('normal volatility a year in price units, for model bachelier').min(0).optional(),
  digitalPays: z.enum(['cash', 'asset']).default('cash').describe('A digital pays 1 in cash or one unit of the asset'),
  barrier: units.price('barrier level').positive().optional(),
  barrierType: z
    .enum(['downIn', 'downOut', 'upIn', 'upOut'])
    .optional()
    .describe('Which side and whether it knocks in or out'),
  averaging: z.enum(['arithmetic', 'geometric']).default('arithmetic').describe('Average of an Asian option'),
  fixings: units.count('equally spaced fixings of an Asian option').min(1).max(400).default(12),
  spot2: units.price('second asset of a spread: the payoff is on S1 − S2 − strike').positive().optional(),
  volatility2: units.annualVol('volatility of the second asset').min(0).optional(),
  dividendYield2: units.rate('dividend yield of the second asset').default(0),
  correlation: units.correlation('correlation of the two assets of a spread').min(-1).max(1).optional(),
  initialVariance: units.variance('Heston: variance now').min(0).optional(),
  meanReversion: units.coefficient('Heston: speed of mean reversion a year').positive().optional(),
  longRunVariance: units.variance('Heston: long-run variance').min(0).optional(),
  volOfVol: units.coefficient('Heston: volatility of variance').positive().optional(),
  spotVolCorrelation: units.correlation('Heston: correlation of spot and variance').min(-1).max(1).optional(),
});

const greek = {
  price: (text: string) => units.price(text).nullable(),
  ratio: (text: string) => units.ratio(text).nullable(),
  coefficient: (text: string) => units.coefficient(text).nullable(),
};

const output = z.object({
  price: units.price('value of one option on one unit'),
  method: z.string().describe('How it was priced'),
  understood: z.string().describe('Which input was taken as which, in words'),
  forward: units.price('forward of the underlying for the expiry'),
  spot: units.price('spot used, or implied by the forward'),
  strike: units.price('strike'),
  years: units.years('time to expiry'),
  days: units.days('time to expiry in calendar days'),
  rate: units.rate('continuously compounded rate'),
  dividendYield: units.rate('continuous dividend yield'),
  volatility: units.annualVol('volatility used').nullable(),
  discountFactor: units.ratio('value today of 1 at expiry'),
  intrinsicValue: units.price('value if exercised now'),
  timeValue: units.price('price less intrinsic value; negative for some European options'),
  europeanPrice: units.price('the same option with European exercise (American only)').nullable(),
  earlyExercisePremium: units.price('American less European price').nullable(),
  exerciseBoundary: units.price('spot at which exercise becomes optimal today').nullable(),
  probabilityInTheMoney: units.probability('risk-neutral probability to end in the money').nullable(),
  delta: greek.ratio('change of the price for 1.00 of the underlying'),
  gamma: greek.coefficient('change of delta for 1.00 of the underlying'),
  vegaPerPoint: greek.price('change of the price for one vol point (0.01)'),
  thetaPerDay: greek.price('change of the price over one calendar day'),
  rhoPerPoint: greek.price('change of the price for one percentage point of rate'),
  dividendRhoPerPoint: greek.price('change of the price for one percentage point of dividend yield'),
  vannaPerPoint: greek.coefficient('change of delta for one vol point'),
  volgaPerPoint: greek.price('change of vega per point for one vol point'),
  charmPerDay: greek.coefficient('change of delta over one calendar day'),
  speed: greek.coefficient('change of gamma for 1.00 of the underlying'),
  zommaPerPoint: greek.coefficient('change of gamma for one vol point'),
  colorPerDay: greek.coefficient('change of gamma over one calendar day'),
  dualDelta: greek.ratio('change of the price for 1.00 of strike'),
  dualGamma: greek.coefficient('second derivative by strike: the discounted risk-neutral density'),
  vegaPerUnit: greek.price('vega for 1.00 of volatility (100 points), as textbooks quote it'),
  thetaPerYear: greek.price('theta for a whole year, as textbooks quote it'),
  greeksReason: z.string().nullable().describe('Why some greeks are null; null when none is'),
});

function describeInputs(
  request: PriceRequest,
  terms: { readonly spot: number; readonly years: number; readonly rate: number },
) {
  const vol =
    request.model === 'bachelier'
      ? `normal volatility ${request.normalVolatility}`
      : request.model === 'heston'
        ? 'Heston parameters'
        : `volatility ${request.volatility}`;
  return `${request.exercise} ${request.payoff} ${request.right}, model ${request.model}: spot ${terms.spot}, strike ${request.strike}, ${terms.years} years, rate ${terms.rate}, ${vol}`;
}

export const priceOption = defineTool({
  name: 'price_option',
  title: 'Price an option',
  family: 'derivatives',
  version: 1,
  description:
    'Prices one option (vanilla European or American, digital, barrier, Asian, spread; Black–Scholes–Merton, Black-76, Bachelier or Heston) with its greeks: vega per vol point, theta per calendar day, rho per percentage point. Use it when volatility is known and a price or a greek is asked. Use imply_volatility when the price is known, price_basket_option for several assets, analyze_option_strategy for several legs.',
  input,
  output,
  load: async (_input, ports) => ({ value: { asOf: ports.asOf }, provenance: [] }),
  run(request, data: { readonly asOf: string }, context) {
    if (request.volatility !== undefined) requireFractionVolatility(request.volatility, 'volatility');
    if (request.volatility2 !== undefined) requireFractionVolatility(request.volatility2, 'volatility2');
    const terms = resolveTerms(request, data.asOf, context.warn);
    const result = priceByModel(request, terms);
    const sign = request.right === 'call' ? 1 : -1;
    const underlying = request.model === 'black76' || request.model === 'bachelier' ? terms.forward : terms.spot;
    const intrinsic = request.payoff === 'vanilla' ? Math.max(sign * (underlying - request.strike), 0) : 0;
    if (request.payoff === 'barrier') {
      context.warn(
        'CONTINUOUS_MONITORING',
        'The barrier is watched continuously; daily monitoring makes knocking less likely.',
      );
    }
    return {
      price: result.price,
      method: result.method,
      understood: describeInputs(request, terms),
      forward: terms.forward,
      spot: terms.spot,
      strike: request.strike,
      years: terms.years,
      days: terms.years * 365,
      rate: terms.rate,
      dividendYield: terms.dividendYield,
      volatility: request.model === 'bachelier' || request.model === 'heston' ? null : (request.volatility ?? null),
      discountFactor: terms.discountFactor,
      intrinsicValue: intrinsic,
      timeValue: result.price - intrinsic,
      europeanPrice: result.europeanPrice,
      earlyExercisePremium: result.europeanPrice === null ? null : result.price - result.europeanPrice,
      exerciseBoundary: result.exerciseBoundary,
      probabilityInTheMoney: probability(request, terms),
      ...result.greeks,
      greeksReason: result.missing,
    };
  },
  summarise: (output, cite) => [
    `Price ${cite('price')} (${output.method}).`,
    `Understood: ${output.understood}.`,
    `Intrinsic ${cite('intrinsicValue')}, time value ${cite('timeValue')}, forward ${cite('forward')}.`,
    ...(output.earlyExercisePremium === null
      ? []
      : [`European price ${cite('europeanPrice')}, early exercise premium ${cite('earlyExercisePremium')}.`]),
    ...(output.delta === null
      ? []
      : [`Delta ${cite('delta')}, gamma ${output.gamma === null ? 'not finite' : cite('gamma')}.`]),
    ...(output.vegaPerPoint === null
      ? []
      : [`Vega ${cite('vegaPerPoint')} for one vol point (${cite('vegaPerUnit')} per 1.00).`]),
    ...(output.thetaPerDay === null
      ? []
      : [
          `Theta ${cite('thetaPerDay')} for one calendar day (${cite('thetaPerYear')} a year; brokers show the daily one).`,
        ]),
    ...(output.rhoPerPoint === null ? [] : [`Rho ${cite('rhoPerPoint')} for one percentage point.`]),
    ...(output.probabilityInTheMoney === null
      ? []
      : [`Risk-neutral probability to end in the money ${cite('probabilityInTheMoney')}.`]),
    ...(output.greeksReason === null ? [] : [output.greeksReason]),
  ],
  examples: [
    {
      ask: 'Price a European put: spot 90, strike 100, 9 months, 5% rate, 20 vol',
      input: { right: 'put', spot: 90, strike: 100, years: 0.75, rate: 0.05, volatility: 0.2 },
      fixture: 'none',
      expect: { values: { price: 10.098 }, tolerance: 0.02 },
    },
    {
      ask: 'What is theta of a one-year at-the-money call, 5% rate, 20 vol?',
      input: { right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, volatility: 0.2 },
      fixture: 'none',
      expect: {
        values: { price: 10.450583572185565, thetaPerDay: -0.01757267820941972, thetaPerYear: -6.414027546438197 },
        tolerance: 1e-9,
      },
    },
    {
      ask: 'American put 36/40, one year, 6%, 20 vol',
      input: { right: 'put', spot: 36, strike: 40, years: 1, rate: 0.06, volatility: 0.2, exercise: 'american' },
      fixture: 'none',
      expect: { values: { price: 4.486674419 }, tolerance: 1e-6 },
    },
    {
      ask: 'Price a call with vol 20, forgetting that 20 is a percentage',
      input: { right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, volatility: 20 },
      fixture: 'none',
      expect: { error: 'VOLATILITY_NOT_A_FRACTION' },
    },
  ],
  assumptions: [
    'Rates and dividend yields are continuously compounded and constant; volatility is constant except under Heston.',
    'A year has 365 calendar days; theta is per calendar day.',
    'No transaction costs; continuous hedging; barriers are watched continuously.',
  ],
  references: [
    'Black & Scholes (1973), JPE 81:637; Merton (1973), Bell Journal 4:141',
    'Black (1976), JFE 3:167; Bachelier (1900)',
    'Andersen, Lake & Offengenden (2016), J. Computational Finance 20:39',
    'Reiner & Rubinstein (1991), Risk 4:28 and 4:75; Kemna & Vorst (1990); Margrabe (1978); Heston (1993); Lewis (2000)',
  ],
  cost: 'instant',
});

function probability(
  request: PriceRequest,
  terms: { readonly forward: number; readonly years: number },
): number | null {
  const vanilla = request.payoff === 'vanilla' || request.payoff === 'digital';
  if (!vanilla || request.model === 'bachelier' || request.model === 'heston' || request.volatility === undefined)
    return null;
  const deviation = request.volatility * Math.sqrt(terms.years);
  const sign = request.right === 'call' ? 1 : -1;
  if (request.strike <= 0 || deviation === 0) return null;
  return normalCdf(sign * (Math.log(terms.forward / request.strike) / deviation - 0.5 * deviation));
}
