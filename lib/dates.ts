/** Calendar days as ISO strings and as UTC epoch milliseconds. No function here reads a clock. */
import { invalidInput } from './errors.ts';

export const MS_PER_DAY = 86_400_000;

/** `2020-02-28` (or an ISO date-time) to UTC epoch milliseconds. Rejects days that do not exist. */
export function parseIsoDate(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z?)?$/.exec(text);
  const ms = match
    ? Date.parse(match[4] === undefined ? `${text}T00:00:00Z` : `${text.replace(' ', 'T').replace(/Z$/, '')}Z`)
    : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw invalidInput({
      code: 'INVALID_DATE',
      what: 'A date',
      needed: 'an ISO date such as 2020-02-28',
      got: JSON.stringify(text),
      hint: 'Write the date as year-month-day.',
    });
  }
  return ms;
}

/** UTC epoch milliseconds to `2020-02-28`. */
export function toIsoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** UTC epoch milliseconds to `2020-02-28` at midnight, else `2020-02-28T14:30:00Z`. */
export function toIsoTime(ms: number): string {
  return ms % MS_PER_DAY === 0 ? toIsoDate(ms) : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The ISO date a number of calendar days later (or earlier, when negative). */
export function addDays(date: string, days: number): string {
  return toIsoDate(parseIsoDate(date) + days * MS_PER_DAY);
}

/** Calendar days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((parseIsoDate(to) - parseIsoDate(from)) / MS_PER_DAY);
}
