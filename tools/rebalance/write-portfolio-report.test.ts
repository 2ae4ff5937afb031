import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { runDirectly } from '../testing/run-directly.ts';
import { writePortfolioReport } from './write-portfolio-report.ts';

const ports = fixturePorts('2025-12-21');

describe('write_portfolio_report', () => {
  it('writes a labelled page with three charts inside and nothing outside', async () => {
    const { output } = await runDirectly(
      writePortfolioReport,
      { portfolio: 'DEMO:BALANCED', regime: 'TRANSITION' },
      ports,
    );
    expect(output.synthetic).toBe(true);
    expect(output.html.match(/<svg/g)).toHaveLength(3);
    expect(output.html).toContain('SYNTHETIC DATA');
    expect(output.html).not.toMatch(/<script|(?:src|href)\s*=\s*["']?(?:https?:|\/\/)/i);
    expect(output.nextReview).toBe('2025-12-28');
    expect(output.markdown).toMatch(/- stocks: \d+(\.\d)?% \(target 55%\) (✓|⚠️)/);
    expect(output.performance.observations).toBe(252);
    expect(output.contributions.reduce((sum, c) => sum + c.percent, 0)).toBeCloseTo(1, 1);
    expect(output.rebalancing?.years).toBeGreaterThan(1);
  });

  it('gives the marks of the example, in Korean, and says what it does not know', async () => {
    const { output } = await runDirectly(
      writePortfolioReport,
      { vix: 15, currentAllocation: { stocks: 0.68, bonds: 0.22, cash: 0.1 }, totalValue: 100_000, language: 'ko' },
      ports,
    );
    expect(output.allocation.map((a) => a.mark)).toEqual(['✓', '⚠️', '✓']);
    expect(output.recommendation).toBe('HOLD');
    expect(output.markdown).toContain('주식: 68% (목표 70%) ✓');
    expect(output.markdown).toContain('없음 (허용 범위 이내)');
    expect(output.markdown).toContain('주간 수익률: 자료 없음');
    expect(output.performance.weeklyReturn).toBeNull();
  });

  it('does not let a name become markup', async () => {
    const { output } = await runDirectly(
      writePortfolioReport,
      { portfolio: 'DEMO:BALANCED', regime: 'RISK_ON', actionsTaken: ['<img src=x onerror=alert(1)>'] },
      ports,
    );
    expect(output.html).not.toContain('<img');
    expect(output.html).toContain('&lt;img');
  });
});
