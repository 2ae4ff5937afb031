/** Is implied volatility rich against what the market then does? The premium by horizon, against its own history, with a signal. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Bars, Loaded, Panel } from '../../data/types.ts';
import { parseIsoDate } from '../../lib/dates.ts';
import { notEnoughData } from '../../lib/errors.ts';
import type { Rng } from '../../lib/rng.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { interpolateVolatility } from '../kernels/options/smile-measures.ts';
import { sviVariance } from '../kernels/options/svi.ts';
import { premiumHistory, premiumSignal } from '../kernels/options/variance-premium.ts';
import { realisedVariance } from '../kernels/options/variance-swap.ts';
import { logReturns } from '../kernels/timeseries/returns.ts';
import { fitGarch } from '../kernels/volatility/fit-garch.ts';
import { forecastVariance } from '../kernels/volatility/garch-forecast.ts';
import {
  buildSurface,
  type ChainData,
  chainFields,
  loadChain,
  optionalPanel,
  sliceFairVolatility,
} from './load-chain.ts';

const WINDOW = 252;

interface PremiumData {
  readonly chain: ChainData | null;
  readonly bars: Bars;
  readonly history: Panel | null;
  readonly quoteDate: string;
}

async function load(
  input: {
    readonly symbol: string;
    readonly date?: string | undefined;
    readonly rate?: number | undefined;
    readonly impliedVolPoints?: number | undefined;
  },
  ports: Ports,
): Promise<Loaded<PremiumData>> {
  const chain = input.impliedVolPoints === undefined ? await loadChain(input, ports) : null;
  const symbol = chain?.value.chain.underlying ?? input.symbol;
  const bars = await ports.market.bars(symbol, { end: chain?.value.chain.quoteDate ?? input.date });
  const quoteDate = chain?.value.chain.quoteDate ?? new Date(bars.value.times.at(-1) ?? 0).toISOString().slice(0, 10);
  const history = await optionalPanel(
    ports,
    `${symbol}:IMPLIED`,
    quoteDate,
    `${Number(quoteDate.slice(0, 4)) - 3}-01-01`,
  );
  return {
    value: { chain: chain?.value ?? null, bars: bars.value, history: history?.value ?? null, quoteDate },
    provenance: [...(chain?.provenance ?? []), ...bars.provenance, ...(history?.provenance ?? [])],
  };
}

export const analyzeVariancePremium = defineTool({
  name: 'analyze_variance_premium',
  title: 'Variance risk premium',
  family: 'volatility',
  version: 1,
  description:
    'Measures implied less realised volatility at 30, 60, 90 and 180 days in vol points against trailing 252-day realised volatility, with a matched-horizon forecast, z-score and percentile against history, and a sell, buy or stay-out signal. Use it for whether volatility is rich or cheap. Use analyze_vol_term_structure for skew and term structure, and price_variance_swap for the swap itself.',
  input: z.strictObject({
    ...chainFields,
    horizons: z
      .array(units.days('calendar days').min(5).max(730))
      .min(1)
      .max(8)
      .default([30, 60, 90, 180])
      .describe('Horizons in calendar days'),
    sellAbove: units.volPoints('premium above which volatility is sold').min(-100).max(100).default(2),
    impliedVolPoints: units
      .volPoints('implied volatility the person gives (such as VIX 19.5), instead of a chain')
      .positive()
      .max(500)
      .optional(),
    seed: units.count('seed of the forecast').min(0).default(42),
  }),
  output: z.object({
    underlying: z.string().describe('Underlying'),
    quoteDate: isoDate('day of the quotes'),
    realised252: units.volPoints('realised volatility of the last 252 sessions'),
    realised21: units.volPoints('realised volatility of the last 21 sessions'),
    headlinePremium: units.volPoints('implied at the first horizon less realised of 252 sessions'),
    headlineVariancePremium: units.variance('implied less realised variance a year at the first horizon'),
    horizons: z.array(
      z.object({
        days: units.days('horizon'),
        implied: units.volPoints('fair variance-swap volatility (at the money where no smile is held)'),
        atmImplied: units.volPoints('at-the-money volatility').nullable(),
        premium: units.volPoints('implied less trailing 252-session realised'),
        forecast: units.volPoints('GJR-GARCH forecast for the same horizon'),
        premiumToForecast: units.volPoints('implied less the forecast'),
        zScore: units.statistic('at-the-money premium against its last 252 sessions').nullable(),
        percentile: units.probability('share of its last 252 sessions below it').nullable(),
        historyReason: z.string().nullable().describe('Why there is no z-score'),
        signal: z.enum(['SELL_VOLATILITY', 'BUY_VOLATILITY', 'STAY_OUT']).describe('Rule of the strategy'),
      }),
    ),
    regimeTurned: z
      .boolean()
      .describe(
        'Recent realised above the year, and short-dated implied above longer-dated (or recent realised above implied where there is one level)',
      ),
    termSlope: units.volPoints('implied of the longest less the shortest horizon').nullable(),
    signal: z.enum(['SELL_VOLATILITY', 'BUY_VOLATILITY', 'STAY_OUT']).describe('Headline signal'),
    signalQuality: units.probability('0 to 1: agreement of horizons, forecast, history and regime'),
    signals: z.array(
      z.object({
        strategy: z.string().describe('Strategy'),
        instrument: z.string().describe('Instrument'),
        signal: z.string().describe('Signal'),
        confidence: units.probability('confidence'),
      }),
    ),
    reasons: z.array(z.string()).describe('Why the signal is what it is'),
    synthetic: z.boolean().describe('Built on synthetic data'),
  }),
  load,
  run(input, data: PremiumData, context) {
    const returns = finiteReturns(data.bars);
    const realised252 = 100 * Math.sqrt(realisedVariance(returns.slice(-WINDOW), 252));
    const realised21 = 100 * Math.sqrt(realisedVariance(returns.slice(-21), 252));
    const implied = impliedBy(input, data, context.warn);
    const forecasts = forecastFor(returns, input.horizons, context.rng);
    const rows = input.horizons.map((days, i) => {
      const quote = implied(days);
      const premium = quote.fair - realised252;
      // Histories of implied volatility are at the money: like is compared with like.
      const past = historyOf(data, returns, days, (quote.atm ?? quote.fair) - realised252);
      const forecast = forecasts[i] as number;
      return {
        days,
        implied: quote.fair,
        atmImplied: quote.atm,
        premium,
        forecast,
        premiumToForecast: quote.fair - forecast,
        zScore: past.zScore,
        percentile: past.percentile,
        historyReason: past.reason,
      };
    });
    const first = rows[0];
    const last = rows.at(-1);
    if (first === undefined || last === undefined) throw new Error('unreachable: one horizon at least');
    const termSlope = rows.length > 1 && data.chain !== null ? last.implied - first.implied : null;
    const stressed = termSlope === null ? realised21 > first.implied : termSlope < 0;
    const regimeTurned = stressed && realised21 > realised252;
    if (first.zScore === null)
      context.warn(
        'NO_IMPLIED_HISTORY',
        first.historyReason ?? 'There is no history of implied volatility, so there is no z-score.',
      );
    const verdict = premiumSignal({ rows, sellAbove: input.sellAbove, regimeTurned });
    return {
      underlying: data.bars.instrument.symbol,
      quoteDate: data.quoteDate,
      realised252,
      realised21,
      headlinePremium: first.premium,
      headlineVariancePremium: (first.implied ** 2 - realised252 ** 2) / 1e4,
      horizons: rows.map((row, i) => ({ ...row, signal: verdict.each[i] ?? ('STAY_OUT' as const) })),
      regimeTurned,
      termSlope,
      signal: verdict.signal,
      signalQuality: verdict.quality,
      signals: [
        {
          strategy: 'volatility_risk_premium',
          instrument: data.bars.instrument.symbol,
          signal: verdict.signal,
          confidence: verdict.quality,
        },
      ],
      reasons: [...verdict.reasons],
      synthetic: data.bars.instrument.synthetic,
    };
  },
  summarise: (output, cite) => [
    `${output.underlying}${output.synthetic ? ' (synthetic)' : ''} on ${output.quoteDate}: premium ${cite('headlinePremium')} at ${cite('horizons[0].days')}, implied ${cite('horizons[0].implied')} against ${cite('realised252')} realised over 252 sessions (${cite('realised21')} over 21).`,
    `Signal ${output.signal}, quality ${cite('signalQuality')}. ${output.reasons.slice(0, 2).join(' ')}`,
    ...output.horizons
      .slice(0, 5)
      .map(
        (row, i) =>
          `${cite(`horizons[${i}].days`)}: premium ${cite(`horizons[${i}].premium`)}, to the forecast ${cite(`horizons[${i}].premiumToForecast`)}${row.zScore === null ? ', no z-score' : `, z ${cite(`horizons[${i}].zScore`)}, percentile ${cite(`horizons[${i}].percentile`)}`}.`,
      ),
    output.horizons[0]?.historyReason ?? 'History: the last 252 sessions of implied less trailing realised volatility.',
  ],
  chart: (output) => ({
    kind: 'bar',
    title: `${output.underlying}: implied against realised volatility`,
    synthetic: output.synthetic,
    categories: output.horizons.map((row) => `${row.days} days`),
    unit: 'volPoints',
    series: [
      { name: 'implied', values: output.horizons.map((row) => row.implied), tone: 'accent' },
      { name: 'realised, 252 sessions', values: output.horizons.map(() => output.realised252), tone: 'muted' },
      { name: 'forecast', values: output.horizons.map((row) => row.forecast), tone: 'neutral' },
    ],
  }),
  examples: [
    {
      ask: 'Is DEMO:MKT volatility rich?',
      input: { symbol: 'DEMO:MKT' },
      fixture: 'bundled',
      expect: { values: { underlying: 'DEMO:MKT', synthetic: true } },
    },
    {
      ask: 'VIX is 25: is SPX vol rich? (no implied history here)',
      input: { symbol: 'SPX', impliedVolPoints: 25 },
      fixture: 'bundled',
      expect: { warning: 'NO_IMPLIED_HISTORY' },
    },
    {
      ask: 'Is SPX vol rich, without a chain or a level?',
      input: { symbol: 'SPX' },
      fixture: 'bundled',
      expect: { error: 'NO_DATA' },
    },
  ],
  assumptions: [
    'Realised volatility is the root mean square of close-to-close log returns times √252, no mean subtracted.',
    'A premium is pay for bearing volatility risk, not a promise: losses come in jumps.',
  ],
  references: [
    'Carr & Wu (2009), Variance risk premiums, Rev. Financial Studies 22:1311',
    'Glosten, Jagannathan & Runkle (1993), J. Finance 48:1779',
  ],
  cost: 'seconds',
});

function finiteReturns(bars: Bars): Float64Array {
  const prices = (bars.adjClose ?? bars.close).filter((price) => Number.isFinite(price) && price > 0);
  if (prices.length < WINDOW + 1)
    throw notEnoughData({ what: 'Trailing realised volatility', needed: WINDOW + 1, got: prices.length });
  return logReturns(prices).filter((value) => Number.isFinite(value));
}

/** Implied volatility in points at a horizon: from the surface, or the level the person gave. */
function impliedBy(
  input: { readonly rate?: number | undefined; readonly impliedVolPoints?: number | undefined },
  data: PremiumData,
  warn: (code: string, message: string) => void,
): (days: number) => { readonly fair: number; readonly atm: number | null } {
  const given = input.impliedVolPoints;
  if (given !== undefined || data.chain === null) {
    warn('GIVEN_LEVEL', 'One implied level was given: it stands for every horizon.');
    return () => ({ fair: given ?? Number.NaN, atm: null });
  }
  const surface = buildSurface(data.chain, input, warn);
  const years = surface.slices.map((slice) => slice.years);
  const atms = surface.slices.map(({ fit, years: t }) => Math.sqrt(sviVariance(fit.parameters, 0) / t));
  const fairs = surface.slices.map(sliceFairVolatility);
  const [low, high] = [(years[0] ?? 0) * 365, (years.at(-1) ?? 0) * 365];
  return (days) => {
    if (days < low - 3 || days > high + 3)
      warn('OUTSIDE_CHAIN', `${days} days lies outside the expiries of the chain: the nearest volatility is used.`);
    return {
      fair: 100 * interpolateVolatility(years, fairs, days / 365),
      atm: 100 * interpolateVolatility(years, atms, days / 365),
    };
  };
}

/** Mean forecast volatility over each horizon, from GJR-GARCH on the last five years. */
function forecastFor(returns: Float64Array, horizons: readonly number[], rng: Rng): readonly number[] {
  const fit = fitGarch(
    returns.slice(-1260).map((value) => 100 * value),
    { kind: 'garch', asymmetric: true, lagged: true, distribution: 'normal' },
  );
  const sessions = horizons.map((days) => Math.max(1, Math.round((days * 252) / 365)));
  const path = forecastVariance(fit, Math.max(...sessions), rng);
  return sessions.map((steps) => {
    let sum = 0;
    for (let h = 0; h < steps; h++) sum += path[h] as number;
    return Math.sqrt((sum / steps) * 252);
  });
}

function historyOf(data: PremiumData, returns: Float64Array, days: number, premium: number) {
  const column = data.history?.columns[`iv${days}`];
  if (data.history === null || column === undefined) {
    return {
      zScore: null,
      percentile: null,
      reason: `No history of ${days}-day implied volatility is held, so there is no z-score and no percentile.`,
    };
  }
  const dates = data.bars.times.slice(data.bars.times.length - returns.length);
  const end = parseIsoDate(data.quoteDate);
  return premiumHistory({
    returns,
    returnTimes: dates,
    impliedTimes: data.history.times,
    impliedPoints: column,
    premium,
    window: WINDOW,
    end,
  });
}
