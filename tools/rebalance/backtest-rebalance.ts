/** Rebalancing rules over history, beside buy-and-hold and the aims they are held to. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded } from '../../data/types.ts';
import { parseIsoDate } from '../../lib/dates.ts';
import { invalidInput, notEnoughData } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { equityCurve } from '../kernels/performance/drawdown.ts';
import { performanceSummary } from '../kernels/performance/performance-summary.ts';
import { perPeriodRate } from '../kernels/performance/sharpe.ts';
import {
  backtestRebalancing,
  type RebalanceBacktest,
  type RebalanceRule,
} from '../kernels/rebalance/backtest-rebalance.ts';
import { REGIME_TARGETS, regimeFromVix } from '../kernels/rebalance/market-regime.ts';
import { type History, loadHistory } from '../risk/load-history.ts';
import { classifyHolding } from './holdings/classify-holding.ts';

const policyNames = ['buy-and-hold', 'monthly', 'quarterly', 'band', 'regime'] as const;

const input = z.strictObject({
  assets: z
    .array(
      z.strictObject({
        symbol: z.string().min(1).max(40).describe('Instrument with a price history'),
        weight: units.fraction('target weight; what the weights leave is cash').min(0).max(1),
        assetClass: z.enum(['stocks', 'bonds', 'cash', 'other']).optional().describe('Leave out to look it up'),
      }),
    )
    .min(1)
    .max(40)
    .describe('Target portfolio'),
  policies: z
    .array(z.enum(policyNames))
    .min(1)
    .max(5)
    .default(['buy-and-hold', 'monthly', 'quarterly', 'band'])
    .describe('Rules to compare; regime moves the class targets with the VIX'),
  band: units.fraction('a class further than this from its target triggers').positive().max(0.5).default(0.05),
  costBps: units.bps('cost per unit of value traded').min(0).max(500).default(5),
  riskFreeRate: units.rate('return of cash').min(-0.5).max(1).default(0.03),
  vixSymbol: z
    .string()
    .max(40)
    .optional()
    .describe('Volatility index of the regime rule; VIX or its demo twin by default'),
  start: isoDate('first day').optional(),
  end: isoDate('last day').optional(),
  asOf: isoDate('nothing after this day is used').optional(),
});

const output = z.object({
  policies: z.array(
    z.object({
      policy: z.enum(policyNames),
      annualReturn: units.annualReturn('compound, after costs').nullable(),
      volatility: units.annualVol('annualised'),
      sharpe: units.ratio('over cash').nullable(),
      maxDrawdown: units.fraction('deepest fall, negative'),
      rebalancings: units.count('how many'),
      perMonth: units.ratio('rebalancings a month'),
      totalCost: units.fraction('sum of costs'),
      costPerYear: units.fraction('cost a year, of value'),
      largestCost: units.fraction('of one rebalancing, of value'),
      turnoverPerYear: units.fraction('traded a year, of value'),
      sharpeChange: units.fraction('relative to buy-and-hold').nullable(),
      drawdownChange: units.fraction('relative to buy-and-hold, negative is shallower').nullable(),
      meetsSharpeAim: z.boolean().nullable(),
      meetsDrawdownAim: z.boolean().nullable(),
      meetsCostAim: z.boolean(),
      meetsFrequencyAim: z.boolean(),
    }),
  ),
  aims: z.object({
    sharpeChange: units.fraction('at least this above buy-and-hold'),
    drawdownChange: units.fraction('at least this much shallower (negative)'),
    costPerRebalancing: units.fraction('less than this of value'),
    perMonthLow: units.ratio('rebalancings a month, least'),
    perMonthHigh: units.ratio('most'),
  }),
  observations: units.count('daily returns'),
  from: z.string(),
  to: z.string(),
  years: units.years('length of the test'),
  equity: z.object({
    dates: z.array(z.string()),
    paths: z.array(z.object({ policy: z.string(), values: z.array(units.ratio('value of 1')) })),
  }),
});

type Input = z.output<typeof input>;
interface Data {
  readonly history: History;
  readonly classes: readonly string[];
  /** VIX on the day of each return, last known. */
  readonly vix: Float64Array | null;
}

const AIMS = {
  sharpeChange: 0.1,
  drawdownChange: -0.2,
  costPerRebalancing: 0.005,
  perMonthLow: 1,
  perMonthHigh: 2,
} as const;

export const backtestRebalance = defineTool({
  name: 'backtest_rebalance',
  title: 'Backtest rebalancing rules',
  family: 'rebalance',
  version: 1,
  description:
    'Compares rebalancing rules (monthly, quarterly, tolerance band, regime targets by the VIX) with buy-and-hold over history after costs: Sharpe, drawdown, cost and frequency beside the aims (+10% Sharpe, −20% drawdown, under 0.5% cost, one to two a month). Use it to choose how often to rebalance. Use check_rebalance for what to do now, backtest_strategy for trading signals.',
  input,
  output,
  load,
  run: (value, data: Data) => compare(value, data),
  summarise: (result, cite) => [
    `${result.from} to ${result.to}, ${cite('observations')} days`,
    ...result.policies.map(
      (p, i) =>
        `${p.policy}: ${p.sharpe === null ? '' : `Sharpe ${cite(`policies[${i}].sharpe`)}, `}drawdown ${cite(`policies[${i}].maxDrawdown`)}, ${cite(`policies[${i}].perMonth`)} a month, cost ${cite(`policies[${i}].costPerYear`)} a year`,
    ),
  ],
  chart: (result) => ({
    kind: 'xy',
    title: 'Growth of 1 by rebalancing rule',
    x: { label: 'date', dates: result.equity.dates },
    y: { label: 'value', unit: 'ratio' },
    series: result.equity.paths.map((path) => ({ name: path.policy, values: path.values })),
  }),
  examples: [
    {
      ask: 'Does monthly rebalancing help a 60/40 of the demo market?',
      input: {
        assets: [
          { symbol: 'DEMO:MKT', weight: 0.6 },
          { symbol: 'DEMO:GOV10', weight: 0.4 },
        ],
      },
      fixture: 'bundled',
      expect: { values: { 'policies[0].policy': 'buy-and-hold', 'policies[0].rebalancings': 0 } },
    },
    {
      ask: 'Backtest 80% + 60%',
      input: {
        assets: [
          { symbol: 'DEMO:MKT', weight: 0.8 },
          { symbol: 'DEMO:GOV10', weight: 0.6 },
        ],
      },
      fixture: 'bundled',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'A rule decides at one close and trades at the next; costs are proportional; no taxes.',
    'Regime: class targets by the VIX of the same close, shared among the assets of a class in the proportion given.',
    'One history is one draw: a difference in Sharpe of a few hundredths is noise.',
  ],
  references: [
    'Perold & Sharpe (1988), Dynamic strategies for asset allocation',
    'Arnott & Lovell (1993), Rebalancing: why? when? how often?',
  ],
  cost: 'seconds',
});

async function load(value: Input, ports: Ports): Promise<Loaded<Data>> {
  const total = value.assets.reduce((sum, a) => sum + a.weight, 0);
  if (total > 1 + 1e-9 || total <= 0) {
    throw invalidInput({
      what: 'The weights',
      needed: 'above 0 and at most 1 in sum',
      got: total,
      hint: 'Write 60/40 as 0.6 and 0.4.',
    });
  }
  const symbols = value.assets.map((a) => a.symbol);
  const found = await loadHistory({ symbols, start: value.start, end: value.end, market: null }, ports);
  const provenance = [...found.provenance];
  const instruments = await Promise.all(symbols.map((symbol) => ports.market.resolve(symbol)));
  const classes = value.assets.map((a, i) => classifyHolding(a, instruments[i] ?? null).assetClass);
  let vix: Float64Array | null = null;
  if (value.policies.includes('regime')) {
    const loaded = await ports.market.bars(value.vixSymbol ?? (found.history.synthetic ? 'DEMO:VIX' : 'VIX'));
    provenance.push(...loaded.provenance);
    vix = lastKnown(found.history.dates, loaded.value.times, loaded.value.close);
  }
  return { value: { history: found.history, classes, vix }, provenance, warnings: found.warnings };
}

function inAim(perMonth: number): boolean {
  return perMonth >= AIMS.perMonthLow && perMonth <= AIMS.perMonthHigh;
}

/** The last value on or before each day; NaN before the first. */
function lastKnown(dates: readonly string[], times: Float64Array, values: Float64Array): Float64Array {
  let at = -1;
  let last = Number.NaN;
  return Float64Array.from(dates, (date) => {
    const limit = parseIsoDate(date) + 86_399_999;
    while (at + 1 < times.length && (times[at + 1] as number) <= limit) {
      at++;
      if (Number.isFinite(values[at] as number)) last = values[at] as number;
    }
    return last;
  });
}

function compare(value: Input, data: Data): z.input<typeof output> {
  const { history } = data;
  const rows = history.dates.length;
  if (rows < 60) throw notEnoughData({ what: 'A rebalancing backtest', needed: 60, got: rows });
  const year = history.periodsPerYear;
  const cash = perPeriodRate(value.riskFreeRate, year);
  const names = value.policies.includes('buy-and-hold') ? value.policies : ['buy-and-hold' as const, ...value.policies];
  const runs = names.map((policy) => ({ policy, result: runPolicy(policy, value, data, cash) }));
  const summaries = runs.map(({ result }) =>
    performanceSummary(result.returns, { periodsPerYear: year, riskFreePerPeriod: cash }),
  );
  const base = summaries[names.indexOf('buy-and-hold')];
  const years = rows / year;
  const step = Math.max(1, Math.ceil(rows / 260));
  const keep = history.dates.map((_, i) => i).filter((i) => i % step === 0 || i === rows - 1);
  return {
    policies: runs.map(({ policy, result }, i) => {
      const s = summaries[i] as (typeof summaries)[number];
      const sharpeChange =
        policy === 'buy-and-hold' || base?.sharpe == null || s.sharpe === null || base.sharpe <= 0
          ? null
          : s.sharpe / base.sharpe - 1;
      const drawdownChange =
        policy === 'buy-and-hold' || base === undefined || base.maxDrawdown === 0
          ? null
          : s.maxDrawdown / base.maxDrawdown - 1;
      const largestCost = result.trades.reduce((most, t) => Math.max(most, t.cost), 0);
      const perMonth = result.trades.length / (years * 12);
      return {
        policy,
        annualReturn: s.compoundAnnualReturn,
        volatility: s.annualVolatility,
        sharpe: s.sharpe,
        maxDrawdown: s.maxDrawdown,
        rebalancings: result.trades.length,
        perMonth,
        totalCost: result.totalCost,
        costPerYear: result.totalCost / years,
        largestCost,
        turnoverPerYear: result.trades.reduce((sum, t) => sum + t.traded, 0) / years,
        sharpeChange,
        drawdownChange,
        meetsSharpeAim: sharpeChange === null ? null : sharpeChange >= AIMS.sharpeChange,
        meetsDrawdownAim: drawdownChange === null ? null : drawdownChange <= AIMS.drawdownChange,
        meetsCostAim: largestCost < AIMS.costPerRebalancing,
        meetsFrequencyAim: inAim(Math.round(perMonth * 10) / 10),
      };
    }),
    aims: { ...AIMS },
    observations: rows,
    from: history.dates[0] ?? '',
    to: history.dates.at(-1) ?? '',
    years,
    equity: {
      dates: keep.map((i) => history.dates[i] as string),
      paths: runs.map(({ policy, result }) => {
        const equity = equityCurve(result.returns);
        return { policy, values: keep.map((i) => equity[i] as number) };
      }),
    },
  };
}

function runPolicy(
  policy: (typeof policyNames)[number],
  value: Input,
  data: Data,
  cashReturn: number,
): RebalanceBacktest {
  const weights = value.assets.map((a) => a.weight);
  const { returns, dates } = data.history;
  const classes = [...new Set(data.classes)];
  const groups = classes.map((name) => data.classes.flatMap((c, i) => (c === name ? [i] : [])));
  const common = { returns, groups, costRate: value.costBps / 1e4, cashReturn };
  if (policy === 'regime') {
    return backtestRebalancing({
      ...common,
      target: (t) => regimeWeights(weights, data, t),
      rule: { kind: 'band', band: value.band },
    });
  }
  return backtestRebalancing({ ...common, target: weights, rule: ruleOf(policy, value.band, dates) });
}

function ruleOf(policy: (typeof policyNames)[number], band: number, dates: readonly string[]): RebalanceRule {
  if (policy === 'buy-and-hold') return { kind: 'none' };
  if (policy === 'band') return { kind: 'band', band };
  const period = (date: string): string =>
    policy === 'monthly' ? date.slice(0, 7) : `${date.slice(0, 4)}Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
  // The first close of a period decides: that the last one was the last is known only afterwards.
  const due = Uint8Array.from(dates, (date, t) => (t > 0 && period(date) !== period(dates[t - 1] as string) ? 1 : 0));
  return { kind: 'calendar', due };
}

/** Class targets of the regime, shared in the proportion of the given weights; classes without an asset stay in cash. */
function regimeWeights(weights: readonly number[], data: Data, t: number): readonly number[] {
  const vix = data.vix?.[t] ?? Number.NaN;
  if (!Number.isFinite(vix)) return weights;
  const target: Readonly<Record<string, number>> = { ...REGIME_TARGETS[regimeFromVix(vix)] };
  return weights.map((w, i) => {
    const own = data.classes[i] as string;
    const inClass = weights.reduce((sum, x, j) => (data.classes[j] === own ? sum + x : sum), 0);
    return inClass > 0 ? ((target[own] ?? 0) * w) / inClass : 0;
  });
}
