/**
 * Engle–Granger: is there a combination of series that reverts although none of them does alone? Regress y on the others,
 * test the residual for a unit root without deterministic terms, judge it by the tables for estimated coefficients.
 *
 * Source: Engle & Granger (1987, Econometrica 55:251); tables MacKinnon (1994, 2010), or the second set of `table:
 * 'engle-granger'` for one regressor. A nearly exact fit (R² > 1 − 1.5e-6) has no meaningful statistic: `collinear`.
 * The answer depends on which series stands on the left; always look at both directions. O(n (k² + maxLag)).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { sumOfSquares } from '../stats/moments.ts';
import { adfTest, type LagRule } from './adf.ts';
import { trendColumns } from './lag-regression.ts';
import { type CriticalValues, dickeyFullerCritical, dickeyFullerPValue } from './mackinnon.ts';
import type { Trend } from './mackinnon-tables.ts';

export interface EngleGrangerResult {
  readonly status: 'tested' | 'collinear';
  /** Null where the series are collinear. */
  readonly statistic: number | null;
  readonly pValue: number | null;
  /** None exist without a constant. */
  readonly criticalValues: CriticalValues | null;
  readonly lag: number;
  /** Hedge ratios, one per regressor. */
  readonly betas: Float64Array;
  /** Intercept on the constant term; 0 without one. With a trend it is the value in the middle of the sample. */
  readonly intercept: number;
  readonly rSquared: number;
  readonly residuals: Float64Array;
}

export interface EngleGrangerOptions {
  readonly trend?: Trend;
  readonly lags?: LagRule;
  readonly maxLag?: number;
  readonly table?: 'mackinnon' | 'engle-granger';
}

const COLLINEAR = 1 - 100 * Math.sqrt(2 ** -52);

/** Example: engleGrangerTest(logKo, [logPep]).pValue. */
export function engleGrangerTest(
  y: Float64Array,
  regressors: readonly Float64Array[],
  options: EngleGrangerOptions = {},
): EngleGrangerResult {
  const { trend = 'c', lags = 'aic', table = 'mackinnon' } = options;
  const n = y.length;
  if (n < 20) throw notEnoughData({ what: 'A cointegration test', needed: 20, got: n });
  const columns = [...regressors, ...trendColumns(trend, n)];
  const fit = leastSquares(matrixFromColumns(columns), y);
  const residuals = fit.residuals;
  const total = trend === 'n' ? y.reduce((sum, v) => sum + v * v, 0) : sumOfSquares(y);
  const rSquared = 1 - residuals.reduce((sum, e) => sum + e * e, 0) / total;
  const head = {
    betas: fit.coefficients.slice(0, regressors.length),
    intercept: trend === 'n' ? 0 : (fit.coefficients[regressors.length] as number),
    rSquared,
    residuals,
  };
  if (!(rSquared < COLLINEAR) || fit.rank < columns.length) {
    return { ...head, status: 'collinear', statistic: null, pValue: null, criticalValues: null, lag: 0 };
  }
  const adf = adfTest(residuals, {
    trend: 'n',
    lags,
    ...(options.maxLag === undefined ? {} : { maxLag: options.maxLag }),
  });
  const single = table === 'engle-granger' && regressors.length === 1;
  const kind = single ? ({ kind: 'engle-granger' } as const) : { kind: 'tau' as const, series: regressors.length + 1 };
  return {
    ...head,
    status: 'tested',
    statistic: adf.statistic,
    pValue: dickeyFullerPValue(adf.statistic, trend, kind),
    // n − 1 is what egranger (Stata) and statsmodels use; the other table counts the rows of the ADF regression.
    criticalValues: dickeyFullerCritical(single ? n - adf.lag - 1 : n - 1, trend, kind),
    lag: adf.lag,
  };
}
