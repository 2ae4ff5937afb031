/**
 * KPSS: is a series stationary (null) around a level ('c') or a trend ('ct')?
 * η = Σ S_t² / (n² λ²), S_t partial sums of the residuals, λ² their Bartlett long-run variance.
 * Source: Kwiatkowski, Phillips, Schmidt & Shin (1992, J. Econometrics 54:159), table 1; automatic lags Hobijn, Franses &
 * Ooms (2004, Stat. Neerl. 58:483). p-values are interpolated in the table and end at 1% and 10%. O(n · lags).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { degenerateSeries } from './adf.ts';
import { trendColumns } from './lag-regression.ts';
import { bartlettVariance, longLag } from './long-run-variance.ts';

export interface KpssResult {
  readonly statistic: number;
  readonly pValue: number;
  /** True where the p-value is the end of the table: the truth is beyond it. */
  readonly pValueIsBound: boolean;
  readonly lags: number;
  readonly criticalValues: {
    readonly tenPercent: number;
    readonly fivePercent: number;
    readonly twoAndAHalfPercent: number;
    readonly onePercent: number;
  };
}

const LEVELS = [0.1, 0.05, 0.025, 0.01] as const;
const TABLE = { c: [0.347, 0.463, 0.574, 0.739], ct: [0.119, 0.146, 0.176, 0.216] } as const;

/** `lags`: `auto` (data-dependent), `legacy` ⌈12 (n/100)^¼⌉, or a number. */
export function kpssTest(
  x: Float64Array,
  options: { readonly trend?: 'c' | 'ct'; readonly lags?: 'auto' | 'legacy' | number } = {},
): KpssResult {
  const { trend = 'c', lags = 'auto' } = options;
  const n = x.length;
  if (n < 8) throw notEnoughData({ what: 'A KPSS test', needed: 8, got: n });
  const { residuals } = leastSquares(matrixFromColumns(trendColumns(trend, n)), x);
  const used = lags === 'auto' ? automaticLags(residuals) : lags === 'legacy' ? Math.min(longLag(n), n - 1) : lags;
  const variance = bartlettVariance(residuals, used);
  let sum = 0;
  let squares = 0;
  for (const e of residuals) {
    sum += e;
    squares += sum * sum;
  }
  if (!(variance > 0)) throw degenerateSeries();
  const statistic = squares / (n * n) / variance;
  const [tenPercent, fivePercent, twoAndAHalfPercent, onePercent] = TABLE[trend];
  return {
    statistic,
    ...tablePValue(statistic, TABLE[trend]),
    lags: used,
    criticalValues: { tenPercent, fivePercent, twoAndAHalfPercent, onePercent },
  };
}

function tablePValue(statistic: number, critical: readonly number[]) {
  const first = critical[0] as number;
  const last = critical[3] as number;
  if (statistic <= first) return { pValue: LEVELS[0], pValueIsBound: statistic < first };
  if (statistic >= last) return { pValue: LEVELS[3], pValueIsBound: statistic > last };
  let i = 0;
  while (statistic > (critical[i + 1] as number)) i++;
  const low = critical[i] as number;
  const part = (statistic - low) / ((critical[i + 1] as number) - low);
  const p = (LEVELS[i] as number) + part * ((LEVELS[i + 1] as number) - (LEVELS[i] as number));
  return { pValue: p, pValueIsBound: false };
}

/** Hobijn, Franses & Ooms (2004), as statsmodels: covariances up to ⌊n^(2/9)⌋ decide. */
function automaticLags(e: Float64Array): number {
  const n = e.length;
  const short = Math.floor(n ** (2 / 9));
  let s0 = 0;
  for (const v of e) s0 += (v * v) / n;
  let s1 = 0;
  for (let k = 1; k <= short; k++) {
    let dot = 0;
    for (let t = k; t < n; t++) dot += (e[t] as number) * (e[t - k] as number);
    s0 += dot / (n / 2);
    s1 += (k * dot) / (n / 2);
  }
  const ratio = s1 / s0;
  const lags = Math.floor(1.1447 * Math.cbrt(ratio * ratio) * Math.cbrt(n));
  return Number.isFinite(lags) ? Math.min(lags, n - 1) : 0;
}
