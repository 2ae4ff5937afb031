/** Entry and exit thresholds of a pair: the OU optimum and a grid, chosen on the past and judged on what followed. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { costFields, symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { performanceSummary } from '../kernels/performance/performance-summary.ts';
import { deflatedSharpe, sharpeEvidence } from '../kernels/performance/sharpe.ts';
import { describeDegeneratePair } from '../kernels/statarb/degenerate-pair.ts';
import { hedgeLine, spreadOf } from '../kernels/statarb/hedge-ratio.ts';
import { bestThresholds } from '../kernels/statarb/optimal-thresholds.ts';
import { fitOrnsteinUhlenbeck } from '../kernels/statarb/ornstein-uhlenbeck.ts';
import { backtestPair } from '../kernels/statarb/pair-backtest.ts';
import { spearmanCorrelation } from '../kernels/stats/correlation.ts';
import { standardDeviation } from '../kernels/stats/moments.ts';

const input = z.strictObject({
  y: symbolField('Left leg'),
  x: symbolField('Right leg'),
  trainFraction: units.fraction('share of the bars that thresholds are chosen on').min(0.3).max(0.9).default(0.6),
  entries: z
    .array(units.ratio('|z| that opens').positive().max(10))
    .min(1)
    .max(12)
    .default([1, 1.5, 2, 2.5, 3])
    .describe('Entries of the grid'),
  exits: z
    .array(units.ratio('z that closes').min(-3).max(5))
    .min(1)
    .max(8)
    .default([-0.5, 0, 0.5, 1])
    .describe('Exits of the grid; only those below the entry are tried'),
  window: units.count('bars of the rolling estimation').min(20).max(1000).default(120),
  stop: units.ratio('|z| that stops a loss; leave out for none').positive().max(50).optional(),
  ...costFields,
  ...windowFields,
});

const result = z.object({
  entry: units.ratio('|z| that opens'),
  exit: units.ratio('z that closes'),
  inSampleSharpe: units.ratio('annualised, after costs').nullable(),
  outOfSampleSharpe: units.ratio('annualised, after costs, on the bars after the split').nullable(),
  inSampleReturn: units.annualReturn('compound').nullable(),
  outOfSampleReturn: units.annualReturn('compound').nullable(),
  outOfSampleTrades: units.count('round trips after the split'),
});

const output = z.object({
  y: z.string().describe('Left leg'),
  x: z.string().describe('Right leg'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  from: z.string().describe('First bar'),
  split: z.string().describe('First bar that was not used to choose'),
  to: z.string().describe('Last bar'),
  ou: z.object({
    status: z.enum(['reverting', 'not-reverting', 'oscillating']).describe('Of the training spread'),
    halfLifeBars: units.ratio('bars').nullable(),
    costInDeviations: units.ratio('round-trip cost ÷ stationary deviation').nullable(),
    entry: units.ratio('best entry of the fitted process after costs').nullable(),
    exit: units.ratio('best exit (0: the mean, below: beyond it)').nullable(),
    tripsPerYear: units.ratio('round trips a year that the process would give').nullable(),
    backtest: result.nullable().describe('The same thresholds on prices'),
  }),
  chosen: result.describe('Best of the grid in sample, and what it did afterwards'),
  trials: units.count('threshold pairs tried'),
  deflatedSharpe: units
    .probability('that the chosen in-sample Sharpe is real after choosing among the trials')
    .nullable(),
  rankCorrelation: units
    .correlation('of in-sample and out-of-sample Sharpe over the grid; near 0: choosing is noise')
    .nullable(),
  grid: z.array(result).describe('Every pair of thresholds tried'),
  note: z.string().describe('What the comparison means'),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;
type Row = z.input<typeof result>;

export const calibrateEntryExit = defineTool({
  name: 'calibrate_entry_exit',
  title: 'Calibrate entry and exit thresholds',
  family: 'statarb',
  version: 1,
  description:
    'Chooses entry and exit z-scores for a pair on the first part of the data, by the Ornstein–Uhlenbeck optimum after costs and by a grid of backtests, and shows what the choice earned on the part that followed, with the deflated Sharpe for the number of thresholds tried. Use it when someone asks which z to enter or leave at. Use analyze_pair first to see whether there is a pair at all, backtest_pair for one fixed rule.',
  input,
  output,
  load: (given, ports) =>
    loadPriceColumns({ ...given, symbols: [given.y, given.x], rows: 'complete', minimum: 4 * given.window }, ports),
  run,
  summarise: (out, cite) => {
    const or = (value: number | null, path: string) => (value === null ? 'not defined' : cite(path));
    return [
      `${out.y}/${out.x}${out.synthetic ? ' (synthetic)' : ''}: chosen on ${out.from} to the day before ${out.split}, judged to ${out.to}.`,
      `Grid of ${cite('trials')} pairs: best in sample entry ${cite('chosen.entry')}, exit ${cite('chosen.exit')}, Sharpe ${or(out.chosen.inSampleSharpe, 'chosen.inSampleSharpe')}; afterwards ${or(out.chosen.outOfSampleSharpe, 'chosen.outOfSampleSharpe')} (${cite('chosen.outOfSampleTrades')} trades). Deflated Sharpe ${or(out.deflatedSharpe, 'deflatedSharpe')}; rank correlation in and out of sample ${or(out.rankCorrelation, 'rankCorrelation')}.`,
      out.ou.entry === null
        ? `The fitted process (${out.ou.status}) gives no thresholds that pay their costs.`
        : `OU optimum: entry ${cite('ou.entry')}, exit ${or(out.ou.exit, 'ou.exit')}, half-life ${or(out.ou.halfLifeBars, 'ou.halfLifeBars')} bars, cost ${or(out.ou.costInDeviations, 'ou.costInDeviations')} deviations; out-of-sample Sharpe ${or(out.ou.backtest?.outOfSampleSharpe ?? null, 'ou.backtest.outOfSampleSharpe')}.`,
      out.note,
    ];
  },
  examples: [
    {
      ask: 'Which z should I enter and leave DEMO:DRILX/DEMO:PETRA at?',
      input: { y: 'DEMO:DRILX', x: 'DEMO:PETRA', start: '2014-01-01' },
      fixture: 'bundled',
      expect: { values: { trials: 19, 'ou.status': 'reverting' } },
    },
    {
      ask: 'Calibrate a pair of one instrument',
      input: { y: 'SPX', x: 'SPX' },
      fixture: 'bundled',
      expect: { error: 'SAME_INSTRUMENT' },
    },
  ],
  assumptions: [
    'The split is by time; nothing after it touches the choice. z-scores use rolling windows of the past.',
    'The OU optimum treats the spread as one stationary process with known parameters and ignores stops and breaks.',
  ],
  references: [
    'Bertram (2010), Physica A 389:2234; Ricciardi & Sato (1988), J. Appl. Probab. 25:43',
    'Bailey & López de Prado (2014), J. Portf. Manag. 40:94',
  ],
  cost: 'seconds',
});

function run(given: Input, data: PriceColumns, context: RunContext): Output {
  const [y, x] = legs(data);
  const n = y.length;
  const split = Math.floor(n * given.trainFraction);
  const pairs = given.entries.flatMap((entry) =>
    given.exits.filter((exit) => exit < entry).map((exit) => ({ entry, exit })),
  );
  if (pairs.length === 0) {
    throw invalidInput({
      what: 'The grid',
      needed: 'at least one exit below an entry',
      got: `entries ${given.entries.join(', ')} and exits ${given.exits.join(', ')}`,
      hint: 'Lower an exit or raise an entry.',
    });
  }
  const trainReturns: Float64Array[] = [];
  const grid = pairs.map(({ entry, exit }, i) => {
    context.progress(i / pairs.length, `entry ${entry}, exit ${exit}`);
    const both = tryThresholds(given, data, split, entry, exit);
    trainReturns.push(both.train);
    return both.row;
  });
  const best = grid.reduce((a, b) => ((b.inSampleSharpe ?? -1e9) > (a.inSampleSharpe ?? -1e9) ? b : a));
  const evidence = sharpeEvidence(trainReturns[grid.indexOf(best)] as Float64Array);
  const spread = perPeriodSpread(grid, data.periodsPerYear);
  const dates = rowDates(data.times);
  const rank = rankCorrelation(grid);
  return {
    y: data.symbols[0] as string,
    x: data.symbols[1] as string,
    synthetic: data.synthetic,
    from: dates[0] as string,
    split: dates[split] as string,
    to: dates[n - 1] as string,
    ou: theoretical(given, data, y.slice(0, split), x.slice(0, split), split),
    chosen: best,
    trials: grid.length,
    deflatedSharpe: evidence === null ? null : deflatedSharpe(evidence, grid.length, spread).probability,
    rankCorrelation: rank,
    grid,
    note: describe(best, rank),
  };
}

function legs(data: PriceColumns): readonly [Float64Array, Float64Array] {
  const [y, x] = data.columns;
  if (y === undefined || x === undefined) {
    throw invalidInput({
      code: 'SAME_INSTRUMENT',
      what: 'The two legs',
      needed: 'different instruments',
      got: `${data.symbols[0]} twice`,
      hint: 'Name another leg.',
    });
  }
  const degenerate = describeDegeneratePair(y, x);
  if (degenerate !== null) {
    throw invalidInput({
      code: 'DEGENERATE_PAIR',
      what: 'The pair',
      needed: 'two series with a spread of their own',
      got: degenerate.kind,
      hint: 'Run analyze_pair to see why, and choose another pair.',
    });
  }
  return [y, x];
}

function tryThresholds(given: Input, data: PriceColumns, split: number, entry: number, exit: number) {
  const [y, x] = data.columns as readonly [Float64Array, Float64Array];
  const stop = given.stop !== undefined && given.stop > entry ? given.stop : null;
  const options = {
    estimation: 'rolling' as const,
    window: given.window,
    hedge: 'ols' as const,
    scale: 'log' as const,
    machine: { entry, exit, stop },
    costs: { commissionRate: given.costBps / 1e4, borrowRate: given.borrowRate, cashRate: given.cashRate },
    capital: given.capital,
    periodsPerYear: data.periodsPerYear,
    grossAtEntry: 1,
  };
  const train = backtestPair(y.slice(0, split), x.slice(0, split), options);
  const from = split - given.window;
  const test = backtestPair(y.slice(from), x.slice(from), options);
  const inSample = train.result.returns.slice(given.window);
  const outOfSample = test.result.returns.slice(given.window);
  const a = performanceSummary(inSample, { periodsPerYear: data.periodsPerYear });
  const b = performanceSummary(outOfSample, { periodsPerYear: data.periodsPerYear });
  const row: Row = {
    entry,
    exit,
    inSampleSharpe: a.sharpe,
    outOfSampleSharpe: b.sharpe,
    inSampleReturn: a.compoundAnnualReturn,
    outOfSampleReturn: b.compoundAnnualReturn,
    outOfSampleTrades: test.trades.filter((t) => t.exit !== null && t.entry >= given.window - 1).length,
  };
  return { row, train: inSample };
}

function theoretical(given: Input, data: PriceColumns, y: Float64Array, x: Float64Array, split: number): Output['ou'] {
  const ly = y.map(Math.log);
  const lx = x.map(Math.log);
  const line = hedgeLine(ly, lx, 'ols');
  const ou = fitOrnsteinUhlenbeck(spreadOf(ly, lx, line), { dt: 1 / data.periodsPerYear });
  const nothing = { costInDeviations: null, entry: null, exit: null, tripsPerYear: null, backtest: null };
  if (ou.stationaryDeviation === null || ou.theta === null) {
    return { status: ou.status, halfLifeBars: ou.halfLifeBars, ...nothing };
  }
  const cost = (2 * (given.costBps / 1e4) * (1 + Math.abs(line.beta))) / ou.stationaryDeviation;
  const best = bestThresholds(cost);
  if (best === null) return { status: ou.status, halfLifeBars: ou.halfLifeBars, ...nothing, costInDeviations: cost };
  return {
    status: ou.status,
    halfLifeBars: ou.halfLifeBars,
    costInDeviations: cost,
    entry: best.entry,
    exit: best.exit,
    tripsPerYear: best.tripsPerUnit * ou.theta,
    backtest: tryThresholds(given, data, split, best.entry, best.exit).row,
  };
}

function perPeriodSpread(grid: readonly Row[], periodsPerYear: number): number {
  const known = grid.flatMap((r) => (r.inSampleSharpe == null ? [] : [r.inSampleSharpe]));
  return known.length < 2 ? 0 : standardDeviation(known) / Math.sqrt(periodsPerYear);
}

function rankCorrelation(grid: readonly Row[]): number | null {
  const known = grid.filter((r) => r.inSampleSharpe != null && r.outOfSampleSharpe != null);
  if (known.length < 4) return null;
  return spearmanCorrelation(
    known.map((r) => r.inSampleSharpe as number),
    known.map((r) => r.outOfSampleSharpe as number),
  );
}

function describe(best: Row, rank: number | null): string {
  if (best.inSampleSharpe == null || best.inSampleSharpe <= 0) {
    return 'No thresholds earned their costs in sample: do not trade this pair.';
  }
  if (best.outOfSampleSharpe == null || best.outOfSampleSharpe <= 0) {
    return 'The best thresholds of the past lost money or did not trade afterwards: the in-sample result was luck or the pair has changed.';
  }
  return rank !== null && rank < 0.2
    ? 'The choice earned money afterwards, but the order of the thresholds did not carry over: prefer round thresholds to the winner.'
    : 'The choice earned money afterwards; expect less than in sample.';
}
