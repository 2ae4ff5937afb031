/**
 * Finds the numbers that a person or a model wrote: `1.5%`, `$15k`, `71,200`, `2^17`, `25 bps`, `5천만원`, `.75`.
 * Both the checker of answers and the embedded model read text through it, so what one accepts the other understands.
 */

export type NumberKind = 'plain' | 'percent' | 'percentagePoints' | 'bps' | 'money' | 'duration' | 'multiple' | 'date';

export interface NumberInText {
  readonly start: number;
  readonly end: number;
  readonly raw: string;
  readonly kind: NumberKind;
  /** The number as meant: `$15k` is 15000, `1.5%` is 0.015, `25 bps` is 0.0025, `2^17` is 131072; a date has none (NaN). */
  readonly value: number;
  /** The number as written, sign included, before %, bps or k: what a displayed precision refers to. */
  readonly shown: number;
  readonly decimals: number;
  readonly currency: string | null;
  /** `day`, `week`, `month` or `year` after a duration; the raw letters after a plain number such as the `c` of `190c`. */
  readonly unit: string | null;
}

const currencies: Readonly<Record<string, string>> = {
  $: 'USD',
  US$: 'USD',
  usd: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  bucks: 'USD',
  달러: 'USD',
  불: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  유로: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
  '¥': 'JPY',
  jpy: 'JPY',
  yen: 'JPY',
  엔: 'JPY',
  '₩': 'KRW',
  krw: 'KRW',
  won: 'KRW',
  원: 'KRW',
};

const multipliers: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  mm: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  millions: 1e6,
  bn: 1e9,
  billion: 1e9,
  trillion: 1e12,
};

const koreanScales: Readonly<Record<string, number>> = {
  조: 1e12,
  억: 1e8,
  천만: 1e7,
  백만: 1e6,
  십만: 1e5,
  만: 1e4,
  천: 1e3,
  백: 1e2,
};

const durations: readonly (readonly [RegExp, string])[] = [
  [/^(?:trading |calendar |business )?(?:days?|sessions?)\b/i, 'day'],
  [/^d(?![a-z0-9])/i, 'day'],
  [/^(?:거래일|영업일|일)(?!본)/, 'day'],
  [/^(?:weeks?|wks?)\b|^w(?![a-z0-9])/i, 'week'],
  [/^주(?:일|간)?(?=\s|$|[^가-힣]|동안|정도|치|전)/, 'week'],
  [/^(?:months?|mos?|mths?)\b/i, 'month'],
  [/^개월|^달(?!러)/, 'month'],
  [/^(?:years?|yrs?)\b|^y(?![a-z0-9])/i, 'year'],
  [/^년/, 'year'],
];

const isoDatePattern = /(?<![\w-])(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?![\w-]|\.\d)/y;
const koreanDatePattern = /(\d{4})년\s*(?:(\d{1,2})월)?\s*(?:(\d{1,2})일)?/y;
const koreanNumber =
  /(?:\d[\d,]*(?:\.\d+)?\s?(?:조|억|천만|백만|십만|만|천|백)\s?)+(?:\d[\d,]*(?=\s?(?:원|달러|주)))?/y;
const plainNumber =
  /([-+−–]?)\s?(US\$|[$€£¥₩]|)\s?([-+−]?)(\d{1,3}(?:,\d{3})+(?!\d)|\d+|)(\.\d+)?(?:\s?(?:\^|\*\*)\s?(\d+)|[eE]([-+]?\d{1,3})(?![\w]))?/y;

/** Every number of a text, in order. Digits inside words (`r3`, `T10Y2Y`, `run_6f1c`) are not numbers. */
export function numbersInText(text: string): readonly NumberInText[] {
  const found: NumberInText[] = [];
  let at = 0;
  while (at < text.length) {
    const next = readDate(text, at) ?? readKorean(text, at) ?? readPlain(text, at);
    if (next === undefined) at += 1;
    else {
      found.push(next);
      at = next.end;
    }
  }
  return found;
}

function insideWord(text: string, at: number): boolean {
  return at > 0 && /[A-Za-z_0-9]/.test(text[at - 1] ?? '');
}

function readDate(text: string, at: number): NumberInText | undefined {
  for (const pattern of [isoDatePattern, koreanDatePattern]) {
    pattern.lastIndex = at;
    const match = insideWord(text, at) ? null : pattern.exec(text);
    if (match === null) continue;
    const year = Number(match[1]);
    const month = Number(match[2] ?? 1);
    if (year < 1800 || year > 2200 || month < 1 || month > 12) continue;
    if (pattern === koreanDatePattern && match[2] === undefined) continue;
    const raw = match[0].trimEnd();
    return { ...base(at, raw), kind: 'date', value: Number.NaN, shown: Number.NaN };
  }
  return undefined;
}

function base(start: number, raw: string) {
  return { start, end: start + raw.length, raw, decimals: 0, currency: null, unit: null };
}

function readKorean(text: string, at: number): NumberInText | undefined {
  if (!/\d/.test(text[at] ?? '') || insideWord(text, at)) return undefined;
  koreanNumber.lastIndex = at;
  const match = koreanNumber.exec(text);
  if (match === null) return undefined;
  let value = 0;
  let decimals = 0;
  for (const part of match[0].matchAll(/(\d[\d,]*)(\.\d+)?\s?(조|억|천만|백만|십만|만|천|백)?/g)) {
    const digits = Number(`${(part[1] ?? '').replaceAll(',', '')}${part[2] ?? ''}`);
    value += digits * (koreanScales[part[3] ?? ''] ?? 1);
    decimals = Math.max(decimals, (part[2] ?? '').length - 1);
  }
  const raw = match[0].trimEnd();
  return finish(text, { at, raw, value, decimals, currency: null });
}

function readPlain(text: string, at: number): NumberInText | undefined {
  if (!/[-+−–$€£¥₩U.\d]/.test(text[at] ?? '') || insideWord(text, at)) return undefined;
  plainNumber.lastIndex = at;
  const match = plainNumber.exec(text);
  if (match === null || ((match[4] ?? '') === '' && match[5] === undefined)) return undefined;
  const [raw, sign = '', symbol = '', innerSign = '', whole = '', fraction = '', power, exponent] = match;
  const signed = sign !== '' && (symbol !== '' || !/^[-+−–]\s/.test(raw));
  if (sign !== '' && !signed) return undefined;
  if (sign !== '' && /[\d)%]\s?$/.test(text.slice(0, at))) return undefined;
  let value = Number(`${whole.replaceAll(',', '')}${fraction}` || '0');
  if (power !== undefined) value = value ** Number(power);
  if (exponent !== undefined) value *= 10 ** Number(exponent);
  if (/[-−–]/.test(sign + innerSign)) value = -value;
  const decimals = exponent === undefined ? Math.max(0, fraction.length - 1) : 12;
  return finish(text, { at, raw, value, decimals, currency: currencies[symbol] ?? null });
}

interface Draft {
  readonly at: number;
  readonly raw: string;
  readonly value: number;
  readonly decimals: number;
  readonly currency: string | null;
}

/** Reads what follows the digits: %, bps, k, million, currency words, durations. */
function finish(text: string, draft: Draft): NumberInText {
  let end = draft.at + draft.raw.length;
  let { value, currency } = draft;
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(text.slice(end, end + 24));
    if (match === null) return undefined;
    end += match[0].length;
    return (match[1] ?? match[0]).trim();
  };
  const done = (kind: NumberKind, unit: string | null = null): NumberInText => ({
    start: draft.at,
    end,
    raw: text.slice(draft.at, end),
    kind,
    value,
    shown: draft.value,
    decimals: draft.decimals,
    currency,
    unit,
  });
  const scale = take(/^\s?(thousand|millions?|billion|trillion|mio|mm|mn|bn|k)(?![a-z0-9])/i);
  if (scale !== undefined) value *= multipliers[scale.toLowerCase()] ?? 1;
  else if (currency !== null) {
    const short = take(/^(m|b)(?![a-z0-9])/i);
    if (short !== undefined) value *= short.toLowerCase() === 'm' ? 1e6 : 1e9;
  }
  if (take(/^\s?(?:%p|pp\b|percentage points?\b|퍼센트\s?포인트|%포인트|p\.p\.)/i) !== undefined) {
    value /= 100;
    return done('percentagePoints');
  }
  if (take(/^\s?(?:%|％|percent\b|pct\b|퍼센트|프로(?![가-힣]{2}))/i) !== undefined) {
    value /= 100;
    return done('percent');
  }
  if (take(/^\s?(?:bps?\b|bp(?=[가-힣])|basis points?\b|베이시스)/i) !== undefined) {
    value /= 1e4;
    return done('bps');
  }
  const word = take(/^\s?(usd|dollars?|bucks|eur|euros?|gbp|jpy|yen|krw|won|달러|유로|엔|원|불)(?![a-z0-9])/i);
  if (word !== undefined) currency = currencies[word.toLowerCase()] ?? currency;
  if (currency !== null) return done('money');
  if (take(/^(?:x\b|배)/i) !== undefined) return done('multiple');
  const rest = text.slice(end);
  const gap = /^[\s-]/.test(rest) ? 1 : 0;
  for (const [pattern, unit] of durations) {
    const match = pattern.exec(rest.slice(gap));
    if (match === null || (gap === 1 && /^[dwy]$/i.test(match[0]))) continue;
    end += gap + match[0].length;
    return done('duration', unit);
  }
  const letters = /^[a-z]{1,3}(?![a-z0-9])/i.exec(rest)?.[0] ?? null;
  return done('plain', letters);
}
