/** What trading the regimes would have earned, with refits on the past only. */
import type { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { backtestHmmInput, backtestHmmOutput } from './backtest-hmm-schema.ts';
import { loadPriceData } from './price-data.ts';
import { type BacktestHmmData, runBacktestHmm } from './run-backtest-hmm.ts';

type Input = z.output<typeof backtestHmmInput>;
type Output = z.output<typeof backtestHmmOutput>;

export const backtestHmm = defineTool({
  name: 'backtest_hmm',
  title: 'Backtest the hidden Markov regimes',
  family: 'regimes',
  version: 1,
  description:
    'Walks a Gaussian hidden Markov model forward through history: refits on past data only, trades the filtered signal on the next bar after costs, and compares with buy-and-hold and with a rule that leaves the market while VIX is above 20, including the lag of each at marked crises. Use it for whether trading the regimes would have worked, or which rule reacted faster in a crash. Use fit_hmm for the regimes themselves and backtest_strategy for other signals.',
  input: backtestHmmInput,
  output: backtestHmmOutput,
  async load(input, ports) {
    const main = await loadPriceData(input, ports);
    const vix = await loadVix(input, main.value.synthetic, ports);
    return {
      value: { main: main.value, vix: vix.value?.value ?? null, vixReason: vix.reason },
      provenance: [...main.provenance, ...(vix.value?.provenance ?? [])],
      warnings: main.warnings ?? [],
    };
  },
  run: (input, data: BacktestHmmData, context) => runBacktestHmm(input, data, context),
  summarise: (output, cite) => [
    `${output.name} (${output.symbol}${output.synthetic ? ', synthetic' : ''}), test ${output.from} to ${output.to}, ${cite('rows')} days, ${cite('refits')} refits on past data only, next-bar execution after costs.`,
    `HMM: total ${cite('hmm.totalReturn')}, Sharpe ${output.hmm.sharpe === null ? 'none' : cite('hmm.sharpe')}, max drawdown ${cite('hmm.maxDrawdown')}, in the market ${cite('hmm.timeInMarket')}, ${cite('hmm.trades')} trades.`,
    `Buy-and-hold: total ${cite('buyAndHold.totalReturn')}, Sharpe ${output.buyAndHold.sharpe === null ? 'none' : cite('buyAndHold.sharpe')}, max drawdown ${cite('buyAndHold.maxDrawdown')}.`,
    output.vixRule === null
      ? `No VIX rule: ${output.vixReason ?? 'there is no VIX series'}.`
      : `VIX above 20 is out: total ${cite('vixRule.totalReturn')}, Sharpe ${output.vixRule.sharpe === null ? 'none' : cite('vixRule.sharpe')}, max drawdown ${cite('vixRule.maxDrawdown')}.`,
    ...output.crises
      .slice(0, 5)
      .map((c, i) =>
        c.hmmLagDays === null
          ? `${c.name} (${c.date}): ${c.reason ?? 'no lag'}.`
          : `${c.name} (${c.date}): HMM out after ${cite(`crises[${i}].hmmLagDays`)}${c.vixLagDays === null ? '' : `, VIX rule after ${cite(`crises[${i}].vixLagDays`)}`}.`,
      ),
    `Verdict: ${output.verdict}.`,
  ],
  chart: (output) => charts(output),
  examples: [
    {
      ask: 'Would trading the HMM regimes of the S&P 500 have beaten buy and hold?',
      input: { symbol: 'SPX', start: '2005-01-01' },
      fixture: 'bundled',
      expect: { values: { symbol: 'SPX', vixRule: null } },
    },
    {
      ask: 'VIX rule or HMM, which left the demo market faster?',
      input: { symbol: 'DEMO:MKT', states: 2, minimumRows: 504 },
      fixture: 'bundled',
      expect: { values: { synthetic: true, vixReason: null } },
    },
    {
      ask: 'Backtest regimes on one year of data',
      input: { symbol: 'SPX', start: '2019-04-17' },
      fixture: 'bundled',
      expect: { error: 'NOT_ENOUGH_DATA' },
    },
  ],
  assumptions: [
    'Orders decided at one close fill at the next close; costs are a fraction of traded value; cash earns nothing.',
    'Thresholds and the number of states were not tuned here; trying many and showing the best would overstate the result.',
  ],
  references: [
    'Hamilton (1989), Econometrica 57:357–384',
    'Bulla, Mergner, Bulla, Sesboüé & Chesneau (2011), J. Asset Management 12:310–321',
  ],
  cost: 'minutes',
});

/** The VIX series, or why there is none. One that the person named must exist. */
async function loadVix(input: Input, synthetic: boolean, ports: Ports) {
  const symbol = input.vixSymbol ?? (synthetic ? 'DEMO:VIX' : 'VIX');
  try {
    return {
      value: await loadPriceData({ symbol, start: input.start, end: input.end, field: 'close' }, ports),
      reason: null,
    };
  } catch (error) {
    if (input.vixSymbol !== undefined || !isTradewindError(error) || error.kind === 'fault') throw error;
    return { value: null, reason: `${error.message} ${error.hint}` };
  }
}

function charts(output: Output): readonly ChartSpec[] {
  const dates = output.history.map((h) => h.date);
  const common = {
    kind: 'xy',
    synthetic: output.synthetic,
    x: { label: 'date', dates },
    footer: `${output.symbol}, ${output.from} to ${output.to}, after costs, refitted on past data only`,
  } as const;
  return [
    {
      ...common,
      title: `${output.name}: regimes against buy-and-hold`,
      y: { label: 'equity, start 1', unit: 'ratio', scale: 'log' },
      series: [
        { name: 'HMM', values: output.history.map((h) => h.hmm), tone: 'accent' },
        { name: 'buy-and-hold', values: output.history.map((h) => h.buyAndHold), tone: 'muted' },
        ...(output.vixRule === null
          ? []
          : [{ name: 'VIX rule', values: output.history.map((h) => h.vixRule), style: 'dashed' as const }]),
      ],
    },
    {
      ...common,
      title: `${output.name}: filtered probability of bear, as known then`,
      y: { label: 'probability', unit: 'probability', zero: true },
      series: [{ name: 'bear', values: output.history.map((h) => h.bearProbability), style: 'area', tone: 'bad' }],
    },
  ];
}
