import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenStatarbSeries } from '../../../lib/testing/golden-series.ts';
import { adfTest, type LagRule } from './adf.ts';
import { dfGlsTest } from './df-gls.ts';
import { kpssTest } from './kpss.ts';
import { levelTest, levelTestByQr } from './lag-regression.ts';
import type { CriticalValues } from './mackinnon.ts';
import type { Trend } from './mackinnon-tables.ts';
import { phillipsPerronTest } from './phillips-perron.ts';
import { varianceRatioTest } from './variance-ratio.ts';
import { zivotAndrewsTest } from './zivot-andrews.ts';

const S = { relative: 1e-6 };
const P = { absolute: 1e-4 };

function checkCritical(got: CriticalValues | null, want: Record<string, number>, what: string): void {
  const values = [got?.onePercent ?? null, got?.fivePercent ?? null, got?.tenPercent ?? null];
  expectClose(values, [want['1%'] ?? null, want['5%'] ?? null, want['10%'] ?? null], { relative: 1e-6, what });
}

function lagRule(name: string): LagRule {
  const fixed = /lag(\d+)$/.exec(name);
  return fixed ? { lag: Number(fixed[1]) } : (name.toLowerCase() as LagRule);
}

describeGolden('unit_root', ({ input, expect: want }) => {
  const x = goldenStatarbSeries(input);
  expect(x).toHaveLength(want.n);
  for (const [key, target] of Object.entries(want.adf) as [string, GoldenValue][]) {
    const [trend, rule] = key.split('/') as [Trend, string];
    const got = adfTest(x, { trend, lags: lagRule(rule) });
    expect({ key, lag: got.lag, rows: got.rows }).toEqual({ key, lag: target.lag, rows: target.nobs });
    expectClose([got.statistic], [target.stat], { ...S, what: `adf ${key}` });
    expectClose([got.pValue], [target.p], { ...P, what: `adf p ${key}` });
    checkCritical(got.criticalValues, target.crit, `adf crit ${key}`);
    if (target.ic_best !== undefined) expectClose([got.criterion], [target.ic_best], { ...S, what: `adf ic ${key}` });
  }
  for (const [key, target] of Object.entries(want.kpss) as [string, GoldenValue][]) {
    const [trend, lags] = key.split('/') as ['c' | 'ct', string];
    const got = kpssTest(x, { trend, lags: /^\d+$/.test(lags) ? Number(lags) : (lags as 'auto') });
    expect({ key, lags: got.lags, bound: got.pValueIsBound }).toEqual({
      key,
      lags: target.lags,
      bound: target.p_is_bound,
    });
    expectClose([got.statistic], [target.stat], { ...S, what: `kpss ${key}` });
    expectClose([got.pValue], [target.p], { ...P, what: `kpss p ${key}` });
    const { tenPercent, fivePercent, twoAndAHalfPercent, onePercent } = got.criticalValues;
    expect([tenPercent, fivePercent, twoAndAHalfPercent, onePercent]).toEqual(
      ['10%', '5%', '2.5%', '1%'].map((level) => target.crit[level]),
    );
  }
  checkPhillipsPerron(x, want.phillips_perron);
  for (const [trend, target] of Object.entries(want.dfgls) as ['c' | 'ct', GoldenValue][]) {
    const got = dfGlsTest(x, { trend });
    expect(got.lag).toBe(target.lag);
    expectClose([got.statistic], [target.stat], { ...S, what: `dfgls ${trend}` });
    expectClose([got.pValue], [target.p], { ...P, what: `dfgls p ${trend}` });
    checkCritical(got.criticalValues, target.crit, `dfgls crit ${trend}`);
  }
  for (const [key, target] of Object.entries(want.variance_ratio) as [string, GoldenValue][]) {
    const [q, kind, bias] = key.split('/');
    const got = varianceRatioTest(x, Number(q?.slice(1)), { robust: kind === 'robust', debiased: bias === 'debiased' });
    expectClose([got.varianceRatio, got.statistic], [target.vr, target.stat], { ...S, what: `vr ${key}` });
    expectClose([got.pValue], [target.p], { ...P, what: `vr p ${key}` });
  }
  for (const key of Object.keys(want).filter((name) => name.startsWith('zivot_andrews'))) {
    const [, model, lag] = /zivot_andrews_(c|t|ct)_lag(\d+)/.exec(key) ?? [];
    const got = zivotAndrewsTest(x, { model: model as 'c', lag: Number(lag) });
    expectClose([got.statistic], [want[key].stat], { ...S, what: key });
    expectClose([got.pValue], [want[key].p], { ...P, what: key });
    checkCritical(got.criticalValues, want[key].crit, key);
    expect(got.breakIndex, key).toBe(want[key].break_index);
  }
});

function checkPhillipsPerron(x: Float64Array, want: Record<string, GoldenValue>): void {
  for (const [key, target] of Object.entries(want)) {
    const [trend, kind] = key.split('/') as ['n' | 'c' | 'ct', 'tau' | 'rho'];
    const got = phillipsPerronTest(x, { trend });
    expect(got.lags).toBe(target.lags);
    const tau = kind === 'tau';
    expectClose([tau ? got.tau : got.rho], [target.stat], { ...S, what: `pp ${key}` });
    expectClose([tau ? got.tauPValue : got.rhoPValue], [target.p], { ...P, what: `pp p ${key}` });
    checkCritical(tau ? got.tauCritical : got.rhoCritical, target.crit, `pp crit ${key}`);
  }
}

function walk(seed: number, n: number, pull = 0): Float64Array {
  const rng = createRng(seed);
  const x = new Float64Array(n);
  for (let t = 1; t < n; t++) x[t] = (1 - pull) * (x[t - 1] as number) + rng.normal();
  return x;
}

describe('adfTest', () => {
  it('rejects a random walk at about its level and a reverting series nearly always', () => {
    let false5 = 0;
    let found = 0;
    for (let seed = 0; seed < 300; seed++) {
      const p = adfTest(walk(seed, 250), { trend: 'c', lags: { lag: 1 } });
      if ((p.pValue ?? 1) < 0.05) false5++;
      if ((adfTest(walk(seed, 250, 0.2), { trend: 'c', lags: { lag: 1 } }).pValue ?? 1) < 0.05) found++;
    }
    expect(false5).toBeGreaterThan(4);
    expect(false5).toBeLessThan(30);
    expect(found).toBeGreaterThan(285);
  });

  it('agrees with Householder QR on hard series', () => {
    const cases: [Float64Array, Trend, number][] = [
      [walk(1, 300).map((v) => 1e6 + v), 'c', 5],
      [walk(2, 300).map((v, t) => v + 0.5 * t), 'ct', 8],
      [walk(3, 60).map((v) => v * 1e-9), 'ctt', 4],
      [walk(4, 400, 0.9), 'n', 12],
    ];
    for (const [x, trend, lag] of cases) {
      const a = levelTest(x, trend, lag);
      const b = levelTestByQr(x, trend, lag);
      expectClose([a?.t ?? null], [b?.t ?? null], { relative: 1e-9, what: trend });
    }
  });

  it('does not change with the scale of the series', () => {
    const x = walk(7, 200);
    const a = adfTest(x, { trend: 'c' });
    const b = adfTest(
      x.map((v) => 1000 * v),
      { trend: 'c' },
    );
    expect(b.statistic).toBeCloseTo(a.statistic, 9);
    expect(b.lag).toBe(a.lag);
  });

  it('moves the verdict when the series is a residual', () => {
    const x = walk(11, 252, 0.08);
    const own = adfTest(x, { trend: 'c', lags: { lag: 1 } });
    const residual = adfTest(x, { trend: 'c', lags: { lag: 1 }, series: 2 });
    expect(residual.pValue as number).toBeGreaterThan(own.pValue as number);
    expect(residual.criticalValues?.fivePercent as number).toBeLessThan(own.criticalValues?.fivePercent as number);
  });

  it('names constant and exactly predictable series, and too few rows', () => {
    expect(() => adfTest(new Float64Array(50).fill(3))).toThrow(/constant/);
    expect(() => adfTest(walk(1, 6))).toThrow(/at least/);
    expect(() => kpssTest(new Float64Array(50).fill(3))).toThrow(/constant/);
  });
});

describe('variance ratio', () => {
  it('is one for a walk, below one for reversal, above one for momentum', () => {
    expect(varianceRatioTest(walk(5, 5000), 5).varianceRatio).toBeCloseTo(1, 1);
    expect(varianceRatioTest(walk(5, 5000, 0.5), 5).varianceRatio).toBeLessThan(0.6);
    const steps = walk(6, 3000, 0.7);
    let sum = 0;
    const trending = steps.map((v) => {
      sum += v;
      return sum;
    });
    expect(varianceRatioTest(trending, 5).statistic).toBeGreaterThan(2);
  });
});

describe('zivotAndrewsTest', () => {
  it('finds a level break that hides stationarity', () => {
    const x = walk(3, 400, 0.5).map((v, t) => v + (t >= 250 ? 12 : 0));
    const got = zivotAndrewsTest(x, { lag: 1 });
    expect(got.pValue).toBeLessThan(0.01);
    expect(Math.abs(got.breakIndex - 249)).toBeLessThan(6);
  });
});
