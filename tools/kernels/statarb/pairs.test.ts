import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenColumns, goldenRows } from '../../../lib/testing/golden-series.ts';
import { equityCurve, maxDrawdown } from '../performance/drawdown.ts';
import { pearsonCorrelation } from '../stats/correlation.ts';
import { mean, standardDeviation } from '../stats/moments.ts';
import { adjustPValues, type MultipleTestingMethod } from '../stats/multiple-testing.ts';
import { coefficientTests, fitOls, ones } from '../stats/ols.ts';
import { adfTest } from './adf.ts';
import { engleGrangerTest } from './engle-granger.ts';
import { hedgeLine, spreadOf } from './hedge-ratio.ts';
import { pairAt, prepareScan, scanPairRange } from './pair-scan.ts';
import { fullSampleZScore, rollingZScore, runZScoreMachine, spreadReturns, type ZScoreRule } from './z-score.ts';

function runLengths(positions: Int8Array): [number, number][] {
  const out: [number, number][] = [];
  for (const p of positions) {
    const last = out[out.length - 1];
    if (last && last[0] === p) last[1]++;
    else out.push([p, 1]);
  }
  return out;
}

function checkReturns(returns: Float64Array, want: GoldenValue, what: string): void {
  const equity = equityCurve(returns);
  const deviation = standardDeviation(returns);
  const got = [
    mean(returns) * returns.length,
    (equity[equity.length - 1] as number) - 1,
    mean(returns),
    deviation,
    (mean(returns) / deviation) * Math.sqrt(252),
    maxDrawdown(returns),
  ];
  const keys = ['sum', 'compounded', 'mean', 'std_ddof1', 'sharpe_252', 'max_drawdown'];
  expectClose(
    got,
    keys.map((key) => want[key]),
    { absolute: 1e-9, relative: 1e-9, what },
  );
}

describeGolden('pairs_trading', ({ input, expect: want }) => {
  const rows = goldenRows(input);
  const { y, x } = rows.columns as { y: Float64Array; x: Float64Array };
  const logY = y.map(Math.log);
  const logX = x.map(Math.log);
  const line = hedgeLine(logY, logX, 'ols');
  expectClose([line.alpha, line.beta], [want.alpha, want.beta], { relative: 1e-9, what: 'line' });
  const p = input.parameters;
  const spread = spreadOf(logY, logX, line);
  const window = /rolling mean (\d+)/.exec(p.z);
  const z = window ? rollingZScore(spread, Number(window[1])) : fullSampleZScore(spread);
  expectClose(z.slice(-5), want.z_last5, { relative: 1e-8, absolute: 1e-11, what: 'z' });
  const path = runZScoreMachine(z, { entry: p.entry, exit: p.exit, stop: p.stop });
  expect(runLengths(path.positions)).toEqual(want.position_rle);
  const count = (side: number) => path.positions.filter((v) => v === side).length;
  expect([count(1), count(-1)]).toEqual([want.bars_long, want.bars_short]);
  expect(path.trades).toHaveLength(want.trades);
  expect(
    path.trades.slice(0, want.first_trades.length).map((t) => ({
      side: t.side,
      entry: rows.dates[t.entry],
      exit: t.exit === null ? null : rows.dates[t.exit],
    })),
  ).toEqual(want.first_trades);
  const returns = spreadReturns({ y, x, beta: line.beta, positions: path.positions, cost: p.cost });
  checkReturns(returns.gross, want.gross, 'gross');
  checkReturns(returns.net, want.net, 'net');
});

const RULES: Readonly<Record<string, ZScoreRule>> = {
  cross_zero: 'cross',
  stateless: 'stateless',
  carry_until_abs_z_le_0: 'carry',
};

describeGolden('toy_pair', ({ input, expect: want }) => {
  const [a, b] = Object.values(goldenColumns(input)) as [Float64Array, Float64Array];
  const fit = fitOls(b, [ones(b.length), a], { constant: true });
  const [alpha, beta] = coefficientTests(fit);
  const R = { relative: 1e-9, absolute: 1e-12 };
  expectClose([alpha?.estimate ?? null, beta?.estimate ?? null], [want.alpha, want.beta], { ...R, what: 'line' });
  expectClose([alpha?.standardError ?? null, beta?.standardError ?? null], want.std_err, { ...R, what: 'errors' });
  const slope = beta?.estimate ?? Number.NaN;
  const spread = b.map((v, t) => v - slope * (a[t] as number));
  expectClose(
    [fit.rSquared, mean(spread), standardDeviation(spread)],
    [want.r2, want.spread_mean, want.spread_std_ddof1],
    R,
  );
  const z = fullSampleZScore(spread);
  expectClose([...z.slice(0, 5), ...z.slice(-5)], [...want.z_first5, ...want.z_last5], { ...R, what: 'z' });
  for (const [name, target] of Object.entries(want.strategies) as [string, GoldenValue][]) {
    const { entry, exit } = input.parameters;
    const path = runZScoreMachine(z, { entry, exit, rule: RULES[name] as ZScoreRule });
    expect(runLengths(path.positions), name).toEqual(target.position_rle);
    expect(path.trades.length, name).toBe(target.trades);
    const { gross } = spreadReturns({ y: b, x: a, beta: slope, positions: path.positions, cost: 0 });
    checkReturns(gross, target.performance, name);
    expectClose(gross.slice(-5), target.last5_returns, { ...R, what: `${name} returns` });
  }
  const eg = engleGrangerTest(b, [a]);
  const { stat, p, crit } = want.engle_granger_B_on_A;
  expectClose([eg.statistic], [stat], R);
  expectClose([eg.pValue], [p], { absolute: 1e-6 });
  const c = eg.criticalValues;
  expectClose([c?.onePercent ?? null, c?.fivePercent ?? null, c?.tenPercent ?? null], crit, R);
  const plain = adfTest(fit.residuals);
  expectClose([plain.statistic], [want.adf_on_residual_plain.stat], R);
  expectClose([plain.pValue], [want.adf_on_residual_plain.p_not_valid_for_residuals], { absolute: 1e-6 });
  expect(plain.lag).toBe(want.adf_on_residual_plain.lag);
});

const METHODS: Readonly<Record<string, MultipleTestingMethod>> = {
  bonferroni: 'bonferroni',
  holm: 'holm',
  fdr_bh: 'benjamini-hochberg',
  fdr_by: 'benjamini-yekutieli',
};

describeGolden('pairs_scan', ({ input, expect: want }) => {
  const names = input.columns as string[];
  const prices = goldenRows(input).columns;
  const logs = names.map((name) => (prices[name] as Float64Array).map(Math.log));
  const prepared = prepareScan(logs);
  expect(prepared.pairs).toBe(want.pairs.length);
  const scan = scanPairRange(prepared, 0, prepared.pairs);
  const distance = new Map<string, number>();
  for (const [index, target] of (want.pairs as GoldenValue[]).entries()) {
    const i = scan.first[index] as number;
    const j = scan.second[index] as number;
    expect([names[i], names[j]]).toEqual([target.a, target.b]);
    const what = `${target.a}/${target.b}`;
    expectClose(
      [scan.forward.statistic[index] ?? null, scan.backward.statistic[index] ?? null],
      [target.stat_a_on_b, target.stat_b_on_a],
      { relative: 1e-9, what },
    );
    expectClose(
      [scan.forward.pValue[index] ?? null, scan.backward.pValue[index] ?? null],
      [target.p_a_on_b, target.p_b_on_a],
      { absolute: 1e-4, what },
    );
    expectClose([scan.levelCorrelation[index] ?? null], [target.log_price_corr], { relative: 1e-8, what });
    const [a, b] = [prices[target.a] as Float64Array, prices[target.b] as Float64Array];
    const simple = (v: Float64Array) => v.slice(1).map((now, t) => now / (v[t] as number) - 1);
    const log = (v: Float64Array) => v.slice(1).map((now, t) => Math.log(now / (v[t] as number)));
    const correlations = [simple, log].map((f) => pearsonCorrelation(f(a), f(b)) ?? 0);
    expect(Math.min(...correlations.map((r) => Math.abs(r - target.return_corr)))).toBeLessThan(1e-8);
    const ssd = a.reduce((sum, v, t) => sum + (v / (a[0] as number) - (b[t] as number) / (b[0] as number)) ** 2, 0);
    expectClose([ssd], [target.ssd], { relative: 1e-8, what });
    distance.set(what, ssd);
  }
  for (const [key, target] of Object.entries(want.adjusted_p_of_p_a_on_b)) {
    const got = adjustPValues(scan.forward.pValue, METHODS[key] as MultipleTestingMethod);
    expectClose(got, target as number[], { absolute: 1e-4, what: key });
  }
  const closest = [...distance.entries()].sort((a, b) => a[1] - b[1]).map(([name]) => name);
  expect(closest.slice(0, want.best_by_ssd.length)).toEqual(want.best_by_ssd);
  // Ranked by the better of the two directions.
  const smaller = scan.forward.pValue.map((p, k) => Math.min(p, scan.backward.pValue[k] as number));
  const order = Array.from(smaller, (p, index) => [p, index] as const).sort((a, b) => a[0] - b[0]);
  const best = order.map(([, index]) => `${names[scan.first[index] as number]}/${names[scan.second[index] as number]}`);
  expect(best.slice(0, want.best_by_p.length)).toEqual(want.best_by_p);
});

function walks(seed: number, n: number, count: number): Float64Array[] {
  const rng = createRng(seed);
  const market = new Float64Array(n);
  for (let t = 1; t < n; t++) market[t] = (market[t - 1] as number) + rng.normal();
  return Array.from({ length: count }, () => {
    const x = new Float64Array(n);
    for (let t = 1; t < n; t++) x[t] = (x[t - 1] as number) + rng.normal();
    return x.map((v, t) => 4 + 0.01 * (v + (market[t] as number)));
  });
}

describe('scanPairRange', () => {
  it('equals one regression per pair and direction', () => {
    const series = walks(3, 400, 7);
    const prepared = prepareScan(series);
    const scan = scanPairRange(prepared, 0, prepared.pairs);
    for (let k = 0; k < prepared.pairs; k++) {
      const [i, j] = pairAt(k, 7);
      const y = series[i] as Float64Array;
      const x = series[j] as Float64Array;
      for (const [direction, want] of [
        [scan.forward, engleGrangerTest(y, [x])],
        [scan.backward, engleGrangerTest(x, [y])],
      ] as const) {
        expect(direction.lag[k]).toBe(want.lag);
        expectClose([direction.statistic[k] ?? null], [want.statistic], { relative: 1e-9, what: `${i}/${j}` });
        expectClose([direction.beta[k] ?? null], [want.betas[0] ?? null], { relative: 1e-10, what: 'beta' });
      }
    }
  });

  it('gives the same numbers however the pairs are split', () => {
    const prepared = prepareScan(walks(4, 200, 6));
    const whole = scanPairRange(prepared, 0, 15);
    const parts = [scanPairRange(prepared, 0, 4), scanPairRange(prepared, 4, 11), scanPairRange(prepared, 11, 15)];
    expect(parts.flatMap((part) => [...part.forward.statistic])).toEqual([...whole.forward.statistic]);
    expect(parts.flatMap((part) => [...part.backward.lag])).toEqual([...whole.backward.lag]);
    expect(parts.flatMap((part) => [...part.second])).toEqual([...whole.second]);
  });

  it('keeps nine digits for nearly collinear pairs and leaves exact copies untested', () => {
    const [x] = walks(5, 500, 1) as [Float64Array];
    const rng = createRng(1);
    const near = x.map((v) => 2 * v + 1e-5 * rng.normal());
    const copy = x.map((v) => 3 * v + 1);
    const scan = scanPairRange(prepareScan([near, x, copy]), 0, 3);
    expectClose([scan.forward.statistic[0] ?? null], [engleGrangerTest(near, [x]).statistic], { relative: 1e-9 });
    expect(scan.forward.statistic[2]).toBeNaN();
    const constant = scanPairRange(prepareScan([x, new Float64Array(500).fill(4)]), 0, 1);
    expect(constant.forward.statistic[0]).toBeNaN();
  });
});

describe('runZScoreMachine', () => {
  const run = (z: number[], extra = {}) => [
    ...runZScoreMachine(Float64Array.from(z), { entry: 1, exit: 0, ...extra }).positions,
  ];

  it('waits for the cross, stops out, stays disarmed and re-arms', () => {
    expect(run([0.5, 1.2, 0.4, -0.1, -1.5, -0.2, 0.1])).toEqual([0, -1, -1, 0, 1, 1, 0]);
    expect(run([1.2, 3, 2, 1.5, 0.9, 1.2], { stop: 2.5 })).toEqual([-1, 0, 0, 0, 0, -1]);
    expect(run([3, 1.2], { stop: 2.5 })).toEqual([0, -1]);
    expect(run([1.2, Number.NaN, 0.5])).toEqual([-1, -1, -1]);
  });

  it('closes by time and waits for calm', () => {
    expect(run([1.5, 1.4, 1.3, 1.2, 0.5, 1.1], { timeStop: 2 })).toEqual([-1, -1, 0, 0, 0, -1]);
  });

  it('refuses thresholds that cross', () => {
    expect(() => run([1], { exit: 1 })).toThrow(/entry z/);
    expect(() => run([1], { stop: 0.5 })).toThrow(/stop z/);
  });

  it('does not look ahead with a rolling window', () => {
    const [x] = walks(2, 300, 1) as [Float64Array];
    const whole = rollingZScore(x, 60);
    expect([...rollingZScore(x.slice(0, 200), 60)]).toEqual([...whole.slice(0, 200)]);
  });
});
