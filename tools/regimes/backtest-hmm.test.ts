import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { createRng } from '../../lib/rng.ts';
import { walkForward } from '../kernels/hmm/walk-forward.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { backtestHmm } from './backtest-hmm.ts';

const ports = fixturePorts();
const input = { symbol: 'SPX', start: '2005-01-01', end: '2012-12-31', refitEvery: 63, minimumRows: 504 };

function twoRegimes(rows: number) {
  const rng = createRng(8);
  const data = Float64Array.from({ length: rows }, (_, t) =>
    Math.floor(t / 120) % 2 === 0 ? 0.0006 + 0.005 * rng.normal() : -0.006 + 0.02 * rng.normal(),
  );
  return { data, rows, cols: 1 };
}

describe('walk-forward', () => {
  const options = { states: 2, covarianceType: 'full' as const, minimumRows: 300, refitEvery: 40 };
  it('truncating the future changes nothing', () => {
    const all = twoRegimes(900);
    const long = walkForward(all, { ...options, rng: createRng(1) });
    for (const rows of [523, 640, 777]) {
      const cut = walkForward({ data: all.data.slice(0, rows), rows, cols: 1 }, { ...options, rng: createRng(1) });
      expect([...cut.filtered]).toEqual([...long.filtered.subarray(0, rows * 2)]);
    }
  });
  it('changing the future changes nothing either', () => {
    const all = twoRegimes(700);
    const shocked = { ...all, data: all.data.map((r, t) => (t < 600 ? r : 0.3)) };
    const a = walkForward(all, { ...options, rng: createRng(1) });
    const b = walkForward(shocked, { ...options, rng: createRng(1) });
    expect([...b.filtered.subarray(0, 1200)]).toEqual([...a.filtered.subarray(0, 1200)]);
  });
  it('finds the regimes as they come, on a rolling window too', () => {
    const all = twoRegimes(900);
    const walk = walkForward(all, { ...options, window: 400, rng: createRng(1) });
    let right = 0;
    for (let t = walk.firstRow; t < 900; t++) {
      if ((walk.filtered[2 * t] as number) > 0.5 === (Math.floor(t / 120) % 2 === 1)) right++;
    }
    expect(right / (900 - walk.firstRow)).toBeGreaterThan(0.85);
    expect(walk.filtered.slice(0, 2 * walk.firstRow).every(Number.isNaN)).toBe(true);
  });
});

describe('backtest_hmm', () => {
  it('compares with buy-and-hold, counts lags, and names the missing VIX', async () => {
    const { output, summary } = await runDirectly(backtestHmm, input, ports);
    expect(output.vixRule).toBeNull();
    expect(output.vixReason).toMatch(/VIX/);
    expect(output.buyAndHold.trades).toBe(1);
    const lehman = output.crises.find((c) => c.name === 'Lehman');
    expect(lehman?.hmmLagDays).toBeGreaterThanOrEqual(0);
    expect(lehman?.hmmLagDays).toBeLessThan(30);
    expect(output.crises.find((c) => c.name === 'covid')?.reason).toMatch(/outside/);
    expect(output.hmm.maxDrawdown).toBeGreaterThan(output.buyAndHold.maxDrawdown);
    expect(summary.length).toBeLessThanOrEqual(12);
    expect(backtestHmm.chart?.(output)).toHaveLength(2);
  });
  it('costs only ever cost', async () => {
    const free = await runDirectly(backtestHmm, { ...input, costBps: 0 }, ports);
    const dear = await runDirectly(backtestHmm, { ...input, costBps: 50 }, ports);
    expect(dear.output.hmm.totalReturn).toBeLessThan(free.output.hmm.totalReturn);
  });
  it('knows the demo VIX rule', async () => {
    const { output } = await runDirectly(
      backtestHmm,
      { symbol: 'DEMO:MKT', states: 2, minimumRows: 504, refitEvery: 126, rule: 'long-short' },
      ports,
    );
    expect(output.synthetic).toBe(true);
    expect(output.vixRule).not.toBeNull();
  });
});
