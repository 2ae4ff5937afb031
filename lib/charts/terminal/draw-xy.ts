/** Lines, areas, points, bands and marks over dates or numbers, as text. */
import stringWidth from 'string-width';
import { formatNumber } from '../../format.ts';
import type { ChartSeries, ChartTone, XYChart } from '../chart-spec.ts';
import { extent, niceTicks } from '../nice-ticks.ts';
import { tickLabels } from '../tick-labels.ts';
import { type Canvas, createCanvas } from './braille-canvas.ts';
import type { TerminalChartOptions } from './options.ts';
import { paint, paintRow, toneOf } from './paint.ts';

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly labels: ReadonlyMap<number, string>;
  readonly width: number;
}

function axisFor(spec: XYChart, side: 'left' | 'right', rows: number): Axis | null {
  const members = spec.series.filter((series) => (series.axis ?? 'left') === side);
  const about = side === 'left' ? spec.y : spec.y2;
  if (members.length === 0 || about === undefined) return null;
  const values: (number | null)[] = members.flatMap((series) => [...series.values]);
  if (side === 'left') {
    values.push(...(spec.lines ?? []).map((line) => line.y), ...(spec.marks ?? []).map((mark) => mark.y));
    if (spec.y.zero) values.push(0);
  }
  const found = extent(values) ?? { low: 0, high: 1 };
  const flat = found.high === found.low;
  const pad = flat ? Math.max(Math.abs(found.low) * 0.05, 1e-9) : 0;
  const log = side === 'left' && spec.y.scale === 'log' && found.low > 0;
  const low = found.low - pad;
  const high = found.high + pad;
  const labels = new Map<number, string>();
  const ticks = niceTicks(low, high, Math.max(2, Math.floor(rows / 3)));
  const texts = tickLabels(ticks, about.unit);
  for (const [i, tick] of ticks.entries()) labels.set(rowOf({ low, high, log }, tick, rows), texts[i] ?? '');
  return { low, high, log, labels, width: Math.max(...[...labels.values()].map((label) => stringWidth(label)), 1) };
}

function share(axis: Pick<Axis, 'low' | 'high' | 'log'>, value: number): number {
  if (axis.log) return Math.log(value / axis.low) / Math.log(axis.high / axis.low);
  return (value - axis.low) / (axis.high - axis.low);
}

function rowOf(axis: Pick<Axis, 'low' | 'high' | 'log'>, value: number, rows: number): number {
  return Math.max(0, Math.min(rows - 1, Math.round((1 - share(axis, value)) * (rows - 1))));
}

/** Positions of the points on the x axis, 0 to 1: even for dates, by value for numbers. */
function positions(spec: XYChart): readonly number[] {
  if ('dates' in spec.x) {
    const last = Math.max(1, spec.x.dates.length - 1);
    return spec.x.dates.map((_, i) => i / last);
  }
  const range = extent(spec.x.numbers) ?? { low: 0, high: 1 };
  const width = range.high - range.low || 1;
  return spec.x.numbers.map((value) => (value - range.low) / width);
}

function drawSeries(canvas: Canvas, series: ChartSeries, axis: Axis, at: readonly number[], tone: ChartTone): void {
  const width = canvas.columns * 2 - 1;
  const height = canvas.rows * 4 - 1;
  const y = (value: number) => Math.round((1 - share(axis, value)) * height);
  const base = Math.max(0, Math.min(height, y(Math.max(axis.low, Math.min(axis.high, 0)))));
  let before: { x: number; y: number } | null = null;
  for (const [i, value] of series.values.entries()) {
    if (value === null || !Number.isFinite(value) || (axis.log && value <= 0)) {
      before = null;
      continue;
    }
    const point = { x: Math.round((at[i] ?? 0) * width), y: y(value) };
    if (series.style === 'points') canvas.dot(point.x, point.y, tone);
    else if (series.style === 'area') canvas.line(point.x, point.y, point.x, base, tone);
    else if (before === null) canvas.dot(point.x, point.y, tone);
    else if (series.style === 'step') {
      canvas.line(before.x, before.y, point.x, before.y, tone);
      canvas.line(point.x, before.y, point.x, point.y, tone);
    } else if (series.style !== 'dashed' || i % 4 < 2) canvas.line(before.x, before.y, point.x, point.y, tone);
    before = point;
  }
}

/** Spans under the plot, one row: a block of the band's tone, or its initial where there is no colour. */
function bandRow(spec: XYChart, columns: number, at: readonly number[], options: TerminalChartOptions): string {
  const canvas = createCanvas(columns, 1, options.unicode);
  for (const band of spec.bands ?? []) {
    const from = Math.round((at[band.from] ?? 0) * (columns - 1));
    const to = Math.round((at[band.to] ?? 1) * (columns - 1));
    const text = options.unicode && options.colour ? '█' : (band.label[0] ?? '#');
    for (let column = from; column <= to; column++) canvas.put(column, 0, text, band.tone);
  }
  return paintRow(canvas, 0, options.colour);
}

function xLabels(spec: XYChart, columns: number): string {
  const x = spec.x;
  const label = (i: number): string => ('dates' in x ? (x.dates[i] ?? '') : formatNumber(x.numbers[i] ?? 0, x.unit));
  const count = 'dates' in x ? x.dates.length : x.numbers.length;
  if (count === 0) return '';
  const first = label(0);
  const last = label(count - 1);
  const middle = label(count >> 1);
  const free = columns - first.length - last.length;
  if (free < 2) return last.slice(0, columns);
  if (free < middle.length + 6) return `${first}${' '.repeat(free)}${last}`;
  const left = Math.max(1, Math.round(columns / 2 - middle.length / 2) - first.length);
  return `${first}${' '.repeat(left)}${middle}${' '.repeat(Math.max(1, free - left - middle.length))}${last}`;
}

function legend(spec: XYChart, options: TerminalChartOptions): string {
  const dash = options.unicode ? '━' : '-';
  const parts =
    spec.series.length < 2 && (spec.bands ?? []).length === 0
      ? []
      : spec.series.map((series, i) => paint(`${dash}${dash} ${series.name}`, toneOf(series.tone, i), options.colour));
  const bands = new Map((spec.bands ?? []).map((band) => [band.label, band.tone]));
  for (const [label, tone] of bands)
    parts.push(paint(`${options.unicode && options.colour ? '█' : label[0]} ${label}`, tone, options.colour));
  for (const line of spec.lines ?? [])
    if (line.label)
      parts.push(paint(`${options.unicode ? '┄' : '.'} ${line.label}`, line.tone ?? 'muted', options.colour));
  return parts.join('   ');
}

export function drawXY(spec: XYChart, options: TerminalChartOptions): readonly string[] {
  const rows = options.height ?? 14;
  const left = axisFor(spec, 'left', rows) ??
    axisFor({ ...spec, series: [], lines: spec.lines ?? [] }, 'left', rows) ?? {
      low: 0,
      high: 1,
      log: false,
      labels: new Map(),
      width: 1,
    };
  const right = axisFor(spec, 'right', rows);
  const columns = Math.max(10, options.width - left.width - 2 - (right === null ? 0 : right.width + 2));
  const canvas = createCanvas(columns, rows, options.unicode);
  const at = positions(spec);
  for (const line of spec.lines ?? []) {
    const y = Math.round((1 - share(left, line.y)) * (rows * 4 - 1));
    for (let x = 0; x < columns * 2; x += 3) canvas.dot(x, y, line.tone ?? 'muted');
  }
  for (const [i, series] of spec.series.entries()) {
    const axis = series.axis === 'right' && right !== null ? right : left;
    drawSeries(canvas, series, axis, at, toneOf(series.tone, i));
  }
  for (const mark of spec.marks ?? []) {
    canvas.put(
      Math.round((at[mark.x] ?? 0) * (columns - 1)),
      rowOf(left, mark.y, rows),
      options.unicode ? '●' : 'o',
      mark.tone ?? 'accent',
    );
  }
  const bar = options.unicode ? ['┤', '│', '├'] : ['+', '|', '+'];
  const body = Array.from({ length: rows }, (_, row) => {
    const label = left.labels.get(row) ?? '';
    const tail = right === null ? '' : `${right.labels.has(row) ? bar[2] : bar[1]} ${right.labels.get(row) ?? ''}`;
    const head = `${' '.repeat(left.width - stringWidth(label))}${label} ${left.labels.has(row) ? bar[0] : bar[1]}`;
    return `${head}${paintRow(canvas, row, options.colour)}${tail}`;
  });
  const indent = ' '.repeat(left.width + 2);
  const under = (spec.bands ?? []).length > 0 ? [`${indent}${bandRow(spec, columns, at, options)}`] : [];
  return [...body, ...under, `${indent}${xLabels(spec, columns)}`, legend(spec, options)].filter((line) => line !== '');
}
