import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { bootstrapInterval, drawBootstrapIndices, optimalBlockLength } from './bootstrap.ts';
import { autocorrelations, averageRanks, pearsonCorrelation, spearmanCorrelation } from './correlation.ts';
import {
  betaCdf,
  chiSquareCdf,
  chiSquareSurvival,
  fCdf,
  fSurvival,
  gammaCdf,
  inverseBetaCdf,
  inverseChiSquareCdf,
  inverseGammaCdf,
  inverseStudentTCdf,
  studentTCdf,
  studentTPdf,
  studentTTwoSided,
} from './distributions.ts';
import { logBeta, logGamma } from './gamma-function.ts';
import { covariance, mean, moments, standardDeviation, variance } from './moments.ts';
import { adjustPValues } from './multiple-testing.ts';
import { median, quantile } from './quantile.ts';
import { archTest, jarqueBera, ljungBox } from './serial-tests.ts';

const relative = (got: number, want: number): number => Math.abs(got - want) / Math.abs(want);

describe('special functions', () => {
  it('matches factorials, half-integers and the reflection of the beta function', () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(Math.abs(logGamma(n) - Math.log(factorial))).toBeLessThan(1e-13 * Math.max(1, Math.log(factorial)));
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 14);
    expect(Math.exp(logBeta(2, 3))).toBeCloseTo(1 / 12, 14);
  });
});

describe('distributions', () => {
  it('has closed forms at small degrees of freedom', () => {
    for (const t of [-40, -3, -0.5, 0, 0.2, 7]) {
      expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 13);
      expect(studentTCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 13);
    }
    expect(relative(chiSquareSurvival(80, 2), Math.exp(-40))).toBeLessThan(1e-13);
    expect(relative(gammaCdf(1.3, 1), 1 - Math.exp(-1.3))).toBeLessThan(1e-13);
    expect(betaCdf(0.5, 2, 3)).toBeCloseTo(0.6875, 14);
  });

  it('keeps relative precision in the far tail', () => {
    // P(|T_2| > 1000) = 1 − t/√(2+t²) = 2/(s(s+t)) with s = √(2+t²).
    const s = Math.sqrt(2 + 1e6);
    expect(relative(studentTTwoSided(1000, 2), 2 / (s * (s + 1000)))).toBeLessThan(1e-12);
    // F(2, d): (1 + 2f/d)^(−d/2).
    expect(relative(fSurvival(500, 2, 60), (1 + 1000 / 60) ** -30)).toBeLessThan(1e-11);
  });

  it('relates t, F, chi-square and beta to one another', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), fc.integer({ min: 1, max: 3000 }), (x, d) => {
        expect(studentTTwoSided(x, d)).toBeCloseTo(fSurvival(x * x, 1, d), 12);
        expect(fCdf(x, 4, d) + fSurvival(x, 4, d)).toBeCloseTo(1, 12);
        expect(chiSquareCdf(x, d) + chiSquareSurvival(x, d)).toBeCloseTo(1, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('inverts what it computes', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.integer({ min: 1, max: 400 }), (p, d) => {
        expect(relative(studentTCdf(inverseStudentTCdf(p, d), d), p)).toBeLessThan(1e-9);
        expect(relative(chiSquareCdf(inverseChiSquareCdf(p, d), d), p)).toBeLessThan(1e-9);
        expect(relative(gammaCdf(inverseGammaCdf(p, d / 3), d / 3), p)).toBeLessThan(1e-9);
        expect(relative(betaCdf(inverseBetaCdf(p, 2, d), 2, d), p)).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('has a density that integrates to the distribution', () => {
    let sum = 0;
    for (let i = 0; i < 4000; i++) sum += studentTPdf(-2 + (i + 0.5) / 1000, 5) / 1000;
    expect(sum).toBeCloseTo(studentTCdf(2, 5) - studentTCdf(-2, 5), 7);
  });

  it('refuses impossible degrees of freedom', () => {
    expect(() => studentTCdf(1, 0)).toThrow(/Degrees of freedom/);
    expect(() => inverseStudentTCdf(1, 5)).toThrow(/between 0 and 1/);
  });
});

describe('moments and quantiles', () => {
  it('agrees with hand-computed values', () => {
    const m = moments([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(m.mean).toBe(5);
    expect(m.standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(m.skewness).toBeCloseTo(42 / 8 / 8, 14);
    expect(m.kurtosis).toBeCloseTo(356 / 8 / 16, 12);
    expect(variance([1, 2, 3, 4], 0)).toBe(1.25);
    expect(covariance([1, 2, 3], [2, 4, 7])).toBeCloseTo(2.5, 14);
    expect(standardDeviation([3, 3, 3])).toBe(0);
    expect(moments([3, 3, 3]).skewness).toBe(0);
  });

  it('does not lose the variance of large numbers', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2));
    expect(mean(values)).toBe(1e9 + 0.5);
    expect(variance(values, 0)).toBeCloseTo(0.25, 12);
  });

  it('knows the named quantile conventions', () => {
    const values = [15, 20, 35, 40, 50];
    expect(quantile(values, 0.4)).toBeCloseTo(29, 12);
    expect(quantile(values, 0.4, 'weibull')).toBeCloseTo(26, 12);
    expect(quantile(values, 0.4, 'hazen')).toBeCloseTo(27.5, 12);
    expect(quantile(values, 0.4, 'inverted-cdf')).toBe(20);
    expect(quantile(values, 0.4, 'lower')).toBe(20);
    expect(quantile(values, 0.4, 'higher')).toBe(35);
    expect(median([3, 1, 2])).toBe(2);
    expect(() => quantile([], 0.5)).toThrow(/at least 1/);
  });
});

describe('correlation', () => {
  it('is one for a line, null for a constant, and blind to scale in ranks', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => i * 1.7);
    expect(
      pearsonCorrelation(
        x,
        x.map((v) => 5 - 2 * v),
      ),
    ).toBeCloseTo(-1, 14);
    expect(pearsonCorrelation(x, new Float64Array(30).fill(7))).toBeNull();
    expect(spearmanCorrelation(x, x.map(Math.exp))).toBeCloseTo(1, 14);
    expect([...averageRanks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
  });

  it('gives the autocorrelation of an alternating series', () => {
    const rho = autocorrelations([1, -1, 1, -1], 2);
    expect([...rho]).toEqual([-0.75, 0.5]);
    expect([...autocorrelations([2, 2, 2, 2], 2)]).toEqual([0, 0]);
  });
});

describe('multiple testing', () => {
  it('orders bonferroni ≥ holm ≥ benjamini-hochberg and keeps the given order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (p) => {
        const bonferroni = adjustPValues(p, 'bonferroni');
        const holm = adjustPValues(p, 'holm');
        const bh = adjustPValues(p, 'benjamini-hochberg');
        for (let i = 0; i < p.length; i++) {
          expect(bonferroni[i]).toBeGreaterThanOrEqual((holm[i] as number) - 1e-15);
          expect(holm[i]).toBeGreaterThanOrEqual((bh[i] as number) - 1e-15);
          expect(bh[i]).toBeGreaterThanOrEqual((p[i] as number) * (1 - 1e-15));
        }
      }),
    );
  });

  it('matches the definition of Benjamini and Hochberg by brute force', () => {
    const p = [0.01, 0.04, 0.03, 0.5];
    const expected = [0.04, 0.16 / 3, 0.16 / 3, 0.5];
    for (const [i, v] of adjustPValues(p, 'benjamini-hochberg').entries()) expect(v).toBeCloseTo(expected[i] ?? 0, 14);
    expect(() => adjustPValues([1.2], 'holm')).toThrow(/between 0 and 1/);
  });
});

describe('serial tests', () => {
  it('rejects at about its level on white noise', () => {
    let rejections = 0;
    for (let seed = 0; seed < 300; seed++) {
      const rng = createRng(seed);
      const x = Float64Array.from({ length: 200 }, () => rng.normal());
      if (ljungBox(x, 5).pValue < 0.1) rejections++;
    }
    expect(rejections).toBeGreaterThan(12);
    expect(rejections).toBeLessThan(50);
  });

  it('finds heteroskedasticity and fat tails', () => {
    const rng = createRng(9);
    const x = Float64Array.from({ length: 800 }, (_, i) => rng.normal() * (i % 100 < 20 ? 4 : 1));
    expect(archTest(x, 5).pValue).toBeLessThan(1e-4);
    expect(jarqueBera(x).pValue).toBeLessThan(1e-6);
  });
});

describe('bootstrap', () => {
  it('gives the same draws for the same seed and blocks that run on', () => {
    const a = new Int32Array(50);
    const b = new Int32Array(50);
    drawBootstrapIndices(20, { kind: 'circular-block', blockLength: 5 }, createRng(4), a);
    drawBootstrapIndices(20, { kind: 'circular-block', blockLength: 5 }, createRng(4), b);
    expect(a).toEqual(b);
    for (let i = 0; i < 50; i++) {
      if (i % 5 !== 0) expect(a[i]).toBe(((a[i - 1] as number) + 1) % 20);
    }
  });

  it('widens the interval of the mean when blocks respect the dependence', () => {
    const rng = createRng(11);
    const x = new Float64Array(600);
    for (let t = 1; t < 600; t++) x[t] = 0.8 * (x[t - 1] as number) + rng.normal();
    const run = (scheme: Parameters<typeof bootstrapInterval>[0]['scheme']) =>
      bootstrapInterval({ values: x, statistic: mean, scheme, replications: 400, confidence: 0.9, rng: createRng(1) });
    const block = optimalBlockLength(x).stationary;
    expect(block).toBeGreaterThan(8);
    const wide = run({ kind: 'stationary', blockLength: block });
    const narrow = run({ kind: 'iid' });
    expect(wide && narrow && wide.standardError > 1.8 * narrow.standardError).toBe(true);
    expect(wide && wide.lower <= wide.estimate && wide.estimate <= wide.upper).toBe(true);
    expect(run({ kind: 'iid' })).toEqual(narrow);
  });

  it('returns null where the statistic does not exist', () => {
    const values = new Float64Array(10);
    const scheme = { kind: 'iid' } as const;
    const parts = { values, scheme, replications: 20, confidence: 0.9, rng: createRng(1) };
    expect(bootstrapInterval({ ...parts, statistic: () => null })).toBeNull();
  });
});
