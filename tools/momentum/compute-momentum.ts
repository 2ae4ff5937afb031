/** How strongly do instruments trend, and does the evidence agree? */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { ctaSignal, decayedVolatility, trendRegression } from '../kernels/momentum/momentum-signals.ts';
import { efficiencyRatio } from '../kernels/momentum/oscillators.ts';
import { countWhipsaws, trendPositions } from '../kernels/momentum/trend-filter.ts';
import { monthEndRows } from './month-ends.ts';

const input = z.strictObject({
  symbols: z.array(symbolField('Symbol')).min(1).max(60).describe('Instruments; two or more are ranked'),
  horizonsMonths: z
    .array(units.count('months').min(1).max(36))
    .min(1)
    .max(6)
    .default([1, 3, 6, 12])
    .describe('Look-backs of the time-series signal'),
  targetVolatility: units.annualVol('of each position').positive().max(2).default(0.4),
  trendWindow: units.count('bars of the trend filter').min(20).max(500).default(200),
  band: units.fraction('half-width around the average that a change of side needs').min(0).max(0.5).default(0.02),
  minEfficiency: units.ratio('efficiency ratio that a change of side needs').min(0).max(1).default(0.15),
  ...windowFields,
});

const row = z.object({
  symbol: z.string().describe('Instrument'),
  momentum12m1: units.fraction('return from twelve months to one month ago').nullable(),
  rank: units.count('by 12-1, 1 is the strongest').nullable(),
  horizons: z.array(
    z.object({
      months: units.count('look-back'),
      return: units.fraction('over it').nullable(),
      signal: units.ratio('+1 up, −1 down').nullable(),
    }),
  ),
  agreement: units.ratio('mean of the signals: 1 all up, −1 all down, 0 split').nullable(),
  volatility: units.annualVol('forecast from decayed daily returns').nullable(),
  position: units.ratio('agreement × target ÷ volatility, before any limit').nullable(),
  efficiencyRatio: units.ratio('over 126 bars: 1 straight, 0 noise').nullable(),
  trendT: units.statistic('t of a line through 126 log prices; large values are easy').nullable(),
  ctaSignal: units.ratio('mean response of three crossover pairs, about −1 to 1').nullable(),
  filter: z.object({
    side: z.enum(['up', 'down', 'none']).describe('Of the banded filter now'),
    sinceBars: units.count('bars on that side'),
    changesPlain: units.count('changes of side of the plain average in the window'),
    changesFiltered: units.count('changes with band and efficiency filter'),
    whipsawsPlain: units.count('changes undone within 20 bars'),
    whipsawsFiltered: units.count('the same with the filter'),
    changesAdaptive: units.count('changes of the adaptive (KAMA) filter with the same band'),
  }),
  regime: z
    .enum(['strong-up', 'up', 'mixed', 'down', 'strong-down', 'unknown'])
    .describe('By agreement and efficiency'),
});

const output = z.object({
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  from: z.string().describe('First bar'),
  to: z.string().describe('Last bar'),
  instruments: z.array(row).describe('Strongest 12-1 first'),
  strongest: z.string().nullable().describe('Highest 12-1'),
  weakest: z.string().nullable().describe('Lowest 12-1'),
});

type Input = z.output<typeof input>;
type Row = z.input<typeof row>;

export const computeMomentum = defineTool({
  name: 'compute_momentum',
  title: 'Compute momentum and trend',
  family: 'momentum',
  version: 1,
  description:
    'Measures momentum of one or many instruments: 12-1, signs over several horizons with an agreement score, volatility-scaled position, efficiency ratio, trend regression, a CTA crossover signal, cross-section rank, and how many whipsaws a band and efficiency filter would have saved. Use it for questions about trend strength, momentum ranking or whether to follow a trend now. Use backtest_momentum for what following it would have earned, compute_indicators for a named indicator, detect_breaks or fit_hmm for regimes.',
  input,
  output,
  load: (given, ports) => loadPriceColumns({ ...given, rows: 'union', minimum: 30 }, ports),
  run,
  summarise: (out, cite) => [
    `${out.instruments.length} instrument(s)${out.synthetic ? ' (synthetic)' : ''}, ${out.from} to ${out.to}${out.strongest !== null && out.weakest !== null && out.instruments.length > 1 ? `; strongest ${out.strongest}, weakest ${out.weakest}` : ''}.`,
    ...out.instruments.slice(0, 8).map((r, i) => {
      const or = (value: number | null, name: string) =>
        value === null ? 'not defined' : cite(`instruments[${i}].${name}`);
      return `${r.symbol}: ${r.regime}; 12-1 ${or(r.momentum12m1, 'momentum12m1')}, agreement ${or(r.agreement, 'agreement')}, volatility ${or(r.volatility, 'volatility')}, position ${or(r.position, 'position')}, efficiency ${or(r.efficiencyRatio, 'efficiencyRatio')}; side ${r.filter.side}, whipsaws ${or(r.filter.whipsawsPlain, 'filter.whipsawsPlain')} plain, ${or(r.filter.whipsawsFiltered, 'filter.whipsawsFiltered')} filtered.`;
    }),
  ],
  chart: (out) =>
    out.instruments.length < 2
      ? null
      : {
          kind: 'bar',
          title: '12-1 momentum',
          synthetic: out.synthetic,
          categories: out.instruments.map((r) => r.symbol),
          unit: 'fraction',
          series: [{ name: '12-1', values: out.instruments.map((r) => r.momentum12m1) }],
        },
  examples: [
    {
      ask: 'Is Apple trending?',
      input: { symbols: ['AAPL'] },
      fixture: 'bundled',
      expect: { values: { 'instruments[0].symbol': 'AAPL' } },
    },
    {
      ask: 'Rank the demo energy names by momentum',
      input: { symbols: ['DEMO:DRILX', 'DEMO:PETRA', 'DEMO:SOLAN', 'DEMO:REFIN'], start: '2020-01-01' },
      fixture: 'bundled',
      expect: { values: { synthetic: true, 'instruments[0].rank': 1 } },
    },
    {
      ask: 'Momentum of ZZZZZ',
      input: { symbols: ['ZZZZZ'] },
      fixture: 'bundled',
      expect: { error: 'UNKNOWN_SYMBOL' },
    },
  ],
  assumptions: [
    'Months end on their last bar; the newest bar stands for the current month. A value uses bars up to its own.',
    'Volatility decays with a centre of mass of 60 bars and needs 61 returns. The position is a ratio to equity before any limit or cost.',
  ],
  references: [
    'Jegadeesh & Titman (1993), J. Finance 48:65',
    'Moskowitz, Ooi & Pedersen (2012), J. Financ. Econ. 104:228',
    'Baz, Granger, Harvey, Le Roux & Rattray (2015), Dissecting Investment Strategies',
    'Kaufman (2013), Trading Systems and Methods',
  ],
  cost: 'instant',
});

function run(given: Input, data: PriceColumns, context: RunContext): z.input<typeof output> {
  const rows = data.symbols.map((symbol, j) => describe(symbol, data, j, given));
  if (rows.some((r) => r.momentum12m1 === null)) {
    const short = rows.filter((r) => r.momentum12m1 === null).map((r) => r.symbol);
    context.warn('SHORT_HISTORY', `${short.slice(0, 5).join(', ')}: less than thirteen months of prices, so no 12-1.`);
  }
  const ranked = rows
    .filter((r) => r.momentum12m1 != null)
    .sort((a, b) => (b.momentum12m1 as number) - (a.momentum12m1 as number));
  const instruments = [...ranked.map((r, i) => ({ ...r, rank: i + 1 })), ...rows.filter((r) => r.momentum12m1 == null)];
  const dates = rowDates(data.times);
  return {
    synthetic: data.synthetic,
    from: dates[0] as string,
    to: dates[dates.length - 1] as string,
    instruments,
    strongest: ranked[0]?.symbol ?? null,
    weakest: ranked.at(-1)?.symbol ?? null,
  };
}

function describe(symbol: string, data: PriceColumns, j: number, given: Input): Row {
  const column = data.columns[j] as Float64Array;
  const keep = Array.from(column.keys()).filter((t) => (column[t] as number) > 0);
  const prices = Float64Array.from(keep, (t) => column[t] as number);
  const times = Float64Array.from(keep, (t) => data.times[t] as number);
  const ends = monthEndRows(times);
  const at = (monthsAgo: number): number | null => {
    const end = ends[ends.length - 1 - monthsAgo];
    return end === undefined ? null : (prices[end] as number);
  };
  const change = (from: number | null, to: number | null) => (from === null || to === null ? null : to / from - 1);
  const horizons = given.horizonsMonths.map((months) => {
    const value = change(at(months), at(0));
    return { months, return: value, signal: value === null ? null : Math.sign(value) };
  });
  const known = horizons.flatMap((h) => (h.signal === null ? [] : [h.signal]));
  const agreement = known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
  const returns = prices.slice(1).map((p, t) => p / (prices[t] as number) - 1);
  const volatility = finite(decayedVolatility(returns, { periodsPerYear: data.periodsPerYear }).at(-1));
  const efficiency = prices.length > 126 ? finite(efficiencyRatio(prices, 126).at(-1)) : null;
  const scaled =
    agreement === null || volatility === null || volatility === 0
      ? null
      : (agreement * given.targetVolatility) / volatility;
  return {
    symbol,
    momentum12m1: change(at(12), at(1)),
    rank: null,
    horizons,
    agreement,
    volatility,
    position: scaled,
    efficiencyRatio: efficiency,
    trendT: trendRegression(prices, 126, data.periodsPerYear)?.t ?? null,
    ctaSignal: prices.length > 320 ? finite(ctaSignal(prices).at(-1)) : null,
    filter: describeFilter(prices, given),
    regime: regime(agreement, efficiency),
  };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function describeFilter(prices: Float64Array, given: Input): Row['filter'] {
  const shared = { window: given.trendWindow, below: -1 as const };
  const plain = trendPositions(prices, { ...shared, average: 'sma' });
  const banded = { band: given.band, minEfficiency: given.minEfficiency };
  const filtered = trendPositions(prices, { ...shared, ...banded, average: 'sma' });
  const adaptive = trendPositions(prices, {
    ...shared,
    ...banded,
    window: Math.max(10, given.trendWindow >> 2),
    average: 'kama',
  });
  const side = filtered[filtered.length - 1] as number;
  let since = 1;
  while (since < filtered.length && filtered[filtered.length - 1 - since] === side) since++;
  const [a, b] = [countWhipsaws(plain), countWhipsaws(filtered)];
  return {
    side: side > 0 ? 'up' : side < 0 ? 'down' : 'none',
    sinceBars: since,
    changesPlain: a.changes,
    changesFiltered: b.changes,
    whipsawsPlain: a.whipsaws,
    whipsawsFiltered: b.whipsaws,
    changesAdaptive: countWhipsaws(adaptive).changes,
  };
}

function regime(agreement: number | null, efficiency: number | null): Row['regime'] {
  if (agreement === null) return 'unknown';
  const strong = Math.abs(agreement) > 0.99 && (efficiency ?? 0) > 0.15;
  if (agreement >= 0.5) return strong ? 'strong-up' : 'up';
  if (agreement <= -0.5) return strong ? 'strong-down' : 'down';
  return 'mixed';
}
