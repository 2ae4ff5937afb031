/** A matrix with its numbers; the background shades them where colour is on. Digits are never lost: wide tables are cut into blocks of columns. */
import stringWidth from 'string-width';
import { formatNumber } from '../../format.ts';
import type { HeatmapChart } from '../chart-spec.ts';
import { extent } from '../nice-ticks.ts';
import type { TerminalChartOptions } from './options.ts';

function shade(value: number, low: number, high: number, diverging: boolean): number {
  // 256-colour cube: blue to white to red for diverging, greys for sequential.
  if (diverging) {
    const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const level = Math.round(Math.min(1, Math.abs(value) / size) * 4);
    return value < 0 ? ([255, 224, 217, 210, 203][level] ?? 203) : ([255, 195, 153, 117, 75][level] ?? 75);
  }
  return 232 + Math.round(((value - low) / (high - low || 1)) * 20);
}

export function drawHeatmap(spec: HeatmapChart, options: TerminalChartOptions): readonly string[] {
  const range = extent(spec.values) ?? { low: 0, high: 1 };
  const text = (value: number | null) => (value === null ? '·' : formatNumber(value, spec.unit));
  const rowWidth = Math.max(...spec.rows.map((row) => stringWidth(row)), 1);
  const cell =
    Math.max(
      ...spec.columns.map((column) => stringWidth(column)),
      ...spec.values.map((value) => stringWidth(text(value))),
    ) + 1;
  const perBlock = Math.max(1, Math.floor((options.width - rowWidth - 1) / cell));
  const pad = (word: string, width: number) => `${' '.repeat(Math.max(0, width - stringWidth(word)))}${word}`;
  const lines: string[] = [];
  for (let from = 0; from < spec.columns.length; from += perBlock) {
    const columns = spec.columns.slice(from, from + perBlock);
    if (from > 0) lines.push('');
    lines.push(`${' '.repeat(rowWidth)}${columns.map((column) => pad(column, cell)).join('')}`);
    for (const [r, row] of spec.rows.entries()) {
      const cells = columns.map((_, c) => {
        const value = spec.values[r * spec.columns.length + from + c] ?? null;
        const word = pad(text(value), cell);
        if (!options.colour || value === null) return word;
        const code = shade(value, range.low, range.high, spec.palette === 'diverging');
        const ink = spec.palette === 'diverging' || code > 243 ? 16 : 231;
        return `\x1b[48;5;${code}m\x1b[38;5;${ink}m${word}\x1b[39m\x1b[49m`;
      });
      lines.push(`${pad(row, rowWidth)}${cells.join('')}`);
    }
  }
  return lines;
}
