/** How a symbol, a portfolio at its present weights, or a list of returns has done, and how sure that is. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded } from '../../data/types.ts';
import { invalidInput, notEnoughData } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { drawdownEpisodes, drawdownPath } from '../kernels/performance/drawdown.ts';
import { performanceSummary } from '../kernels/performance/performance-summary.ts';
import { relativePerformance } from '../kernels/performance/relative-performance.ts';
import {
  deflatedSharpe,
  minimumTrackRecord,
  neweyWestLags,
  neweyWestMean,
  perPeriodRate,
  probabilisticSharpe,
  sharpeEvidence,
  sharpeStandardError,
} from '../kernels/performance/sharpe.ts';
import { holdingsShape } from '../rebalance/holdings/holdings-input.ts';
import { loadHoldings } from '../rebalance/holdings/load-holdings.ts';
import { loadHistory, portfolioReturns } from '../risk/load-history.ts';

const input = z.strictObject({
  symbol: z.string().min(1).max(40).optional().describe('One instrument; or a portfolio, positions, or returns'),
  portfolio: holdingsShape.portfolio,
  positions: holdingsShape.positions,
  cash: holdingsShape.cash,
  totalValue: holdingsShape.totalValue,
  currency: holdingsShape.currency,
  lots: holdingsShape.lots,
  returns: z
    .array(units.fraction('simple return of one period').min(-1).max(10))
    .max(3000)
    .optional()
    .describe('Simple returns, oldest first'),
  benchmark: z.string().min(1).max(40).optional().describe('Index to compare with'),
  riskFreeRate: units.rate('return of cash').min(-0.5).max(1).default(0.03),
  periodsPerYear: units.count('periods in a year, for returns given here').min(1).max(366).default(252),
  trials: units.count('strategies tried before this one was chosen').min(1).max(1e6).default(1),
  trialSharpeDeviation: units
    .ratio('standard deviation of the annual Sharpe ratios of the trials')
    .positive()
    .max(10)
    .default(0.5),
  start: isoDate('first day').optional(),
  end: isoDate('last day').optional(),
  asOf: isoDate('nothing after this day is used').optional(),
});

const output = z.object({
  subject: z.string(),
  observations: units.count('returns'),
  from: z.string().nullable(),
  to: z.string().nullable(),
  totalReturn: units.fraction('over the whole period'),
  annualReturn: units.annualReturn('compound').nullable(),
  volatility: units.annualVol('sample deviation × √periods'),
  sharpe: units.ratio('mean excess over sample deviation of excess, annualised').nullable(),
  sharpeLow: units.ratio('95% interval').nullable(),
  sharpeHigh: units.ratio('95% interval').nullable(),
  sharpeConvention: z.string(),
  sortino: units.ratio('mean excess over downside deviation of all periods').nullable(),
  calmar: units.ratio('compound return over deepest fall').nullable(),
  maxDrawdown: units.fraction('negative'),
  currentDrawdown: units.fraction('fall from the last peak, negative'),
  hitRatio: units.probability('share of periods above zero'),
  skewness: units.ratio('biased'),
  excessKurtosis: units.ratio('biased'),
  probabilisticSharpe: units.probability('chance that the true Sharpe is above zero').nullable(),
  deflatedSharpe: units.probability('the same after the trials').nullable(),
  trials: units.count('trials counted'),
  minimumTrackRecord: units
    .ratio('periods until that chance reaches 95%; null where the Sharpe is not positive')
    .nullable(),
  neweyWestT: units.statistic('t of the mean excess return, Bartlett weights').nullable(),
  drawdowns: z.array(
    z.object({
      depth: units.fraction('negative'),
      from: z.string().nullable(),
      trough: z.string().nullable(),
      recovered: z.string().nullable(),
      periods: units.count('peak to trough'),
    }),
  ),
  benchmark: z
    .object({
      symbol: z.string(),
      beta: units.ratio('regression of excess returns'),
      alpha: units.annualReturn('Jensen, a year'),
      alphaT: units.statistic('t of alpha'),
      informationRatio: units.ratio('active return over tracking error').nullable(),
      trackingError: units.annualVol('of active returns'),
      upCapture: units.ratio('mean return in rising periods over that of the benchmark').nullable(),
      downCapture: units.ratio('in falling periods').nullable(),
    })
    .nullable(),
  path: z.object({ dates: z.array(z.string()), drawdown: z.array(units.fraction('fall from the peak')) }),
});

type Input = z.output<typeof input>;
interface Data {
  readonly subject: string;
  readonly returns: Float64Array;
  readonly dates: readonly string[];
  readonly benchmark: Float64Array | null;
  readonly benchmarkSymbol: string | null;
  readonly periodsPerYear: number;
}

export const measurePerformance = defineTool({
  name: 'measure_performance',
  title: 'Measure performance',
  family: 'portfolio',
  version: 1,
  description:
    'Measures return, volatility, Sharpe with its interval, Sortino, Calmar, drawdowns, probabilistic and deflated Sharpe, and Newey–West t of an instrument, a portfolio at its present weights, or given returns, optionally against a benchmark. Use it for "how did it do", "what is the Sharpe", "is this track record luck". Use analyze_portfolio_risk for what can be lost, audit_backtest to judge somebody else\'s claim.',
  input,
  output,
  load,
  run: (value, data: Data) => measure(value, data),
  summarise: (result, cite) => [
    `${result.subject}: total ${cite('totalReturn')}${result.annualReturn === null ? '' : `, ${cite('annualReturn')} a year`}, volatility ${cite('volatility')}, ${cite('observations')} returns`,
    ...(result.sharpe === null
      ? ['No Sharpe ratio: the returns do not vary.']
      : [
          `Sharpe ${cite('sharpe')} (95% ${cite('sharpeLow')} to ${cite('sharpeHigh')})${result.sortino === null ? '' : `, Sortino ${cite('sortino')}`}`,
          `Chance that the true Sharpe is above zero ${cite('probabilisticSharpe')}, after ${cite('trials')} trials ${cite('deflatedSharpe')}`,
        ]),
    `Deepest fall ${cite('maxDrawdown')}, now ${cite('currentDrawdown')}`,
    ...(result.benchmark === null
      ? []
      : [`Beta ${cite('benchmark.beta')}, alpha ${cite('benchmark.alpha')} a year against ${result.benchmark.symbol}`]),
  ],
  chart: (result) =>
    result.path.dates.length < 2
      ? null
      : {
          kind: 'xy',
          title: `Drawdown of ${result.subject}`,
          x: { label: 'date', dates: result.path.dates },
          y: { label: 'fall from the peak', unit: 'fraction', zero: true },
          series: [{ name: 'Drawdown', values: result.path.drawdown, style: 'area', tone: 'bad' }],
        },
  examples: [
    {
      ask: 'How did the S&P 500 do from 2010 to 2019?',
      input: { symbol: 'SPX', start: '2010-01-04', end: '2019-12-31' },
      fixture: 'bundled',
      expect: { values: { subject: 'SPX', from: '2010-01-05' } },
    },
    { ask: 'How did it do?', input: {}, fixture: 'bundled', expect: { error: 'NOTHING_TO_MEASURE' } },
  ],
  assumptions: [
    'A portfolio is measured at its present weights, rebalanced daily: it is not the account statement.',
    'Sharpe: arithmetic mean of excess over sample deviation, × √periods; the interval allows for skewness and fat tails, not for autocorrelation.',
  ],
  references: [
    'Sharpe (1994), J. Portfolio Management 21:49',
    'Bailey & López de Prado (2012), The Sharpe ratio efficient frontier, eq. 11; (2014), The deflated Sharpe ratio, eq. 1',
    'Newey & West (1987), Econometrica 55:703',
  ],
  cost: 'seconds',
});

async function load(value: Input, ports: Ports): Promise<Loaded<Data>> {
  const market = value.benchmark ?? null;
  if (value.returns !== undefined) {
    return {
      value: {
        subject: 'returns',
        returns: Float64Array.from(value.returns),
        dates: [],
        benchmark: null,
        benchmarkSymbol: null,
        periodsPerYear: value.periodsPerYear,
      },
      provenance: [],
    };
  }
  const window = { start: value.start, end: value.end, market };
  if (value.symbol !== undefined) {
    const { history, provenance, warnings } = await loadHistory({ symbols: [value.symbol], ...window }, ports);
    return {
      value: {
        subject: value.symbol,
        returns: history.returns[0] ?? new Float64Array(0),
        dates: history.dates,
        benchmark: history.market,
        benchmarkSymbol: history.marketSymbol,
        periodsPerYear: history.periodsPerYear,
      },
      provenance,
      warnings,
    };
  }
  const holdings = await loadHoldings(value, ports);
  if (holdings.value.holdings.length === 0) {
    throw invalidInput({
      code: 'NOTHING_TO_MEASURE',
      what: 'What to measure',
      needed: 'a symbol, a portfolio, positions, or returns',
      got: 'nothing',
      hint: 'Example: {"symbol": "SPX", "start": "2010-01-04"}.',
    });
  }
  const symbols = holdings.value.holdings.map((h) => h.symbol);
  const { history, provenance, warnings } = await loadHistory({ symbols, ...window }, ports);
  const weights = holdings.value.holdings.map((h) => h.value / holdings.value.total);
  return {
    value: {
      subject: value.portfolio ?? 'the portfolio at its present weights',
      returns: portfolioReturns(history.returns, weights),
      dates: history.dates,
      benchmark: history.market,
      benchmarkSymbol: history.marketSymbol,
      periodsPerYear: history.periodsPerYear,
    },
    provenance: [...holdings.provenance, ...provenance],
    warnings: [...(holdings.warnings ?? []), ...warnings],
  };
}

function measure(value: Input, data: Data): z.input<typeof output> {
  const { returns, periodsPerYear: year } = data;
  if (returns.length < 3) throw notEnoughData({ what: 'A performance measurement', needed: 3, got: returns.length });
  const cash = perPeriodRate(value.riskFreeRate, year);
  const s = performanceSummary(returns, { periodsPerYear: year, riskFreePerPeriod: cash });
  const excess = returns.map((r) => r - cash);
  const evidence = sharpeEvidence(excess);
  const error = evidence === null ? null : sharpeStandardError(evidence);
  const root = Math.sqrt(year);
  const path = drawdownPath(returns);
  const step = Math.max(1, Math.ceil(returns.length / 400));
  const keep = data.dates.map((_, i) => i).filter((i) => i % step === 0 || i === returns.length - 1);
  return {
    subject: data.subject,
    observations: returns.length,
    from: data.dates[0] ?? null,
    to: data.dates.at(-1) ?? null,
    totalReturn: s.totalReturn,
    annualReturn: s.compoundAnnualReturn,
    volatility: s.annualVolatility,
    sharpe: s.sharpe,
    sharpeLow: s.sharpe === null || error === null ? null : s.sharpe - 1.96 * error * root,
    sharpeHigh: s.sharpe === null || error === null ? null : s.sharpe + 1.96 * error * root,
    sharpeConvention:
      'arithmetic mean excess return over sample deviation of excess returns, annualised by the square root of periods',
    sortino: s.sortino,
    calmar: s.calmar,
    maxDrawdown: s.maxDrawdown,
    currentDrawdown: path.at(-1) ?? 0,
    hitRatio: s.hitRatio,
    skewness: s.moments.skewness,
    excessKurtosis: s.moments.kurtosis - 3,
    probabilisticSharpe: evidence === null ? null : probabilisticSharpe(evidence),
    deflatedSharpe:
      evidence === null
        ? null
        : value.trials === 1
          ? probabilisticSharpe(evidence)
          : deflatedSharpe(evidence, value.trials, value.trialSharpeDeviation / root).probability,
    trials: value.trials,
    minimumTrackRecord: evidence === null ? null : minimumTrackRecord(evidence),
    neweyWestT: evidence === null ? null : neweyWestMean(excess, neweyWestLags(excess.length)).t,
    drawdowns: episodes(returns, data.dates),
    benchmark: against(data, cash),
    path: { dates: keep.map((i) => data.dates[i] as string), drawdown: keep.map((i) => path[i] as number) },
  };
}

function episodes(returns: Float64Array, dates: readonly string[]) {
  const day = (point: number | null): string | null =>
    point === null ? null : (dates[Math.max(0, point - 1)] ?? null);
  return drawdownEpisodes(returns, 5).map((e) => ({
    depth: e.depth,
    from: day(e.peak),
    trough: day(e.trough),
    recovered: day(e.recovery),
    periods: e.trough - e.peak,
  }));
}

function against(data: Data, cash: number): z.input<typeof output>['benchmark'] {
  if (data.benchmark === null || data.benchmarkSymbol === null || data.benchmark.length < 10) return null;
  const r = relativePerformance(data.returns, data.benchmark, {
    periodsPerYear: data.periodsPerYear,
    riskFreePerPeriod: cash,
  });
  return {
    symbol: data.benchmarkSymbol,
    beta: r.beta,
    alpha: r.alphaPerPeriod * data.periodsPerYear,
    alphaT: r.alphaT,
    informationRatio: r.informationRatio,
    trackingError: r.trackingErrorAnnual,
    upCapture: r.upCapture,
    downCapture: r.downCapture,
  };
}
