/**
 * Phillips–Perron: the Dickey–Fuller regression without lags, its statistics corrected for serial correlation by a long-run
 * variance. Source: Phillips & Perron (1988, Biometrika 75:335), eq. for Z_τ and Z_ρ; Bartlett weights.
 * O(n · lags).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { degenerateSeries } from './adf.ts';
import { trendColumns } from './lag-regression.ts';
import { bartlettVariance, longLag } from './long-run-variance.ts';
import { type CriticalValues, dickeyFullerCritical, dickeyFullerPValue } from './mackinnon.ts';

export interface PhillipsPerronResult {
  readonly tau: number;
  readonly tauPValue: number | null;
  readonly tauCritical: CriticalValues | null;
  /** Normalised bias n(ρ − 1), corrected. */
  readonly rho: number;
  readonly rhoPValue: number | null;
  readonly rhoCritical: CriticalValues | null;
  readonly lags: number;
}

export function phillipsPerronTest(
  x: Float64Array,
  options: {
    readonly trend?: 'n' | 'c' | 'ct';
    readonly lags?: number;
    /** Which values scale the correction: the lagged ones of the regression, or the current ones as R's urca. */
    readonly scaledBy?: 'lagged' | 'current';
  } = {},
): PhillipsPerronResult {
  const { trend = 'c' } = options;
  const lags = options.lags ?? longLag(x.length);
  const n = x.length - 1;
  if (n < Math.max(lags + 1, 8)) {
    throw notEnoughData({ what: 'A Phillips–Perron test', needed: Math.max(lags + 2, 9), got: x.length });
  }
  // ρ − 1 is estimated from differences: the same regression without losing digits near one.
  const y = Float64Array.from({ length: n }, (_, t) => (x[t + 1] as number) - (x[t] as number));
  const columns = [centred(x.slice(0, n), trend), ...trendColumns(trend, n)];
  const fit = leastSquares(matrixFromColumns(columns), y);
  let squares = 0;
  for (const e of fit.residuals) squares += e * e;
  if (fit.rank < columns.length || !(squares > 0)) throw degenerateSeries();
  const pull = fit.coefficients[0] as number;
  const s2 = squares / (n - columns.length);
  const gamma0 = squares / n;
  const sigma2 = s2 * (fit.inverseGram[0] as number);
  const sigma = Math.sqrt(sigma2);
  const longRun = bartlettVariance(fit.residuals, lags);
  const gap = longRun - gamma0;
  const scale = options.scaledBy === 'current' ? currentScale(x.slice(1), trend) : (n * n * sigma2) / s2;
  const tau = Math.sqrt(gamma0 / longRun) * (pull / sigma) - 0.5 * gap * Math.sqrt(scale / longRun);
  const rho = n * pull - 0.5 * gap * scale;
  const one = { kind: 'tau', series: 1 } as const;
  const bias = { kind: 'bias' } as const;
  return {
    tau,
    tauPValue: dickeyFullerPValue(tau, trend, one),
    tauCritical: dickeyFullerCritical(n, trend, one),
    rho,
    rhoPValue: dickeyFullerPValue(rho, trend, bias),
    rhoCritical: dickeyFullerCritical(n, trend, bias),
    lags,
  };
}

function centred(level: Float64Array, trend: string): Float64Array {
  if (trend === 'n') return level;
  let sum = 0;
  for (const v of level) sum += v;
  const mean = sum / level.length;
  return level.map((v) => v - mean);
}

/** n² ÷ the sum of squares of the current values around their deterministic part (urca's M, with its trend factor). */
function currentScale(current: Float64Array, trend: 'n' | 'c' | 'ct'): number {
  const n = current.length;
  const columns = trendColumns(trend, n);
  const { residuals } =
    columns.length === 0 ? { residuals: current } : leastSquares(matrixFromColumns(columns), current);
  let sum = 0;
  for (const e of residuals) sum += e * e;
  return (n * n) / (sum * (trend === 'ct' ? 1 - 1 / (n * n) : 1));
}
