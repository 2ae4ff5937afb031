/** A matrix of coloured cells with their numbers where they fit. */
import { formatNumber } from '../../format.ts';
import type { HeatmapChart } from '../chart-spec.ts';
import { extent } from '../nice-ticks.ts';
import { frameInsets, ink, quiet, round, type SvgSize, svgFrame, svgText, textWidth } from './svg-parts.ts';

type Rgb = readonly [number, number, number];
const white: Rgb = [255, 255, 255];
const blue: Rgb = [0, 114, 178];
const orange: Rgb = [213, 94, 0];

function mix(from: Rgb, to: Rgb, share: number): string {
  const part = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return `rgb(${part(0)},${part(1)},${part(2)})`;
}

export function svgHeatmap(spec: HeatmapChart, size: SvgSize): string {
  const insets = frameInsets(spec);
  const range = extent(spec.values) ?? { low: 0, high: 1 };
  const reach = Math.max(Math.abs(range.low), Math.abs(range.high)) || 1;
  const share = (value: number) =>
    spec.palette === 'diverging'
      ? Math.min(1, Math.abs(value) / reach)
      : (value - range.low) / (range.high - range.low || 1);
  const fill = (value: number) =>
    spec.palette === 'diverging'
      ? mix(white, value < 0 ? orange : blue, share(value) * 0.9)
      : mix([240, 245, 250], blue, share(value) * 0.9);
  const names = Math.max(...spec.rows.map((row) => textWidth(row)), 20) + 10;
  const left = 16 + names;
  const top = insets.top + 22;
  const width = (size.width - left - 16) / Math.max(1, spec.columns.length);
  const height = (size.height - top - insets.bottom - 8) / Math.max(1, spec.rows.length);
  const parts: string[] = [];
  for (const [c, name] of spec.columns.entries()) {
    if (textWidth(name, 11) <= width || c % Math.ceil(textWidth(name, 11) / width) === 0)
      parts.push(svgText(left + width * (c + 0.5), top - 6, name, { anchor: 'middle', size: 11, fill: quiet }));
  }
  for (const [r, row] of spec.rows.entries()) {
    parts.push(svgText(left - 8, top + height * (r + 0.5) + 4, row, { anchor: 'end', fill: quiet }));
    for (let c = 0; c < spec.columns.length; c++) {
      const value = spec.values[r * spec.columns.length + c] ?? null;
      const [x, y] = [left + width * c, top + height * r];
      parts.push(
        `<rect x="${round(x)}" y="${round(y)}" width="${round(width - 1)}" height="${round(height - 1)}" fill="${value === null ? '#f6f8fa' : fill(value)}"/>`,
      );
      const label = value === null ? '·' : formatNumber(value, spec.unit);
      if (textWidth(label, 11) + 4 < width && height > 13)
        parts.push(
          svgText(x + width / 2, y + height / 2 + 4, label, {
            anchor: 'middle',
            size: 11,
            fill: value !== null && share(value) > 0.62 ? '#ffffff' : ink,
          }),
        );
    }
  }
  return svgFrame(spec, size, parts.join(''));
}
