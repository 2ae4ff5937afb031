import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { createRng } from '../../lib/rng.ts';
import { advisePosition } from '../rebalance/advise-position.ts';
import { checkConstitution } from '../rebalance/check-constitution.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { analyzeLeverage } from './analyze-leverage.ts';
import { analyzePortfolioRisk } from './analyze-portfolio-risk.ts';
import { sizePosition } from './size-position.ts';

const ports = fixturePorts('2025-12-31');

describe('size_position', () => {
  it('shows both Kelly numbers and an interval for the win rate', async () => {
    const { output } = await runDirectly(
      sizePosition,
      { winProbability: 0.55, averageWin: 0.02, averageLoss: 0.015, trades: 100, portfolioValue: 50_000, price: 33 },
      ports,
    );
    expect(output.kelly?.fractionAtRisk).toBeCloseTo(0.2125, 12);
    expect(output.kelly?.fractionToInvest).toBeCloseTo(0.2125 / 0.015, 9);
    expect(output.kelly?.lowAtRisk).toBeLessThan(0.2125);
    expect(output.kelly?.lowAtRisk).toBeGreaterThan(-0.1);
    expect(output).toMatchObject({ weight: 0.15, binding: 'the cap', amount: 7500, shares: 227 });
  });

  it('takes the smallest of all ways, and nothing without an edge', async () => {
    const many = await runDirectly(
      sizePosition,
      { expectedReturn: 0.08, volatility: 0.2, targetVolatility: 0.02, riskPerTrade: 0.01, stopDistance: 0.05 },
      ports,
    );
    expect(many.output.weight).toBeCloseTo(0.1, 12);
    expect(many.output.binding).toBe('volatility target');
    expect(many.output.continuous?.fullKelly).toBeCloseTo(0.05 / 0.04, 12);
    const none = await runDirectly(sizePosition, { winProbability: 0.4, averageWin: 1, averageLoss: 1 }, ports);
    expect(none.output).toMatchObject({ weight: 0, binding: 'no edge' });
  });
});

describe('advise_position', () => {
  const holdings = {
    positions: [
      { symbol: 'MSFT', value: 190_000, assetClass: 'stocks', sector: 'Information Technology', kind: 'fund' },
      { symbol: 'VTI', value: 200_000 },
    ],
    cash: 110_000,
  };

  it('looks the sector up, in English and Korean', async () => {
    const english = await runDirectly(advisePosition, { ...holdings, symbol: 'AAPL', amount: 15_000 }, ports);
    expect(english.output).toMatchObject({ decision: 'PARTIAL', advisedAmount: 10_000, sector: 'Technology' });
    expect(english.output.reasoning).toBe('Technology is already at 38% (limit 40%): buy $10,000.');
    expect(english.output.whatWouldChange).toHaveLength(1);
    const korean = await runDirectly(
      advisePosition,
      { ...holdings, symbol: '애플', amount: 15_000, language: 'ko' },
      ports,
    );
    expect(korean.output.symbol).toBe('AAPL');
    expect(korean.output.reasoning).toMatch(/이미 38%\(한도 40%\)/);
  });

  it('stops below the drawdown brake', async () => {
    const { output } = await runDirectly(
      advisePosition,
      { ...holdings, symbol: 'XOM', amount: 1000, drawdown: 0.3 },
      ports,
    );
    expect(output).toMatchObject({ decision: 'REFUSE', advisedAmount: 0, binding: 'drawdown' });
  });
});

describe('check_constitution', () => {
  it('adjusts a purchase on the whole portfolio and names the article', async () => {
    const { output } = await runDirectly(
      checkConstitution,
      {
        positions: [{ symbol: 'VTI', value: 80_000, assetClass: 'stocks', kind: 'fund' }],
        cash: 20_000,
        trades: [
          { symbol: 'NEW', action: 'BUY', amount: 18_000, assetClass: 'stocks', sector: 'Energy', kind: 'single' },
        ],
      },
      ports,
    );
    expect(output.status).toBe('adjusted');
    expect(output.adjustedTrades).toEqual([{ symbol: 'NEW', action: 'BUY', amount: 15_000, weightAfter: 0.15 }]);
    expect(output.articles.find((a) => a.subject === 'position NEW')).toMatchObject({ article: 4, status: 'adjusted' });
    expect(output.approvalNeeded).toBe(true);
  });
});

describe('analyze_leverage', () => {
  it('orders the routes as theory does', async () => {
    const { output } = await runDirectly(
      analyzeLeverage,
      { leverage: 2, expectedReturn: 0.08, volatility: 0.16, borrowingRate: 0.04 },
      ports,
    );
    const [plain, margin, futures, options] = output.routes;
    expect(margin?.ruinProbability).toBeGreaterThan(plain?.ruinProbability ?? 1);
    expect(futures?.growth).toBeGreaterThan(margin?.growth ?? 1);
    expect(margin?.worstDrawdown95).toBeLessThan(margin?.medianMaxDrawdown ?? -1);
    expect(margin?.marginCallFall).toBeCloseTo(1 / 3, 12);
    expect(options?.lossLimit).toBeLessThan(100_000);
    expect(output.breakEvenLeverage).toBeGreaterThan(output.kellyLeverage);
  });
});

describe('analyze_portfolio_risk', () => {
  const n = 600;
  const rng = createRng(3);
  const factor = Array.from({ length: n }, () => 0.01 * rng.normal());
  const path = (beta: number): number[] => {
    let price = 100;
    return [price, ...factor.map((f) => (price *= 1 + beta * f + 0.004 * rng.normal()))];
  };
  const dates = Array.from({ length: n + 1 }, (_, i) =>
    new Date(Date.UTC(2020, 0, 1) + i * 86_400_000).toISOString().slice(0, 10),
  );
  const own = fixtureSource({
    series: [
      { symbol: 'AAA', dates, close: path(1.5), instrument: { sector: 'Technology' } },
      { symbol: 'BBB', dates, close: path(0.5), instrument: { sector: 'Energy' } },
      { symbol: 'SPX', dates, close: path(1) },
    ],
  });
  const synthetic = fixturePorts('2025-12-31', [own]);
  const input = {
    positions: [
      { symbol: 'AAA', value: 60_000 },
      { symbol: 'BBB', value: 20_000 },
    ],
    cash: 20_000,
  };

  it('recovers what was put in', async () => {
    const { output } = await runDirectly(analyzePortfolioRisk, input, synthetic);
    expect(output.observations).toBe(n);
    expect(output.totalValue).toBe(100_000);
    expect(output.beta ?? 0).toBeGreaterThan(0.7);
    expect(output.contributions.reduce((sum, c) => sum + c.percent, 0)).toBeCloseTo(1, 9);
    expect(output.contributions.reduce((sum, c) => sum + c.contribution, 0)).toBeCloseTo(output.volatility, 9);
    expect(output.contributions[0]?.symbol).toBe('AAA');
    for (const loss of output.losses) {
      if (loss.expectedShortfall !== null) expect(loss.expectedShortfall).toBeGreaterThan(loss.valueAtRisk - 1e-9);
      expect(loss.valueAtRiskAmount).toBeCloseTo(loss.valueAtRisk * 100_000, 6);
    }
    const at = (method: string): number =>
      output.losses.find((l) => l.method === method && l.confidence === 0.95)?.valueAtRisk ?? 0;
    expect(at('monte-carlo') / at('normal')).toBeCloseTo(1, 1);
  });

  it('says on how few observations a 99% loss rests', async () => {
    const { output, warnings } = await runDirectly(analyzePortfolioRisk, { ...input, start: '2021-01-15' }, synthetic);
    const loss = output.losses.find((l) => l.method === 'historical' && l.confidence === 0.99);
    expect(output.observations).toBeLessThan(250);
    expect(loss?.observationsBeyond).toBeLessThanOrEqual(3);
    expect(loss?.valueAtRiskHigh).toBeNull();
    expect(loss?.note).toMatch(/Rests on [23] of \d+ observations; the sample sets no upper bound/);
    expect(warnings).toContain('FEW_OBSERVATIONS');
  });

  it('never sees past the cut-off', async () => {
    const early = await runDirectly(analyzePortfolioRisk, { ...input, end: '2021-03-01' }, synthetic);
    const cut = await runDirectly(analyzePortfolioRisk, input, fixturePorts('2021-03-01', [own]));
    expect(cut.output).toEqual(early.output);
  });

  it('scales a given volatility to the horizon', async () => {
    const { output } = await runDirectly(
      analyzePortfolioRisk,
      { dailyVolatility: 0.02, totalValue: 1e6, horizonDays: 10 },
      ports,
    );
    expect(output.losses[0]?.valueAtRiskAmount).toBeCloseTo(32_897.07 * Math.sqrt(10), 0);
    expect(output.losses[0]?.valueAtRiskLow).toBeNull();
  });
});
