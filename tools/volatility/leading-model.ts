/** One volatility model on one price series: its path, its fit, its forecast. */

import { invalidInput } from '../../lib/errors.ts';
import type { Rng } from '../../lib/rng.ts';
import { rollingMean } from '../kernels/timeseries/rolling.ts';
import { ewmaVariance } from '../kernels/volatility/ewma.ts';
import { fitGarch, type GarchFit } from '../kernels/volatility/fit-garch.ts';
import { forecastVariance, nextVariance } from '../kernels/volatility/garch-forecast.ts';
import type { GarchSpec } from '../kernels/volatility/garch-likelihood.ts';
import { fitHar, type HarFit } from '../kernels/volatility/har.ts';
import {
  garmanKlassTerms,
  type OhlcBars,
  type RangeEstimator,
  rangeEstimators,
  rangeVolatility,
} from '../kernels/volatility/range-volatility.ts';
import type { PriceData } from '../regimes/price-data.ts';
import type { VolatilityModel } from './estimate-volatility-schema.ts';

export interface LeadingModel {
  /** Variance a period, decimal returns, one a return; NaN before it exists. */
  readonly variances: Float64Array;
  /** Variance of each period ahead. */
  readonly forecast: Float64Array;
  readonly note: string;
  readonly garch: GarchFit | null;
  readonly har: HarFit | null;
  readonly newsImpact: readonly { readonly shock: number; readonly variance: number }[];
}

export interface LeadingOptions {
  readonly model: VolatilityModel;
  readonly distribution: GarchSpec['distribution'];
  readonly window: number;
  readonly lambda: number;
  readonly horizonDays: number;
}

const none = { garch: null, har: null, newsImpact: [] };

export function leadingModel(data: PriceData, returns: Float64Array, options: LeadingOptions, rng: Rng): LeadingModel {
  const { model } = options;
  if (isRange(model)) return rollingModel(data, model, options);
  if (model === 'ewma') return ewmaModel(returns, options);
  if (model === 'har') return harModel(data, returns, options);
  return garchModel(returns, options, rng);
}

export function isRange(model: VolatilityModel): model is RangeEstimator {
  return (rangeEstimators as readonly string[]).includes(model);
}

/** Bars of a range estimator; close-only series serve the close estimators. */
export function barsFor(data: PriceData, estimator: RangeEstimator | 'har'): OhlcBars {
  const { open, high, low } = data;
  if (estimator === 'closeToClose' || estimator === 'zeroMean') {
    return { open: data.price, high: data.price, low: data.price, close: data.price };
  }
  if (open === null || high === null || low === null) {
    throw invalidInput({
      code: 'MISSING_BARS',
      what: `The estimator ${estimator}`,
      needed: 'used on open, high and low prices',
      got: `${data.symbol}, which has closes only`,
      hint: 'Use closeToClose, ewma, garch, gjr or egarch.',
    });
  }
  return { open, high, low, close: data.close };
}

function rollingModel(
  data: PriceData,
  estimator: RangeEstimator,
  { window, horizonDays }: LeadingOptions,
): LeadingModel {
  const path = rangeVolatility(barsFor(data, estimator), estimator, window, 1);
  const variances = path.subarray(1).map((v) => v * v);
  const last = variances[variances.length - 1] as number;
  const note = 'a rolling estimate has no dynamics: its forecast is its last value';
  return { ...none, variances, forecast: new Float64Array(horizonDays).fill(last), note };
}

function ewmaModel(returns: Float64Array, { lambda, horizonDays }: LeadingOptions): LeadingModel {
  const { variances, next } = ewmaVariance(returns, lambda, 'sample');
  const note = 'an exponentially weighted variance has no long-run level: its forecast is flat';
  return { ...none, variances, forecast: new Float64Array(horizonDays).fill(next), note };
}

/** HAR on daily range volatility, scaled so that its mean variance is that of close-to-close returns (nights included). */
function harModel(data: PriceData, returns: Float64Array, { horizonDays }: LeadingOptions): LeadingModel {
  const terms = garmanKlassTerms(barsFor(data, 'har')).subarray(1);
  const square = returns.reduce((sum, r) => sum + r * r, 0);
  const range = terms.reduce((sum, v) => sum + Math.max(v, 0), 0);
  const factor = square / range;
  const y = terms.map((v) => 100 * Math.sqrt(Math.max(v, 1e-10) * factor));
  const har = fitHar(y);
  const path = Array.from(y);
  const forecast = new Float64Array(horizonDays);
  for (let h = 0; h < horizonDays; h++) {
    const value = nextOfHar(har, path);
    path.push(value);
    forecast[h] = (value / 100) ** 2;
  }
  const fitted = new Float64Array(y.length).fill(Number.NaN);
  const week = rollingMean(y, 5);
  const month = rollingMean(y, 22);
  const [c, d, w, m] = [...har.coefficients] as [number, number, number, number];
  for (let t = 22; t < y.length; t++) {
    const value = c + d * (y[t - 1] as number) + w * (week[t - 1] as number) + m * (month[t - 1] as number);
    fitted[t] = (value / 100) ** 2;
  }
  const note =
    'HAR of daily Garman–Klass volatility, scaled to close-to-close variance and iterated; it forecasts volatility, so the variance is a little too low';
  return { ...none, variances: fitted, forecast, note, har };
}

function nextOfHar(har: HarFit, path: readonly number[]): number {
  const mean = (n: number): number => path.slice(-n).reduce((a, b) => a + b, 0) / n;
  const [c, d, w, m] = [...har.coefficients] as [number, number, number, number];
  return Math.max(1e-6, c + d * (path[path.length - 1] as number) + w * mean(5) + m * mean(22));
}

function garchModel(returns: Float64Array, options: LeadingOptions, rng: Rng): LeadingModel {
  const fit = fitGarch(
    returns.map((r) => 100 * r),
    {
      kind: options.model === 'egarch' ? 'egarch' : 'garch',
      asymmetric: options.model === 'gjr' || options.model === 'egarch',
      lagged: options.model !== 'arch',
      distribution: options.distribution,
    },
  );
  const scale = (variance: number): number => variance / 1e4;
  const typical = fit.unconditionalVariance ?? fit.variances.reduce((a, b) => a + b, 0) / fit.variances.length;
  const shocks = [-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3];
  const note =
    fit.status === 'integrated'
      ? 'the variance is integrated: the forecast does not return to a long-run level'
      : fit.spec.kind === 'egarch'
        ? 'simulated from the standardised residuals of the fit'
        : 'mean-reverting to the long-run level at the speed of the persistence';
  return {
    variances: fit.variances.map(scale),
    forecast: forecastVariance(fit, options.horizonDays, rng).map(scale),
    note,
    garch: fit,
    har: null,
    newsImpact: shocks.map((shock) => ({ shock, variance: scale(nextVariance(fit, shock, typical)) })),
  };
}
