/** The parts of the rebalancing result that stand behind its headline. */

import { performanceSummary } from '../kernels/performance/performance-summary.ts';
import { relativePerformance } from '../kernels/performance/relative-performance.ts';
import { perPeriodRate } from '../kernels/performance/sharpe.ts';
import { REBALANCE_GUARD } from '../kernels/rebalance/deviation.ts';
import { scheduleTrades } from '../kernels/rebalance/schedule.ts';
import { type History, portfolioReturns } from '../risk/load-history.ts';
import type { CheckRebalanceInput, CheckRebalanceOutput } from './check-rebalance-schema.ts';
import type { Holdings } from './holdings/load-holdings.ts';
import type { RebalancePlan } from './plan-rebalance.ts';
import type { RebalanceSetting } from './rebalance-setting.ts';
import { whatWouldChange } from './rebalance-words.ts';

export interface RebalanceData extends Holdings {
  readonly vix: number | null;
  readonly history: History | null;
  readonly historyReason: string | null;
}

const RISK_FREE = 0.03;

/** Everything beside the headline: bands, trades, lots, costs, dates, articles, marks. */
export function evidence(
  input: CheckRebalanceInput,
  setting: RebalanceSetting,
  plan: RebalancePlan,
  data: RebalanceData,
) {
  const { readings, taxes } = plan;
  const relative = readings.relative.measure;
  const total = plan.tradingCost + taxes.tax;
  return {
    bands: {
      band: plan.band,
      urgentBand: plan.urgentBand,
      reading: input.bandReading,
      absoluteTriggers: readings.absolute.needsRebalancing,
      relativeTriggers: readings.relative.needsRebalancing,
      largestRelative: Number.isFinite(relative) ? relative : null,
      readingsDiffer: readings.differ,
    },
    tradesToTarget: plan.toTarget.map((t) => ({
      action: t.action,
      assetClass: t.assetClass,
      amount: t.amount,
      deviation: t.deviation,
    })),
    shareTrades: plan.shares.trades.map((t) => ({ ...t })),
    shareTradesToTarget: plan.sharesToTarget.trades.map((t) => ({ ...t })),
    leftoverCash: setting.holdings.length === 0 ? null : plan.shares.leftoverCash,
    lotSales: taxes.sales.flatMap(({ symbol, sale }) =>
      sale.lots.map((lot) => ({
        symbol,
        acquired: lot.id.split('#')[0] ?? '',
        quantity: lot.quantity,
        gain: lot.gain,
        tax: lot.tax,
        longTerm: lot.longTerm,
      })),
    ),
    washSaleWarnings: taxes.washSales.map((symbol) =>
      input.language === 'ko'
        ? `${symbol}: 30일 안에 매수한 물량이 있어 손실이 세금에서 인정되지 않을 수 있습니다(워시 세일).`
        : `${symbol}: bought within the last 30 days, so a loss may be disallowed (wash sale).`,
    ),
    costs: {
      trading: plan.tradingCost,
      tax: taxes.tax,
      total,
      ofValue: total / setting.total,
      benefit: plan.balance.benefit,
      trackingVolatility: plan.balance.trackingVolatility,
      worthIt: plan.balance.worthIt,
    },
    schedule: scheduleOf(input, setting, plan, data.asOf),
    constitution: plan.findings.map(({ article, title, subject, value, limit, status }) => ({
      article,
      title,
      subject,
      value,
      limit,
      status,
    })),
    marks: Object.entries(setting.target).map(([assetClass, target]) => {
      const current = setting.current[assetClass] ?? 0;
      const off = target > 0 ? Math.abs(current - target) / target : current > 0 ? 1 : 0;
      return { assetClass, current, target, mark: off > 0.05 + REBALANCE_GUARD ? ('⚠️' as const) : ('✓' as const) };
    }),
    whatWouldChange: [
      ...whatWouldChange({
        recommendation: plan.recommendation,
        regimeGiven: input.regime !== undefined,
        vix: input.targetAllocation === undefined ? setting.vix : null,
        target: setting.target,
        band: plan.band,
        urgentBand: plan.urgentBand,
        language: input.language,
      }),
    ],
  };
}

/** Moves larger than one step are spread; smaller ones happen at once and need no schedule. */
function scheduleOf(input: CheckRebalanceInput, setting: RebalanceSetting, plan: RebalancePlan, asOf: string) {
  const trades = plan.classTrades.filter((t) => t.action === 'BUY' || t.action === 'SELL');
  const steps = scheduleTrades({
    amounts: trades.map((t) => (t.action === 'SELL' ? -t.amount : t.amount)),
    total: setting.total,
    maxStep: input.maximumStep,
    start: asOf,
    everyDays: input.stepDays,
  });
  if (steps.length < 2) return [];
  return steps.map((step) => ({
    date: step.date,
    amounts: Object.fromEntries(trades.map((t, i) => [t.assetClass, step.amounts[i] ?? 0])),
  }));
}

/** Beta, Sharpe, drawdown and volatility of the present weights; null with a reason where there is no history. */
export function riskAnalysis(setting: RebalanceSetting, data: RebalanceData): CheckRebalanceOutput['risk_analysis'] {
  const { history } = data;
  const rows = history?.returns[0]?.length ?? 0;
  if (history === null || rows < 20) {
    return {
      portfolio_beta: null,
      sharpe_ratio: null,
      max_drawdown: null,
      expected_volatility: null,
      observations: rows,
      reason: data.historyReason ?? `only ${rows} common returns of the positions`,
    };
  }
  const returns = portfolioReturns(
    history.returns,
    setting.holdings.map((h) => h.value / setting.total),
  );
  const { periodsPerYear } = history;
  const riskFreePerPeriod = perPeriodRate(RISK_FREE, periodsPerYear);
  const summary = performanceSummary(returns, { periodsPerYear, riskFreePerPeriod });
  return {
    portfolio_beta:
      history.market === null ? null : relativePerformance(returns, history.market, { periodsPerYear }).beta,
    sharpe_ratio: summary.sharpe,
    max_drawdown: summary.maxDrawdown,
    expected_volatility: summary.annualVolatility,
    observations: rows,
    reason: history.market === null ? 'no market index on the same days: no beta' : null,
  };
}
