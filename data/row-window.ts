/** Which rows of a table of ascending times lie in a window and on or before the cut-off. */
import { MS_PER_DAY, parseIsoDate } from '../lib/dates.ts';
import type { Window } from './ports.ts';

export interface RowWindow {
  readonly first: number;
  /** One past the last row. */
  readonly end: number;
}

/** The first row whose time is at or after the given one. */
export function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first instant after an ISO day: rows of that day, at whatever hour, lie before it. */
export function endOfDay(day: string): number {
  return parseIsoDate(day.slice(0, 10)) + MS_PER_DAY;
}

/** Rows of the window that were there at the cut-off; a row with a release lag counts from the day it became known. */
export function rowWindow(
  times: Float64Array,
  availableFrom: Float64Array | null,
  asOf: string,
  window: Window,
): RowWindow {
  const first = window.start === undefined ? 0 : lowerBound(times, parseIsoDate(window.start));
  const limit = endOfDay(asOf);
  let end = lowerBound(times, window.end === undefined ? limit : Math.min(limit, endOfDay(window.end)));
  if (availableFrom !== null) while (end > first && (availableFrom[end - 1] as number) >= limit) end--;
  return { first: Math.min(first, end), end };
}
