/** Term structure, skew, risk reversals and what is out of line in an option chain. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { deltaMeasures, forwardVolatility } from '../kernels/options/smile-measures.ts';
import { sviDerivatives, sviVariance } from '../kernels/options/svi.ts';
import { buildSurface, type ChainData, chainFields, excludedShape, loadChain } from './load-chain.ts';

export const analyzeVolTermStructure = defineTool({
  name: 'analyze_vol_term_structure',
  title: 'Volatility term structure and skew',
  family: 'volatility',
  version: 1,
  description:
    'Reads an option chain by expiry: volatility at the money, forward volatility, skew, 25-delta risk reversal and butterfly, contango or backwardation, and anomalies. Use it for questions about term structure and skew. Use fit_vol_surface for the whole surface and analyze_variance_premium for rich or cheap against realised volatility.',
  input: z.strictObject(chainFields),
  output: z.object({
    underlying: z.string().describe('Underlying'),
    quoteDate: isoDate('day of the quotes'),
    spot: units.price('spot'),
    shape: z
      .enum(['contango', 'backwardation', 'flat', 'humped', 'one expiry'])
      .describe('Shape of at-the-money volatility over time'),
    slope: units.volPoints('last less first at-the-money volatility').nullable(),
    ratio: units.ratio('volatility nearest 30 days over that nearest 90 days').nullable(),
    expiries: z.array(
      z.object({
        expiry: isoDate('expiry'),
        days: units.days('calendar days'),
        atmVol: units.annualVol('volatility at the forward'),
        forwardVol: units.annualVol('volatility between the expiry before and this one').nullable(),
        skew: units.volPoints('volatility at 90% of the forward less that at 110%'),
        atmSlope: units.coefficient('change of volatility for 1.00 of log-moneyness at the forward'),
        riskReversal25: units.volPoints('25-delta call less put volatility (forward delta)').nullable(),
        butterfly25: units.volPoints('mean of the 25-delta wings less the forward volatility').nullable(),
        reason: z.string().nullable().describe('Why a number is null'),
      }),
    ),
    anomalies: z.array(z.string()).describe('What is out of line, in words'),
    excluded: excludedShape.describe('Quotes left out, by reason'),
    synthetic: z.boolean().describe('The chain is synthetic'),
  }),
  load: loadChain,
  run(input, data: ChainData, context) {
    const { chain } = data;
    const surface = buildSurface(data, input, context.warn);
    const rows = surface.slices.map(({ smile, fit, years }, i) => {
      const vol = (k: number) => Math.sqrt(Math.max(sviVariance(fit.parameters, k), 1e-12) / years);
      const atmVol = vol(0);
      const before = surface.slices[i - 1];
      const measures = deltaMeasures({ smile: vol, years, deltaScale: 1 }, 0.25);
      const forwardVol =
        before === undefined
          ? null
          : forwardVolatility(
              before.years,
              Math.sqrt(sviVariance(before.fit.parameters, 0) / before.years),
              years,
              atmVol,
            );
      return {
        expiry: smile.expiry,
        days: smile.days,
        atmVol,
        forwardVol,
        skew: 100 * (vol(Math.log(0.9)) - vol(Math.log(1.1))),
        atmSlope: sviDerivatives(fit.parameters, 0).dw / (2 * Math.sqrt(sviVariance(fit.parameters, 0) * years)),
        riskReversal25: measures === null ? null : 100 * measures.riskReversal,
        butterfly25: measures === null ? null : 100 * measures.butterflyVsForwardAtm,
        reason:
          before === undefined
            ? 'The first expiry has no forward volatility.'
            : measures === null
              ? 'The smile holds no 25-delta strike.'
              : null,
      };
    });
    const first = rows[0];
    const last = rows.at(-1);
    const nearest = (days: number) =>
      rows.reduce((best, row) => (Math.abs(row.days - days) < Math.abs(best.days - days) ? row : best));
    const several = rows.length > 1 && first !== undefined && last !== undefined;
    return {
      underlying: chain.underlying,
      quoteDate: chain.quoteDate,
      spot: chain.spot,
      shape: shapeOf(rows.map((row) => row.atmVol)),
      slope: several ? 100 * (last.atmVol - first.atmVol) : null,
      ratio: several ? nearest(30).atmVol / nearest(90).atmVol : null,
      expiries: rows,
      anomalies: findAnomalies(rows),
      excluded: surface.excluded,
      synthetic: chain.synthetic,
    };
  },
  summarise: (output, cite) => [
    `${output.underlying} on ${output.quoteDate}${output.synthetic ? ' (synthetic)' : ''}: ${output.shape}${output.slope === null ? '' : `, last less first ${cite('slope')}, 30 over 90 days ${cite('ratio')}`}.`,
    ...output.expiries
      .slice(0, 6)
      .map(
        (row, i) =>
          `${row.expiry}: ${cite(`expiries[${i}].atmVol`)} at the money, skew ${cite(`expiries[${i}].skew`)}${row.riskReversal25 === null ? '' : `, 25-delta risk reversal ${cite(`expiries[${i}].riskReversal25`)}`}.`,
      ),
    ...(output.anomalies.length === 0 ? ['Nothing is out of line.'] : output.anomalies.slice(0, 3)),
    `${cite('excluded.total')} of ${cite('excluded.quotes')} quotes left out.`,
  ],
  chart: (output) => ({
    kind: 'xy',
    title: `${output.underlying} volatility by expiry, ${output.quoteDate}`,
    synthetic: output.synthetic,
    x: { label: 'days to expiry', numbers: output.expiries.map((row) => row.days), unit: 'days' },
    y: { label: 'volatility', unit: 'annualVol' },
    series: [
      { name: 'at the money', values: output.expiries.map((row) => row.atmVol), style: 'line', tone: 'accent' },
      { name: 'forward', values: output.expiries.map((row) => row.forwardVol), style: 'points', tone: 'muted' },
    ],
  }),
  examples: [
    {
      ask: 'Term structure and skew of DEMO:MKT',
      input: { symbol: 'DEMO:MKT' },
      fixture: 'bundled',
      expect: { warning: 'QUOTES_EXCLUDED' },
    },
    { ask: 'Skew of XYZZY', input: { symbol: 'XYZZY' }, fixture: 'bundled', expect: { error: 'UNKNOWN_SYMBOL' } },
  ],
  assumptions: [
    'SVI smiles free of arbitrage; forward deltas, not premium-adjusted; total variance between expiries at the money.',
  ],
  references: ['Gatheral & Jacquier (2014)', 'Reiswich & Wystup (2010), FX options quoting conventions'],
  cost: 'seconds',
});

function shapeOf(vols: readonly number[]) {
  if (vols.length < 2) return 'one expiry' as const;
  const first = vols[0] as number;
  const last = vols.at(-1) as number;
  const peak = Math.max(...vols);
  if (peak > Math.max(first, last) + 0.01) return 'humped' as const;
  if (last > first + 0.003) return 'contango' as const;
  return last < first - 0.003 ? ('backwardation' as const) : ('flat' as const);
}

function findAnomalies(
  rows: readonly {
    readonly expiry: string;
    readonly atmVol: number;
    readonly forwardVol: number | null;
    readonly skew: number;
  }[],
): string[] {
  const found: string[] = [];
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1];
    const after = rows[i + 1];
    if (before !== undefined && row.forwardVol === null)
      found.push(`Total variance falls into ${row.expiry}: a calendar arbitrage, or an event priced before it.`);
    if (before !== undefined && after !== undefined) {
      const bump = row.atmVol - 0.5 * (before.atmVol + after.atmVol);
      if (Math.abs(bump) > 0.015)
        found.push(`${row.expiry} stands ${bump > 0 ? 'above' : 'below'} its neighbours by more than 1.5 vol points.`);
    }
    if (row.skew < 0) found.push(`The skew of ${row.expiry} is upside down: calls cost more than puts.`);
  }
  return found;
}
