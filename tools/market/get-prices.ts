/** Bars of up to ten symbols over a window, resampled, with returns, statistics, gaps and age. */
import { z } from 'zod';
import type { Bars, Loaded } from '../../data/types.ts';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { MS_PER_DAY, toIsoDate, toIsoTime } from '../../lib/dates.ts';
import { invalidInput, notAvailable } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import {
  changes,
  fieldOf,
  findGaps,
  type PriceTable,
  resampleBars,
  staleness,
  summarisePrices,
} from './price-statistics.ts';

const ROWS_PER_PAGE = 250;
const SHOWN_GAPS = 5;
const perYear = { native: 0, week: 52, month: 12, quarter: 4, year: 1 } as const;

interface Data {
  readonly asOf: string;
  readonly bars: readonly Bars[];
}

const finiteOrNull = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

const inputSchema = z.strictObject({
  symbols: z.array(z.string().min(1).max(60)).min(1).max(10).describe('Symbols such as SPX or AAPL'),
  start: isoDate('first day; default: the beginning').optional(),
  end: isoDate('last day; default: the cut-off').optional(),
  asOf: isoDate('nothing after this day is seen').optional(),
  field: z
    .enum(['adjClose', 'close', 'open', 'high', 'low', 'volume'])
    .optional()
    .describe('The column that returns and statistics use; default adjClose, else close'),
  returns: z.enum(['log', 'simple']).default('simple').describe('How a change is measured'),
  frequency: z
    .enum(['native', 'week', 'month', 'quarter', 'year'])
    .default('native')
    .describe('Resample to longer bars, each dated on its last day'),
  page: units.count('page of the bars; 1 holds the most recent').min(1).max(10000).default(1),
});
type Input = z.output<typeof inputSchema>;

export const getPrices = defineTool({
  name: 'get_prices',
  title: 'Get prices',
  family: 'market',
  version: 1,
  description:
    'Returns price bars and returns of one or several symbols over a window, with summary statistics, gaps and how old the last bar is. Use it for what something cost, how it moved, its volatility or drawdown over a period, or to see whether data are complete. Use search_instruments to find symbols, analyze_portfolio_risk for holdings and fit_hmm for regimes.',
  input: inputSchema,
  output: z.object({
    returns: z.enum(['log', 'simple']).describe('How changes are measured'),
    frequency: z.string().describe('Length of a bar: native or as resampled'),
    page: units.count('this page; 1 holds the most recent bars'),
    pages: units.count('how many pages there are'),
    series: z.array(
      z.object({
        symbol: z.string().describe('Symbol'),
        name: z.string().describe('Name'),
        currency: z.string().describe('Currency of the prices'),
        synthetic: z.boolean().describe('True for made-up demo data'),
        field: z.string().describe('The column that statistics use'),
        from: isoDate('first bar of the window'),
        to: isoDate('last bar of the window'),
        rows: units.count('bars in the window'),
        first: units.price('first value'),
        last: units.price('last value'),
        minimum: units.price('lowest value'),
        maximum: units.price('highest value'),
        totalReturn: units.fraction('change over the window').nullable(),
        meanReturn: units.fraction('mean return a bar').nullable(),
        volatilityAnnual: units.annualVol('standard deviation of returns, annualised').nullable(),
        bestReturn: units.fraction('best bar').nullable(),
        worstReturn: units.fraction('worst bar').nullable(),
        maxDrawdown: units.fraction('deepest fall from a peak, negative').nullable(),
        missingValues: units.count('bars without a value in that column'),
        gapCount: units.count('holes longer than a long weekend'),
        gaps: z.array(
          z.object({
            after: isoDate('last bar before the hole'),
            before: isoDate('first bar after it'),
            days: units.days('calendar days between them'),
          }),
        ),
        daysBehind: units.days('calendar days from the last bar to the cut-off'),
        stale: z.boolean().describe('True where the last bar is older than it should be'),
        bars: z.array(
          z.object({
            date: z.string().describe('Day, or time, of the bar'),
            open: units.price('open').nullable(),
            high: units.price('high').nullable(),
            low: units.price('low').nullable(),
            close: units.price('close').nullable(),
            adjClose: units.price('close adjusted for splits and dividends').nullable(),
            volume: units.quantity('volume').nullable(),
            change: units.fraction('return from the bar before, by `returns`').nullable(),
          }),
        ),
      }),
    ),
  }),
  async load(input, ports): Promise<Loaded<Data>> {
    const loaded: Loaded<Bars>[] = [];
    for (const symbol of input.symbols)
      loaded.push(await ports.market.bars(symbol, { start: input.start, end: input.end }));
    return {
      value: {
        asOf: input.end !== undefined && input.end < ports.asOf ? input.end : ports.asOf,
        bars: loaded.map((item) => item.value),
      },
      provenance: loaded.flatMap((item) => item.provenance),
    };
  },
  run(input, data: Data, context) {
    const perSymbol = Math.floor(ROWS_PER_PAGE / data.bars.length);
    const tables = data.bars.map((bars) => resampleBars(bars, input.frequency));
    const longest = Math.max(...tables.map((table) => table.times.length));
    const pages = Math.max(1, Math.ceil(longest / perSymbol));
    if (input.page > pages) throw invalidInput({ what: '`page`', needed: `between 1 and ${pages}`, got: input.page });
    const series = data.bars.map((bars, i) => {
      const table = tables[i] ?? bars;
      const described = describeSeries(bars, table, input, data.asOf);
      if (described.stale) {
        context.warn(
          'STALE_DATA',
          `The last bar of ${described.symbol} is of ${described.to}, ${described.daysBehind} days before ${data.asOf}.`,
        );
      }
      return { ...described, bars: pageOf(table, input, perSymbol) };
    });
    warnOfUnevenEnds(data.bars, context.warn);
    return { returns: input.returns, frequency: input.frequency, page: input.page, pages, series };
  },
  summarise: (output, cite) =>
    output.series
      .slice(0, 6)
      .flatMap((item, i) => [
        `${item.symbol}${item.synthetic ? ' (synthetic)' : ''}: ${item.field} ${cite(`series[${i}].last`)} on ${item.to}, ${cite(`series[${i}].rows`)} bars from ${item.from}`,
        item.totalReturn === null || item.volatilityAnnual === null || item.maxDrawdown === null
          ? 'too few bars for statistics'
          : `return ${cite(`series[${i}].totalReturn`)}, volatility ${cite(`series[${i}].volatilityAnnual`)}, deepest fall ${cite(`series[${i}].maxDrawdown`)}${item.stale ? `; ${cite(`series[${i}].daysBehind`)} behind the cut-off` : ''}`,
      ]),
  chart: (output): ChartSpec | null => {
    const [first] = output.series;
    if (first === undefined || first.bars.length < 2) return null;
    return {
      kind: 'xy',
      title: output.series.map((item) => item.symbol).join(', '),
      synthetic: output.series.some((item) => item.synthetic),
      footer: `last bar ${first.to}`,
      x: { label: 'date', dates: first.bars.map((bar) => bar.date.slice(0, 10)) },
      y: { label: first.field, unit: 'price' },
      series: output.series.slice(0, 1).map((item) => ({
        name: item.symbol,
        values: item.bars.map((bar) => (item.field === 'adjClose' ? bar.adjClose : bar.close)),
      })),
    };
  },
  examples: [
    {
      ask: 'What was the S&P 500 at the end of 2019?',
      input: { symbols: ['SPX'], start: '2019-12-30', end: '2019-12-31' },
      fixture: 'bundled',
      expect: { values: { 'series[0].last': 3230.780029, 'series[0].rows': 2 }, tolerance: 1e-9 },
    },
    {
      ask: 'Show Apple by month through 2017.',
      input: { symbols: ['AAPL'], start: '2017-01-01', end: '2017-12-31', frequency: 'month' },
      fixture: 'bundled',
      expect: { values: { 'series[0].rows': 12, 'series[0].field': 'adjClose' } },
    },
    {
      ask: 'Get prices of APPL.',
      input: { symbols: ['APPL'] },
      fixture: 'bundled',
      expect: { error: 'UNKNOWN_SYMBOL' },
    },
  ],
  assumptions: [
    'Annualised volatility is the sample deviation of returns times the square root of bars a year.',
    'A hole is more than five calendar days between daily bars; nothing is filled.',
  ],
  references: ['Campbell, Lo & MacKinlay (1997), The Econometrics of Financial Markets, eq. 1.4.1 and 1.4.5'],
  cost: 'instant',
});

/** A week of calendar days is about five sessions. */
const UNEVEN_DAYS = 7;

function warnOfUnevenEnds(bars: readonly Bars[], warn: (code: string, message: string) => void): void {
  const ends = bars.map((item) => item.times.at(-1) ?? Number.NaN);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  if ((last - first) / MS_PER_DAY <= UNEVEN_DAYS) return;
  const list = bars.map((item, i) => `${item.instrument.symbol} ${toIsoDate(ends[i] as number)}`);
  warn('UNEVEN_ENDS', `The series end on different days: ${list.join(', ')}.`);
}

function describeSeries(bars: Bars, table: PriceTable, input: Input, asOf: string) {
  const { instrument } = bars;
  const field = fieldOf(table, input.field);
  if (field === undefined) {
    throw notAvailable({
      code: 'NO_SUCH_FIELD',
      message: `The prices of ${instrument.symbol} have no column \`${input.field}\`.`,
      hint: 'Use `close`, which every series has.',
    });
  }
  if (!field.values.some((value) => Number.isFinite(value))) {
    throw notAvailable({
      code: 'NO_DATA',
      message: `${instrument.symbol} has no value of \`${field.name}\` in this window.`,
      hint: 'Choose another window or field.',
    });
  }
  const gaps = findGaps(bars.times, instrument.frequency);
  const lastTime = bars.times.at(-1) ?? Number.NaN;
  const age = staleness(lastTime, asOf, instrument.frequency);
  const periodsPerYear = perYear[input.frequency] || instrument.periodsPerYear;
  return {
    symbol: instrument.symbol,
    name: instrument.name,
    currency: instrument.currency,
    synthetic: instrument.synthetic,
    field: field.name,
    from: toIsoTime(table.times[0] as number).slice(0, 10),
    to: toIsoTime(lastTime).slice(0, 10),
    rows: table.times.length,
    ...summarisePrices(field.values, input.returns, periodsPerYear),
    missingValues: field.values.filter((value) => !Number.isFinite(value)).length,
    gapCount: gaps.length,
    gaps: gaps.slice(0, SHOWN_GAPS),
    daysBehind: age.days,
    stale: age.stale,
  };
}

function pageOf(table: PriceTable, input: Input, perSymbol: number) {
  const field = fieldOf(table, input.field)?.values ?? table.close;
  const moves = changes(field, input.returns);
  const end = Math.max(0, table.times.length - (input.page - 1) * perSymbol);
  const first = Math.max(0, end - perSymbol);
  const rows: number[] = [];
  for (let row = first; row < end; row++) rows.push(row);
  return rows.map((row) => ({
    date: toIsoTime(table.times[row] as number),
    open: finiteOrNull(table.open?.[row]),
    high: finiteOrNull(table.high?.[row]),
    low: finiteOrNull(table.low?.[row]),
    close: finiteOrNull(table.close[row]),
    adjClose: finiteOrNull(table.adjClose?.[row]),
    volume: finiteOrNull(table.volume?.[row]),
    change: moves[row] ?? null,
  }));
}
