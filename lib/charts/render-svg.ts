/** Any chart as one SVG document: no script, no outside reference, the same bytes on every machine. */
import type { ChartSpec } from './chart-spec.ts';
import { svgBars } from './svg/svg-bars.ts';
import { svgCandles } from './svg/svg-candles.ts';
import { svgHeatmap } from './svg/svg-heatmap.ts';
import type { SvgSize } from './svg/svg-parts.ts';
import { svgXY } from './svg/svg-xy.ts';

export function renderSvg(spec: ChartSpec, size: SvgSize = { width: 960, height: 540 }): string {
  if (spec.kind === 'xy') return svgXY(spec, size);
  if (spec.kind === 'bar') return svgBars(spec, size);
  return spec.kind === 'heatmap' ? svgHeatmap(spec, size) : svgCandles(spec, size);
}
