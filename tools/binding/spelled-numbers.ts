/** "Twelve percent", "forty-five days": numbers in words are checked like digits where a unit follows. */
import type { NumberInText, NumberKind } from '../../lib/numbers-in-text.ts';

const small = [
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve',
  'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen',
]; // biome-ignore format: a table
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const pattern = new RegExp(
  `\\b(?:(${tens.join('|')})(?:[- ](${small.slice(1, 10).join('|')}))?|(${small.join('|')}))[- ](percent|per cent|percentage points|basis points|bps|dollars)\\b`,
  'gi',
);

const kinds: Readonly<Record<string, NumberKind>> = {
  percent: 'percent',
  'per cent': 'percent',
  'percentage points': 'percentagePoints',
  'basis points': 'bps',
  bps: 'bps',
  dollars: 'money',
};
const scales: Readonly<Partial<Record<NumberKind, number>>> = { percent: 0.01, percentagePoints: 0.01, bps: 1e-4 };

export function spelledNumbers(text: string): readonly NumberInText[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [raw, ten, unit, single, word] = match;
    const shown =
      ten === undefined
        ? small.indexOf((single ?? '').toLowerCase())
        : 20 + 10 * tens.indexOf(ten.toLowerCase()) + (unit === undefined ? 0 : small.indexOf(unit.toLowerCase()));
    const kind = kinds[(word ?? '').toLowerCase()] ?? 'plain';
    return {
      start: match.index,
      end: match.index + raw.length,
      raw,
      kind,
      value: shown * (scales[kind] ?? 1),
      shown,
      decimals: 0,
      currency: kind === 'money' ? 'USD' : null,
      unit: null,
    };
  });
}
