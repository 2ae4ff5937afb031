/** Tables of figures that are no prices of an instrument: yield curves, futures strips, macro series, factors. */
import { MS_PER_DAY } from '../../../lib/dates.ts';
import { isTimeColumn, type TimeColumn } from './detect-layout.ts';
import { inferFrequency } from './infer-frequency.ts';
import { createTimeReader } from './read-row-time.ts';
import type { Table } from './read-table.ts';
import { RowProblems, readNumber, readTime } from './row-problems.ts';
import { type BuiltSeries, SeriesBuilder } from './series-builder.ts';

export interface ParsedPanel {
  readonly built: BuiltSeries;
  readonly availableFrom: Float64Array | null;
  readonly measure: string;
  readonly warnings: readonly string[];
}

export interface PanelParseOptions {
  readonly table: Table;
  readonly fileName: string;
  readonly time: TimeColumn;
  /** What the file's numbers are, where the person says so; `fraction` yields are turned into percent. */
  readonly measure?: string | undefined;
}

const QUARTER_RELEASE_DAYS = 30;
/** Yields above 30% are unheard of in these files, so a table that never passes 0.3 holds fractions. */
const LARGEST_FRACTION = 0.3;

export function parsePanel({ table, fileName, time, measure }: PanelParseOptions): ParsedPanel {
  const problems = new RowProblems();
  const columns = table.header
    .map((name, at) => ({ at, name: panelColumn(name), isDate: /^expiry\d+$/i.test(name.trim()) }))
    .filter(({ at, name }) => !isTimeColumn(time, at) && name !== '');
  const builder = new SeriesBuilder(columns.map(({ name }) => name));
  const readTimeOf = createTimeReader(time, problems);
  const strip = columns.some(({ name }) => name === 'm1') && columns.some(({ name }) => /^m[2-8]$/.test(name));
  let zeros = 0;
  const cells = new Float64Array(columns.length);
  table.forEachRow((row, line) => {
    if (row.length !== table.header.length)
      return problems.add(line, `has ${row.length} cells where the header has ${table.header.length}`);
    const when = readTimeOf(row, line);
    if (when === undefined) return;
    columns.forEach(({ at, name, isDate }, i) => {
      const text = row[at] ?? '';
      const value = isDate ? (text === '' ? Number.NaN : readTime(text)) : readNumber(text);
      if (value === undefined) problems.add(line, `${name} "${text}" is not a ${isDate ? 'date' : 'number'}`);
      const noSettle = strip && value === 0;
      if (noSettle) zeros++;
      cells[i] = noSettle ? Number.NaN : (value ?? Number.NaN);
    });
    builder.add(when, line, (column) => cells[column] as number);
  });
  const built = builder.build('the row', problems);
  problems.throwIfAny(fileName);
  const warnings = zeros === 0 ? [] : [`${zeros} zero settlements were read as missing.`];
  return finish(built, { fileName, measure, strip }, warnings);
}

function finish(
  built: BuiltSeries,
  hints: { readonly fileName: string; readonly measure: string | undefined; readonly strip: boolean },
  warnings: readonly string[],
): ParsedPanel {
  const isYields = Object.keys(built.columns).filter((name) => /^y\d+[my]$/.test(name)).length >= 2;
  const guess = hints.strip
    ? /vix|vol/i.test(hints.fileName)
      ? 'points'
      : 'price'
    : isPercent(isYields, hints.fileName)
      ? 'percent'
      : 'index';
  const isFraction =
    isYields && (hints.measure === 'fraction' || (hints.measure === undefined && largest(built) <= LARGEST_FRACTION));
  const columns = isFraction
    ? Object.fromEntries(Object.entries(built.columns).map(([name, values]) => [name, values.map(toPercent)]))
    : built.columns;
  const release = releaseTimes(built.times);
  return {
    built: { ...built, columns },
    availableFrom: release.times,
    measure: isFraction ? 'percent' : (hints.measure ?? guess),
    warnings: [
      ...warnings,
      ...(isFraction
        ? [
            'The yields are decimal fractions; they were stored in percent. Say `--measure percent` if they are percent.',
          ]
        : []),
      ...release.warnings,
    ],
  };
}

function isPercent(isYields: boolean, fileName: string): boolean {
  return isYields || /yield|rate|factor/i.test(fileName);
}

/** Percent with ten decimals: 0.077543 becomes 7.7543 and not 7.754300000000001. */
function toPercent(value: number): number {
  return Math.round(value * 1e12) / 1e10;
}

function largest(built: BuiltSeries): number {
  let most = 0;
  for (const values of Object.values(built.columns))
    for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/** Figures dated on the first day of a month or quarter cannot be known on that day. */
function releaseTimes(times: Float64Array): {
  readonly times: Float64Array | null;
  readonly warnings: readonly string[];
} {
  const frequency = inferFrequency(times);
  const months = frequency === 'month' ? 1 : frequency === 'quarter' ? 3 : 0;
  if (months === 0 || !times.every((time) => new Date(time).getUTCDate() === 1)) return { times: null, warnings: [] };
  const lag = months === 3 ? QUARTER_RELEASE_DAYS * MS_PER_DAY : 0;
  const known = times.map((time) => {
    const date = new Date(time);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) + lag;
  });
  const when = months === 3 ? `${QUARTER_RELEASE_DAYS} days after their quarter` : 'when their month ended';
  return {
    times: known,
    warnings: [`Rows are dated on the first day of their ${frequency}; they count as known ${when}.`],
  };
}

/** `3 Mo`, `10 Yr`, `Y10Y` … become `y3m`, `y10y`; other names keep their letters. */
function panelColumn(name: string): string {
  const tenor = /^y?\s*(\d+)\s*-?\s*(m|mo|month|months|y|yr|year|years)$/i.exec(name.trim());
  if (tenor !== null) return `y${tenor[1]}${(tenor[2] ?? '').toLowerCase().startsWith('m') ? 'm' : 'y'}`;
  return /^[my]\d|^expiry\d/i.test(name.trim())
    ? name.trim().toLowerCase()
    : name.trim().replace(/\s+/g, '_').slice(0, 40);
}
