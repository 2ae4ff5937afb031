/** Joins new rows with those that are held: what is added, what was there already, and what contradicts. */
import { toIsoTime } from '../../../lib/dates.ts';
import type { Columns } from '../../market-source.ts';

export interface Rows {
  readonly times: Float64Array;
  readonly columns: Columns;
}

export interface Merged extends Rows {
  readonly added: number;
  /** Held before, with the same numbers. */
  readonly unchanged: number;
  readonly conflicts: number;
  /** The first few, in words. */
  readonly examples: readonly string[];
  /** Columns that an old row lacked and a new one has. */
  readonly filled: number;
}

/** Two sources of one price differ in rounding; more than a hundredth of a percent is another number. */
const SAME = 1e-4;
const SHOWN = 3;

export function mergeRows(held: Rows | undefined, fresh: Rows, winner: 'held' | 'fresh'): Merged {
  if (held === undefined)
    return { ...fresh, added: fresh.times.length, unchanged: 0, conflicts: 0, examples: [], filled: 0 };
  const names = [...new Set([...Object.keys(held.columns), ...Object.keys(fresh.columns)])];
  const times: number[] = [];
  const values: number[][] = names.map(() => []);
  const count = { added: 0, unchanged: 0, conflicts: 0, filled: 0 };
  const examples: string[] = [];
  let h = 0;
  let f = 0;
  while (h < held.times.length || f < fresh.times.length) {
    const heldTime = held.times[h] ?? Number.POSITIVE_INFINITY;
    const freshTime = fresh.times[f] ?? Number.POSITIVE_INFINITY;
    const time = Math.min(heldTime, freshTime);
    times.push(time);
    let conflict = false;
    names.forEach((name, column) => {
      const old = heldTime === time ? (held.columns[name]?.[h] ?? Number.NaN) : Number.NaN;
      const now = freshTime === time ? (fresh.columns[name]?.[f] ?? Number.NaN) : Number.NaN;
      if (heldTime === freshTime && differ(old, now)) {
        conflict = true;
        if (examples.length < SHOWN) examples.push(`${toIsoTime(time)} ${name} ${old} here, ${now} in the file`);
      }
      if (heldTime === freshTime && Number.isNaN(old) && !Number.isNaN(now)) count.filled++;
      const first = winner === 'held' || !differ(old, now) ? old : now;
      values[column]?.push(Number.isNaN(first) ? now : first);
    });
    if (heldTime !== freshTime) count.added += freshTime < heldTime ? 1 : 0;
    else if (conflict) count.conflicts++;
    else count.unchanged++;
    if (heldTime === time) h++;
    if (freshTime === time) f++;
  }
  const columns = Object.fromEntries(names.map((name, i) => [name, Float64Array.from(values[i] ?? [])]));
  return { times: Float64Array.from(times), columns, ...count, examples };
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > SAME * Math.max(Math.abs(a), Math.abs(b));
}
