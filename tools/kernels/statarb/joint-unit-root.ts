/**
 * Joint hypotheses on the Dickey–Fuller regression: is there a unit root and no drift (φ1, φ2), no trend (φ3)?
 * F statistics against the restricted regression with the same lags. Source: Dickey & Fuller (1981, Econometrica 49:1057).
 */
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { ones } from '../stats/ols.ts';
import { trendColumns } from './lag-regression.ts';

export interface JointUnitRoot {
  /** Constant and level zero; from the regression with a constant. Null for `ct`. */
  readonly phi1: number | null;
  /** Constant, trend and level zero; trend and level zero; from the regression with a trend. Null for `c`. */
  readonly phi2: number | null;
  readonly phi3: number | null;
}

/** O(n k²). */
export function jointUnitRootTests(x: Float64Array, trend: 'c' | 'ct', lag: number): JointUnitRoot {
  const rows = x.length - 1 - lag;
  const difference = (t: number): number => (x[t + 1] as number) - (x[t] as number);
  const y = Float64Array.from({ length: rows }, (_, i) => difference(lag + i));
  const lagged = Array.from({ length: lag }, (_, l) =>
    Float64Array.from({ length: rows }, (__, i) => difference(lag + i - l - 1)),
  );
  const full = [x.slice(lag, lag + rows), ...trendColumns(trend, rows), ...lagged];
  const unrestricted = residualSum(y, full);
  const degrees = rows - full.length;
  const f = (restricted: number, restrictions: number) =>
    (restricted - unrestricted) / restrictions / (unrestricted / degrees);
  const none = residualSum(y, lagged);
  if (trend === 'c') return { phi1: f(none, 2), phi2: null, phi3: null };
  return { phi1: null, phi2: f(none, 3), phi3: f(residualSum(y, [ones(rows), ...lagged]), 2) };
}

function residualSum(y: Float64Array, columns: readonly Float64Array[]): number {
  const residuals = columns.length === 0 ? y : leastSquares(matrixFromColumns(columns), y).residuals;
  let sum = 0;
  for (const e of residuals) sum += e * e;
  return sum;
}
