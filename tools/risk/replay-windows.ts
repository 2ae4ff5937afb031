/** Known crises, and the change of a price series between two days. */
import { parseIsoDate } from '../../lib/dates.ts';

/** Peak and trough of well-known falls of the S&P 500 (closing days). */
export const CRISES = [
  { name: 'Dot-com 2000–2002', from: '2000-03-24', to: '2002-10-09' },
  { name: 'Financial crisis 2007–2009', from: '2007-10-09', to: '2009-03-09' },
  { name: 'Lehman 2008', from: '2008-09-12', to: '2008-11-20' },
  { name: 'Flash crash and euro crisis 2010', from: '2010-04-23', to: '2010-07-02' },
  { name: 'US downgrade 2011', from: '2011-07-22', to: '2011-10-03' },
  { name: 'China and oil 2015–2016', from: '2015-11-03', to: '2016-02-11' },
  { name: 'Fourth quarter 2018', from: '2018-09-20', to: '2018-12-24' },
  { name: 'Covid 2020', from: '2020-02-19', to: '2020-03-23' },
  { name: 'Inflation 2022', from: '2022-01-03', to: '2022-10-12' },
] as const;

export interface Closes {
  readonly symbol: string;
  readonly times: Float64Array;
  readonly close: Float64Array;
}
/** Change between the last closes on or before both days; null where the series does not span them. */
export function changeBetween(closes: Closes | null, from: string, to: string): number | null {
  if (closes === null) return null;
  const start = lastBefore(closes, from);
  const end = lastBefore(closes, to);
  const week = 10 * 86_400_000;
  if (start === null || end === null || end <= start) return null;
  if (
    parseIsoDate(to) - (closes.times[end] as number) > week ||
    parseIsoDate(from) - (closes.times[start] as number) > week
  )
    return null;
  return (closes.close[end] as number) / (closes.close[start] as number) - 1;
}

export function lastBefore(closes: Closes, day: string): number | null {
  const limit = parseIsoDate(day) + 86_399_999;
  let low = 0;
  let high = closes.times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((closes.times[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0; i--) if (Number.isFinite(closes.close[i] as number)) return i;
  return null;
}
