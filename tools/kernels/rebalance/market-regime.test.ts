import { describe, expect, it } from 'vitest';
import { hasGolden, readGolden } from '../../../lib/testing/golden.ts';
import { classifyMarketRegime, REGIME_TARGETS, regimeFromVix } from './market-regime.ts';

const nothing = { yieldCurveSlope: null, fedStance: null, gdpGrowth: null, unemployment: null, inflation: null };

describe('market regime', () => {
  it.skipIf(!hasGolden('rebalancing'))('agrees with every VIX of the golden file', () => {
    const golden = readGolden('rebalancing').expect.regime;
    expect(golden.length).toBeGreaterThan(0);
    for (const { vix, regime, target } of golden) {
      const result = classifyMarketRegime({ vix, ...nothing });
      expect(result.regime).toBe(regime);
      expect(result.targetAllocation).toEqual(target);
    }
  });

  it('gives the confidence of the worked example', () => {
    const result = classifyMarketRegime({
      vix: 18,
      yieldCurveSlope: 0.3,
      fedStance: 'neutral',
      gdpGrowth: 0.025,
      unemployment: 0.038,
      inflation: 0.028,
    });
    expect(result).toMatchObject({
      regime: 'RISK_ON',
      confidence: 0.75,
      vixSignal: 'LOW_VOLATILITY',
      yieldCurveSignal: 'NORMAL',
      macroSignal: 'EXPANSION',
    });
  });

  it('subtracts what contradicts and never falls below zero', () => {
    const bad = { yieldCurveSlope: -0.5, gdpGrowth: -0.01, unemployment: 0.08, inflation: 0.09 } as const;
    expect(classifyMarketRegime({ vix: 30, fedStance: 'tightening', ...bad }).confidence).toBe(1);
    expect(classifyMarketRegime({ vix: 15, fedStance: 'tightening', ...bad }).confidence).toBe(0);
    expect(classifyMarketRegime({ vix: 15, ...nothing, gdpGrowth: -0.01 }).confidence).toBe(0.3);
    expect(classifyMarketRegime({ vix: 22, ...nothing, yieldCurveSlope: 1 }).confidence).toBe(0.25);
  });

  it('names what is missing with null', () => {
    const result = classifyMarketRegime({ vix: 22, ...nothing });
    expect(result).toMatchObject({ confidence: 0.4, yieldCurveSignal: null, macroSignal: null });
    expect(result.votes.slice(1).every((vote) => vote.contribution === 0)).toBe(true);
  });

  it('keeps 20 and 25 in TRANSITION, within the guard', () => {
    expect([19.999999, 20 - 1e-12, 20, 25, 25 + 1e-12, 25.000001].map(regimeFromVix)).toEqual([
      'RISK_ON',
      'TRANSITION',
      'TRANSITION',
      'TRANSITION',
      'TRANSITION',
      'RISK_OFF',
    ]);
  });

  it('has no answer without VIX', () => {
    for (const vix of [Number.NaN, 0, -3, Number.POSITIVE_INFINITY]) {
      expect(() => regimeFromVix(vix)).toThrow(/VIX must be a positive number/);
    }
  });

  it('targets add up to one', () => {
    for (const target of Object.values(REGIME_TARGETS)) {
      expect(target.stocks + target.bonds + target.cash).toBeCloseTo(1, 12);
    }
  });
});
