import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { measurePerformance } from '../portfolio/measure-performance.ts';
import { backtestRebalance } from '../rebalance/backtest-rebalance.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { stressPortfolio } from './stress-portfolio.ts';

const ports = fixturePorts('2025-12-31');

describe('stress_portfolio', () => {
  it('replays Covid on the index itself', async () => {
    const { output } = await runDirectly(stressPortfolio, { positions: [{ symbol: 'SPX', value: 50_000 }] }, ports);
    const covid = output.scenarios.find((s) => s.name.startsWith('Covid'));
    expect(covid?.change).toBeCloseTo(-0.3392, 3);
    expect(covid?.amount).toBeCloseTo(50_000 * (covid?.change ?? 0), 6);
    expect(output.scenarios.find((s) => s.name.startsWith('Inflation'))?.change).toBeNull();
    expect(output.worst).not.toBeNull();
  });

  it('names what has no history and uses a proxy only when asked', async () => {
    const positions = [
      { symbol: 'SPX', value: 50_000 },
      { symbol: 'AAPL', value: 50_000 },
    ];
    const plain = (await runDirectly(stressPortfolio, { positions }, ports)).output.scenarios.find((s) =>
      s.name.startsWith('Financial'),
    );
    expect(plain).toMatchObject({ missing: ['AAPL'], covered: 0.5, proxied: [] });
    const proxied = (
      await runDirectly(stressPortfolio, { positions, proxy: 'market-beta' }, ports)
    ).output.scenarios.find((s) => s.name.startsWith('Financial'));
    expect(proxied).toMatchObject({ missing: [], covered: 0.5, proxied: ['AAPL'] });
    expect(proxied?.change).toBeLessThan(plain?.change ?? 0);
  });

  it('shows a market shock by beta, and what a sale would change', async () => {
    const { output } = await runDirectly(
      stressPortfolio,
      {
        positions: [{ symbol: 'SPX', value: 80_000 }],
        cash: 20_000,
        marketShock: -0.2,
        trades: [{ symbol: 'SPX', action: 'SELL', amount: 40_000 }],
      },
      ports,
    );
    const shock = output.scenarios.find((s) => s.kind === 'market-shock');
    expect(shock?.change).toBeCloseTo(-0.16, 9);
    expect(shock?.changeAfterTrades).toBeCloseTo(-0.08, 9);
  });

  it('prefers the shock of the symbol to that of its sector and class', async () => {
    const { output } = await runDirectly(
      stressPortfolio,
      {
        positions: [
          { symbol: 'AAA', value: 10, assetClass: 'stocks', sector: 'Technology' },
          { symbol: 'BBB', value: 10, assetClass: 'stocks', sector: 'Technology' },
          { symbol: 'CCC', value: 10, assetClass: 'stocks', sector: 'Energy' },
          { symbol: 'DDD', value: 10, assetClass: 'bonds', sector: 'none' },
        ],
        shocks: [
          { target: 'AAA', change: -0.5 },
          { target: 'technology', change: -0.3 },
          { target: 'stocks', change: -0.1 },
        ],
      },
      ports,
    );
    expect(output.scenarios[0]?.amount).toBeCloseTo(-5 - 3 - 1, 9);
  });
});

describe('measure_performance', () => {
  it('measures given returns with an interval', async () => {
    const returns = Array.from({ length: 250 }, (_, i) => 0.001 + 0.01 * Math.sin(i));
    const { output } = await runDirectly(measurePerformance, { returns, riskFreeRate: 0, trials: 20 }, ports);
    expect(output.observations).toBe(250);
    expect(output.sharpeLow).toBeLessThan(output.sharpe ?? 0);
    expect(output.deflatedSharpe).toBeLessThan(output.probabilisticSharpe ?? 0);
  });

  it('compares with a benchmark, and says when a Sharpe does not exist', async () => {
    const { output } = await runDirectly(measurePerformance, { symbol: 'AAPL', benchmark: 'SPX' }, ports);
    expect(output.benchmark?.beta ?? 0).toBeGreaterThan(0.5);
    const flat = await runDirectly(measurePerformance, { returns: [0.01, 0.01, 0.01, 0.01] }, ports);
    expect(flat.output.sharpe).toBeNull();
    expect(flat.summary.join(' ')).toMatch(/No Sharpe/);
  });
});

describe('backtest_rebalance', () => {
  it('measures every rule against buy-and-hold and the aims', async () => {
    const { output } = await runDirectly(
      backtestRebalance,
      {
        assets: [
          { symbol: 'DEMO:MKT', weight: 0.6 },
          { symbol: 'DEMO:GOV10', weight: 0.3 },
        ],
        policies: ['monthly', 'band', 'regime'],
      },
      ports,
    );
    expect(output.policies.map((p) => p.policy)).toEqual(['buy-and-hold', 'monthly', 'band', 'regime']);
    const monthly = output.policies[1];
    expect(monthly?.perMonth).toBeCloseTo(1, 1);
    expect(monthly?.meetsCostAim).toBe(true);
    expect(monthly?.sharpeChange).not.toBeNull();
    expect(output.policies[0]).toMatchObject({ rebalancings: 0, sharpeChange: null });
    expect(output.policies[3]?.rebalancings).toBeGreaterThan(0);
    expect(output.equity.paths[0]?.values.length).toBe(output.equity.dates.length);
  });

  it('does not see past the cut-off', async () => {
    const close = Array.from({ length: 300 }, (_, i) => 100 + 10 * Math.sin(i / 9) + i / 10);
    const source = fixtureSource({
      series: [
        { symbol: 'AAA', close },
        { symbol: 'BBB', close: close.toReversed() },
      ],
    });
    const assets = [
      { symbol: 'AAA', weight: 0.5 },
      { symbol: 'BBB', weight: 0.5 },
    ];
    const early = await runDirectly(
      backtestRebalance,
      { assets, end: '2020-06-01' },
      fixturePorts('2025-12-31', [source]),
    );
    const cut = await runDirectly(backtestRebalance, { assets }, fixturePorts('2020-06-01', [source]));
    expect(cut.output).toEqual(early.output);
  });
});
