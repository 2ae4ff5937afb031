/** The fair strike of a variance swap from an option chain: the exact VIX rule beside the integral over the fitted smile. */
import { z } from 'zod';
import { notEnoughData } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { interpolateVolatility } from '../kernels/options/smile-measures.ts';
import { sviVariance } from '../kernels/options/svi.ts';
import {
  type StripQuote,
  type VixTerm,
  varianceNotional,
  varianceSwapPayoff,
  varianceSwapValue,
  vixTerm,
} from '../kernels/options/variance-swap.ts';
import { buildSurface, type ChainData, chainFields, loadChain, sliceFairVolatility } from './load-chain.ts';

export const priceVarianceSwap = defineTool({
  name: 'price_variance_swap',
  title: 'Variance swap and VIX',
  family: 'volatility',
  version: 1,
  description:
    'Computes the fair variance-swap strike of a horizon from an option chain, by the exact VIX rule and by replication over the fitted smile, and the payoff or running value of a swap. Use it for a variance swap, a VIX-style index or the volatility the whole strip implies. Use analyze_variance_premium to compare it with realised volatility.',
  input: z.strictObject({
    ...chainFields,
    horizonDays: units.days('horizon of the index or swap').min(5).max(730).default(30),
    vegaNotional: units.money('vega notional for one vol point').min(0).max(1e12).default(100_000),
    strikeVolPoints: units
      .volPoints('strike of an existing swap; default: the fair strike')
      .positive()
      .max(1000)
      .optional(),
    realisedVolPoints: units.volPoints('volatility realised so far, for an existing swap').min(0).max(1000).optional(),
    elapsedSessions: units.count('sessions elapsed of an existing swap').min(0).max(2000).optional(),
    totalSessions: units.count('sessions of an existing swap').min(1).max(2000).optional(),
  }),
  output: z.object({
    underlying: z.string().describe('Underlying'),
    quoteDate: isoDate('day of the quotes'),
    horizonDays: units.days('horizon'),
    fairVol: units.volPoints('fair strike by the VIX rule'),
    fairVariance: units.variance('the same as annual variance'),
    replicatedVol: units.volPoints('fair strike by replication over the fitted smile, flat beyond the quoted strikes'),
    atmVol: units.volPoints('at-the-money volatility at the horizon'),
    convexity: units.volPoints('fair strike less at-the-money volatility: what skew and wings add'),
    terms: z.array(
      z.object({
        expiry: isoDate('expiry'),
        days: units.days('days to expiry'),
        forward: units.price('forward'),
        k0: units.price('strike at or below the forward'),
        options: units.count('strikes used'),
        lowest: units.price('lowest strike used'),
        highest: units.price('highest strike used'),
        variance: units.variance('annual variance'),
        zeroBidSkipped: units.count('strikes without a bid passed over'),
      }),
    ),
    varianceNotional: units.money('variance notional for one squared vol point'),
    lossAtDouble: units.money('loss of a short swap if volatility realises at twice the fair strike'),
    runningValue: units.money('value of the existing long swap').nullable(),
    expectedFinalVol: units.volPoints('volatility the existing swap is expected to settle at').nullable(),
    reason: z.string().nullable().describe('Why there is no running value; null when there is'),
    synthetic: z.boolean().describe('The chain is synthetic'),
  }),
  load: loadChain,
  run(input, data: ChainData, context) {
    const { chain } = data;
    const surface = buildSurface(data, input, context.warn);
    if (chain.exercise === 'american')
      context.warn(
        'AMERICAN_STRIP',
        'The VIX rule is for European options: American prices overstate variance slightly.',
      );
    const terms = surface.smiles.flatMap((smile) => {
      const strip = stripOf(chain.quotes.filter((quote) => quote.expiry === smile.expiry));
      return strip.length < 5
        ? []
        : [
            {
              expiry: smile.expiry,
              days: smile.days,
              term: vixTerm(strip, { years: smile.days / 365, rate: surface.rate }),
            },
          ];
    });
    const chosen = chooseTerms(terms, input.horizonDays, context.warn);
    const fairVol = interpolateVolatility(
      chosen.map((row) => row.days / 365),
      chosen.map((row) => Math.sqrt(row.term.variance)),
      input.horizonDays / 365,
    );
    const years = surface.slices.map((slice) => slice.years);
    const replicated = surface.slices.map(sliceFairVolatility);
    const atms = surface.slices.map(({ fit, years: t }) => Math.sqrt(sviVariance(fit.parameters, 0) / t));
    const atmVol = interpolateVolatility(years, atms, input.horizonDays / 365);
    const strikeVol = input.strikeVolPoints === undefined ? fairVol : input.strikeVolPoints / 100;
    const running = runningSwap(input, strikeVol, fairVol, surface.rate);
    return {
      underlying: chain.underlying,
      quoteDate: chain.quoteDate,
      horizonDays: input.horizonDays,
      fairVol: 100 * fairVol,
      fairVariance: fairVol * fairVol,
      replicatedVol: 100 * interpolateVolatility(years, replicated, input.horizonDays / 365),
      atmVol: 100 * atmVol,
      convexity: 100 * (fairVol - atmVol),
      terms: chosen.map(({ expiry, days, term }) => ({
        expiry,
        days,
        forward: term.forward,
        k0: term.k0,
        options: term.used.length,
        lowest: term.used[0]?.strike ?? term.k0,
        highest: term.used.at(-1)?.strike ?? term.k0,
        variance: term.variance,
        zeroBidSkipped: term.zeroBidSkipped,
      })),
      varianceNotional: varianceNotional(input.vegaNotional, strikeVol),
      lossAtDouble: varianceSwapPayoff({
        vegaNotional: input.vegaNotional,
        strikeVol,
        realisedVariance: 4 * fairVol * fairVol,
      }),
      runningValue: running?.value ?? null,
      expectedFinalVol: running === null ? null : 100 * Math.sqrt(running.expectedFinalVariance),
      reason:
        running === null
          ? 'A running value needs strikeVolPoints, realisedVolPoints, elapsedSessions and totalSessions.'
          : null,
      synthetic: chain.synthetic,
    };
  },
  summarise: (output, cite) => [
    `${output.underlying}${output.synthetic ? ' (synthetic)' : ''} ${cite('horizonDays')} variance: fair strike ${cite('fairVol')} by the VIX rule, ${cite('replicatedVol')} over the fitted smile; at the money ${cite('atmVol')}.`,
    `Skew and wings add ${cite('convexity')}.`,
    ...output.terms.map(
      (row, i) =>
        `${row.expiry}: ${cite(`terms[${i}].options`)} strikes from ${cite(`terms[${i}].lowest`)} to ${cite(`terms[${i}].highest`)}, variance ${cite(`terms[${i}].variance`)}.`,
    ),
    `A short swap of this size loses ${cite('lossAtDouble')} if volatility doubles.`,
    ...(output.runningValue === null
      ? []
      : [`Running value ${cite('runningValue')}, expected to settle at ${cite('expectedFinalVol')}.`]),
  ],
  examples: [
    {
      ask: '30-day variance swap strike of DEMO:MKT',
      input: { symbol: 'DEMO:MKT' },
      fixture: 'bundled',
      expect: { values: { underlying: 'DEMO:MKT' } },
    },
    {
      ask: 'Variance swap on AAPL without a chain',
      input: { symbol: 'AAPL' },
      fixture: 'bundled',
      expect: { error: 'NO_DATA' },
    },
  ],
  assumptions: [
    'No jumps between strikes; discrete strikes as the VIX rule prescribes; days counted, not minutes, because chains hold days.',
  ],
  references: [
    'Cboe (2019), Volatility Index Methodology',
    'Demeterfi, Derman, Kamal & Zou (1999)',
    'Carr & Madan (1998)',
  ],
  cost: 'seconds',
});

function stripOf(quotes: ChainData['chain']['quotes']): readonly StripQuote[] {
  const rows = new Map<number, { callBid: number; callAsk: number; putBid: number; putAsk: number }>();
  for (const quote of quotes) {
    const row = rows.get(quote.strike) ?? { callBid: 0, callAsk: 0, putBid: 0, putAsk: 0 };
    const bid = quote.bid ?? 0;
    const ask = quote.ask ?? 0;
    // A crossed quote counts as one without a bid.
    const usable = ask >= bid ? bid : 0;
    if (quote.right === 'call') rows.set(quote.strike, { ...row, callBid: usable, callAsk: ask });
    else rows.set(quote.strike, { ...row, putBid: usable, putAsk: ask });
  }
  return [...rows].map(([strike, row]) => ({ strike, ...row }));
}

interface Term {
  readonly expiry: string;
  readonly days: number;
  readonly term: VixTerm;
}

/** The two expiries around the horizon, or the nearest one. */
function chooseTerms(
  terms: readonly Term[],
  horizon: number,
  warn: (code: string, message: string) => void,
): readonly Term[] {
  const sound = terms.filter((row) => row.term.variance > 0);
  if (sound.length === 0)
    throw notEnoughData({
      what: 'A strip of options',
      needed: 5,
      got: 0,
      hint: 'The chain has no expiry with five strikes quoted on both sides.',
    });
  const near = sound.filter((row) => row.days <= horizon).at(-1);
  const next = sound.find((row) => row.days > horizon);
  if (near?.days === horizon) return [near];
  if (near !== undefined && next !== undefined) return [near, next];
  warn('OUTSIDE_CHAIN', `No expiries lie on both sides of ${horizon} days: the nearest one is used.`);
  return [(near ?? next) as Term];
}

function runningSwap(
  input: {
    readonly vegaNotional: number;
    readonly strikeVolPoints?: number | undefined;
    readonly realisedVolPoints?: number | undefined;
    readonly elapsedSessions?: number | undefined;
    readonly totalSessions?: number | undefined;
  },
  strikeVol: number,
  fairVol: number,
  rate: number,
) {
  const { realisedVolPoints, elapsedSessions, totalSessions } = input;
  if (
    input.strikeVolPoints === undefined ||
    realisedVolPoints === undefined ||
    elapsedSessions === undefined ||
    totalSessions === undefined
  )
    return null;
  const elapsed = Math.min(elapsedSessions, totalSessions);
  return varianceSwapValue({
    vegaNotional: input.vegaNotional,
    strikeVol,
    realisedSoFar: (realisedVolPoints / 100) ** 2,
    elapsed,
    total: totalSessions,
    newStrikeVol: fairVol,
    rate,
    periodsPerYear: 252,
  });
}
