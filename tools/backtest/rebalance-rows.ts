/** The bars on which a calendar rule rebalances: the last bar of each period (its end is known only if a later bar exists). */
export type RebalanceRule = 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'never';

const MS_PER_DAY = 86_400_000;

function period(time: number, rule: RebalanceRule): number {
  const day = new Date(time);
  const month = day.getUTCFullYear() * 12 + day.getUTCMonth();
  if (rule === 'weekly') return Math.floor((time / MS_PER_DAY + 3) / 7);
  if (rule === 'monthly') return month;
  return rule === 'quarterly' ? Math.floor(month / 3) : day.getUTCFullYear();
}

/**
 * Rows whose successor is in another period. A calendar tells which day is a period's last, so deciding on it looks at no
 * later price; the newest row never counts, because nothing could be filled after it.
 */
export function rebalanceRows(times: Float64Array, rule: RebalanceRule): ReadonlySet<number> {
  const out = new Set<number>();
  if (rule === 'never') return out;
  for (let t = 0; t + 1 < times.length; t++) {
    if (rule === 'daily' || period(times[t] as number, rule) !== period(times[t + 1] as number, rule)) out.add(t);
  }
  return out;
}
