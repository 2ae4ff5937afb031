/** The computation behind `estimate_volatility`. */
import type { z } from 'zod';
import { toIsoDate } from '../../lib/dates.ts';
import type { RunContext } from '../define-tool.ts';
import { quantileOfSorted, sorted } from '../kernels/stats/quantile.ts';
import { logReturns } from '../kernels/timeseries/returns.ts';
import { rollingVolatility } from '../kernels/timeseries/rolling.ts';
import { ewmaVariance } from '../kernels/volatility/ewma.ts';
import type { GarchFit } from '../kernels/volatility/fit-garch.ts';
import { garchStandardErrors } from '../kernels/volatility/garch-errors.ts';
import { rangeEstimators, rangeVolatility } from '../kernels/volatility/range-volatility.ts';
import type { PriceData } from '../regimes/price-data.ts';
import type { estimateVolatilityInput, estimateVolatilityOutput } from './estimate-volatility-schema.ts';
import { barsFor, type LeadingModel, leadingModel } from './leading-model.ts';

type Input = z.output<typeof estimateVolatilityInput>;
type Output = z.input<typeof estimateVolatilityOutput>;

const TERM_POINTS = [1, 2, 5, 10, 21, 42, 63, 126, 252, 504];
const HISTORY_POINTS = 260;

export function runEstimateVolatility(input: Input, data: PriceData, context: RunContext): Output {
  const returns = logReturns(data.price);
  const times = data.times.subarray(1);
  const periods = data.periodsPerYear;
  const annual = (variance: number): number => Math.sqrt(Math.max(0, variance) * periods);
  const lead = leadingModel(data, returns, input, context.rng);
  warnAboutModel(lead, context);
  // A model of the next period answers "how volatile is it now" by its forecast; a rolling one by its last value.
  const now = lead.forecast[0] as number;
  const realised = rollingVolatility(returns, Math.min(input.window, returns.length), periods);
  return {
    symbol: data.symbol,
    name: data.name,
    synthetic: data.synthetic,
    from: toIsoDate(times[0] as number),
    to: toIsoDate(times[times.length - 1] as number),
    rows: returns.length,
    model: input.model,
    volatilityAnnual: annual(now),
    volatilityDaily: Math.sqrt(now),
    sampleVolatilityAnnual: rollingVolatility(returns, returns.length, periods)[returns.length - 1] as number,
    estimates: simpleEstimates(input, data, returns, periods),
    fit: lead.garch === null ? null : describeFit(lead.garch, returns, periods),
    har: describeHar(lead),
    forecast: termStructure(lead.forecast, annual),
    forecastNote: lead.note,
    newsImpact: lead.newsImpact.map(({ shock, variance }) => ({ shock, volatilityAnnual: annual(variance) })),
    cone: cone(returns, periods),
    history: history(times, lead, realised, annual),
  };
}

function warnAboutModel({ garch }: LeadingModel, context: RunContext): void {
  if (garch === null) return;
  if (garch.status === 'not-converged') {
    context.warn(
      'NOT_CONVERGED',
      `The fit stopped after ${garch.iterations} iterations without converging: do not rely on it.`,
    );
  }
  if (garch.status === 'integrated') {
    context.warn(
      'INTEGRATED_VARIANCE',
      'The persistence is at 1: shocks never die out in this sample, and there is no long-run volatility. A break in the level often causes it.',
    );
  }
  if (garch.atBound.length > 0) {
    context.warn(
      'PARAMETER_AT_BOUND',
      `On a bound: ${garch.atBound.join(', ')}. Their standard errors are not reliable.`,
    );
  }
}

function simpleEstimates(input: Input, data: PriceData, returns: Float64Array, periods: number): Output['estimates'] {
  const out: Output['estimates'] = [];
  for (const estimator of rangeEstimators) {
    const needsBars = estimator !== 'closeToClose' && estimator !== 'zeroMean';
    if (needsBars && (data.open === null || data.high === null || data.low === null)) {
      out.push({ model: estimator, volatilityAnnual: null, percentile: null, reason: 'there are closes only' });
      continue;
    }
    const path = rangeVolatility(barsFor(data, estimator), estimator, input.window, periods);
    out.push({ model: estimator, ...lastAndPercentile(path) });
  }
  const { variances, next } = ewmaVariance(returns, input.lambda, 'sample');
  const path = Float64Array.of(...variances.subarray(1), next).map((v) => Math.sqrt(v * periods));
  out.push({ model: 'ewma', ...lastAndPercentile(path) });
  return out;
}

function lastAndPercentile(path: Float64Array): {
  volatilityAnnual: number | null;
  percentile: number | null;
  reason: string | null;
} {
  const last = path[path.length - 1] as number;
  if (!Number.isFinite(last))
    return { volatilityAnnual: null, percentile: null, reason: 'the window is not full, or a bar in it is incomplete' };
  const values = path.filter((v) => Number.isFinite(v));
  return { volatilityAnnual: last, percentile: values.filter((v) => v < last).length / values.length, reason: null };
}

function describeFit(fit: GarchFit, returns: Float64Array, periods: number): NonNullable<Output['fit']> {
  const errors = garchStandardErrors(
    returns.map((r) => 100 * r),
    fit,
  );
  const finite = (v: number | undefined): number | null => (v !== undefined && Number.isFinite(v) ? v : null);
  const egarch = fit.spec.kind === 'egarch';
  return {
    status: fit.status,
    converged: fit.converged,
    iterations: fit.iterations,
    residual: fit.residual,
    distribution: fit.spec.distribution,
    logLikelihood: fit.logLikelihood,
    aic: fit.aic,
    bic: fit.bic,
    parameters: fit.names.map((name, i) => ({
      name,
      value: fit.parameters[i] as number,
      standardError: finite(errors.classic[i]),
      robustStandardError: finite(errors.robust[i]),
    })),
    atBound: [...fit.atBound],
    persistence: fit.persistence,
    halfLifeDays: fit.halfLife,
    unconditionalVolatilityAnnual:
      fit.unconditionalVariance === null ? null : Math.sqrt((fit.unconditionalVariance / 1e4) * periods),
    reason:
      fit.status === 'integrated'
        ? 'the persistence is 1'
        : egarch
          ? 'the long-run level of an egarch has no closed form'
          : null,
  };
}

function describeHar({ har }: LeadingModel): Output['har'] {
  if (har === null) return null;
  const names = ['constant', 'day', 'week', 'month'];
  return {
    coefficients: names.map((name, i) => ({
      name,
      value: har.coefficients[i] as number,
      standardError: har.neweyWestErrors[i] as number,
    })),
    rSquared: har.ols.rSquared,
  };
}

function termStructure(forecast: Float64Array, annual: (variance: number) => number): Output['forecast'] {
  const points = TERM_POINTS.filter((d) => d < forecast.length);
  points.push(forecast.length);
  return points.map((days) => {
    const mean = forecast.subarray(0, days).reduce((a, b) => a + b, 0) / days;
    return { days, volatilityAnnual: annual(forecast[days - 1] as number), averageVolatilityAnnual: annual(mean) };
  });
}

function cone(returns: Float64Array, periods: number): Output['cone'] {
  return [10, 21, 63, 126]
    .filter((window) => returns.length >= 2 * window)
    .map((window) => {
      const path = rollingVolatility(returns, window, periods).filter((v) => Number.isFinite(v));
      const order = sorted(path);
      const at = (p: number): number => quantileOfSorted(order, p);
      return {
        window,
        minimum: at(0),
        quantile10: at(0.1),
        median: at(0.5),
        quantile90: at(0.9),
        maximum: at(1),
        now: path[path.length - 1] as number,
      };
    });
}

function history(
  times: Float64Array,
  lead: LeadingModel,
  realised: Float64Array,
  annual: (variance: number) => number,
): Output['history'] {
  const n = times.length;
  const points = Math.min(HISTORY_POINTS, n);
  const orNull = (v: number): number | null => (Number.isFinite(v) ? v : null);
  return Array.from({ length: points }, (_, i) => {
    const t = points === 1 ? n - 1 : Math.round((i * (n - 1)) / (points - 1));
    const variance = lead.variances[t] as number;
    return {
      date: toIsoDate(times[t] as number),
      volatilityAnnual: Number.isFinite(variance) ? annual(variance) : null,
      realisedVolatilityAnnual: orNull(realised[t] as number),
    };
  });
}
