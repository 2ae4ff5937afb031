import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { ChartSpec } from '../chart-spec.ts';
import { renderTerminal } from './render-terminal.ts';

const dates = Array.from({ length: 200 }, (_, i) => new Date(Date.UTC(2019, 0, 1 + i)).toISOString().slice(0, 10));
const wave = dates.map((_, i) => (i === 50 ? null : 100 + 20 * Math.sin(i / 15)));

const specs: Readonly<Record<string, ChartSpec>> = {
  xy: {
    kind: 'xy',
    title: 'Price with regimes',
    synthetic: true,
    x: { label: 'date', dates },
    y: { label: 'price', unit: 'price' },
    y2: { label: 'probability', unit: 'probability' },
    series: [
      { name: 'price', values: wave },
      { name: 'p(bear)', values: wave.map((v) => (v === null ? null : (v - 80) / 40)), axis: 'right', tone: 'bad' },
    ],
    bands: [
      { from: 0, to: 80, label: 'bull', tone: 'good' },
      { from: 81, to: 199, label: 'bear', tone: 'bad' },
    ],
    lines: [{ y: 100, label: 'mean' }],
    marks: [{ x: 10, y: 110 }],
  },
  bar: {
    kind: 'bar',
    title: 'Weights',
    categories: ['Technology', '삼성전자', 'Cash'],
    unit: 'fraction',
    series: [{ name: 'weight', values: [0.55, -0.12, null] }],
  },
  heatmap: {
    kind: 'heatmap',
    title: 'Correlation',
    rows: ['A', 'B', 'C'],
    columns: ['A', 'B', 'C'],
    values: [1, 0.53, null, 0.53, 1, -0.2, 0, -0.2, 1],
    unit: 'correlation',
    palette: 'diverging',
  },
  candles: {
    kind: 'candles',
    title: 'Candles',
    dates,
    open: wave,
    high: wave.map((v) => (v === null ? null : v + 3)),
    low: wave.map((v) => (v === null ? null : v - 3)),
    close: wave.map((v, i) => (v === null ? null : v + (i % 2 ? 2 : -2))),
  },
};

const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/\x1b\[[0-9;]*m/g, ''));

describe.each(Object.entries(specs))('renderTerminal %s', (_kind, spec) => {
  it.each([60, 80, 200])('fits %d columns, in colour and without', (width) => {
    for (const colour of [false, true]) {
      const lines = renderTerminal(spec, { width, colour, unicode: true });
      for (const line of plain(lines)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      if (!colour) expect(lines.join('')).not.toContain('\x1b');
      expect(lines.length).toBeGreaterThan(3);
    }
  });

  it('is pure ASCII where Unicode is off, but for the words of the chart', () => {
    const text = plain(renderTerminal(spec, { width: 80, colour: false, unicode: false }))
      .join('\n')
      .replaceAll('삼성전자', '');
    // Number formats keep their own signs (the true minus, for one).
    expect(text.replace(/[−·…]/g, '')).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('renderTerminal', () => {
  it('says SYNTHETIC, labels both ends of the time axis, and names bands', () => {
    const text = renderTerminal(specs['xy'] as ChartSpec, { width: 80, colour: false, unicode: true }).join('\n');
    expect(text).toContain('SYNTHETIC');
    expect(text).toContain('2019-01-01');
    expect(text).toContain(dates[199]);
    expect(text).toMatch(/b bull/);
  });

  it('keeps every digit of a matrix that is too wide, in blocks', () => {
    const columns = Array.from({ length: 30 }, (_, i) => `asset${i}`);
    const lines = renderTerminal(
      {
        kind: 'heatmap',
        title: 't',
        rows: ['x'],
        columns,
        values: columns.map((_, i) => i / 100),
        unit: 'correlation',
      },
      { width: 60, colour: false, unicode: true },
    );
    const text = lines.join(' ');
    for (const [i, column] of columns.entries()) {
      expect(text).toContain(column);
      expect(text).toContain((i / 100).toFixed(2));
    }
  });

  it('draws a constant series and an empty one', () => {
    const base = specs['xy'] as Extract<ChartSpec, { kind: 'xy' }>;
    const { y2: _, bands: _bands, ...rest } = base;
    for (const values of [dates.map(() => 5), dates.map(() => null)]) {
      const lines = renderTerminal(
        { ...rest, lines: [], marks: [], series: [{ name: 's', values }] },
        { width: 60, colour: false, unicode: true },
      );
      expect(lines.length).toBeGreaterThan(10);
    }
  });
});
