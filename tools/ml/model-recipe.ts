/** What a return model is built from: the part of the input that training, explanation, validation and monitoring share. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Bars, Loaded, Provenance, ToolWarning } from '../../data/types.ts';
import { invalidInput, notAvailable } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import type { ContextSeries, PanelSeries } from '../kernels/ml/panel-series.ts';

export const featureCategories = ['technical', 'volatility', 'momentum', 'fractional', 'cross-asset', 'macro'] as const;

/** Fields that say which table a model reads. `symbols` is added by each tool, because some take a run id instead. */
export const tableShape = {
  start: isoDate('first day of data').optional(),
  end: isoDate('last day of data, at most `asOf`').optional(),
  asOf: isoDate('nothing after this day is read').optional(),
  horizonDays: units.count('days ahead that are predicted').min(1).max(63).default(1),
  target: z
    .enum(['return', 'excess', 'volatility-scaled'])
    .default('return')
    .describe('Log return over the horizon; less the mean of the day; or over its own 21-day volatility'),
  features: z
    .array(z.enum(featureCategories))
    .min(1)
    .max(6)
    .default(['technical', 'volatility', 'momentum', 'fractional', 'cross-asset'])
    .describe('Which groups of features'),
  context: z
    .array(z.string().min(1).max(60))
    .max(12)
    .default([])
    .describe(
      'Series that every instrument may read with features `macro`: symbols such as DEMO:VIX, or panel columns such as DEMO:US:YIELDS.y10y',
    ),
  fractionalOrder: units.ratio('order of fractional differencing').min(0).max(1).default(0.4),
};

export const symbolsField = z
  .array(z.string().min(1).max(40))
  .min(1)
  .max(60)
  .describe('Instruments of the one model, 1 to 60');

const tableSchema = z.strictObject({ symbols: symbolsField, ...tableShape });
export type TableRecipe = z.output<typeof tableSchema>;

/** Everything a model run reads, as plain data that a worker thread can be given. */
export interface ModelData {
  readonly instruments: readonly PanelSeries[];
  readonly context: readonly ContextSeries[];
  readonly periodsPerYear: number;
  readonly synthetic: boolean;
  readonly currency: string;
}

/** Reads prices and context series through the ports, gaps dropped. */
export async function loadModelData(recipe: TableRecipe, ports: Ports): Promise<Loaded<ModelData>> {
  const window = { start: recipe.start, end: recipe.end, frequency: 'day' as const };
  const loaded = await Promise.all(unique(recipe.symbols).map((symbol) => ports.market.bars(symbol, window)));
  const context = await Promise.all(unique(recipe.context).map((id) => loadContext(id, ports, recipe.end)));
  const synthetic = new Set([...loaded, ...context].flatMap((entry) => entry.provenance.map((p) => p.synthetic)));
  if (synthetic.size > 1) {
    throw invalidInput({
      code: 'MIXED_DATA',
      what: 'The data of one model',
      needed: 'all real or all synthetic (DEMO:)',
      got: 'a mixture',
      hint: 'Use symbols and context series of one kind.',
    });
  }
  const first = loaded[0] as Loaded<Bars>;
  return {
    value: {
      instruments: loaded.map((entry) => toSeries(entry.value)),
      context: context.map((entry) => entry.value),
      periodsPerYear: first.value.instrument.periodsPerYear,
      synthetic: synthetic.has(true),
      currency: first.value.instrument.currency,
    },
    provenance: [...loaded, ...context].flatMap((entry): readonly Provenance[] => entry.provenance),
    warnings: [...loaded, ...context].flatMap((entry): readonly ToolWarning[] => entry.warnings ?? []),
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

function toSeries(bars: Bars): PanelSeries {
  const price = bars.adjClose ?? bars.close;
  const kept: number[] = [];
  for (let i = 0; i < price.length; i++) if ((price[i] as number) > 0) kept.push(i);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i] as number);
  const ranged = (values: Float64Array | null): Float64Array | null =>
    values === null || kept.some((i) => !((values[i] as number) > 0)) ? null : pick(values);
  return {
    symbol: bars.instrument.symbol,
    times: pick(bars.times),
    close: pick(price),
    // High and low are raw prices; only their ratio is used, which adjustment does not change.
    high: ranged(bars.high),
    low: ranged(bars.low),
    volume: bars.volume === null ? null : pick(bars.volume).map((v) => (Number.isFinite(v) ? Math.max(v, 0) : 0)),
  };
}

async function loadContext(id: string, ports: Ports, end: string | undefined): Promise<Loaded<ContextSeries>> {
  const dot = id.lastIndexOf('.');
  if (dot > 0) return loadColumn(id.slice(0, dot), id.slice(dot + 1), ports, end);
  const loaded = await ports.market.bars(id, { end, frequency: 'day' });
  const { instrument, times, close, adjClose } = loaded.value;
  const level = ['volatility', 'rate', 'macro'].includes(instrument.assetClass);
  return {
    ...loaded,
    value: clean({ name: nameOf(id), kind: level ? 'level' : 'price', knownFrom: times, values: adjClose ?? close }),
  };
}

async function loadColumn(
  panelId: string,
  column: string,
  ports: Ports,
  end: string | undefined,
): Promise<Loaded<ContextSeries>> {
  const loaded = await ports.market.panel(panelId, { end });
  const panel = loaded.value;
  const values = panel.columns[column];
  if (values === undefined) {
    throw notAvailable({
      code: 'UNKNOWN_COLUMN',
      message: `Panel ${panelId} has no column ${column}.`,
      hint: `It has ${Object.keys(panel.columns).slice(0, 12).join(', ')}.`,
    });
  }
  const knownFrom = panel.availableFrom ?? panel.times;
  return { ...loaded, value: clean({ name: nameOf(`${panelId}.${column}`), kind: 'level', knownFrom, values }) };
}

/** `DEMO:US:YIELDS.y10y` becomes `usYieldsY10y`. */
function nameOf(id: string): string {
  const words = id
    .replace(/^DEMO:/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return words
    .map((word, i) => (i === 0 ? word.toLowerCase() : word[0]?.toUpperCase() + word.slice(1).toLowerCase()))
    .join('');
}

function clean(series: ContextSeries): ContextSeries {
  const kept = Array.from(series.values, (_, i) => i).filter((i) => Number.isFinite(series.values[i] as number));
  kept.sort((a, b) => (series.knownFrom[a] as number) - (series.knownFrom[b] as number));
  return {
    ...series,
    knownFrom: Float64Array.from(kept, (i) => series.knownFrom[i] as number),
    values: Float64Array.from(kept, (i) => series.values[i] as number),
  };
}
