/** Any chart as lines of text for a terminal of a given width. */
import type { ChartSpec } from '../chart-spec.ts';
import { drawBars } from './draw-bars.ts';
import { drawCandles } from './draw-candles.ts';
import { drawHeatmap } from './draw-heatmap.ts';
import { drawXY } from './draw-xy.ts';
import type { TerminalChartOptions } from './options.ts';

function draw(spec: ChartSpec, options: TerminalChartOptions): readonly string[] {
  if (spec.kind === 'xy') return drawXY(spec, options);
  if (spec.kind === 'bar') return drawBars(spec, options);
  return spec.kind === 'heatmap' ? drawHeatmap(spec, options) : drawCandles(spec, options);
}

export function renderTerminal(spec: ChartSpec, options: TerminalChartOptions): readonly string[] {
  const bold = (text: string) => (options.colour ? `\x1b[1m${text}\x1b[22m` : text);
  const head = [bold(spec.title)];
  if (spec.subtitle) head.push(spec.subtitle);
  if (spec.synthetic) head.push('SYNTHETIC demo data, not a real market');
  return [...head, ...draw(spec, options), ...(spec.footer ? [spec.footer] : [])];
}
