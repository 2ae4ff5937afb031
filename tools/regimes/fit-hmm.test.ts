import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { createRng } from '../../lib/rng.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { fitHmm } from './fit-hmm.ts';

const ports = fixturePorts();

/** A made-up series with two plain regimes of 100 days each, taking turns. */
function twoRegimes(days: number) {
  const rng = createRng(3);
  const close = [100];
  for (let t = 0; t < days; t++) {
    const calm = Math.floor(t / 100) % 2 === 0;
    close.push((close[t] as number) * Math.exp(calm ? 0.001 + 0.004 * rng.normal() : -0.002 + 0.02 * rng.normal()));
  }
  return fixturePorts('2030-01-01', [fixtureSource({ series: [{ symbol: 'DEMO:TWO', close }] })]);
}

describe('fit_hmm', () => {
  it('answers the first question: three regimes of the S&P 500, ordered, adding up', async () => {
    const { output, warnings, summary } = await runDirectly(fitHmm, { symbol: 'SPX' }, ports);
    expect(warnings).toEqual([]);
    expect(output.states.map((s) => s.label)).toEqual(['bear', 'neutral', 'bull']);
    expect(output.current).toMatchObject({ date: '2020-04-17', label: 'bear' });
    expect(output.converged).toBe(true);
    const sum = (f: (s: (typeof output.states)[number]) => number) => output.states.reduce((a, s) => a + f(s), 0);
    for (const total of [
      sum((s) => s.filteredProbability),
      sum((s) => s.nextProbability),
      sum((s) => s.stationaryProbability),
    ]) {
      expect(total).toBeCloseTo(1, 10);
    }
    for (const s of output.states) {
      expect(s.expectedDurationDays).toBeCloseTo(1 / (1 - s.stayProbability), 6);
      expect(s.volatilityAnnual).toBeCloseTo(s.volatility * Math.sqrt(252), 12);
    }
    expect(output.states.map((s) => s.mean)).toEqual(output.states.map((s) => s.mean).sort((a, b) => a - b));
    expect(output.filtered.at(-1)?.probabilities).toEqual(output.states.map((s) => s.filteredProbability));
    expect(output.next.quantile05).toBeLessThan(output.next.quantile95);
    expect(summary.length).toBeLessThanOrEqual(12);
  });

  it('recovers the regimes of a made-up series and its turning points', async () => {
    const { output } = await runDirectly(fitHmm, { symbol: 'DEMO:TWO', states: 2, rows: 1000 }, twoRegimes(1000));
    expect(output.synthetic).toBe(true);
    const [bear, bull] = output.states;
    expect(bear?.volatility).toBeCloseTo(0.02, 2);
    expect(Math.abs((bull?.volatility ?? 0) - 0.004)).toBeLessThan(0.0005);
    const right = output.filtered.filter(
      (row, t) => (row.probabilities[1] as number) > 0.5 === (Math.floor(t / 100) % 2 === 0),
    );
    expect(right.length).toBeGreaterThan(950);
  });

  it('gives the same result twice, and runs EM from given parameters alone', async () => {
    const init = {
      startProbabilities: [0.5, 0.5],
      transitions: [
        [0.94, 0.06],
        [0.06, 0.94],
      ],
      means: [[-0.001], [0.001]],
      variances: [[4e-4], [4e-5]],
    };
    const input = { symbol: 'SPX', states: 2, restarts: 0, init, tolerance: 0, maxIterations: 25 };
    const first = await runDirectly(fitHmm, input, ports);
    expect(first.output.logLikelihoodPath.length).toBe(25);
    expect(first.output.starts.tried).toBe(1);
    expect(first.warnings).toContain('NOT_CONVERGED');
    expect((await runDirectly(fitHmm, input, ports)).output).toEqual(first.output);
    await expect(runDirectly(fitHmm, { ...input, states: 3 }, ports)).rejects.toThrow(/start probabilities/);
  });

  it('takes more features and shows the BIC curve', async () => {
    const input = {
      symbol: 'SPX',
      start: '2012-01-01',
      features: ['returns', 'realisedVolatility'],
      states: 3,
      restarts: 4,
      selection: 'auto',
    };
    const { output } = await runDirectly(fitHmm, input, ports);
    expect(output.features).toEqual(['returns of SPX', 'realisedVolatility of SPX']);
    expect(output.selection.map((s) => s.states)).toEqual([1, 2, 3]);
    const sound = output.selection.filter((s) => !s.degenerate);
    expect(output.bic).toBe(Math.min(...sound.map((s) => s.bic)));
    expect(output.states[0]?.covariance.length).toBe(2);
  });

  it('fits mixtures: at least as likely, ordered, and honest about errors', async () => {
    const input = { symbol: 'SPX', start: '2008-01-01', states: 2, restarts: 4 };
    const plain = await runDirectly(fitHmm, input, ports);
    const { output, warnings } = await runDirectly(fitHmm, { ...input, mixtures: 2 }, ports);
    expect(output.logLikelihood).toBeGreaterThan(plain.output.logLikelihood);
    expect(output.parameters).toBe(13);
    expect(output.states[0]?.components.reduce((a, c) => a + c.weight, 0)).toBeCloseTo(1, 10);
    expect(output.states[0]?.mean).toBeLessThan(output.states[1]?.mean ?? 0);
    expect(output.standardErrors.reason).toMatch(/mixture/);
    expect(warnings).toContain('NO_STANDARD_ERRORS');
    expect(output.next.quantile05).toBeLessThan(output.next.quantile95);
  });

  it('warns when there are too few observations and refuses when there are far too few', async () => {
    const { warnings } = await runDirectly(fitHmm, { symbol: 'SPX', start: '2018-09-01', states: 5 }, ports);
    expect(warnings).toContain('FEW_OBSERVATIONS');
    await expect(runDirectly(fitHmm, { symbol: 'SPX', start: '2020-03-20', states: 4 }, ports)).rejects.toThrow(
      /at least 40 observations/,
    );
    const flat = fixturePorts('2030-01-01', [
      fixtureSource({ series: [{ symbol: 'DEMO:FLAT', close: new Array(100).fill(5) }] }),
    ]);
    await expect(runDirectly(fitHmm, { symbol: 'DEMO:FLAT' }, flat)).rejects.toThrow(/constant/);
  });

  it('charts the regimes', async () => {
    const { output } = await runDirectly(fitHmm, { symbol: 'SPX', restarts: 3 }, ports);
    const charts = fitHmm.chart?.(output);
    expect(Array.isArray(charts) && charts.length).toBe(2);
  });

  it('a cut-off hides the future: the fit on earlier data is the fit with an earlier cut-off', async () => {
    const cut = await runDirectly(fitHmm, { symbol: 'SPX', restarts: 3 }, fixturePorts('2015-06-30'));
    const end = await runDirectly(fitHmm, { symbol: 'SPX', restarts: 3, end: '2015-06-30' }, ports);
    expect(cut.output).toEqual(end.output);
  });
});
