/**
 * Trend positions and how often they flip. A plain rule (price against its average) is whipped in sideways markets; a band
 * around the average and a minimum efficiency ratio keep the old position until a move is large and straight enough.
 * Source: Kaufman (2013), Trading Systems and Methods, ch. 17 (efficiency ratio, adaptive average); Faber (2007) for the
 * plain rule. Positions at bar t use prices up to t. O(n · window).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { kaufmanAverage, simpleAverage } from './moving-averages.ts';
import { efficiencyRatio } from './oscillators.ts';

export interface TrendFilter {
  /** Bars of the average. */
  readonly window: number;
  /** `sma` is fixed, `kama` adapts its speed to the efficiency ratio. */
  readonly average: 'sma' | 'kama';
  /** Half-width around the average as a fraction of it; the side changes only beyond. Default 0. */
  readonly band?: number;
  /** Least efficiency ratio over `efficiencyWindow` bars for a change of side. Default 0. */
  readonly minEfficiency?: number;
  readonly efficiencyWindow?: number;
  /** Below the average: −1 (short) or 0 (flat). */
  readonly below: -1 | 0;
}

/** +1 above, `below` under the average; 0 before the window is full. */
export function trendPositions(prices: Float64Array, filter: TrendFilter): Int8Array {
  const { window, band = 0, minEfficiency = 0, efficiencyWindow = 20, below } = filter;
  if (!(band >= 0 && band < 1)) throw invalidInput({ what: 'The band', needed: 'in [0, 1)', got: band });
  const average = filter.average === 'sma' ? simpleAverage(prices, window) : kaufmanAverage(prices, window);
  const efficiency = minEfficiency > 0 ? efficiencyRatio(prices, efficiencyWindow) : null;
  const out = new Int8Array(prices.length);
  let side = 0;
  let started = false;
  for (let t = 0; t < prices.length; t++) {
    const centre = average[t] as number;
    if (Number.isNaN(centre)) continue;
    const price = prices[t] as number;
    const wanted = price > centre * (1 + band) ? 1 : price < centre * (1 - band) ? below : side;
    const straight = efficiency === null || (efficiency[t] as number) >= minEfficiency;
    if (wanted !== side && (straight || !started)) side = wanted;
    started = started || price > centre * (1 + band) || price < centre * (1 - band);
    out[t] = side;
  }
  return out;
}

/** Changes of position after the first one, and those undone within `quick` bars (whipsaws). */
export function countWhipsaws(
  positions: Int8Array,
  quick = 20,
): { readonly changes: number; readonly whipsaws: number } {
  let changes = 0;
  let whipsaws = 0;
  let last = -1;
  const first = positions.findIndex((p) => p !== 0);
  for (let t = Math.max(1, first + 1); t < positions.length; t++) {
    if (first < 0 || positions[t] === positions[t - 1]) continue;
    changes++;
    if (last >= 0 && t - last <= quick) whipsaws++;
    last = t;
  }
  return { changes, whipsaws };
}
