/** A backtest of fixed weights or of a signal expression over instruments. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import type { Decide } from '../kernels/backtest/backtest-types.ts';
import { buyAndHold } from '../kernels/backtest/decide.ts';
import { runBacktest } from '../kernels/backtest/run-backtest.ts';
import { backtestShape, equityChart, reportBacktest, summariseBacktest } from './backtest-report.ts';
import { costFields, evidenceFields, symbolField, windowFields } from './common-fields.ts';
import { marketOf } from './market-of.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from './price-columns.ts';
import { rebalanceRows } from './rebalance-rows.ts';
import { compileSignal, type SignalProgram } from './signal-expression.ts';

const input = z.strictObject({
  symbols: z.array(symbolField('Symbol')).max(100).default([]).describe('Instruments; not needed with weights'),
  weights: z
    .array(
      z.strictObject({
        symbol: symbolField('Instrument'),
        weight: units.fraction('of equity, negative is short').min(-10).max(10),
      }),
    )
    .max(100)
    .optional()
    .describe('Fixed weights; give these or a signal'),
  signal: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Expression over close, open, high, low, volume of each instrument, such as close > sma(close, 200); its value (capped to −1…1) is the position',
    ),
  rebalance: z
    .enum(['daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'never', 'on-change'])
    .optional()
    .describe('When the book is brought back to target; default monthly for weights, on-change for signals'),
  longOnly: z.boolean().default(false).describe('Negative signals become 0'),
  maxLeverage: units.ratio('cap on Σ|position| ÷ equity').positive().max(10).default(1),
  delayBars: units.count('bars from decision to fill').min(1).max(20).default(1),
  fillAt: z.enum(['next-close', 'next-open']).default('next-close').describe('Price of the fill'),
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
  delays: z
    .array(z.object({ bars: units.count('from decision to fill'), sharpe: units.ratio('annualised').nullable() }))
    .describe('The same rule filled later; 0 is the same bar, which nobody can trade'),
  capacity: units
    .money('capital at which the median trade would be 1% of the instrument’s median daily value; null without volume')
    .nullable(),
  audit: z.array(z.string()).describe('What may flatter this result'),
  lastTargets: z
    .array(z.object({ symbol: z.string().describe('Instrument'), weight: units.fraction('target after the last bar') }))
    .describe('Positions that the rule wants now'),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;

export const backtestStrategy = defineTool({
  name: 'backtest_strategy',
  title: 'Backtest weights or a signal',
  family: 'backtest',
  version: 1,
  description:
    'Simulates fixed weights with a rebalancing rule, or a signal written as an expression over prices (close > sma(close, 200), sign(roc(close, 126)), zscore(close, 60) < -2), filled one bar later with costs, borrow, capital and leverage accounted, against buy-and-hold, with intervals, PSR, deflated Sharpe, Sharpe by delay, capacity and an audit of what may flatter it. Use it to test a trading rule or an allocation. Use backtest_pair for spreads, backtest_momentum for standard momentum, backtest_hmm for regimes, audit_backtest for someone else’s claimed numbers.',
  input,
  output,
  load(given, ports) {
    const symbols = given.weights === undefined ? given.symbols : given.weights.map((w) => w.symbol);
    if (symbols.length === 0) {
      throw invalidInput({
        what: 'The strategy',
        needed: 'weights, or symbols with a signal',
        got: 'neither',
        hint: 'Give weights [{symbol, weight}], or symbols and signal.',
      });
    }
    return loadPriceColumns({ ...given, symbols, rows: 'union', minimum: 30 }, ports);
  },
  run,
  summarise: (out, cite) => [
    `${out.symbols.slice(0, 6).join(', ')}${out.symbols.length > 6 ? ' …' : ''}${out.synthetic ? ' (synthetic)' : ''}: ${out.rule}`,
    ...summariseBacktest(out.backtest, cite, 'backtest'),
    `Buy and hold: Sharpe ${out.buyAndHold.performance.sharpe === null ? 'not defined' : cite('buyAndHold.performance.sharpe')}, total ${cite('buyAndHold.performance.totalReturn')}, max drawdown ${cite('buyAndHold.performance.maxDrawdown')}.`,
    `Sharpe by delay: ${out.delays.map((d, i) => `${d.bars} bars ${d.sharpe === null ? 'not defined' : cite(`delays[${i}].sharpe`)}`).join(', ')}.`,
    ...out.audit.slice(0, 3),
  ],
  chart: (out) => equityChart(out.backtest, 'Strategy', out.synthetic),
  examples: [
    {
      ask: 'Backtest holding the S&P 500 only above its 200-day average',
      input: { symbols: ['SPX'], signal: 'close > sma(close, 200)' },
      fixture: 'bundled',
      expect: { values: { 'backtest.status': 'complete', synthetic: false } },
    },
    {
      ask: '60/40 in the demo market, rebalanced monthly',
      input: {
        weights: [
          { symbol: 'DEMO:MKT', weight: 0.6 },
          { symbol: 'DEMO:GOV10', weight: 0.4 },
        ],
      },
      fixture: 'bundled',
      expect: { values: { synthetic: true } },
    },
    {
      ask: 'Buy when tomorrow is higher',
      input: { symbols: ['SPX'], signal: 'lag(close, -1) > close' },
      fixture: 'bundled',
      expect: { error: 'INVALID_EXPRESSION' },
    },
  ],
  assumptions: [
    'A decision uses bars up to its own and fills `delayBars` later at the close (or open); no order is filled twice or by a price that is missing.',
    'Units are held between rebalances. Prices are adjusted closes, so dividends are reinvested without cost.',
  ],
  references: [
    'López de Prado (2018), Advances in Financial Machine Learning, ch. 11–14',
    'Politis & Romano (1994), JASA 89:1303; Bailey & López de Prado (2014), J. Portf. Manag. 40:94',
  ],
  cost: 'seconds',
});

interface Plan {
  readonly decide: () => Decide;
  readonly words: string;
  readonly warmUp: number;
  readonly last: Float64Array;
}

async function run(given: Input, data: PriceColumns, context: RunContext): Promise<Output> {
  const plan = given.weights === undefined ? await signalPlan(given, data) : weightPlan(given, data);
  const market = marketOf(data, given.fillAt);
  const settings = {
    capital: given.capital,
    periodsPerYear: data.periodsPerYear,
    costs: { commissionRate: given.costBps / 1e4, borrowRate: given.borrowRate, cashRate: given.cashRate },
    maxGross: given.maxLeverage,
  };
  const report = {
    dates: rowDates(data.times),
    periodsPerYear: data.periodsPerYear,
    riskFreeRate: given.riskFreeRate,
    trials: given.trials,
    confidence: given.confidence,
    rng: context.rng,
    from: Math.min(plan.warmUp, data.times.length - 3),
  };
  const at = (delay: number) => runBacktest(market, { ...settings, delay }, plan.decide());
  const result = at(given.delayBars);
  const backtest = reportBacktest(result, report);
  const cols = data.symbols.length;
  const held = buyAndHold(new Float64Array(cols).fill(1 / cols));
  const hold: Decide = (view, target) => (view.row < report.from - 1 ? 'hold' : held(view, target));
  const sharpeAt = (delay: number) => reportBacktest(at(delay), report).performance.sharpe ?? null;
  const delays = [...new Set([0, 1, 2, given.delayBars])]
    .sort((a, b) => a - b)
    .map((bars) => ({ bars, sharpe: sharpeAt(bars) }));
  return {
    symbols: [...data.symbols],
    synthetic: data.synthetic,
    rule: plan.words,
    backtest,
    buyAndHold: reportBacktest(runBacktest(market, settings, hold), report),
    delays,
    capacity: capacityOf(result.fills, data, given.capital),
    audit: auditNotes(given, data, delays, backtest),
    lastTargets: data.symbols.map((symbol, j) => ({ symbol, weight: plan.last[j] as number })),
  };
}

function weightPlan(given: Input, data: PriceColumns): Plan {
  const wanted = new Map((given.weights ?? []).map((w) => [w.symbol, w.weight]));
  const weights = Float64Array.from(data.symbols, (symbol, j) => wanted.get(symbol) ?? given.weights?.[j]?.weight ?? 0);
  const every = given.rebalance === 'on-change' || given.rebalance === undefined ? 'monthly' : given.rebalance;
  const rows = rebalanceRows(data.times, every);
  const decide = (): Decide => {
    let started = false;
    return ({ row }, target) => {
      if (started && !rows.has(row)) return 'hold';
      started = true;
      target.set(weights);
      return 'weights';
    };
  };
  return {
    decide,
    warmUp: 1,
    last: weights,
    words: `fixed weights ${data.symbols
      .map((s, j) => `${s} ${weights[j]}`)
      .slice(0, 8)
      .join(', ')}, rebalanced ${every}.`,
  };
}

async function signalPlan(given: Input, data: PriceColumns): Promise<Plan> {
  if (given.signal === undefined) {
    throw invalidInput({
      what: 'The strategy',
      needed: 'weights or a signal',
      got: 'symbols alone',
      hint: 'Add a signal such as close > sma(close, 200), or give weights.',
    });
  }
  const program = await compileSignal(given.signal);
  const targets = data.symbols.map((_, j) => targetPath(program, data, j, given.longOnly));
  const every = given.rebalance ?? 'on-change';
  const rows = every === 'on-change' ? null : rebalanceRows(data.times, every);
  const first = data.times.findIndex((_, t) => targets.some((path) => !Number.isNaN(path[t])));
  if (first < 0) {
    throw invalidInput({
      what: 'The signal',
      needed: 'defined on at least one bar',
      got: 'undefined on every bar',
      hint: 'Shorten its windows or lengthen the data.',
    });
  }
  const decide = (): Decide => {
    const held = new Float64Array(targets.length).fill(Number.NaN);
    return ({ row }, target) => {
      let changed = rows?.has(row) ?? false;
      for (const [j, path] of targets.entries()) {
        const wanted = path[row] as number;
        target[j] = Number.isNaN(wanted) ? 0 : wanted / targets.length;
        if (rows === null && target[j] !== held[j] && !(Number.isNaN(held[j]) && target[j] === 0)) changed = true;
      }
      if (!changed) return 'hold';
      held.set(target);
      return 'weights';
    };
  };
  const last = Float64Array.from(targets, (path) => {
    const value = path[path.length - 1] as number;
    return Number.isNaN(value) ? 0 : value / targets.length;
  });
  return {
    decide,
    warmUp: first + 1,
    last,
    words: `position of each instrument = ${given.signal}${given.longOnly ? ', long only' : ''}, capped to 1, divided by ${targets.length}; rebalanced ${every === 'on-change' ? 'when a signal changes' : every}.`,
  };
}

/** The signal on the instrument's own bars, put on the rows of the market; gaps keep the last value. */
function targetPath(program: SignalProgram, data: PriceColumns, j: number, longOnly: boolean): Float64Array {
  const close = data.columns[j] as Float64Array;
  const keep = Array.from(close.keys()).filter((t) => (close[t] as number) > 0);
  const pick = (v: Float64Array | null | undefined) =>
    v == null ? null : Float64Array.from(keep, (t) => v[t] as number);
  const signal = program({
    close: pick(close) as Float64Array,
    open: pick(data.opens?.[j]),
    high: pick(data.highs?.[j]),
    low: pick(data.lows?.[j]),
    volume: pick(data.volumes[j]),
  });
  const out = new Float64Array(close.length).fill(Number.NaN);
  let next = 0;
  for (let t = 0; t < out.length; t++) {
    if (t === keep[next]) {
      const value = Math.max(longOnly ? 0 : -1, Math.min(1, signal[next++] as number));
      out[t] = Number.isFinite(value) ? value : Number.NaN;
    } else if (t > 0) out[t] = out[t - 1] as number;
  }
  return out;
}

function capacityOf(
  fills: readonly { readonly asset: number; readonly units: number; readonly price: number }[],
  data: PriceColumns,
  capital: number,
): number | null {
  if (fills.length === 0) return null;
  const shares = fills.flatMap((fill) => {
    const volume = data.dollarVolumes[fill.asset];
    return volume == null || volume <= 0 ? [] : [(Math.abs(fill.units) * fill.price) / volume];
  });
  if (shares.length < fills.length) return null;
  shares.sort((a, b) => a - b);
  const typical = shares[shares.length >> 1] as number;
  return typical > 0 ? (0.01 / typical) * capital : null;
}

function auditNotes(
  given: Input,
  data: PriceColumns,
  delays: Output['delays'],
  backtest: Output['backtest'],
): string[] {
  const notes: string[] = [];
  const zero = delays.find((d) => d.bars === 0)?.sharpe ?? null;
  const one = delays.find((d) => d.bars === 1)?.sharpe ?? null;
  if (zero !== null && one !== null && zero > 0.5 && one < zero / 2) {
    notes.push(
      'More than half of the Sharpe ratio disappears with one bar of delay: the edge is in the bar of the signal, which cannot be traded.',
    );
  }
  if (data.symbols.length > 1 || given.signal !== undefined) {
    notes.push(
      'The instruments were chosen today; names that failed since are missing (survivorship), which flatters long positions.',
    );
  }
  if (given.trials === undefined && given.signal !== undefined) {
    notes.push(
      'No number of trials was given: if this rule is the best of several, say how many to deflate its Sharpe ratio.',
    );
  }
  const ci = backtest.performance.sharpeInterval;
  if (ci.lower !== null && ci.upper !== null && ci.lower < 0 && ci.upper > 0) {
    notes.push('The interval of the Sharpe ratio contains zero: the sample does not tell the rule from luck.');
  }
  if (given.costBps === 0) notes.push('No trading costs were charged.');
  return notes;
}
