/** Input and output of check_rebalance. The report's own keys are snake_case, as people already read them elsewhere. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { holdingsShape, languageField } from './holdings/holdings-input.ts';
import { proposalSchema } from './proposal-schema.ts';

const weights = (description: string) =>
  z.record(z.string().min(1).max(60), units.fraction('weight').min(0).max(1.000001)).describe(description);

export const checkRebalanceInput = z.strictObject({
  ...holdingsShape,
  currentAllocation: weights('Present weights by class, such as stocks bonds cash; instead of positions').optional(),
  sectorWeights: weights('Present weights by sector, where positions are not given').optional(),
  targetAllocation: weights(
    'Wanted weights by class (stocks, bonds, cash) or by symbol; leave out to take the target of the market regime',
  ).optional(),
  regime: z.enum(['RISK_ON', 'TRANSITION', 'RISK_OFF']).optional().describe('Market regime, where it is known already'),
  vix: units.volPoints('VIX level, sets the regime where none is given').positive().optional(),
  yieldCurveSlope: units.percentagePoints('10-year minus 2-year yield').optional(),
  fedStance: z.enum(['easing', 'neutral', 'tightening']).optional().describe('Stance of the central bank'),
  gdpGrowth: units.rate('real GDP growth a year').optional(),
  unemployment: units.fraction('unemployment rate').optional(),
  inflation: units.rate('CPI inflation a year').optional(),
  band: units
    .fraction('a class further than this from its target is rebalanced; the constitution says 0.05')
    .positive()
    .max(1)
    .optional(),
  urgentBand: units.fraction('further than this it is urgent; the constitution says 0.10').positive().max(1).optional(),
  bandReading: z
    .enum(['absolute', 'relative'])
    .default('absolute')
    .describe('absolute: points of the portfolio; relative: share of the target. Both readings are always shown'),
  minimumTrade: units
    .money('trades of this amount or less are not made; the constitution says 1,000')
    .min(0)
    .optional(),
  wholeShares: z.boolean().default(true).describe('Trade whole shares only, where prices are known'),
  cashFlow: units.money('money to be added (positive) or taken out (negative) first').default(0),
  costBps: units.bps('commission and half spread on what is traded').min(0).max(1000).default(5),
  shortTermRate: units.rate('tax on gains held up to a year').min(0).max(1).default(0),
  longTermRate: units.rate('tax on gains held more than a year').min(0).max(1).default(0),
  lotMethod: z.enum(['fifo', 'lifo', 'hifo', 'min-tax']).default('min-tax').describe('Which lots are sold first'),
  riskAversion: units.ratio('weight of tracking risk against cost').positive().max(20).default(3),
  horizonYears: units.years('how long the target is expected to hold').positive().max(10).default(1),
  maximumStep: units.fraction('larger moves are spread over several dates').positive().max(1).default(0.1),
  stepDays: units.days('days between the dates').int().min(1).max(90).default(7),
  drawdown: units.fraction('present fall from the peak, positive').min(0).max(1).optional(),
  language: languageField,
  asOf: isoDate('nothing after this day is used').optional(),
});

const nullable = <T extends z.ZodType>(schema: T) => schema.nullable();
const allocation = z.record(z.string(), units.fraction('weight'));

const shareTrade = z.object({
  symbol: z.string(),
  action: z.enum(['BUY', 'SELL']),
  shares: nullable(units.quantity('whole shares; null where no price is known')),
  amount: units.money('value of the trade'),
  price: nullable(units.price('price used')),
  weightAfter: units.fraction('weight after the trade'),
});

export const checkRebalanceOutput = z.object({
  agent: z.literal('portfolio_manager'),
  recommendation: z.enum(['REBALANCE', 'URGENT_REBALANCE', 'SECTOR_REBALANCE', 'HOLD']),
  confidence: nullable(units.probability('confidence in the regime; null where the target was given')),
  reasoning: z.string(),
  current_allocation: z.record(
    z.string(),
    units.fraction('weight; total_value_usd is money in the portfolio currency'),
  ),
  target_allocation: allocation,
  deviation: z.record(z.string(), units.fraction('current minus target; max_deviation is the largest, without sign')),
  rebalancing_trades: z.array(
    z.object({
      action: z.enum(['BUY', 'SELL', 'INCREASE', 'REDUCE']),
      asset_class: z.string(),
      amount_usd: units.money('amount in the portfolio currency'),
      from_pct: units.fraction('weight before'),
      to_pct: units.fraction('weight after'),
      reason: z.string(),
    }),
  ),
  risk_analysis: z.object({
    portfolio_beta: nullable(units.ratio('beta to the index')),
    sharpe_ratio: nullable(units.ratio('annualised, over cash at 3%')),
    max_drawdown: nullable(units.fraction('deepest fall at the present weights, negative')),
    expected_volatility: nullable(units.annualVol('at the present weights')),
    observations: units.count('returns used'),
    reason: nullable(z.string().describe('why a number is missing')),
  }),
  sector_breakdown: allocation,
  next_review_date: z.string(),
  currency: z.string(),
  regime: nullable(z.enum(['RISK_ON', 'TRANSITION', 'RISK_OFF'])),
  totalValue: units.money('value of the portfolio, cash flow included'),
  bands: z.object({
    band: units.fraction('band'),
    urgentBand: units.fraction('urgent band'),
    reading: z.enum(['absolute', 'relative']),
    absoluteTriggers: z.boolean().describe('more than the band in points of the portfolio'),
    relativeTriggers: z.boolean().describe('more than the band as a share of the target'),
    largestRelative: nullable(units.fraction('largest deviation as a share of its target; null where a target is 0')),
    readingsDiffer: z.boolean(),
  }),
  tradesToTarget: z.array(
    z.object({
      action: z.enum(['BUY', 'SELL', 'INCREASE', 'REDUCE', 'HOLD']),
      assetClass: z.string(),
      amount: units.money('what would bring the class exactly to target, whatever is recommended'),
      deviation: units.fraction('current minus target'),
    }),
  ),
  shareTrades: z.array(shareTrade).describe('What is recommended, by holding'),
  shareTradesToTarget: z.array(shareTrade).describe('What would come closest to the target, whatever is recommended'),
  leftoverCash: nullable(units.money('cash after the trades')),
  lotSales: z.array(
    z.object({
      symbol: z.string(),
      acquired: z.string(),
      quantity: units.quantity('shares sold from the lot'),
      gain: units.money('realised gain'),
      tax: units.money('tax, lot by lot'),
      longTerm: z.boolean(),
    }),
  ),
  washSaleWarnings: z.array(z.string()),
  costs: z.object({
    trading: units.money('commission and spread'),
    tax: units.money('estimated tax, short and long gains netted'),
    total: units.money('both'),
    ofValue: units.fraction('of the portfolio'),
    benefit: units.money('worth of the tracking risk that is removed, over the horizon'),
    trackingVolatility: units.annualVol('of the present allocation against the target'),
    worthIt: z.boolean(),
  }),
  schedule: z.array(
    z.object({ date: z.string(), amounts: z.record(z.string(), units.money('amount on that date, sales negative')) }),
  ),
  constitution: z.array(
    z.object({
      article: units.count('number of the article'),
      title: z.string(),
      subject: z.string(),
      value: nullable(units.fraction('measured on the whole portfolio after the trades')),
      limit: units.fraction('limit'),
      status: z.enum(['pass', 'adjusted', 'refused', 'not-checked']),
    }),
  ),
  marks: z.array(
    z.object({
      assetClass: z.string(),
      current: units.fraction('weight'),
      target: units.fraction('target'),
      mark: z.enum(['✓', '⚠️']),
    }),
  ),
  whatWouldChange: z.array(z.string()),
  proposal: proposalSchema.optional().describe('Waits for a person; only for a stored portfolio'),
});

export type CheckRebalanceInput = z.output<typeof checkRebalanceInput>;
export type CheckRebalanceOutput = z.input<typeof checkRebalanceOutput>;
