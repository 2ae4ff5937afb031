/**
 * Is there one break at all? CUSUM tests of a constant mean and of a constant variance.
 *
 * Mean: max_k |S_k| / (σ̂ √n) with S_k the sum of deviations to row k and σ̂² the long-run variance (Bartlett kernel), so serial
 * dependence is allowed. Variance: the same on squared deviations (Inclán–Tiao with the long-run fourth moment of Sansó, Aragó & Carrion, κ₂).
 * Under no break both converge to the supremum of a Brownian bridge: p from the Kolmogorov series. O(n·lags).
 * Source: Ploberger & Krämer (1992), Econometrica 60:271; Inclán & Tiao (1994), JASA 89:913; Sansó, Aragó & Carrion (2004), Rev. Econ. Financiera 4:32.
 *
 * @example cusumTest(returns, 'variance') // { statistic, pValue, at }
 */
import { notEnoughData } from '../../../lib/errors.ts';

export interface CusumTest {
  readonly statistic: number;
  readonly pValue: number;
  /** First row of the second part where the sum is farthest from zero. */
  readonly at: number;
}

export function cusumTest(values: Float64Array, kind: 'mean' | 'variance'): CusumTest {
  const n = values.length;
  if (n < 30) throw notEnoughData({ what: 'A CUSUM test', needed: 30, got: n });
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const centred = values.map((v) => v - mean);
  const series = kind === 'mean' ? centred : deviationsOfSquares(centred);
  const scale = Math.sqrt(longRunVariance(series) * n);
  let sum = 0;
  let statistic = 0;
  let at = 0;
  for (let t = 0; t < n; t++) {
    sum += series[t] as number;
    if (Math.abs(sum) > statistic) {
      statistic = Math.abs(sum);
      at = t + 1;
    }
  }
  if (!(scale > 0)) return { statistic: 0, pValue: 1, at: 0 };
  return { statistic: statistic / scale, pValue: kolmogorovTail(statistic / scale), at };
}

function deviationsOfSquares(centred: Float64Array): Float64Array {
  const squares = centred.map((v) => v * v);
  const mean = squares.reduce((a, b) => a + b, 0) / squares.length;
  return squares.map((s) => s - mean);
}

/** Bartlett kernel with ⌊4 (n/100)^(1/4)⌋ lags (Newey & West 1994). */
function longRunVariance(series: Float64Array): number {
  const n = series.length;
  const lags = Math.floor(4 * (n / 100) ** 0.25);
  let total = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (series[t] as number) * (series[t - lag] as number);
    total += ((lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * sum) / n;
  }
  return total;
}

/** P(sup |Brownian bridge| > x) = 2 Σ (−1)^(j+1) exp(−2 j² x²). */
function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * x * x);
  return Math.min(1, Math.max(0, sum));
}
