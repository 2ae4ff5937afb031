/** The weekly portfolio report: an object, Markdown, and a self-contained page with charts. */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { formatNumber } from '../../lib/format.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { matrixFromRows } from '../kernels/linalg/matrix.ts';
import { drawdownPath } from '../kernels/performance/drawdown.ts';
import { performanceSummary } from '../kernels/performance/performance-summary.ts';
import { perPeriodRate } from '../kernels/performance/sharpe.ts';
import { backtestRebalancing } from '../kernels/rebalance/backtest-rebalance.ts';
import { riskContributions } from '../kernels/risk/risk-contributions.ts';
import { covariance } from '../kernels/stats/moments.ts';
import { type History, portfolioReturns } from '../risk/load-history.ts';
import { checkRebalance } from './check-rebalance.ts';
import { type CheckRebalanceInput, type CheckRebalanceOutput, checkRebalanceInput } from './check-rebalance-schema.ts';
import type { RebalanceData } from './rebalance-evidence.ts';
import { className, type Language, percent } from './rebalance-words.ts';
import { type ReportContent, reportHtml, reportMarkdown } from './report-document.ts';

const input = z.strictObject({
  ...checkRebalanceInput.shape,
  actionsTaken: z.array(z.string().min(1).max(200)).max(20).default([]).describe('What was done in the week, in words'),
});

const output = z.object({
  title: z.string(),
  weekOf: z.string(),
  recommendation: z.enum(['REBALANCE', 'URGENT_REBALANCE', 'SECTOR_REBALANCE', 'HOLD']),
  totalValue: units.money('value of the portfolio'),
  currency: z.string(),
  allocation: z.array(
    z.object({
      assetClass: z.string(),
      current: units.fraction('weight'),
      target: units.fraction('target'),
      mark: z.enum(['✓', '⚠️']),
    }),
  ),
  performance: z.object({
    weeklyReturn: units.fraction('last five trading days').nullable(),
    yearToDateReturn: units.fraction('since the last close of the year before').nullable(),
    sharpe: units.ratio('over cash at 3%, last 252 days').nullable(),
    maxDrawdown: units.fraction('last 252 days, negative').nullable(),
    observations: units.count('returns used'),
    from: z.string().nullable(),
    to: z.string().nullable(),
  }),
  rebalancing: z
    .object({
      perMonth: units.ratio('rebalancings a month with the band'),
      costPerYear: units.fraction('of value'),
      sharpeChange: units.fraction('against buy-and-hold').nullable(),
      drawdownChange: units.fraction('against buy-and-hold, negative is shallower').nullable(),
      years: units.years('length of the comparison'),
    })
    .nullable(),
  contributions: z.array(
    z.object({ symbol: z.string(), weight: units.fraction('weight'), percent: units.fraction('share of the risk') }),
  ),
  drawdown: z.object({ dates: z.array(z.string()), values: z.array(units.fraction('fall from the peak')) }),
  actions: z.array(z.string()),
  nextReview: z.string(),
  synthetic: z.boolean(),
  markdown: z.string(),
  html: z.string().describe('Self-contained page; save it to a file'),
});

type Input = z.output<typeof input>;
type Report = z.input<typeof output>;
const YEAR = 252;

export const writePortfolioReport = defineTool({
  name: 'write_portfolio_report',
  title: 'Write the weekly portfolio report',
  family: 'rebalance',
  version: 1,
  description:
    'Writes the weekly report of a portfolio: allocation against target with marks, week, year-to-date, Sharpe and drawdown, the decision and its trades, rebalancing against buy-and-hold, limits, next review, as Markdown and as one HTML page with charts. Use it for "weekly report" or "write me a summary of my portfolio". Use check_rebalance for the decision alone, write_model_document for model documentation.',
  input,
  output,
  load: checkRebalance.load as NonNullable<typeof checkRebalance.load>,
  async run(value, data: RebalanceData, context) {
    const { actionsTaken, ...rest } = value;
    const check = await checkRebalance.run(rest as CheckRebalanceInput, data, context);
    return buildReport(value, data, check, actionsTaken);
  },
  summarise: (result, cite) => [
    `${result.title}: ${result.recommendation}, ${cite('totalValue')}`,
    ...result.allocation
      .map(
        (a, i) =>
          `${a.assetClass} ${cite(`allocation[${i}].current`)} (target ${cite(`allocation[${i}].target`)}) ${a.mark}`,
      )
      .slice(0, 6),
    ...(result.performance.weeklyReturn === null
      ? []
      : [`Week ${cite('performance.weeklyReturn')}, deepest fall ${cite('performance.maxDrawdown')}`]),
    `Next review ${result.nextReview}. The page is in html, the text in markdown.`,
  ],
  chart: (result) => chartsOf(result as Report),
  examples: [
    {
      ask: 'Write the weekly report of the demo portfolio',
      input: { portfolio: 'DEMO:BALANCED', regime: 'TRANSITION' },
      fixture: 'bundled',
      expect: { values: { synthetic: true, currency: 'USD' } },
    },
    { ask: 'Write my weekly report', input: {}, fixture: 'bundled', expect: { error: 'EMPTY_PORTFOLIO' } },
  ],
  assumptions: [
    'Returns are those of the present weights, rebalanced daily: deposits and past trades are not known.',
    'A mark warns where a class is more than 5% of its target away from it.',
    'Rebalancing with the band against buy-and-hold over the common history of the positions, after costs.',
  ],
  references: ['Bacon (2008), Practical Portfolio Performance Measurement and Attribution'],
  cost: 'seconds',
});

function buildReport(value: Input, data: RebalanceData, check: CheckRebalanceOutput, taken: readonly string[]): Report {
  const { history } = data;
  const weights = data.holdings.map((h) => h.value / data.total);
  const usable = history !== null && history.dates.length >= 20 && value.currentAllocation === undefined;
  const performance = usable ? performanceOf(history, weights) : noPerformance(history);
  const report: Report = {
    title: value.language === 'ko' ? '주간 포트폴리오 보고서' : 'Portfolio performance report',
    weekOf: data.asOf,
    recommendation: check.recommendation,
    totalValue: check.totalValue,
    currency: check.currency,
    allocation: check.marks.map((m) => ({ ...m })),
    performance,
    rebalancing: usable ? rebalancingOf(value, history, weights) : null,
    contributions: usable ? contributionsOf(history, weights) : [],
    drawdown: usable ? drawdownOf(history, weights) : { dates: [], values: [] },
    actions: [
      ...taken,
      ...check.rebalancing_trades.map(
        (t) =>
          `${t.action} ${className(t.asset_class, value.language)} ${money(t.amount_usd, check.currency, value.language)}: ${t.reason}`,
      ),
    ],
    nextReview: check.next_review_date,
    synthetic: history?.synthetic ?? false,
    markdown: '',
    html: '',
  };
  const content = contentOf(value, report, check);
  return { ...report, markdown: reportMarkdown(content), html: reportHtml(content, chartsOf(report)) };
}

function money(amount: number, currency: string, language: Language): string {
  return formatNumber(amount, 'money', { currency, language });
}

function noPerformance(history: History | null): Report['performance'] {
  return {
    weeklyReturn: null,
    yearToDateReturn: null,
    sharpe: null,
    maxDrawdown: null,
    observations: history?.dates.length ?? 0,
    from: null,
    to: null,
  };
}

function grow(returns: Float64Array): number {
  return returns.reduce((product, r) => product * (1 + r), 1) - 1;
}

function performanceOf(history: History, weights: readonly number[]): Report['performance'] {
  const returns = portfolioReturns(history.returns, weights);
  const last = history.dates.at(-1) ?? '';
  const sinceNewYear = history.dates.findIndex((date) => date.slice(0, 4) === last.slice(0, 4));
  const recent = returns.subarray(Math.max(0, returns.length - YEAR));
  const cash = perPeriodRate(0.03, history.periodsPerYear);
  const summary = performanceSummary(recent, { periodsPerYear: history.periodsPerYear, riskFreePerPeriod: cash });
  return {
    weeklyReturn: grow(returns.subarray(returns.length - 5)),
    yearToDateReturn: sinceNewYear > 0 ? grow(returns.subarray(sinceNewYear)) : null,
    sharpe: summary.sharpe,
    maxDrawdown: summary.maxDrawdown,
    observations: recent.length,
    from: history.dates[history.dates.length - recent.length] ?? null,
    to: last,
  };
}

function rebalancingOf(value: Input, history: History, weights: readonly number[]): Report['rebalancing'] {
  const rows = history.dates.length;
  if (rows < 250) return null;
  const cash = perPeriodRate(0.03, history.periodsPerYear);
  const common = { returns: history.returns, target: weights, costRate: value.costBps / 1e4, cashReturn: cash };
  const banded = backtestRebalancing({ ...common, rule: { kind: 'band', band: value.band ?? 0.05 } });
  const held = backtestRebalancing({ ...common, rule: { kind: 'none' } });
  const summarise = (returns: Float64Array) =>
    performanceSummary(returns, { periodsPerYear: history.periodsPerYear, riskFreePerPeriod: cash });
  const a = summarise(banded.returns);
  const b = summarise(held.returns);
  const years = rows / history.periodsPerYear;
  return {
    perMonth: banded.trades.length / (years * 12),
    costPerYear: banded.totalCost / years,
    sharpeChange: a.sharpe === null || b.sharpe === null || b.sharpe <= 0 ? null : a.sharpe / b.sharpe - 1,
    drawdownChange: b.maxDrawdown === 0 ? null : a.maxDrawdown / b.maxDrawdown - 1,
    years,
  };
}

function contributionsOf(history: History, weights: readonly number[]): Report['contributions'] {
  const recent = history.returns.map((column) => column.subarray(Math.max(0, column.length - YEAR)));
  const cov = matrixFromRows(recent.map((a) => recent.map((b) => covariance(a, b))));
  const parts = riskContributions(Float64Array.from(weights), cov, history.periodsPerYear);
  return history.symbols
    .map((symbol, i) => ({ symbol, weight: weights[i] ?? 0, percent: parts.percent[i] ?? 0 }))
    .sort((a, b) => b.percent - a.percent)
    .slice(0, 12);
}

function drawdownOf(history: History, weights: readonly number[]): Report['drawdown'] {
  const returns = portfolioReturns(history.returns, weights);
  const start = Math.max(0, returns.length - YEAR);
  return { dates: history.dates.slice(start), values: [...drawdownPath(returns.subarray(start))] };
}

function chartsOf(report: Report): readonly ChartSpec[] {
  const synthetic = report.synthetic ? { synthetic: true } : {};
  const charts: ChartSpec[] = [
    {
      kind: 'bar',
      title: 'Allocation against target',
      ...synthetic,
      unit: 'fraction',
      categories: report.allocation.map((a) => a.assetClass),
      series: [
        { name: 'Current', values: report.allocation.map((a) => a.current), tone: 'accent' },
        { name: 'Target', values: report.allocation.map((a) => a.target), tone: 'muted' },
      ],
    },
  ];
  if (report.drawdown.dates.length > 1) {
    charts.push({
      kind: 'xy',
      title: 'Fall from the peak, last year',
      ...synthetic,
      x: { label: 'date', dates: report.drawdown.dates },
      y: { label: 'fall', unit: 'fraction', zero: true },
      series: [{ name: 'Drawdown', values: report.drawdown.values, style: 'area', tone: 'bad' }],
    });
  }
  if (report.contributions.length > 0) {
    charts.push({
      kind: 'bar',
      title: 'Share of value and of risk',
      ...synthetic,
      unit: 'fraction',
      categories: report.contributions.map((c) => c.symbol),
      series: [
        { name: 'Weight', values: report.contributions.map((c) => c.weight), tone: 'muted' },
        { name: 'Risk', values: report.contributions.map((c) => c.percent), tone: 'bad' },
      ],
    });
  }
  return charts;
}

function contentOf(value: Input, report: Report, check: CheckRebalanceOutput): ReportContent {
  const ko = value.language === 'ko';
  const none = ko ? '자료 없음' : 'no data';
  const show = (x: number | null | undefined, sign = false): string =>
    x === null || x === undefined ? none : `${sign && x > 0 ? '+' : ''}${percent(x)}`;
  const { performance: p, rebalancing: r } = report;
  const asShown =
    p.from === null
      ? []
      : [
          ko
            ? `수익률은 현재 비중 기준, ${p.from}–${p.to}, 관측치 ${p.observations}개.`
            : `Returns are those of the present weights, ${p.from} to ${p.to}, ${p.observations} observations.`,
        ];
  return {
    title: report.title,
    weekOf: ko ? `${report.weekOf} 주` : `week of ${report.weekOf}`,
    subject: value.portfolio ?? (ko ? '내 포트폴리오' : 'my portfolio'),
    synthetic: report.synthetic,
    total: money(report.totalValue, report.currency, value.language),
    allocation: report.allocation,
    performance: [
      [ko ? '주간 수익률' : 'Weekly return', show(p.weeklyReturn, true)],
      [ko ? '연초 대비' : 'YTD return', show(p.yearToDateReturn, true)],
      [ko ? '샤프 비율' : 'Sharpe ratio', p.sharpe == null ? none : p.sharpe.toFixed(2)],
      [ko ? '최대 낙폭' : 'Max drawdown', show(p.maxDrawdown)],
    ],
    rebalancing:
      r == null
        ? []
        : [
            [ko ? '월 리밸런싱 횟수' : 'Rebalancings a month', r.perMonth.toFixed(2)],
            [ko ? '연간 비용' : 'Cost a year', `${(r.costPerYear * 100).toFixed(3)}%`],
            [ko ? '샤프 변화' : 'Sharpe change', show(r.sharpeChange, true)],
            [ko ? '낙폭 변화' : 'Drawdown change', show(r.drawdownChange, true)],
          ],
    recommendation: check.recommendation,
    reasoning: check.reasoning,
    actions: report.actions,
    limits: check.constitution
      .filter((c) => c.status === 'adjusted' || c.status === 'refused')
      .map(
        (c) =>
          `${ko ? '제' : 'Article '}${c.article}${ko ? '조' : ''} ${c.subject}: ${show(c.value)} / ${percent(c.limit)}`,
      ),
    nextReview: report.nextReview,
    notes: [...asShown, ...check.whatWouldChange],
    language: value.language,
  };
}
