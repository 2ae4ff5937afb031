/**
 * Golden tests: numbers from established implementations, in a folder outside the project.
 * `TRADEWIND_GOLDEN` names it (default `../shared`); it holds `reference/*.json` and `data/`.
 * A suite iterates every case of its file and never names one. Where the folder is absent the suite is skipped, and counted.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, it } from 'vitest';

const folder = resolve(process.env['TRADEWIND_GOLDEN'] ?? '../shared');

/** A value of a reference file. Infinities, written as strings there, arrive as numbers; null stands for NaN. */
// biome-ignore lint/suspicious/noExplicitAny: reference files have one shape per topic; each test states the one it reads
export type GoldenValue = any;

export interface GoldenCase {
  readonly id: string;
  readonly input: GoldenValue;
  readonly expect: GoldenValue;
  readonly tolerance: GoldenValue;
}

export interface GoldenTable {
  readonly header: readonly string[];
  readonly rows: number;
  text(column: string): readonly string[];
  /** Empty cells are NaN. */
  numbers(column: string): Float64Array;
}

function revive(_key: string, value: unknown): unknown {
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  return value === '-Infinity' ? Number.NEGATIVE_INFINITY : value;
}

function find(file: string): string | undefined {
  return [join(folder, 'data', basename(file)), join(folder, 'reference', basename(file))].find((path) =>
    existsSync(path),
  );
}

/** True where the golden folder holds this reference file. */
export function hasGolden(name: string): boolean {
  return existsSync(join(folder, 'reference', `${name}.json`));
}

/** The whole reference file, for topics that are not a list of cases. */
export function readGolden(name: string): GoldenValue {
  return JSON.parse(readFileSync(join(folder, 'reference', `${name}.json`), 'utf8'), revive);
}

const tables = new Map<string, GoldenTable>();

/** A CSV of the golden folder by base name, plain or gzip, in `data/`, then `reference/`. */
export function readGoldenTable(file: string): GoldenTable {
  const path = find(file);
  if (path === undefined)
    throw new Error(`golden file ${basename(file)} is in neither ${folder}/data nor ${folder}/reference`);
  const known = tables.get(path);
  if (known) return known;
  const raw = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').trim().split(/\r?\n/);
  const header = (lines[0] ?? '').split(',');
  const cells = lines.slice(1).map((line) => line.split(','));
  const column = (name: string): readonly string[] => {
    const index = header.indexOf(name);
    if (index < 0) throw new Error(`${basename(file)} has no column ${name}; it has ${header.join(', ')}`);
    return cells.map((row) => row[index] ?? '');
  };
  const table: GoldenTable = {
    header,
    rows: cells.length,
    text: column,
    numbers: (name) => Float64Array.from(column(name), (cell) => (cell === '' ? Number.NaN : Number(cell))),
  };
  tables.set(path, table);
  return table;
}

/** One test per case of `reference/<name>.json`. */
export function describeGolden(name: string, check: (golden: GoldenCase) => void | Promise<void>): void {
  describe(`golden ${name}`, () => {
    if (!hasGolden(name)) {
      it.skip(`reference/${name}.json is not at TRADEWIND_GOLDEN`, () => undefined);
      return;
    }
    const file = readGolden(name);
    const cases: readonly GoldenValue[] = Array.isArray(file.cases) ? file.cases : [{ id: name, ...file }];
    for (const [index, entry] of cases.entries()) {
      const golden: GoldenCase = {
        id: String(entry.id ?? `${name}-${index}`),
        input: entry.input,
        expect: entry.expect,
        tolerance: entry.tolerance ?? file.tolerance,
      };
      it(golden.id, () => check(golden));
    }
  });
}
