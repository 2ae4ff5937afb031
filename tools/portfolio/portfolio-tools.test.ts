import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { createInlineExecutor } from '../executors/inline.ts';
import { createToolRunner } from '../run-tool.ts';
import { createMemoryRunStore } from '../testing/memory-run-store.ts';
import { valueAt } from '../value-at.ts';
import { allocateRiskBudget } from './allocate-risk-budget.ts';
import { optimizePortfolio } from './optimize-portfolio.ts';
import { traceEfficientFrontier } from './trace-efficient-frontier.ts';

const tools = [optimizePortfolio, traceEfficientFrontier, allocateRiskBudget];
const executor = createInlineExecutor();
const runner = createToolRunner({
  tools,
  portsAt: (asOf) => fixturePorts(asOf),
  runs: createMemoryRunStore(),
  executorFor: () => executor,
  codeHash: 'test',
  clock: () => 0,
  onFault: (error) => console.error(error),
});
const at = { asOf: '2025-12-31' };

/** The output of a call that must succeed. */
async function call(tool: string, input: Record<string, unknown>): Promise<{ output: unknown; warnings: string[] }> {
  const envelope = await runner.run(tool, input, at);
  if (!envelope.ok) throw new Error(envelope.error.message);
  return { output: envelope.output, warnings: envelope.warnings.map((warning) => warning.code) };
}

const number = (output: unknown, path: string): number => valueAt(output, path) as number;

const five = {
  assets: ['A', 'B', 'C', 'D', 'E'],
  expectedReturns: [0.08, 0.05, 0.11, 0.07, 0.06],
  volatilities: [0.2, 0.15, 0.3, 0.22, 0.18],
  correlation: [
    [1, 0.3, 0.2, 0.4, 0.1],
    [0.3, 1, 0.25, 0.2, 0.3],
    [0.2, 0.25, 1, 0.35, 0.15],
    [0.4, 0.2, 0.35, 1, 0.2],
    [0.1, 0.3, 0.15, 0.2, 1],
  ],
};

describe.each(tools.flatMap((tool) => tool.examples.map((example) => ({ tool: tool.name, example }))))(
  '$tool: $example.ask',
  ({ tool, example }) => {
    it('does what the example says', async () => {
      const envelope = await runner.run(tool, example.input, at);
      if ('error' in example.expect) {
        expect(envelope.ok ? 'ok' : envelope.error.code).toBe(example.expect.error);
        return;
      }
      if (!envelope.ok) throw new Error(envelope.error.message);
      for (const [path, wanted] of Object.entries(example.expect.values ?? {})) {
        const got = valueAt(envelope.output, path);
        if (typeof wanted === 'number')
          expect(Math.abs((got as number) - wanted), path).toBeLessThanOrEqual(example.expect.tolerance ?? 0);
        else expect(got, path).toBe(wanted);
      }
    });
  },
);

describe('optimize_portfolio', () => {
  it('says why five names at 15% cannot work, and what would', async () => {
    const { output } = await call('optimize_portfolio', { ...five, objective: 'max-sharpe', maxWeight: 0.15 });
    expect(valueAt(output, 'status')).toBe('infeasible');
    expect(valueAt(output, 'reason')).toContain('5 names × 15% cap = 75% < 100%');
    expect(valueAt(output, 'reason')).toContain('becomes 20%');
    expect(valueAt(output, 'weights')).toEqual([]);
  });

  it('refuses the largest Sharpe ratio when cash beats everything', async () => {
    const { output } = await call('optimize_portfolio', { ...five, riskFreeRate: 0.2 });
    expect(valueAt(output, 'status')).toBe('no_positive_excess_return');
    expect(valueAt(output, 'reason')).toMatch(/more than the risk-free rate of 20%/);
  });

  it('names the least volatility when the target is below it', async () => {
    const low = await call('optimize_portfolio', { ...five, objective: 'target-volatility', targetVolatility: 0.05 });
    const calm = await call('optimize_portfolio', { ...five, objective: 'min-variance' });
    expect(valueAt(low.output, 'status')).toBe('infeasible');
    expect(number(low.output, 'leastVolatility')).toBeCloseTo(number(calm.output, 'volatility'), 10);
    const cash = await call('optimize_portfolio', {
      ...five,
      objective: 'target-volatility',
      targetVolatility: 0.05,
      allowCash: true,
    });
    expect(number(cash.output, 'volatility')).toBeCloseTo(0.05, 10);
    expect(number(cash.output, 'cash')).toBeGreaterThan(0.4);
  });

  it('every objective gives weights that sum to one and a certificate', async () => {
    const symbols = ['DEMO:MKT', 'DEMO:GOV10', 'DEMO:GOLD', 'DEMO:INTL'];
    const extra: Record<string, Record<string, unknown>> = {
      'target-return': { targetReturn: 0.04, expectedReturns: [0.07, 0.03, 0.04, 0.06] },
      'target-volatility': { targetVolatility: 0.12 },
      'risk-budget': { budgets: { 'DEMO:MKT': 0.4, 'DEMO:GOV10': 0.3, 'DEMO:GOLD': 0.1, 'DEMO:INTL': 0.2 } },
      'tracking-error': { benchmarkWeights: [0.4, 0.3, 0.1, 0.2], targetVolatility: 0.02 },
      'black-litterman': {
        benchmarkWeights: [0.4, 0.3, 0.1, 0.2],
        views: [{ assets: ['DEMO:INTL'], versus: ['DEMO:MKT'], expectedReturn: 0.02, confidence: 0.5 }],
      },
    };
    const objectives = optimizePortfolio.input.shape.objective.unwrap().options;
    for (const objective of objectives) {
      const expectedReturns = [0.07, 0.035, 0.04, 0.065];
      const { output } = await call('optimize_portfolio', {
        symbols,
        lookback: 504,
        expectedReturns,
        objective,
        maxWeight: 0.7,
        ...extra[objective],
      });
      expect(valueAt(output, 'status'), objective).toBe('optimal');
      const weights = (valueAt(output, 'weights') as { weight: number }[]).map((row) => row.weight);
      expect(
        weights.reduce((a, b) => a + b, 0),
        objective,
      ).toBeCloseTo(1, 9);
      for (const weight of weights) expect(weight, objective).toBeLessThanOrEqual(0.7 + 1e-9);
      expect(number(output, 'certificate.kktResidual') ?? 0, objective).toBeLessThan(1e-8);
    }
  });

  it('keeps turnover, counts names, charges costs and shows them', async () => {
    const currentWeights = [0.2, 0.2, 0.2, 0.2, 0.2];
    const still = await call('optimize_portfolio', { ...five, currentWeights, turnoverLimit: 0.1, costBps: 20 });
    expect(number(still.output, 'turnover')).toBeCloseTo(0.1, 9);
    expect(number(still.output, 'tradingCost')).toBeCloseTo(0.2 * 0.002, 9);
    const few = await call('optimize_portfolio', { ...five, objective: 'min-variance', maxNames: 2 });
    const held = valueAt(few.output, 'weights') as { weight: number }[];
    expect(held.filter((row) => row.weight > 1e-9).length).toBe(2);
    expect(number(few.output, 'certificate.optimalityGap')).toBe(0);
    const missing = await runner.run('optimize_portfolio', { ...five, turnoverLimit: 0.1 }, at);
    expect(missing.ok).toBe(false);
  });

  it('keeps each trade within its share of the daily volume', async () => {
    const symbols = ['DEMO:NOVAL', 'DEMO:FENNB', 'DEMO:VITRA'];
    const { output } = await call('optimize_portfolio', {
      symbols,
      lookback: 252,
      objective: 'min-variance',
      portfolioValue: 1000,
      maxVolumeShare: 0.1,
    });
    expect(valueAt(output, 'status')).toBe('optimal');
    const huge = await call('optimize_portfolio', {
      symbols,
      lookback: 252,
      objective: 'min-variance',
      portfolioValue: 1e13,
      maxVolumeShare: 0.01,
    });
    expect(valueAt(huge.output, 'status')).toBe('infeasible');
  });

  it('repairs an indefinite correlation and says so', async () => {
    const indefinite = {
      assets: ['A', 'B', 'C'],
      volatilities: [0.2, 0.2, 0.2],
      correlation: [
        [1, 0.95, 0.1],
        [0.95, 1, 0.6],
        [0.1, 0.6, 1],
      ],
      objective: 'min-variance',
    };
    const { output, warnings } = await call('optimize_portfolio', indefinite);
    expect(valueAt(output, 'status')).toBe('optimal');
    expect(warnings).toContain('COVARIANCE_REPAIRED');
  });

  it('never looks past the cut-off', async () => {
    const input = { symbols: ['DEMO:MKT', 'DEMO:GOV10'], objective: 'min-variance' };
    const early = await runner.run('optimize_portfolio', { ...input, asOf: '2018-06-29' }, at);
    const truncated = await runner.run('optimize_portfolio', input, { asOf: '2018-06-29' });
    if (!early.ok || !truncated.ok) throw new Error('both must run');
    expect(early.output).toEqual(truncated.output);
    expect(early.asOf <= '2018-06-29').toBe(true);
  });

  it('does not mix real with simulated prices', async () => {
    const envelope = await runner.run('optimize_portfolio', { symbols: ['SPX', 'DEMO:GOV10'] }, at);
    expect(envelope.ok ? 'ok' : envelope.error.code).toBe('REAL_AND_SYNTHETIC');
  });
});

describe('trace_efficient_frontier', () => {
  it('rises in risk and return, and no point beats the tangency', async () => {
    const { output } = await call('trace_efficient_frontier', { ...five, maxWeight: 0.5, points: 12 });
    const points = valueAt(output, 'frontier') as { expectedReturn: number; volatility: number; sharpe: number }[];
    for (let k = 1; k < points.length; k++) {
      expect(points[k]?.expectedReturn).toBeGreaterThan(points[k - 1]?.expectedReturn as number);
      expect(points[k]?.volatility).toBeGreaterThan(points[k - 1]?.volatility as number);
    }
    const best = number(output, 'tangency.sharpe');
    for (const point of points) expect(point.sharpe).toBeLessThanOrEqual(best + 1e-12);
  });
});

describe('allocate_risk_budget', () => {
  const four = {
    strategies: [
      { strategy: 'vol', expectedReturn: 0.1, volatility: 0.3 },
      { strategy: 'carry', expectedReturn: 0.08, volatility: 0.25 },
      { strategy: 'pairs', expectedReturn: 0.06, volatility: 0.2 },
      { strategy: 'trend', expectedReturn: 0.09, volatility: 0.28, exposures: { equity: 0.5 } },
    ],
    assumedCorrelation: 0.2,
  };

  it('scales a wild book down to the target, and the rest is cash', async () => {
    const { output } = await call('allocate_risk_budget', four);
    expect(number(output, 'expected_volatility')).toBeCloseTo(0.12, 10);
    expect(number(output, 'cash')).toBeGreaterThan(0.2);
    expect(number(output, 'scale')).toBeLessThan(1);
    const weights = (valueAt(output, 'allocation') as { weight: number }[]).map((row) => row.weight);
    expect(weights.reduce((a, b) => a + b, 0) + number(output, 'cash')).toBeCloseTo(1, 12);
    expect(number(output, 'factor_exposure[0].hedge')).toBeCloseTo(-0.5 * (weights[3] as number), 12);
  });

  it('agrees with the closed form of a normal year, repeats with its seed, and differs with another', async () => {
    const one = {
      strategies: [{ strategy: 'only', expectedReturn: 0.05, volatility: 0.1 }],
      maxWeight: 1,
      targetVolatility: 0.1,
    };
    const { output } = await call('allocate_risk_budget', one);
    // log value after a year of daily compounding: mean ≈ (0.05 − 0.005), deviation 0.1; 5% quantile by the normal law.
    const closed = 1 - Math.exp(0.05 - 0.005 - 1.6448536269514722 * 0.1);
    expect(number(output, 'var_95_interval.low')).toBeLessThan(closed);
    expect(number(output, 'var_95_interval.high')).toBeGreaterThan(closed);
    expect((await call('allocate_risk_budget', one)).output).toEqual(output);
    expect((await call('allocate_risk_budget', { ...one, seed: 7 })).output).not.toEqual(output);
  });

  it('sends weights below one percent to cash and names them', async () => {
    const strategies = [
      ...four.strategies,
      { strategy: 'tiny', expectedReturn: 0.05, volatility: 0.2, budget: 0.0005 },
    ];
    const { output } = await call('allocate_risk_budget', { ...four, strategies });
    expect(valueAt(output, 'allocation[4].dropped')).toBe(true);
    expect(number(output, 'allocation[4].weight')).toBe(0);
  });

  it('reads the correlation of symbols over 252 days', async () => {
    const strategies = ['DEMO:MKT', 'DEMO:GOV10', 'DEMO:GOLD', 'DEMO:OIL'].map((symbol) => ({
      strategy: symbol,
      symbol,
      expectedReturn: 0.05,
      volatility: 0.15,
    }));
    const { output } = await call('allocate_risk_budget', { strategies });
    expect(valueAt(output, 'correlation_source')).toMatch(/^252 returns/);
    expect(valueAt(output, 'synthetic')).toBe(true);
  });
});
