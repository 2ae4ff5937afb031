/** What a file's name says about what is in it. */
import type { Directory } from '../../directory/directory.ts';

const generic = new Set(
  'option options chain chains prices price history historical data daily weekly monthly close closes ohlc ohlcv quotes eod index stock stocks etf toy csv gz txt'.split(
    ' ',
  ),
);

function words(fileName: string): readonly string[] {
  return fileName
    .replace(/\.(gz|csv|txt|tsv)$/i, '')
    .replace(/\.(csv|txt|tsv)$/i, '')
    .split(/[\s_.-]+/)
    .filter((word) => word !== '' && !/^\d+$/.test(word));
}

/** The symbol that a name such as `option_chain_goog_2015-12-24.csv` is about. */
export function subjectFromName(fileName: string, directory: Directory): string {
  const telling = words(fileName).filter((word) => !generic.has(word.toLowerCase()));
  const known = telling.find((word) => word.length > 1 && directory.lookup(word) !== undefined);
  return known ?? telling[0]?.toUpperCase() ?? 'SERIES';
}

/** A known panel where name and columns agree with one, else the name in capitals. */
export function panelFromName(fileName: string, header: readonly string[]): string {
  const name = words(fileName).join(' ').toLowerCase();
  const isCurve = header.filter((column) => /^y?\s*\d+\s*(m|mo|y|yr)$/i.test(column.trim())).length >= 2;
  const isStrip = header.some((column) => /^m1$/i.test(column.trim()));
  if (isCurve && /treasury|\bus\b|usd/.test(name)) return 'US:YIELDS';
  if (isCurve && /eur|euro|\beu\b/.test(name)) return 'EU:YIELDS';
  for (const [word, id] of [
    ['vix', 'VIX:FUTURES'],
    ['oil', 'OIL:FUTURES'],
    ['gas', 'GAS:FUTURES'],
    ['gold', 'GOLD:FUTURES'],
  ] as const)
    if (isStrip && name.includes(word)) return id;
  return words(fileName).join('_').toUpperCase().slice(0, 60) || 'PANEL';
}
