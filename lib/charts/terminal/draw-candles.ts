/** Candles, as many as fit; more bars than columns are merged (first open, highest high, lowest low, last close). */
import stringWidth from 'string-width';
import type { CandleChart } from '../chart-spec.ts';
import { extent, niceTicks } from '../nice-ticks.ts';
import { tickLabels } from '../tick-labels.ts';
import { createCanvas } from './braille-canvas.ts';
import type { TerminalChartOptions } from './options.ts';
import { paintRow } from './paint.ts';

interface Candle {
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

function candlesOf(spec: CandleChart, columns: number): readonly Candle[] {
  const all: Candle[] = [];
  for (const [i, date] of spec.dates.entries()) {
    const [open, high, low, close] = [spec.open[i], spec.high[i], spec.low[i], spec.close[i]];
    if (open == null || high == null || low == null || close == null) continue;
    all.push({ date, open, high, low, close });
  }
  const each = Math.max(1, Math.ceil(all.length / columns));
  const merged: Candle[] = [];
  for (let i = 0; i < all.length; i += each) {
    const group = all.slice(i, i + each);
    const first = group[0] as Candle;
    const last = group[group.length - 1] as Candle;
    merged.push({
      date: first.date,
      open: first.open,
      high: Math.max(...group.map((candle) => candle.high)),
      low: Math.min(...group.map((candle) => candle.low)),
      close: last.close,
    });
  }
  return merged;
}

export function drawCandles(spec: CandleChart, options: TerminalChartOptions): readonly string[] {
  const rows = options.height ?? 14;
  const range = extent([...spec.high, ...spec.low]) ?? { low: 0, high: 1 };
  const span = range.high - range.low || 1;
  const rowOf = (value: number) => Math.round((1 - (value - range.low) / span) * (rows - 1));
  const ticks = niceTicks(range.low, range.high, Math.max(2, Math.floor(rows / 3)));
  const texts = tickLabels(ticks, 'price');
  const labels = new Map(ticks.map((tick, i) => [rowOf(tick), texts[i] ?? '']));
  const labelWidth = Math.max(...[...labels.values()].map((label) => stringWidth(label)), 1);
  const columns = Math.max(10, options.width - labelWidth - 2);
  const candles = candlesOf(spec, columns);
  const canvas = createCanvas(columns, rows, options.unicode);
  const [wick, full, hollow] = options.unicode ? ['│', '█', '░'] : ['|', '#', 'o'];
  for (const [column, candle] of candles.entries()) {
    const rising = candle.close >= candle.open;
    const tone = rising ? 'good' : 'bad';
    for (let row = rowOf(candle.high); row <= rowOf(candle.low); row++) canvas.put(column, row, wick ?? '|', tone);
    const top = Math.min(rowOf(candle.open), rowOf(candle.close));
    const bottom = Math.max(rowOf(candle.open), rowOf(candle.close));
    // Rising bodies are hollow, so that direction shows without colour.
    for (let row = top; row <= bottom; row++) canvas.put(column, row, (rising ? hollow : full) ?? '#', tone);
  }
  const bar = options.unicode ? ['┤', '│'] : ['+', '|'];
  const body = Array.from({ length: rows }, (_, row) => {
    const label = labels.get(row) ?? '';
    return `${' '.repeat(labelWidth - stringWidth(label))}${label} ${labels.has(row) ? bar[0] : bar[1]}${paintRow(canvas, row, options.colour)}`;
  });
  const first = candles[0]?.date ?? '';
  const last = spec.dates[spec.dates.length - 1] ?? '';
  const used = Math.max(first.length + last.length + 1, candles.length);
  return [...body, `${' '.repeat(labelWidth + 2)}${first}${' '.repeat(used - first.length - last.length)}${last}`];
}
