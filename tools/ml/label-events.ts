/** Labels of one series: when, which outcome, how much of its information is its own. */
import { z } from 'zod';
import type { Bars, Loaded } from '../../data/types.ts';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { notEnoughData } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import {
  type BarrierLabels,
  cusumEvents,
  ewmDeviation,
  labelUniqueness,
  metaLabels,
  tripleBarrier,
} from '../kernels/ml/labels.ts';
import { mean } from '../kernels/stats/moments.ts';
import { dayText } from './evidence-schema.ts';

interface Prices {
  readonly symbol: string;
  readonly synthetic: boolean;
  readonly times: Float64Array;
  readonly close: Float64Array;
}

const input = z.strictObject({
  symbol: z.string().min(1).max(40).describe('Instrument'),
  start: isoDate('first day').optional(),
  end: isoDate('last day').optional(),
  asOf: isoDate('nothing after this day is read').optional(),
  method: z
    .enum(['fixed-horizon', 'triple-barrier'])
    .default('triple-barrier')
    .describe('Sign of the return at a fixed horizon, or the first barrier touched'),
  events: z.enum(['cusum', 'every-day']).default('cusum').describe('Label where the CUSUM filter fires, or every day'),
  cusumThreshold: units.fraction('log return that must accumulate between events').min(0.0005).max(1).default(0.02),
  horizonDays: units.count('rows to the vertical barrier or the fixed horizon').min(1).max(252).default(10),
  profitTaking: units.ratio('upper barrier in units of the trailing deviation; 0 for none').min(0).max(20).default(1),
  stopLoss: units.ratio('lower barrier in units of the trailing deviation; 0 for none').min(0).max(20).default(1),
  volatilitySpan: units.count('span of the exponentially weighted deviation').min(5).max(500).default(100),
  primary: z
    .enum(['none', 'momentum', 'reversal'])
    .default('none')
    .describe('A primary model whose bets are meta-labelled: the sign of the 21-day return, or its opposite'),
});

const output = z.object({
  symbol: z.string(),
  synthetic: z.boolean().describe('True for DEMO: data'),
  from: isoDate('first day'),
  to: isoDate('last day'),
  events: units.count('events found'),
  labelled: units.count('events with a finished label'),
  unfinished: units.count('events whose future is not over: left out'),
  up: units.count('labels +1'),
  down: units.count('labels -1'),
  neutral: units.count('labels 0'),
  meanReturn: units.fraction('mean simple return from event to touch').nullable(),
  meanHoldingDays: units.days('mean rows from event to touch').nullable(),
  meanUniqueness: units.fraction('mean share of a label that is its own').nullable(),
  effectiveLabels: units.ratio('sum of uniqueness: independent labels that these are worth'),
  largestConcurrency: units.count('most labels alive on one day'),
  metaHitRate: units.fraction('share of the primary model’s bets that made money').nullable(),
  recent: z
    .array(
      z.object({
        event: isoDate('day of the event'),
        touch: isoDate('day a barrier was touched or time ran out'),
        label: units.count('-1, 0 or 1'),
        return: units.fraction('simple return in the direction of the bet'),
        weight: units.ratio('sample weight: uniqueness over its mean'),
        meta: units.count('1 where the bet paid').nullable(),
      }),
    )
    .describe('The newest finished labels, oldest first, at most 50'),
});

export const labelEvents = defineTool({
  name: 'label_events',
  title: 'Label events for a model',
  family: 'ml',
  version: 1,
  description:
    'Labels one price series for supervised learning: events by the CUSUM filter or every day, outcomes by a fixed horizon or the triple-barrier method, meta-labels for a primary model, and uniqueness weights for labels that overlap. Use it to design or check the target of a classifier, or to see how many independent observations a study really has. Use train_return_model to predict returns of many instruments with purged validation.',
  input,
  output,
  async load(query, ports): Promise<Loaded<Prices>> {
    const loaded = await ports.market.bars(query.symbol, { start: query.start, end: query.end, frequency: 'day' });
    return { ...loaded, value: toPrices(loaded.value) };
  },
  run(query, data: Prices) {
    if (data.close.length < 60) throw notEnoughData({ what: 'Labels', needed: 60, got: data.close.length });
    const events =
      query.events === 'cusum' ? cusumEvents(data.close, query.cusumThreshold) : everyDay(data.close.length);
    const target = ewmDeviation(data.close, query.volatilitySpan);
    const side = query.primary === 'none' ? undefined : primarySide(data.close, events, query.primary);
    const barriers = query.method === 'triple-barrier';
    const all = tripleBarrier(data.close, events, target, {
      profitTaking: barriers ? query.profitTaking : 0,
      stopLoss: barriers ? query.stopLoss : 0,
      verticalBars: query.horizonDays,
      ...(side ? { side } : {}),
    });
    const labels = finishedOnly(all, !barriers);
    return describe(labels, data, {
      events: events.length,
      unfinished: all.event.length - labels.event.length,
      meta: side !== undefined,
    });
  },
  summarise: (result, cite) => [
    `${result.symbol}${result.synthetic ? ' (synthetic)' : ''}, ${result.from} to ${result.to}: ${cite('events')} events, ${cite('labelled')} labelled, ${cite('unfinished')} unfinished`,
    `Labels: ${cite('up')} up, ${cite('down')} down, ${cite('neutral')} neither`,
    result.meanUniqueness === null
      ? 'No finished label'
      : `Mean uniqueness ${cite('meanUniqueness')}: worth ${cite('effectiveLabels')} independent labels; at most ${cite('largestConcurrency')} alive on one day`,
    ...(result.metaHitRate === null
      ? []
      : [`The primary model's bets made money in ${cite('metaHitRate')} of cases (before costs)`]),
  ],
  chart: (result): ChartSpec => ({
    kind: 'bar',
    title: `Labels of ${result.symbol}`,
    synthetic: result.synthetic,
    categories: ['-1', '0', '+1'],
    unit: 'count',
    series: [{ name: 'labels', values: [result.down, result.neutral, result.up] }],
  }),
  examples: [
    {
      ask: 'Label SPX with triple barriers of one deviation and ten days',
      input: { symbol: 'SPX', start: '2010-01-01', end: '2019-12-31' },
      fixture: 'bundled',
      expect: { values: { synthetic: false } },
    },
    {
      ask: 'Label with a negative stop',
      input: { symbol: 'SPX', stopLoss: -1 },
      fixture: 'bundled',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Barriers are checked on closes; a touch within the day is not seen.',
    'Barrier widths use the deviation known on the day of the event.',
  ],
  references: [
    'López de Prado (2018), Advances in Financial Machine Learning, ch. 2–4, snippets 2.4, 3.1–3.7, 4.1–4.2',
  ],
  cost: 'instant',
});

function toPrices(bars: Bars): Prices {
  const price = bars.adjClose ?? bars.close;
  const kept = Array.from(price, (_, i) => i).filter((i) => (price[i] as number) > 0);
  return {
    symbol: bars.instrument.symbol,
    synthetic: bars.instrument.synthetic,
    times: Float64Array.from(kept, (i) => bars.times[i] as number),
    close: Float64Array.from(kept, (i) => price[i] as number),
  };
}

const everyDay = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** Bet with the 21-day move, or against it; no bet (and no label) before there is one is a long bet. */
function primarySide(close: Float64Array, events: Int32Array, primary: 'momentum' | 'reversal'): Int8Array {
  return Int8Array.from(events, (t) => {
    const move = t >= 21 ? (close[t] as number) - (close[t - 21] as number) : 1;
    return (move >= 0 ? 1 : -1) * (primary === 'momentum' ? 1 : -1);
  });
}

/** Drops labels whose future is not over; with a fixed horizon the label is the sign of the return. */
function finishedOnly(labels: BarrierLabels, bySign: boolean): BarrierLabels {
  const kept = Array.from(labels.event, (_, i) => i).filter((i) => labels.unfinished[i] === 0);
  return {
    event: Int32Array.from(kept, (i) => labels.event[i] as number),
    touch: Int32Array.from(kept, (i) => labels.touch[i] as number),
    label: Int8Array.from(kept, (i) => (bySign ? Math.sign(labels.returns[i] as number) : (labels.label[i] as number))),
    returns: Float64Array.from(kept, (i) => labels.returns[i] as number),
    unfinished: new Uint8Array(kept.length),
  };
}

function describe(
  labels: BarrierLabels,
  data: Prices,
  counts: { readonly events: number; readonly unfinished: number; readonly meta: boolean },
): z.input<typeof output> {
  const n = labels.event.length;
  const uniqueness = labelUniqueness(labels.event, labels.touch, data.close.length);
  const average = n > 0 ? mean(uniqueness.average) : null;
  const meta = counts.meta ? metaLabels(labels) : null;
  const count = (wanted: number): number => labels.label.reduce((sum, label) => sum + (label === wanted ? 1 : 0), 0);
  const holding = Float64Array.from(labels.event, (event, i) => (labels.touch[i] as number) - event);
  const from = Math.max(0, n - 50);
  return {
    symbol: data.symbol,
    synthetic: data.synthetic,
    from: dayText(data.times[0]),
    to: dayText(data.times.at(-1)),
    events: counts.events,
    labelled: n,
    unfinished: counts.unfinished,
    up: count(1),
    down: count(-1),
    neutral: count(0),
    meanReturn: n > 0 ? mean(labels.returns) : null,
    meanHoldingDays: n > 0 ? mean(holding) : null,
    meanUniqueness: average,
    effectiveLabels: uniqueness.average.reduce((sum, u) => sum + u, 0),
    largestConcurrency: uniqueness.concurrency.reduce((most, c) => Math.max(most, c), 0),
    metaHitRate: meta && n > 0 ? mean(Float64Array.from(meta)) : null,
    recent: Array.from({ length: n - from }, (_, k) => k + from).map((i) => ({
      event: dayText(data.times[labels.event[i] as number]),
      touch: dayText(data.times[labels.touch[i] as number]),
      label: labels.label[i] as number,
      return: labels.returns[i] as number,
      weight: (uniqueness.average[i] as number) / (average ?? 1),
      meta: meta ? (meta[i] as number) : null,
    })),
  };
}
