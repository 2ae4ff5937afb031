/** How a carry position has crashed, what it depends on, and which warning signs are on today. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Bars, Loaded } from '../../data/types.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { invalidInput, isTradewindError, notEnoughData } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { drawdownPath } from '../kernels/performance/drawdown.ts';
import { crashStatistics } from '../kernels/rates/carry-portfolio.ts';
import { quantileInterval } from '../kernels/risk/tail-intervals.ts';
import { covariance, standardDeviation, variance } from '../kernels/stats/moments.ts';
import { alignByTime } from '../kernels/timeseries/align-by-time.ts';
import { simpleReturns } from '../kernels/timeseries/returns.ts';

const LEAST_ROWS = 250;

const input = z.strictObject({
  legs: z
    .array(
      z.strictObject({
        symbol: z.string().describe('Price series'),
        weight: units.ratio('negative is short').min(-20).max(20),
      }),
    )
    .min(1)
    .max(20)
    .describe('The carry position, for example long DEMO:AUDUSD and long DEMO:USDJPY'),
  annualCarry: units.rate('carry earned on the position, for the ratio').min(-1).max(2).optional(),
  vixSymbol: z.string().optional().describe('Volatility index; default DEMO:VIX for simulated legs, else VIX'),
  marketSymbol: z.string().optional().describe('Equity index; default DEMO:MKT for simulated legs, else SPX'),
  observations: units.count('daily returns used').min(LEAST_ROWS).max(5000).default(1008),
  asOf: z.string().optional().describe('Nothing later is used (ISO)'),
});

const output = z.object({
  date: z.string().describe('Last day'),
  expectedShortfall99: units.fraction('mean of the worst 1% of days'),
  valueAtRisk99: units.fraction('loss exceeded on 1% of days'),
  valueAtRisk99Low: units.fraction('95% interval, low').nullable(),
  valueAtRisk99High: units.fraction('95% interval, high').nullable(),
  observations: units.count('days'),
  observationsInTail: units.ratio('how many days the 1% tail rests on'),
  skewness: units.statistic('of daily returns').nullable(),
  excessKurtosis: units.statistic('of daily returns').nullable(),
  tailRatio: units.ratio('shortfall over daily volatility; 2.67 for a normal law').nullable(),
  maxDrawdown: units.fraction('deepest fall in the window'),
  volatilityAnnual: units.annualVol('volatility'),
  carrySharpe: units.ratio('annual mean over volatility of past returns').nullable(),
  carryToRisk: units.ratio('annual carry / one-day shortfall').nullable(),
  worstDays: z
    .array(z.object({ date: z.string().describe('Day'), loss: units.fraction('return') }))
    .describe('Five worst days'),
  vixBeta: units.coefficient('return per volatility point, on days when the index rises').nullable(),
  stressedLoss: units.fraction('return that this beta gives for a jump of 15 points').nullable(),
  marketBeta: units.coefficient('beta to the equity index').nullable(),
  marketBetaDown: units.coefficient('beta on its falling days').nullable(),
  signs: z
    .array(
      z.object({
        sign: z.string().describe('Warning sign'),
        value: units.coefficient('now').nullable(),
        threshold: units.coefficient('on above it'),
        on: z.boolean().nullable().describe('null: no data'),
      }),
    )
    .describe('Unwind signs'),
  signsOn: units.count('signs that are on'),
  signsKnown: units.count('signs with data'),
  verdict: z.enum(['calm', 'watch', 'unwind risk']).describe('0, 1–2, 3 or more signs on'),
  synthetic: z.boolean().describe('Simulated'),
});

type Input = z.output<typeof input>;

interface CrashData {
  readonly times: Float64Array;
  readonly returns: Float64Array;
  /** Levels on the same days; null without data. */
  readonly vix: Float64Array | null;
  readonly market: Float64Array | null;
  readonly periodsPerYear: number;
  readonly synthetic: boolean;
}

export const assessCarryCrashRisk = defineTool({
  name: 'assess_carry_crash_risk',
  title: 'Carry crash risk',
  family: 'carry',
  version: 1,
  description:
    'Measures the crash risk of a carry position: 99% expected shortfall with its sample size, skew, drawdown, sensitivity to jumps of the volatility index, and a list of unwind signs that are on or off today. Use it for "what could blow this carry up" and unwind warnings. Use analyze_fx_carry to find carry, and analyze_portfolio_risk for a whole portfolio.',
  input,
  output,
  load: loadCrashData,
  run(request, data: CrashData, context) {
    const { returns } = data;
    const stats = crashStatistics(returns, data.periodsPerYear);
    const interval = quantileInterval(returns, 0.99);
    const inTail = returns.length * 0.01;
    context.warn('TAIL_IS_THIN', `The 99% figures rest on about ${inTail.toFixed(1)} of ${returns.length} days.`);
    const vix = data.vix === null ? null : sensitivityToJumps(returns, data.vix);
    const market = data.market === null ? null : betas(returns, data.market);
    const signs = unwindSigns(data, stats.skewness);
    const signsOn = signs.filter((sign) => sign.on === true).length;
    const worst = Array.from(returns, (loss, t) => ({ loss, t }))
      .sort((a, b) => a.loss - b.loss)
      .slice(0, 5);
    return {
      date: toIsoDate(data.times.at(-1) as number),
      expectedShortfall99: stats.expectedShortfall99,
      valueAtRisk99: stats.valueAtRisk99,
      valueAtRisk99Low: interval.low,
      valueAtRisk99High: interval.high,
      observations: returns.length,
      observationsInTail: inTail,
      skewness: stats.skewness,
      excessKurtosis: stats.excessKurtosis,
      tailRatio: stats.tailRatio,
      maxDrawdown: -stats.maxDrawdown,
      volatilityAnnual: stats.volatilityAnnual,
      carrySharpe: stats.meanOverVolatility,
      carryToRisk:
        request.annualCarry === undefined || stats.expectedShortfall99 <= 0
          ? null
          : request.annualCarry / stats.expectedShortfall99,
      worstDays: worst.map(({ loss, t }) => ({ date: toIsoDate(data.times[t] as number), loss })),
      vixBeta: vix,
      stressedLoss: vix === null ? null : 15 * vix,
      marketBeta: market?.all ?? null,
      marketBetaDown: market?.down ?? null,
      signs,
      signsOn,
      signsKnown: signs.filter((sign) => sign.on !== null).length,
      verdict: signsOn === 0 ? ('calm' as const) : signsOn < 3 ? ('watch' as const) : ('unwind risk' as const),
      synthetic: data.synthetic,
    };
  },
  summarise(result, cite) {
    const lines = [
      `${result.date}: ${result.verdict}, ${cite('signsOn')} of ${cite('signsKnown')} unwind signs on${
        result.signsOn > 0
          ? `: ${result.signs
              .filter((sign) => sign.on)
              .map((sign) => sign.sign)
              .join(', ')}`
          : ''
      }.`,
      `99% shortfall ${cite('expectedShortfall99')} a day (about ${cite('observationsInTail')} days of ${cite('observations')}), worst drawdown ${cite('maxDrawdown')}.`,
    ];
    if (result.skewness !== null) lines.push(`Skew ${cite('skewness')}, tail ratio ${cite('tailRatio')}.`);
    if (result.stressedLoss !== null)
      lines.push(`A 15-point jump of the volatility index: about ${cite('stressedLoss')}.`);
    if (result.carryToRisk !== null) lines.push(`Carry to risk ${cite('carryToRisk')}.`);
    return lines;
  },
  chart(result) {
    return {
      kind: 'bar',
      title: 'Worst days',
      synthetic: result.synthetic,
      categories: result.worstDays.map((day) => day.date),
      unit: 'fraction',
      series: [{ name: 'return', values: result.worstDays.map((day) => day.loss), tone: 'bad' }],
    };
  },
  examples: [
    {
      ask: 'What could blow up long AUD against yen in the demo market?',
      input: {
        legs: [
          { symbol: 'DEMO:AUDUSD', weight: 1 },
          { symbol: 'DEMO:USDJPY', weight: 1 },
        ],
        annualCarry: 0.033,
        asOf: '2025-12-31',
      },
      fixture: 'bundled',
      expect: { values: { observations: 1008, synthetic: true }, warning: 'TAIL_IS_THIN' },
    },
    {
      ask: 'Crash risk of a currency nobody has',
      input: { legs: [{ symbol: 'DEMO:XXXYYY', weight: 1 }] },
      fixture: 'bundled',
      expect: { error: 'UNKNOWN_SYMBOL' },
    },
  ],
  assumptions: [
    'The position is held at constant weights; carry itself is not in the returns unless the series include it.',
    'The volatility beta is measured on rising days only, because carry falls when volatility jumps, not when it drifts.',
    'Signs are rules of thumb with stated thresholds, not a forecast.',
  ],
  references: [
    'Brunnermeier, Nagel and Pedersen (2008), Carry trades and currency crashes, NBER Macroannual 23',
    'Lustig, Roussanov and Verdelhan (2011), Rev. Financ. Stud. 24',
  ],
  cost: 'seconds',
});

async function loadCrashData(request: Input, ports: Ports): Promise<Loaded<CrashData>> {
  const legs = await Promise.all(request.legs.map((leg) => ports.market.bars(leg.symbol)));
  const synthetic = legs.every((leg) => leg.value.instrument.synthetic);
  if (!synthetic && legs.some((leg) => leg.value.instrument.synthetic)) {
    throw invalidInput({
      code: 'REAL_AND_SYNTHETIC',
      what: '`legs`',
      needed: 'all real or all synthetic (DEMO:)',
      got: request.legs.map((leg) => leg.symbol).join(', '),
      hint: 'Ask for DEMO: symbols only, or import prices for the real ones.',
    });
  }
  const vix = await optional(ports, request.vixSymbol, synthetic ? 'DEMO:VIX' : 'VIX');
  const market = await optional(ports, request.marketSymbol, synthetic ? 'DEMO:MKT' : 'SPX');
  const extras = [vix, market].filter((entry) => entry !== null);
  const all = [...legs, ...extras];
  const aligned = alignByTime(all.map(({ value }) => ({ times: value.times, values: value.adjClose ?? value.close })));
  const keep = Math.min(aligned.times.length, request.observations + 1);
  if (keep - 1 < LEAST_ROWS) {
    throw notEnoughData({
      what: 'The common daily history',
      needed: LEAST_ROWS,
      got: Math.max(0, keep - 1),
      hint: 'Choose legs whose histories overlap.',
    });
  }
  const columns = aligned.columns.map((column) => column.subarray(column.length - keep));
  const returns = new Float64Array(keep - 1);
  for (const [k, leg] of request.legs.entries()) {
    const own = simpleReturns(columns[k] as Float64Array);
    for (let t = 0; t < returns.length; t++) returns[t] = (returns[t] as number) + leg.weight * (own[t] as number);
  }
  const level = (entry: Loaded<Bars> | null): Float64Array | null =>
    entry === null ? null : (columns[all.indexOf(entry)] as Float64Array).slice();
  return {
    value: {
      times: aligned.times.slice(aligned.times.length - keep + 1),
      returns,
      vix: level(vix),
      market: level(market),
      periodsPerYear: Math.min(...legs.map((leg) => leg.value.instrument.periodsPerYear)),
      synthetic,
    },
    provenance: all.flatMap((entry) => [...entry.provenance]),
    warnings: [
      ...all.flatMap((entry) => [...(entry.warnings ?? [])]),
      ...(vix === null
        ? [{ code: 'NO_VOLATILITY_INDEX', message: 'No volatility index is held: its signs are left out.' }]
        : []),
      ...(market === null
        ? [{ code: 'NO_EQUITY_INDEX', message: 'No equity index is held: its signs are left out.' }]
        : []),
    ],
  };
}

/** A named symbol must exist; a default one may be missing. */
async function optional(ports: Ports, named: string | undefined, fallback: string): Promise<Loaded<Bars> | null> {
  if (named !== undefined) return ports.market.bars(named);
  try {
    return await ports.market.bars(fallback);
  } catch (error) {
    if (isTradewindError(error) && error.kind === 'data') return null;
    if (isTradewindError(error) && (error.code === 'UNKNOWN_SYMBOL' || error.code === 'NO_DATA')) return null;
    throw error;
  }
}

/** Return per point of the index on days on which it rises. */
function sensitivityToJumps(returns: Float64Array, vix: Float64Array): number | null {
  const x: number[] = [];
  const y: number[] = [];
  for (let t = 0; t < returns.length; t++) {
    const change = (vix[t + 1] as number) - (vix[t] as number);
    if (change > 0) {
      x.push(change);
      y.push(returns[t] as number);
    }
  }
  if (x.length < 30) return null;
  const spread = variance(x);
  return spread > 1e-12 ? covariance(x, y) / spread : null;
}

function betas(
  returns: Float64Array,
  market: Float64Array,
): { readonly all: number | null; readonly down: number | null } {
  const index = simpleReturns(market);
  const pairs = Array.from(returns, (y, t) => ({ x: index[t] as number, y }));
  const slope = (rows: readonly { x: number; y: number }[]): number | null => {
    if (rows.length < 30) return null;
    const x = rows.map((row) => row.x);
    const spread = variance(x);
    return spread > 1e-16
      ? covariance(
          x,
          rows.map((row) => row.y),
        ) / spread
      : null;
  };
  return { all: slope(pairs), down: slope(pairs.filter((row) => row.x < 0)) };
}

interface Sign {
  readonly sign: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly on: boolean | null;
}

function unwindSigns(data: CrashData, skewness: number | null): Sign[] {
  const { returns, vix } = data;
  const n = returns.length;
  const sign = (name: string, value: number | null, threshold: number): Sign => ({
    sign: name,
    value,
    threshold,
    on: value === null ? null : value > threshold,
  });
  const recent = standardDeviation(returns.subarray(n - 20));
  const usual = standardDeviation(returns);
  const fall = -(drawdownPath(returns.subarray(Math.max(0, n - 63))).at(-1) as number);
  const now = vix === null ? null : (vix.at(-1) as number);
  const before = vix === null ? null : (vix[vix.length - 6] as number);
  return [
    sign('volatility index above 20 points', now, 20),
    sign(
      'volatility index up more than 30% in five days',
      now === null || before === null || before <= 0 ? null : now / before - 1,
      0.3,
    ),
    sign('20-day volatility above 1.5 times usual', usual > 0 ? recent / usual : null, 1.5),
    sign(
      'fall from the 3-month high in units of monthly volatility',
      usual > 0 ? fall / (usual * Math.sqrt(21)) : null,
      1.5,
    ),
    sign('negative skew of past returns (sign turned)', skewness === null ? null : -skewness, 0.5),
    sign('20-day correlation with the equity index', recentCorrelation(data), 0.6),
  ];
}

function recentCorrelation({ returns, market }: CrashData): number | null {
  if (market === null) return null;
  const n = returns.length;
  const x = simpleReturns(market).subarray(n - 20);
  const y = returns.subarray(n - 20);
  const scale = standardDeviation(x) * standardDeviation(y);
  return scale > 0 ? covariance(x, y) / scale : null;
}
