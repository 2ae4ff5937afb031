import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { createRng } from '../../lib/rng.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { detectBreaks } from './detect-breaks.ts';
import { fitMarkovRegression } from './fit-markov-regression.ts';

/** Prices whose daily deviation is given by row. */
function made(days: number, deviation: (t: number) => number) {
  const rng = createRng(21);
  const close = [100];
  for (let t = 0; t < days; t++) close.push((close[t] as number) * Math.exp(deviation(t) * rng.normal()));
  return fixturePorts('2040-01-01', [fixtureSource({ series: [{ symbol: 'DEMO:M', close }] })]);
}

describe('detect_breaks', () => {
  it('dates a made-up break and its size', async () => {
    const ports = made(800, (t) => (t < 500 ? 0.006 : 0.02));
    const { output, summary } = await runDirectly(detectBreaks, { symbol: 'DEMO:M' }, ports);
    expect(output.count).toBe(1);
    const day = (Date.parse(`${output.breaks[0]?.date}T00:00:00Z`) - Date.UTC(2020, 0, 1)) / 86_400_000 - 1;
    expect(Math.abs(day - 500)).toBeLessThan(12);
    expect(Math.abs((output.breaks[0]?.volatilityRatio ?? 0) - 0.02 / 0.006)).toBeLessThan(0.5);
    expect(output.cusum.find((c) => c.what === 'variance')?.pValue).toBeLessThan(0.01);
    expect(summary.length).toBeLessThanOrEqual(12);
    expect(detectBreaks.chart?.(output)).toMatchObject({ kind: 'xy' });
  });
  it('a larger penalty never finds more', async () => {
    const ports = fixturePorts();
    const few = await runDirectly(detectBreaks, { symbol: 'SPX', start: '2010-01-01', penalty: 200 }, ports);
    const many = await runDirectly(detectBreaks, { symbol: 'SPX', start: '2010-01-01' }, ports);
    expect(few.output.count).toBeLessThanOrEqual(many.output.count);
    expect(many.output.segments.reduce((a, s) => a + s.days, 0)).toBe(many.output.rows);
  });
});

describe('fit_markov_regression', () => {
  it('recovers two made-up regimes within their standard errors', async () => {
    const ports = made(3000, (t) => (Math.floor(t / 150) % 2 === 0 ? 0.005 : 0.018));
    const { output, warnings, summary } = await runDirectly(fitMarkovRegression, { symbol: 'DEMO:M' }, ports);
    expect(warnings).toEqual([]);
    const year = Math.sqrt(252);
    for (const [k, truth] of [0.005, 0.018].entries()) {
      const regime = output.regimes[k];
      expect(Math.abs((regime?.volatilityAnnual ?? 0) - truth * year)).toBeLessThan(
        4 * (regime?.volatilityAnnualStandardError ?? 0),
      );
    }
    expect(output.bic).toBeLessThan(output.oneRegime.bic);
    expect(summary.length).toBeLessThanOrEqual(12);
  });
  it('holds a common mean where asked', async () => {
    const { output } = await runDirectly(
      fitMarkovRegression,
      { symbol: 'SPX', start: '2014-01-01', switchingMean: false },
      fixturePorts(),
    );
    expect(output.regimes[0]?.mean).toBe(output.regimes[1]?.mean);
    expect(output.transitions[0]?.reduce((a, t) => a + t.probability, 0)).toBeCloseTo(1, 12);
  });
});
