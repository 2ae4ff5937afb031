/** Rows of a result as a Markdown table: columns are the fields of the first row, numbers in their units. */
import type { Language } from '../../lib/format.ts';
import type { BoundResult, EvidenceRow, Resolved } from './bound-result.ts';
import { evidenceFor, formatAt, plainText } from './format-at.ts';

const MAX_ROWS = 25;
const MAX_COLUMNS = 10;

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** `expectedDurationDays` becomes `expected duration days`. */
export function columnTitle(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** A list of objects, a list of numbers, or an object of numbers. */
export function renderTable(result: BoundResult, path: string, value: unknown, language: Language): Resolved {
  const rows = rowsOf(path, value);
  const first = rows[0];
  if (first === undefined) return { ok: false, reason: `"${path}" has no rows` };
  const columns = Object.keys(first.cells)
    .filter((key) => isScalar(first.cells[key]))
    .slice(0, MAX_COLUMNS);
  if (columns.length === 0) return { ok: false, reason: `"${path}" has no plain columns` };
  const evidence: EvidenceRow[] = [];
  const cell = (row: TableRow, key: string): string => {
    const content = row.cells[key];
    if (typeof content === 'number') {
      const at = row.pathOf(key);
      const { text, suffix } = formatAt(result, at, content, undefined, language);
      evidence.push(evidenceFor(result, at, content, text, false));
      return text + suffix;
    }
    return content === null || content === undefined ? '–' : plainText(String(content)).replaceAll('|', '/');
  };
  const numeric = columns.map((key) => typeof first.cells[key] === 'number');
  const lines = [
    `| ${columns.map(columnTitle).join(' | ')} |`,
    `| ${numeric.map((right) => (right ? '---:' : '---')).join(' | ')} |`,
    ...rows.slice(0, MAX_ROWS).map((row) => `| ${columns.map((key) => cell(row, key)).join(' | ')} |`),
  ];
  if (rows.length > MAX_ROWS) lines.push(language === 'ko' ? `\n(이하 생략)` : `\n(further rows left out)`);
  return { ok: true, text: `\n\n${lines.join('\n')}\n\n`, suffix: '', evidence };
}

interface TableRow {
  readonly cells: Readonly<Record<string, unknown>>;
  readonly pathOf: (key: string) => string;
}

function rowsOf(path: string, value: unknown): readonly TableRow[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.map((row, i) =>
      isRow(row)
        ? { cells: row, pathOf: (key) => `${path}[${i}].${key}` }
        : { cells: { row: String(i + 1), value: row }, pathOf: () => `${path}[${i}]` },
    );
  }
  if (!isRow(value)) return [];
  return Object.entries(value)
    .filter(([, content]) => isScalar(content))
    .map(([key, content]) => ({ cells: { name: columnTitle(key), value: content }, pathOf: () => `${path}.${key}` }));
}
