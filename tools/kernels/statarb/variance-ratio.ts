/**
 * Variance ratio: do longer changes of a series scatter like a random walk's? VR < 1 is reversal, VR > 1 is trending.
 * Source: Lo & MacKinlay (1988, Rev. Financ. Stud. 1:41), overlapping windows; Campbell, Lo & MacKinlay (1997), eq. 2.4.39
 * (iid) and 2.4.43 (robust to changing variance). Standard normal, two-sided. O(n · q).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { normalCdf } from '../stats/normal.ts';
import { degenerateSeries } from './adf.ts';

export interface VarianceRatioResult {
  readonly varianceRatio: number;
  readonly statistic: number;
  readonly pValue: number;
}

/** `x` are levels (log prices). `debiased` corrects both variances for the estimated drift. */
export function varianceRatioTest(
  x: Float64Array,
  q: number,
  options: { readonly robust?: boolean; readonly debiased?: boolean } = {},
): VarianceRatioResult {
  const { robust = true, debiased = true } = options;
  const n = x.length - 1;
  if (n < q + 2 || q < 2)
    throw notEnoughData({ what: `A variance ratio over ${q} bars`, needed: q + 3, got: x.length });
  const drift = ((x[n] as number) - (x[0] as number)) / n;
  let one = 0;
  const squares = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    const d = (x[t + 1] as number) - (x[t] as number) - drift;
    squares[t] = d * d;
    one += d * d;
  }
  let many = 0;
  for (let t = 0; t + q <= n; t++) many += ((x[t + q] as number) - (x[t] as number) - q * drift) ** 2;
  if (!(one > 0)) throw degenerateSeries();
  const single = debiased ? one / (n - 1) : one / n;
  const multiple = debiased ? many / (q * (n - q + 1) * (1 - q / n)) : many / (n * q);
  const varianceRatio = multiple / single;
  const spread = robust ? robustSpread(squares, one, q) : (2 * (2 * q - 1) * (q - 1)) / (3 * q);
  const statistic = (Math.sqrt(n) * (varianceRatio - 1)) / Math.sqrt(spread);
  return { varianceRatio, statistic, pValue: 2 * normalCdf(-Math.abs(statistic)) };
}

function robustSpread(squares: Float64Array, total: number, q: number): number {
  const n = squares.length;
  let theta = 0;
  for (let k = 1; k < q; k++) {
    let dot = 0;
    for (let t = k; t < n; t++) dot += (squares[t] as number) * (squares[t - k] as number);
    theta += (4 * (1 - k / q) ** 2 * n * dot) / (total * total);
  }
  return theta;
}
