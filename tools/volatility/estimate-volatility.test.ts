import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { createRng } from '../../lib/rng.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { estimateVolatility } from './estimate-volatility.ts';
import { volatilityModels } from './estimate-volatility-schema.ts';

const ports = fixturePorts();

describe('estimate_volatility', () => {
  it.each(volatilityModels)('%s gives a finite answer, forecast and summary', async (model) => {
    const { output, summary } = await runDirectly(
      estimateVolatility,
      { symbol: 'SPX', start: '2012-01-01', model },
      ports,
    );
    expect(output.volatilityAnnual).toBeGreaterThan(0.1);
    expect(output.volatilityAnnual).toBeLessThan(1.5);
    expect(output.forecast.at(-1)?.days).toBe(63);
    expect(summary.length).toBeLessThanOrEqual(12);
    expect(output.fit === null).toBe(!['arch', 'garch', 'gjr', 'egarch'].includes(model));
    expect(estimateVolatility.chart?.(output)).not.toBeNull();
  });

  it('a mean-reverting forecast tends to the long-run level, and news is asymmetric under gjr', async () => {
    const { output } = await runDirectly(estimateVolatility, { symbol: 'SPX', model: 'gjr', horizonDays: 504 }, ports);
    const level = output.fit?.unconditionalVolatilityAnnual ?? 0;
    expect(Math.abs((output.forecast.at(-1)?.volatilityAnnual ?? 0) - level)).toBeLessThan(0.03);
    const at = (shock: number) => output.newsImpact.find((n) => n.shock === shock)?.volatilityAnnual ?? 0;
    expect(at(-2)).toBeGreaterThan(at(2));
  });

  it('recovers the parameters of a simulated GARCH', async () => {
    const rng = createRng(11);
    const close = [100];
    let variance = 1;
    let e = 0;
    for (let t = 0; t < 4000; t++) {
      variance = 0.05 + 0.1 * e * e + 0.85 * variance;
      e = Math.sqrt(variance) * rng.normal();
      close.push((close[t] as number) * Math.exp(e / 100));
    }
    const made = fixturePorts('2040-01-01', [fixtureSource({ series: [{ symbol: 'DEMO:G', close }] })]);
    const { output } = await runDirectly(
      estimateVolatility,
      { symbol: 'DEMO:G', model: 'garch', distribution: 'normal' },
      made,
    );
    for (const [name, truth] of [
      ['omega', 0.05],
      ['alpha', 0.1],
      ['beta', 0.85],
    ] as const) {
      const p = output.fit?.parameters.find((x) => x.name === name);
      expect(Math.abs((p?.value ?? 0) - truth)).toBeLessThan(3.5 * (p?.standardError ?? 0));
    }
    expect(output.estimates.find((x) => x.model === 'parkinson')?.reason).toMatch(/closes only/);
    await expect(runDirectly(estimateVolatility, { symbol: 'DEMO:G', model: 'yangZhang' }, made)).rejects.toThrow(
      /closes only/,
    );
  });

  it('says so when the variance is integrated', async () => {
    const rng = createRng(4);
    const close = [100];
    for (let t = 0; t < 1500; t++) close.push((close[t] as number) * Math.exp((t < 750 ? 0.004 : 0.03) * rng.normal()));
    const made = fixturePorts('2040-01-01', [fixtureSource({ series: [{ symbol: 'DEMO:B', close }] })]);
    const { output, warnings } = await runDirectly(
      estimateVolatility,
      { symbol: 'DEMO:B', distribution: 'normal' },
      made,
    );
    expect(output.fit?.persistence).toBeGreaterThan(0.98);
    if (output.fit?.status === 'integrated') {
      expect(warnings).toContain('INTEGRATED_VARIANCE');
      expect(output.fit.halfLifeDays).toBeNull();
    }
  });
});
