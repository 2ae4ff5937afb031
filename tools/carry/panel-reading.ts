/** How the carry tools read panels: rows as plain arrays, tenors from column names, the last complete row. */
import type { Panel } from '../../data/types.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { notEnoughData } from '../../lib/errors.ts';

/** A panel as plain, cloneable data. */
export interface PlainPanel {
  readonly id: string;
  readonly synthetic: boolean;
  readonly measure: string;
  readonly times: Float64Array;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

export function plainPanel(panel: Panel): PlainPanel {
  const { id, synthetic, measure, times, columns } = panel;
  return { id, synthetic, measure, times, columns };
}

/** Years of a tenor: `3m`, `1M`, `y10y`, `1Y`, `y6m`. Undefined for other names. */
export function tenorYears(name: string): number | undefined {
  const match = /^y?(\d+)([my])$/i.exec(name);
  if (match === null) return undefined;
  const count = Number(match[1]);
  return match[2]?.toLowerCase() === 'm' ? count / 12 : count;
}

export interface TenorRow {
  readonly date: string;
  readonly row: number;
  readonly years: readonly number[];
  /** Decimal. */
  readonly yields: readonly number[];
  readonly missing: readonly string[];
}

/** The last row with at least three yields; percent becomes decimal; maturities without a number are named. */
export function lastYields(panel: PlainPanel): TenorRow {
  const tenors = Object.keys(panel.columns)
    .map((name) => ({ name, years: tenorYears(name) }))
    .filter((tenor): tenor is { name: string; years: number } => tenor.years !== undefined)
    .sort((a, b) => a.years - b.years);
  const scale = panel.measure === 'percent' ? 0.01 : 1;
  for (let t = panel.times.length - 1; t >= 0; t--) {
    const known = tenors.filter(({ name }) => Number.isFinite(panel.columns[name]?.[t]));
    if (known.length < 3) continue;
    return {
      date: toIsoDate(panel.times[t] as number),
      row: t,
      years: known.map((tenor) => tenor.years),
      yields: known.map((tenor) => (panel.columns[tenor.name]?.[t] as number) * scale),
      missing: tenors.filter((tenor) => !known.includes(tenor)).map((tenor) => tenor.name),
    };
  }
  throw notEnoughData({ what: `${panel.id}`, needed: 3, got: 0, hint: 'Choose a later day or another panel.' });
}
