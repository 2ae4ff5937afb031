/** What each row of a feature table is asked to predict. */

import type { FeatureTable } from './feature-table.ts';
import { forwardReturns } from './labels.ts';
import type { PanelSeries } from './panel-series.ts';

export type TargetKind = 'return' | 'excess' | 'volatility-scaled';

/**
 * Log return over the next `horizon` rows of the instrument; `excess` less the mean of the day's instruments;
 * `volatility-scaled` over the deviation of the 21 returns up to the day. NaN where the future is not over. Row order of the
 * table. O(rows).
 */
export function returnTarget(
  table: FeatureTable,
  instruments: readonly PanelSeries[],
  horizon: number,
  kind: TargetKind,
): Float64Array {
  const forward = instruments.map((series) => forwardReturns(series.close, horizon, 'log'));
  const at = (r: number): number =>
    (forward[table.instrumentOf[r] as number] as Float64Array)[table.positionOf[r] as number] as number;
  const target = Float64Array.from({ length: table.rows }, (_, r) => at(r));
  if (kind === 'excess') centreByDay(table, target);
  if (kind === 'volatility-scaled') scaleByPast(table, instruments, target);
  return target;
}

function centreByDay(table: FeatureTable, target: Float64Array): void {
  let from = 0;
  while (from < target.length) {
    let to = from;
    let sum = 0;
    let count = 0;
    while (to < target.length && table.dayOf[to] === table.dayOf[from]) {
      if (!Number.isNaN(target[to] as number)) {
        sum += target[to] as number;
        count++;
      }
      to++;
    }
    for (let r = from; r < to; r++) target[r] = (target[r] as number) - sum / count;
    from = to;
  }
}

function scaleByPast(table: FeatureTable, instruments: readonly PanelSeries[], target: Float64Array): void {
  const scales = instruments.map((series) => {
    const out = new Float64Array(series.close.length).fill(Number.NaN);
    for (let t = 21; t < out.length; t++) {
      let sum = 0;
      for (let i = t - 20; i <= t; i++)
        sum += Math.log((series.close[i] as number) / (series.close[i - 1] as number)) ** 2;
      out[t] = Math.sqrt(sum / 21);
    }
    return out;
  });
  for (let r = 0; r < target.length; r++) {
    const scale = (scales[table.instrumentOf[r] as number] as Float64Array)[table.positionOf[r] as number] as number;
    target[r] = scale > 0 ? (target[r] as number) / scale : Number.NaN;
  }
}
