/** What following momentum would have earned, with the shared backtester. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { backtestShape, equityChart, reportBacktest, summariseBacktest } from '../backtest/backtest-report.ts';
import { costFields, evidenceFields, symbolField, windowFields } from '../backtest/common-fields.ts';
import { marketOf } from '../backtest/market-of.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import type { Decide } from '../kernels/backtest/backtest-types.ts';
import { buyAndHold } from '../kernels/backtest/decide.ts';
import { runBacktest } from '../kernels/backtest/run-backtest.ts';
import { decayedVolatility, longShortWeights } from '../kernels/momentum/momentum-signals.ts';
import { countWhipsaws, trendPositions } from '../kernels/momentum/trend-filter.ts';
import { monthEndRows } from './month-ends.ts';

const input = z.strictObject({
  symbols: z.array(symbolField('Symbol')).min(1).max(100).describe('Instruments'),
  strategy: z
    .enum(['time-series', 'cross-section', 'trend-filter', 'adaptive-trend'])
    .default('time-series')
    .describe(
      'time-series: signs over horizons, volatility-scaled; cross-section: 12-1 ranks; trend-filter: price against its average with a band; adaptive-trend: against Kaufman’s average',
    ),
  horizonsMonths: z
    .array(units.count('months').min(1).max(36))
    .min(1)
    .max(6)
    .default([12])
    .describe('Look-backs of time-series'),
  holdCount: units.count('instruments on each side of cross-section').min(1).max(50).default(3),
  longOnly: z.boolean().default(false).describe('Never short'),
  targetVolatility: units
    .annualVol('of each position before division by their number (time-series)')
    .positive()
    .max(2)
    .default(0.4),
  trendWindow: units.count('bars of the trend filter').min(10).max(500).default(200),
  band: units.fraction('half-width around the average').min(0).max(0.5).default(0.02),
  minEfficiency: units.ratio('efficiency ratio that a change of side needs').min(0).max(1).default(0.15),
  maxLeverage: units.ratio('cap on Σ|position| ÷ equity').positive().max(10).default(2),
  ...costFields,
  ...evidenceFields,
  ...windowFields,
});

const output = z.object({
  symbols: z.array(z.string()).describe('Instruments'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  rule: z.string().describe('What was traded, in words'),
  backtest: backtestShape,
  buyAndHold: backtestShape.describe('Equal weights bought at the same start'),
  whipsaw: z
    .object({
      changesPlain: units.count('changes of side without band and efficiency filter, all instruments'),
      changesFiltered: units.count('with them'),
      whipsawsPlain: units.count('undone within 20 bars, without'),
      whipsawsFiltered: units.count('undone within 20 bars, with'),
      sharpePlain: units.ratio('of the same strategy without the filters').nullable(),
    })
    .nullable()
    .describe('Only for the trend filters'),
  note: z.string().describe('Strategy against buy-and-hold'),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;

export const backtestMomentum = defineTool({
  name: 'backtest_momentum',
  title: 'Backtest a momentum strategy',
  family: 'momentum',
  version: 1,
  description:
    'Simulates following momentum: time-series momentum with volatility scaling, 12-1 cross-section, or a trend filter with band and efficiency ratio (fixed or adaptive average), decided at one bar and filled at the next, with costs, borrow and a leverage cap, against buying and holding the same names, with whipsaws counted before and after the filter. Use it to learn what a momentum rule would have earned. Use compute_momentum for the signal today, backtest_strategy for other rules, audit_backtest for someone else’s numbers.',
  input,
  output,
  load: (given, ports) => loadPriceColumns({ ...given, rows: 'union', minimum: 300 }, ports),
  run,
  summarise: (out, cite) => [
    `${out.symbols.slice(0, 6).join(', ')}${out.symbols.length > 6 ? ' …' : ''}${out.synthetic ? ' (synthetic)' : ''}: ${out.rule}`,
    ...summariseBacktest(out.backtest, cite, 'backtest'),
    `Buy and hold: a year ${out.buyAndHold.performance.annualReturn === null ? 'not defined' : cite('buyAndHold.performance.annualReturn')}, Sharpe ${out.buyAndHold.performance.sharpe === null ? 'not defined' : cite('buyAndHold.performance.sharpe')}, max drawdown ${cite('buyAndHold.performance.maxDrawdown')}. ${out.note}`,
    ...(out.whipsaw === null
      ? []
      : [
          `Whipsaws: ${cite('whipsaw.whipsawsPlain')} without the filter, ${cite('whipsaw.whipsawsFiltered')} with it (changes ${cite('whipsaw.changesPlain')} to ${cite('whipsaw.changesFiltered')}); Sharpe without the filter ${out.whipsaw.sharpePlain === null ? 'not defined' : cite('whipsaw.sharpePlain')}.`,
        ]),
  ],
  chart: (out) => equityChart(out.backtest, 'Momentum strategy', out.synthetic),
  examples: [
    {
      ask: 'Would a 200-day trend filter on the S&P 500 have helped?',
      input: { symbols: ['SPX'], strategy: 'trend-filter', longOnly: true },
      fixture: 'bundled',
      expect: { values: { 'backtest.status': 'complete' } },
    },
    {
      ask: 'Time-series momentum over demo commodities',
      input: {
        symbols: ['DEMO:OIL', 'DEMO:GAS', 'DEMO:GOLD', 'DEMO:COPPER', 'DEMO:WHEAT'],
        horizonsMonths: [1, 3, 12],
        trials: 10,
      },
      fixture: 'bundled',
      expect: { values: { synthetic: true } },
    },
    {
      ask: 'Cross-section of three names, five a side',
      input: { symbols: ['DEMO:OIL', 'DEMO:GAS', 'DEMO:GOLD'], strategy: 'cross-section', holdCount: 5 },
      fixture: 'bundled',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Decisions use prices up to their bar and fill at the next close; monthly strategies decide on the last bar of each month.',
    'The list of instruments was chosen today: names that failed are missing, which flatters long positions (survivorship).',
  ],
  references: [
    'Moskowitz, Ooi & Pedersen (2012), J. Financ. Econ. 104:228; Jegadeesh & Titman (1993), J. Finance 48:65',
    'Kaufman (2013), Trading Systems and Methods; Faber (2007)',
  ],
  cost: 'seconds',
});

function run(given: Input, data: PriceColumns, context: RunContext): Output {
  const cols = data.symbols.length;
  if (given.strategy === 'cross-section' && 2 * given.holdCount > cols) {
    throw invalidInput({
      what: 'holdCount',
      needed: `at most half of the ${cols} instruments`,
      got: given.holdCount,
      hint: 'Lower holdCount or add instruments.',
    });
  }
  const market = marketOf(data);
  const settings = {
    capital: given.capital,
    periodsPerYear: data.periodsPerYear,
    costs: { commissionRate: given.costBps / 1e4, borrowRate: given.borrowRate, cashRate: given.cashRate },
    maxGross: given.maxLeverage,
  };
  const rule = strategyOf(given, data);
  const report = {
    dates: rowDates(data.times),
    periodsPerYear: data.periodsPerYear,
    riskFreeRate: given.riskFreeRate,
    trials: given.trials,
    confidence: given.confidence,
    rng: context.rng,
    from: rule.warmUp,
  };
  const backtest = reportBacktest(runBacktest(market, settings, rule.decide), report);
  const held = reportBacktest(runBacktest(market, settings, afterWarmUp(rule.warmUp, cols)), report);
  return {
    symbols: [...data.symbols],
    synthetic: data.synthetic,
    rule: rule.words,
    backtest,
    buyAndHold: held,
    whipsaw:
      rule.whipsaw === null
        ? null
        : { ...rule.whipsaw, sharpePlain: plainSharpe(given, data, market, settings, report) },
    note: compare(backtest, held),
  };
}

function afterWarmUp(warmUp: number, cols: number): Decide {
  const inner = buyAndHold(new Float64Array(cols).fill(1 / cols));
  return (view, target) => (view.row < warmUp - 1 ? 'hold' : inner(view, target));
}

interface Rule {
  readonly decide: Decide;
  readonly warmUp: number;
  readonly words: string;
  readonly whipsaw: Omit<NonNullable<Output['whipsaw']>, 'sharpePlain'> | null;
}

function strategyOf(given: Input, data: PriceColumns): Rule {
  if (given.strategy === 'time-series') return timeSeries(given, data);
  if (given.strategy === 'cross-section') return crossSection(given, data);
  return trendFollowing(given, data);
}

/** Price `months` month ends before row t (t itself a month end), or NaN. */
function monthLook(column: Float64Array, ends: Int32Array, k: number, months: number): number {
  const row = ends[k - months];
  return row === undefined ? Number.NaN : (column[row] as number);
}

function timeSeries(given: Input, data: PriceColumns): Rule {
  const ends = monthEndRows(data.times);
  const index = new Map(Array.from(ends, (row, k) => [row, k]));
  const longest = Math.max(...given.horizonsMonths);
  const volatility = data.columns.map((p) => {
    const returns = p.map((v, t) => (t === 0 ? Number.NaN : v / (p[t - 1] as number) - 1));
    return decayedVolatility(returns, { periodsPerYear: data.periodsPerYear });
  });
  const floor = given.longOnly ? 0 : -1;
  const decide: Decide = ({ row }, target) => {
    const k = index.get(row);
    if (k === undefined || k < longest) return 'hold';
    for (const [j, column] of data.columns.entries()) {
      const now = column[row] as number;
      let score = 0;
      for (const months of given.horizonsMonths) score += Math.sign(now / monthLook(column, ends, k, months) - 1);
      const vol = volatility[j]?.[row] as number;
      const side = Math.max(floor, score / given.horizonsMonths.length);
      const weight = (side * given.targetVolatility) / vol / data.columns.length;
      target[j] = Number.isFinite(weight) ? weight : 0;
    }
    return 'weights';
  };
  const words = `monthly sign of the return over ${given.horizonsMonths.join(', ')} months, each position at ${given.targetVolatility} volatility divided by the number of instruments${given.longOnly ? ', long only' : ''}.`;
  return { decide, warmUp: (ends[longest] ?? 0) + 1, words, whipsaw: null };
}

function crossSection(given: Input, data: PriceColumns): Rule {
  const ends = monthEndRows(data.times);
  const index = new Map(Array.from(ends, (row, k) => [row, k]));
  const decide: Decide = ({ row }, target) => {
    const k = index.get(row);
    if (k === undefined || k < 12) return 'hold';
    const scores = data.columns.map((c) => monthLook(c, ends, k, 1) / monthLook(c, ends, k, 12) - 1);
    const weights = longShortWeights(scores, given.holdCount);
    target.set(given.longOnly ? weights.map((w) => Math.max(0, w)) : weights);
    return 'weights';
  };
  const words = `monthly 12-1 ranking, ${given.holdCount} best ${given.longOnly ? 'held' : `long and ${given.holdCount} worst short`}, equal weights.`;
  return { decide, warmUp: (ends[12] ?? 0) + 1, words, whipsaw: null };
}

function trendFollowing(given: Input, data: PriceColumns): Rule {
  const shared = { window: given.trendWindow, below: given.longOnly ? (0 as const) : (-1 as const) };
  const average = given.strategy === 'adaptive-trend' ? ('kama' as const) : ('sma' as const);
  const filters = { band: given.band, minEfficiency: given.minEfficiency };
  const filtered = data.columns.map((p) => sides(p, { ...shared, ...filters, average }));
  const plain = data.columns.map((p) => sides(p, { ...shared, average }));
  const total = (all: readonly Int8Array[]) =>
    all
      .map((p) => countWhipsaws(p))
      .reduce((a, b) => ({ changes: a.changes + b.changes, whipsaws: a.whipsaws + b.whipsaws }));
  const [before, after] = [total(plain), total(filtered)];
  return {
    decide: followSides(filtered),
    warmUp: given.trendWindow + 1,
    words: `${given.longOnly ? 'long above, flat below' : 'long above, short below'} the ${given.trendWindow}-bar ${average === 'kama' ? 'adaptive' : 'simple'} average with a band of ${given.band} and efficiency of at least ${given.minEfficiency}; equal weights.`,
    whipsaw: {
      changesPlain: before.changes,
      changesFiltered: after.changes,
      whipsawsPlain: before.whipsaws,
      whipsawsFiltered: after.whipsaws,
    },
  };
}

/** Positions on the rows of the market; gaps keep the side. */
function sides(column: Float64Array, filter: Parameters<typeof trendPositions>[1]): Int8Array {
  const keep = Array.from(column.keys()).filter((t) => (column[t] as number) > 0);
  const positions = trendPositions(
    Float64Array.from(keep, (t) => column[t] as number),
    filter,
  );
  const out = new Int8Array(column.length);
  let next = 0;
  for (let t = 0; t < column.length; t++) {
    out[t] = t === keep[next] ? (positions[next++] as number) : t === 0 ? 0 : (out[t - 1] as number);
  }
  return out;
}

/** Trades only on bars on which some side changes. */
function followSides(all: readonly Int8Array[]): Decide {
  return ({ row }, target) => {
    let changed = false;
    for (const [j, side] of all.entries()) {
      target[j] = (side[row] as number) / all.length;
      if ((side[row] as number) !== (row === 0 ? 0 : (side[row - 1] as number))) changed = true;
    }
    return changed ? 'weights' : 'hold';
  };
}

function plainSharpe(
  given: Input,
  data: PriceColumns,
  market: ReturnType<typeof marketOf>,
  settings: Parameters<typeof runBacktest>[1],
  report: Parameters<typeof reportBacktest>[1],
): number | null {
  const plain = trendFollowing({ ...given, band: 0, minEfficiency: 0 }, data);
  return reportBacktest(runBacktest(market, settings, plain.decide), report).performance.sharpe ?? null;
}

function compare(strategy: Output['backtest'], held: Output['buyAndHold']): string {
  const [a, b] = [strategy.performance.sharpe, held.performance.sharpe];
  if (a == null || b == null) return 'The two cannot be compared: one of them does not vary.';
  const drawdown =
    strategy.performance.maxDrawdown > held.performance.maxDrawdown
      ? 'with a smaller drawdown'
      : 'with a larger drawdown';
  return `After costs it did ${a > b ? 'better' : 'worse'} than holding by Sharpe, ${drawdown}.`;
}
