import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { addDays } from '../../lib/dates.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { createRng } from '../../lib/rng.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { auditBacktest } from './audit-backtest.ts';
import { backtestStrategy } from './backtest-strategy.ts';
import { rebalanceRows } from './rebalance-rows.ts';

const DAYS = Array.from({ length: 400 }, (_, i) => addDays('2020-01-01', i));

function walk(seed: number, drift = 0): number[] {
  const rng = createRng(seed);
  let price = 100;
  return DAYS.map(() => {
    price *= Math.exp(drift + 0.01 * rng.normal());
    return price;
  });
}

function portsWith(series: Record<string, number[]>) {
  const source = fixtureSource({
    series: Object.entries(series).map(([symbol, close]) => ({ symbol, dates: DAYS, close })),
  });
  return fixturePorts('2025-12-31', [source]);
}

describe('audit_backtest', () => {
  const audit = (input: Record<string, unknown>) => runDirectly(auditBacktest, input, fixturePorts());

  it('finds each planted fault', async () => {
    const planted: [Record<string, unknown>, string][] = [
      [{ fills: 'same-bar' }, 'SAME_BAR_FILL'],
      [{ signal: 'smoothed' }, 'LOOK_AHEAD_SIGNAL'],
      [{ signal: 'full-sample' }, 'LOOK_AHEAD_SIGNAL'],
      [{ universe: 'todays-members' }, 'SURVIVORSHIP'],
      [{ trials: 200 }, 'MANY_TRIALS'],
      [{ periodsPerYear: 12, annualisedWith: 252 }, 'WRONG_ANNUALISATION'],
      [{ costs: 'none' }, 'NO_COSTS'],
      [{ outOfSample: 'no' }, 'IN_SAMPLE'],
      [{ kurtosis: 20 }, 'FAT_TAILS'],
      [{ autocorrelation: 0.3 }, 'AUTOCORRELATION'],
    ];
    for (const [fault, code] of planted) {
      const { output } = await audit({ sharpe: 1.5, years: 5, ...fault });
      expect(
        output.findings.map((f) => f.code),
        code,
      ).toContain(code);
    }
  });

  it('re-annualises with the right period', async () => {
    const { output } = await audit({ sharpe: 3, years: 10, periodsPerYear: 12, annualisedWith: 252 });
    expect(output.corrected).toBeCloseTo(3 * Math.sqrt(12 / 252), 12);
    expect(output.observations).toBe(120);
  });

  it('deflates two hundred trials to about nothing and leaves a clean long record alone', async () => {
    const many = await audit({ sharpe: 1.2, years: 5, trials: 200 });
    expect(many.output.deflatedSharpe as number).toBeLessThan(0.5);
    expect(many.output.verdict).toBe('not-credible');
    const clean = await audit({
      sharpe: 1.2,
      years: 25,
      trials: 1,
      fills: 'next-bar',
      signal: 'past-only',
      universe: 'point-in-time',
      costs: 'included',
      outOfSample: 'yes',
    });
    expect(clean.output.verdict).toBe('plausible');
    expect(clean.output.ask).toEqual([]);
    expect(many.summary.length).toBeLessThanOrEqual(12);
  });

  it('applies Lo’s factor for autocorrelation: positive lowers, negative raises', async () => {
    const up = await audit({ sharpe: 1, years: 5, autocorrelation: 0.3 });
    const down = await audit({ sharpe: 1, years: 5, autocorrelation: -0.3 });
    expect(up.output.corrected).toBeLessThan(0.8);
    expect(down.output.corrected).toBeGreaterThan(1.2);
  });
});

describe('backtest_strategy', () => {
  it('does not see the future: a longer sample leaves the past as it was', async () => {
    const ports = portsWith({ AAA: walk(1), BBB: walk(2) });
    const input = { symbols: ['AAA', 'BBB'], signal: 'close > sma(close, 20)' };
    const whole = await runDirectly(backtestStrategy, input, ports);
    const cut = await runDirectly(backtestStrategy, { ...input, end: DAYS[250] }, ports);
    const at = (run: typeof whole, date: string) => run.output.backtest.equity.find((e) => e.date === date)?.equity;
    const shared = cut.output.backtest.equity.map((e) => e.date).filter((d) => at(whole, d) !== undefined);
    expect(shared.length).toBeGreaterThan(20);
    for (const date of shared) expect(at(whole, date)).toBeCloseTo(at(cut, date) as number, 8);
  });

  it('shows that an edge of the signal bar cannot be traded', async () => {
    const { output } = await runDirectly(
      backtestStrategy,
      { symbols: ['AAA'], signal: 'sign(close - lag(close, 1))', costBps: 0 },
      portsWith({ AAA: DAYS.map((_, i) => (i % 2 === 0 ? 100 : 101)) }),
    );
    const bySharpe = new Map(output.delays.map((d) => [d.bars, d.sharpe as number]));
    expect(bySharpe.get(1)).not.toBe(bySharpe.get(0));
    expect(output.rule).toContain('when a signal changes');
  });

  it('charges costs and compares with holding', async () => {
    const ports = portsWith({ AAA: walk(3, 0.001) });
    const signal = 'close > sma(close, 10)';
    const free = await runDirectly(backtestStrategy, { symbols: ['AAA'], signal, costBps: 0 }, ports);
    const paid = await runDirectly(backtestStrategy, { symbols: ['AAA'], signal, costBps: 50 }, ports);
    expect(paid.output.backtest.finalEquity).toBeLessThan(free.output.backtest.finalEquity);
    expect(free.output.audit.join(' ')).toContain('No trading costs');
    expect(paid.output.lastTargets[0]?.symbol).toBe('AAA');
  });

  it('refuses a mixture of real and synthetic, and a strategy without a rule', async () => {
    const codes = async (input: Record<string, unknown>) => {
      try {
        await runDirectly(backtestStrategy, input, fixturePorts());
        return 'none';
      } catch (error) {
        return isTradewindError(error) ? error.code : 'bug';
      }
    };
    expect(await codes({ symbols: ['SPX', 'DEMO:MKT'], signal: 'close' })).toBe('MIXED_REAL_AND_SYNTHETIC');
    expect(await codes({ symbols: ['SPX'] })).toBe('INVALID_INPUT');
    expect(
      await codes({
        symbols: ['SPX'],
        signal: 'sma(close, 2000) * lag(close, 2000) * lag(close, 2000)',
        start: '2019-01-01',
      }),
    ).toBe('INVALID_INPUT');
  });
});

describe('rebalanceRows', () => {
  it('takes the last bar of each period and never the newest one', () => {
    const times = Float64Array.from(DAYS.slice(0, 70), (d) => Date.parse(`${d}T00:00:00Z`));
    expect([...rebalanceRows(times, 'monthly')]).toEqual([30, 59]);
    expect(rebalanceRows(times, 'daily').size).toBe(69);
    expect(rebalanceRows(times, 'never').size).toBe(0);
    expect([...rebalanceRows(times, 'weekly')].slice(0, 2)).toEqual([4, 11]);
  });
});
