/** Finds and reads the files that ship with Tradewind, from the sources and from the bundle alike. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

let found: string | undefined;

/** `data/bundled/files`, looked for in this folder and in every one above it. */
export function bundledFolder(): string {
  if (found !== undefined) return found;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const candidate of [join(folder, 'files'), join(folder, 'data', 'bundled', 'files')]) {
      if (existsSync(join(candidate, 'spx-daily.csv.gz'))) {
        found = candidate;
        return candidate;
      }
    }
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The bundled data files (data/bundled/files) are not where they should be.');
    folder = parent;
  }
}

/** Header and rows of one bundled table; its cells hold no quotes and no commas. */
export function readBundledTable(name: string): { header: readonly string[]; rows: readonly (readonly string[])[] } {
  const text = gunzipSync(readFileSync(join(bundledFolder(), name))).toString('utf8');
  const [header = '', ...lines] = text.trim().split('\n');
  return { header: header.split(','), rows: lines.map((line) => line.split(',')) };
}
