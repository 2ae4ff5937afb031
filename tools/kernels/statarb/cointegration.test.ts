import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenColumns } from '../../../lib/testing/golden-series.ts';
import { describeDegeneratePair } from './degenerate-pair.ts';
import { engleGrangerTest } from './engle-granger.ts';
import { type JohansenDeterministic, johansenTest } from './johansen.ts';
import type { Trend } from './mackinnon-tables.ts';
import { phillipsOuliarisTest } from './phillips-ouliaris.ts';

const S = { relative: 1e-6 };
const P = { absolute: 1e-4 };

describeGolden('cointegration', ({ input, expect: want }) => {
  const series = Object.values(goldenColumns(input));
  expect(series[0]).toHaveLength(want.n);
  for (const [key, target] of Object.entries(want.johansen) as [string, GoldenValue][])
    checkJohansen(series, key, target);
  const [first, ...rest] = series as [Float64Array, ...Float64Array[]];
  for (const key of Object.keys(want).filter((name) => name.startsWith('engle_granger_first_on_rest'))) {
    const [, trend, rule] = key.split('/') as [string, Trend, 'aic'];
    const got = engleGrangerTest(first, rest, { trend, lags: rule });
    expectClose([got.statistic], [want[key].stat], { ...S, what: key });
    expectClose([got.pValue], [want[key].p], { ...P, what: key });
    const c = got.criticalValues;
    expectClose([c?.onePercent ?? null, c?.fivePercent ?? null, c?.tenPercent ?? null], want[key].crit, S);
  }
  if (want.engle_granger) checkPair(first, rest[0] as Float64Array, want);
});

function direction(name: string, y: Float64Array, x: Float64Array): [Float64Array, Float64Array] {
  return name === 'y_on_x' ? [y, x] : [x, y];
}

function checkPair(y: Float64Array, x: Float64Array, want: GoldenValue): void {
  for (const [key, target] of Object.entries(want.engle_granger) as [string, GoldenValue][]) {
    const [name, trend, rule] = key.split('/') as [string, Trend, string];
    const [left, right] = direction(name, y, x);
    const lag = /^lag(\d+)$/.exec(rule);
    const got = engleGrangerTest(left, [right], { trend, lags: lag ? { lag: Number(lag[1]) } : (rule as 'aic') });
    expectClose([got.statistic], [target.stat], { ...S, what: key });
    expectClose([got.pValue], [target.p], { ...P, what: `${key} p` });
    const c = got.criticalValues;
    const crit = [c?.onePercent ?? null, c?.fivePercent ?? null, c?.tenPercent ?? null];
    expectClose(crit, [target.crit['1%'], target.crit['5%'], target.crit['10%']], { ...S, what: `${key} crit` });
  }
  for (const [name, target] of Object.entries(want.arch_engle_granger) as [string, GoldenValue][]) {
    const [left, right] = direction(name, y, x);
    const got = engleGrangerTest(left, [right], { table: 'engle-granger' });
    expect(got.lag).toBe(target.lag);
    expectClose([got.statistic], [target.stat], { ...S, what: name });
    expectClose([got.pValue], [target.p], { ...P, what: `${name} p` });
    const vector = [1, -(got.betas[0] as number), -got.intercept];
    expectClose(vector, target.cointegrating_vector, { relative: 1e-6, what: `${name} vector` });
    const c = got.criticalValues;
    const crit = [c?.tenPercent ?? null, c?.fivePercent ?? null, c?.onePercent ?? null];
    expectClose(crit, [target.crit['10'], target.crit['5'], target.crit['1']], { ...S, what: `${name} crit` });
  }
  for (const [key, target] of Object.entries(want.phillips_ouliaris) as [string, GoldenValue][]) {
    const [name, kind] = key.split('/') as [string, string];
    const got = phillipsOuliarisTest(...(([a, b]) => [a, [b]] as const)(direction(name, y, x)));
    const part = kind === 'Zt' ? got.zTau : got.zAlpha;
    expectClose([part.statistic, got.bandwidth], [target.stat, target.bandwidth], { ...S, what: key });
    expectClose([part.pValue], [target.p], { ...P, what: `${key} p` });
  }
}

const ORDER: Readonly<Record<string, JohansenDeterministic>> = { '-1': 'none', '0': 'constant', '1': 'detrended' };

function checkJohansen(series: readonly Float64Array[], key: string, target: GoldenValue): void {
  const [, order, differences] = /^det(-?\d)\/k(\d+)$/.exec(key) ?? [];
  const got = johansenTest(series, {
    deterministic: ORDER[order ?? ''] as JohansenDeterministic,
    differences: Number(differences),
    table: 'le-sage',
  });
  expectClose(got.eigenvalues, target.eig, { ...S, absolute: 1e-14, what: `${key} eigenvalues` });
  const rows = got.rows;
  expectClose(
    rows.map((r) => r.trace),
    target.trace,
    { ...S, what: `${key} trace` },
  );
  expectClose(
    rows.map((r) => r.maxEigen),
    target.max_eig,
    { ...S, what: `${key} max` },
  );
  expect(rows.map((r) => r.traceCritical)).toEqual(target.trace_crit_90_95_99);
  expect(rows.map((r) => r.maxEigenCritical)).toEqual(target.max_eig_crit_90_95_99);
  expectClose(got.vectors[0] as Float64Array, target.first_vector_normalised, { ...S, what: `${key} vector` });
}

function walks(seed: number, n: number, count: number): Float64Array[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const x = new Float64Array(n);
    for (let t = 1; t < n; t++) x[t] = (x[t - 1] as number) + rng.normal();
    return x;
  });
}

describe('cointegration by simulation', () => {
  it('keeps its level on independent walks and finds a true relation', () => {
    let false5 = 0;
    let johansen5 = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [a, b] = walks(seed, 250, 2) as [Float64Array, Float64Array];
      if ((engleGrangerTest(a, [b], { lags: { lag: 1 } }).pValue ?? 1) < 0.05) false5++;
      if (johansenTest([a, b]).traceRank > 0) johansen5++;
    }
    expect(false5).toBeGreaterThan(1);
    expect(false5).toBeLessThan(22);
    expect(johansen5).toBeLessThan(24);
    const [trend] = walks(3, 500, 1) as [Float64Array];
    const rng = createRng(99);
    const y = trend.map((v) => 5 + 2 * v + rng.normal());
    expect(engleGrangerTest(y, [trend]).pValue).toBeLessThan(0.001);
    const found = johansenTest([y, trend]);
    expect(found.traceRank).toBe(1);
    expect(found.vectors[0]?.[1]).toBeCloseTo(-2, 1);
  });

  it('rejects too often with the tables that statsmodels attaches to a constant', () => {
    let attached = 0;
    let exact = 0;
    for (let seed = 0; seed < 300; seed++) {
      const series = walks(seed, 300, 2);
      if (johansenTest(series, { table: 'le-sage' }).traceRank > 0) attached++;
      if (johansenTest(series).traceRank > 0) exact++;
    }
    expect(exact).toBeLessThan(30);
    expect(attached).toBeGreaterThan(exact * 1.5);
  });

  it('does not depend on the order or scale of the series (Johansen)', () => {
    const [a, b, c] = walks(4, 300, 3) as [Float64Array, Float64Array, Float64Array];
    const one = johansenTest([a, b, c], { differences: 2 });
    const two = johansenTest([c, a.map((v) => 100 * v), b], { differences: 2 });
    expectClose(two.eigenvalues, one.eigenvalues, { relative: 1e-9, what: 'eigenvalues' });
  });
});

describe('degenerate pairs', () => {
  const [base] = walks(8, 300, 1) as [Float64Array];
  const x = base.map((v) => 100 * Math.exp(0.01 * v));

  it('names each kind', () => {
    expect(describeDegeneratePair(x, x)?.kind).toBe('identical');
    expect(
      describeDegeneratePair(
        x.map((v) => 3 * v),
        x,
      ),
    ).toEqual({
      kind: 'proportional',
      ratio: expect.closeTo(3, 9),
    });
    expect(
      describeDegeneratePair(
        x.map((v) => 3 * v + 50),
        x,
      )?.kind,
    ).toBe('affine');
    expect(describeDegeneratePair(new Float64Array(300).fill(2), x)?.kind).toBe('constant-y');
    expect(describeDegeneratePair(x, new Float64Array(300).fill(2))?.kind).toBe('constant-x');
    let price = 50;
    const triple = x.map((v, t) => {
      if (t > 0) price *= 1 + 3 * (v / (x[t - 1] as number) - 1);
      return price;
    });
    expect(describeDegeneratePair(triple, x)).toEqual({ kind: 'leveraged-twin', ratio: expect.closeTo(3, 6) });
    expect(describeDegeneratePair(x, triple)?.kind).toBe('leveraged-twin');
    const [other] = walks(9, 300, 1) as [Float64Array];
    expect(
      describeDegeneratePair(
        x,
        other.map((v) => 100 * Math.exp(0.01 * v)),
      ),
    ).toBeNull();
  });

  it('returns collinear instead of a statistic', () => {
    const got = engleGrangerTest(
      x.map((v) => 2 * v + 1),
      [x],
    );
    expect(got.status).toBe('collinear');
    expect(got.statistic).toBeNull();
  });
});
