/** How every strategy tool reports a backtest: the same fields, units and words. */
import { z } from 'zod';
import type { Rng } from '../../lib/rng.ts';
import { units } from '../../lib/units.ts';
import { type BacktestEvidence, backtestEvidence } from '../kernels/backtest/backtest-evidence.ts';
import type { BacktestResult } from '../kernels/backtest/backtest-types.ts';
import { drawdownPath } from '../kernels/performance/drawdown.ts';
import type { BootstrapInterval } from '../kernels/stats/bootstrap.ts';

const interval = z
  .object({
    lower: units.ratio('lower end').nullable(),
    upper: units.ratio('upper end').nullable(),
  })
  .describe('Stationary-bootstrap percentile interval; null where returns do not vary');

export const performanceShape = z.object({
  totalReturn: units.fraction('whole period, after all costs'),
  annualReturn: units.annualReturn('compound; null where equity fell to zero').nullable(),
  annualVolatility: units.annualVol('of returns'),
  sharpe: units.ratio('annualised: arithmetic mean excess ÷ sample deviation × √periods; null if constant').nullable(),
  sharpeInterval: interval,
  sortino: units.ratio('annualised, downside over all periods').nullable(),
  maxDrawdown: units.fraction('deepest fall from a peak, negative'),
  calmar: units.ratio('compound annual return ÷ |max drawdown|').nullable(),
  probabilisticSharpe: units.probability('that the true Sharpe ratio is above zero').nullable(),
  deflatedSharpe: units.probability('the same after choosing the best of `trials`; null without trials').nullable(),
  neweyWestT: units.statistic('t of the mean excess return, robust to autocorrelation').nullable(),
});

export const costShape = z.object({
  trading: units.money('commission, spread and slippage'),
  borrow: units.money('fees on shorts'),
  financing: units.money('interest on borrowed capital'),
  interest: units.money('earned on idle capital'),
});

export const backtestShape = z.object({
  status: z.enum(['complete', 'ruined']).describe('ruined: equity fell to zero; trading stopped there'),
  from: z.string().describe('First bar'),
  to: z.string().describe('Last bar'),
  rows: units.count('bars'),
  performance: performanceShape,
  finalEquity: units.money('at the last bar'),
  costs: costShape,
  meanGrossExposure: units.ratio('mean of Σ|position| ÷ equity'),
  meanNetExposure: units.ratio('mean of Σ position ÷ equity'),
  turnoverPerYear: units.ratio('one-way: half of traded value ÷ equity a year'),
  fills: units.count('orders filled'),
  notes: z.array(z.string()).describe('What the rules for gaps, listings and limits did'),
  equity: z
    .array(
      z.object({
        date: z.string().describe('Bar'),
        equity: units.money('after the bar'),
        drawdown: units.fraction('from the peak'),
      }),
    )
    .describe('At most 260 points, evenly spaced, first and last included'),
});

export type BacktestReport = z.input<typeof backtestShape>;

export interface ReportOptions {
  readonly dates: readonly string[];
  readonly periodsPerYear: number;
  readonly riskFreeRate: number;
  readonly trials?: number | undefined;
  readonly confidence: number;
  readonly rng: Rng;
  /** First bar that counts (warm-up before it). */
  readonly from?: number;
}

export function reportBacktest(result: BacktestResult, options: ReportOptions): BacktestReport {
  const from = Math.max(1, options.from ?? 1);
  const evidence = backtestEvidence(result, {
    periodsPerYear: options.periodsPerYear,
    riskFreeRate: options.riskFreeRate,
    ...(options.trials === undefined ? {} : { trials: options.trials }),
    confidence: options.confidence,
    rng: options.rng,
    from,
  });
  const { commission, spread, slippage, borrow, financing, interest } = result.costs;
  return {
    status: result.status,
    from: options.dates[from - 1] ?? '',
    to: options.dates[options.dates.length - 1] ?? '',
    rows: result.equity.length - from + 1,
    performance: describePerformance(evidence),
    finalEquity: result.equity[result.equity.length - 1] as number,
    costs: { trading: commission + spread + slippage, borrow, financing, interest },
    meanGrossExposure: evidence.meanGross,
    meanNetExposure: evidence.meanNet,
    turnoverPerYear: evidence.turnoverPerYear,
    fills: result.fillCount,
    notes: describeCounts(result),
    equity: equityPoints(result, options.dates, from - 1),
  };
}

export function describePerformance(evidence: BacktestEvidence): BacktestReport['performance'] {
  const s = evidence.summary;
  const ends = (i: BootstrapInterval | null) => ({ lower: i?.lower ?? null, upper: i?.upper ?? null });
  return {
    totalReturn: s.totalReturn,
    annualReturn: s.compoundAnnualReturn,
    annualVolatility: s.annualVolatility,
    sharpe: s.sharpe,
    sharpeInterval: ends(evidence.sharpeInterval),
    sortino: s.sortino,
    maxDrawdown: s.maxDrawdown,
    calmar: s.calmar,
    probabilisticSharpe: evidence.probabilisticSharpe,
    deflatedSharpe: evidence.deflatedSharpe,
    neweyWestT: evidence.neweyWestT,
  };
}

function describeCounts({ counts }: BacktestResult): string[] {
  const lines: [number, string][] = [
    [counts.unfilledNoPrice, 'orders lapsed because the bar had no price'],
    [counts.notListed, 'targets were on instruments without a price; that money stayed in cash'],
    [counts.closedStale, 'positions were closed at a stale price because the price had vanished'],
    [counts.scaledToGross, 'decisions were scaled down to the leverage limit'],
    [counts.missedLimit, 'limit orders were not reached'],
    [counts.partialFills, 'orders were cut by the volume limit'],
  ];
  return lines.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}.`);
}

function equityPoints(result: BacktestResult, dates: readonly string[], from: number): BacktestReport['equity'] {
  const n = result.equity.length;
  const drawdown = drawdownPath(result.returns);
  const count = Math.min(260, n - from);
  const picked = new Set(
    Array.from({ length: count }, (_, i) => from + Math.round((i * (n - 1 - from)) / Math.max(1, count - 1))),
  );
  return [...picked].map((t) => ({
    date: dates[t] ?? '',
    equity: result.equity[t] as number,
    drawdown: drawdown[t] as number,
  }));
}

/** Lines for the model: the result after costs, then the doubt. `path` is where the report stands in the output. */
export function summariseBacktest(
  report: z.output<typeof backtestShape>,
  cite: (path: string) => string,
  path: string,
): string[] {
  const p = report.performance;
  const at = (name: string) => cite(`${path}.${name}`);
  const or = (value: number | null, name: string) => (value === null ? 'not defined' : at(name));
  const ci = p.sharpeInterval;
  const range =
    ci.lower === null || ci.upper === null
      ? ''
      : ` (interval ${at('performance.sharpeInterval.lower')} to ${at('performance.sharpeInterval.upper')})`;
  return [
    `${report.from} to ${report.to}, ${at('rows')} bars, after costs: total ${at('performance.totalReturn')}, a year ${or(p.annualReturn, 'performance.annualReturn')}, volatility ${at('performance.annualVolatility')}, Sharpe ${or(p.sharpe, 'performance.sharpe')}${range}, max drawdown ${at('performance.maxDrawdown')}.`,
    `Probability that the true Sharpe is above zero ${or(p.probabilisticSharpe, 'performance.probabilisticSharpe')}${p.deflatedSharpe === null ? ' (no number of trials was given, so nothing is deflated)' : `, after selection among the trials ${at('performance.deflatedSharpe')}`}.`,
    `Costs: trading ${at('costs.trading')}, borrow ${at('costs.borrow')}, financing ${at('costs.financing')}; turnover ${at('turnoverPerYear')} a year, mean gross exposure ${at('meanGrossExposure')}, ${at('fills')} fills.`,
    ...(report.status === 'ruined' ? ['The account was RUINED: equity fell to zero and trading stopped.'] : []),
  ];
}

/** Equity as a line chart. */
export function equityChart(report: z.output<typeof backtestShape>, title: string, synthetic: boolean) {
  return {
    kind: 'xy' as const,
    title,
    synthetic,
    x: { label: 'date', dates: report.equity.map((e) => e.date) },
    y: { label: 'equity', unit: 'money' as const },
    y2: { label: 'drawdown', unit: 'fraction' as const },
    series: [
      { name: 'equity after costs', values: report.equity.map((e) => e.equity) },
      {
        name: 'drawdown',
        values: report.equity.map((e) => e.drawdown),
        style: 'area' as const,
        tone: 'bad' as const,
        axis: 'right' as const,
      },
    ],
  };
}
