/**
 * Phillips–Ouliaris: the Engle–Granger question with a long-run variance in place of lagged differences. Za and Zt on the
 * residual of y on x and a constant. Source: Phillips & Ouliaris (1990, Econometrica 58:165); Bartlett kernel with the
 * Newey–West (1994) bandwidth. O(n · bandwidth).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { degenerateSeries } from './adf.ts';
import { trendColumns } from './lag-regression.ts';
import { bartlettParts, neweyWestBandwidth } from './long-run-variance.ts';
import { type CriticalValues, surfaceCritical, surfacePValue } from './mackinnon.ts';
import { ouliarisSurfaces } from './phillips-ouliaris-tables.ts';

export interface OuliarisStatistic {
  readonly statistic: number;
  /** Null for more than six series. */
  readonly pValue: number | null;
  readonly criticalValues: CriticalValues | null;
}

export interface PhillipsOuliarisResult {
  readonly zAlpha: OuliarisStatistic;
  readonly zTau: OuliarisStatistic;
  readonly bandwidth: number;
}

export function phillipsOuliarisTest(y: Float64Array, regressors: readonly Float64Array[]): PhillipsOuliarisResult {
  const n = y.length;
  if (n < 20) throw notEnoughData({ what: 'A Phillips–Ouliaris test', needed: 20, got: n });
  const { residuals: u } = leastSquares(matrixFromColumns([...regressors, ...trendColumns('c', n)]), y);
  let lagged = 0;
  let cross = 0;
  for (let t = 1; t < n; t++) {
    lagged += (u[t - 1] as number) ** 2;
    cross += (u[t] as number) * (u[t - 1] as number);
  }
  if (!(lagged > 0)) throw degenerateSeries();
  const alpha = cross / lagged;
  const k = Float64Array.from({ length: n - 1 }, (_, t) => (u[t + 1] as number) - alpha * (u[t] as number));
  const bandwidth = neweyWestBandwidth(k);
  const { oneSided, longRun } = bartlettParts(k, bandwidth);
  // The kernel divides by n − 1; Phillips and Ouliaris by n.
  const scale = (n - 1) / n;
  const z = alpha - 1 - (n * scale * oneSided) / lagged;
  return {
    zAlpha: judge('Za', n * z, regressors.length + 1, n),
    zTau: judge('Zt', z / Math.sqrt((scale * longRun) / lagged), regressors.length + 1, n),
    bandwidth,
  };
}

function judge(kind: 'Za' | 'Zt', statistic: number, series: number, n: number): OuliarisStatistic {
  const surface = ouliarisSurfaces[kind][series - 2];
  if (surface === undefined) return { statistic, pValue: null, criticalValues: null };
  return {
    statistic,
    pValue: surfacePValue(surface.pValue, statistic),
    criticalValues: surfaceCritical(surface.critical, n),
  };
}
