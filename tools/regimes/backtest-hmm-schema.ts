/** What goes into and comes out of `backtest_hmm`. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { featureNames } from './feature-matrix.ts';
import { priceWindow } from './price-window.ts';

const crisis = z.strictObject({
  name: z.string().min(1).max(40).describe('What it is called'),
  date: isoDate('day it began'),
});

export const backtestHmmInput = z.strictObject({
  ...priceWindow,
  returns: z.enum(['log', 'simple']).default('log').describe('Kind of return that the model sees'),
  features: z.array(z.enum(featureNames)).min(1).max(4).default(['returns']).describe('What the model observes'),
  window: units.count('rows of rolling features').min(5).max(252).default(21),
  states: units.count('hidden states').min(2).max(5).default(3),
  covarianceType: z.enum(['full', 'diag', 'spherical']).default('full').describe('Covariance of the features'),
  minimumRows: units.count('rows of the first fit').min(120).max(5000).default(756),
  refitEvery: units.count('rows between refits').min(1).max(252).default(21),
  rollingRows: units.count('rows of a rolling fit; left out: all of the past').min(120).max(5000).optional(),
  rule: z
    .enum(['long-flat', 'long-short'])
    .default('long-flat')
    .describe(
      'What bear means: out of the market, or short. Neutral is invested under long-flat and flat under long-short',
    ),
  threshold: units
    .probability('filtered probability that bear (and under long-short bull) needs')
    .min(0.34)
    .max(0.99)
    .default(0.5),
  costBps: units.bps('cost of trading, of traded value').min(0).max(200).default(5),
  vixSymbol: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe('VIX series of the comparison; default VIX, or DEMO:VIX for a demo symbol'),
  crises: z
    .array(crisis)
    .max(12)
    .default([
      { name: 'Lehman', date: '2008-09-15' },
      { name: 'euro debt', date: '2011-08-01' },
      { name: 'China devaluation', date: '2015-08-18' },
      { name: 'covid', date: '2020-02-20' },
    ])
    .describe('Days from which the lag of each rule is counted'),
  seed: units.count('seed of the random starts').min(0).default(42),
});

const performance = z.object({
  totalReturn: units.fraction('over the test period, after costs'),
  annualReturn: units.annualReturn('compound').nullable(),
  annualVolatility: units.annualVol('of daily returns'),
  sharpe: units.ratio('annual, riskless rate zero').nullable(),
  maxDrawdown: units.fraction('greatest fall from a peak, negative'),
  timeInMarket: units.fraction('share of days with a position'),
  trades: units.count('orders filled'),
  turnoverAnnual: units.ratio('traded value over equity a year'),
  costs: units.fraction('of starting capital'),
});

export const backtestHmmOutput = z.object({
  symbol: z.string(),
  name: z.string(),
  synthetic: z.boolean().describe('True for made-up demo data'),
  from: isoDate('first day of the test'),
  to: isoDate('last day'),
  rows: units.count('days of the test'),
  refits: units.count('fits on past data'),
  relabelled: units.count('refits after which the order of the means changed'),
  notConverged: units.count('refits that ran out of iterations'),
  hmm: performance,
  buyAndHold: performance,
  vixRule: performance.nullable().describe('Out of the market while VIX is above 20'),
  vixReason: z.string().nullable().describe('Why there is no VIX rule'),
  verdict: z.string(),
  crises: z.array(
    z.object({
      name: z.string(),
      date: isoDate('begin'),
      hmmLagDays: units.days('sessions until the model left the market; 0 where it was out already').nullable(),
      vixLagDays: units.days('sessions until the VIX rule left the market').nullable(),
      faster: z.enum(['hmm', 'vix', 'equal']).nullable(),
      marketReturnUntilHmmOut: units.fraction('of the market until the model was out').nullable(),
      reason: z.string().nullable().describe('Why a lag is missing'),
    }),
  ),
  current: z.object({
    date: isoDate('last day'),
    label: z.string(),
    probability: units.probability('filtered'),
    action: z.enum(['long', 'short', 'flat']),
  }),
  history: z.array(
    z.object({
      date: isoDate('day'),
      hmm: units.ratio('equity, start 1'),
      buyAndHold: units.ratio('equity, start 1'),
      vixRule: units.ratio('equity, start 1').nullable(),
      position: units.ratio('of equity in the market'),
      bearProbability: units.probability('filtered'),
    }),
  ),
});
