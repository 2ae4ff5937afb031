/** Places rows in time by a date, a year with its quarter or month, or a running number. */
import { MS_PER_DAY } from '../../../lib/dates.ts';
import type { TimeColumn } from './detect-layout.ts';
import { type RowProblems, readTime } from './row-problems.ts';

/** Where rows carry only a number, the first is put on this day. */
export const NUMBERED_FROM = Date.UTC(2000, 0, 1);

export function createTimeReader(
  column: TimeColumn,
  problems: RowProblems,
): (row: readonly string[], line: number) => number | undefined {
  if (column.kind === 'date') {
    return (row, line) => {
      const time = readTime(row[column.at]);
      if (time === undefined) problems.add(line, `"${row[column.at] ?? ''}" is not an ISO date such as 2020-02-28`);
      return time;
    };
  }
  if (column.kind === 'number') {
    return (row, line) => {
      const n = Number(row[column.at]);
      if (Number.isInteger(n) && row[column.at] !== '') return NUMBERED_FROM + n * MS_PER_DAY;
      problems.add(line, `"${row[column.at] ?? ''}" is not a row number`);
      return undefined;
    };
  }
  const most = column.kind === 'quarter' ? 4 : 12;
  return (row, line) => {
    const year = Number(row[column.year]);
    const part = Number(row[column.part]);
    if (Number.isInteger(year) && Number.isInteger(part) && part >= 1 && part <= most && year > 0)
      return Date.UTC(year, (part - 1) * (12 / most), 1);
    problems.add(line, `year "${row[column.year]}" and ${column.kind} "${row[column.part]}" are not a period`);
    return undefined;
  };
}
