/** Three to twelve instruments: does a combination revert, which one, and where does it stand? */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool } from '../define-tool.ts';
import { adfTest } from '../kernels/statarb/adf.ts';
import { johansenTest } from '../kernels/statarb/johansen.ts';
import { fitOrnsteinUhlenbeck } from '../kernels/statarb/ornstein-uhlenbeck.ts';
import { rollingZScore } from '../kernels/statarb/z-score.ts';
import { pearsonCorrelation } from '../kernels/stats/correlation.ts';

const input = z.strictObject({
  symbols: z
    .array(symbolField('Symbol'))
    .min(2)
    .max(12)
    .describe('Two to twelve instruments; the first is scaled to 1'),
  deterministic: z
    .enum(['none', 'constant', 'restricted-constant', 'restricted-trend'])
    .default('constant')
    .describe('constant: prices may drift; restricted: the term stands inside the relation'),
  differences: units.count('lagged differences').min(0).max(20).default(1),
  zWindow: units.count('bars of the rolling z-score').min(10).max(2000).default(60),
  scale: z.enum(['log', 'price']).default('log').describe('Levels'),
  ...windowFields,
});

const output = z.object({
  symbols: z.array(z.string()).describe('In the order of the vector'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  from: z.string().describe('First bar'),
  to: z.string().describe('Last bar'),
  rows: units.count('shared bars'),
  rank: units.count('relations by the trace test at 5%'),
  maxEigenRank: units.count('relations by the maximum-eigenvalue test at 5%'),
  tests: z.array(
    z.object({
      rank: units.count('null: at most so many relations'),
      trace: units.statistic('trace'),
      traceFivePercent: units.statistic('critical value').nullable(),
      maxEigen: units.statistic('maximum eigenvalue'),
      maxEigenFivePercent: units.statistic('critical value').nullable(),
    }),
  ),
  weights: z
    .array(
      z.object({
        symbol: z.string().describe('Instrument'),
        coefficient: units.coefficient('of the first relation, in levels; the first instrument is 1'),
        valueShare: units.fraction('signed share of gross value (log scale: coefficients are value weights)'),
        loading: units.coefficient('how fast this instrument answers a gap, per bar'),
      }),
    )
    .describe('The most stationary combination'),
  spread: z.object({
    adf: units.statistic('of the combination; its p-value table does not apply to an estimated vector'),
    halfLifeBars: units.ratio('bars').nullable(),
    z: units.ratio('rolling z of the last bar').nullable(),
    stationaryDeviation: units.coefficient('in levels').nullable(),
  }),
  collinear: z.string().nullable().describe('Two members that move as one, if any'),
  verdict: z
    .enum(['cointegrated', 'not-cointegrated', 'all-stationary', 'tests-disagree'])
    .describe('By both Johansen tests'),
  reason: z.string().describe('The verdict in words'),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;

export const analyzeBasket = defineTool({
  name: 'analyze_basket',
  title: 'Analyse a basket for cointegration',
  family: 'statarb',
  version: 1,
  description:
    'Runs Johansen’s trace and maximum-eigenvalue tests on two to twelve instruments and gives the number of relations, the weights of the most stationary combination, its half-life and its z-score now. Use it for baskets of three or more names, or to settle a pair whose two Engle–Granger directions disagree. Use analyze_pair for exactly two in depth, scan_pairs to search, test_stationarity for one series.',
  input,
  output,
  load: (given, ports) => loadPriceColumns({ ...given, rows: 'complete', minimum: 80 }, ports),
  run,
  summarise: (out, cite) => [
    `${out.symbols.join(', ')}${out.synthetic ? ' (synthetic)' : ''}, ${out.from} to ${out.to}, ${cite('rows')} bars: ${cite('rank')} relation(s) by trace, ${cite('maxEigenRank')} by maximum eigenvalue. ${out.reason}`,
    ...out.tests
      .slice(0, 3)
      .map(
        (t, i) =>
          `At most ${cite(`tests[${i}].rank`)}: trace ${cite(`tests[${i}].trace`)} against ${t.traceFivePercent === null ? 'no table' : cite(`tests[${i}].traceFivePercent`)}, max-eigen ${cite(`tests[${i}].maxEigen`)} against ${t.maxEigenFivePercent === null ? 'no table' : cite(`tests[${i}].maxEigenFivePercent`)}.`,
      ),
    `Combination: ${out.weights.map((w, i) => `${w.symbol} ${cite(`weights[${i}].coefficient`)}`).join(', ')}.`,
    `Half-life ${out.spread.halfLifeBars === null ? 'none' : cite('spread.halfLifeBars')} bars, z now ${out.spread.z === null ? 'none' : cite('spread.z')}.`,
    ...(out.collinear === null ? [] : [out.collinear]),
  ],
  examples: [
    {
      ask: 'Is there a relation between DEMO:STEEL, DEMO:CHEMX and DEMO:MINRA?',
      input: { symbols: ['DEMO:STEEL', 'DEMO:CHEMX', 'DEMO:MINRA'], start: '2015-01-01' },
      fixture: 'bundled',
      expect: { values: { rank: 1, verdict: 'cointegrated' } },
    },
    {
      ask: 'Basket of one',
      input: { symbols: ['SPX', 'SPX'] },
      fixture: 'bundled',
      expect: { error: 'SAME_INSTRUMENT' },
    },
  ],
  assumptions: [
    'Gaussian errors, constant coefficients, every series integrated of order one (a stationary member counts as a relation by itself).',
    'Critical values are asymptotic (Osterwald-Lenum 1992): with few rows and many series the tests reject too often.',
  ],
  references: [
    'Johansen (1988), J. Econ. Dyn. Control 12:231; (1991), Econometrica 59:1551',
    'Osterwald-Lenum (1992), Oxf. Bull. 54:461',
  ],
  cost: 'instant',
});

function run(given: Input, data: PriceColumns): Output {
  if (data.columns.length < 2) {
    throw invalidInput({
      code: 'SAME_INSTRUMENT',
      what: 'The basket',
      needed: 'two different instruments or more',
      got: `${data.symbols[0]} alone`,
      hint: 'Name other members.',
    });
  }
  const levels = data.columns.map((p) => (given.scale === 'log' ? p.map(Math.log) : p));
  const johansen = johansenTest(levels, { deterministic: given.deterministic, differences: given.differences });
  const vector = (johansen.vectors[0] as Float64Array).slice(0, levels.length);
  const spread = (levels[0] as Float64Array).map((_, t) =>
    levels.reduce((sum, level, j) => sum + (vector[j] as number) * (level[t] as number), 0),
  );
  const ou = fitOrnsteinUhlenbeck(spread, { dt: 1 / data.periodsPerYear });
  const z = rollingZScore(spread, given.zWindow)[spread.length - 1] as number;
  const gross = vector.reduce((sum, v) => sum + Math.abs(v), 0);
  const dates = rowDates(data.times);
  return {
    symbols: [...data.symbols],
    synthetic: data.synthetic,
    from: dates[0] as string,
    to: dates[dates.length - 1] as string,
    rows: spread.length,
    rank: johansen.traceRank,
    maxEigenRank: johansen.maxEigenRank,
    tests: johansen.rows.map((r) => ({
      rank: r.rank,
      trace: r.trace,
      traceFivePercent: r.traceCritical?.[1] ?? null,
      maxEigen: r.maxEigen,
      maxEigenFivePercent: r.maxEigenCritical?.[1] ?? null,
    })),
    weights: data.symbols.map((symbol, j) => ({
      symbol,
      coefficient: vector[j] as number,
      valueShare: (vector[j] as number) / gross,
      loading: johansen.firstLoading[j] as number,
    })),
    spread: {
      adf: adfTest(spread, { trend: 'c' }).statistic,
      halfLifeBars: ou.halfLifeBars,
      z: Number.isNaN(z) ? null : z,
      stationaryDeviation: ou.stationaryDeviation,
    },
    collinear: collinearPair(data),
    ...judge(johansen.traceRank, johansen.maxEigenRank, levels.length),
  };
}

function collinearPair(data: PriceColumns): string | null {
  const changes = data.columns.map((p) => p.slice(1).map((v, t) => v / (p[t] as number) - 1));
  for (let i = 0; i < changes.length; i++) {
    for (let j = i + 1; j < changes.length; j++) {
      const r = pearsonCorrelation(changes[i] as Float64Array, changes[j] as Float64Array) ?? 0;
      if (Math.abs(r) > 0.995) {
        return `${data.symbols[i]} and ${data.symbols[j]} move as one (a copy, a leveraged or an inverse twin): a relation between them is no news.`;
      }
    }
  }
  return null;
}

function judge(trace: number, maxEigen: number, p: number): Pick<Output, 'verdict' | 'reason'> {
  if (trace === p && maxEigen === p) {
    return { verdict: 'all-stationary', reason: 'Every combination reverts: the series themselves look stationary.' };
  }
  if ((trace === 0) !== (maxEigen === 0)) {
    return {
      verdict: 'tests-disagree',
      reason: 'One of the two tests finds a relation and the other does not: not proven.',
    };
  }
  return trace === 0
    ? { verdict: 'not-cointegrated', reason: 'Neither test finds a relation at 5%.' }
    : { verdict: 'cointegrated', reason: 'Both tests find a relation at 5%; the vector is estimated in sample.' };
}
