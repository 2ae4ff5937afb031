import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { backtestMomentum } from './backtest-momentum.ts';
import { computeIndicators } from './compute-indicators.ts';
import { computeMomentum } from './compute-momentum.ts';
import { monthEndRows } from './month-ends.ts';

const ports = fixturePorts();

describe('compute_momentum', () => {
  it('ranks by 12-1 and agrees with its own horizons', async () => {
    const symbols = ['DEMO:DRILX', 'DEMO:NOVAL', 'DEMO:TOWRA', 'DEMO:VOLTA'];
    const { output, summary } = await runDirectly(computeMomentum, { symbols, start: '2018-01-01' }, ports);
    const scores = output.instruments.map((r) => r.momentum12m1 as number);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const r of output.instruments) {
      const signals = r.horizons.map((h) => Math.sign(h.return as number));
      expect(r.agreement).toBeCloseTo(signals.reduce((a, b) => a + b, 0) / signals.length, 12);
      expect(r.filter.whipsawsFiltered).toBeLessThanOrEqual(r.filter.whipsawsPlain);
    }
    expect(summary.length).toBeLessThanOrEqual(12);
  });

  it('has no 12-1 for a late listing, and says so', async () => {
    const { output, warnings } = await runDirectly(
      computeMomentum,
      { symbols: ['DEMO:CURAN'], end: '2022-01-31' },
      ports,
    );
    expect(output.instruments[0]?.momentum12m1).toBeNull();
    expect(warnings).toContain('SHORT_HISTORY');
  });
});

describe('compute_indicators', () => {
  it('gives the last rows, oldest first, and the last value twice', async () => {
    const { output } = await runDirectly(
      computeIndicators,
      { symbol: 'AAPL', indicators: ['rsi', 'macd', 'donchian'], rows: 3 },
      ports,
    );
    for (const line of output.lines) {
      expect(line.values).toHaveLength(3);
      expect(line.values[2]).toBe(line.value);
      expect(line.values[1]).toBe(line.previous);
    }
    expect(output.dates[2]).toBe(output.last);
  });
});

describe('backtest_momentum', () => {
  it('counts fewer whipsaws with the filter, and keeps late listings out of what came before', async () => {
    const { output } = await runDirectly(
      backtestMomentum,
      { symbols: ['SPX'], strategy: 'trend-filter', longOnly: true },
      ports,
    );
    expect(output.whipsaw?.whipsawsFiltered as number).toBeLessThan(output.whipsaw?.whipsawsPlain as number);
    const late = await runDirectly(
      backtestMomentum,
      {
        symbols: ['DEMO:CURAN', 'DEMO:NOVAL', 'DEMO:QUBRA'],
        strategy: 'cross-section',
        holdCount: 1,
        start: '2019-01-01',
      },
      ports,
    );
    expect(late.output.backtest.status).toBe('complete');
  });

  it('depends on the seed only through the intervals', async () => {
    const input = { symbols: ['DEMO:OIL', 'DEMO:GOLD'], start: '2015-01-01' };
    const a = await runDirectly(backtestMomentum, { ...input, seed: 1 }, ports);
    const b = await runDirectly(backtestMomentum, { ...input, seed: 2 }, ports);
    expect(a.output.backtest.equity).toEqual(b.output.backtest.equity);
    expect(a.output.backtest.performance.sharpeInterval).not.toEqual(b.output.backtest.performance.sharpeInterval);
  });
});

describe('monthEndRows', () => {
  it('lets the newest row stand for its month', () => {
    const at = (d: string) => Date.parse(`${d}T00:00:00Z`);
    const times = Float64Array.of(at('2020-01-30'), at('2020-01-31'), at('2020-02-03'), at('2020-02-10'));
    expect([...monthEndRows(times)]).toEqual([1, 3]);
  });
});
