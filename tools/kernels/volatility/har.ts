/**
 * Heterogeneous autoregression of realised variance: tomorrow from today, the last week and the last month.
 *
 * y_(t+1) = c + b_d y_t + b_w mean(y_(t−4..t)) + b_m mean(y_(t−21..t)) + u, by least squares; Newey–West errors with 22 lags because
 * the monthly mean overlaps. `y` may be the variance, its root or its logarithm. Needs 60 rows at least; all finite.
 * O(n). Source: Corsi (2009), J. Financial Econometrics 7:174, eq. 9.
 *
 * @example fitHar(realisedVariance).forecast
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { fitOls, type OlsFit, olsCovariance, ones } from '../stats/ols.ts';
import { rollingMean } from '../timeseries/rolling.ts';

export interface HarFit {
  readonly ols: OlsFit;
  /** Constant, day, week, month. */
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  readonly neweyWestErrors: Float64Array;
  /** Of y in the period after the sample. */
  readonly forecast: number;
}

const WEEK = 5;
const MONTH = 22;

export function fitHar(y: Float64Array, neweyWestLags = MONTH): HarFit {
  const n = y.length;
  if (n < 60) throw notEnoughData({ what: 'A HAR regression', needed: 60, got: n });
  const week = rollingMean(y, WEEK);
  const month = rollingMean(y, MONTH);
  const rows = n - MONTH;
  const slice = (values: Float64Array): Float64Array => values.slice(MONTH - 1, n - 1);
  const ols = fitOls(y.slice(MONTH), [ones(rows), slice(y), slice(week), slice(month)], { constant: true });
  const [c, d, w, m] = ols.coefficients as unknown as readonly [number, number, number, number];
  const last = n - 1;
  return {
    ols,
    coefficients: ols.coefficients,
    standardErrors: rootDiagonal(olsCovariance(ols, { kind: 'classic' })),
    neweyWestErrors: rootDiagonal(olsCovariance(ols, { kind: 'newey-west', lags: neweyWestLags })),
    forecast: c + d * (y[last] as number) + w * (week[last] as number) + m * (month[last] as number),
  };
}

function rootDiagonal(covariance: Float64Array): Float64Array {
  const k = Math.sqrt(covariance.length);
  return Float64Array.from({ length: k }, (_, i) => Math.sqrt(covariance[i * k + i] as number));
}
