import { expect } from 'vitest';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { findMinimum } from '../optimise-smooth/brent.ts';
import { quantile } from '../stats/quantile.ts';
import { goldenBars, goldenObservations } from '../testing/golden-series.ts';
import { logReturns } from '../timeseries/returns.ts';
import { rollingStandardDeviation } from '../timeseries/rolling.ts';
import { ewmaSampleVariance, ewmaVariance } from './ewma.ts';
import { createGarchLikelihood } from './garch-likelihood.ts';
import { fitHar } from './har.ts';
import { garmanKlassTerms, type RangeEstimator, rangeVolatility } from './range-volatility.ts';

function close(got: ArrayLike<number>, want: ArrayLike<number>, relative: number, what: string): void {
  expect(got.length, what).toBe(want.length);
  for (let i = 0; i < want.length; i++) {
    const w = want[i] as number;
    expect(Math.abs((got[i] as number) - w), `${what}[${i}] ${got[i]} vs ${w}`).toBeLessThanOrEqual(
      relative * Math.abs(w),
    );
  }
}

const estimators: Readonly<Record<string, RangeEstimator>> = {
  close_to_close_ddof1: 'closeToClose',
  close_to_close_zero_mean: 'zeroMean',
  parkinson: 'parkinson',
  garman_klass: 'garmanKlass',
  rogers_satchell: 'rogersSatchell',
  garman_klass_yang_zhang: 'garmanKlassYangZhang',
  yang_zhang: 'yangZhang',
};
const ttr: Readonly<Record<string, RangeEstimator>> = {
  parkinson: 'parkinson',
  'garman.klass': 'garmanKlass',
  'rogers.satchell': 'rogersSatchell',
  'gk.yz': 'garmanKlassYangZhang',
  'yang.zhang': 'yangZhang',
};

describeGolden('realised_vol', (golden) => {
  const { window, periods_per_year: periods } = golden.input.parameters;
  const bars = goldenBars(golden);
  for (const [name, estimator] of Object.entries(estimators)) {
    const want = golden.expect[name];
    const series = rangeVolatility(bars, estimator, window, periods);
    const full = series.filter((v) => Number.isFinite(v));
    close(series.slice(-5), want.last5, 1e-9, name);
    expect(
      series.findIndex((v) => Number.isFinite(v)),
      name,
    ).toBe(want.first_index);
    close([series[want.first_index] as number], [want.first_value], 1e-9, name);
    close([full.reduce((a, b) => a + b, 0) / full.length], [want.mean_over_all], 1e-9, name);
  }
  for (const [name, estimator] of Object.entries(ttr)) {
    close(rangeVolatility(bars, estimator, window, periods).slice(-5), golden.expect.ttr_last5[name], 1e-9, name);
  }
  // TTR's close estimator uses one return fewer.
  const fewer = rollingStandardDeviation(logReturns(bars.close), window - 1).map((s) => s * Math.sqrt(periods));
  close(fewer.slice(-5), golden.expect.ttr_last5.close, 1e-9, 'TTR close');
  const cone = rangeVolatility(bars, 'closeToClose', window, periods).filter((v) => Number.isFinite(v));
  const levels = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];
  close(
    levels.map((p) => quantile(cone, p)),
    golden.expect.cone_percentiles_0_10_25_50_75_90_100_close_to_close,
    1e-9,
    'cone',
  );
});

describeGolden('ewma', (golden) => {
  const { data: r } = goldenObservations(golden);
  const lambda: number = golden.input.parameters.lambda_;
  const want = golden.expect;
  const a = ewmaVariance(r, lambda, 'first');
  close(a.variances.slice(-5), want.start_a_variance_last5, 1e-9, 'start a');
  close(
    [a.next, Math.sqrt(252 * a.next)],
    [want.start_a_next_day_variance, want.start_a_next_day_vol_annualised],
    1e-9,
    'next',
  );
  const b = ewmaVariance(r, lambda, 'sample');
  close(b.variances.slice(0, 5), want.start_b_variance_first5, 1e-9, 'start b');
  close(b.variances.slice(-5), want.start_b_variance_last5, 1e-9, 'start b');
  close(ewmaSampleVariance(r, lambda).slice(-5), want.pandas_ewm_var_bias_adjust_last5, 1e-9, 'pandas');
  close([...a.variances.slice(-4), a.next], want.pandas_ewm_mean_of_squares_no_adjust_last5, 1e-9, 'mean of squares');
  // An EWMA with a constant mean is a GARCH with ω = 0, α = 1 − λ, β = λ: only μ is estimated.
  const likelihood = createGarchLikelihood(r, {
    kind: 'garch',
    asymmetric: false,
    lagged: true,
    distribution: 'normal',
  });
  const at = (mu: number) => Float64Array.of(mu, 0, 1 - lambda, lambda);
  const mu = findMinimum((m) => -likelihood.value(at(m)), -1, 1).x;
  close([mu, likelihood.value(at(mu))], [want.arch_ewma.mu, want.arch_ewma.loglik], 2e-3, 'arch');
  close(likelihood.variances.slice(-5).map(Math.sqrt), want.arch_ewma.conditional_vol_last5, 1e-4, 'arch');
});

describeGolden('har_rv', (golden) => {
  const variance = garmanKlassTerms(goldenBars(golden)).map((v) => 1e4 * Math.max(v, 1e-10));
  // The file says which power of the variance a case uses only by the last word of its name.
  const kind = golden.id.split('-').at(-1);
  const y = kind === 'log' ? variance.map(Math.log) : kind === 'sqrt' ? variance.map(Math.sqrt) : variance;
  const fit = fitHar(y, golden.input.parameters.newey_west_lags);
  const want = golden.expect;
  expect(fit.ols.n).toBe(want.n);
  close(fit.coefficients, want.params, 1e-8, 'coefficients');
  close(fit.standardErrors, want.std_err, 1e-7, 'errors');
  close(fit.neweyWestErrors, want.std_err_newey_west_22, 1e-7, 'Newey–West');
  close(
    fit.coefficients.map((c, i) => c / (fit.neweyWestErrors[i] as number)),
    want.t_newey_west,
    1e-6,
    't',
  );
  close(
    [fit.ols.rSquared, fit.ols.adjustedRSquared, fit.forecast],
    [want.r2, want.adj_r2, want.next_day_forecast],
    1e-8,
    'fit',
  );
  close([fit.ols.residualStandardDeviation], [want.resid_std], 1e-3, 'residual');
});
