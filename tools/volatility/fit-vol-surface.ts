/** A volatility surface without arbitrage from an option chain, and the quotes that stand away from it. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { fitSsvi } from '../kernels/options/fit-ssvi.ts';
import { sviVariance } from '../kernels/options/svi.ts';
import { surfaceVolatility } from '../kernels/options/volatility-surface.ts';
import { buildSurface, type ChainData, chainFields, excludedShape, loadChain } from './load-chain.ts';

const MONEYNESS = [0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2];

export const fitVolSurface = defineTool({
  name: 'fit_vol_surface',
  title: 'Volatility surface',
  family: 'volatility',
  version: 1,
  description:
    'Fits SVI smiles to every expiry of an option chain with butterfly and calendar constraints, gives forwards and dividends from put–call parity, and lists quotes rich or cheap to the surface. Use it for the smile, the surface or mispriced options. Use analyze_vol_term_structure for skew and term structure, imply_volatility for one quote.',
  input: z.strictObject({
    ...chainFields,
    richCheap: units.count('how many rich or cheap quotes to list').min(0).max(50).default(8),
  }),
  output: z.object({
    underlying: z.string().describe('Underlying'),
    quoteDate: isoDate('day of the quotes'),
    exercise: z.string().describe('european or american'),
    spot: units.price('spot'),
    rate: units.rate('rate used, continuous'),
    expiryCount: units.count('expiries fitted'),
    arbitrageFree: z.boolean().describe('No butterfly and no calendar arbitrage on the checked grid'),
    worstRmse: units.volPoints('largest root mean square error of an expiry'),
    excluded: excludedShape.describe('Quotes left out, by reason'),
    expiries: z.array(
      z.object({
        expiry: isoDate('expiry'),
        days: units.days('calendar days to expiry'),
        forward: units.price('forward from put–call parity'),
        dividendYield: units.rate('implied dividend yield'),
        quotes: units.count('quotes used'),
        atmVol: units.annualVol('volatility at the forward'),
        a: units.coefficient('SVI level'),
        b: units.coefficient('SVI slope of the wings'),
        rho: units.correlation('SVI tilt'),
        m: units.coefficient('SVI centre in log-moneyness'),
        sigma: units.coefficient('SVI curvature width'),
        rmse: units.volPoints('root mean square error'),
        minG: units.coefficient('least butterfly factor; below 0 is arbitrage'),
        calendarGap: units.variance('least total variance above the expiry before it; below 0 is arbitrage').nullable(),
        constrained: z.boolean().describe('The free fit held arbitrage and was repaired'),
        converged: z.boolean().describe('The fit converged'),
      }),
    ),
    ssvi: z
      .object({
        rho: units.correlation('tilt'),
        eta: units.coefficient('size of the smile'),
        gamma: units.coefficient('decay of the smile with variance'),
        rmse: units.volPoints('root mean square error over all expiries'),
        butterflyFree: z.boolean().describe('No butterfly arbitrage, by theorem'),
        calendarFree: z.boolean().describe('No calendar arbitrage, by theorem'),
        converged: z.boolean().describe('The fit converged'),
      })
      .describe('One three-parameter surface over all expiries, for comparison'),
    richCheap: z.array(
      z.object({
        expiry: isoDate('expiry'),
        strike: units.price('strike'),
        right: z.enum(['call', 'put']).describe('call or put'),
        quoteVol: units.annualVol('volatility of the mid'),
        modelVol: units.annualVol('volatility of the surface'),
        difference: units.volPoints('quote less surface; above 0 is rich'),
        halfSpread: units.volPoints('half the bid-ask spread in volatility').nullable(),
        verdict: z.enum(['rich', 'cheap']).describe('rich: sell candidate; cheap: buy candidate'),
      }),
    ),
    grid: z.array(
      z.object({
        expiry: isoDate('expiry'),
        moneyness: units.ratio('strike over forward'),
        volatility: units.annualVol('volatility of the surface'),
      }),
    ),
    synthetic: z.boolean().describe('The chain is synthetic'),
  }),
  load: loadChain,
  run(input, data: ChainData, context) {
    const { chain } = data;
    const surface = buildSurface(data, input, context.warn);
    const expiries = surface.slices.map(({ smile, fit, calendar, years }) => ({
      expiry: smile.expiry,
      days: smile.days,
      forward: smile.forward ?? chain.spot,
      dividendYield: smile.dividendYield ?? 0,
      quotes: smile.points.length,
      atmVol: Math.sqrt(sviVariance(fit.parameters, 0) / years),
      ...fit.parameters,
      rmse: 100 * fit.rmse,
      minG: fit.butterfly.minG,
      calendarGap: calendar === null ? null : calendar.minDifference,
      constrained: fit.constrained,
      converged: fit.converged,
    }));
    const arbitrageFree = expiries.every((row) => row.minG >= -1e-9 && (row.calendarGap ?? 0) >= -1e-9);
    if (!arbitrageFree)
      context.warn('SURFACE_ARBITRAGE', 'Some arbitrage remains on the checked grid: see minG and calendarGap.');
    const ssvi = fitSsvi(
      surface.slices.map(({ smile, fit, years }) => ({
        years,
        theta: sviVariance(fit.parameters, 0),
        points: smile.points.map((point) => ({
          ...point,
          weight: 0.002 / Math.max(point.halfSpreadVol ?? 0.005, 0.002),
        })),
      })),
    );
    const listed = surface.slices.flatMap(({ smile, fit, years }) =>
      smile.points.map((point) => {
        const modelVol = Math.sqrt(sviVariance(fit.parameters, point.k) / years);
        const difference = 100 * (point.volatility - modelVol);
        return {
          expiry: smile.expiry,
          strike: point.strike,
          right: point.right,
          quoteVol: point.volatility,
          modelVol,
          difference,
          halfSpread: point.halfSpreadVol === null ? null : 100 * point.halfSpreadVol,
          verdict: difference > 0 ? ('rich' as const) : ('cheap' as const),
        };
      }),
    );
    // Only what lies beyond its own spread is worth a look.
    const richCheap = listed
      .filter((row) => Math.abs(row.difference) > (row.halfSpread ?? 0))
      .sort((a, b) => Math.abs(b.difference) - (b.halfSpread ?? 0) - (Math.abs(a.difference) - (a.halfSpread ?? 0)))
      .slice(0, input.richCheap);
    return {
      underlying: chain.underlying,
      quoteDate: chain.quoteDate,
      exercise: chain.exercise,
      spot: chain.spot,
      rate: surface.rate,
      expiryCount: expiries.length,
      arbitrageFree,
      worstRmse: Math.max(...expiries.map((row) => row.rmse)),
      excluded: surface.excluded,
      expiries,
      ssvi: {
        ...ssvi.parameters,
        rmse: 100 * ssvi.rmse,
        butterflyFree: ssvi.butterflyFree,
        calendarFree: ssvi.calendarFree,
        converged: ssvi.converged,
      },
      richCheap,
      grid: surface.slices.flatMap(({ smile, years }) =>
        MONEYNESS.map((moneyness) => ({
          expiry: smile.expiry,
          moneyness,
          volatility: surfaceVolatility(surface.slices, years, Math.log(moneyness)),
        })),
      ),
      synthetic: chain.synthetic,
    };
  },
  summarise: (output, cite) => [
    `${output.underlying} surface of ${output.quoteDate}${output.synthetic ? ' (synthetic)' : ''}: ${cite('expiryCount')} expiries, ${output.arbitrageFree ? 'no arbitrage' : 'arbitrage remains'}, worst fit ${cite('worstRmse')}.`,
    `${cite('excluded.total')} of ${cite('excluded.quotes')} quotes left out (${cite('excluded.zeroBid')} without bid, ${cite('excluded.crossed')} crossed, ${cite('excluded.outsideBounds')} outside bounds, ${cite('excluded.stale')} stale).`,
    ...output.expiries
      .slice(0, 5)
      .map(
        (row, i) =>
          `${row.expiry}: at the money ${cite(`expiries[${i}].atmVol`)}, forward ${cite(`expiries[${i}].forward`)}, dividend ${cite(`expiries[${i}].dividendYield`)}.`,
      ),
    ...output.richCheap
      .slice(0, 4)
      .map(
        (row, i) =>
          `${row.verdict}: ${row.expiry} ${cite(`richCheap[${i}].strike`)} ${row.right}, ${cite(`richCheap[${i}].difference`)} from the surface.`,
      ),
  ],
  chart: (output) => [
    {
      kind: 'heatmap',
      title: `${output.underlying} volatility surface, ${output.quoteDate}`,
      synthetic: output.synthetic,
      rows: output.expiries.map((row) => row.expiry),
      columns: MONEYNESS.map((value) => `${Math.round(value * 100)}%`),
      values: output.grid.map((row) => row.volatility),
      unit: 'annualVol',
    },
    {
      kind: 'xy',
      title: `${output.underlying} smiles`,
      synthetic: output.synthetic,
      x: { label: 'strike over forward', numbers: MONEYNESS, unit: 'ratio' },
      y: { label: 'implied volatility', unit: 'annualVol' },
      series: output.expiries.slice(0, 6).map((row) => ({
        name: row.expiry,
        values: output.grid.filter((point) => point.expiry === row.expiry).map((point) => point.volatility),
        style: 'line' as const,
      })),
    },
  ],
  examples: [
    {
      ask: 'Fit the volatility surface of DEMO:MKT and show what is mispriced',
      input: { symbol: 'DEMO:MKT' },
      fixture: 'bundled',
      expect: { values: { arbitrageFree: true }, warning: 'QUOTES_EXCLUDED' },
    },
    {
      ask: 'Surface of a stock without options here',
      input: { symbol: 'AAPL' },
      fixture: 'bundled',
      expect: { error: 'NO_DATA' },
    },
  ],
  assumptions: [
    'Mid quotes; one rate for all expiries; European, or American seen through the American price.',
    'Arbitrage is checked on a grid over the quoted strikes, not beyond them.',
  ],
  references: [
    'Gatheral & Jacquier (2014), Quantitative Finance 14:59',
    'Burkovska et al. (2018), Quantitative Finance 18:1091',
  ],
  cost: 'seconds',
});
