/** The portfolio manager's decision: regime, target, deviation, decision, trades, constitution. */
import type { Ports } from '../../data/ports.ts';
import type { Loaded } from '../../data/types.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { tryHistory } from '../risk/load-history.ts';
import {
  type CheckRebalanceInput,
  type CheckRebalanceOutput,
  checkRebalanceInput,
  checkRebalanceOutput,
} from './check-rebalance-schema.ts';
import { loadHoldings } from './holdings/load-holdings.ts';
import { nextReview, planRebalance, type RebalancePlan } from './plan-rebalance.ts';
import { evidence, type RebalanceData, riskAnalysis } from './rebalance-evidence.ts';
import { type RebalanceSetting, settingOf } from './rebalance-setting.ts';
import { money, reasoning, tradeReason } from './rebalance-words.ts';

export const checkRebalance = defineTool({
  name: 'check_rebalance',
  title: 'Check and plan a rebalancing',
  family: 'rebalance',
  version: 1,
  description:
    'Compares a portfolio with its target (given, or set by the market regime), decides REBALANCE, URGENT_REBALANCE, SECTOR_REBALANCE or HOLD, and lists the trades in whole shares with lots, taxes, costs and dates, kept within the constitution. Use it for "rebalance me to 60/40", "do I need to rebalance", "what should I sell and buy", with holdings said directly, a stored portfolio, or only the split between classes. Use advise_position for one purchase, optimize_portfolio to find weights, backtest_rebalance to compare rebalancing rules over history.',
  input: checkRebalanceInput,
  output: checkRebalanceOutput,
  load,
  run,
  summarise: (output, cite) => [
    `${output.recommendation}${output.regime === null ? '' : ` in ${output.regime}`}: largest deviation ${cite('deviation.max_deviation')}, band ${cite('bands.band')}`,
    output.reasoning,
    ...output.rebalancing_trades
      .slice(0, 4)
      .map((t, i) => `${t.action} ${t.asset_class} ${cite(`rebalancing_trades[${i}].amount_usd`)}`),
    ...output.shareTrades
      .slice(0, 3)
      .map(
        (t, i) =>
          `${t.action} ${t.symbol}${t.shares === null ? '' : ` ${cite(`shareTrades[${i}].shares`)} shares`} for ${cite(`shareTrades[${i}].amount`)}`,
      ),
    ...(output.recommendation === 'HOLD'
      ? output.shareTradesToTarget
          .slice(0, 3)
          .filter((t) => t.shares !== null)
          .map(
            (t, i) =>
              `To meet the target all the same: ${t.action} ${cite(`shareTradesToTarget[${i}].shares`)} ${t.symbol} for ${cite(`shareTradesToTarget[${i}].amount`)}`,
          )
      : [`Costs ${cite('costs.total')} against a benefit of ${cite('costs.benefit')}`]),
    `Next review ${output.next_review_date}`,
    ...output.whatWouldChange.slice(0, 2),
  ],
  chart: (output) => {
    const names = Object.keys(output.target_allocation);
    const current = new Map(output.marks.map((m) => [m.assetClass, m.current]));
    return {
      kind: 'bar',
      title: 'Allocation against target',
      unit: 'fraction',
      categories: names,
      series: [
        { name: 'Current', values: names.map((name) => current.get(name) ?? 0), tone: 'accent' },
        { name: 'Target', values: names.map((name) => output.target_allocation[name] ?? 0), tone: 'muted' },
      ],
    };
  },
  examples: [
    {
      ask: 'VIX is 28, I hold 70% stocks, 20% bonds, 10% cash of $100,000. Rebalance?',
      input: { vix: 28, currentAllocation: { stocks: 0.7, bonds: 0.2, cash: 0.1 }, totalValue: 100_000 },
      fixture: 'none',
      expect: {
        values: {
          recommendation: 'URGENT_REBALANCE',
          'rebalancing_trades[0].amount_usd': 30_000,
          'rebalancing_trades[1].amount_usd': 20_000,
        },
      },
    },
    {
      ask: 'rebal me to 60/40, 5% drift band. have 71200 VTI 38800 BND, no fractions. VTI 268.40 BND 73.15',
      input: {
        positions: [
          { symbol: 'VTI', value: 71_200, price: 268.4, assetClass: 'stocks', kind: 'fund', sector: 'Diversified' },
          { symbol: 'BND', value: 38_800, price: 73.15, assetClass: 'bonds', kind: 'fund', sector: 'Diversified' },
        ],
        targetAllocation: { stocks: 0.6, bonds: 0.4 },
      },
      fixture: 'none',
      expect: { values: { recommendation: 'HOLD', 'bands.readingsDiffer': true, 'tradesToTarget[0].amount': 5200 } },
    },
    {
      ask: 'Rebalance my portfolio (no holdings, no target)',
      input: {},
      fixture: 'none',
      expect: { error: 'EMPTY_PORTFOLIO' },
    },
  ],
  assumptions: [
    'The VIX alone sets the regime; the other indicators only change the confidence.',
    'Benefit of rebalancing = ½ × risk aversion × tracking variance × value; class volatilities 16%, 6%, 0.5% (stocks, bonds, cash), stock-bond correlation 0.1.',
    'Taxes on realised gains of the lots given, short and long netted, no loss carried forward; no market impact.',
    'Single-position limits apply to companies, not to diversified funds.',
  ],
  references: [
    'Arnott & Lovell (1993), Rebalancing: why? when? how often?, J. Investing 2:1',
    'Leland (1999), Optimal portfolio management with transaction costs and capital gains taxes, eq. 3',
    'Boyd & Vandenberghe (2004), Convex Optimization, §8.1.1 (projection on the limits)',
  ],
  cost: 'seconds',
});

async function load(input: CheckRebalanceInput, ports: Ports): Promise<Loaded<RebalanceData>> {
  const holdings = await loadHoldings(input, ports, { useOnlyPortfolio: input.currentAllocation === undefined });
  const provenance = [...holdings.provenance];
  const warnings = [...(holdings.warnings ?? [])];
  const symbols = holdings.value.holdings.map((h) => h.symbol);
  if (input.currentAllocation !== undefined && input.totalValue === undefined) {
    warnings.push({
      code: 'NOTIONAL_TOTAL',
      message: 'No total value was given: amounts are shown for a portfolio of 100,000.',
    });
  }
  let vix: number | null = null;
  if (
    input.targetAllocation === undefined &&
    input.regime === undefined &&
    input.vix === undefined &&
    symbols.length > 0
  ) {
    const demo = symbols.every((symbol) => symbol.startsWith('DEMO:'));
    try {
      const bars = await ports.market.bars(demo ? 'DEMO:VIX' : 'VIX');
      vix = bars.value.close.at(-1) ?? null;
      provenance.push(...bars.provenance);
    } catch (error) {
      if (!isTradewindError(error)) throw error;
    }
  }
  const found = symbols.length === 0 ? { reason: 'no positions were given' } : await tryHistory({ symbols }, ports);
  if ('history' in found) provenance.push(...found.provenance);
  return {
    value: {
      ...holdings.value,
      vix,
      history: 'history' in found ? found.history : null,
      historyReason: 'history' in found ? null : found.reason,
    },
    provenance,
    warnings,
  };
}

async function run(
  input: CheckRebalanceInput,
  data: RebalanceData,
  context: RunContext,
): Promise<CheckRebalanceOutput> {
  const setting = settingOf(input, data);
  const plan = await planRebalance(input, setting, data);
  for (const trade of setting.holdings.length === 0 ? [] : plan.toTarget) {
    if (trade.action !== 'BUY' || setting.buckets.includes(trade.assetClass)) continue;
    context.warn(
      'NO_INSTRUMENT',
      `Nothing held is ${trade.assetClass}: choose what to buy for it; until then that part stays in cash.`,
    );
  }
  const head = headline(input, setting, plan, data);
  const proposal = proposalOf(input, plan, data, head.reasoning);
  return {
    ...head,
    ...evidence(input, setting, plan, data),
    risk_analysis: riskAnalysis(setting, data),
    ...(proposal === null ? {} : { proposal }),
  };
}

/** Trades of a stored portfolio leave as a proposal; advice on holdings that were only said is advice. */
function proposalOf(
  input: CheckRebalanceInput,
  plan: RebalancePlan,
  data: RebalanceData,
  why: string,
): CheckRebalanceOutput['proposal'] | null {
  if (data.bookable === null || plan.recommendation === 'HOLD' || plan.shares.trades.length === 0) return null;
  return {
    kind: 'rebalance',
    portfolio: data.bookable,
    currency: data.currency,
    asOf: data.asOf,
    why,
    trades: plan.shares.trades.map(({ symbol, action, shares, amount, price }) => ({
      symbol,
      action,
      quantity: shares,
      amount,
      price,
    })),
    cost: plan.tradingCost + plan.taxes.tax,
    costBps: input.costBps,
    lotMethod: input.lotMethod,
    limits: plan.findings.map(({ subject, value, limit, status }) => ({ subject, value, limit, status })),
  };
}

function headline(input: CheckRebalanceInput, setting: RebalanceSetting, plan: RebalancePlan, data: RebalanceData) {
  const { language } = input;
  const classes = setting.byClass;
  const { stocks = 0, bonds = 0, cash = 0, crypto, commodities, other } = classes;
  return {
    agent: 'portfolio_manager' as const,
    recommendation: plan.recommendation,
    confidence: setting.confidence,
    reasoning: reasoning({
      recommendation: plan.recommendation,
      hold: plan.hold,
      regime: setting.regime,
      widestClass: plan.deviation.widestClass,
      maxDeviation: plan.deviation.maxDeviation,
      band: plan.band,
      urgentBand: plan.urgentBand,
      sectors: plan.sectorPlan.breaches,
      cost: money(plan.tradingCost + plan.taxes.tax, data.currency, language),
      benefit: money(plan.balance.benefit, data.currency, language),
      readingsDiffer: plan.readings.differ,
      adjusted: plan.adjusted && plan.recommendation !== 'HOLD',
      language,
    }),
    current_allocation: {
      stocks,
      bonds,
      cash,
      ...(crypto === undefined ? {} : { crypto }),
      ...(commodities === undefined ? {} : { commodities }),
      ...(other === undefined ? {} : { other }),
      total_value_usd: setting.total,
    },
    target_allocation: { ...setting.target },
    deviation: { ...plan.deviation.byClass, max_deviation: plan.deviation.maxDeviation },
    rebalancing_trades: plan.classTrades.map((t) => ({
      action: t.action === 'HOLD' ? ('BUY' as const) : t.action,
      asset_class: t.assetClass,
      amount_usd: t.amount,
      from_pct: t.from,
      to_pct: t.to,
      reason: tradeReason({ ...t, language }),
    })),
    sector_breakdown: { ...setting.sectors },
    next_review_date: nextReview(data.asOf),
    currency: data.currency,
    regime: setting.regime,
    totalValue: setting.total,
  };
}
