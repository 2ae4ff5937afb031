import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { analyzeBasket } from './analyze-basket.ts';
import { analyzePair } from './analyze-pair.ts';
import { backtestPair } from './backtest-pair.ts';
import { calibrateEntryExit } from './calibrate-entry-exit.ts';
import { scanPairs } from './scan-pairs.ts';
import { testStationarity } from './test-stationarity.ts';

const ports = fixturePorts();

async function errorCode(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'none';
  } catch (error) {
    return isTradewindError(error) ? error.code : String(error);
  }
}

describe('test_stationarity', () => {
  it('says which table decides a stated statistic', async () => {
    const open = await runDirectly(testStationarity, { statistic: -3.1, observations: 252 }, ports);
    expect(open.output.verdict).toBe('table-decides');
    expect(open.output.adf.ownSeries.pValue as number).toBeLessThan(0.05);
    expect(open.output.adf.asResidual.pValue as number).toBeGreaterThan(0.05);
    const residual = await runDirectly(
      testStationarity,
      { statistic: -3.1, observations: 252, isResidual: true },
      ports,
    );
    expect(residual.output.verdict).toBe('unit-root');
    const own = await runDirectly(testStationarity, { statistic: -3.1, observations: 252, isResidual: false }, ports);
    expect(own.output.verdict).toBe('stationary');
  });

  it('tells returns from prices, and judges a hedged spread by the residual table', async () => {
    const returns = await runDirectly(
      testStationarity,
      { symbol: 'SPX', transform: 'returns', start: '2010-01-01' },
      ports,
    );
    expect(returns.output.verdict).toBe('stationary');
    const spread = await runDirectly(
      testStationarity,
      { symbol: 'DEMO:VOLTA', hedgedBy: 'DEMO:HYDRO', start: '2016-01-01' },
      ports,
    );
    expect(spread.output.applicable).toBe('asResidual');
    expect(spread.output.adf.asResidual.pValue as number).toBeLessThan(0.01);
    expect(spread.output.hedgeRatio).toBeCloseTo(1, 0);
  });
});

describe('analyze_pair', () => {
  it('finds the planted pairs and their half-lives', async () => {
    for (const [y, x, halfLife] of [
      ['DEMO:VOLTA', 'DEMO:HYDRO', 8],
      ['DEMO:FENNB', 'DEMO:OSTRM', 12],
    ] as const) {
      const { output } = await runDirectly(analyzePair, { y, x, start: '2012-01-01' }, ports);
      expect(output.cointegration.agreement).toBe('both');
      expect(output.reversion.halfLifeBars as number).toBeGreaterThan(halfLife * 0.6);
      expect(output.reversion.halfLifeBars as number).toBeLessThan(halfLife * 1.6);
    }
  });

  it('does not call correlated names a pair', async () => {
    const { output } = await runDirectly(analyzePair, { y: 'DEMO:QUBRA', x: 'DEMO:SILIQ', start: '2012-01-01' }, ports);
    expect(output.verdict).not.toBe('tradable');
  });

  it('does not use what comes after asOf', async () => {
    const input = { y: 'DEMO:VOLTA', x: 'DEMO:HYDRO', start: '2016-01-01', hedge: 'kalman' };
    const early = await runDirectly(analyzePair, { ...input, end: '2020-06-30' }, ports);
    const guarded = await runDirectly(analyzePair, input, fixturePorts('2020-06-30'));
    expect(guarded.output).toEqual(early.output);
  });

  it('refuses a mixture of real and synthetic legs', async () => {
    expect(await errorCode(runDirectly(analyzePair, { y: 'SPX', x: 'DEMO:MKT' }, ports))).toBe(
      'MIXED_REAL_AND_SYNTHETIC',
    );
  });
});

describe('scan_pairs', () => {
  it('ranks the planted pairs first and expects false finds at the stated rate', async () => {
    const symbols = [
      'DEMO:FENNB',
      'DEMO:OSTRM',
      'DEMO:DRILX',
      'DEMO:PETRA',
      'DEMO:VOLTA',
      'DEMO:HYDRO',
      'DEMO:NOVAL',
      'DEMO:TOWRA',
    ];
    const { output } = await runDirectly(scanPairs, { symbols, start: '2012-01-01' }, ports);
    expect(output.pairs).toBe(28);
    expect(output.expectedFalse).toBeCloseTo(1.4, 9);
    const found = output.table.slice(0, 3).map((r) => [r.y, r.x].sort().join('/'));
    expect(found.sort()).toEqual(['DEMO:DRILX/DEMO:PETRA', 'DEMO:FENNB/DEMO:OSTRM', 'DEMO:HYDRO/DEMO:VOLTA']);
    expect(output.significant).toBeGreaterThanOrEqual(3);
  });

  it('filters and counts what it dropped', async () => {
    const symbols = ['DEMO:FENNB', 'DEMO:OSTRM', 'DEMO:VOLTA', 'DEMO:HYDRO'];
    const input = { symbols, start: '2015-01-01', sameSectorOnly: true, maxHalfLifeBars: 400 };
    const { output } = await runDirectly(scanPairs, input, ports);
    const { halfLife, negativeHedge, sector, liquidity } = output.dropped;
    expect(output.kept + halfLife + negativeHedge + sector + liquidity + output.degeneratePairs).toBe(6);
    for (const r of output.table) expect(r.sector).not.toBeNull();
  });
});

describe('backtest_pair and calibrate_entry_exit', () => {
  it('earns on a planted pair, more without costs, and repeats to the byte', async () => {
    const input = { y: 'DEMO:VOLTA', x: 'DEMO:HYDRO', start: '2012-01-01', entry: 1.5 };
    const paid = await runDirectly(backtestPair, input, ports);
    const free = await runDirectly(backtestPair, { ...input, costBps: 0, borrowRate: 0 }, ports);
    expect(paid.output.backtest.performance.sharpe as number).toBeGreaterThan(0);
    expect(free.output.backtest.finalEquity).toBeGreaterThan(paid.output.backtest.finalEquity);
    expect(await runDirectly(backtestPair, input, ports)).toEqual(paid);
  });

  it('labels the look-ahead of full-sample estimation', async () => {
    const input = { y: 'DEMO:VOLTA', x: 'DEMO:HYDRO', start: '2016-01-01', estimation: 'full-sample' };
    const run = await runDirectly(backtestPair, input, ports);
    expect(run.output.lookAhead).toBe(true);
    expect(run.warnings).toContain('LOOK_AHEAD');
  });

  it('chooses thresholds before the split only', async () => {
    const input = { y: 'DEMO:DRILX', x: 'DEMO:PETRA', start: '2012-01-01', entries: [1, 2], exits: [0] };
    const { output } = await runDirectly(calibrateEntryExit, input, ports);
    expect(output.split > output.from && output.split < output.to).toBe(true);
    expect(output.trials).toBe(2);
    const best = Math.max(...output.grid.map((r) => r.inSampleSharpe ?? -99));
    expect(output.chosen.inSampleSharpe).toBe(best);
    expect(output.ou.entry as number).toBeGreaterThan(0);
  });
});

describe('analyze_basket', () => {
  it('finds the planted basket of three with its weights', async () => {
    const { output } = await runDirectly(
      analyzeBasket,
      { symbols: ['DEMO:STEEL', 'DEMO:CHEMX', 'DEMO:MINRA'], start: '2012-01-01' },
      ports,
    );
    expect(output.rank).toBe(1);
    expect(output.weights.map((w) => Math.round(w.coefficient * 10) / 10)).toEqual([1, -0.5, -0.5]);
    expect(output.spread.halfLifeBars as number).toBeGreaterThan(8);
    expect(output.spread.halfLifeBars as number).toBeLessThan(25);
  });
});
