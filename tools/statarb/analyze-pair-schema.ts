/** What goes into and comes out of `analyze_pair`. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { costFields, symbolField, windowFields } from '../backtest/common-fields.ts';

export const analyzePairInput = z.strictObject({
  y: symbolField('Left leg, such as KO'),
  x: symbolField('Right leg, such as PEP'),
  hedge: z
    .enum(['ols', 'tls', 'kalman'])
    .default('ols')
    .describe('How the hedge ratio is estimated for the spread and its z'),
  scale: z.enum(['log', 'price']).default('log').describe('Levels: logs of prices, or prices'),
  zWindow: units.count('bars of the rolling z-score').min(10).max(2000).default(60),
  entry: units.ratio('|z| that opens a position').positive().max(20).default(2),
  exit: units.ratio('z at which it closes').min(-5).max(10).default(0.5),
  stop: units.ratio('|z| that stops a loss').positive().max(50).default(4),
  costBps: costFields.costBps,
  confidence: units.probability('of the half-life interval').min(0.5).max(0.999).default(0.95),
  ...windowFields,
});

const direction = z.object({
  statistic: units.statistic('residual ADF t').nullable(),
  pValue: units.probability('of no cointegration (MacKinnon)').nullable(),
  fivePercent: units.statistic('finite-sample critical value at 5%').nullable(),
  hedgeRatio: units.coefficient('of this regression, in units of the levels'),
  lag: units.count('lagged differences'),
});

export const analyzePairOutput = z.object({
  y: z.string().describe('Left leg'),
  x: z.string().describe('Right leg'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  from: z.string().describe('First bar'),
  to: z.string().describe('Last bar'),
  rows: units.count('shared bars'),
  scale: z.string().describe('log or price'),
  degenerate: z
    .enum(['constant-y', 'constant-x', 'identical', 'proportional', 'affine', 'leveraged-twin', 'mirror'])
    .nullable()
    .describe('What is wrong with the pair itself; null for an ordinary pair'),
  cointegration: z.object({
    yOnX: direction.nullable(),
    xOnY: direction.nullable(),
    agreement: z
      .enum(['both', 'y-on-x-only', 'x-on-y-only', 'neither', 'untested'])
      .describe('Which directions reject at 5%'),
    explanation: z.string().describe('Why directions can differ, and what follows here'),
    johansenTrace: units.statistic('trace for no relation').nullable(),
    johansenFivePercent: units.statistic('its critical value at 5%').nullable(),
    johansenRank: units.count('relations found by the trace test at 5%').nullable(),
    phillipsOuliarisP: units.probability('Zt, y on x').nullable(),
  }),
  hedge: z.object({
    method: z.string().describe('Method of the spread below'),
    ratio: units.coefficient('units of x (levels) per unit of y').nullable(),
    ols: units.coefficient('least squares, y on x').nullable(),
    tls: units.coefficient('total least squares').nullable(),
    kalman: units.coefficient('Kalman filter, last bar').nullable(),
    kalmanYearAgo: units.coefficient('Kalman filter, a year of bars earlier').nullable(),
  }),
  reversion: z.object({
    status: z.enum(['reverting', 'not-reverting', 'oscillating', 'not-estimated']).describe('Of the OLS spread'),
    halfLifeBars: units.ratio('bars until half of a gap closes').nullable(),
    halfLifeLower: units.ratio('bars, lower end of the interval').nullable(),
    halfLifeUpper: units.ratio('bars, upper end; null: beyond every horizon').nullable(),
    halfLifeCorrected: units.ratio('bars, after the small-sample correction; null: no reversion left').nullable(),
    stationaryDeviation: units.coefficient('standard deviation of the spread around its mean, in levels').nullable(),
    hurst: units.ratio('exponent by lagged deviations; below 0.5 reverting').nullable(),
  }),
  now: z.object({
    spread: units.coefficient('last spread, in levels').nullable(),
    z: units.ratio('rolling z of the last bar (uses only the past)').nullable(),
    zBandLow: units.ratio('5% quantile of the rolling z').nullable(),
    zBandHigh: units.ratio('95% quantile of the rolling z').nullable(),
    zFiveBarsAgo: units.ratio('rolling z five bars earlier').nullable(),
    state: z
      .enum(['flat', 'long-spread', 'short-spread', 'no-z'])
      .describe('Position of the z-score machine after the last bar: long the spread buys y and sells x'),
    sinceBars: units.count('bars in that state'),
    direction: z.enum(['widening', 'narrowing', 'steady', 'unknown']).describe('|z| against five bars ago'),
  }),
  breaks: z.object({
    gregoryHansen: units.statistic('residual ADF with one break in level and slope').nullable(),
    fivePercent: units.statistic('its critical value at 5%').nullable(),
    date: z.string().nullable().describe('Best break date'),
    hedgeBefore: units.coefficient('before it').nullable(),
    hedgeAfter: units.coefficient('after it').nullable(),
    olderHalfP: units.probability('Engle–Granger on the older half').nullable(),
    newerHalfP: units.probability('Engle–Granger on the newer half').nullable(),
    suspected: z.boolean().describe('True where the newer half no longer supports the relation'),
  }),
  costs: z.object({
    roundTrip: units.fraction('of the value of the y leg: both legs, in and out').nullable(),
    moveAtEntry: units.fraction('spread move from entry to exit z, as a fraction of the y leg (log scale)').nullable(),
    coversTimes: units.ratio('move ÷ round-trip cost').nullable(),
  }),
  verdict: z
    .enum(['tradable', 'not-cointegrated', 'mixed-evidence', 'broken', 'too-slow', 'too-expensive', 'degenerate'])
    .describe('The first objection that holds, or tradable'),
  reason: z.string().describe('The verdict in words'),
  zSeries: z
    .array(z.object({ date: z.string().describe('Bar'), z: units.ratio('rolling z').nullable() }))
    .describe('The last 250 bars'),
});
