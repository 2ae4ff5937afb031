/** Numerals that are part of a name, a date or the structure of the text, and so need no result behind them. */

const names: readonly RegExp[] = [
  /S&P\s?(?:500|100|400|600)|SPX\s?500|nasdaq[- ]?100|russell[- ]?(?:1000|2000|3000)|nikkei[- ]?225|kospi[- ]?200|ftse[- ]?100|stoxx[- ]?(?:50|600)|dow 30|VIX9D/gi,
  /\b12[-–]1\b/g,
  /\b(?:2s10s|10y\s?[-–]\s?2y|2y10y|10y2y)\b/gi,
  /\barticle\s\d{1,2}\b|제\s?\d{1,2}\s?조/gi,
  /\bGARCH\s?\(\s?1\s?,\s?1\s?\)|\bAR\(\d\)|\bI\([01]\)|\b1\/N\b/gi,
  /\bSR\s?(?:11-7|26-2)\b/gi,
  /\b25[- ]delta\b|\b10[- ]delta\b/gi,
  /\b[12]-D\b|\b1-in-\d+\b/gi,
  /https?:\/\/\S+/g,
  /\brun_[0-9a-f]+\b/g,
  /^\s{0,3}(?:[-*•]\s)?(?:\d{1,3}[.)]\s|#{1,6}\s\d{0,2})/gm,
];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const written = new RegExp(
  `\\b${monthName}\\.?\\s(\\d{1,2})(?:st|nd|rd|th)?,?\\s(\\d{4})\\b|\\b(\\d{1,2})(?:st|nd|rd|th)?\\s${monthName}\\.?,?\\s(\\d{4})\\b|\\b${monthName}\\.?\\s(\\d{4})\\b`,
  'gi',
);
const isoLike = /(?<![\d-])(\d{4})-(\d{2})(?:-(\d{2}))?(?![\d-])/g;
const korean = /(\d{4})년(?:\s?(\d{1,2})월)?(?:\s?(\d{1,2})일)?/g;

export interface Span {
  readonly start: number;
  readonly end: number;
}

export function nameSpans(text: string): readonly Span[] {
  return names.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
}

export interface DateSpan extends Span {
  /** `2020`, `2020-02` or `2020-02-28`. */
  readonly iso: string;
}

function two(value: string | undefined): string {
  return (value ?? '').padStart(2, '0');
}

/** Dates in English, Korean and ISO writing, and bare years. */
export function dateSpans(text: string): readonly DateSpan[] {
  const found: DateSpan[] = [];
  const add = (match: RegExpMatchArray, iso: string) => {
    const start = match.index ?? 0;
    found.push({ start, end: start + match[0].length, iso });
  };
  for (const match of text.matchAll(written)) {
    const [, m1, d1, y1, d2, m2, y2, m3, y3] = match;
    const name = (m1 ?? m2 ?? m3 ?? '').slice(0, 3).toLowerCase();
    const day = d1 ?? d2;
    const head = `${y1 ?? y2 ?? y3}-${two(String(months.indexOf(name) + 1))}`;
    add(match, day === undefined ? head : `${head}-${two(day)}`);
  }
  for (const match of text.matchAll(isoLike)) add(match, [match[1], match[2], match[3]].filter(Boolean).join('-'));
  for (const match of text.matchAll(korean)) {
    add(match, [match[1], match[2] && two(match[2]), match[3] && two(match[3])].filter(Boolean).join('-'));
  }
  for (const match of text.matchAll(
    /(?<![\d.,$€£₩\w-])((?:19|20)\d{2})(?![\d.,]\d|[\d%]|\s?(?:원|달러|주|bps|days?|bars?))/g,
  )) {
    const at = match.index;
    if (!found.some((span) => at >= span.start && at < span.end)) add(match, match[1] ?? '');
  }
  return found;
}

/** A date is known when a known day falls on it: `2020-02` when 2020-02-28 is. */
export function isKnownDate(iso: string, known: ReadonlySet<string>): boolean {
  for (const day of known) if (day.startsWith(iso)) return true;
  return false;
}
