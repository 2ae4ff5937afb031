import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, readGoldenTable } from '../../../lib/testing/golden.ts';
import {
  andersonDarlingSamples,
  leveneTest,
  mannWhitneyTest,
  stabilityIndex,
  wassersteinDistance,
  welchTest,
} from './drift.ts';
import { kolmogorovSmirnov, oneSampleSurvival } from './kolmogorov-smirnov.ts';

const relative = (actual: number, expected: number, tolerance: number, absolute = 0): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(tolerance * Math.abs(expected), absolute));
};

describeGolden('drift', ({ input, expect: expected }) => {
  const table = readGoldenTable(input.file);
  const prices = table.numbers(input.column);
  const dates = table.text('date');
  const sample = ([from, to]: readonly string[]): Float64Array => {
    const out: number[] = [];
    for (let i = 1; i < prices.length; i++) {
      const date = dates[i] as string;
      const r = Math.log((prices[i] as number) / (prices[i - 1] as number));
      if (date >= (from as string) && date <= (to as string)) out.push(r);
    }
    return Float64Array.from(out);
  };
  const a = sample(input.parameters.expected);
  const b = sample(input.parameters.actual);
  expect(a.length).toBe(expected.n_expected);
  expect(b.length).toBe(expected.n_actual);
  const ten = stabilityIndex(a, b, 10);
  relative(ten.psi, expected.psi_10, 1e-9);
  relative(stabilityIndex(a, b, 20).psi, expected.psi_20, 1e-9);
  for (const [got, want] of [
    [ten.edges, expected.edges_10],
    [ten.expectedShare, expected.expected_share],
    [ten.actualShare, expected.actual_share],
  ] as const) {
    for (let i = 0; i < want.length; i++) relative(got[i] as number, want[i], 1e-9);
  }
  const ks = kolmogorovSmirnov(a, b);
  relative(ks.statistic, expected.ks.stat, 1e-9);
  relative(ks.pAsymptotic, expected.ks.p_asymptotic, 1e-6, 1e-12);
  relative(ks.pExact as number, expected.ks.p_exact, 1e-6, 1e-12);
  relative(wassersteinDistance(a, b), expected.wasserstein, 1e-9);
  const levene = leveneTest(a, b);
  relative(levene?.statistic as number, expected.levene_median.stat, 1e-9);
  relative(levene?.p as number, expected.levene_median.p, 1e-6, 1e-12);
  const mw = mannWhitneyTest(a, b);
  relative(mw.u, expected.mann_whitney.u, 1e-9);
  relative(mw.p as number, expected.mann_whitney.p, 1e-6, 1e-12);
  const welch = welchTest(a, b);
  relative(welch?.t as number, expected.welch_t.t, 1e-9);
  relative(welch?.p as number, expected.welch_t.p, 1e-6, 1e-12);
  relative(andersonDarlingSamples([a, b]), expected.anderson_darling_k, 1e-9);
});

describe('drift', () => {
  it('same sample: no drift on any measure', () => {
    const x = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i * 1.7));
    expect(stabilityIndex(x, x, 10).psi).toBeCloseTo(0, 12);
    expect(kolmogorovSmirnov(x, x)).toEqual({ statistic: 0, pAsymptotic: 1, pExact: 1 });
    expect(wassersteinDistance(x, x)).toBe(0);
  });

  it('the exact two-sample p is a count of orders', () => {
    // Of C(6,3) = 20 orders of 3 + 3 draws, 2 reach distance 1 and 12 a distance of at least 2/3 of... counted by hand: D = 1 → 2/20.
    const ks = kolmogorovSmirnov(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6));
    expect(ks.pExact).toBeCloseTo(0.1, 14);
  });

  it('one-sample tail: both routes meet, and n = 1 is closed form', () => {
    expect(oneSampleSurvival(1, 0.75)).toBeCloseTo(0.5, 12);
    expect(oneSampleSurvival(2, 0.5)).toBeCloseTo(0.5, 10);
    for (const n of [50, 300]) {
      const d = Math.sqrt(2.2 / n);
      expect(oneSampleSurvival(n, d * (1 - 1e-9)) / oneSampleSurvival(n, d * (1 + 1e-9))).toBeCloseTo(1, 3);
    }
  });

  it('wasserstein of a shift is the shift', () => {
    const rng = createRng(5);
    const x = Float64Array.from({ length: 500 }, () => rng.normal());
    expect(
      wassersteinDistance(
        x,
        x.map((v) => v + 2),
      ),
    ).toBeCloseTo(2, 10);
  });

  it('constants and short samples are refused or null, never NaN', () => {
    const flat = new Float64Array(5).fill(1);
    expect(welchTest(flat, flat)).toBeNull();
    expect(leveneTest(flat, flat)).toBeNull();
    expect(mannWhitneyTest(flat, flat).p).toBeNull();
    expect(() => stabilityIndex(Float64Array.of(1), flat, 10)).toThrow(/at least 2/);
  });
});
