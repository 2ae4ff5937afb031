/** Horizontal bars as SVG, grouped or stacked, each with its value. */
import { formatNumber } from '../../format.ts';
import type { BarChart } from '../chart-spec.ts';
import { extent, niceTicks } from '../nice-ticks.ts';
import { tickLabels } from '../tick-labels.ts';
import {
  colourOf,
  faint,
  frameInsets,
  quiet,
  round,
  type SvgSize,
  svgFrame,
  svgLegend,
  svgLine,
  svgText,
  textWidth,
} from './svg-parts.ts';

function barRange(spec: BarChart): { readonly low: number; readonly high: number } {
  if (!spec.stacked) return extent(spec.series.flatMap((series) => [...series.values, 0])) ?? { low: 0, high: 1 };
  const sums = spec.categories.flatMap((_, i) => {
    const values = spec.series.map((series) => series.values[i] ?? 0);
    return [
      values.filter((v) => v > 0).reduce((a, b) => a + b, 0),
      values.filter((v) => v < 0).reduce((a, b) => a + b, 0),
    ];
  });
  return extent([...sums, 0]) ?? { low: 0, high: 1 };
}

export function svgBars(spec: BarChart, size: SvgSize): string {
  const insets = frameInsets(spec);
  const entries =
    spec.series.length > 1
      ? spec.series.map((series, i) => ({ label: series.name, colour: colourOf(series.tone, i) }))
      : [];
  const legend = svgLegend(entries, 16, insets.top - 8, size.width - 32);
  const top = insets.top + legend.height + 4;
  const names = Math.min(size.width * 0.35, Math.max(...spec.categories.map((name) => textWidth(name)), 30)) + 12;
  const values =
    Math.max(
      ...spec.series.flatMap((series) =>
        series.values.map((value) => (value === null ? 0 : textWidth(formatNumber(value, spec.unit)))),
      ),
      20,
    ) + 10;
  const range = barRange(spec);
  const left = 16 + names + (range.low < 0 ? values : 0);
  const width = Math.max(40, size.width - 16 - left - values);
  const height = size.height - top - insets.bottom - 24;
  const x = (value: number) => left + ((value - range.low) / (range.high - range.low || 1)) * width;
  const slot = height / Math.max(1, spec.categories.length);
  const perSlot = spec.stacked ? 1 : spec.series.length;
  const thick = Math.max(2, Math.min(26, (slot * 0.72) / perSlot));
  const ticks = niceTicks(range.low, range.high, 5);
  const labels = tickLabels(ticks, spec.unit);
  const parts: string[] = [legend.markup];
  for (const [i, tick] of ticks.entries())
    parts.push(
      svgLine(x(tick), top, x(tick), top + height, faint),
      svgText(x(tick), top + height + 16, labels[i] ?? '', { anchor: 'middle', size: 11, fill: quiet }),
    );
  for (const [i, name] of spec.categories.entries()) {
    const middle = top + slot * (i + 0.5);
    parts.push(svgText(16 + names - 12, middle + 4, name, { anchor: 'end' }));
    let [up, down] = [0, 0];
    for (const [s, series] of spec.series.entries()) {
      const value = series.values[i] ?? null;
      const y = spec.stacked ? middle - thick / 2 : middle - (thick * perSlot) / 2 + thick * s;
      if (value === null) {
        parts.push(svgText(x(0) + 6, y + thick / 2 + 4, 'n/a', { fill: quiet, size: 11 }));
        continue;
      }
      const from = spec.stacked ? (value >= 0 ? up : down) : 0;
      if (spec.stacked && value >= 0) up += value;
      else if (spec.stacked) down += value;
      const [a, b] = [x(from), x(from + value)];
      const tone = series.tone ?? (spec.series.length === 1 && value < 0 ? 'bad' : undefined);
      parts.push(
        `<rect x="${round(Math.min(a, b))}" y="${round(y)}" width="${round(Math.max(0.5, Math.abs(b - a)))}" height="${round(thick)}" fill="${colourOf(tone, s)}"/>`,
      );
      if (!spec.stacked)
        parts.push(
          svgText(value >= 0 ? b + 6 : b - 6, y + thick / 2 + 4, formatNumber(value, spec.unit), {
            anchor: value >= 0 ? 'start' : 'end',
            size: 11,
          }),
        );
    }
  }
  parts.push(svgLine(x(0), top, x(0), top + height, quiet));
  return svgFrame(spec, size, parts.join(''));
}
