/**
 * Tables that never lose a digit: as wide as they need; where that does not fit, words wrap inside their cells; where even
 * that does not fit, every row becomes a block of `name: value` lines. Numbers stand to the right.
 */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Style } from './style.ts';

const GAP = 2;

function isNumeric(cell: string): boolean {
  return (
    /^[\s$€£¥₩+−-]*[\d.,]+\s?(%|bps|pp|days?|years?|일|년|x|×)?$/.test(cell.trim()) ||
    cell.trim() === '' ||
    cell.trim() === 'n/a'
  );
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return right ? `${space}${text}` : `${text}${space}`;
}

/** Column widths that fit, or null. Only columns of words give way, the widest first, down to their longest word. */
function fitWidths(natural: readonly number[], least: readonly number[], width: number): readonly number[] | null {
  const widths = [...natural];
  const total = () => widths.reduce((sum, w) => sum + w, 0) + GAP * (widths.length - 1);
  while (total() > width) {
    const widest = widths.reduce(
      (best, w, i) => (w > (least[i] ?? 0) && (best < 0 || w > (widths[best] ?? 0)) ? i : best),
      -1,
    );
    if (widest < 0) return null;
    widths[widest] = Math.max(
      least[widest] ?? 1,
      (widths[widest] ?? 0) - Math.max(1, Math.ceil((total() - width) / 2)),
    );
  }
  return widths;
}

function longestWord(cells: readonly string[]): number {
  return Math.max(1, ...cells.flatMap((cell) => cell.split(/\s+/).map((word) => stringWidth(word))));
}

export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  style: Style,
): readonly string[] {
  const columns = header.map((_, c) => rows.map((row) => row[c] ?? ''));
  const numeric = columns.map((cells) => cells.length > 0 && cells.every(isNumeric));
  const natural = header.map((name, c) =>
    Math.max(stringWidth(name), ...(columns[c] ?? []).map((cell) => stringWidth(cell)), 1),
  );
  const least = header.map((name, c) =>
    numeric[c]
      ? Math.max(longestWord([name]), ...(columns[c] ?? []).map((cell) => stringWidth(cell)))
      : longestWord([name, ...(columns[c] ?? [])]),
  );
  const widths = fitWidths(natural, least, width);
  if (widths === null) return vertical(header, rows, width, style);
  const layout = (cells: readonly string[]): readonly string[] => {
    const wrapped = cells.map((cell, c) => wrapAnsi(cell, widths[c] ?? 1, { hard: false }).split('\n'));
    const height = Math.max(1, ...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      header
        .map((_name, c) => pad(wrapped[c]?.[line] ?? '', widths[c] ?? 1, numeric[c] === true))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  const rule = widths.map((w) => '─'.repeat(w)).join('─'.repeat(GAP));
  return [...layout(header).map((line) => style.bold(line)), style.dim(rule), ...rows.flatMap(layout)];
}

function vertical(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  style: Style,
): readonly string[] {
  return rows.flatMap((row, r) => [
    ...(r === 0 ? [] : [style.dim('─'.repeat(Math.min(width, 20)))]),
    ...header.flatMap((name, c) =>
      wrapAnsi(`${style.bold(`${name}:`)} ${row[c] ?? ''}`, width, { hard: false }).split('\n'),
    ),
  ]);
}
