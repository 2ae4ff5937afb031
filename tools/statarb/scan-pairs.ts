/** Every pair of a universe, tested both ways, corrected for the number of tests, filtered and ranked. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import { throwIfCancelled } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { type PairScan, prepareScan, scanPairRange } from '../kernels/statarb/pair-scan.ts';
import { adjustPValues } from '../kernels/stats/multiple-testing.ts';

const input = z.strictObject({
  symbols: z
    .array(symbolField('Symbol'))
    .max(600)
    .default([])
    .describe('Universe; empty with a sector or synthetic: all instruments with prices there'),
  sector: z.string().max(60).optional().describe('Take the instruments of this sector'),
  synthetic: z.boolean().default(false).describe('Take the synthetic demo market where no symbols are given'),
  sameSectorOnly: z.boolean().default(false).describe('Keep pairs within one sector'),
  falseDiscoveryRate: units
    .probability('share of false finds accepted among the kept pairs (Benjamini–Hochberg)')
    .gt(0)
    .max(0.5)
    .default(0.05),
  direction: z
    .enum(['both', 'either'])
    .default('both')
    .describe('both: the larger of the two p-values counts; either: the smaller, doubled for the choice'),
  minHalfLifeBars: units.ratio('bars').min(0).max(1000).default(1),
  maxHalfLifeBars: units.ratio('bars').min(1).max(2000).default(60),
  minDollarVolume: units.money('median daily traded value that both legs need; needs volume data').min(0).default(0),
  positiveHedgeOnly: z
    .boolean()
    .default(true)
    .describe('Drop pairs with a negative hedge ratio (both legs on one side)'),
  top: units.count('rows in the table').min(1).max(200).default(20),
  ...windowFields,
});

const row = z.object({
  y: z.string().describe('Left leg of the reported direction'),
  x: z.string().describe('Right leg'),
  pValue: units.probability('of no cointegration for this pair, by the rule of `direction`'),
  adjustedP: units.probability('Benjamini–Hochberg over all pairs tested'),
  significant: z.boolean().describe('True where adjusted p is at most the false discovery rate'),
  pYOnX: units.probability('Engle–Granger, y on x'),
  pXOnY: units.probability('Engle–Granger, x on y'),
  hedgeRatio: units.coefficient('log units of x per log unit of y'),
  halfLifeBars: units.ratio('bars').nullable(),
  zNow: units.ratio('last residual ÷ its deviation over the whole window (in-sample)'),
  correlation: units.correlation('of one-bar changes'),
  sector: z.string().nullable().describe('Shared sector, if any'),
});

const output = z.object({
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  from: z.string().describe('First bar'),
  to: z.string().describe('Last bar'),
  rows: units.count('shared bars'),
  symbols: units.count('instruments'),
  pairs: units.count('pairs tested'),
  degeneratePairs: units.count('pairs left out: constant or nearly collinear'),
  belowFivePercent: units.count('pairs with a raw p below 5%'),
  expectedFalse: units.ratio('pairs below 5% to expect if none were cointegrated'),
  significant: units.count('pairs that survive Benjamini–Hochberg'),
  expectedFalseAmongSignificant: units.ratio('false finds to expect among those'),
  dropped: z
    .object({
      halfLife: units.count('half-life outside the limits or none'),
      negativeHedge: units.count('negative hedge ratio'),
      sector: units.count('different sectors'),
      liquidity: units.count('a leg trades too little'),
    })
    .describe('Filters, applied in this order after the tests'),
  kept: units.count('pairs left after the filters'),
  table: z.array(row).describe('Kept pairs, best adjusted p first'),
  note: z.string().describe('What the numbers mean together'),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;

interface Chunk {
  readonly series: readonly Float64Array[];
  readonly from: number;
  readonly to: number;
}

export const scanPairs = defineTool({
  name: 'scan_pairs',
  title: 'Scan a universe for cointegrated pairs',
  family: 'statarb',
  version: 1,
  description:
    'Tests every pair of a universe (up to 600 instruments, 180,000 pairs) for cointegration in both directions, corrects for the number of tests by Benjamini–Hochberg, states how many false finds to expect, filters by half-life, sector, liquidity and hedge sign, and ranks what is left. Use it to search for pairs, or when someone ran many pairs and asks which to trade. Use analyze_pair for one pair in depth and backtest_pair before trading any of them.',
  input,
  output,
  async load(given, ports) {
    const symbols = given.symbols.length > 0 ? given.symbols : await universe(given, ports);
    return loadPriceColumns({ ...given, symbols, rows: 'complete', minimum: 60 }, ports);
  },
  jobs: {
    scan: (chunk: Chunk): PairScan => scanPairRange(prepareScan(chunk.series), chunk.from, chunk.to),
  },
  run,
  summarise: (out, cite) => [
    `${cite('pairs')} pairs of ${cite('symbols')} instruments${out.synthetic ? ' (synthetic)' : ''}, ${out.from} to ${out.to}, ${cite('rows')} bars.`,
    `${cite('belowFivePercent')} have a raw p below 5%; ${cite('expectedFalse')} would by chance alone. ${cite('significant')} survive Benjamini–Hochberg, of which about ${cite('expectedFalseAmongSignificant')} false. ${cite('kept')} are left after the filters.`,
    ...out.table
      .slice(0, 6)
      .map(
        (r, i) =>
          `${i + 1}. ${r.y} on ${r.x}: adjusted p ${cite(`table[${i}].adjustedP`)}${r.significant ? '' : ' (not significant)'}, hedge ${cite(`table[${i}].hedgeRatio`)}, half-life ${r.halfLifeBars === null ? 'none' : cite(`table[${i}].halfLifeBars`)} bars, z ${cite(`table[${i}].zNow`)}.`,
      ),
    out.note,
  ],
  chart: (out) =>
    out.table.length === 0
      ? null
      : {
          kind: 'bar',
          title: 'Adjusted p of the best pairs',
          synthetic: out.synthetic,
          categories: out.table.slice(0, 20).map((r) => `${r.y}/${r.x}`),
          unit: 'probability',
          series: [{ name: 'adjusted p', values: out.table.slice(0, 20).map((r) => r.adjustedP) }],
        },
  examples: [
    {
      ask: 'Find cointegrated pairs in the demo utilities and energy names',
      input: {
        symbols: ['DEMO:VOLTA', 'DEMO:HYDRO', 'DEMO:GRIDX', 'DEMO:DRILX', 'DEMO:PETRA', 'DEMO:SOLAN', 'DEMO:REFIN'],
        start: '2016-01-01',
      },
      fixture: 'bundled',
      expect: { values: { pairs: 21, 'table[0].significant': true } },
    },
    {
      ask: 'Scan these for pairs, keep quick ones only',
      input: {
        symbols: ['DEMO:FENNB', 'DEMO:OSTRM', 'DEMO:TORVA', 'DEMO:QUILH'],
        start: '2018-01-01',
        maxHalfLifeBars: 30,
      },
      fixture: 'bundled',
      expect: { values: { pairs: 6, synthetic: true } },
    },
    { ask: 'Scan one stock', input: { symbols: ['SPX'] }, fixture: 'bundled', expect: { error: 'NOT_ENOUGH_DATA' } },
  ],
  assumptions: [
    'Log prices on rows that all instruments share; nothing is filled. Constant in the regression, lags by AIC.',
    'Pairs that share an instrument are dependent; Benjamini–Hochberg is close to valid under such positive dependence (Benjamini & Yekutieli 2001 for the worst case).',
    'In-sample: a pair that survives the scan still needs an out-of-sample backtest.',
  ],
  references: [
    'Engle & Granger (1987), Econometrica 55:251; MacKinnon (1994), JBES 12:167',
    'Benjamini & Hochberg (1995), JRSS B 57:289; Benjamini & Yekutieli (2001), Ann. Stat. 29:1165',
    'Gatev, Goetzmann & Rouwenhorst (2006), Rev. Financ. Stud. 19:797',
  ],
  cost: 'minutes',
});

async function universe(given: Input, ports: Ports): Promise<string[]> {
  const found = await ports.market.search({
    sector: given.sector,
    assetClass: 'equity',
    synthetic: given.synthetic,
    withData: true,
    limit: 600,
  });
  return found.map((instrument) => instrument.symbol);
}

async function run(given: Input, data: PriceColumns, context: RunContext): Promise<Output> {
  const series = data.columns.map((p) => p.map(Math.log));
  const pairs = prepareScan(series).pairs;
  const chunks = cut(series, pairs);
  context.progress(0.05, `${pairs} pairs`);
  // Rounds of a few chunks, so that progress is seen and a cancelled scan stops between them.
  const parts: PairScan[] = [];
  for (let i = 0; i < chunks.length; i += 4) {
    throwIfCancelled(context.signal, 'The scan');
    parts.push(...(await context.runJobs<Chunk, PairScan>('scan', chunks.slice(i, i + 4))));
    context.progress(
      0.05 + (0.95 * Math.min(chunks.length, i + 4)) / chunks.length,
      `${parts.at(-1)?.to ?? 0} of ${pairs} pairs`,
    );
  }
  return report(given, data, parts);
}

/** Up to twelve chunks of at least 300 pairs; fixed by the data, so that the split never depends on the machine. */
function cut(series: readonly Float64Array[], pairs: number): Chunk[] {
  const size = Math.max(300, Math.ceil(pairs / 12));
  return Array.from({ length: Math.ceil(pairs / size) }, (_, i) => ({
    series,
    from: i * size,
    to: Math.min(pairs, (i + 1) * size),
  }));
}

interface Candidate {
  readonly i: number;
  readonly j: number;
  readonly p: number;
  readonly part: PairScan;
  readonly index: number;
}

function report(given: Input, data: PriceColumns, parts: readonly PairScan[]): Output {
  const candidates: Candidate[] = [];
  let total = 0;
  for (const part of parts) {
    total += part.to - part.from;
    for (let index = 0; index < part.to - part.from; index++) {
      const a = part.forward.pValue[index] as number;
      const b = part.backward.pValue[index] as number;
      if (Number.isNaN(a) || Number.isNaN(b)) continue;
      const p = given.direction === 'both' ? Math.max(a, b) : Math.min(1, 2 * Math.min(a, b));
      candidates.push({ i: part.first[index] as number, j: part.second[index] as number, p, part, index });
    }
  }
  const adjusted = adjustPValues(
    candidates.map((c) => c.p),
    'benjamini-hochberg',
  );
  const rows = candidates.map((c, k) => describePair(c, adjusted[k] as number, given, data));
  const significant = rows.filter((r) => r.significant).length;
  const raw = candidates.filter((c) => c.p < 0.05).length;
  const { kept, dropped } = filterRows(rows, given, data, candidates);
  kept.sort((a, b) => a.adjustedP - b.adjustedP || a.pValue - b.pValue || `${a.y}${a.x}`.localeCompare(`${b.y}${b.x}`));
  const dates = rowDates(data.times);
  return {
    synthetic: data.synthetic,
    from: dates[0] as string,
    to: dates[dates.length - 1] as string,
    rows: data.times.length,
    symbols: data.symbols.length,
    pairs: total,
    degeneratePairs: total - candidates.length,
    belowFivePercent: raw,
    expectedFalse: 0.05 * candidates.length,
    significant,
    expectedFalseAmongSignificant: given.falseDiscoveryRate * significant,
    dropped,
    kept: kept.length,
    table: kept.slice(0, given.top),
    note: describeOutcome(raw, candidates.length, significant, given.falseDiscoveryRate),
  };
}

function describePair(c: Candidate, adjustedP: number, given: Input, data: PriceColumns): z.input<typeof row> {
  const { forward, backward, changeCorrelation } = c.part;
  const a = forward.pValue[c.index] as number;
  const b = backward.pValue[c.index] as number;
  const leads = a <= b;
  const [chosen, y, x] = leads ? [forward, c.i, c.j] : [backward, c.j, c.i];
  const half = chosen.halfLife[c.index] as number;
  const sector = data.sectors[c.i];
  return {
    y: data.symbols[y] as string,
    x: data.symbols[x] as string,
    pValue: c.p,
    adjustedP,
    significant: adjustedP <= given.falseDiscoveryRate,
    pYOnX: leads ? a : b,
    pXOnY: leads ? b : a,
    hedgeRatio: chosen.beta[c.index] as number,
    halfLifeBars: Number.isNaN(half) ? null : half,
    zNow: chosen.lastZ[c.index] as number,
    correlation: Math.max(-1, Math.min(1, changeCorrelation[c.index] as number)),
    sector: sector != null && sector === data.sectors[c.j] ? sector : null,
  };
}

function filterRows(
  rows: readonly z.input<typeof row>[],
  given: Input,
  data: PriceColumns,
  candidates: readonly Candidate[],
) {
  const dropped = { halfLife: 0, negativeHedge: 0, sector: 0, liquidity: 0 };
  const kept = rows.filter((r, k) => {
    const c = candidates[k] as Candidate;
    const half = r.halfLifeBars ?? Number.POSITIVE_INFINITY;
    if (half < given.minHalfLifeBars || half > given.maxHalfLifeBars) dropped.halfLife++;
    else if (given.positiveHedgeOnly && r.hedgeRatio <= 0) dropped.negativeHedge++;
    else if (given.sameSectorOnly && r.sector === null) dropped.sector++;
    else if (given.minDollarVolume > 0 && Math.min(volume(data, c.i), volume(data, c.j)) < given.minDollarVolume)
      dropped.liquidity++;
    else return true;
    return false;
  });
  return { kept, dropped };
}

function volume(data: PriceColumns, index: number): number {
  return data.dollarVolumes[index] ?? 0;
}

function describeOutcome(raw: number, pairs: number, significant: number, rate: number): string {
  const expected = 0.05 * pairs;
  if (raw <= expected + 2 * Math.sqrt(expected * 0.95) && significant === 0) {
    return 'As many pairs pass at 5% as chance alone would give: there is no evidence of any cointegrated pair here.';
  }
  if (significant === 0) {
    return 'Some pairs pass at 5%, but none survives the correction for the number of tests.';
  }
  return `Trade none of the raw finds without the correction; among the significant pairs about ${Math.round(rate * 100)} in 100 are still expected to be false, and in-sample significance is not a backtest.`;
}
