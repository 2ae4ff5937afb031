/**
 * How far is an allocation from its target, and does that call for a trade?
 *
 * Deviation = current − target, in fractions of the portfolio. A class triggers when |deviation| is **strictly** above the band, urgent strictly above the urgent
 * band; a guard of 1e-9 keeps 0.60 − 0.55 (0.04999999999999993 or 0.05000000000000004) on the quiet side. "5%" can be read as 5 points of the portfolio
 * (absolute) or as 5% of the target (relative): `readBands` gives both so that an ambiguous wish is shown, not guessed.
 *
 * Shapes: two records with the same classes; fractions of one total. Missing classes count 0. O(classes).
 * Reference: Arnott & Lovell (1993), "Rebalancing: why? when? how often?", J. Investing 2:1 (tolerance bands); Daryanani (2008), J. Financial Planning 21:1 (relative bands).
 *
 * @example measureDeviation({ stocks: 0.76, bonds: 0.18, cash: 0.06 }, { stocks: 0.7, bonds: 0.2, cash: 0.1 }).needsRebalancing // → true
 */
import { invalidInput } from '../../../lib/errors.ts';

export type Allocation = Readonly<Record<string, number>>;

export const REBALANCE_GUARD = 1e-9;
/** Points above which a class is out of band, and urgently so. */
export const DEFAULT_BANDS = { band: 0.05, urgentBand: 0.1 } as const;

export interface DeviationOptions {
  readonly band?: number;
  readonly urgentBand?: number;
  /** `absolute`: points of the portfolio; `relative`: share of the target. Urgency is always in points. */
  readonly reading?: 'absolute' | 'relative';
}

export type Urgency = 'none' | 'rebalance' | 'urgent';

export interface Deviation {
  /** current − target per class. */
  readonly byClass: Allocation;
  /** Largest |deviation|, in points whatever the reading. */
  readonly maxDeviation: number;
  /** The class it belongs to. */
  readonly widestClass: string;
  /** Largest measure in the chosen reading; Infinity where a class with target 0 is held and the reading is relative. */
  readonly measure: number;
  readonly needsRebalancing: boolean;
  readonly urgency: Urgency;
}

export function measureDeviation(current: Allocation, target: Allocation, options: DeviationOptions = {}): Deviation {
  const { band = DEFAULT_BANDS.band, urgentBand = DEFAULT_BANDS.urgentBand, reading = 'absolute' } = options;
  if (!(band > 0) || !(urgentBand >= band)) {
    throw invalidInput({
      what: 'The bands',
      needed: 'positive, with the urgent band at or above the band',
      got: `${band} and ${urgentBand}`,
      hint: 'Write 5 points as 0.05.',
    });
  }
  const byClass: Record<string, number> = {};
  let maxDeviation = 0;
  let measure = 0;
  let widestClass = '';
  for (const name of classesOf(current, target)) {
    const deviation = tidy((current[name] ?? 0) - (target[name] ?? 0));
    byClass[name] = deviation;
    if (widestClass === '' || Math.abs(deviation) > maxDeviation) {
      maxDeviation = Math.abs(deviation);
      widestClass = name;
    }
    measure = Math.max(measure, bandMeasure(Math.abs(deviation), target[name] ?? 0, reading));
  }
  const urgency: Urgency =
    maxDeviation > urgentBand + REBALANCE_GUARD ? 'urgent' : measure > band + REBALANCE_GUARD ? 'rebalance' : 'none';
  return { byClass, maxDeviation, widestClass, measure, needsRebalancing: urgency !== 'none', urgency };
}

function bandMeasure(points: number, target: number, reading: 'absolute' | 'relative'): number {
  if (reading === 'absolute' || points === 0) return points;
  return target > 0 ? points / target : Number.POSITIVE_INFINITY;
}

/** Rounds away the last digits of a difference of fractions: 0.0499999999999999 is 0.05. */
export function tidy(value: number): number {
  const rounded = Math.round(value * 1e12) / 1e12;
  return rounded === 0 ? 0 : rounded;
}

/** Every class of either allocation: target's order first. */
export function classesOf(current: Allocation, target: Allocation): readonly string[] {
  return [...Object.keys(target), ...Object.keys(current).filter((name) => !(name in target))];
}

export interface BandReadings {
  readonly absolute: Deviation;
  readonly relative: Deviation;
  /** True where the two readings of the same band lead to different decisions. */
  readonly differ: boolean;
}

/** Both readings of one band. */
export function readBands(
  current: Allocation,
  target: Allocation,
  bands: { readonly band: number; readonly urgentBand: number } = DEFAULT_BANDS,
): BandReadings {
  const absolute = measureDeviation(current, target, { ...bands, reading: 'absolute' });
  const relative = measureDeviation(current, target, { ...bands, reading: 'relative' });
  return { absolute, relative, differ: absolute.needsRebalancing !== relative.needsRebalancing };
}
