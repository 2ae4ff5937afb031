/** Gathers the rows of one series while a file is read, then orders them and sorts out repeated days. */
import { toIsoTime } from '../../../lib/dates.ts';
import type { Columns } from '../../market-source.ts';
import type { RowProblems } from './row-problems.ts';

export interface BuiltSeries {
  readonly times: Float64Array;
  readonly columns: Columns;
  /** Rows that said the same as an earlier one. */
  readonly duplicates: number;
}

export class SeriesBuilder {
  private readonly times: number[] = [];
  private readonly lines: number[] = [];
  private readonly values: number[][];
  private ascending = true;

  constructor(private readonly names: readonly string[]) {
    this.values = names.map(() => []);
  }

  get length(): number {
    return this.times.length;
  }

  /** `read` gives the value of each column by its position in the names. */
  add(time: number, line: number, read: (column: number) => number): void {
    const last = this.times[this.times.length - 1];
    if (last !== undefined && time <= last) this.ascending = false;
    this.times.push(time);
    this.lines.push(line);
    for (let column = 0; column < this.names.length; column++) this.values[column]?.push(read(column));
  }

  build(label: string, problems: RowProblems): BuiltSeries {
    const order = this.ascending ? undefined : this.order(label, problems);
    const rows = order?.rows;
    const pick = (values: readonly number[]) =>
      rows === undefined ? Float64Array.from(values) : Float64Array.from(rows, (row) => values[row] as number);
    const columns: Record<string, Float64Array> = {};
    this.names.forEach((name, column) => {
      const values = pick(this.values[column] ?? []);
      if (values.some((value) => !Number.isNaN(value))) columns[name] = values;
    });
    return { times: pick(this.times), columns, duplicates: order?.duplicates ?? 0 };
  }

  private order(label: string, problems: RowProblems): { rows: readonly number[]; duplicates: number } {
    const sorted = this.times.map((_, row) => row).sort((a, b) => this.time(a) - this.time(b) || a - b);
    const rows: number[] = [];
    let duplicates = 0;
    for (const row of sorted) {
      const before = rows.at(-1);
      if (before === undefined || this.time(before) !== this.time(row)) rows.push(row);
      else if (this.values.every((values) => Object.is(values[before], values[row]))) duplicates++;
      else
        problems.add(
          this.lines[row] ?? 0,
          `${label} on ${toIsoTime(this.time(row))} differs from line ${this.lines[before]}, which has the same time`,
        );
    }
    return { rows, duplicates };
  }

  private time(row: number): number {
    return this.times[row] as number;
  }
}
