/** How often a series is observed, from the usual distance between its rows. */
import { MS_PER_DAY } from '../../../lib/dates.ts';
import type { Frequency, Instrument } from '../../types.ts';

export function inferFrequency(times: Float64Array): Frequency {
  if (times.length < 2) return 'day';
  const steps = times.slice(1).map((time, i) => time - (times[i] as number));
  const usual = (steps.sort()[steps.length >> 1] as number) / MS_PER_DAY;
  if (usual < 1 / 24 - 1e-9) return 'minute';
  if (usual < 0.9) return 'hour';
  if (usual < 5) return 'day';
  if (usual < 20) return 'week';
  return usual < 60 ? 'month' : 'quarter';
}

const WEEKEND_SHARE = 0.2;

/** Trades at weekends too: a fifth of its days or more are Saturdays and Sundays. */
export function tradesAtWeekends(times: Float64Array): boolean {
  const weekend = times.reduce((count, time) => count + Number([0, 6].includes(new Date(time).getUTCDay())), 0);
  return times.length >= 14 && weekend / times.length > WEEKEND_SHARE;
}

export function periodsPerYear(frequency: Frequency, calendar: Instrument['calendar']): number {
  const days = calendar === '24/7' ? 365 : 252;
  const hours = calendar === '24/7' ? 24 : 6.5;
  return { minute: days * hours * 60, hour: days * hours, day: days, week: 52, month: 12, quarter: 4 }[frequency];
}
