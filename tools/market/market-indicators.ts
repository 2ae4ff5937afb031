/** The indicators of a market snapshot, each from the last rows that were known on the day. Pure. */
import type { Bars, Panel } from '../../data/types.ts';
import { MS_PER_DAY, toIsoDate } from '../../lib/dates.ts';

export interface Dated {
  readonly date: string;
}

export interface Volatility extends Dated {
  readonly level: number;
  readonly changeOneMonth: number | null;
}

export function volatilityNow(bars: Bars): Volatility {
  const last = bars.close.length - 1;
  const level = bars.close[last] as number;
  const before = bars.close[last - 21];
  return {
    date: toIsoDate(bars.times[last] as number),
    level,
    changeOneMonth: before === undefined ? null : level - before,
  };
}

export interface FuturesSlope extends Dated {
  readonly nearest: number;
  readonly second: number;
  /** Second over nearest, less one: positive is contango. */
  readonly slope: number;
}

/** The two nearest contracts with a settlement; a zero means that none was made. */
export function futuresNow(panel: Panel): FuturesSlope | null {
  for (let row = panel.times.length - 1; row >= Math.max(0, panel.times.length - 5); row--) {
    const prices: number[] = [];
    for (let k = 1; k <= 8; k++) {
      const price = panel.columns[`m${k}`]?.[row] ?? Number.NaN;
      if (price > 0) prices.push(price);
    }
    const [nearest, second] = prices;
    if (nearest !== undefined && second !== undefined)
      return { date: toIsoDate(panel.times[row] as number), nearest, second, slope: second / nearest - 1 };
  }
  return null;
}

/** The last row of one column that has a number. */
function lastKnown(panel: Panel, column: string): { readonly row: number; readonly value: number } | null {
  const values = panel.columns[column];
  if (values === undefined) return null;
  for (let row = values.length - 1; row >= 0; row--) {
    const value = values[row] as number;
    if (Number.isFinite(value)) return { row, value };
  }
  return null;
}

/** The last number at least so many days before a time. */
function valueBefore(panel: Panel, column: string, time: number): number | null {
  const values = panel.columns[column];
  if (values === undefined) return null;
  for (let row = values.length - 1; row >= 0; row--) {
    const value = values[row] as number;
    if ((panel.times[row] as number) <= time && Number.isFinite(value)) return value;
  }
  return null;
}

export interface Policy extends Dated {
  /** Fractions a year. */
  readonly rate: number;
  readonly changeSixMonths: number | null;
  readonly stance: 'easing' | 'neutral' | 'tightening' | null;
}

const SIX_MONTHS = 183;
/** A quarter of a percentage point, less a guard for rounding. */
const STANCE_STEP = 0.25 - 1e-9;

export function policyNow(panel: Panel): Policy | null {
  const now = lastKnown(panel, 'value');
  if (now === null) return null;
  const time = panel.times[now.row] as number;
  const before = valueBefore(panel, 'value', time - SIX_MONTHS * MS_PER_DAY);
  const change = before === null ? null : now.value - before;
  const stance =
    change === null ? null : change >= STANCE_STEP ? 'tightening' : change <= -STANCE_STEP ? 'easing' : 'neutral';
  return { date: toIsoDate(time), rate: now.value / 100, changeSixMonths: change, stance };
}

export interface CurveSlope extends Dated {
  readonly tenYear: number;
  readonly twoYear: number;
  /** Percentage points. */
  readonly slope: number;
}

export function curveNow(panel: Panel): CurveSlope | null {
  for (let row = panel.times.length - 1; row >= 0; row--) {
    const ten = panel.columns['y10y']?.[row] ?? Number.NaN;
    const two = panel.columns['y2y']?.[row] ?? Number.NaN;
    if (Number.isFinite(ten) && Number.isFinite(two))
      return { date: toIsoDate(panel.times[row] as number), tenYear: ten / 100, twoYear: two / 100, slope: ten - two };
  }
  return null;
}

export interface Reading extends Dated {
  readonly value: number;
}

/** Change over a year as a fraction, of an index such as consumer prices or real output. */
export function yearOnYear(panel: Panel): Reading | null {
  const now = lastKnown(panel, 'value');
  if (now === null) return null;
  const time = panel.times[now.row] as number;
  const date = new Date(time);
  const before = valueBefore(
    panel,
    'value',
    Date.UTC(date.getUTCFullYear() - 1, date.getUTCMonth(), date.getUTCDate()),
  );
  return before === null || before <= 0 ? null : { date: toIsoDate(time), value: now.value / before - 1 };
}

/** A level in percent, as a fraction. */
export function levelNow(panel: Panel): Reading | null {
  const now = lastKnown(panel, 'value');
  return now === null ? null : { date: toIsoDate(panel.times[now.row] as number), value: now.value / 100 };
}
