import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenCase, hasGolden, readGolden } from '../../../lib/testing/golden.ts';
import { goldenObservations } from '../testing/golden-series.ts';
import { fitGarch } from './fit-garch.ts';
import { garchStandardErrors } from './garch-errors.ts';
import { forecastVariance } from './garch-forecast.ts';
import { createGarchLikelihood, type GarchSpec } from './garch-likelihood.ts';

/** `alpha[1]` of the reference is `alpha` here. */
const plain = (name: string): string => name.replace('[1]', '');

function specOf(p: { vol: string; o: number; q: number; dist: GarchSpec['distribution'] }): GarchSpec {
  return { kind: p.vol === 'EGARCH' ? 'egarch' : 'garch', asymmetric: p.o > 0, lagged: p.q > 0, distribution: p.dist };
}

function close(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  relative: number,
  absolute: number,
  what: string,
): void {
  for (let i = 0; i < want.length; i++) {
    const w = want[i] as number;
    expect(Math.abs((got[i] as number) - w), `${what}[${i}] ${got[i]} vs ${w}`).toBeLessThanOrEqual(
      relative * Math.abs(w) + absolute,
    );
  }
}

const deviations = (variances: Float64Array): Float64Array => variances.map((v) => Math.sqrt(v));

describeGolden('garch', ({ input, expect: want, ...rest }) => {
  const { data: returns } = goldenObservations({ input, expect: want, ...rest });
  expect(returns.length).toBe(want.n);
  const spec = specOf(input.parameters);
  const fixed = want.at_fixed_params;
  if (fixed) {
    const likelihood = createGarchLikelihood(returns, spec);
    close([likelihood.value(Float64Array.from(fixed.params as number[]))], [fixed.loglik], 1e-9, 0, 'fixed');
    close(deviations(likelihood.variances), fixed.conditional_vol_first5, 1e-8, 0, 'fixed first');
    close(deviations(likelihood.variances.subarray(-5)), fixed.conditional_vol_last5, 1e-8, 0, 'fixed last');
    // For egarch the reference stores the logarithm.
    const backcast = spec.kind === 'egarch' ? Math.log(likelihood.backcast) : likelihood.backcast;
    close([backcast], [want.backcast_variance], 1e-9, 1e-12, 'backcast');
  }
  const fit = fitGarch(returns, spec);
  expect(fit.logLikelihood).toBeGreaterThan(want.loglik - 1e-3);
  expect(fit.converged, `residual ${fit.residual} after ${fit.iterations}`).toBe(true);
  const better = fit.logLikelihood > want.loglik + 1e-3;
  if (!better) checkSameOptimum(returns, fit, want);
});

/** Only where the reference reached the same optimum: a higher likelihood has other parameters. */
function checkSameOptimum(returns: Float64Array, fit: ReturnType<typeof fitGarch>, want: GoldenCase['expect']): void {
  const names = Object.keys(want.params).map(plain);
  expect(fit.names).toEqual(names);
  close(fit.parameters, Object.values(want.params) as number[], 2e-3, 2e-4, 'parameters');
  close(deviations(fit.variances), want.conditional_vol_first5, 1e-3, 0, 'first');
  close(deviations(fit.variances.subarray(-5)), want.conditional_vol_last5, 1e-3, 0, 'last');
  close(fit.residuals.subarray(-5), want.std_resid_last5, 2e-3, 1e-3, 'residuals');
  if (want.persistence !== undefined) close([fit.persistence], [want.persistence], 1e-3, 0, 'persistence');
  const forecast = forecastVariance(fit, 10, createRng(1));
  close(forecast, want.variance_forecast_1_to_10 ?? want.variance_forecast_1, 2e-3, 0, 'forecast');
  if (typeof want.half_life_days === 'number' && fit.halfLife !== null && want.persistence < 0.999) {
    close([fit.halfLife], [want.half_life_days], 2e-2, 0, 'half-life');
    close([fit.unconditionalVariance ?? Number.NaN], [want.unconditional_variance], 2e-2, 0, 'unconditional');
  }
  if (fit.atBound.length > 0) return;
  const errors = garchStandardErrors(returns, fit);
  // The egarch likelihood has a kink in μ at every return: its curvature there depends on the step of the differences, so the
  // errors of μ and ω are left out, and with them the robust errors, which mix them in.
  const from = fit.spec.kind === 'egarch' ? 2 : 0;
  close(
    errors.classic.subarray(from),
    (Object.values(want.std_err_classic) as number[]).slice(from),
    from > 0 ? 0.15 : 5e-2,
    1e-6,
    'classic',
  );
  if (from === 0) close(errors.robust, Object.values(want.std_err_robust) as number[], 5e-2, 1e-6, 'robust');
}

describe('golden r_crosscheck, volatility cases', () => {
  const cases: GoldenCase[] = hasGolden('r_crosscheck') ? readGolden('r_crosscheck').cases : [];
  const mine = cases.filter(({ expect: want }) => Object.keys(want).some((key) => key.startsWith('garch11/')));
  if (mine.length === 0)
    it.skip('reference/r_crosscheck.json is not at TRADEWIND_GOLDEN, or has no volatility case', () => undefined);
  it.each(mine)('$id', (golden) => {
    const { data: returns } = goldenObservations(golden);
    for (const [key, want] of Object.entries<GoldenCase['expect']>(golden.expect)) {
      const distribution = key.endsWith('/std') ? 't' : 'normal';
      const fit = fitGarch(returns, {
        kind: 'garch',
        asymmetric: false,
        lagged: true,
        distribution,
        presample: 'mean-square',
      });
      expect(fit.logLikelihood, key).toBeGreaterThan(want.loglik - 1e-2);
      close(fit.parameters, (Object.values(want.params) as number[][]).flat(), 1e-2, 1e-4, key);
      close(deviations(fit.variances), want.sigma_first5, 1e-2, 0, key);
      close(deviations(fit.variances.subarray(-5)), want.sigma_last5, 1e-2, 0, key);
      close(
        deviations(forecastVariance(fit, want.sd_forecast_1_to_10.length, createRng(1))),
        want.sd_forecast_1_to_10,
        1e-2,
        0,
        key,
      );
    }
  });
});
