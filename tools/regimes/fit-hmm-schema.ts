/** What goes into and comes out of `fit_hmm`. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { featureNames } from './feature-matrix.ts';

const init = z
  .strictObject({
    startProbabilities: z.array(units.probability('of starting in the state')).min(1).max(8).describe('One a state'),
    transitions: z
      .array(z.array(units.probability('of the move')).min(1).max(8).describe('From one state to each'))
      .min(1)
      .max(8)
      .describe('Rows: from; columns: to'),
    means: z
      .array(z.array(units.coefficient('mean of a feature, in its units')).min(1).max(6).describe('One a feature'))
      .min(1)
      .max(8)
      .describe('One row a state'),
    variances: z
      .array(
        z
          .array(units.coefficient('variance of a feature, in its units squared').positive())
          .min(1)
          .max(6)
          .describe('One a feature'),
      )
      .min(1)
      .max(8)
      .describe('One row a state'),
  })
  .describe('Start parameters; with restarts 0 EM runs from them alone');

export const fitHmmInput = z.strictObject({
  symbol: z.string().min(1).max(40).describe('Instrument, such as SPX'),
  start: isoDate('First day').optional(),
  end: isoDate('Last day').optional(),
  asOf: isoDate('Nothing after this day is used').optional(),
  field: z
    .enum(['adjClose', 'close'])
    .default('adjClose')
    .describe('Price; close is used where there is no adjusted close'),
  returns: z.enum(['log', 'simple']).default('log').describe('Kind of return'),
  features: z
    .array(z.enum(featureNames))
    .min(1)
    .max(4)
    .default(['returns'])
    .describe(
      'What is observed: returns, rolling realised volatility, log high/low range, log volume against its average',
    ),
  otherSymbols: z.array(z.string().min(1).max(40)).max(3).default([]).describe('Their returns are added as features'),
  window: units.count('rows of the rolling features').min(5).max(252).default(21),
  states: units.count('hidden states; with selection auto the largest number tried').min(1).max(8).default(3),
  selection: z
    .enum(['given', 'auto'])
    .default('given')
    .describe('auto: 1 to `states` states are fitted and the lowest BIC is taken; the whole curve is returned'),
  covarianceType: z
    .enum(['full', 'diag', 'spherical'])
    .default('full')
    .describe('Covariance of the features within a state'),
  mixtures: units
    .count('Gaussian components of each state; above 1 the states have fat tails and diagonal covariances')
    .min(1)
    .max(3)
    .default(1),
  restarts: units.count('random starts').min(0).max(100).default(10),
  init: init.optional(),
  tolerance: units.logLikelihood('stop when an iteration gains less; 0 runs all iterations').min(0).default(1e-4),
  maxIterations: units.count('EM iterations at most').min(1).max(5000).default(1000),
  horizonDays: units.count('periods ahead of the horizon forecast').min(1).max(252).default(21),
  signalThreshold: units
    .probability('filtered probability that a long or short signal needs')
    .min(0.5)
    .max(0.99)
    .default(0.6),
  stabilityRefits: units.count('refits on shortened samples that test whether labels hold').min(0).max(12).default(4),
  rows: units.count('last rows of the paths to return').min(1).max(20_000).default(10),
  periodsPerYear: units.count('observations a year; default from the calendar').min(1).max(400).optional(),
  seed: units.count('seed of the random starts').min(0).default(42),
});

const stateSchema = z.object({
  label: z.string().describe('Name by order of mean: bear, neutral, bull …'),
  filteredProbability: units.probability('that the market is in this state now, from data up to the last day only'),
  nextProbability: units.probability('of this state in the next period'),
  horizonProbability: units.probability('of this state at the horizon'),
  mean: units.fraction('mean of the first feature a period, a return where the first feature is returns'),
  meanStandardError: units.fraction('standard error of the mean').nullable(),
  meanAnnual: units.annualReturn('mean times periods a year').nullable(),
  volatility: units.dailyVol('standard deviation of the first feature a period'),
  volatilityAnnual: units.annualVol('volatility times the root of periods a year'),
  volatilityAnnualStandardError: units.annualVol('standard error of the annual volatility').nullable(),
  expectedDurationDays: units.days('mean length of a stay in periods, 1/(1 − stay probability)').nullable(),
  stayProbability: units.probability('of staying for one more period'),
  stayProbabilityStandardError: units.probability('standard error of the stay probability').nullable(),
  stationaryProbability: units.probability('long-run share of time'),
  shareOfDays: units.fraction('of the sample, by smoothed probabilities (uses the whole sample)'),
  featureMeans: z
    .array(units.coefficient('mean of each feature in its own units'))
    .describe('In the order of `features`'),
  components: z
    .array(
      z.object({
        weight: units.probability('of the component'),
        mean: units.coefficient('of the first feature'),
        volatility: units.coefficient('standard deviation of the first feature'),
      }),
    )
    .describe('Of a mixture; empty for plain Gaussian states'),
  covariance: z.array(z.array(units.coefficient('covariance of two features'))).describe('Features by features'),
});

const row = {
  date: isoDate('day'),
  probabilities: z.array(units.probability('of each state, in the order of `states`')),
};

export const fitHmmOutput = z.object({
  symbol: z.string(),
  name: z.string(),
  synthetic: z.boolean().describe('True for made-up demo data'),
  features: z.array(z.string()).describe('What the columns are'),
  rows: units.count('observations used'),
  from: isoDate('first observation'),
  to: isoDate('last observation'),
  current: z
    .object({
      date: isoDate('last day'),
      label: z.string().describe('State with the highest filtered probability'),
      probability: units.probability('of that state'),
      since: isoDate('since when it has been the likeliest by filtered probability'),
      days: units.count('periods since then'),
    })
    .describe('Where the market is, by filtered probabilities'),
  signal: z.object({
    action: z.enum(['long', 'short', 'flat']),
    probability: units.probability('filtered probability behind the signal'),
    threshold: units.probability('that was needed'),
    reason: z.string(),
  }),
  states: z.array(stateSchema).describe('Ascending by mean'),
  next: z
    .object({
      mean: units.fraction('expected value of the first feature in the next period'),
      volatility: units.dailyVol('its standard deviation'),
      probabilityOfLoss: units.probability('that it is below zero'),
      quantile05: units.fraction('5% quantile'),
      quantile95: units.fraction('95% quantile'),
    })
    .describe('Next period, a mixture over states'),
  horizon: z.object({
    days: units.count('periods ahead'),
    mean: units.fraction('expected sum of the first feature'),
    volatility: units.fraction('standard deviation of that sum'),
  }),
  logLikelihood: units.logLikelihood('of the data'),
  logLikelihoodPath: z.array(units.logLikelihood('before each iteration')),
  converged: z.boolean(),
  iterations: units.count('EM iterations of the best start'),
  residual: units.logLikelihood('gain of the last iteration'),
  parameters: units.count('free parameters'),
  aic: units.information('Akaike criterion'),
  bic: units.information('Bayes criterion'),
  selection: z
    .array(
      z.object({
        states: units.count('states'),
        logLikelihood: units.logLikelihood('of the data'),
        bic: units.information('Bayes criterion'),
        aic: units.information('Akaike criterion'),
        degenerate: z.boolean().describe('True where a state collapsed: not eligible'),
      }),
    )
    .describe('The curve over the number of states; one row where it was given'),
  startProbabilities: z.array(units.probability('of the first period')),
  transitions: z.array(z.array(units.probability('of the move'))).describe('Rows: from; columns: to'),
  filtered: z.array(z.object(row)).describe('Last rows, data up to each day only: the signal'),
  smoothed: z.array(z.object(row)).describe('Last rows, uses the future: never trade on it'),
  viterbi: z
    .array(z.object({ date: isoDate('day'), label: z.string() }))
    .describe('Last rows of the likeliest path, uses the future: never trade on it'),
  stability: z.object({
    refits: units.count('refits on shortened samples'),
    agreement: units.fraction('of shared days with the same label, by filtered probability').nullable(),
    swaps: units.count('refits in which the order of the means changed'),
    note: z.string(),
  }),
  starts: z.object({
    tried: units.count('starts'),
    degenerate: units.count('of them with a collapsed or dead state'),
    atBest: units.count('of them that reached the best log-likelihood within 0.1'),
  }),
  standardErrors: z.object({ method: z.string(), reason: z.string().nullable().describe('Why some are null') }),
  history: z
    .array(
      z.object({
        ...row,
        price: units.price('at the day'),
        label: z.string().describe('Likeliest state by filtered probability'),
      }),
    )
    .describe('At most 260 evenly spaced days for charts'),
});
