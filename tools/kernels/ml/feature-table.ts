/** One table for one model: a row for every instrument and day, joined with what was known on that day. */
import { notEnoughData } from '../../../lib/errors.ts';
import { type Column, crossColumns, type Frame } from './cross-asset-features.ts';
import {
  type FeatureCategory,
  type FeatureDefinition,
  featureInputs,
  type InstrumentFeature,
  instrumentFeatures,
} from './instrument-features.ts';
import type { ContextSeries, PanelSeries } from './panel-series.ts';

export interface FeatureTable extends Frame {
  /** Row-major rows × features; NaN where a value does not exist. Rows by day, then by instrument. */
  readonly values: Float64Array;
  readonly features: readonly FeatureDefinition[];
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
}

export interface FeatureTableOptions {
  readonly categories: readonly FeatureCategory[];
  readonly fractionalOrder: number;
}

/**
 * Own, cross-asset and macro features of every instrument and day (Gu, Kelly & Xiu, 2020, Rev. Financ. Stud. 33:2223, §2.1
 * for the one-model panel). Macro series are joined as of the day they became known. A feature that any instrument lacks
 * (no volume, no range) is dropped with the reason. O(instruments · rows · windows).
 *
 * @example buildFeatureTable([spx], [], { categories: ['technical'], fractionalOrder: 0.4 })
 */
export function buildFeatureTable(
  instruments: readonly PanelSeries[],
  context: readonly ContextSeries[],
  options: FeatureTableOptions,
): FeatureTable {
  const dropped: { name: string; reason: string }[] = [];
  const frame = layOut(instruments);
  if (frame.days.length < 30) throw notEnoughData({ what: 'A feature table', needed: 30, got: frame.days.length });
  const columns = [
    ...ownColumns(instruments, options, dropped),
    ...(options.categories.includes('cross-asset') ? crossColumns(instruments, frame, dropped) : []),
    ...(options.categories.includes('macro') ? macroColumns(instruments, context) : []),
  ];
  const width = columns.length;
  const values = new Float64Array(frame.rows * width);
  for (let c = 0; c < width; c++) {
    const column = columns[c] as Column;
    for (let r = 0; r < frame.rows; r++) {
      const own = column.values[frame.instrumentOf[r] as number] as Float64Array;
      values[r * width + c] = own[frame.positionOf[r] as number] as number;
    }
  }
  const features = columns.map(({ name, category, formula, lookback }) => ({ name, category, formula, lookback }));
  return { ...frame, values, features, dropped };
}

/** Rows in the order of time, then of instrument. */
function layOut(instruments: readonly PanelSeries[]): Frame {
  const days = Float64Array.from(new Set(instruments.flatMap((series) => Array.from(series.times)))).sort();
  const rows = instruments.reduce((sum, series) => sum + series.times.length, 0);
  const dayOf = new Int32Array(rows);
  const instrumentOf = new Int32Array(rows);
  const positionOf = new Int32Array(rows);
  const next = new Int32Array(instruments.length);
  let r = 0;
  for (let d = 0; d < days.length; d++) {
    for (let i = 0; i < instruments.length; i++) {
      const at = next[i] as number;
      if ((instruments[i] as PanelSeries).times[at] !== days[d]) continue;
      dayOf[r] = d;
      instrumentOf[r] = i;
      positionOf[r] = at;
      next[i] = at + 1;
      r++;
    }
  }
  return { rows, days, dayOf, instrumentOf, positionOf };
}

function ownColumns(
  instruments: readonly PanelSeries[],
  options: FeatureTableOptions,
  dropped: { name: string; reason: string }[],
): Column[] {
  const inputs = instruments.map((series) => featureInputs(series, options.fractionalOrder));
  const columns: Column[] = [];
  for (const definition of instrumentFeatures) {
    if (!options.categories.includes(definition.category)) continue;
    const values = inputs.map((input) => definition.compute(input));
    const lacking = values.flatMap((column, i) => (column === null ? [(instruments[i] as PanelSeries).symbol] : []));
    if (lacking.length > 0) {
      dropped.push({
        name: definition.name,
        reason: `${lacking.slice(0, 3).join(', ')} has no volume or no high and low`,
      });
    } else columns.push(describe(definition, values as Float64Array[]));
  }
  return columns;
}

function describe(definition: FeatureDefinition | InstrumentFeature, values: readonly Float64Array[]): Column {
  const { name, category, formula, lookback } = definition;
  return { name, category, formula, lookback, values };
}

function macroColumns(instruments: readonly PanelSeries[], context: readonly ContextSeries[]): Column[] {
  return context.flatMap((series) => {
    const price = series.kind === 'price';
    const base = price ? series.values.map(Math.log) : series.values;
    const make = (suffix: string, formula: string, lag: number): Column => ({
      name: `${series.name}${suffix}`,
      category: 'macro',
      formula,
      lookback: lag + 1,
      values: instruments.map((own) => joinAsOf(own.times, series.knownFrom, base, lag)),
    });
    const changes = [5, 63].map((lag) =>
      make(
        `Change${lag}`,
        `${price ? 'log return' : 'change'} of ${series.name} over ${lag} of its rows, as known on the day`,
        lag,
      ),
    );
    return price ? changes : [make('Level', `last ${series.name} known on the day`, 0), ...changes];
  });
}

/** The last value known at each time, or its change over `lag` rows of the joined series. */
function joinAsOf(times: Float64Array, knownFrom: Float64Array, values: Float64Array, lag: number): Float64Array {
  let at = -1;
  return times.map((time) => {
    while (at + 1 < knownFrom.length && (knownFrom[at + 1] as number) <= time) at++;
    if (at < lag) return Number.NaN;
    const now = values[at] as number;
    return lag === 0 ? now : now - (values[at - lag] as number);
  });
}
