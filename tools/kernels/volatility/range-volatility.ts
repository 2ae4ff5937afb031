/**
 * Rolling realised volatility from daily bars.
 *
 * Question: how much did the price move over the last `window` days, annualised?
 * closeToClose: sample deviation of log returns (`ddof` 1) or their root mean square (`zeroMean`). parkinson: mean ln(H/L)²/(4 ln 2).
 * garmanKlass: mean[½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)²]. rogersSatchell: mean[u(u − c) + d(d − c)], right with drift.
 * garmanKlassYangZhang: adds the overnight square. yangZhang: var(o) + k·var(c) + (1 − k)·RS, right with drift and gaps.
 * Range estimators ignore overnight gaps unless they say otherwise, and are biased down where trading is discrete.
 * Shapes: n bars in, n out, NaN until the window is full and wherever a bar in it is missing. Units: annual decimal volatility.
 * O(n). Never looks ahead. Source: Parkinson (1980), J. Business 53:61; Garman & Klass (1980), J. Business 53:67; Rogers & Satchell (1991),
 * Ann. Appl. Prob. 1:504; Yang & Zhang (2000), J. Business 73:477, eq. 9.
 *
 * @example rangeVolatility(bars, 'yangZhang', 21, 252)
 */
import { rollingMean, rollingStandardDeviation } from '../timeseries/rolling.ts';

export interface OhlcBars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

export const rangeEstimators = [
  'closeToClose',
  'zeroMean',
  'parkinson',
  'garmanKlass',
  'rogersSatchell',
  'garmanKlassYangZhang',
  'yangZhang',
] as const;
export type RangeEstimator = (typeof rangeEstimators)[number];

export function rangeVolatility(
  bars: OhlcBars,
  estimator: RangeEstimator,
  window: number,
  periodsPerYear: number,
): Float64Array {
  return rangeVariance(bars, estimator, window).map((v) => Math.sqrt(Math.max(0, v) * periodsPerYear));
}

function rangeVariance(bars: OhlcBars, estimator: RangeEstimator, window: number): Float64Array {
  const square = (values: Float64Array): Float64Array => values.map((v) => v * v);
  switch (estimator) {
    case 'closeToClose':
      return square(rollingStandardDeviation(logRatio(bars.close, previous(bars.close)), window));
    case 'zeroMean':
      return rollingMean(square(logRatio(bars.close, previous(bars.close))), window);
    case 'parkinson':
      return rollingMean(square(logRatio(bars.high, bars.low)), window).map((v) => v / (4 * Math.LN2));
    case 'garmanKlass':
      return rollingMean(garmanKlassTerms(bars), window);
    case 'rogersSatchell':
      return rollingMean(rogersSatchellTerms(bars), window);
    case 'garmanKlassYangZhang': {
      const overnight = square(logRatio(bars.open, previous(bars.close)));
      return rollingMean(
        garmanKlassTerms(bars).map((v, t) => v + (overnight[t] as number)),
        window,
      );
    }
    case 'yangZhang':
      return yangZhang(bars, window);
  }
}

function yangZhang(bars: OhlcBars, window: number): Float64Array {
  const overnight = rollingStandardDeviation(logRatio(bars.open, previous(bars.close)), window);
  const day = rollingStandardDeviation(logRatio(bars.close, bars.open), window);
  const range = rollingMean(rogersSatchellTerms(bars), window);
  const k = 0.34 / (1.34 + (window + 1) / (window - 1));
  return overnight.map((o, t) => o * o + k * (day[t] as number) ** 2 + (1 - k) * (range[t] as number));
}

/** ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)² of each bar. */
export function garmanKlassTerms(bars: OhlcBars): Float64Array {
  return bars.close.map((c, t) => {
    const range = Math.log((bars.high[t] as number) / (bars.low[t] as number));
    const body = Math.log(c / (bars.open[t] as number));
    return 0.5 * range * range - (2 * Math.LN2 - 1) * body * body;
  });
}

function rogersSatchellTerms(bars: OhlcBars): Float64Array {
  return bars.close.map((close, t) => {
    const open = bars.open[t] as number;
    const u = Math.log((bars.high[t] as number) / open);
    const d = Math.log((bars.low[t] as number) / open);
    const c = Math.log(close / open);
    return u * (u - c) + d * (d - c);
  });
}

function logRatio(numerator: Float64Array, denominator: Float64Array): Float64Array {
  return numerator.map((v, t) => Math.log(v / (denominator[t] as number)));
}

/** The value one row before; NaN in the first row. */
function previous(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  out.set(values.subarray(0, values.length - 1), 1);
  return out;
}
