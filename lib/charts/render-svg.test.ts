import { describe, expect, it } from 'vitest';
import type { ChartSpec } from './chart-spec.ts';
import { renderPng } from './render-png.ts';
import { renderSvg } from './render-svg.ts';

const dates = Array.from({ length: 5000 }, (_, i) => new Date(Date.UTC(2005, 0, 1 + i)).toISOString().slice(0, 10));
const wave = dates.map((_, i) => (i % 997 === 0 ? null : 100 + 20 * Math.sin(i / 150)));

const specs: Readonly<Record<string, ChartSpec>> = {
  xy: {
    kind: 'xy',
    title: 'Price <b> & "more"',
    synthetic: true,
    footer: 'source',
    x: { label: 'date', dates },
    y: { label: 'price', unit: 'price' },
    series: [
      { name: 'price', values: wave },
      { name: 'mean', values: wave.map(() => 100), style: 'dashed' },
    ],
    bands: [{ from: 0, to: 900, label: 'bull', tone: 'good' }],
    lines: [{ y: 110, label: 'target' }],
    marks: [{ x: 10, y: 105, label: 'buy' }],
  },
  payoff: {
    kind: 'xy',
    title: 'Payoff',
    x: { label: 'spot', numbers: [80, 100, 120], unit: 'price' },
    y: { label: 'gain', unit: 'money', zero: true },
    series: [{ name: 'at expiry', values: [-5, -5, 15], style: 'area' }],
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
    rows: ['A', 'B'],
    columns: ['A', 'B'],
    values: [1, -0.53, null, 1],
    unit: 'correlation',
    palette: 'diverging',
  },
  candles: {
    kind: 'candles',
    title: 'Candles',
    dates: dates.slice(0, 60),
    open: wave.slice(0, 60),
    high: wave.slice(0, 60).map((v) => (v === null ? null : v + 3)),
    low: wave.slice(0, 60).map((v) => (v === null ? null : v - 3)),
    close: wave.slice(1, 61),
  },
};

describe.each(Object.entries(specs))('renderSvg %s', (_name, spec) => {
  it('is well-formed, holds no script, no outside reference and no number that is none', async () => {
    const svg = renderSvg(spec, { width: 800, height: 450 });
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|href=|<b>/);
    // The renderer parses it as XML and fails on anything malformed.
    const png = await renderPng(svg, 1);
    expect(Buffer.from(png.slice(1, 4)).toString()).toBe('PNG');
    expect(renderSvg(spec, { width: 800, height: 450 })).toBe(svg);
  });
});

describe('renderSvg', () => {
  it('says SYNTHETIC and keeps a long series small', () => {
    const svg = renderSvg(specs['xy'] as ChartSpec);
    expect(svg).toContain('SYNTHETIC');
    expect(svg.length).toBeLessThan(200_000);
  });

  it('draws text with the bundled font: a title changes the picture', async () => {
    const blank = await renderPng(renderSvg({ ...(specs['bar'] as ChartSpec), title: '' }), 1);
    const titled = await renderPng(renderSvg(specs['bar'] as ChartSpec), 1);
    expect(Buffer.compare(Buffer.from(blank), Buffer.from(titled))).not.toBe(0);
  });
});
