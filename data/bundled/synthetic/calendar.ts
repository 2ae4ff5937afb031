/** Trading days of the demo market: weekdays of 2010 to 2025 less the fixed US holidays. */
import { MS_PER_DAY } from '../../../lib/dates.ts';

const FIRST = Date.UTC(2010, 0, 4);
const LAST = Date.UTC(2025, 11, 31);

let days: Float64Array | undefined;

/** UTC midnights, ascending. The array is shared: callers copy before they change it. */
export function tradingDays(): Float64Array {
  if (days !== undefined) return days;
  const list: number[] = [];
  const closed = new Set<number>();
  for (let year = 2009; year <= 2026; year++) for (const holiday of holidays(year)) closed.add(holiday);
  for (let day = FIRST; day <= LAST; day += MS_PER_DAY) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !closed.has(day)) list.push(day);
  }
  days = Float64Array.from(list);
  return days;
}

function holidays(year: number): readonly number[] {
  return [
    observed(Date.UTC(year, 0, 1)),
    nthWeekday(year, 0, 1, 3),
    nthWeekday(year, 1, 1, 3),
    easter(year) - 2 * MS_PER_DAY,
    lastMonday(year, 4),
    observed(Date.UTC(year, 6, 4)),
    nthWeekday(year, 8, 1, 1),
    nthWeekday(year, 10, 4, 4),
    observed(Date.UTC(year, 11, 25)),
    ...(year >= 2022 ? [observed(Date.UTC(year, 5, 19))] : []),
  ];
}

/** A holiday on Sunday is kept on Monday, one on Saturday on Friday. */
function observed(day: number): number {
  const weekday = new Date(day).getUTCDay();
  return day + (weekday === 0 ? MS_PER_DAY : weekday === 6 ? -MS_PER_DAY : 0);
}

/** The n-th given weekday (0 = Sunday) of a month. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((weekday - first + 7) % 7) + 7 * (n - 1));
}

function lastMonday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return last.getTime() - ((last.getUTCDay() + 6) % 7) * MS_PER_DAY;
}

/** Easter Sunday (Meeus, 1991, Astronomical Algorithms, chapter 8). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const k = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * k) / 451);
  const sum = h + k - 7 * m + 114;
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1);
}
