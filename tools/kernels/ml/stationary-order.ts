/** The smallest order of fractional differencing at which a unit root is rejected. */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { createMatrix } from '../linalg/matrix.ts';
import { pearsonCorrelation } from '../stats/correlation.ts';
import { normalCdf } from '../stats/normal.ts';
import { fractionalDifference, fractionalWeights } from './fractional-difference.ts';

export interface UnitRootOneLag {
  readonly statistic: number;
  readonly p: number;
  /** 5% critical value for this many observations. */
  readonly critical: number;
  readonly observations: number;
}

/**
 * Augmented Dickey–Fuller test with a constant and one lagged difference (Dickey & Fuller, 1979; Said & Dickey, 1984).
 * p by MacKinnon's (1994) response surface, critical value by MacKinnon (2010), table 2. Complete series. O(n).
 */
export function unitRootOneLag(values: Float64Array): UnitRootOneLag {
  const rows = values.length - 2;
  if (rows < 10) throw notEnoughData({ what: 'A unit-root test', needed: 12, got: values.length });
  const design = createMatrix(rows, 3);
  const change = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const [before, now, next] = [values[i] as number, values[i + 1] as number, values[i + 2] as number];
    design.data[i * 3] = now;
    design.data[i * 3 + 1] = now - before;
    design.data[i * 3 + 2] = 1;
    change[i] = next - now;
  }
  const fit = leastSquares(design, change);
  const residual = fit.residuals.reduce((sum, e) => sum + e * e, 0) / (rows - 3);
  const statistic = (fit.coefficients[0] as number) / Math.sqrt(residual * (fit.inverseGram[0] as number));
  const t = rows;
  const critical = -2.86154 - 2.8903 / t - 4.234 / t ** 2 - 40.04 / t ** 3;
  return { statistic, p: mackinnonP(statistic), critical, observations: rows };
}

function mackinnonP(t: number): number {
  if (t > 2.74) return 1;
  if (t < -18.83) return 0;
  if (t <= -1.61) return normalCdf(2.1659 + 1.4412 * t + 0.038269 * t * t);
  return normalCdf(1.7339 + 0.93202 * t - 0.12745 * t * t - 0.010368 * t ** 3);
}

export interface OrderGridPoint {
  readonly order: number;
  readonly statistic: number;
  readonly p: number;
  readonly critical: number;
  /** Correlation with the level: how much memory is left. Null where a series is constant. */
  readonly correlation: number | null;
}

/**
 * Walks a grid of orders; the answer is the first whose differenced series rejects a unit root at 5% (López de Prado, 2018,
 * AFML §5.6), or null where none does. Complete series. O(orders · n · window).
 *
 * @example smallestStationaryOrder(logPrices, [0, 0.2, 0.4, 0.6, 0.8, 1], 1e-3).order
 */
export function smallestStationaryOrder(
  values: Float64Array,
  orders: readonly number[],
  threshold: number,
): { readonly order: number | null; readonly grid: readonly OrderGridPoint[] } {
  const grid: OrderGridPoint[] = [];
  for (const order of orders) {
    const skip = fractionalWeights(order, threshold).length - 1;
    const differenced = fractionalDifference(values, order, threshold).slice(skip);
    if (differenced.length < 30) continue;
    const { statistic, p, critical } = unitRootOneLag(differenced);
    grid.push({ order, statistic, p, critical, correlation: pearsonCorrelation(differenced, values.slice(skip)) });
  }
  if (grid.length === 0) throw notEnoughData({ what: 'A search for the order', needed: 30, got: values.length });
  const found = grid.find((point) => point.statistic < point.critical);
  return { order: found?.order ?? null, grid };
}
