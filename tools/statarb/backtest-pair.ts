/** What trading one pair by z-score would have earned, honestly. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { backtestShape, equityChart, reportBacktest, summariseBacktest } from '../backtest/backtest-report.ts';
import { costFields, evidenceFields, symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { describeDegeneratePair } from '../kernels/statarb/degenerate-pair.ts';
import { type PairBacktest, backtestPair as simulate } from '../kernels/statarb/pair-backtest.ts';

const input = z.strictObject({
  y: symbolField('Left leg'),
  x: symbolField('Right leg'),
  estimation: z
    .enum(['rolling', 'expanding', 'kalman', 'full-sample'])
    .default('rolling')
    .describe('rolling, expanding and kalman use only the past; full-sample looks ahead and is labelled so'),
  window: units.count('bars of the rolling window, and of the warm-up of the others').min(20).max(2000).default(120),
  hedge: z.enum(['ols', 'tls']).default('ols').describe('Hedge ratio of each window'),
  scale: z.enum(['log', 'price']).default('log').describe('Levels of the regression'),
  entry: units.ratio('|z| that opens; the seed machine uses 1').positive().max(20).default(2),
  exit: units.ratio('z at which it closes; the seed machine uses 0').min(-5).max(10).default(0),
  stop: units.ratio('|z| that stops a loss; leave out for none').positive().max(50).optional(),
  timeStopBars: units.count('bars after which a position is closed; leave out for none').min(1).max(5000).optional(),
  grossAtEntry: units.ratio('value of both legs ÷ equity at entry').positive().max(10).default(1),
  fillAt: z.enum(['next-close', 'next-open']).default('next-close').describe('Price of the bar after the decision'),
  ...costFields,
  ...evidenceFields,
  ...windowFields,
});

const output = z.object({
  y: z.string().describe('Left leg'),
  x: z.string().describe('Right leg'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  lookAhead: z.boolean().describe('True for full-sample estimation: the result could not have been had'),
  rule: z.string().describe('What was traded, in words'),
  backtest: backtestShape,
  trades: z.object({
    count: units.count('round trips'),
    open: units.count('still open at the end'),
    winners: units.fraction('share of closed trades with a gain').nullable(),
    meanBars: units.ratio('bars held, mean').nullable(),
    stopped: units.count('closed by the stop'),
    timedOut: units.count('closed by the time stop'),
  }),
  lastTrades: z
    .array(
      z.object({
        side: z.enum(['long-spread', 'short-spread']).describe('long: bought y, sold x'),
        decided: z.string().describe('Bar of the decision to enter'),
        left: z.string().nullable().describe('Bar of the decision to leave; null while open'),
        reason: z.string().describe('Why it was left'),
        profit: units.money('after trading costs'),
      }),
    )
    .describe('The last ten'),
  sameBarSharpe: units
    .ratio('Sharpe if orders had filled on the bar of the signal: the share that is not tradable')
    .nullable(),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;

export const backtestPair = defineTool({
  name: 'backtest_pair',
  title: 'Backtest a pair trade',
  family: 'statarb',
  version: 1,
  description:
    'Simulates trading one pair by the z-score of its spread: rolling estimation by default, decisions at one bar and fills at the next, units held, commissions, spread, borrow and capital accounted, stop and time stop; with bootstrap intervals, PSR and, given the number of trials, deflated Sharpe. Use it to learn what a pair would have earned after costs. Use analyze_pair for the state of the pair today, calibrate_entry_exit to choose thresholds out of sample, backtest_strategy for other rules.',
  input,
  output,
  load: (given, ports) =>
    loadPriceColumns({ ...given, symbols: [given.y, given.x], rows: 'complete', minimum: given.window + 30 }, ports),
  run,
  summarise: (out, cite) => [
    `${out.y}/${out.x}${out.synthetic ? ' (synthetic)' : ''}: ${out.rule}${out.lookAhead ? ' LOOKS AHEAD: hedge ratio and mean use the future; not attainable.' : ''}`,
    ...summariseBacktest(out.backtest, cite, 'backtest'),
    `${cite('trades.count')} round trips, winners ${out.trades.winners === null ? 'none closed' : cite('trades.winners')}, held ${out.trades.meanBars === null ? 'none' : cite('trades.meanBars')} bars, ${cite('trades.stopped')} stopped, ${cite('trades.timedOut')} timed out.`,
    ...(out.sameBarSharpe === null
      ? []
      : [
          `Filling on the signal's own bar would have shown a Sharpe of ${cite('sameBarSharpe')}; that is not tradable.`,
        ]),
  ],
  chart: (out) => equityChart(out.backtest, `Pair ${out.y}/${out.x}`, out.synthetic),
  examples: [
    {
      ask: 'Backtest DEMO:VOLTA against DEMO:HYDRO',
      input: { y: 'DEMO:VOLTA', x: 'DEMO:HYDRO', start: '2014-01-01' },
      fixture: 'bundled',
      expect: { values: { lookAhead: false, synthetic: true } },
    },
    {
      ask: 'The seed machine (entry 1, exit 0) with a stop at 3',
      input: { y: 'DEMO:FENNB', x: 'DEMO:OSTRM', start: '2015-01-01', entry: 1, exit: 0, stop: 3, trials: 20 },
      fixture: 'bundled',
      expect: { values: { 'backtest.status': 'complete' } },
    },
    {
      ask: 'Backtest SPX against itself',
      input: { y: 'SPX', x: 'SPX' },
      fixture: 'bundled',
      expect: { error: 'SAME_INSTRUMENT' },
    },
  ],
  assumptions: [
    'Orders fill completely at the next bar’s price and pay the stated costs; shorts can be borrowed at the stated rate; no taxes, no margin calls short of ruin.',
    'Hedge ratio and units are fixed at entry and kept until exit. Rows that lack either price are left out.',
  ],
  references: [
    'Gatev, Goetzmann & Rouwenhorst (2006), Rev. Financ. Stud. 19:797',
    'Politis & Romano (1994), JASA 89:1303; Bailey & López de Prado (2012), J. Risk 15:3; (2014), J. Portf. Manag. 40:94',
  ],
  cost: 'seconds',
});

function run(given: Input, data: PriceColumns, context: RunContext): Output {
  checkPair(given, data);
  const [y, x] = data.columns as readonly [Float64Array, Float64Array];
  const opens = given.fillAt === 'next-open' ? interleavedOpens(data) : undefined;
  const options = {
    estimation: given.estimation,
    window: given.window,
    hedge: given.hedge,
    scale: given.scale,
    machine: { entry: given.entry, exit: given.exit, stop: given.stop ?? null, timeStop: given.timeStopBars ?? null },
    costs: { commissionRate: given.costBps / 1e4, borrowRate: given.borrowRate, cashRate: given.cashRate },
    capital: given.capital,
    periodsPerYear: data.periodsPerYear,
    grossAtEntry: given.grossAtEntry,
    ...(opens === undefined ? {} : { fill: opens }),
  };
  const backtest = simulate(y, x, options);
  const dates = rowDates(data.times);
  const report = {
    dates,
    periodsPerYear: data.periodsPerYear,
    riskFreeRate: given.riskFreeRate,
    trials: given.trials,
    confidence: given.confidence,
    rng: context.rng,
    from: given.window,
  };
  if (given.estimation === 'full-sample') {
    context.warn('LOOK_AHEAD', 'Full-sample estimation uses the future: the result could not have been had.');
  }
  const sameBar = reportBacktest(simulate(y, x, { ...options, delay: 0 }).result, report);
  return {
    y: data.symbols[0] as string,
    x: data.symbols[1] as string,
    synthetic: data.synthetic,
    lookAhead: given.estimation === 'full-sample',
    rule: describeRule(given),
    backtest: reportBacktest(backtest.result, report),
    ...describeTrades(backtest, dates),
    sameBarSharpe: sameBar.performance.sharpe ?? null,
  };
}

function checkPair(given: Input, data: PriceColumns): void {
  if (data.columns.length < 2) {
    throw invalidInput({
      code: 'SAME_INSTRUMENT',
      what: 'The two legs',
      needed: 'different instruments',
      got: `${data.symbols[0]} twice`,
      hint: 'Name another leg.',
    });
  }
  const degenerate = describeDegeneratePair(data.columns[0] as Float64Array, data.columns[1] as Float64Array);
  if (degenerate !== null) {
    throw invalidInput({
      code: 'DEGENERATE_PAIR',
      what: 'The pair',
      needed: 'two series with a spread of their own',
      got: degenerate.kind,
      hint: 'Run analyze_pair to see why, and choose another pair.',
    });
  }
  if (given.fillAt === 'next-open' && data.opens === null) {
    throw invalidInput({
      what: 'Fills at the open',
      needed: 'open prices of both legs',
      got: 'closes only',
      hint: 'Use fillAt next-close.',
    });
  }
}

function interleavedOpens(data: PriceColumns): Float64Array {
  const [y, x] = data.opens as readonly [Float64Array, Float64Array];
  const out = new Float64Array(2 * y.length);
  for (let t = 0; t < y.length; t++) {
    out[2 * t] = y[t] as number;
    out[2 * t + 1] = x[t] as number;
  }
  return out;
}

function describeRule(given: Input): string {
  const stop = given.stop === undefined ? 'no stop' : `stop at |z| ${given.stop}`;
  const time = given.timeStopBars === undefined ? '' : `, time stop ${given.timeStopBars} bars`;
  return `enter at |z| > ${given.entry}, leave at ${given.exit}, ${stop}${time}; ${given.estimation} ${given.hedge} estimation over ${given.window} bars; fills at the ${given.fillAt === 'next-open' ? 'next open' : 'next close'}.`;
}

function describeTrades({ result, trades }: PairBacktest, dates: readonly string[]) {
  const profits = trades.map((trade) => tradeProfit(result.equity, trade.entry, trade.exit));
  const closed = trades.filter((t) => t.exit !== null);
  const wins = trades.filter((t, i) => t.exit !== null && (profits[i] as number) > 0).length;
  const bars = closed.reduce((sum, t) => sum + ((t.exit as number) - t.entry), 0);
  return {
    trades: {
      count: closed.length,
      open: trades.length - closed.length,
      winners: closed.length === 0 ? null : wins / closed.length,
      meanBars: closed.length === 0 ? null : bars / closed.length,
      stopped: trades.filter((t) => t.reason === 'stop').length,
      timedOut: trades.filter((t) => t.reason === 'time-stop').length,
    },
    lastTrades: trades.slice(-10).map((t, i) => ({
      side: t.side > 0 ? ('long-spread' as const) : ('short-spread' as const),
      decided: dates[t.entry] as string,
      left: t.exit === null ? null : (dates[t.exit] as string),
      reason: t.reason,
      profit: profits[Math.max(0, trades.length - 10) + i] as number,
    })),
  };
}

/** Change of equity from the decision to enter to the fill of the exit, one bar after its decision. */
function tradeProfit(equity: Float64Array, entry: number, exit: number | null): number {
  const last = equity.length - 1;
  return (equity[exit === null ? last : Math.min(last, exit + 1)] as number) - (equity[entry] as number);
}
