import { describe, expect, it } from 'vitest';
import type { Ports } from '../../data/ports.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { implyVolatility } from './imply-volatility.ts';
import { priceOption } from './price-option.ts';

const ports = { asOf: '2025-12-31' } as Ports;
const price = (input: Record<string, unknown>) => runDirectly(priceOption, input, ports);

describe('price_option', () => {
  const base = { right: 'call', spot: 100, strike: 100, years: 1, rate: 0.05, volatility: 0.2 };

  it('states theta both as a broker and as a textbook does', async () => {
    const { output, summary } = await price(base);
    expect(output.thetaPerYear).toBeCloseTo(-6.414, 3);
    expect(output.thetaPerDay).toBeCloseTo(-0.01757, 5);
    expect(output.vegaPerPoint).toBeCloseTo((output.vegaPerUnit ?? 0) / 100, 14);
    expect(summary.join(' ')).toContain('calendar day');
  });

  it('gives the same number on spot, forward and expiry', async () => {
    const forward = 100 * Math.exp(0.05);
    const { output: onSpot } = await price(base);
    const { output: onForward } = await price({ ...base, spot: undefined, forward, model: 'black76' });
    expect(onForward.price).toBeCloseTo(onSpot.price, 10);
    expect(onForward.delta).toBeCloseTo((onSpot.delta ?? 0) * Math.exp(-0.05), 10);
    const { output: byDay } = await price({ ...base, years: undefined, expiry: '2026-12-31' });
    expect(byDay.price).toBeCloseTo(onSpot.price, 12);
  });

  it('agrees across models where they must', async () => {
    const { output: vanilla } = await price(base);
    const { output: american } = await price({ ...base, exercise: 'american' });
    expect(american.price).toBeCloseTo(vanilla.price, 10);
    expect(american.delta).toBeCloseTo(vanilla.delta ?? 0, 5);
    expect(american.vegaPerPoint).toBeCloseTo(vanilla.vegaPerPoint ?? 0, 5);
    const { output: heston } = await price({
      ...base,
      model: 'heston',
      initialVariance: 0.04,
      meanReversion: 1,
      longRunVariance: 0.04,
      volOfVol: 0.001,
      spotVolCorrelation: 0,
    });
    expect(heston.price).toBeCloseTo(vanilla.price, 5);
    const { output: asian } = await price({ ...base, payoff: 'asian', fixings: 1 });
    expect(asian.price).toBeCloseTo(vanilla.price, 8);
    const { output: asset } = await price({ ...base, payoff: 'digital', digitalPays: 'asset' });
    const { output: cash } = await price({ ...base, payoff: 'digital' });
    expect(asset.price - 100 * cash.price).toBeCloseTo(vanilla.price, 10);
    const { output: out } = await price({ ...base, payoff: 'barrier', barrier: 80, barrierType: 'downOut' });
    const { output: inside } = await price({ ...base, payoff: 'barrier', barrier: 80, barrierType: 'downIn' });
    expect(out.price + inside.price).toBeCloseTo(vanilla.price, 10);
    const spread = { ...base, strike: 0, payoff: 'spread', spot2: 100, volatility2: 0.2, correlation: 0.5 };
    const { output: exchange } = await price(spread);
    // Margrabe: equal volatilities at correlation ½ exchange at 20%.
    expect(exchange.price).toBeCloseTo(7.965567, 5);
    const { output: normal } = await price({ ...base, model: 'bachelier', normalVolatility: 20 });
    expect(normal.price).toBeGreaterThan(0);
  });

  it('says what is missing or contradictory', async () => {
    await expect(price({ ...base, forward: 100 })).rejects.toThrow(/Both spot and forward/);
    await expect(price({ ...base, spot: undefined })).rejects.toThrow(/underlying is missing/);
    await expect(price({ ...base, years: undefined })).rejects.toThrow(/time to expiry is missing/);
    await expect(price({ ...base, expiry: '2026-01-31' })).rejects.toThrow(/Both years and expiry/);
    await expect(price({ ...base, years: undefined, expiry: '2020-01-31' })).rejects.toThrow(/expired/);
    await expect(price({ ...base, volatility: undefined })).rejects.toThrow(/`volatility` is needed/);
    await expect(price({ ...base, payoff: 'barrier' })).rejects.toThrow(/`barrier` is needed/);
    await expect(price({ ...base, payoff: 'asian', exercise: 'american' })).rejects.toThrow(/American exercise/);
    await expect(price({ ...base, payoff: 'digital', model: 'black76' })).rejects.toThrow(/model bsm/);
    const { warnings } = await price({ ...base, rate: undefined });
    expect(warnings).toContain('ASSUMED_RATE');
  });

  it('gives null, not infinity, at the kink', async () => {
    const { output } = await price({ ...base, years: 0 });
    expect(output.gamma).toBeNull();
    expect(output.greeksReason).toMatch(/infinite/);
  });
});

describe('imply_volatility', () => {
  const quote = { right: 'put', spot: 90, strike: 100, years: 0.75, rate: 0.05, dividendYield: 0.01 };

  it('inverts price_option, European, American and Bachelier', async () => {
    for (const exercise of ['european', 'american']) {
      const { output } = await price({ ...quote, volatility: 0.31, exercise });
      const implied = await runDirectly(implyVolatility, { ...quote, exercise, price: output.price }, ports);
      expect(implied.output.impliedVolatility).toBeCloseTo(0.31, 7);
      expect(implied.output.impliedVolPoints).toBeCloseTo(31, 5);
    }
    const { output } = await price({ ...quote, model: 'bachelier', normalVolatility: 15 });
    const implied = await runDirectly(implyVolatility, { ...quote, model: 'bachelier', price: output.price }, ports);
    expect(implied.output.normalVolatility).toBeCloseTo(15, 8);
  });

  it('names the broken bound', async () => {
    const imply = (input: Record<string, unknown>) => runDirectly(implyVolatility, { ...quote, ...input }, ports);
    await expect(imply({ price: 5 })).rejects.toThrow(/below its lower bound .*discounted strike/);
    await expect(imply({ price: 97 })).rejects.toThrow(/upper bound/);
    await expect(imply({ price: 9.5, exercise: 'american' })).rejects.toThrow(/exercised now/);
    const { output, warnings } = await imply({ price: 10, exercise: 'american' });
    expect(output.impliedVolatility).toBe(0);
    expect(warnings).toContain('AT_LOWER_BOUND');
  });
});
