/** Candles as SVG: rising bodies hollow, falling bodies filled, so that direction shows without colour. */
import type { CandleChart } from '../chart-spec.ts';
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
  svgLine,
  svgText,
  textWidth,
} from './svg-parts.ts';

export function svgCandles(spec: CandleChart, size: SvgSize): string {
  const insets = frameInsets(spec);
  const range = extent([...spec.high, ...spec.low]) ?? { low: 0, high: 1 };
  const ticks = niceTicks(range.low, range.high, 6);
  const labels = tickLabels(ticks, 'price');
  const left = 30 + Math.max(...labels.map((label) => textWidth(label)), 20);
  const plot = {
    left,
    top: insets.top,
    width: size.width - left - 16,
    height: size.height - insets.top - insets.bottom - 26,
  };
  const y = (value: number) => plot.top + (1 - (value - range.low) / (range.high - range.low || 1)) * plot.height;
  const slot = plot.width / Math.max(1, spec.dates.length);
  const body = Math.max(1, Math.min(12, slot * 0.7));
  const parts = ticks.flatMap((tick, i) => [
    svgLine(plot.left, y(tick), plot.left + plot.width, y(tick), faint),
    svgText(plot.left - 8, y(tick) + 4, labels[i] ?? '', { anchor: 'end', fill: quiet }),
  ]);
  for (let i = 0; i < spec.dates.length; i++) {
    const [open, high, low, close] = [spec.open[i], spec.high[i], spec.low[i], spec.close[i]];
    if (open == null || high == null || low == null || close == null) continue;
    const x = plot.left + slot * (i + 0.5);
    const rising = close >= open;
    const colour = colourOf(rising ? 'good' : 'bad', 0);
    parts.push(svgLine(x, y(high), x, y(low), colour));
    parts.push(
      `<rect x="${round(x - body / 2)}" y="${round(y(Math.max(open, close)))}" width="${round(body)}" height="${round(Math.max(1, Math.abs(y(open) - y(close))))}" fill="${rising ? '#ffffff' : colour}" stroke="${colour}"/>`,
    );
  }
  const last = spec.dates.length - 1;
  parts.push(
    svgText(plot.left, plot.top + plot.height + 18, spec.dates[0] ?? '', { fill: quiet }),
    svgText(plot.left + plot.width, plot.top + plot.height + 18, spec.dates[last] ?? '', {
      anchor: 'end',
      fill: quiet,
    }),
  );
  return svgFrame(spec, size, parts.join(''));
}
