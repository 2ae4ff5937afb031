/** The portfolio manager's regime: VIX decides, the other indicators say how sure; the hidden Markov model stands beside it. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded } from '../../data/types.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { isTradewindError, notAvailable } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { fitHmm } from '../kernels/hmm/fit-hmm.ts';
import { classifyMarketRegime, type RegimeIndicators } from '../kernels/rebalance/market-regime.ts';
import { logReturns } from '../kernels/timeseries/returns.ts';
import { getMarketSnapshot } from '../market/get-market-snapshot.ts';
import { loadPriceData, type PriceData } from './price-data.ts';
import { regimeLabels } from './regime-labels.ts';

const inputSchema = z.strictObject({
  vix: units.volPoints('VIX level; read from the data where left out').positive().optional(),
  yieldCurveSlope: units.percentagePoints('ten-year less two-year yield').optional(),
  fedStance: z.enum(['easing', 'neutral', 'tightening']).optional().describe('Stance of the central bank'),
  gdpGrowth: units.rate('real output over a year').optional(),
  unemployment: units.fraction('unemployment rate').min(0).max(1).optional(),
  inflation: units.rate('consumer prices over a year').optional(),
  market: z
    .enum(['real', 'demo'])
    .default('real')
    .describe('Where left-out indicators are read: real series, or the synthetic market'),
  compareWithHmm: z
    .boolean()
    .default(true)
    .describe('Also fit a three-state hidden Markov model and say whether it agrees'),
  symbol: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe('Instrument of the hidden Markov model; default the broad index of the market'),
  asOf: isoDate('Nothing after this day is used').optional(),
  seed: units.count('seed of the random starts').min(0).default(42),
});

const outputSchema = z.object({
  current_regime: z.enum(['RISK_ON', 'TRANSITION', 'RISK_OFF']),
  confidence: units.ratio('agreeing less contradicting weights, from 0 to 1'),
  recommended_asset_allocation: z.object({
    stocks: units.fraction('of the portfolio'),
    bonds: units.fraction('of the portfolio'),
    cash: units.fraction('of the portfolio'),
  }),
  regime_indicators: z.object({
    vix_signal: z.enum(['LOW_VOLATILITY', 'ELEVATED_VOLATILITY', 'HIGH_VOLATILITY']),
    yield_curve_signal: z.enum(['NORMAL', 'FLAT', 'INVERTED']).nullable(),
    macro_signal: z.enum(['EXPANSION', 'MIXED', 'CONTRACTION']).nullable(),
  }),
  vix: units.volPoints('level that decided'),
  votes: z.array(
    z.object({
      indicator: z.string(),
      source: z.enum(['given', 'data', 'missing']),
      date: isoDate('day of the figure').nullable(),
      lean: z.enum(['RISK_ON', 'RISK_OFF', 'neutral']).nullable().describe('null where the indicator is missing'),
      weight: units.ratio('of the indicator'),
      contribution: units.ratio('to the confidence'),
    }),
  ),
  missing: z.array(z.string()).describe('Indicators that count 0 because nothing is known'),
  synthetic: z.boolean().describe('True where any figure is made up'),
  hmm: z
    .object({
      symbol: z.string(),
      date: isoDate('last day of its prices'),
      label: z.string().describe('Likeliest state by filtered probability'),
      probability: units.probability('of that state'),
      impliedRegime: z
        .enum(['RISK_ON', 'TRANSITION', 'RISK_OFF'])
        .describe('bull, neutral, bear in the words of the rule'),
      agrees: z.boolean().nullable().describe('null where its prices are of another time'),
      note: z.string(),
    })
    .nullable(),
});

type Input = z.output<typeof inputSchema>;
type Output = z.input<typeof outputSchema>;
type SnapshotData = Parameters<typeof getMarketSnapshot.run>[1];

interface Data {
  readonly asOf: string;
  readonly snapshot: SnapshotData | null;
  readonly prices: PriceData | null;
}

const indicatorNames = ['vix', 'yieldCurveSlope', 'fedStance', 'gdpGrowth', 'unemployment', 'inflation'] as const;
const impliedRegimes = { bear: 'RISK_OFF', neutral: 'TRANSITION', bull: 'RISK_ON' } as const;
const MAX_AGE_MS = 10 * 86_400_000;

export const detectMarketRegime = defineTool({
  name: 'detect_market_regime',
  title: 'Detect the market regime by rule',
  family: 'regimes',
  version: 1,
  description:
    'Classifies the market as RISK_ON, TRANSITION or RISK_OFF by the VIX rule (below 20, 20 to 25 inclusive, above 25), with a confidence from yield curve, policy stance, growth, unemployment and inflation, the target allocation, and whether a hidden Markov model agrees. Use it for the market regime in the sense of asset allocation and before rebalancing; give indicators or let it read them. Use fit_hmm for the regime of one instrument with probabilities and durations, check_rebalance for the trades that follow.',
  input: inputSchema,
  output: outputSchema,
  load,
  run: (input, data: Data, context) => run(input, data, context),
  summarise: (output, cite) => [
    `Market regime ${output.current_regime}${output.synthetic ? ' (synthetic data)' : ''}: VIX ${cite('vix')}, ${output.regime_indicators.vix_signal}; confidence ${cite('confidence')}.`,
    `Target: stocks ${cite('recommended_asset_allocation.stocks')}, bonds ${cite('recommended_asset_allocation.bonds')}, cash ${cite('recommended_asset_allocation.cash')}.`,
    `Yield curve ${output.regime_indicators.yield_curve_signal ?? 'unknown'}, macro ${output.regime_indicators.macro_signal ?? 'unknown'}.`,
    ...(output.missing.length === 0 ? [] : [`Missing, counted as 0: ${output.missing.join(', ')}.`]),
    ...(output.hmm === null
      ? []
      : [
          `Hidden Markov model of ${output.hmm.symbol} on ${output.hmm.date}: ${output.hmm.label} with probability ${cite('hmm.probability')}; ${output.hmm.note}.`,
        ]),
  ],
  examples: [
    {
      ask: 'VIX 18, curve +0.3, Fed neutral, growth 2.5%, unemployment 3.8%, inflation 2.8%: which regime?',
      input: {
        vix: 18,
        yieldCurveSlope: 0.3,
        fedStance: 'neutral',
        gdpGrowth: 0.025,
        unemployment: 0.038,
        inflation: 0.028,
        compareWithHmm: false,
      },
      fixture: 'none',
      expect: { values: { current_regime: 'RISK_ON', confidence: 0.75, 'recommended_asset_allocation.stocks': 0.7 } },
    },
    {
      ask: 'Which regime is the demo market in, and does the HMM agree?',
      input: { market: 'demo', asOf: '2025-12-31' },
      fixture: 'bundled',
      expect: { values: { current_regime: 'TRANSITION', synthetic: true } },
    },
    {
      ask: 'Which market regime was it at the end of 2015, without a VIX series?',
      input: { asOf: '2015-12-31' },
      fixture: 'bundled',
      expect: { error: 'NO_VIX' },
    },
  ],
  assumptions: [
    'Thresholds and weights are the policy of the portfolio manager, not estimates.',
    'A missing or neutral indicator counts 0, so the confidence falls with what is missing.',
  ],
  references: [
    'Whaley (2009), J. Portfolio Management 35(3):98–105',
    'Estrella & Mishkin (1998), Rev. Econ. Stat. 80:45–61, eq. 1',
  ],
  cost: 'seconds',
});

async function load(input: Input, ports: Ports): Promise<Loaded<Data>> {
  const incomplete = indicatorNames.some((name) => input[name] === undefined);
  const snapshot =
    incomplete && getMarketSnapshot.load ? await getMarketSnapshot.load({ market: input.market }, ports) : null;
  const symbol = input.symbol ?? (input.market === 'demo' ? 'DEMO:MKT' : 'SPX');
  const prices = input.compareWithHmm
    ? await optional(() => loadPriceData({ symbol }, ports), input.symbol !== undefined)
    : null;
  return {
    value: { asOf: ports.asOf, snapshot: snapshot?.value ?? null, prices: prices?.value ?? null },
    provenance: [...(snapshot?.provenance ?? []), ...(prices?.provenance ?? [])],
  };
}

/** Null where the data are not held, unless the person asked for just these. */
async function optional<T>(read: () => Promise<T>, required: boolean): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (required || !isTradewindError(error) || error.kind === 'fault') throw error;
    return null;
  }
}

function run(input: Input, data: Data, context: RunContext): Output {
  const read = readIndicators(input, data, context);
  const { vix } = read.values;
  if (vix === null) {
    throw notAvailable({
      code: 'NO_VIX',
      message: 'The market regime needs a VIX level, and there is none in the data.',
      hint: 'Give `vix`, fetch it with `tradewind data fetch VIX`, or ask fit_hmm for the regime of an index from its prices.',
    });
  }
  const result = classifyMarketRegime({ ...read.values, vix });
  const missing = indicatorNames.filter((name) => read.values[name] === null);
  if (missing.length > 0) {
    context.warn(
      'MISSING_INDICATORS',
      `No figure for ${missing.join(', ')}: each counts 0, so the confidence is lower.`,
    );
  }
  return {
    current_regime: result.regime,
    confidence: result.confidence,
    recommended_asset_allocation: { ...result.targetAllocation },
    regime_indicators: {
      vix_signal: result.vixSignal,
      yield_curve_signal: result.yieldCurveSignal,
      macro_signal: result.macroSignal,
    },
    vix,
    votes: result.votes.map((vote) => ({
      indicator: vote.indicator,
      source: input[vote.indicator] !== undefined ? 'given' : read.values[vote.indicator] === null ? 'missing' : 'data',
      date: read.dates[vote.indicator] ?? null,
      lean: vote.lean,
      weight: vote.weight,
      contribution: vote.contribution,
    })),
    missing: [...missing],
    synthetic: read.synthetic || (data.prices?.synthetic ?? false),
    hmm: data.prices === null ? null : compare(data.prices, result.regime, data.asOf, context),
  };
}

type NullableIndicators = { readonly [K in keyof RegimeIndicators]: RegimeIndicators[K] | null };

/** What the person gave wins; the rest comes from the snapshot. */
function readIndicators(input: Input, data: Data, context: RunContext) {
  const silent = { ...context, warn: () => undefined };
  const snapshot =
    data.snapshot === null
      ? null
      : (getMarketSnapshot.run({ market: input.market }, data.snapshot, silent) as z.output<
          typeof getMarketSnapshot.output
        >);
  const values: NullableIndicators = {
    vix: input.vix ?? snapshot?.vix?.level ?? null,
    yieldCurveSlope: input.yieldCurveSlope ?? snapshot?.curve?.slope ?? null,
    fedStance: input.fedStance ?? snapshot?.policy?.stance ?? null,
    gdpGrowth: input.gdpGrowth ?? snapshot?.growth?.value ?? null,
    unemployment: input.unemployment ?? snapshot?.unemployment?.value ?? null,
    inflation: input.inflation ?? snapshot?.inflation?.value ?? null,
  };
  const found: Readonly<Record<string, string | undefined>> = {
    vix: snapshot?.vix?.date,
    yieldCurveSlope: snapshot?.curve?.date,
    fedStance: snapshot?.policy?.date,
    gdpGrowth: snapshot?.growth?.date,
    unemployment: snapshot?.unemployment?.date,
    inflation: snapshot?.inflation?.date,
  };
  const dates: Record<string, string | null> = {};
  for (const name of indicatorNames) dates[name] = input[name] === undefined ? (found[name] ?? null) : null;
  const synthetic = (snapshot?.synthetic ?? false) && indicatorNames.some((name) => dates[name] !== null);
  if (snapshot !== null && snapshot.stale.length > 0) {
    context.warn('STALE_DATA', `Older than they should be: ${snapshot.stale.join(', ')}.`);
  }
  return { values, dates, synthetic };
}

function compare(
  prices: PriceData,
  regime: Output['current_regime'],
  asOf: string,
  context: RunContext,
): Output['hmm'] {
  const data = logReturns(prices.price);
  if (data.length < 250) return null;
  const fit = fitHmm(
    { data, rows: data.length, cols: 1 },
    { states: 3, covarianceType: 'full', restarts: 5, rng: context.rng },
  );
  const now = fit.filtered.slice(-3);
  const best = now.indexOf(Math.max(...now));
  const label = regimeLabels(3)[best] as keyof typeof impliedRegimes;
  const impliedRegime = impliedRegimes[label];
  const last = prices.times[prices.times.length - 1] as number;
  const old = Date.parse(`${asOf}T00:00:00Z`) - last > MAX_AGE_MS;
  const agrees = old ? null : impliedRegime === regime;
  const date = toIsoDate(last);
  const note = old
    ? `its prices end on ${date}, so it says nothing about ${asOf}`
    : agrees
      ? 'it agrees with the rule'
      : 'it disagrees with the rule: the rule looks at implied volatility today, the model at the run of past returns';
  return { symbol: prices.symbol, date, label, probability: now[best] as number, impliedRegime, agrees, note };
}
