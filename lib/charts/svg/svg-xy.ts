/** Lines, areas, points, bands and marks as SVG. */
import type { ChartSeries, XYChart } from '../chart-spec.ts';
import { extent, niceTicks } from '../nice-ticks.ts';
import { tickLabels } from '../tick-labels.ts';
import {
  colourOf,
  faint,
  frameInsets,
  type LegendEntry,
  type Plot,
  quiet,
  round,
  type SvgSize,
  svgFrame,
  svgLegend,
  svgLine,
  svgText,
  textWidth,
} from './svg-parts.ts';

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

function scaleFor(spec: XYChart, side: 'left' | 'right'): Scale | null {
  const members = spec.series.filter((series) => (series.axis ?? 'left') === side);
  const about = side === 'left' ? spec.y : spec.y2;
  if (about === undefined || (side === 'right' && members.length === 0)) return null;
  const values: (number | null)[] = members.flatMap((series) => [...series.values]);
  if (side === 'left') {
    values.push(...(spec.lines ?? []).map((line) => line.y), ...(spec.marks ?? []).map((mark) => mark.y));
    if (spec.y.zero || members.some((series) => series.style === 'area')) values.push(0);
  }
  const found = extent(values) ?? { low: 0, high: 1 };
  const log = side === 'left' && spec.y.scale === 'log' && found.low > 0;
  const pad = (found.high - found.low || Math.abs(found.low) || 1) * 0.04;
  const low = log ? found.low : found.low - pad;
  const high = log ? found.high : found.high + pad;
  const ticks = niceTicks(low, high, 6);
  return { low, high, log, ticks, labels: tickLabels(ticks, about.unit) };
}

function toY(scale: Scale, plot: Plot): (value: number) => number {
  return (value) => {
    const share = scale.log
      ? Math.log(value / scale.low) / Math.log(scale.high / scale.low)
      : (value - scale.low) / (scale.high - scale.low);
    return plot.top + (1 - share) * plot.height;
  };
}

function xShares(spec: XYChart): readonly number[] {
  if ('dates' in spec.x) {
    const last = Math.max(1, spec.x.dates.length - 1);
    return spec.x.dates.map((_, i) => i / last);
  }
  const range = extent(spec.x.numbers) ?? { low: 0, high: 1 };
  return spec.x.numbers.map((value) => (value - range.low) / (range.high - range.low || 1));
}

/** Runs of points without a gap; long series keep the extremes of every pixel column. */
function runs(
  series: ChartSeries,
  x: (i: number) => number,
  y: (value: number) => number,
): readonly (readonly (readonly [number, number])[])[] {
  const all: [number, number][][] = [];
  let current: [number, number][] = [];
  for (const [i, value] of series.values.entries()) {
    if (value === null || !Number.isFinite(value)) {
      if (current.length > 0) all.push(current);
      current = [];
    } else current.push([x(i), y(value)]);
  }
  if (current.length > 0) all.push(current);
  return all.map(thin);
}

function thin(points: readonly [number, number][]): readonly [number, number][] {
  if (points.length < 3000) return points;
  const kept: [number, number][] = [];
  for (let start = 0; start < points.length; ) {
    const column = Math.round((points[start]?.[0] ?? 0) * 2);
    let end = start;
    while (end < points.length && Math.round((points[end]?.[0] ?? 0) * 2) === column) end++;
    const group = points.slice(start, end);
    const low = group.reduce((best, point) => (point[1] < best[1] ? point : best));
    const high = group.reduce((best, point) => (point[1] > best[1] ? point : best));
    const chosen = [group[0], low, high, group[group.length - 1]].filter((point) => point !== undefined);
    kept.push(...[...new Set(chosen)].sort((a, b) => a[0] - b[0]));
    start = end;
  }
  return kept;
}

function pathOf(points: readonly (readonly [number, number])[], step: boolean): string {
  return points
    .map(([px, py], i) => {
      if (i === 0) return `M${round(px)} ${round(py)}`;
      return step ? `H${round(px)}V${round(py)}` : `L${round(px)} ${round(py)}`;
    })
    .join('');
}

function drawSeries(
  series: ChartSeries,
  colour: string,
  x: (i: number) => number,
  y: (value: number) => number,
  base: number,
): string {
  return runs(series, x, y)
    .map((points) => {
      if (series.style === 'points')
        return points
          .map(([px, py]) => `<circle cx="${round(px)}" cy="${round(py)}" r="2.5" fill="${colour}"/>`)
          .join('');
      const path = pathOf(points, series.style === 'step');
      if (series.style === 'area') {
        const [first, last] = [points[0], points[points.length - 1]];
        return `<path d="${path}L${round(last?.[0] ?? 0)} ${round(base)}L${round(first?.[0] ?? 0)} ${round(base)}Z" fill="${colour}" fill-opacity="0.2"/><path d="${path}" fill="none" stroke="${colour}"/>`;
      }
      return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"${series.style === 'dashed' ? ' stroke-dasharray="5 4"' : ''}/>`;
    })
    .join('');
}

function xTicks(spec: XYChart, plot: Plot): string {
  if ('dates' in spec.x) {
    const { dates } = spec.x;
    const count = Math.max(2, Math.min(7, Math.floor(plot.width / 110), dates.length));
    return Array.from({ length: count }, (_, k) => {
      const i = Math.round((k / Math.max(1, count - 1)) * (dates.length - 1));
      const px = plot.left + (i / Math.max(1, dates.length - 1)) * plot.width;
      const anchor = k === 0 ? 'start' : k === count - 1 ? 'end' : 'middle';
      return svgText(px, plot.top + plot.height + 18, dates[i] ?? '', { anchor, fill: quiet });
    }).join('');
  }
  const range = extent(spec.x.numbers) ?? { low: 0, high: 1 };
  const ticks = niceTicks(range.low, range.high, Math.max(3, Math.floor(plot.width / 90)));
  const labels = tickLabels(ticks, spec.x.unit);
  return ticks
    .map((tick, i) =>
      svgText(
        plot.left + ((tick - range.low) / (range.high - range.low || 1)) * plot.width,
        plot.top + plot.height + 18,
        labels[i] ?? '',
        { anchor: 'middle', fill: quiet },
      ),
    )
    .join('');
}

export function svgXY(spec: XYChart, size: SvgSize): string {
  const left = scaleFor(spec, 'left') ?? { low: 0, high: 1, log: false, ticks: [], labels: [] };
  const right = scaleFor(spec, 'right');
  const bandEntries = new Map((spec.bands ?? []).map((band) => [band.label, band.tone]));
  const entries: LegendEntry[] = [
    ...(spec.series.length > 1 || bandEntries.size > 0
      ? spec.series.map((series, i) => ({
          label: series.name,
          colour: colourOf(series.tone, i),
          dashed: series.style === 'dashed',
        }))
      : []),
    ...[...bandEntries].map(([label, tone]) => ({ label, colour: colourOf(tone, 0), block: true })),
    ...(spec.lines ?? []).flatMap((line) =>
      line.label ? [{ label: line.label, colour: colourOf(line.tone ?? 'muted', 0), dashed: true }] : [],
    ),
  ];
  const insets = frameInsets(spec);
  const legend = svgLegend(entries, 16, insets.top - 8, size.width - 32);
  const leftWidth = Math.max(...left.labels.map((label) => textWidth(label)), 20) + 14;
  const rightWidth = right === null ? 16 : Math.max(...right.labels.map((label) => textWidth(label)), 20) + 18;
  const top = insets.top + legend.height + 14;
  const plot: Plot = {
    left: 16 + leftWidth,
    top,
    width: size.width - 32 - leftWidth - rightWidth,
    height: size.height - top - insets.bottom - 40,
  };
  const y = toY(left, plot);
  const shares = xShares(spec);
  const x = (i: number) => plot.left + (shares[i] ?? 0) * plot.width;
  const parts: string[] = [legend.markup];
  for (const band of spec.bands ?? []) {
    // A band of one day still shows.
    const width = Math.max(1, x(band.to) - x(band.from));
    parts.push(
      `<rect x="${round(x(band.from))}" y="${round(plot.top)}" width="${round(width)}" height="${round(plot.height)}" fill="${colourOf(band.tone, 0)}" fill-opacity="0.14"/>`,
    );
  }
  for (const [i, tick] of left.ticks.entries()) {
    parts.push(
      svgLine(plot.left, y(tick), plot.left + plot.width, y(tick), faint),
      svgText(plot.left - 8, y(tick) + 4, left.labels[i] ?? '', { anchor: 'end', fill: quiet }),
    );
  }
  const rightY = right === null ? y : toY(right, plot);
  for (const [i, tick] of (right?.ticks ?? []).entries())
    parts.push(svgText(plot.left + plot.width + 8, rightY(tick) + 4, right?.labels[i] ?? '', { fill: quiet }));
  parts.push(xTicks(spec, plot), svgText(plot.left, plot.top - 6, spec.y.label, { size: 11, fill: quiet }));
  if (right !== null && spec.y2)
    parts.push(svgText(plot.left + plot.width, plot.top - 6, spec.y2.label, { size: 11, fill: quiet, anchor: 'end' }));
  for (const line of spec.lines ?? [])
    parts.push(
      svgLine(
        plot.left,
        y(line.y),
        plot.left + plot.width,
        y(line.y),
        colourOf(line.tone ?? 'muted', 0),
        ' stroke-dasharray="4 3"',
      ),
    );
  const base = Math.min(plot.top + plot.height, Math.max(plot.top, y(Math.max(left.low, Math.min(left.high, 0)))));
  for (const [i, series] of spec.series.entries())
    parts.push(drawSeries(series, colourOf(series.tone, i), x, series.axis === 'right' ? rightY : y, base));
  for (const mark of spec.marks ?? []) {
    parts.push(
      `<circle cx="${round(x(mark.x))}" cy="${round(y(mark.y))}" r="4" fill="#ffffff" stroke="${colourOf(mark.tone ?? 'accent', 0)}" stroke-width="2"/>`,
    );
    if (mark.label) parts.push(svgText(x(mark.x), y(mark.y) - 8, mark.label, { anchor: 'middle', size: 11 }));
  }
  const xName = 'dates' in spec.x ? '' : spec.x.label;
  if (xName !== '')
    parts.push(
      svgText(plot.left + plot.width / 2, plot.top + plot.height + 34, xName, {
        anchor: 'middle',
        size: 11,
        fill: quiet,
      }),
    );
  parts.push(svgLine(plot.left, plot.top + plot.height, plot.left + plot.width, plot.top + plot.height, quiet));
  return svgFrame(spec, size, parts.join(''));
}
