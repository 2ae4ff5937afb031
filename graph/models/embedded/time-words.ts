/** Windows and dates in a question, resolved against the cut-off: "since 2015", "last 2y", "in 2022", "지난 3개월". */
import { dateSpans } from '../../../tools/binding/names-and-dates.ts';

export interface TimeWindow {
  readonly start?: string;
  readonly end?: string;
  /** The words that said it, for the answer. */
  readonly said: string;
}

const crises: readonly (readonly [RegExp, string, string])[] = [
  [/covid|코로나|pandemic/i, '2020-01-02', '2020-04-17'],
  [/\bgfc\b|financial crisis|lehman|2008 crisis|금융\s?위기|리먼/i, '2007-10-01', '2009-06-30'],
  [/dot-?com|닷컴/i, '2000-03-01', '2002-10-31'],
];

function shift(asOf: string, count: number, unit: string): string {
  const date = new Date(`${asOf}T00:00:00Z`);
  const whole = Math.trunc(count);
  if (unit === 'year') date.setUTCMonth(date.getUTCMonth() - Math.round(count * 12));
  else if (unit === 'month') date.setUTCMonth(date.getUTCMonth() - whole);
  else if (unit === 'week') date.setUTCDate(date.getUTCDate() - 7 * whole);
  else date.setUTCDate(date.getUTCDate() - Math.ceil((whole * 7) / 5));
  return date.toISOString().slice(0, 10);
}

const units: readonly (readonly [RegExp, string])[] = [
  [/^(?:y|yrs?|years?|년)/i, 'year'],
  [/^(?:m|mo|mos|mths?|months?|개월|달)/i, 'month'],
  [/^(?:w|wks?|weeks?|주)/i, 'week'],
  [/^(?:d|days?|sessions?|일|거래일)/i, 'day'],
];

function firstDay(iso: string): string {
  return iso.length === 4 ? `${iso}-01-01` : iso.length === 7 ? `${iso}-01` : iso;
}

function lastDay(iso: string): string {
  if (iso.length === 4) return `${iso}-12-31`;
  if (iso.length > 7) return iso;
  const [year, month] = iso.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, month ?? 1, 0)).toISOString().slice(0, 10);
}

export function readWindow(text: string, asOf: string): TimeWindow {
  for (const [pattern, start, end] of crises) {
    const match = pattern.exec(text);
    if (match !== null) return { start, end: end < asOf ? end : asOf, said: match[0] };
  }
  const dates = dateSpans(text).filter(({ iso }) => iso.slice(0, 4) <= asOf.slice(0, 4));
  const [first, second] = dates;
  if (first !== undefined && second !== undefined) {
    const end = lastDay(second.iso);
    return { start: firstDay(first.iso), end: end < asOf ? end : asOf, said: text.slice(first.start, second.end) };
  }
  if (first !== undefined) return oneDate(text, first, asOf);
  const relative =
    /(?:last|past|previous|trailing|over|지난|최근|과거)\s*(?:the\s+)?(\d+(?:\.\d+)?)\s*-?([a-z가-힣]+)/i.exec(text) ??
    /(?<![\w.])(\d+(?:\.\d+)?)\s?(y|yr|yrs|years?|m|mo|months?|년|개월)(?:\s?(?:of data|lookback|window|history|daily|,|간|치|동안|$))/i.exec(
      text,
    );
  const unit = units.find(([pattern]) => pattern.test(relative?.[2] ?? ''))?.[1];
  if (relative !== null && unit !== undefined) {
    return { start: shift(asOf, Number(relative[1]), unit), said: relative[0].trim() };
  }
  if (/\bytd\b|year to date|올해/i.test(text)) return { start: `${asOf.slice(0, 4)}-01-01`, said: 'YTD' };
  return { said: '' };
}

function oneDate(
  text: string,
  date: { readonly iso: string; readonly start: number; readonly end: number },
  asOf: string,
): TimeWindow {
  const said = text.slice(date.start, date.end);
  const before = text.slice(Math.max(0, date.start - 14), date.start);
  const after = text.slice(date.end, date.end + 6);
  if (/since|from|after|시작/i.test(before) || /부터|이후|since/.test(after))
    return { start: firstDay(date.iso), said };
  const end = lastDay(date.iso);
  const cut = end < asOf ? end : asOf;
  if (/until|before|up to|as of|by|at|on\s*$/i.test(before) || /까지|기준/.test(after)) return { end: cut, said };
  return date.iso.length < 10 ? { start: firstDay(date.iso), end: cut, said } : { end: cut, said };
}
