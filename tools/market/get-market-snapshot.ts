/** The state of the market on a day: fear, policy, curve, inflation, growth, jobs. What is missing is named. */
import { z } from 'zod';
import type { Bars, Loaded, Panel, Provenance } from '../../data/types.ts';
import { daysBetween } from '../../lib/dates.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import {
  curveNow,
  type Dated,
  futuresNow,
  levelNow,
  policyNow,
  volatilityNow,
  yearOnYear,
} from './market-indicators.ts';

interface Data {
  readonly asOf: string;
  readonly vix: Bars | null;
  readonly panels: Readonly<Record<string, Panel | null>>;
  readonly missing: readonly { readonly indicator: string; readonly reason: string; readonly remedy: string }[];
}

/** Panel by indicator; daily ones are stale after ten days, the others when two releases have been missed. */
const sources = {
  vixFutures: { panel: 'VIX:FUTURES', maxAgeDays: 10 },
  policy: { panel: 'US:POLICY_RATE', maxAgeDays: 70 },
  curve: { panel: 'US:YIELDS', maxAgeDays: 10 },
  inflation: { panel: 'US:CPI', maxAgeDays: 110 },
  growth: { panel: 'US:GDP', maxAgeDays: 320 },
  unemployment: { panel: 'US:UNEMPLOYMENT', maxAgeDays: 110 },
} as const;
type PanelIndicator = keyof typeof sources;
const VIX_MAX_AGE_DAYS = 10;

export const getMarketSnapshot = defineTool({
  name: 'get_market_snapshot',
  title: 'Get a market snapshot',
  family: 'market',
  version: 1,
  description:
    'Returns the state of the market on a day: VIX and its futures, policy rate and stance, the 10y-2y slope, inflation, growth and unemployment, each as it was known then, and names what is missing. Use it before detect_market_regime or for "how does the market stand". Use get_prices for single instruments and analyze_vol_term_structure for the volatility curve.',
  input: z.strictObject({
    market: z
      .enum(['real', 'demo'])
      .default('real')
      .describe('real uses fetched or imported series; demo uses the synthetic market'),
    asOf: isoDate('the day of the snapshot').optional(),
  }),
  output: z.object({
    market: z.enum(['real', 'demo']).describe('Which market'),
    synthetic: z.boolean().describe('True for the made-up demo market'),
    vix: z
      .object({
        date: isoDate('day of the value'),
        level: units.volPoints('volatility index'),
        changeOneMonth: units.volPoints('change over 21 sessions').nullable(),
      })
      .nullable(),
    vixFutures: z
      .object({
        date: isoDate('day of the settlements'),
        nearest: units.volPoints('nearest contract'),
        second: units.volPoints('second contract'),
        slope: units.fraction('second over nearest, less one; positive is contango'),
      })
      .nullable(),
    policy: z
      .object({
        date: isoDate('day of the value'),
        rate: units.rate('policy rate'),
        changeSixMonths: units.percentagePoints('change over six months').nullable(),
        stance: z
          .enum(['easing', 'neutral', 'tightening'])
          .nullable()
          .describe('By a change of a quarter point or more over six months'),
      })
      .nullable(),
    curve: z
      .object({
        date: isoDate('day of the value'),
        tenYear: units.rate('ten-year yield'),
        twoYear: units.rate('two-year yield'),
        slope: units.percentagePoints('ten-year less two-year'),
      })
      .nullable(),
    inflation: z
      .object({ date: isoDate('month of the figure'), value: units.rate('consumer prices over a year') })
      .nullable(),
    growth: z
      .object({ date: isoDate('quarter of the figure'), value: units.rate('real output over a year') })
      .nullable(),
    unemployment: z
      .object({ date: isoDate('month of the figure'), value: units.fraction('unemployment rate') })
      .nullable(),
    missing: z.array(
      z.object({
        indicator: z.string().describe('What is missing'),
        reason: z.string().describe('Why'),
        remedy: z.string().describe('What gets it'),
      }),
    ),
    stale: z.array(z.string()).describe('Indicators that are older than they should be'),
  }),
  async load(input, ports): Promise<Loaded<Data>> {
    const prefix = input.market === 'demo' ? 'DEMO:' : '';
    const missing: { indicator: string; reason: string; remedy: string }[] = [];
    const provenance: Provenance[] = [];
    const attempt = async <T>(indicator: string, read: () => Promise<Loaded<T>>): Promise<T | null> => {
      try {
        const loaded = await read();
        provenance.push(...loaded.provenance);
        return loaded.value;
      } catch (error) {
        if (!isTradewindError(error) || error.kind !== 'data') throw error;
        missing.push({ indicator, reason: error.message, remedy: error.hint });
        return null;
      }
    };
    const vix = await attempt('vix', () => ports.market.bars(`${prefix}VIX`));
    const panels: Record<string, Panel | null> = {};
    for (const [indicator, { panel }] of Object.entries(sources))
      panels[indicator] = await attempt(indicator, () => ports.market.panel(`${prefix}${panel}`));
    return { value: { asOf: ports.asOf, vix, panels, missing }, provenance };
  },
  run(input, data: Data, context) {
    const read = <T>(name: PanelIndicator, take: (panel: Panel) => T | null): T | null => {
      const panel = data.panels[name];
      return panel ? take(panel) : null;
    };
    const indicators = {
      vix: data.vix === null ? null : volatilityNow(data.vix),
      vixFutures: read('vixFutures', futuresNow),
      policy: read('policy', policyNow),
      curve: read('curve', curveNow),
      inflation: read('inflation', yearOnYear),
      growth: read('growth', yearOnYear),
      unemployment: read('unemployment', levelNow),
    };
    const stale = staleNames(indicators, data.asOf);
    for (const name of stale)
      context.warn('STALE_DATA', `${name} is of ${indicators[name]?.date}, long before ${data.asOf}.`);
    const empty = (Object.keys(sources) as PanelIndicator[])
      .filter((name) => indicators[name] === null && data.panels[name])
      .map((name) => ({
        indicator: name,
        reason: `${sources[name].panel} holds too few rows for it.`,
        remedy: 'Import or fetch a longer history.',
      }));
    const missing = [...data.missing, ...empty];
    if (missing.length > 0)
      context.warn('MISSING_INDICATORS', `Not held: ${missing.map((item) => item.indicator).join(', ')}.`);
    return { market: input.market, synthetic: input.market === 'demo', ...indicators, missing, stale };
  },
  summarise: (output, cite) => [
    `Market snapshot${output.synthetic ? ' of the synthetic demo market' : ''}`,
    ...(output.vix === null ? [] : [`VIX ${cite('vix.level')} on ${output.vix.date}`]),
    ...(output.vixFutures === null
      ? []
      : [`VIX futures ${cite('vixFutures.nearest')} then ${cite('vixFutures.second')}`]),
    ...(output.policy === null
      ? []
      : [`policy rate ${cite('policy.rate')}, stance ${output.policy.stance ?? 'unknown'}`]),
    ...(output.curve === null ? [] : [`10y-2y slope ${cite('curve.slope')}`]),
    ...(output.inflation === null ? [] : [`inflation ${cite('inflation.value')}`]),
    ...(output.growth === null ? [] : [`growth ${cite('growth.value')}`]),
    ...(output.unemployment === null ? [] : [`unemployment ${cite('unemployment.value')}`]),
    ...(output.missing.length === 0 ? [] : [`missing: ${output.missing.map((item) => item.indicator).join(', ')}`]),
    ...(output.stale.length === 0 ? [] : [`stale: ${output.stale.join(', ')}`]),
  ],
  examples: [
    {
      ask: 'How does the demo market stand?',
      input: { market: 'demo', asOf: '2025-12-31' },
      fixture: 'bundled',
      expect: { values: { 'vix.level': 24.46, 'curve.slope': 0.32, synthetic: true }, tolerance: 1e-9 },
    },
    {
      ask: 'How did the market stand when the year 2015 ended?',
      input: { asOf: '2015-12-31' },
      fixture: 'bundled',
      expect: { values: { vix: null, 'missing[0].indicator': 'vix' }, warning: 'MISSING_INDICATORS' },
    },
    {
      ask: 'Snapshot of the market on the moon.',
      input: { market: 'moon' },
      fixture: 'bundled',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Macro figures are those published by the day, not later revisions of the calendar; values may be revised ones where the source holds only those.',
    'Stance is the change of the policy rate over six months.',
  ],
  references: ['CBOE (2019), Volatility Index Methodology'],
  cost: 'instant',
});

function staleNames<Name extends string>(indicators: Readonly<Record<Name, Dated | null>>, asOf: string): Name[] {
  return (Object.keys(indicators) as Name[]).filter((name) => {
    const indicator = indicators[name];
    if (indicator === null) return false;
    const limit = (sources as Readonly<Record<string, { maxAgeDays: number }>>)[name]?.maxAgeDays ?? VIX_MAX_AGE_DAYS;
    return daysBetween(indicator.date, asOf) > limit;
  });
}
