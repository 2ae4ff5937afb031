/** Tests on one series: serial correlation, conditional heteroskedasticity, normality. */
import { notEnoughData } from '../../../lib/errors.ts';
import { autocorrelations } from './correlation.ts';
import { chiSquareSurvival, fSurvival } from './distributions.ts';
import { moments, type Numbers } from './moments.ts';
import { fitOls, ones } from './ols.ts';

export interface StatisticWithP {
  readonly statistic: number;
  readonly pValue: number;
}

/** Ljung & Box (1978, Biometrika 65:297): n(n+2) Σ ρ_k²/(n−k), chi-square with `lags` − `fitted` degrees. */
export function ljungBox(values: Numbers, lags: number, fitted = 0): StatisticWithP {
  const n = values.length;
  const rho = autocorrelations(values, lags);
  let sum = 0;
  for (let k = 1; k <= lags; k++) sum += (rho[k - 1] as number) ** 2 / (n - k);
  const statistic = n * (n + 2) * sum;
  return { statistic, pValue: chiSquareSurvival(statistic, Math.max(1, lags - fitted)) };
}

/** Engle's (1982, Econometrica 50:987) ARCH test: squares on their own lags; n R² (LM) and the F form. */
export function archTest(values: Numbers, lags: number) {
  const squared = Float64Array.from(values, (v) => v * v);
  const n = squared.length - lags;
  if (n <= lags + 1) throw notEnoughData({ what: 'An ARCH test', needed: 2 * lags + 2, got: squared.length });
  const columns = [ones(n), ...Array.from({ length: lags }, (_, l) => squared.slice(lags - l - 1, lags - l - 1 + n))];
  const fit = fitOls(squared.slice(lags), columns, { constant: true });
  const lagrangeMultiplier = n * fit.rSquared;
  const f = fit.f ?? 0;
  return {
    lagrangeMultiplier,
    pValue: chiSquareSurvival(lagrangeMultiplier, lags),
    f,
    fPValue: fSurvival(f, lags, n - lags - 1),
  };
}

/** Jarque & Bera (1980, Econ. Lett. 6:255): n/6 (S² + (K−3)²/4), chi-square with 2 degrees. */
export function jarqueBera(values: Numbers): StatisticWithP {
  const { n, skewness, kurtosis } = moments(values);
  const statistic = (n / 6) * (skewness * skewness + (kurtosis - 3) ** 2 / 4);
  return { statistic, pValue: chiSquareSurvival(statistic, 2) };
}
