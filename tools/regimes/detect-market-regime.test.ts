import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { detectMarketRegime } from './detect-market-regime.ts';

const ports = fixturePorts();
const full = {
  yieldCurveSlope: 0.3,
  fedStance: 'neutral',
  gdpGrowth: 0.025,
  unemployment: 0.038,
  inflation: 0.028,
  compareWithHmm: false,
};

describe('detect_market_regime', () => {
  it.each([
    [19.99, 'RISK_ON', 0.7],
    [20, 'TRANSITION', 0.55],
    [25, 'TRANSITION', 0.55],
    [25.01, 'RISK_OFF', 0.4],
  ])('VIX %s is %s', async (vix, regime, stocks) => {
    const { output } = await runDirectly(detectMarketRegime, { ...full, vix }, ports);
    expect(output.current_regime).toBe(regime);
    expect(output.recommended_asset_allocation.stocks).toBe(stocks);
  });
  it('confidence falls with what is missing', async () => {
    const all = await runDirectly(detectMarketRegime, { ...full, vix: 18 }, ports);
    expect(all.output.confidence).toBe(0.75);
    const one = await runDirectly(detectMarketRegime, { vix: 18, compareWithHmm: false }, ports);
    expect(one.output.confidence).toBe(0.4);
    expect(one.output.missing).toEqual(['yieldCurveSlope', 'fedStance', 'gdpGrowth', 'unemployment', 'inflation']);
    expect(one.warnings).toContain('MISSING_INDICATORS');
  });
  it('refuses without VIX and names what to do', async () => {
    await expect(runDirectly(detectMarketRegime, { ...full }, ports)).rejects.toThrow(/needs a VIX level/);
  });
  it('compares with the hidden Markov model only where its prices are of the same time', async () => {
    const then = await runDirectly(
      detectMarketRegime,
      { ...full, vix: 38, compareWithHmm: true },
      fixturePorts('2020-04-17'),
    );
    expect(then.output.hmm).toMatchObject({ symbol: 'SPX', label: 'bear', impliedRegime: 'RISK_OFF', agrees: true });
    const later = await runDirectly(detectMarketRegime, { ...full, vix: 38, compareWithHmm: true }, ports);
    expect(later.output.hmm?.agrees).toBeNull();
  });
  it('reads the demo market and marks it synthetic', async () => {
    const { output, summary } = await runDirectly(detectMarketRegime, { market: 'demo' }, ports);
    expect(output.synthetic).toBe(true);
    expect(output.votes.every((v) => v.source === 'data')).toBe(true);
    expect(summary.join(' ')).toContain('synthetic');
  });
});
