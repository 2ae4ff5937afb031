/** Days split by how volatile the universe was: for reports of what happened, never for signals. */
import type { ModelRows } from './model-rows.ts';
import type { PanelSeries } from './panel-series.ts';

export const regimeNames = ['calm', 'normal', 'stressed'] as const;

/**
 * Regime 0, 1 or 2 of each day of `rows.days`: thirds of the root mean square of the universe's mean log return over the last
 * 63 days. The thirds are cut after the fact over the whole span (Ang & Timmermann, 2012, §2, for the idea). O(rows).
 */
export function volatilityRegimes(rows: ModelRows, instruments: readonly PanelSeries[]): Int8Array {
  const position = new Map(Array.from(rows.days, (time, d) => [time, d]));
  const sums = new Float64Array(rows.days.length);
  const counts = new Float64Array(rows.days.length);
  for (const series of instruments) {
    for (let t = 1; t < series.times.length; t++) {
      const d = position.get(series.times[t] as number);
      if (d === undefined) continue;
      sums[d] = (sums[d] as number) + Math.log((series.close[t] as number) / (series.close[t - 1] as number));
      counts[d] = (counts[d] as number) + 1;
    }
  }
  const squares = sums.map((sum, d) => ((counts[d] as number) > 0 ? (sum / (counts[d] as number)) ** 2 : 0));
  const trailing = squares.map((_, d) => {
    const from = Math.max(0, d - 62);
    let sum = 0;
    for (let k = from; k <= d; k++) sum += squares[k] as number;
    return sum / (d - from + 1);
  });
  const sorted = trailing.slice().sort();
  const low = sorted[Math.floor(sorted.length / 3)] as number;
  const high = sorted[Math.floor((2 * sorted.length) / 3)] as number;
  return Int8Array.from(trailing, (value) => (value < low ? 0 : value < high ? 1 : 2));
}
