import { expect } from 'vitest';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenColumns, goldenStatarbSeries } from '../../../lib/testing/golden-series.ts';
import { adfTest } from './adf.ts';
import { dfGlsTest } from './df-gls.ts';
import { type FullerStatistic, fullerCritical, fullerTrendPValue } from './fuller-tables.ts';
import { type JohansenDeterministic, johansenTest } from './johansen.ts';
import { jointUnitRootTests } from './joint-unit-root.ts';
import { kpssTest } from './kpss.ts';
import { phillipsPerronTest } from './phillips-perron.ts';

const S = { relative: 1e-6 };

/** Keys that belong to volatility models are checked with those. */
const ELSEWHERE = /^garch/;

describeGolden('r_crosscheck', ({ id, input, expect: want }) => {
  const keys = Object.keys(want).filter((key) => key !== 'n');
  if (keys.every((key) => ELSEWHERE.test(key))) return;
  const johansen = keys.filter((key) => /^(trace|eigen)\//.test(key));
  if (johansen.length > 0) {
    const levels = id.startsWith('yields') ? { ...input, transform: '' } : input;
    const series = Object.values(goldenColumns(levels)) as Float64Array[];
    const kind = /K = (\d+)/.exec(input.parameters);
    for (const key of johansen) checkJohansen(series, Number(kind?.[1]) - 1, key, want[key]);
    return;
  }
  const x = goldenStatarbSeries(input);
  expect(x).toHaveLength(want.n);
  for (const key of keys) checkUnitRoot(x, key, want[key]);
});

const PLACE: Readonly<Record<string, JohansenDeterministic>> = {
  none: 'constant',
  const: 'restricted-constant',
  trend: 'restricted-trend',
};

function checkJohansen(series: readonly Float64Array[], differences: number, key: string, want: GoldenValue): void {
  const [kind, place, level] = key.split('/') as [string, string, 'longrun' | 'transitory'];
  const got = johansenTest(series, { deterministic: PLACE[place] as JohansenDeterministic, differences, level });
  const trace = kind === 'trace';
  expectClose(
    got.rows.map((r) => (trace ? r.trace : r.maxEigen)),
    want.teststat,
    { ...S, what: key },
  );
  expect(got.rows.map((r) => (trace ? r.traceCritical : r.maxEigenCritical))).toEqual(want.crit_10_5_1);
  expectClose(got.eigenvalues, want.lambda, { ...S, absolute: 1e-10, what: `${key} lambda` });
  expectClose(got.vectors[0] as Float64Array, want.first_vector, { ...S, what: `${key} vector` });
  expectClose(got.firstLoading, want.first_loading, { ...S, absolute: 1e-9, what: `${key} loading` });
}

function checkUnitRoot(x: Float64Array, key: string, want: GoldenValue): void {
  const stat: number[] = want.stat;
  const close = (got: readonly (number | null)[]) => expectClose(got, stat, { ...S, what: key });
  const [name, ...rest] = key.split('/') as [string, ...string[]];
  const lag = Number(/lag(\d+)/.exec(key)?.[1] ?? Number.NaN);
  if (name === 'ur.df') checkDickeyFuller(x, rest[0] as string, lag, want, key);
  else if (name === 'ur.kpss')
    close([kpssTest(x, { trend: rest[0] === 'mu' ? 'c' : 'ct', lags: want.lags }).statistic]);
  else if (name === 'ur.pp') {
    const got = phillipsPerronTest(x, {
      trend: rest[1] === 'trend' ? 'ct' : 'c',
      lags: want.lags,
      scaledBy: 'current',
    });
    close([rest[0] === 'Z-tau' ? got.tau : got.rho]);
  } else if (name === 'ur.ers') {
    close([dfGlsTest(x, { trend: rest[1] === 'constant' ? 'c' : 'ct', lag }).statistic]);
  } else checkTseries(x, key, want);
}

function checkDickeyFuller(x: Float64Array, model: string, lag: number, want: GoldenValue, key: string): void {
  const trend = model === 'none' ? 'n' : model === 'drift' ? 'c' : 'ct';
  const stats = [adfTest(x, { trend, lags: { lag } }).statistic];
  const names: FullerStatistic[] = [model === 'none' ? 'tau-none' : model === 'drift' ? 'tau-drift' : 'tau-trend'];
  if (trend !== 'n') {
    const joint = jointUnitRootTests(x, trend, lag);
    if (joint.phi1 !== null) stats.push(joint.phi1);
    if (joint.phi2 !== null && joint.phi3 !== null) stats.push(joint.phi2, joint.phi3);
    names.push(...(trend === 'c' ? (['phi1'] as const) : (['phi2', 'phi3'] as const)));
  }
  expectClose(stats, want.stat, { ...S, what: key });
  expect(
    names.map((name) => fullerCritical(name, x.length)),
    key,
  ).toEqual(want.crit);
}

function checkTseries(x: Float64Array, key: string, want: GoldenValue): void {
  const rows = x.length - 1;
  const adf = /adf\.test k=(\d+)/.exec(key);
  const p = (want['p_clipped_0.01_0.99'] ?? want['p_clipped_0.01_0.1']) as number[];
  if (adf) {
    const got = adfTest(x, { trend: 'ct', lags: { lag: Number(adf[1]) } });
    expectClose([got.statistic], want.stat, { ...S, what: key });
    expectClose([fullerTrendPValue(got.statistic, rows, 't')], p, { absolute: 1e-4, what: `${key} p` });
  } else if (/pp\.test/.test(key)) {
    const got = phillipsPerronTest(x, { trend: 'ct', lags: want.lag[0] });
    expectClose([got.rho], want.stat, { ...S, what: key });
    expectClose([fullerTrendPValue(got.rho, rows, 'bias')], p, { absolute: 1e-4, what: `${key} p` });
  } else if (/kpss\.test/.test(key)) {
    const got = kpssTest(x, { trend: /Trend/.test(key) ? 'ct' : 'c', lags: want.lag[0] });
    expectClose([got.statistic], want.stat, { ...S, what: key });
    expectClose([got.pValue], p, { absolute: 1e-4, what: `${key} p` });
  } else throw new Error(`r_crosscheck: no test for ${key}`);
}
