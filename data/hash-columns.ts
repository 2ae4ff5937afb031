/** The fingerprint of rows: equal numbers in equal columns give an equal hash, wherever they came from. */
import { createHash } from 'node:crypto';
import type { Columns } from './market-source.ts';

/** SHA-256 (first 32 hexadecimal digits) over the bytes of the times and of each column in the order of their names. */
export function hashColumns(times: Float64Array, columns: Columns, extra: Columns = {}): string {
  const hash = createHash('sha256');
  hash.update(`times:${times.length};`).update(times);
  for (const group of [columns, extra]) {
    for (const name of Object.keys(group).sort()) {
      const column = group[name];
      if (column !== undefined) hash.update(`${name};`).update(column);
    }
  }
  return hash.digest('hex').slice(0, 32);
}
