/**
 * Prices of several instruments on the same rows, plain and cloneable: `complete` keeps only rows where all have a price
 * (for estimation), `union` keeps every row and marks what is missing as NaN (for backtests, which deal with gaps by rule).
 */
import type { Ports } from '../../data/ports.ts';
import type { Bars, Frequency, Loaded, ToolWarning } from '../../data/types.ts';
import { toIsoDate, toIsoTime } from '../../lib/dates.ts';
import { invalidInput, notEnoughData } from '../../lib/errors.ts';

export interface PriceColumns {
  readonly symbols: readonly string[];
  readonly names: readonly string[];
  readonly sectors: readonly (string | null)[];
  readonly currencies: readonly string[];
  readonly synthetic: boolean;
  readonly periodsPerYear: number;
  readonly times: Float64Array;
  readonly columns: readonly Float64Array[];
  /** Opens of the same rows and scale, where every instrument has them. */
  readonly opens: readonly Float64Array[] | null;
  readonly highs: readonly Float64Array[] | null;
  readonly lows: readonly Float64Array[] | null;
  readonly volumes: readonly (Float64Array | null)[];
  /** Median of close × volume; null without volume. */
  readonly dollarVolumes: readonly (number | null)[];
}

export interface PriceColumnsQuery {
  readonly symbols: readonly string[];
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly field?: 'adjClose' | 'close' | undefined;
  readonly frequency?: Frequency | undefined;
  readonly periodsPerYear?: number | undefined;
  readonly rows: 'complete' | 'union';
  /** Fewer rows than this are an error. */
  readonly minimum?: number;
}

const FIVE_SESSIONS = 7 * 86_400_000;

export async function loadPriceColumns(query: PriceColumnsQuery, ports: Ports): Promise<Loaded<PriceColumns>> {
  const symbols = [...new Set(query.symbols)];
  const window = { start: query.start, end: query.end, frequency: query.frequency };
  const loaded = await Promise.all(symbols.map((symbol) => ports.market.bars(symbol, window)));
  const bars = loaded.map((l) => l.value);
  refuseMixture(bars);
  const warnings: ToolWarning[] = loaded.flatMap((l) => l.warnings ?? []);
  const times = query.rows === 'complete' ? commonTimes(bars, query, warnings) : allTimes(bars);
  const minimum = query.minimum ?? 3;
  if (times.length < minimum) {
    const what = `${symbols.length === 1 ? 'The window of' : 'The rows shared by'} ${symbols.slice(0, 6).join(', ')}`;
    throw notEnoughData({ what, needed: minimum, got: times.length });
  }
  warnUneven(bars, warnings);
  const picked = bars.map((b) => pickRows(b, times, query.field));
  const all = (key: 'open' | 'high' | 'low') =>
    picked.every((p) => p[key] !== null) ? picked.map((p) => p[key] as Float64Array) : null;
  return {
    value: {
      symbols: bars.map((b) => b.instrument.symbol),
      names: bars.map((b) => b.instrument.name),
      sectors: bars.map((b) => b.instrument.sector),
      currencies: bars.map((b) => b.instrument.currency),
      synthetic: bars.some((b) => b.instrument.synthetic),
      periodsPerYear: query.periodsPerYear ?? bars[0]?.instrument.periodsPerYear ?? 252,
      times,
      columns: picked.map((p) => p.price),
      opens: all('open'),
      highs: all('high'),
      lows: all('low'),
      volumes: picked.map((p) => p.volume),
      dollarVolumes: bars.map(medianDollarVolume),
    },
    provenance: loaded.flatMap((l) => l.provenance),
    warnings,
  };
}

function refuseMixture(bars: readonly Bars[]): void {
  const synthetic = bars.filter((b) => b.instrument.synthetic).map((b) => b.instrument.symbol);
  if (synthetic.length === 0 || synthetic.length === bars.length) return;
  throw invalidInput({
    code: 'MIXED_REAL_AND_SYNTHETIC',
    what: 'The symbols',
    needed: 'all real or all synthetic',
    got: `a mixture (${synthetic.slice(0, 3).join(', ')} ${synthetic.length === 1 ? 'is' : 'are'} synthetic)`,
    hint: 'Ask about real symbols and DEMO: symbols separately.',
  });
}

function usable(b: Bars, field: PriceColumnsQuery['field']): Float64Array {
  const adjusted = field !== 'close' && b.adjClose !== null && b.adjClose.some((p) => p > 0);
  return adjusted && b.adjClose !== null ? b.adjClose : b.close;
}

function commonTimes(bars: readonly Bars[], query: PriceColumnsQuery, warnings: ToolWarning[]): Float64Array {
  const counts = new Map<number, number>();
  for (const b of bars) {
    const price = usable(b, query.field);
    for (let i = 0; i < price.length; i++) {
      if ((price[i] as number) > 0) counts.set(b.times[i] as number, (counts.get(b.times[i] as number) ?? 0) + 1);
    }
  }
  const shared = [...counts].filter(([, count]) => count === bars.length).map(([time]) => time);
  const dropped = counts.size - shared.length;
  if (dropped > 0 && bars.length > 1) {
    const message = `${dropped} of ${counts.size} rows lack a price of at least one instrument and were left out, not filled.`;
    warnings.push({ code: 'ROWS_NOT_SHARED', message });
  }
  return Float64Array.from(shared).sort();
}

function allTimes(bars: readonly Bars[]): Float64Array {
  return Float64Array.from(new Set(bars.flatMap((b) => [...b.times]))).sort();
}

function warnUneven(bars: readonly Bars[], warnings: ToolWarning[]): void {
  const ends = bars.map((b) => b.times[b.times.length - 1] ?? 0);
  const last = ends.reduce((a, b) => Math.max(a, b), 0);
  const early = bars.filter((_, i) => last - (ends[i] as number) > FIVE_SESSIONS).map((b) => b.instrument.symbol);
  if (early.length > 0) {
    const message = `${early.slice(0, 5).join(', ')} end${early.length === 1 ? 's' : ''} more than five sessions before the latest series.`;
    warnings.push({ code: 'UNEVEN_ENDS', message });
  }
  if (new Set(bars.map((b) => b.instrument.currency)).size > 1) {
    warnings.push({
      code: 'DIFFERENT_CURRENCIES',
      message: 'The prices are in different currencies and are not converted.',
    });
  }
}

function pickRows(b: Bars, times: Float64Array, field: PriceColumnsQuery['field']) {
  const price = usable(b, field);
  const at = new Map<number, number>();
  for (let i = 0; i < b.times.length; i++) at.set(b.times[i] as number, i);
  const rows = Array.from(times, (time) => at.get(time) ?? -1);
  const pick = (values: Float64Array) =>
    Float64Array.from(rows, (i) => (i < 0 || !((values[i] as number) > 0) ? Number.NaN : (values[i] as number)));
  // Other fields are put on the scale of the adjusted close.
  const scaled = (values: Float64Array | null) =>
    values === null ? null : pick(values.map((v, i) => (v * (price[i] as number)) / (b.close[i] as number)));
  return {
    price: pick(price),
    open: scaled(b.open),
    high: scaled(b.high),
    low: scaled(b.low),
    volume:
      b.volume === null
        ? null
        : Float64Array.from(rows, (i) => (i < 0 ? 0 : ((b.volume as Float64Array)[i] as number))),
  };
}

function medianDollarVolume(b: Bars): number | null {
  if (b.volume === null) return null;
  const values = Float64Array.from(b.volume, (v, i) => v * (b.close[i] as number)).filter((v) => v > 0);
  values.sort();
  return values.length === 0 ? null : (values[values.length >> 1] as number);
}

/** ISO day, or time where the rows are intraday. */
export function rowDates(times: Float64Array): string[] {
  const daily = times.every((time) => time % 86_400_000 === 0);
  return Array.from(times, daily ? toIsoDate : toIsoTime);
}
