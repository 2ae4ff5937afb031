/** Is one series (or a stated test statistic) stationary, and by which table should that be judged? */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool } from '../define-tool.ts';
import { adfTest, schwertLag } from '../kernels/statarb/adf.ts';
import { dfGlsTest } from '../kernels/statarb/df-gls.ts';
import { hedgeLine, spreadOf } from '../kernels/statarb/hedge-ratio.ts';
import { hurstByLaggedDeviation } from '../kernels/statarb/hurst.ts';
import { kpssTest } from '../kernels/statarb/kpss.ts';
import { dickeyFullerCritical, dickeyFullerPValue } from '../kernels/statarb/mackinnon.ts';
import { phillipsPerronTest } from '../kernels/statarb/phillips-perron.ts';
import { varianceRatioTest } from '../kernels/statarb/variance-ratio.ts';

const judged = z.object({
  pValue: units.probability('of a statistic this low under a unit root; null where no table exists').nullable(),
  onePercent: units.statistic('critical value at 1%').nullable(),
  fivePercent: units.statistic('critical value at 5%').nullable(),
  tenPercent: units.statistic('critical value at 10%').nullable(),
});

const output = z.object({
  source: z.string().describe('What was tested'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  from: z.string().nullable().describe('First bar'),
  to: z.string().nullable().describe('Last bar'),
  observations: units.count('values tested'),
  trend: z.string().describe('Deterministic terms of the regression: n none, c constant, ct constant and trend'),
  hedgeRatio: units.coefficient('log units of x per log unit of y, where a residual was tested').nullable(),
  adf: z.object({
    statistic: units.statistic('t of the lagged level'),
    lag: units.count('lagged differences').nullable(),
    ownSeries: judged.describe('Right when the series is one that you observe'),
    asResidual: judged.describe('Right when the series is a spread whose hedge ratio was estimated from the same data'),
  }),
  applicable: z
    .enum(['ownSeries', 'asResidual', 'unknown'])
    .describe('Which table applies; unknown: ask how the spread was made'),
  kpss: z
    .object({
      statistic: units.statistic('null hypothesis: stationary'),
      pValue: units.probability('interpolated between 1% and 10%'),
      pValueIsBound: z.boolean().describe('True where the truth is beyond the table'),
    })
    .nullable(),
  phillipsPerron: z
    .object({
      statistic: units.statistic('Z tau'),
      pValue: units.probability('under a unit root, own-series table').nullable(),
    })
    .nullable(),
  dfGls: z
    .object({
      statistic: units.statistic('t after quasi-differencing'),
      pValue: units.probability('under a unit root').nullable(),
    })
    .nullable(),
  varianceRatios: z
    .array(
      z.object({
        bars: units.count('q'),
        ratio: units.ratio('variance of q-bar changes ÷ q × variance of one-bar changes; 1 for a random walk'),
        pValue: units.probability('two-sided, robust to changing variance'),
      }),
    )
    .describe('Below 1 reverting, above 1 trending'),
  hurst: units.ratio('exponent by lagged deviations; 0.5 for a random walk').nullable(),
  verdict: z
    .enum(['stationary', 'unit-root', 'conflict', 'table-decides'])
    .describe('table-decides: one table rejects, the other does not'),
  reason: z.string().describe('The verdict in words'),
});

const input = z.strictObject({
  symbol: symbolField('Series to test; leave out when a statistic is given').optional(),
  hedgedBy: symbolField('Test the residual of log symbol on log of this one instead of the series itself').optional(),
  transform: z
    .enum(['log', 'level', 'returns'])
    .default('log')
    .describe('What of the price is tested; returns are log returns'),
  statistic: units.statistic('an ADF statistic that you already have, to be judged').min(-100).max(100).optional(),
  observations: units.count('rows behind that statistic').min(10).max(1_000_000).optional(),
  isResidual: z
    .boolean()
    .optional()
    .describe('Whether the given statistic is of a spread with an estimated hedge ratio; leave out when not known'),
  trend: z.enum(['n', 'c', 'ct']).default('c').describe('n none, c constant, ct constant and trend'),
  lags: z.enum(['aic', 'bic', 't-stat']).default('aic').describe('How the number of lagged differences is chosen'),
  maxLag: units.count('longest lag tried; default 12(n/100)^¼').min(0).max(200).optional(),
  ...windowFields,
});

type Data = PriceColumns | null;
type Output = z.input<typeof output>;

export const testStationarity = defineTool({
  name: 'test_stationarity',
  title: 'Test a series for a unit root',
  family: 'statarb',
  version: 1,
  description:
    'Tests whether a series reverts or wanders: ADF with lag selection, KPSS, Phillips–Perron, DF-GLS, variance ratios and Hurst, each with its p-value, and the verdict where they disagree. Use it for one series or spread, or to judge an ADF statistic that someone states (give statistic and observations): a spread with an estimated hedge ratio needs stricter critical values, and both tables are shown. Use analyze_pair for two series and their hedge ratio, analyze_basket for three or more, scan_pairs for a whole universe.',
  input,
  output,
  async load(given, ports) {
    if (given.symbol === undefined) return { value: null as Data, provenance: [] };
    const symbols = given.hedgedBy === undefined ? [given.symbol] : [given.symbol, given.hedgedBy];
    return loadPriceColumns({ ...given, symbols, rows: 'complete', minimum: 30 }, ports);
  },
  run(given, data: Data): Output {
    if (data === null) return judgeStatistic(given);
    return testSeries(given, data);
  },
  summarise: (out, cite) => {
    const table = out.applicable === 'unknown' ? null : out.adf[out.applicable];
    return [
      `${out.source}${out.synthetic ? ' (synthetic)' : ''}: ADF ${cite('adf.statistic')} on ${cite('observations')} observations; verdict ${out.verdict}. ${out.reason}`,
      `Own-series table: p ${out.adf.ownSeries.pValue === null ? 'none' : cite('adf.ownSeries.pValue')}, 5% at ${out.adf.ownSeries.fivePercent === null ? 'none' : cite('adf.ownSeries.fivePercent')}; residual table: p ${out.adf.asResidual.pValue === null ? 'none' : cite('adf.asResidual.pValue')}, 5% at ${out.adf.asResidual.fivePercent === null ? 'none' : cite('adf.asResidual.fivePercent')}.`,
      table === null
        ? 'Which table applies depends on whether the hedge ratio was estimated from the same data: ask.'
        : `The ${out.applicable === 'asResidual' ? 'residual' : 'own-series'} table applies.`,
      ...(out.kpss
        ? [
            `KPSS ${cite('kpss.statistic')} (p ${out.kpss.pValueIsBound ? 'beyond' : 'about'} ${cite('kpss.pValue')}, null: stationary).`,
          ]
        : []),
      ...(out.varianceRatios.length > 0
        ? [
            `Variance ratios: ${out.varianceRatios.map((v, i) => `${v.bars} bars ${cite(`varianceRatios[${i}].ratio`)} (p ${cite(`varianceRatios[${i}].pValue`)})`).join(', ')}.`,
          ]
        : []),
    ];
  },
  examples: [
    {
      ask: 'adf on my spread is -3.1, 252 obs, stationary right?',
      input: { statistic: -3.1, observations: 252 },
      fixture: 'none',
      expect: { values: { verdict: 'table-decides', applicable: 'unknown' } },
    },
    {
      ask: 'Is the S&P 500 stationary?',
      input: { symbol: 'SPX', start: '2010-01-01' },
      fixture: 'bundled',
      expect: { values: { verdict: 'unit-root', applicable: 'ownSeries' } },
    },
    {
      ask: 'Is -3.4 significant?',
      input: { statistic: -3.4 },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'No missing rows; errors have finite variance. Structural breaks make stationary series look like unit roots.',
    'ADF p-values are asymptotic (MacKinnon 1994), critical values finite-sample (MacKinnon 2010).',
  ],
  references: [
    'Said & Dickey (1984), Biometrika 71:599',
    'MacKinnon (1994), JBES 12:167; (2010), Queen’s University WP 1227',
    'Kwiatkowski, Phillips, Schmidt & Shin (1992), J. Econometrics 54:159',
    'Phillips & Perron (1988), Biometrika 75:335; Elliott, Rothenberg & Stock (1996), Econometrica 64:813',
    'Lo & MacKinlay (1988), Rev. Financ. Stud. 1:41',
  ],
  cost: 'instant',
});

type Given = z.output<typeof input>;

function judgement(statistic: number, n: number, trend: 'n' | 'c' | 'ct', series: number): z.input<typeof judged> {
  const kind = { kind: 'tau', series } as const;
  const critical = dickeyFullerCritical(n, trend, kind);
  return {
    pValue: dickeyFullerPValue(statistic, trend, kind),
    onePercent: critical?.onePercent ?? null,
    fivePercent: critical?.fivePercent ?? null,
    tenPercent: critical?.tenPercent ?? null,
  };
}

function judgeStatistic(given: Given): Output {
  if (given.statistic === undefined || given.observations === undefined) {
    throw invalidInput({
      what: 'The series to test',
      needed: 'a symbol, or a statistic with its number of observations',
      got: given.statistic === undefined ? 'neither' : 'a statistic without observations',
      hint: 'Give symbol, or statistic and observations.',
    });
  }
  const own = judgement(given.statistic, given.observations, given.trend, 1);
  const residual = judgement(given.statistic, given.observations, given.trend, 2);
  const applicable = given.isResidual === undefined ? 'unknown' : given.isResidual ? 'asResidual' : 'ownSeries';
  const rejects = { own: (own.pValue ?? 1) < 0.05, residual: (residual.pValue ?? 1) < 0.05 };
  const verdict =
    applicable === 'unknown'
      ? rejects.own === rejects.residual
        ? rejects.own
          ? 'stationary'
          : 'unit-root'
        : 'table-decides'
      : (applicable === 'ownSeries' ? rejects.own : rejects.residual)
        ? 'stationary'
        : 'unit-root';
  return {
    source: 'a stated ADF statistic',
    synthetic: false,
    from: null,
    to: null,
    observations: given.observations,
    trend: given.trend,
    hedgeRatio: null,
    adf: { statistic: given.statistic, lag: null, ownSeries: own, asResidual: residual },
    applicable,
    kpss: null,
    phillipsPerron: null,
    dfGls: null,
    varianceRatios: [],
    hurst: null,
    verdict,
    reason: statedReason(verdict),
  };
}

function statedReason(verdict: Output['verdict']): string {
  if (verdict === 'table-decides') {
    return 'It rejects a unit root at 5% only if the series is observed as it is. A spread whose hedge ratio was estimated on the same data is judged by the residual table, and there it does not reject.';
  }
  return verdict === 'stationary' ? 'It rejects a unit root at 5%.' : 'It does not reject a unit root at 5%.';
}

function seriesOf(given: Given, data: PriceColumns) {
  const logs = data.columns.map((c) => (given.transform === 'level' ? c : c.map(Math.log)));
  const first = logs[0] as Float64Array;
  const second = logs[1];
  if (second !== undefined) {
    const line = hedgeLine(first, second, 'ols');
    return { x: spreadOf(first, second, line), beta: line.beta };
  }
  const x = given.transform === 'returns' ? first.slice(1).map((v, t) => v - (first[t] as number)) : first;
  return { x, beta: null };
}

function testSeries(given: Given, data: PriceColumns): Output {
  const { x, beta } = seriesOf(given, data);
  const residual = beta !== null;
  const trend = residual ? 'n' : given.trend;
  const longest = Math.min(given.maxLag ?? schwertLag(x.length, trend), Math.floor((x.length - 8) / 2));
  const adf = adfTest(x, { trend, lags: given.lags, maxLag: longest });
  const own = judgement(adf.statistic, adf.rows, given.trend, 1);
  const asResidual = judgement(adf.statistic, x.length - 1, given.trend === 'n' ? 'c' : given.trend, 2);
  const kpss = kpssTest(x, { trend: given.trend === 'ct' ? 'ct' : 'c' });
  const pp = phillipsPerronTest(x, { trend });
  const gls = residual ? null : dfGlsTest(x, { trend: given.trend === 'ct' ? 'ct' : 'c' });
  const dates = rowDates(data.times);
  const p = (residual ? asResidual : own).pValue ?? 1;
  const rejects = p < 0.05;
  const kpssRejects = kpss.statistic > kpss.criticalValues.fivePercent;
  return {
    source: residual
      ? `residual of ${data.symbols[0]} on ${data.symbols[1]} (logs)`
      : `${given.transform === 'level' ? 'price' : given.transform === 'returns' ? 'log returns' : 'log price'} of ${data.symbols[0]}`,
    synthetic: data.synthetic,
    from: dates[0] ?? null,
    to: dates[dates.length - 1] ?? null,
    observations: x.length,
    trend: given.trend,
    hedgeRatio: beta,
    adf: { statistic: adf.statistic, lag: adf.lag, ownSeries: own, asResidual },
    applicable: residual ? 'asResidual' : 'ownSeries',
    kpss: { statistic: kpss.statistic, pValue: kpss.pValue, pValueIsBound: kpss.pValueIsBound },
    phillipsPerron: { statistic: pp.tau, pValue: pp.tauPValue },
    dfGls: gls === null ? null : { statistic: gls.statistic, pValue: gls.pValue },
    varianceRatios: [2, 5, 10, 20]
      .filter((q) => x.length > 3 * q)
      .map((q) => {
        const v = varianceRatioTest(x, q);
        return { bars: q, ratio: v.varianceRatio, pValue: v.pValue };
      }),
    hurst: x.length > 210 ? hurstByLaggedDeviation(x, 100) : null,
    verdict: rejects === kpssRejects ? 'conflict' : rejects ? 'stationary' : 'unit-root',
    reason: verdictReason(rejects, kpssRejects, residual),
  };
}

function verdictReason(rejects: boolean, kpssRejects: boolean, residual: boolean): string {
  const table = residual ? ' by the residual table' : '';
  if (rejects && !kpssRejects) return `ADF rejects a unit root at 5%${table} and KPSS does not reject stationarity.`;
  if (!rejects && kpssRejects) return `ADF does not reject a unit root at 5%${table} and KPSS rejects stationarity.`;
  return rejects
    ? `ADF rejects a unit root${table} and KPSS rejects stationarity too: long memory, a break or changing variance; treat as not proven.`
    : `Neither test rejects at 5%${table}: the sample cannot tell.`;
}
