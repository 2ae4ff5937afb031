/** A curve from quoted yields: discount factors, zero rates, forwards, and a smooth fit. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import {
  bootstrapParCurve,
  createDiscountCurve,
  type DiscountCurve,
  discountAt,
  forwardRate,
  parYieldAt,
  zeroRateAt,
} from '../kernels/rates/discount-curve.ts';
import { fitNelsonSiegel, fitSvensson, type NelsonSiegelFit } from '../kernels/rates/nelson-siegel.ts';
import { lastYields, type PlainPanel, plainPanel } from './panel-reading.ts';

const input = z.strictObject({
  panel: z.string().optional().describe('Yield panel, such as US:YIELDS or DEMO:US:YIELDS'),
  years: z
    .array(units.years('maturity').min(0.01).max(100))
    .min(2)
    .max(60)
    .optional()
    .describe('Maturities, instead of a panel'),
  yields: z
    .array(units.rate('yield').min(-0.5).max(2))
    .min(2)
    .max(60)
    .optional()
    .describe('Yields at those maturities'),
  quotes: z
    .enum(['par', 'zero'])
    .default('par')
    .describe('par: bills up to half a year, semi-annual bonds beyond; zero: continuous zero rates'),
  model: z
    .enum(['bootstrap', 'nelson-siegel', 'svensson'])
    .default('bootstrap')
    .describe('Exact curve, or also a smooth fit'),
  forwards: z
    .array(z.strictObject({ start: units.years('from').min(0).max(100), end: units.years('to').min(0).max(100) }))
    .max(20)
    .optional()
    .describe('Forward periods wanted'),
  asOf: z.string().optional().describe('Curve of this day or the last before it (ISO)'),
});

const output = z.object({
  source: z.string().describe('Panel or given'),
  date: z.string().nullable().describe('Day of the quotes'),
  nodes: z
    .array(
      z.object({
        years: units.years('maturity'),
        quoted: units.rate('as given'),
        par: units.rate('par yield, semi-annual').nullable(),
        zero: units.rate('zero rate, continuous'),
        zeroAnnual: units.rate('zero rate, annual'),
        discount: units.ratio('discount factor'),
        forward: units.rate('continuous forward from the node before'),
        fitted: units.rate('zero rate of the smooth fit').nullable(),
      }),
    )
    .describe('One per maturity'),
  forwards: z
    .array(
      z.object({
        start: units.years('from'),
        end: units.years('to'),
        continuous: units.rate('continuous'),
        simple: units.rate('simple'),
        annual: units.rate('annual'),
      }),
    )
    .describe('Forward rates'),
  slope: units.percentagePoints('10-year minus 2-year par yield').nullable(),
  inverted: z.boolean().nullable().describe('True where the slope is negative'),
  fit: z
    .object({
      model: z.string().describe('Model'),
      beta: z.array(units.coefficient('β')).describe('Level, slope, curvature …'),
      lambda1: units.years('λ₁'),
      lambda2: units.years('λ₂').nullable(),
      rmse: units.rate('root mean square error'),
    })
    .nullable()
    .describe('Smooth fit'),
  missing: z.array(z.string()).describe('Maturities without a quote that day'),
  synthetic: z.boolean().describe('Simulated'),
});

type Input = z.output<typeof input>;

export const buildYieldCurve = defineTool({
  name: 'build_yield_curve',
  title: 'Build a yield curve',
  family: 'carry',
  version: 1,
  description:
    'Bootstraps discount factors, zero and forward rates from par or zero yields, and can fit Nelson-Siegel or Svensson. Use it for "what does the curve say", forward rates, discount factors and whether it is inverted. Use analyze_curve_carry for what bonds earn on it, and get_market_snapshot for the headline slope only.',
  input,
  output,
  async load(request, ports): Promise<Loaded<PlainPanel | null>> {
    if (request.years !== undefined || request.yields !== undefined) return { value: null, provenance: [] };
    const loaded = await ports.market.panel(request.panel ?? 'US:YIELDS');
    return { ...loaded, value: plainPanel(loaded.value) };
  },
  run(request, panel: PlainPanel | null, context) {
    const quotes = readQuotes(request, panel);
    const { years, yields } = quotes;
    const curve =
      request.quotes === 'par'
        ? bootstrapParCurve(years, yields)
        : createDiscountCurve(
            years,
            yields.map((rate, k) => Math.exp(-rate * (years[k] as number))),
          );
    if (quotes.missing.length > 0)
      context.warn('MATURITIES_MISSING', `No quote that day for ${quotes.missing.join(', ')}.`);
    const zeros = years.map((t) => zeroRateAt(curve, t).continuous);
    const fit =
      request.model === 'bootstrap'
        ? null
        : request.model === 'svensson'
          ? fitSvensson(years, zeros)
          : fitNelsonSiegel(years, zeros);
    const slope = spanOf(curve, years);
    return {
      source: quotes.source,
      date: quotes.date,
      nodes: years.map((t, k) => nodeOf(curve, years, yields, k, t, fit)),
      forwards: (request.forwards ?? []).map(({ start, end }) => ({ start, end, ...forwardRate(curve, start, end) })),
      slope,
      inverted: slope === null ? null : slope < 0,
      fit:
        fit === null
          ? null
          : {
              model: request.model,
              beta: [...fit.beta],
              lambda1: fit.lambda1,
              lambda2: fit.lambda2 ?? null,
              rmse: fit.rmse,
            },
      missing: [...quotes.missing],
      synthetic: panel?.synthetic ?? false,
    };
  },
  summarise(result, cite) {
    const last = result.nodes.length - 1;
    const lines = [
      `${result.source}${result.date === null ? '' : ` on ${result.date}`}: zero rates from ${cite('nodes[0].zero')} at ${cite('nodes[0].years')} to ${cite(`nodes[${last}].zero`)} at ${cite(`nodes[${last}].years`)}.`,
    ];
    if (result.slope !== null)
      lines.push(`10-year minus 2-year: ${cite('slope')}${result.inverted ? ' (inverted)' : ''}.`);
    for (const [k, row] of result.forwards.slice(0, 4).entries())
      lines.push(`Forward ${row.start} to ${row.end} years: ${cite(`forwards[${k}].annual`)} annual.`);
    if (result.fit !== null) lines.push(`${result.fit.model} fit: error ${cite('fit.rmse')}.`);
    return lines;
  },
  chart(result) {
    return {
      kind: 'xy',
      title: 'Yield curve',
      synthetic: result.synthetic,
      x: { label: 'Years', numbers: result.nodes.map((node) => node.years), unit: 'years' },
      y: { label: 'Rate', unit: 'rate' },
      series: [
        { name: 'zero', values: result.nodes.map((node) => node.zero), style: 'line', tone: 'accent' },
        { name: 'forward', values: result.nodes.map((node) => node.forward), style: 'step', tone: 'muted' },
      ],
    };
  },
  examples: [
    {
      ask: 'A flat 4% curve: what is the forward from year 1 to 2?',
      input: { years: [1, 2, 5], yields: [0.04, 0.04, 0.04], quotes: 'zero', forwards: [{ start: 1, end: 2 }] },
      fixture: 'none',
      expect: { values: { 'forwards[0].continuous': 0.04, 'nodes[2].discount': Math.exp(-0.2) }, tolerance: 1e-12 },
    },
    {
      ask: 'Demo government curve with a smooth fit',
      input: { panel: 'DEMO:US:YIELDS', model: 'nelson-siegel', asOf: '2025-12-31' },
      fixture: 'bundled',
      expect: { values: { date: '2025-12-31', synthetic: true, slope: 0.32 }, tolerance: 0.02 },
    },
    {
      ask: 'Maturities without yields',
      input: { years: [1, 2] },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Par quotes: simple-interest bills up to half a year, semi-annual bonds at par beyond; no tax, credit or liquidity premium.',
    'The logarithm of the discount factor is linear between maturities (flat forwards) and the last forward is carried on.',
  ],
  references: [
    'Hagan and West (2006), Appl. Math. Finance 13, section 3.2',
    'Nelson and Siegel (1987), J. Business 60, eq. 2; Svensson (1994), NBER 4871',
  ],
  cost: 'seconds',
});

function readQuotes(request: Input, panel: PlainPanel | null) {
  if (panel !== null) {
    const row = lastYields(panel);
    return { ...row, source: panel.id, date: row.date as string | null };
  }
  const { years, yields } = request;
  if (years === undefined || yields === undefined || years.length !== yields.length) {
    throw invalidInput({
      what: '`years` and `yields`',
      needed: 'both given, with as many numbers each',
      got: `${years?.length ?? 0} and ${yields?.length ?? 0}`,
      hint: 'Or name a `panel` such as DEMO:US:YIELDS.',
    });
  }
  return { years, yields, source: 'given', date: null, missing: [] as readonly string[] };
}

function nodeOf(
  curve: DiscountCurve,
  years: readonly number[],
  yields: readonly number[],
  k: number,
  t: number,
  fit: NelsonSiegelFit | null,
) {
  const zero = zeroRateAt(curve, t);
  return {
    years: t,
    quoted: yields[k] as number,
    par: t > 0.5 ? parYieldAt(curve, t) : null,
    zero: zero.continuous,
    zeroAnnual: zero.annual,
    discount: discountAt(curve, t),
    forward: forwardRate(curve, k === 0 ? 0 : (years[k - 1] as number), t).continuous,
    fitted: fit === null ? null : (fit.fitted[k] as number),
  };
}

/** 10-year minus 2-year par yield in percentage points, where the curve reaches that far. */
function spanOf(curve: DiscountCurve, years: readonly number[]): number | null {
  if ((years.at(-1) as number) < 10 || (years[0] as number) > 2) return null;
  return 100 * (parYieldAt(curve, 10) - parYieldAt(curve, 2));
}
