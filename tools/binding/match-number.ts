/** Does a number as written show a number of a result, at the precision it was written with? */
import type { NumberInText } from '../../lib/numbers-in-text.ts';
import type { Unit } from '../../lib/units.ts';

const asPercent = new Set<Unit>([
  'fraction',
  'rate',
  'annualReturn',
  'annualVol',
  'dailyVol',
  'probability',
  'correlation',
  'ratio',
  'coefficient',
]);
const alreadyPercent = new Set<Unit>(['volPoints', 'percentagePoints']);
const timeUnits = new Set<Unit>(['days', 'years', 'count', 'quantity', 'index', 'statistic', 'ratio', 'coefficient']);

/** What the value looks like in the way the number was written; empty where that unit is never written so. */
export function shownForms(token: NumberInText, value: number, unit: Unit | undefined): readonly number[] {
  const scale = token.kind === 'percent' || token.kind === 'bps' || token.shown === 0 ? 1 : token.value / token.shown;
  switch (token.kind) {
    case 'percent':
    case 'percentagePoints':
      if (unit === undefined) return [value * 100, value];
      if (alreadyPercent.has(unit)) return [value];
      return asPercent.has(unit) ? [value * 100] : [];
    case 'bps':
      if (unit === 'bps') return [value];
      return unit === undefined || asPercent.has(unit) ? [value * 1e4] : [];
    case 'money':
      return unit === undefined || unit === 'money' || unit === 'price' ? [value / scale] : [];
    case 'duration':
      return unit === undefined || timeUnits.has(unit) ? [value] : [];
    case 'multiple':
      return unit === undefined || unit === 'ratio' || unit === 'coefficient' ? [value] : [];
    case 'date':
      return [];
    default:
      return [value / scale];
  }
}

/** Equal once rounded to the digits that were written. */
export function showsValue(token: NumberInText, forms: readonly number[], signless: boolean): boolean {
  const slack = 0.5 * 10 ** -token.decimals;
  return forms.some((form) => {
    const tolerance = slack * (1 + 1e-9) + Math.abs(form) * 1e-12;
    if (Math.abs(form - token.shown) <= tolerance) return true;
    return signless && form < 0 && Math.abs(-form - token.shown) <= tolerance;
  });
}

/** The same number said twice, in two texts. */
export function sameNumber(a: NumberInText, b: NumberInText): boolean {
  if (Number.isNaN(a.value) || Number.isNaN(b.value)) return a.raw === b.raw;
  const family = (kind: NumberInText['kind']) =>
    kind === 'percentagePoints' ? 'percent' : kind === 'money' || kind === 'multiple' ? 'plain' : kind;
  if (family(a.kind) !== family(b.kind)) {
    const loose = [family(a.kind), family(b.kind)];
    if (!loose.includes('plain') || a.shown !== b.shown) {
      return loose.every((kind) => kind === 'percent' || kind === 'bps') && close(a.value, b.value);
    }
    return true;
  }
  if (a.kind === 'duration' && b.kind === 'duration') return close(a.value, b.value);
  return close(a.value, b.value) || (a.kind !== 'money' && a.shown === b.shown && a.kind === b.kind);
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
