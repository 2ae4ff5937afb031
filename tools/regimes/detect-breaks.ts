/** Dated changes of the mean or the variance of an instrument's returns. */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { cusumTest } from '../kernels/breaks/cusum.ts';
import { pelt } from '../kernels/breaks/pelt.ts';
import { logReturns, simpleReturns } from '../kernels/timeseries/returns.ts';
import { loadPriceData, type PriceData } from './price-data.ts';
import { priceWindow } from './price-window.ts';

const inputSchema = z.strictObject({
  ...priceWindow,
  returns: z.enum(['log', 'simple']).default('log').describe('Kind of return'),
  kind: z.enum(['mean', 'variance', 'both']).default('variance').describe('What may change'),
  minimumDays: units.count('least periods between two breaks').min(5).max(1000).default(42),
  penalty: units
    .ratio('cost of one more break, minus twice log-likelihood; default 2 ln n, or 3 ln n for both')
    .positive()
    .max(10_000)
    .optional(),
});

const outputSchema = z.object({
  symbol: z.string(),
  name: z.string(),
  synthetic: z.boolean().describe('True for made-up demo data'),
  from: isoDate('first return'),
  to: isoDate('last return'),
  rows: units.count('returns used'),
  kind: z.enum(['mean', 'variance', 'both']),
  penalty: units.ratio('that one more break had to earn'),
  count: units.count('breaks found'),
  breaks: z
    .array(
      z.object({
        date: isoDate('first day of the new segment'),
        meanBefore: units.fraction('return a period'),
        meanAfter: units.fraction('return a period'),
        volatilityBefore: units.annualVol('a year'),
        volatilityAfter: units.annualVol('a year'),
        volatilityRatio: units.ratio('after over before'),
      }),
    )
    .describe('In time order; the whole sample is used, so a break is known only some time after it'),
  segments: z.array(
    z.object({
      from: isoDate('first day'),
      to: isoDate('last day'),
      days: units.count('periods'),
      mean: units.fraction('return a period'),
      volatilityAnnual: units.annualVol('of the segment'),
    }),
  ),
  cusum: z.array(
    z.object({
      what: z.enum(['mean', 'variance']),
      statistic: units.statistic('supremum of the normalised sum'),
      pValue: units.probability('that a constant series shows as much'),
      date: isoDate('where the sum is farthest from zero').nullable(),
    }),
  ),
  history: z
    .array(
      z.object({
        date: isoDate('day'),
        price: units.price('at the day'),
        volatilityAnnual: units.annualVol('of the segment'),
      }),
    )
    .describe('At most 260 evenly spaced days for charts'),
});

type Input = z.output<typeof inputSchema>;
type Output = z.output<typeof outputSchema>;
const HISTORY_POINTS = 260;

export const detectBreaks = defineTool({
  name: 'detect_breaks',
  title: 'Detect structural breaks',
  family: 'regimes',
  version: 1,
  description:
    'Finds dated structural breaks in the mean or the variance of returns: the best segmentation by PELT with its size before and after each break, and CUSUM tests of whether there is any break. Use it for when volatility or drift changed, or to check that a model is fitted on one stable period. Use fit_hmm or fit_markov_regression where states come back, analyze_pair for a break in a pair.',
  input: inputSchema,
  output: outputSchema,
  load: loadPriceData,
  run: (input, data: PriceData, context) => run(input, data, context),
  summarise: (output, cite) => [
    `${output.name} (${output.symbol}${output.synthetic ? ', synthetic' : ''}), ${output.from} to ${output.to}, ${cite('rows')} returns: ${cite('count')} breaks of ${output.kind}.`,
    ...output.breaks.slice(-6).map((b, i) => {
      const at = Math.max(0, output.breaks.length - 6) + i;
      return `${b.date}: volatility ${cite(`breaks[${at}].volatilityBefore`)} to ${cite(`breaks[${at}].volatilityAfter`)} a year, mean ${cite(`breaks[${at}].meanBefore`)} to ${cite(`breaks[${at}].meanAfter`)}.`;
    }),
    ...output.cusum.map(
      (c, i) => `CUSUM of the ${c.what}: ${cite(`cusum[${i}].statistic`)}, p ${cite(`cusum[${i}].pValue`)}.`,
    ),
    'Breaks use the whole sample: on the day itself they were not yet visible.',
  ],
  chart: (output) => chartOf(output),
  examples: [
    {
      ask: 'When did the volatility of the S&P 500 change?',
      input: { symbol: 'SPX', start: '2005-01-01' },
      fixture: 'bundled',
      expect: { values: { kind: 'variance', symbol: 'SPX' } },
    },
    {
      ask: 'Breaks within one month',
      input: { symbol: 'SPX', start: '2020-03-20' },
      fixture: 'bundled',
      expect: { error: 'NOT_ENOUGH_DATA' },
    },
  ],
  assumptions: [
    'Returns are independent and normal within a segment; volatility clustering within a segment makes PELT find more breaks than there are, so compare with a larger penalty.',
  ],
  references: [
    'Killick, Fearnhead & Eckley (2012), JASA 107:1590–1598',
    'Inclán & Tiao (1994), JASA 89:913–923; Sansó, Aragó & Carrion (2004), Revista de Economía Financiera 4:32–53',
  ],
  cost: 'seconds',
});

function run(input: Input, data: PriceData, context: RunContext): z.input<typeof outputSchema> {
  const y = input.returns === 'log' ? logReturns(data.price) : simpleReturns(data.price);
  const dates = Array.from(data.times.subarray(1), toIsoDate);
  const options = input.penalty === undefined ? {} : { penalty: input.penalty };
  const found = pelt(y, { kind: input.kind, minimumLength: input.minimumDays, ...options });
  const edges = [0, ...found.changes, y.length];
  const annual = Math.sqrt(data.periodsPerYear);
  const segments = edges.slice(0, -1).map((start, i) => {
    const end = edges[i + 1] as number;
    const part = y.subarray(start, end);
    const mean = part.reduce((a, b) => a + b, 0) / part.length;
    const variance = part.reduce((a, b) => a + (b - mean) ** 2, 0) / (part.length - 1);
    return { start, end, mean, volatility: Math.sqrt(variance) * annual };
  });
  if (segments.length > 8) {
    context.warn(
      'MANY_BREAKS',
      `${segments.length - 1} breaks: volatility clusters, which this model reads as breaks. Raise the penalty, or use fit_hmm.`,
    );
  }
  const breaks = segments.slice(1).map((after, i) => {
    const before = segments[i] as (typeof segments)[number];
    return {
      date: dates[after.start] as string,
      meanBefore: before.mean,
      meanAfter: after.mean,
      volatilityBefore: before.volatility,
      volatilityAfter: after.volatility,
      volatilityRatio: before.volatility > 0 ? after.volatility / before.volatility : 0,
    };
  });
  return {
    symbol: data.symbol,
    name: data.name,
    synthetic: data.synthetic,
    from: dates[0] as string,
    to: dates[y.length - 1] as string,
    rows: y.length,
    kind: input.kind,
    penalty: found.penalty,
    count: breaks.length,
    breaks,
    segments: segments.map((s) => ({
      from: dates[s.start] as string,
      to: dates[s.end - 1] as string,
      days: s.end - s.start,
      mean: s.mean,
      volatilityAnnual: s.volatility,
    })),
    cusum: (['mean', 'variance'] as const).map((what) => {
      const test = cusumTest(y, what);
      return { what, statistic: test.statistic, pValue: test.pValue, date: dates[test.at] ?? null };
    }),
    history: historyOf(data, dates, segments),
  };
}

function historyOf(
  data: PriceData,
  dates: readonly string[],
  segments: readonly { readonly end: number; readonly volatility: number }[],
): Output['history'] {
  const points = Math.min(HISTORY_POINTS, dates.length);
  return Array.from({ length: points }, (_, i) => {
    const t = Math.round((i * (dates.length - 1)) / (points - 1));
    const segment = segments.find((s) => t < s.end);
    return { date: dates[t] as string, price: data.price[t + 1] as number, volatilityAnnual: segment?.volatility ?? 0 };
  });
}

function chartOf(output: Output): ChartSpec {
  const bands = output.segments.map((s, i) => ({
    from: Math.max(
      0,
      output.history.findIndex((h) => h.date >= s.from),
    ),
    to: output.history.reduce((last, h, at) => (h.date <= s.to ? at : last), 0),
    label: `segment ${i + 1}`,
    tone: i % 2 === 0 ? ('muted' as const) : ('neutral' as const),
  }));
  return {
    kind: 'xy',
    title: `${output.name}: price and breaks of ${output.kind}`,
    synthetic: output.synthetic,
    footer: `${output.symbol}, ${output.from} to ${output.to}; uses the whole sample`,
    x: { label: 'date', dates: output.history.map((h) => h.date) },
    y: { label: 'price', unit: 'price', scale: 'log' },
    y2: { label: 'volatility a year', unit: 'annualVol' },
    series: [
      { name: output.symbol, values: output.history.map((h) => h.price) },
      {
        name: 'volatility of the segment',
        values: output.history.map((h) => h.volatilityAnnual),
        style: 'step',
        axis: 'right',
        tone: 'accent',
      },
    ],
    bands,
  };
}
