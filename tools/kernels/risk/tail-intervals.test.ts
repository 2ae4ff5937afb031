import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { inverseNormalCdf } from '../stats/normal.ts';
import { normalSimulationErrors, quantileInterval, shortfallInterval } from './tail-intervals.ts';
import {
  cornishFisherValueAtRisk,
  historicalExpectedShortfall,
  historicalValueAtRisk,
  normalExpectedShortfall,
  normalValueAtRisk,
  studentValueAtRisk,
} from './value-at-risk.ts';
import { assessExceedances } from './var-backtest.ts';

function normals(n: number, seed: number): Float64Array {
  const values = new Float64Array(n);
  createRng(seed).fillNormal(values);
  return values;
}

describe('tail intervals', () => {
  it('says that a 99% quantile of 250 rows rests on two or three observations and has no upper bound', () => {
    const interval = quantileInterval(normals(250, 1), 0.99);
    expect(interval.observationsBeyond).toBeGreaterThanOrEqual(2);
    expect(interval.observationsBeyond).toBeLessThanOrEqual(3);
    expect(interval.high).toBeNull();
    expect(interval.low).not.toBeNull();
  });

  it('covers the true quantile at least as often as it promises', () => {
    const truth = -inverseNormalCdf(0.05);
    let covered = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = quantileInterval(normals(500, trial), 0.95);
      if ((low ?? -9) <= truth && truth <= (high ?? 9)) covered++;
    }
    // Binomial(400, ≥ 0.95): below 0.92 has a chance under 1 in 200.
    expect(covered / trials).toBeGreaterThan(0.92);
  });

  it('covers the true shortfall about as often as it promises', () => {
    const truth = normalExpectedShortfall(0, 1, 0.95);
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const { low, high } = shortfallInterval(normals(2000, trial), 0.95);
      if ((low ?? -9) <= truth && truth <= (high ?? 9)) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.88);
  });

  it('knows the error of a simulated VaR', () => {
    const errors = normalSimulationErrors(1, 0.95, 4000);
    let sum = 0;
    let squares = 0;
    for (let trial = 0; trial < 200; trial++) {
      const value = historicalValueAtRisk(normals(4000, 1000 + trial), 0.95);
      sum += value;
      squares += value * value;
    }
    const spread = Math.sqrt(squares / 200 - (sum / 200) ** 2);
    expect(spread / errors.valueAtRisk).toBeGreaterThan(0.8);
    expect(spread / errors.valueAtRisk).toBeLessThan(1.2);
  });
});

describe('value at risk', () => {
  it('is 3.29% for one day at 2% volatility and 95%', () => {
    expect(normalValueAtRisk(0, 0.02, 0.95) * 1e6).toBeCloseTo(32_897.07, 1);
  });

  it('approaches the normal as the degrees of freedom grow', () => {
    expect(studentValueAtRisk(0, 1, 0.99, 1e6)).toBeCloseTo(normalValueAtRisk(0, 1, 0.99), 4);
  });

  it('leaves the normal alone without skewness and kurtosis, and says where it stops being a quantile', () => {
    const plain = { location: 0.01, scale: 0.2, skewness: 0, excessKurtosis: 0, confidence: 0.99 };
    expect(cornishFisherValueAtRisk(plain).valueAtRisk).toBeCloseTo(normalValueAtRisk(0.01, 0.2, 0.99), 14);
    expect(cornishFisherValueAtRisk(plain).monotone).toBe(true);
    expect(cornishFisherValueAtRisk({ ...plain, excessKurtosis: 2 }).monotone).toBe(true);
    expect(cornishFisherValueAtRisk({ ...plain, excessKurtosis: 13 }).monotone).toBe(false);
    expect(cornishFisherValueAtRisk({ ...plain, skewness: 2, excessKurtosis: 1 }).monotone).toBe(false);
  });

  it('orders shortfall above value at risk, and grows with confidence', () => {
    const sample = normals(777, 5);
    for (const c of [0.9, 0.95, 0.99]) {
      expect(historicalExpectedShortfall(sample, c)).toBeGreaterThanOrEqual(historicalValueAtRisk(sample, c) - 1e-12);
    }
    expect(historicalExpectedShortfall([0.01], 0.99)).toBe(-0.01);
    expect(historicalExpectedShortfall([0.02, 0.02, 0.02], 0.95, 'worst')).toBeCloseTo(-0.02, 15);
  });

  it('refuses 95 for 0.95', () => {
    expect(() => normalValueAtRisk(0, 0.02, 95)).toThrow(/below 1, but it is 95/);
  });
});

describe('exceedance tests', () => {
  it('are silent where the rate is exact and the hits are scattered, loud where they cluster', () => {
    const even = Uint8Array.from({ length: 1000 }, (_, i) => (i % 20 === 0 ? 1 : 0));
    expect(assessExceedances(even, 0.05).kupiec.p).toBeCloseTo(1, 9);
    const clustered = Uint8Array.from({ length: 1000 }, (_, i) => (i < 50 ? 1 : 0));
    expect(assessExceedances(clustered, 0.05).independence.p).toBeLessThan(1e-6);
    expect(assessExceedances(new Uint8Array(250), 0.01).exceedances).toBe(0);
  });
});
