/** One pair: cointegration both ways, hedge ratios, half-life, z now, breaks, costs, verdict. */
import type { z } from 'zod';
import { loadPriceColumns, type PriceColumns } from '../backtest/price-columns.ts';
import { defineTool } from '../define-tool.ts';
import { analyzePairInput, analyzePairOutput } from './analyze-pair-schema.ts';
import { runAnalyzePair } from './run-analyze-pair.ts';

type Output = z.output<typeof analyzePairOutput>;

export const analyzePair = defineTool({
  name: 'analyze_pair',
  title: 'Analyse a pair for statistical arbitrage',
  family: 'statarb',
  version: 1,
  description:
    'Analyses two instruments as a pair: Engle–Granger in both directions with MacKinnon p-values and an explanation when they disagree, Johansen, hedge ratio by OLS, total least squares and Kalman filter, half-life with an interval, the z-score now and the position its state machine would hold, break tests, costs and a verdict. Use it for any question about whether two symbols are (still) cointegrated, their hedge ratio, half-life or z. Use backtest_pair for what trading it would have earned, calibrate_entry_exit for thresholds, scan_pairs to search a universe, test_stationarity for one spread.',
  input: analyzePairInput,
  output: analyzePairOutput,
  load: (input, ports) =>
    loadPriceColumns({ ...input, symbols: [input.y, input.x], rows: 'complete', minimum: 60 }, ports),
  run: (input, data: PriceColumns, context) => runAnalyzePair(input, data, context),
  summarise,
  chart: (out) =>
    out.zSeries.every((row) => row.z === null)
      ? null
      : {
          kind: 'xy',
          title: `Rolling z-score of ${out.y} against ${out.x}`,
          synthetic: out.synthetic,
          x: { label: 'date', dates: out.zSeries.map((row) => row.date) },
          y: { label: 'z', unit: 'ratio', zero: true },
          series: [{ name: 'z', values: out.zSeries.map((row) => row.z) }],
          lines: [{ y: 0, label: 'mean' }],
        },
  examples: [
    {
      ask: 'Are DEMO:VOLTA and DEMO:HYDRO cointegrated? hedge ratio, half life, z now',
      input: { y: 'DEMO:VOLTA', x: 'DEMO:HYDRO', start: '2018-01-01' },
      fixture: 'bundled',
      expect: { values: { 'cointegration.agreement': 'both', degenerate: null, synthetic: true } },
    },
    {
      ask: 'DEMO:MILLO and DEMO:GRANA: still a pair?',
      input: { y: 'DEMO:MILLO', x: 'DEMO:GRANA', start: '2016-01-01', end: '2023-12-29' },
      fixture: 'bundled',
      expect: { values: { 'breaks.suspected': true } },
    },
    {
      ask: 'Pair the S&P 500 with itself',
      input: { y: 'SPX', x: 'SPX' },
      fixture: 'bundled',
      expect: { error: 'SAME_INSTRUMENT' },
    },
  ],
  assumptions: [
    'Both series have a unit root; the relation is linear in the levels tested and constant over the window unless a break is reported.',
    'The OLS and TLS spreads use the hedge ratio of the whole window (in-sample, for description); the z-score and the Kalman ratio use only the past. Costs are the stated basis points on both legs, in and out.',
  ],
  references: [
    'Engle & Granger (1987), Econometrica 55:251; MacKinnon (1994), JBES 12:167; (2010) QED WP 1227',
    'Johansen (1991), Econometrica 59:1551; Osterwald-Lenum (1992), Oxf. Bull. 54:461',
    'Phillips & Ouliaris (1990), Econometrica 58:165; Gregory & Hansen (1996), J. Econometrics 70:99',
    'Avellaneda & Lee (2010), Quant. Finance 10:761; Chan (2013), Algorithmic Trading',
  ],
  cost: 'seconds',
});

function summarise(out: Output, cite: (path: string) => string): string[] {
  const or = (value: number | null, path: string) => (value === null ? 'not defined' : cite(path));
  const c = out.cointegration;
  return [
    `${out.y} on ${out.x}${out.synthetic ? ' (synthetic)' : ''}, ${out.from} to ${out.to}, ${cite('rows')} bars. Verdict: ${out.verdict}. ${out.reason}`,
    c.yOnX && c.xOnY
      ? `Engle–Granger p: ${out.y} on ${out.x} ${or(c.yOnX.pValue, 'cointegration.yOnX.pValue')}, ${out.x} on ${out.y} ${or(c.xOnY.pValue, 'cointegration.xOnY.pValue')}; Johansen finds ${or(c.johansenRank, 'cointegration.johansenRank')} relation(s). ${c.explanation}`
      : c.explanation,
    `Hedge ratio (${out.hedge.method}) ${or(out.hedge.ratio, 'hedge.ratio')}; OLS ${or(out.hedge.ols, 'hedge.ols')}, TLS ${or(out.hedge.tls, 'hedge.tls')}, Kalman ${or(out.hedge.kalman, 'hedge.kalman')}.`,
    `Half-life ${or(out.reversion.halfLifeBars, 'reversion.halfLifeBars')} bars (interval ${or(out.reversion.halfLifeLower, 'reversion.halfLifeLower')} to ${out.reversion.halfLifeUpper === null ? 'no bound' : cite('reversion.halfLifeUpper')}).`,
    `z now ${or(out.now.z, 'now.z')} (usual band ${or(out.now.zBandLow, 'now.zBandLow')} to ${or(out.now.zBandHigh, 'now.zBandHigh')}), ${out.now.direction}; machine state ${out.now.state} for ${cite('now.sinceBars')} bars.`,
    `Break: Gregory–Hansen ${or(out.breaks.gregoryHansen, 'breaks.gregoryHansen')} (5% at ${or(out.breaks.fivePercent, 'breaks.fivePercent')}), best date ${out.breaks.date ?? 'none'}; halves p ${or(out.breaks.olderHalfP, 'breaks.olderHalfP')} then ${or(out.breaks.newerHalfP, 'breaks.newerHalfP')}${out.breaks.suspected ? ': a break is suspected' : ''}.`,
    `Costs: round trip ${or(out.costs.roundTrip, 'costs.roundTrip')}, expected move ${or(out.costs.moveAtEntry, 'costs.moveAtEntry')}, covers it ${or(out.costs.coversTimes, 'costs.coversTimes')} times.`,
  ];
}
