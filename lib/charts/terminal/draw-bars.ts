/** Horizontal bars, one row a category and series, with the value beside each. Negative bars grow to the left of zero. */
import stringWidth from 'string-width';
import { formatNumber } from '../../format.ts';
import type { BarChart } from '../chart-spec.ts';
import { extent } from '../nice-ticks.ts';
import type { TerminalChartOptions } from './options.ts';
import { paint, toneOf } from './paint.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

function bar(length: number, unicode: boolean): string {
  if (!unicode) return '#'.repeat(Math.round(length));
  const whole = Math.floor(length);
  return '█'.repeat(whole) + (EIGHTHS[Math.floor((length - whole) * 8)] ?? '');
}

export function drawBars(spec: BarChart, options: TerminalChartOptions): readonly string[] {
  const range = extent(spec.series.flatMap((series) => [...series.values, 0])) ?? { low: 0, high: 1 };
  const label = (value: number | null) => (value === null ? 'n/a' : formatNumber(value, spec.unit));
  const names = spec.categories.map((category) => category);
  const nameWidth = Math.min(Math.max(...names.map((name) => stringWidth(name)), 1), Math.floor(options.width / 3));
  const valueWidth = Math.max(
    ...spec.series.flatMap((series) => series.values.map((value) => stringWidth(label(value)))),
    1,
  );
  const space = Math.max(6, options.width - nameWidth - valueWidth - 4);
  const scale = space / (range.high - range.low || 1);
  const zero = -range.low * scale;
  const lines: string[] = [];
  for (const [i, category] of names.entries()) {
    for (const [s, series] of spec.series.entries()) {
      const value = series.values[i] ?? null;
      const shown = s === 0 ? category : '';
      const clipped = stringWidth(shown) > nameWidth ? `${[...shown].slice(0, nameWidth - 1).join('')}…` : shown;
      const head = `${clipped}${' '.repeat(Math.max(0, nameWidth - stringWidth(clipped)))}`;
      const tone =
        series.tone ?? (spec.series.length > 1 ? toneOf(undefined, s) : (value ?? 0) < 0 ? 'bad' : 'neutral');
      const length = Math.abs(value ?? 0) * scale;
      const drawn = bar(length, options.unicode);
      const before = Math.max(0, Math.round((value ?? 0) < 0 ? zero - length : zero));
      lines.push(`${head} ${' '.repeat(before)}${paint(drawn, tone, options.colour)} ${label(value)}`);
    }
  }
  if (spec.series.length > 1)
    lines.push(
      spec.series
        .map((series, s) =>
          paint(`${options.unicode ? '█' : '#'} ${series.name}`, toneOf(series.tone, s), options.colour),
        )
        .join('   '),
    );
  return lines;
}
