/** What a combination of options can gain and lose: payoff, break-evens, greeks, odds, and what a broker will hold. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { blackScholes } from '../kernels/options/black-scholes.ts';
import { analyzePayoff, type PayoffLeg } from '../kernels/options/strategy-payoff.ts';
import { normalCdf } from '../kernels/stats/normal.ts';
import { DAYS_PER_YEAR, requireFractionVolatility } from './option-terms.ts';

const input = z.strictObject({
  legs: z
    .array(
      z.strictObject({
        kind: z.enum(['call', 'put', 'stock']).describe('call, put, or the underlying itself'),
        side: z.enum(['long', 'short']).describe('long: bought; short: sold'),
        ratio: units.count('units of this leg in one strategy').min(1).max(1000).default(1),
        strike: units.price('strike; not for stock').positive().max(1e9).optional(),
        price: units.price('price paid or received for one unit').min(0).max(1e9).optional(),
      }),
    )
    .min(1)
    .max(12)
    .describe('The legs of one strategy'),
  netPremium: units
    .price('net for one unit of the strategy: above 0 is received (credit), below 0 is paid; instead of leg prices')
    .min(-1e9)
    .max(1e9)
    .optional(),
  contracts: units.count('how many strategies (lots)').min(1).max(1_000_000).default(1),
  multiplier: units.quantity('shares in one contract').positive().max(1e6).default(100),
  spot: units.price('spot now; needed for greeks and odds').positive().max(1e9).optional(),
  volatility: units.annualVol('volatility for greeks, odds and missing prices').positive().max(100).optional(),
  years: units.years('time to expiry').positive().max(50).optional(),
  rate: units.rate('continuously compounded rate').min(-0.5).max(2).default(0.03),
  dividendYield: units.rate('continuous dividend yield').min(-0.5).max(2).default(0),
});

export const analyzeOptionStrategy = defineTool({
  name: 'analyze_option_strategy',
  title: 'Option strategy',
  family: 'derivatives',
  version: 1,
  description:
    'Gives payoff at expiry, break-evens, largest gain and loss, greeks, probability of profit and a margin note for any legs of options and stock. Use it for spreads, straddles, condors, collars and covered calls. Use price_option for one option and hedge_book to neutralise a book.',
  input,
  output: z.object({
    structure: z.string().describe('The legs in words'),
    netPremium: units.price('received (above 0) or paid (below 0) for one unit'),
    premiumSource: z.enum(['given', 'leg prices', 'model']).describe('Where the premium came from'),
    contracts: units.count('strategies'),
    multiplier: units.quantity('shares in one contract'),
    maxGainPerUnit: units.price('largest gain for one unit').nullable(),
    maxLossPerUnit: units.price('largest loss for one unit, as a number above 0').nullable(),
    maxGain: units.money('largest gain of the whole position').nullable(),
    maxLoss: units.money('largest loss of the whole position, as a number above 0').nullable(),
    unlimited: z.string().nullable().describe('Why a gain or loss has no limit; null when both have one'),
    breakEvens: z.array(units.price('underlying at expiry where the strategy makes nothing')),
    rewardToRisk: units.ratio('largest gain over largest loss').nullable(),
    probabilityOfProfit: units.probability('risk-neutral probability to make money at expiry').nullable(),
    delta: units.quantity('delta of the whole position in shares').nullable(),
    gamma: units.coefficient('gamma of the whole position').nullable(),
    vegaPerPoint: units.money('vega of the whole position for one vol point').nullable(),
    thetaPerDay: units.money('theta of the whole position for one calendar day').nullable(),
    modelValue: units.money('value of the position at the given volatility').nullable(),
    missing: z.string().nullable().describe('Why greeks and odds are null; null when they are given'),
    marginNote: z.string().describe('What a broker is likely to hold'),
    payoff: z.array(
      z.object({
        underlying: units.price('underlying at expiry'),
        profit: units.money('profit of the whole position'),
      }),
    ),
  }),
  run(request, _data, context) {
    if (request.volatility !== undefined) requireFractionVolatility(request.volatility, 'volatility');
    const legs = request.legs.map(toLeg);
    const market = marketOf(request);
    const { premium, source } = premiumOf(request, legs, market, context.warn);
    const payoff = analyzePayoff(legs, premium);
    const size = request.contracts * request.multiplier;
    const greeks = market === null ? null : positionGreeks(legs, market, size);
    const unlimited =
      payoff.maxGain === null
        ? 'The gain grows without limit as the underlying rises.'
        : payoff.maxLoss === null
          ? 'The loss grows without limit as the underlying rises.'
          : null;
    return {
      structure: request.legs
        .map((leg) => `${leg.side} ${leg.ratio} ${leg.kind}${leg.strike === undefined ? '' : ` ${leg.strike}`}`)
        .join(', '),
      netPremium: premium,
      premiumSource: source,
      contracts: request.contracts,
      multiplier: request.multiplier,
      maxGainPerUnit: payoff.maxGain,
      maxLossPerUnit: payoff.maxLoss,
      maxGain: payoff.maxGain === null ? null : payoff.maxGain * size,
      maxLoss: payoff.maxLoss === null ? null : payoff.maxLoss * size,
      unlimited,
      breakEvens: [...payoff.breakEvens],
      rewardToRisk:
        payoff.maxGain === null || payoff.maxLoss === null || payoff.maxLoss === 0
          ? null
          : payoff.maxGain / payoff.maxLoss,
      probabilityOfProfit: market === null ? null : profitProbability(payoff.breakEvens, payoff.profitAt, market),
      delta: greeks?.delta ?? null,
      gamma: greeks?.gamma ?? null,
      vegaPerPoint: greeks?.vegaPerPoint ?? null,
      thetaPerDay: greeks?.thetaPerDay ?? null,
      modelValue: greeks?.value ?? null,
      missing: market === null ? 'Greeks and odds need spot, volatility and years.' : null,
      marginNote: marginNote(payoff.maxLoss, premium, size),
      payoff: gridOf(legs, request.spot, payoff.breakEvens).map((underlying) => ({
        underlying,
        profit: payoff.profitAt(underlying) * size,
      })),
    };
  },
  summarise: (output, cite) => [
    `${output.structure}: ${output.netPremium >= 0 ? 'credit' : 'debit'} ${cite('netPremium')} a unit (${output.premiumSource}), ${cite('contracts')} lots of ${cite('multiplier')}.`,
    output.maxLoss === null
      ? 'Largest loss: unlimited.'
      : `Largest loss ${cite('maxLoss')} (${cite('maxLossPerUnit')} a unit).`,
    output.maxGain === null
      ? 'Largest gain: unlimited.'
      : `Largest gain ${cite('maxGain')} (${cite('maxGainPerUnit')} a unit).`,
    output.breakEvens.length === 0
      ? 'No break-even.'
      : `Break-even at ${output.breakEvens.map((_, i) => cite(`breakEvens[${i}]`)).join(' and ')}.`,
    ...(output.probabilityOfProfit === null
      ? [output.missing ?? '']
      : [`Risk-neutral probability of profit ${cite('probabilityOfProfit')}.`]),
    ...(output.delta === null
      ? []
      : [`Delta ${cite('delta')}, vega ${cite('vegaPerPoint')} a point, theta ${cite('thetaPerDay')} a day.`]),
    output.marginNote,
  ],
  chart: (output) => ({
    kind: 'xy',
    title: 'Profit at expiry',
    subtitle: output.structure,
    x: { label: 'underlying at expiry', numbers: output.payoff.map((row) => row.underlying), unit: 'price' },
    y: { label: 'profit', unit: 'money' },
    series: [{ name: 'profit', values: output.payoff.map((row) => row.profit), style: 'line', tone: 'accent' }],
    marks: output.breakEvens.map((x) => ({ x, y: 0, label: 'break-even', tone: 'neutral' as const })),
    lines: [{ y: 0 }],
  }),
  examples: [
    {
      ask: 'Condor 95/100/110/115 for 1.85, 3 lots. Max loss, break-even?',
      input: {
        legs: [
          { kind: 'put', side: 'long', strike: 95 },
          { kind: 'put', side: 'short', strike: 100 },
          { kind: 'call', side: 'short', strike: 110 },
          { kind: 'call', side: 'long', strike: 115 },
        ],
        netPremium: 1.85,
        contracts: 3,
      },
      fixture: 'none',
      expect: {
        values: { maxLoss: 945, maxGain: 555, 'breakEvens[0]': 98.15, 'breakEvens[1]': 111.85 },
        tolerance: 1e-9,
      },
    },
    {
      ask: 'Covered call: stock bought at 100, sold the 110 call at 2',
      input: {
        legs: [
          { kind: 'stock', side: 'long', price: 100 },
          { kind: 'call', side: 'short', strike: 110, price: 2 },
        ],
      },
      fixture: 'none',
      expect: { values: { maxGainPerUnit: 12, maxLossPerUnit: 98, 'breakEvens[0]': 98 }, tolerance: 1e-9 },
    },
    {
      ask: 'A call leg without a strike',
      input: { legs: [{ kind: 'call', side: 'long', price: 2 }] },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'All options expire together and are held to expiry; the underlying cannot fall below zero; fees are not included.',
    'Odds are risk-neutral lognormal at the given volatility, not a forecast.',
  ],
  references: ['McMillan (2012), Options as a Strategic Investment', 'Black & Scholes (1973)'],
  cost: 'instant',
});

type Request = z.output<typeof input>;

interface Market {
  readonly spot: number;
  readonly volatility: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
}

function toLeg(leg: Request['legs'][number], i: number): PayoffLeg & { readonly price: number | undefined } {
  if (leg.kind !== 'stock' && leg.strike === undefined) {
    throw invalidInput({
      what: `Leg ${i + 1}, a ${leg.kind},`,
      needed: 'given with a strike',
      got: 'without one',
      hint: 'Add strike to the leg.',
    });
  }
  return {
    kind: leg.kind,
    quantity: (leg.side === 'long' ? 1 : -1) * leg.ratio,
    strike: leg.strike ?? 0,
    price: leg.price,
  };
}

function marketOf(request: Request): Market | null {
  const { spot, volatility, years, rate, dividendYield } = request;
  return spot === undefined || volatility === undefined || years === undefined
    ? null
    : { spot, volatility, years, rate, dividendYield };
}

function legValue(leg: PayoffLeg, market: Market): number {
  return leg.kind === 'stock' ? market.spot : blackScholes({ right: leg.kind, strike: leg.strike, ...market }).price;
}

/** Credit above zero: given, from the legs' prices, or from the model where a price is missing. */
function premiumOf(
  request: Request,
  legs: readonly (PayoffLeg & { readonly price: number | undefined })[],
  market: Market | null,
  warn: (code: string, message: string) => void,
): { readonly premium: number; readonly source: 'given' | 'leg prices' | 'model' } {
  if (request.netPremium !== undefined) return { premium: request.netPremium, source: 'given' };
  if (legs.every((leg) => leg.price !== undefined)) {
    return { premium: -legs.reduce((sum, leg) => sum + leg.quantity * (leg.price ?? 0), 0), source: 'leg prices' };
  }
  if (market === null) {
    throw invalidInput({
      what: 'The premium',
      needed: 'given as netPremium, as a price for every leg, or computable from spot, volatility and years',
      got: 'none of them',
      hint: 'Give netPremium (1.85 for a credit, -2.40 for a debit).',
    });
  }
  warn('MODEL_PREMIUM', 'Legs without a price are valued by Black–Scholes at the given volatility.');
  return {
    premium: -legs.reduce((sum, leg) => sum + leg.quantity * (leg.price ?? legValue(leg, market)), 0),
    source: 'model',
  };
}

function positionGreeks(legs: readonly PayoffLeg[], market: Market, size: number) {
  let [value, delta, gamma, vega, theta] = [0, 0, 0, 0, 0];
  for (const leg of legs) {
    if (leg.kind === 'stock') {
      value += leg.quantity * market.spot;
      delta += leg.quantity;
      continue;
    }
    const greeks = blackScholes({ right: leg.kind, strike: leg.strike, ...market });
    value += leg.quantity * greeks.price;
    delta += leg.quantity * greeks.delta;
    gamma += leg.quantity * greeks.gamma;
    vega += leg.quantity * greeks.vega;
    theta += leg.quantity * greeks.theta;
  }
  return {
    value: value * size,
    delta: delta * size,
    gamma: gamma * size,
    vegaPerPoint: (vega * size) / 100,
    thetaPerDay: (theta * size) / DAYS_PER_YEAR,
  };
}

function profitProbability(breakEvens: readonly number[], profitAt: (x: number) => number, market: Market): number {
  const deviation = market.volatility * Math.sqrt(market.years);
  const forward = market.spot * Math.exp((market.rate - market.dividendYield) * market.years);
  const below = (x: number) => (x <= 0 ? 0 : normalCdf(Math.log(x / forward) / deviation + 0.5 * deviation));
  const edges = [0, ...breakEvens];
  return edges.reduce((sum, from, i) => {
    const to = edges[i + 1];
    const middle = to === undefined ? from * 1.5 + 1 : 0.5 * (from + to);
    return profitAt(middle) > 0 ? sum + (to === undefined ? 1 : below(to)) - below(from) : sum;
  }, 0);
}

function marginNote(maxLoss: number | null, premium: number, size: number): string {
  if (maxLoss === null)
    return 'Uncovered short calls: a broker holds a share of the underlying’s value and asks for more as it rises; the loss has no limit.';
  if (premium < 0 && Math.abs(maxLoss + premium) < 1e-9)
    return 'The debit is paid in full and is all that can be lost: no further margin.';
  return `A broker usually holds the largest loss, ${Math.round(maxLoss * size * 100) / 100}, for a position of limited risk (US rules for spreads; portfolio margin may ask less).`;
}

function gridOf(
  legs: readonly PayoffLeg[],
  spot: number | undefined,
  breakEvens: readonly number[],
): readonly number[] {
  const marks = [
    ...legs.filter((leg) => leg.kind !== 'stock').map((leg) => leg.strike),
    ...breakEvens,
    ...(spot === undefined ? [] : [spot]),
  ];
  if (marks.length === 0) marks.push(100);
  const low = Math.min(...marks) * 0.85;
  const high = Math.max(...marks) * 1.15;
  const even = Array.from({ length: 41 }, (_, i) => low + ((high - low) * i) / 40);
  return [...new Set([...even, ...marks])].sort((a, b) => a - b);
}
