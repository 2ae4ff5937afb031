/** A drawing area of character cells with eight Braille dots each: 2 wide, 4 high. One colour a cell, the last one drawn. */
import type { ChartTone } from '../chart-spec.ts';

const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export interface Cell {
  readonly text: string;
  readonly tone: ChartTone | null;
}

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** Dots, not cells: width 2 × columns, height 4 × rows; (0, 0) is at the top left. */
  dot(x: number, y: number, tone: ChartTone): void;
  line(x0: number, y0: number, x1: number, y1: number, tone: ChartTone): void;
  /** Puts a character over a cell; dots of that cell are hidden. */
  put(column: number, row: number, text: string, tone: ChartTone | null): void;
  cell(column: number, row: number): Cell;
}

/** Without Unicode a cell that holds any dot is drawn as one of `' . :` by where its dots lie. */
export function createCanvas(columns: number, rows: number, unicode: boolean): Canvas {
  const bits = new Uint8Array(columns * rows);
  const tones: (ChartTone | null)[] = new Array(columns * rows).fill(null);
  const texts: (string | null)[] = new Array(columns * rows).fill(null);

  const dot = (x: number, y: number, tone: ChartTone): void => {
    const column = x >> 1;
    const row = y >> 2;
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    const at = row * columns + column;
    bits[at] = (bits[at] ?? 0) | (DOTS[y & 3]?.[x & 1] ?? 0);
    tones[at] = tone;
  };

  const line = (x0: number, y0: number, x1: number, y1: number, tone: ChartTone): void => {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; i++)
      dot(Math.round(x0 + ((x1 - x0) * i) / steps), Math.round(y0 + ((y1 - y0) * i) / steps), tone);
  };

  const glyph = (pattern: number): string => {
    if (pattern === 0) return ' ';
    if (unicode) return String.fromCodePoint(0x2800 + pattern);
    const upper = (pattern & 0x1b) !== 0;
    const lower = (pattern & 0xe4) !== 0;
    return upper && lower ? ':' : upper ? "'" : '.';
  };

  return {
    columns,
    rows,
    dot,
    line,
    put(column, row, text, tone) {
      if (column < 0 || row < 0 || column >= columns || row >= rows) return;
      texts[row * columns + column] = text;
      tones[row * columns + column] = tone;
    },
    cell(column, row) {
      const at = row * columns + column;
      return { text: texts[at] ?? glyph(bits[at] ?? 0), tone: tones[at] ?? null };
    },
  };
}
