/** What goes into and comes out of `estimate_volatility`. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { rangeEstimators } from '../kernels/volatility/range-volatility.ts';
import { priceWindow } from '../regimes/price-window.ts';

export const volatilityModels = [...rangeEstimators, 'ewma', 'har', 'arch', 'garch', 'gjr', 'egarch'] as const;
export type VolatilityModel = (typeof volatilityModels)[number];

export const estimateVolatilityInput = z.strictObject({
  ...priceWindow,
  model: z
    .enum(volatilityModels)
    .default('garch')
    .describe('Which estimate leads: a rolling estimator, ewma, har, or a model of the GARCH family'),
  distribution: z.enum(['normal', 't', 'skewt']).default('t').describe('Errors of a GARCH model'),
  window: units.count('rows of the rolling estimators').min(5).max(504).default(21),
  lambda: units.ratio('decay of ewma').min(0.5).max(0.999).default(0.94),
  horizonDays: units.count('periods of the forecast').min(1).max(504).default(63),
  seed: units.count('seed of the simulated egarch forecast').min(0).default(42),
});

export const estimateVolatilityOutput = z.object({
  symbol: z.string(),
  name: z.string(),
  synthetic: z.boolean().describe('True for made-up demo data'),
  from: isoDate('first return'),
  to: isoDate('last return'),
  rows: units.count('returns used'),
  model: z.string().describe('The leading estimate'),
  volatilityAnnual: units.annualVol('by the leading model, on the last day'),
  volatilityDaily: units.dailyVol('the same for one period'),
  sampleVolatilityAnnual: units.annualVol('of the whole window, sample deviation of log returns'),
  estimates: z
    .array(
      z.object({
        model: z.string(),
        volatilityAnnual: units.annualVol('on the last day').nullable(),
        percentile: units.fraction('share of past values below it').nullable(),
        reason: z.string().nullable().describe('Why there is none'),
      }),
    )
    .describe('Every simple estimator beside the leading one'),
  fit: z
    .object({
      status: z.enum(['stationary', 'integrated', 'not-converged']),
      converged: z.boolean(),
      iterations: units.count('iterations of the optimiser'),
      residual: units.coefficient('largest gradient of the mean log-likelihood'),
      distribution: z.string(),
      logLikelihood: units.logLikelihood('of returns in percent'),
      aic: units.information('Akaike criterion'),
      bic: units.information('Bayes criterion'),
      parameters: z
        .array(
          z.object({
            name: z.string(),
            value: units.coefficient('of the model for returns in percent'),
            standardError: units.coefficient('classic').nullable(),
            robustStandardError: units.coefficient('Bollerslev–Wooldridge').nullable(),
          }),
        )
        .describe('With standard errors; null where the curvature gives none'),
      atBound: z.array(z.string()).describe('Parameters on a bound: their errors are not reliable'),
      persistence: units.ratio('share of a shock to the variance that is left after one period'),
      halfLifeDays: units.days('until half of a shock is gone').nullable(),
      unconditionalVolatilityAnnual: units.annualVol('long-run level that forecasts return to').nullable(),
      reason: z.string().nullable().describe('Why there is no half-life or long-run level'),
    })
    .nullable()
    .describe('Only for a model of the GARCH family'),
  har: z
    .object({
      coefficients: z
        .array(
          z.object({
            name: z.string(),
            value: units.coefficient('of daily volatility in percent'),
            standardError: units.coefficient('Newey–West, 22 lags'),
          }),
        )
        .describe('Constant, day, week, month'),
      rSquared: units.ratio('share of explained variation'),
    })
    .nullable()
    .describe('Only for har'),
  forecast: z
    .array(
      z.object({
        days: units.count('periods ahead'),
        volatilityAnnual: units.annualVol('forecast for that single period'),
        averageVolatilityAnnual: units.annualVol('root of the mean forecast variance until then'),
      }),
    )
    .describe('Term structure; flat for estimators without dynamics'),
  forecastNote: z.string(),
  newsImpact: z
    .array(
      z.object({
        shock: units.ratio("today's return in standard deviations"),
        volatilityAnnual: units.annualVol('of the next period'),
      }),
    )
    .describe('Empty for models without news'),
  cone: z
    .array(
      z.object({
        window: units.count('rows'),
        minimum: units.annualVol('least'),
        quantile10: units.annualVol('10% quantile'),
        median: units.annualVol('median'),
        quantile90: units.annualVol('90% quantile'),
        maximum: units.annualVol('greatest'),
        now: units.annualVol('last value'),
      }),
    )
    .describe('Volatility cone of the close-to-close estimator'),
  history: z
    .array(
      z.object({
        date: isoDate('day'),
        volatilityAnnual: units.annualVol('leading model').nullable(),
        realisedVolatilityAnnual: units.annualVol('rolling close-to-close').nullable(),
      }),
    )
    .describe('At most 260 evenly spaced days for charts'),
});
