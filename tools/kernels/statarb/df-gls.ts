/**
 * DF-GLS: the Dickey–Fuller test after removing level or trend by quasi-differences; the most powerful of its family.
 * Source: Elliott, Rothenberg & Stock (1996, Econometrica 64:813); lag selection on OLS-detrended data by Perron & Qu
 * (2007, Econ. Lett. 94:12). c̄ = −7 ('c') or −13.5 ('ct'). O(n · lags).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { degenerateSeries, schwertLag, smallestCriterion } from './adf.ts';
import { lagRegressions, levelTest, trendColumns } from './lag-regression.ts';
import { type CriticalValues, dickeyFullerCritical, dickeyFullerPValue } from './mackinnon.ts';

export interface DfGlsResult {
  readonly statistic: number;
  readonly pValue: number | null;
  readonly criticalValues: CriticalValues | null;
  readonly lag: number;
}

export function dfGlsTest(
  x: Float64Array,
  options: { readonly trend?: 'c' | 'ct'; readonly lag?: number } = {},
): DfGlsResult {
  const { trend = 'c' } = options;
  const n = x.length;
  if (n < 20) throw notEnoughData({ what: 'A DF-GLS test', needed: 20, got: n });
  const columns = trendColumns(trend, n);
  const lag = options.lag ?? selectLag(x, columns);
  const detrended = gls(x, columns, (trend === 'c' ? -7 : -13.5) / n);
  const test = levelTest(detrended, 'n', lag);
  if (test === null) throw degenerateSeries();
  const kind = { kind: 'df-gls' } as const;
  return {
    statistic: test.t,
    pValue: dickeyFullerPValue(test.t, trend, kind),
    criticalValues: dickeyFullerCritical(test.rows, trend, kind),
    lag,
  };
}

function selectLag(x: Float64Array, columns: readonly Float64Array[]): number {
  const { residuals } = leastSquares(matrixFromColumns(columns), x);
  const fits = lagRegressions(residuals, 'n', schwertLag(x.length, 'n'));
  if (fits === null) throw degenerateSeries();
  return smallestCriterion(fits.residualSums, fits.rows, 0, 'aic').lag;
}

/** Removes the deterministic part estimated on quasi-differences v_t − (1 + shift) v_{t−1}. */
function gls(x: Float64Array, columns: readonly Float64Array[], shift: number): Float64Array {
  const quasi = (v: Float64Array): Float64Array =>
    v.map((value, t) => (t === 0 ? value : value - (1 + shift) * (v[t - 1] as number)));
  const fit = leastSquares(matrixFromColumns(columns.map(quasi)), quasi(x));
  const out = Float64Array.from(x);
  for (const [j, column] of columns.entries()) {
    const slope = fit.coefficients[j] as number;
    for (let t = 0; t < out.length; t++) out[t] = (out[t] as number) - slope * (column[t] as number);
  }
  return out;
}
