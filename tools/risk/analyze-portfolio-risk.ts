/** How risky is this portfolio: volatility, beta, VaR and shortfall on four routes with intervals, drawdown, contributions, concentration. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded } from '../../data/types.ts';
import { invalidInput, notEnoughData } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { matrixFromRows } from '../kernels/linalg/matrix.ts';
import { symmetricEigen } from '../kernels/linalg/symmetric-eigen.ts';
import { drawdownEpisodes, drawdownPath } from '../kernels/performance/drawdown.ts';
import { relativePerformance } from '../kernels/performance/relative-performance.ts';
import { riskContributions } from '../kernels/risk/risk-contributions.ts';
import { backtestHistoricalVar } from '../kernels/risk/var-backtest.ts';
import { covariance, moments } from '../kernels/stats/moments.ts';
import { holdingsShape, languageField } from '../rebalance/holdings/holdings-input.ts';
import { type Holdings, loadHoldings, sectorsOf } from '../rebalance/holdings/load-holdings.ts';
import { type History, loadHistory, portfolioReturns } from './load-history.ts';
import {
  cornishFisherEstimate,
  historicalEstimate,
  LEVELS,
  lossEstimate,
  normalEstimate,
  simulatedEstimates,
} from './loss-estimates.ts';

const input = z.strictObject({
  ...holdingsShape,
  start: isoDate('first day of history').optional(),
  end: isoDate('last day of history').optional(),
  market: z.string().max(40).optional().describe('Index for beta, default SPX'),
  horizonDays: units.days('horizon of the VaR').int().min(1).max(252).default(1),
  dailyVolatility: units
    .dailyVol('instead of history: volatility of the whole portfolio per day')
    .positive()
    .max(1)
    .optional(),
  dailyMean: units.fraction('mean return per day, with dailyVolatility').default(0),
  paths: units.count('simulated paths').min(1000).max(50_000).default(10_000),
  language: languageField,
  seed: units.count('seed of the simulation').min(0).default(42),
  asOf: isoDate('nothing after this day is used').optional(),
});

const output = z.object({
  totalValue: units.money('value of the portfolio'),
  currency: z.string(),
  horizonDays: units.days('horizon of the losses'),
  observations: units.count('daily returns used; 0 where a volatility was given'),
  volatility: units.annualVol('of the portfolio at the present weights'),
  dailyVolatility: units.dailyVol('the same per day'),
  beta: units.ratio('to the market index').nullable(),
  betaStandardError: units.ratio('standard error').nullable(),
  marketSymbol: z.string().nullable(),
  skewness: units.ratio('of daily returns').nullable(),
  excessKurtosis: units.ratio('of daily returns').nullable(),
  losses: z.array(lossEstimate),
  maxDrawdown: units.fraction('deepest fall of the present weights over the history, negative').nullable(),
  drawdownFrom: z.string().nullable(),
  drawdownTo: z.string().nullable(),
  currentDrawdown: units.fraction('fall from the last peak, negative').nullable(),
  contributions: z.array(
    z.object({
      symbol: z.string(),
      weight: units.fraction('weight'),
      volatility: units.annualVol('alone'),
      contribution: units.annualVol('part of the portfolio volatility'),
      percent: units.fraction('share of the risk'),
      beta: units.ratio('to the market').nullable(),
    }),
  ),
  concentration: z.object({
    largestWeight: units.fraction('largest position'),
    largestSymbol: z.string().nullable(),
    effectiveNames: units.ratio('1 ÷ Σ weight²').nullable(),
    effectiveBets: units.ratio('1 ÷ Σ risk share²').nullable(),
    diversificationRatio: units.ratio('average volatility ÷ portfolio volatility').nullable(),
    firstFactorShare: units.fraction('variance explained by the first principal component').nullable(),
    averageCorrelation: units.correlation('average pair').nullable(),
  }),
  sectors: z.record(z.string(), units.fraction('weight')),
  correlations: z
    .array(z.object({ a: z.string(), b: z.string(), correlation: units.correlation('of daily returns') }))
    .describe('The most correlated pairs'),
  varBacktest: z
    .object({
      days: units.count('days tested'),
      exceedances: units.count('days with a larger loss than the 95% VaR of the 250 days before'),
      expected: units.ratio('number that was promised'),
      kupiecP: units.probability('p-value that the rate is right'),
      independenceP: units.probability('p-value that they do not cluster'),
    })
    .nullable(),
});

type Input = z.output<typeof input>;
interface Data extends Holdings {
  readonly history: History | null;
}

export const analyzePortfolioRisk = defineTool({
  name: 'analyze_portfolio_risk',
  title: 'Analyse portfolio risk',
  family: 'risk',
  version: 1,
  description:
    'Computes volatility, beta, VaR and expected shortfall at 95% and 99% (historical, normal, Cornish–Fisher, Monte Carlo) with intervals and the number of observations they rest on, drawdown, risk contributions, correlation and concentration of a portfolio. Use it for "how risky is my portfolio", "what can I lose", "1 day 95 var", with stored or given positions, or just a daily volatility. Use stress_portfolio for scenarios, measure_performance for returns earned, check_constitution for limits.',
  input,
  output,
  load,
  run: (value, data: Data, context) =>
    data.history === null ? fromVolatility(value, data) : fromHistory(value, data, data.history, context),
  summarise: (result, cite) => [
    `Volatility ${cite('volatility')} a year${result.beta === null ? '' : `, beta ${cite('beta')} to ${result.marketSymbol}`}, ${cite('observations')} daily returns`,
    ...result.losses
      .slice(0, 4)
      .map(
        (l, i) =>
          `${l.method} VaR ${cite(`losses[${i}].confidence`)} over ${cite('horizonDays')}: ${cite(`losses[${i}].valueAtRisk`)} = ${cite(`losses[${i}].valueAtRiskAmount`)}. ${l.note}`,
      ),
    ...(result.maxDrawdown === null
      ? []
      : [`Deepest fall ${cite('maxDrawdown')} (${result.drawdownFrom} to ${result.drawdownTo})`]),
    ...result.contributions
      .slice(0, 3)
      .map(
        (c, i) =>
          `${c.symbol}: ${cite(`contributions[${i}].weight`)} of value, ${cite(`contributions[${i}].percent`)} of risk`,
      ),
  ],
  chart: (result) =>
    result.contributions.length === 0
      ? null
      : {
          kind: 'bar',
          title: 'Share of value and share of risk',
          unit: 'fraction',
          categories: result.contributions.slice(0, 12).map((c) => c.symbol),
          series: [
            { name: 'Weight', values: result.contributions.slice(0, 12).map((c) => c.weight), tone: 'muted' },
            { name: 'Risk', values: result.contributions.slice(0, 12).map((c) => c.percent), tone: 'bad' },
          ],
        },
  examples: [
    {
      ask: '1 day 95 var, 1mm book, daily vol 2%',
      input: { dailyVolatility: 0.02, totalValue: 1_000_000 },
      fixture: 'none',
      expect: { values: { 'losses[0].valueAtRiskAmount': 32_897.07 }, tolerance: 0.01 },
    },
    {
      ask: 'How risky is the demo portfolio?',
      input: { portfolio: 'DEMO:BALANCED' },
      fixture: 'bundled',
      expect: { values: { marketSymbol: 'DEMO:MKT' } },
    },
    { ask: 'How risky is my portfolio?', input: {}, fixture: 'bundled', expect: { error: 'EMPTY_PORTFOLIO' } },
  ],
  assumptions: [
    'The present weights are held through the history, rebalanced daily; history repeats in kind.',
    'Horizons beyond a day: normal and Cornish–Fisher by √time, historical by √time of the daily figure, Monte Carlo by simulation with the sample mean and covariance.',
    'Cash and positions without prices count as riskless.',
  ],
  references: [
    'McNeil, Frey & Embrechts (2015), Quantitative Risk Management, eqs. 2.18–2.28',
    'David & Nagaraja (2003), Order Statistics, §7.1 (interval of a quantile)',
    'Manistre & Hancock (2005), N. Am. Actuarial J. 9:2, eq. 7 (interval of a shortfall)',
    'Kupiec (1995), J. Derivatives 3:2; Christoffersen (1998), Int. Econ. Rev. 39:4',
  ],
  cost: 'seconds',
});

async function load(value: Input, ports: Ports): Promise<Loaded<Data>> {
  const holdings = await loadHoldings(value, ports, { useOnlyPortfolio: value.dailyVolatility === undefined });
  if (value.dailyVolatility !== undefined) return { ...holdings, value: { ...holdings.value, history: null } };
  if (holdings.value.holdings.length === 0) {
    throw invalidInput({
      code: 'EMPTY_PORTFOLIO',
      what: 'The portfolio',
      needed: 'positions, a stored portfolio, or a daily volatility with a total value',
      got: 'nothing',
      hint: 'Example: {"positions": [{"symbol": "SPX", "value": 50000}]} or {"dailyVolatility": 0.02, "totalValue": 1000000}.',
    });
  }
  const symbols = holdings.value.holdings.map((h) => h.symbol);
  const found = await loadHistory({ symbols, start: value.start, end: value.end, market: value.market }, ports);
  return {
    value: { ...holdings.value, history: found.history },
    provenance: [...holdings.provenance, ...found.provenance],
    warnings: [...(holdings.warnings ?? []), ...found.warnings],
  };
}

function fromVolatility(value: Input, data: Data): z.input<typeof output> {
  const total = value.totalValue ?? data.total;
  const sigma = value.dailyVolatility ?? 0;
  const root = Math.sqrt(value.horizonDays);
  return {
    ...emptyReport(value, total, data),
    volatility: sigma * Math.sqrt(252),
    dailyVolatility: sigma,
    losses: LEVELS.map((confidence) =>
      normalEstimate(value, total, { mean: value.dailyMean, sigma, confidence, observations: 0 }, root),
    ),
  };
}

function emptyReport(value: Input, total: number, data: Data) {
  return {
    totalValue: total,
    currency: data.currency,
    horizonDays: value.horizonDays,
    observations: 0,
    beta: null,
    betaStandardError: null,
    marketSymbol: null,
    skewness: null,
    excessKurtosis: null,
    maxDrawdown: null,
    drawdownFrom: null,
    drawdownTo: null,
    currentDrawdown: null,
    contributions: [],
    concentration: {
      largestWeight: 0,
      largestSymbol: null,
      effectiveNames: null,
      effectiveBets: null,
      diversificationRatio: null,
      firstFactorShare: null,
      averageCorrelation: null,
    },
    sectors: {},
    correlations: [],
    varBacktest: null,
  };
}

function fromHistory(value: Input, data: Data, history: History, context: RunContext): z.input<typeof output> {
  const rows = history.returns[0]?.length ?? 0;
  if (rows < 20) throw notEnoughData({ what: 'A risk analysis of these positions', needed: 20, got: rows });
  if (rows < 250) {
    context.warn(
      'FEW_OBSERVATIONS',
      `Only ${rows} common returns: a 99% loss rests on ${Math.max(1, Math.round(rows / 100))} of them.`,
    );
  }
  const weights = data.holdings.map((h) => h.value / data.total);
  const returns = portfolioReturns(history.returns, weights);
  const m = moments(returns);
  const cov = matrixFromRows(history.returns.map((a) => history.returns.map((b) => covariance(a, b))));
  const year = history.periodsPerYear;
  const parts = riskContributions(Float64Array.from(weights), cov, year);
  const relative =
    history.market === null ? null : relativePerformance(returns, history.market, { periodsPerYear: year });
  const worst = drawdownEpisodes(returns, 1)[0];
  const backtest = rows > 500 ? backtestHistoricalVar(returns, { window: 250, confidence: 0.95 }) : null;
  const dayOf = (point: number | undefined): string | null =>
    point === undefined ? null : (history.dates[Math.max(0, point - 1)] ?? null);
  return {
    ...emptyReport(value, data.total, data),
    observations: rows,
    volatility: parts.volatility,
    dailyVolatility: m.standardDeviation,
    beta: relative?.beta ?? null,
    betaStandardError: relative?.betaStandardError ?? null,
    marketSymbol: history.marketSymbol,
    skewness: m.skewness,
    excessKurtosis: m.kurtosis - 3,
    losses: [
      ...LEVELS.map((c) => historicalEstimate(value, data.total, returns, c)),
      ...simulatedEstimates(value, data.total, history, weights, cov.data, context),
      ...LEVELS.map((c) =>
        normalEstimate(
          value,
          data.total,
          { mean: m.mean, sigma: m.standardDeviation, confidence: c, observations: rows },
          Math.sqrt(value.horizonDays),
        ),
      ),
      ...LEVELS.map((c) => cornishFisherEstimate(value, data.total, m, c)),
    ],
    maxDrawdown: worst?.depth ?? 0,
    drawdownFrom: dayOf(worst?.peak),
    drawdownTo: dayOf(worst?.trough),
    currentDrawdown: drawdownPath(returns).at(-1) ?? 0,
    contributions: data.holdings
      .map((h, i) => ({
        symbol: h.symbol,
        weight: weights[i] as number,
        volatility: Math.sqrt((cov.data[i * cov.cols + i] as number) * year),
        contribution: parts.component[i] as number,
        percent: parts.percent[i] as number,
        beta:
          history.market === null
            ? null
            : covariance(history.returns[i] as Float64Array, history.market) /
              covariance(history.market, history.market),
      }))
      .sort((a, b) => b.percent - a.percent)
      .slice(0, 60),
    concentration: concentrationOf(data, weights, parts, cov.data),
    sectors: { ...sectorsOf(data) },
    correlations: pairs(history, cov.data),
    varBacktest:
      backtest === null
        ? null
        : {
            days: backtest.days,
            exceedances: backtest.exceedances,
            expected: backtest.expected,
            kupiecP: backtest.kupiec.p,
            independenceP: backtest.independence.p,
          },
  };
}

function concentrationOf(
  data: Data,
  weights: readonly number[],
  parts: ReturnType<typeof riskContributions>,
  cov: Float64Array,
) {
  const largest = weights.reduce((best, w, i) => (w > (weights[best] ?? 0) ? i : best), 0);
  const n = weights.length;
  const values = symmetricEigen({ rows: n, cols: n, data: cov }).values;
  const trace = values.reduce((sum, v) => sum + v, 0);
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += correlationAt(cov, n, i, j);
  return {
    largestWeight: weights[largest] ?? 0,
    largestSymbol: data.holdings[largest]?.symbol ?? null,
    effectiveNames: parts.effectiveNames,
    effectiveBets: parts.effectiveBets,
    diversificationRatio: parts.diversificationRatio,
    firstFactorShare: trace > 0 ? (values.at(-1) as number) / trace : null,
    averageCorrelation: n < 2 ? null : clamp(sum / ((n * (n - 1)) / 2)),
  };
}

function correlationAt(cov: Float64Array, n: number, i: number, j: number): number {
  const scale = Math.sqrt((cov[i * n + i] as number) * (cov[j * n + j] as number));
  return scale > 0 ? clamp((cov[i * n + j] as number) / scale) : 0;
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function pairs(history: History, cov: Float64Array) {
  const n = history.symbols.length;
  const out: { a: string; b: string; correlation: number }[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      out.push({ a: history.symbols[j] ?? '', b: history.symbols[i] ?? '', correlation: correlationAt(cov, n, i, j) });
    }
  }
  return out.sort((x, y) => y.correlation - x.correlation).slice(0, 10);
}
