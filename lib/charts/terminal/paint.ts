/** Colours of tones by ANSI escapes, and lines put together from cells. Nothing is coloured where colour is off. */
import type { ChartTone } from '../chart-spec.ts';
import type { Canvas, Cell } from './braille-canvas.ts';

const codes: Readonly<Record<ChartTone, string>> = {
  neutral: '36',
  good: '32',
  bad: '31',
  warn: '33',
  accent: '35',
  muted: '90',
};

export function paint(text: string, tone: ChartTone | null, colour: boolean): string {
  return colour && tone !== null && text.trim() !== '' ? `\x1b[${codes[tone]}m${text}\x1b[39m` : text;
}

/** One row of a canvas; neighbours of one tone share an escape. */
export function paintRow(canvas: Canvas, row: number, colour: boolean): string {
  const cells: Cell[] = Array.from({ length: canvas.columns }, (_, column) => canvas.cell(column, row));
  let line = '';
  for (let start = 0; start < cells.length; ) {
    let end = start;
    while (end < cells.length && cells[end]?.tone === cells[start]?.tone) end++;
    line += paint(
      cells
        .slice(start, end)
        .map((cell) => cell.text)
        .join(''),
      cells[start]?.tone ?? null,
      colour,
    );
    start = end;
  }
  return line;
}

const cycle: readonly ChartTone[] = ['neutral', 'accent', 'warn', 'good', 'bad', 'muted'];

/** A tone for a series that names none. */
export function toneOf(tone: ChartTone | undefined, position: number): ChartTone {
  return tone ?? cycle[position % cycle.length] ?? 'neutral';
}
