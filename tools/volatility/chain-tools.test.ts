import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import type { OptionChain, OptionQuote } from '../../data/types.ts';
import { addDays } from '../../lib/dates.ts';
import { americanOption } from '../kernels/options/american.ts';
import { blackScholesPrice } from '../kernels/options/black-scholes.ts';
import { sviVariance } from '../kernels/options/svi.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { analyzeVariancePremium } from './analyze-variance-premium.ts';
import { analyzeVolTermStructure } from './analyze-vol-term-structure.ts';
import { fitVolSurface } from './fit-vol-surface.ts';
import { priceVarianceSwap } from './price-variance-swap.ts';

const QUOTE_DATE = '2024-03-01';
const SPOT = 100;
const RATE = 0.04;
const DIVIDEND = 0.015;

/** A chain priced from known smiles, with one flaw of each kind in its first expiry. */
function buildChain(exercise: 'european' | 'american', flawed: boolean): OptionChain {
  const quotes: OptionQuote[] = [];
  for (const days of [30, 91, 182]) {
    const years = days / 365;
    const smile = { a: 0.02 * years, b: 0.06 * Math.sqrt(years), rho: -0.5, m: 0, sigma: 0.12 };
    for (let strike = 70; strike <= 130; strike += 2.5) {
      const k = Math.log(strike / SPOT) - (RATE - DIVIDEND) * years;
      const volatility = Math.sqrt(sviVariance(smile, k) / years);
      for (const right of ['call', 'put'] as const) {
        const option = { right, spot: SPOT, strike, years, rate: RATE, dividendYield: DIVIDEND, volatility };
        const fair = exercise === 'european' ? blackScholesPrice(option) : americanOption(option).price;
        const half = 1e-4 * fair;
        quotes.push({
          expiry: addDays(QUOTE_DATE, days),
          strike,
          right,
          bid: fair - half,
          ask: fair + half,
          last: fair,
          volume: 5,
          openInterest: 10,
          sourceImpliedVolatility: null,
        });
      }
    }
  }
  const flaws: Partial<OptionQuote>[] = flawed
    ? [
        { bid: 9, ask: 8 },
        { bid: 0 },
        { bid: null, ask: null, last: 1, volume: 0 },
        { bid: null, ask: null, last: null },
        { bid: 200, ask: 201 },
      ]
    : [];
  // The flaws fall on far out-of-the-money quotes: puts 70, 72.5, … of the first expiry.
  const broken = quotes.map((quote, i) =>
    i % 2 === 1 && i < 2 * flaws.length ? { ...quote, ...flaws[(i - 1) / 2] } : quote,
  );
  return {
    underlying: 'TEST',
    quoteDate: QUOTE_DATE,
    spot: SPOT,
    exercise,
    currency: 'USD',
    multiplier: 100,
    synthetic: true,
    quotes: broken,
  };
}

function portsWith(chain: OptionChain, days = 400) {
  const dates = Array.from({ length: days }, (_, i) => addDays(QUOTE_DATE, i - days + 1));
  const close = dates.map((_, i) => 100 * Math.exp(0.008 * (i % 2)));
  const source = fixtureSource({
    series: [{ symbol: 'TEST', dates, close, instrument: { synthetic: true } }],
    chains: [chain],
  });
  return fixturePorts('2024-12-31', [source]);
}

const ask = { symbol: 'TEST', rate: RATE };

describe('tools on option chains', () => {
  it('counts each kind of bad quote, once', async () => {
    const { output, warnings } = await runDirectly(fitVolSurface, ask, portsWith(buildChain('european', true)));
    expect(output.excluded).toEqual({
      quotes: 150,
      total: 5,
      crossed: 1,
      zeroBid: 1,
      stale: 1,
      missing: 1,
      outsideBounds: 1,
    });
    expect(warnings).toContain('QUOTES_EXCLUDED');
  });

  it('recovers forward, dividend and smile of a European chain', async () => {
    const { output } = await runDirectly(fitVolSurface, ask, portsWith(buildChain('european', false)));
    expect(output.arbitrageFree).toBe(true);
    expect(output.worstRmse).toBeLessThan(0.02);
    for (const row of output.expiries) {
      const years = row.days / 365;
      expect(row.dividendYield).toBeCloseTo(DIVIDEND, 5);
      expect(row.forward).toBeCloseTo(SPOT * Math.exp((RATE - DIVIDEND) * years), 4);
      expect(row.rho).toBeCloseTo(-0.5, 2);
      expect(row.atmVol).toBeCloseTo(Math.sqrt((0.02 * years + 0.06 * Math.sqrt(years) * 0.12) / years), 3);
    }
    expect(output.excluded.total).toBe(0);
  });

  it('de-Americanises an American chain to nearly the same smile', async () => {
    const { output, warnings } = await runDirectly(fitVolSurface, ask, portsWith(buildChain('american', false)));
    expect(warnings).toContain('DE_AMERICANISED');
    for (const row of output.expiries) expect(row.rho).toBeCloseTo(-0.5, 1);
    expect(output.worstRmse).toBeLessThan(0.2);
  });

  it('reads term structure and skew', async () => {
    const { output } = await runDirectly(analyzeVolTermStructure, ask, portsWith(buildChain('european', false)));
    expect(output.shape).toBe('backwardation');
    for (const row of output.expiries) {
      expect(row.riskReversal25).toBeLessThan(0);
      expect(row.butterfly25).toBeGreaterThan(0);
      expect(row.skew).toBeGreaterThan(0);
    }
  });

  it('gives a variance-swap strike above the money, alike by both routes', async () => {
    const { output } = await runDirectly(
      priceVarianceSwap,
      { ...ask, horizonDays: 60 },
      portsWith(buildChain('european', false)),
    );
    expect(output.convexity).toBeGreaterThan(0);
    expect(Math.abs(output.fairVol - output.replicatedVol)).toBeLessThan(0.6);
    expect(output.terms.map((row) => row.days)).toEqual([30, 91]);
    const swap = {
      ...ask,
      horizonDays: 91,
      strikeVolPoints: 20,
      realisedVolPoints: 30,
      elapsedSessions: 20,
      totalSessions: 63,
    };
    const running = await runDirectly(priceVarianceSwap, swap, portsWith(buildChain('european', false)));
    expect(running.output.runningValue).toBeGreaterThan(0);
  });

  it('measures the premium in vol points, and says that there is no history', async () => {
    const { output, warnings } = await runDirectly(
      analyzeVariancePremium,
      ask,
      portsWith(buildChain('european', false)),
    );
    // Returns alternate by ±0.8%, so realised volatility is 0.008·√252.
    expect(output.realised252).toBeCloseTo(0.8 * Math.sqrt(252), 6);
    const first = output.horizons[0];
    expect(first?.premium).toBeCloseTo((first?.implied ?? 0) - output.realised252, 9);
    expect(first?.zScore).toBeNull();
    expect(warnings).toContain('NO_IMPLIED_HISTORY');
    expect(output.signal).toBe('SELL_VOLATILITY');
    expect(output.signals[0]?.signal).toBe('SELL_VOLATILITY');
    const strict = await runDirectly(
      analyzeVariancePremium,
      { ...ask, sellAbove: 50 },
      portsWith(buildChain('european', false)),
    );
    expect(strict.output.signal).toBe('STAY_OUT');
    await expect(
      runDirectly(analyzeVariancePremium, ask, portsWith(buildChain('european', false), 100)),
    ).rejects.toThrow(/at least 253/);
  });
});
