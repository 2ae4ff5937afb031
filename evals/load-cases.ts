/** Reads case files (YAML or JSONL) of a suite folder; a mistake names the file, the case and the field. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { invalidInput, notAvailable } from '../lib/errors.ts';
import { type EvalCase, evalCase } from './case.ts';

function readRecords(path: string): readonly unknown[] {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.jsonl'))
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  const parsed: unknown = parse(text);
  if (!Array.isArray(parsed)) throw invalidInput({ what: path, needed: 'a list of cases', got: typeof parsed });
  return parsed;
}

function readCase(record: unknown, path: string, position: number): EvalCase {
  const result = evalCase.safeParse(record);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const id =
    typeof record === 'object' && record !== null && 'id' in record ? String(record.id) : `number ${position + 1}`;
  throw invalidInput({
    code: 'INVALID_CASE',
    what: `Case ${id} in ${path}`,
    needed: `valid at ${issue?.path.map(String).join('.') || 'the top'} (${issue?.message})`,
    got: 'something else',
    hint: 'See docs/evals.md for the fields.',
  });
}

/** All cases of a folder, by file name; ids are unique over the suite. */
export function loadCases(folder: string): readonly EvalCase[] {
  const files = readdirSync(folder)
    .filter((file) => /\.(ya?ml|jsonl)$/.test(file))
    .sort();
  if (files.length === 0)
    throw notAvailable({
      message: `There are no case files in ${folder}.`,
      hint: 'Case files end in .yaml or .jsonl.',
    });
  const cases = files.flatMap((file) =>
    readRecords(join(folder, file)).map((record, i) => readCase(record, join(folder, file), i)),
  );
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) throw invalidInput({ what: 'A case id', needed: 'unique in its suite', got: id });
    seen.add(id);
  }
  return cases;
}
