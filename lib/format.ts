/** How a number is printed, by its unit. Inside Tradewind rates are fractions; percent signs appear only here. */
import type { Unit } from './units.ts';

export type Language = 'en' | 'ko';

export interface FormatOptions {
  /** `2dp`, `3sig`, `plain` (no sign of the unit), `abs`, `sign`, `pct`, `bps`; several joined by commas. */
  readonly style?: string | undefined;
  readonly currency?: string | undefined;
  readonly language?: Language | undefined;
}

export interface FormattedNumber {
  readonly text: string;
  /** The words after the number (`days`), which a sentence may already carry; empty for signs such as %. */
  readonly suffix: string;
}

interface Style {
  readonly decimals: number | null;
  readonly significant: number | null;
  readonly flags: ReadonlySet<string>;
}

const currencySigns: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', KRW: '₩' };
const wholeCurrencies = new Set(['KRW', 'JPY']);

const words: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { days: ' days', years: ' years', volPoints: ' vol points', bps: ' bps', percentagePoints: ' pp', seconds: ' s' },
  ko: { days: '일', years: '년', volPoints: ' 변동성 포인트', bps: 'bp', percentagePoints: '%p', seconds: '초' },
};

/** Style words that a placeholder may carry after `|`. */
export function isFormatStyle(style: string): boolean {
  return style
    .split(',')
    .every((part) => /^\d{1,2}(dp|sig)$/.test(part.trim()) || /^(plain|abs|sign|pct|bps)$/.test(part.trim()));
}

function parseStyle(style: string | undefined): Style {
  let decimals: number | null = null;
  let significant: number | null = null;
  const flags = new Set<string>();
  for (const part of (style ?? '').split(',')) {
    const match = /^(\d{1,2})(dp|sig)$/.exec(part.trim());
    if (match?.[2] === 'dp') decimals = Number(match[1]);
    else if (match?.[2] === 'sig') significant = Math.max(1, Number(match[1]));
    else if (part.trim() !== '') flags.add(part.trim());
  }
  return { decimals, significant, flags };
}

function grouped(value: number, minimum: number, maximum: number): string {
  const text = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: minimum,
    maximumFractionDigits: Math.max(minimum, maximum),
  }).format(value);
  return /[1-9]/.test(text) ? text : text.replace('-', '');
}

/** Digits after the point so that `significant` digits of a small number show. */
function adaptiveDecimals(value: number, base: number, significant: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 10 ** -(base - 1)) return base;
  return Math.min(12, significant - 1 - Math.floor(Math.log10(size)));
}

function digits(value: number, style: Style, base: number, significant = 2): string {
  if (style.significant !== null) {
    const rounded = Number(value.toPrecision(style.significant));
    return grouped(rounded, 0, 12);
  }
  if (style.decimals !== null) return grouped(value, style.decimals, style.decimals);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-9) return value.toExponential(2);
  const decimals = adaptiveDecimals(value, base, significant);
  return grouped(value, decimals, decimals);
}

function percent(value: number, style: Style, base: number): string {
  return `${digits(value * 100, style, base)}${style.flags.has('plain') ? '' : '%'}`;
}

function probability(value: number, style: Style): string {
  if (style.decimals === null && style.significant === null) {
    if (value > 0.9999 && value < 1) return '>99.99%';
    if (value > 0 && value < 0.0001) return '<0.01%';
  }
  return percent(value, style, value > 0.99 || value < 0.01 ? 2 : 1);
}

function money(value: number, style: Style, currency: string | undefined): string {
  const whole = Number.isInteger(value) || wholeCurrencies.has(currency ?? '');
  const body =
    style.decimals === null && style.significant === null
      ? grouped(Math.abs(value), whole ? 0 : 2, whole ? 0 : 2)
      : digits(Math.abs(value), style, 2);
  const minus = value < 0 && /[1-9]/.test(body) ? '-' : '';
  if (currency === undefined || style.flags.has('plain')) return minus + body;
  const sign = currencySigns[currency];
  return sign === undefined ? `${minus}${body} ${currency}` : `${minus}${sign}${body}`;
}

function byteSize(value: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let step = 0;
  while (Math.abs(size) >= 1000 && step < names.length - 1) {
    size /= 1000;
    step += 1;
  }
  return `${grouped(size, 0, step === 0 ? 0 : 1)} ${names[step] ?? 'B'}`;
}

function body(value: number, unit: Unit, style: Style, options: FormatOptions): string {
  if (style.flags.has('pct')) return percent(value, style, 2);
  if (style.flags.has('bps') && unit !== 'bps') return `${digits(value * 1e4, style, 1)} bps`;
  switch (unit) {
    case 'fraction':
    case 'rate':
    case 'annualReturn':
    case 'dailyVol':
      return percent(value, style, 2);
    case 'annualVol':
      return percent(value, style, 1);
    case 'probability':
      return probability(value, style);
    case 'variance':
    case 'coefficient':
      return Number.isInteger(value) && style.decimals === null ? grouped(value, 0, 0) : digits(value, style, 4, 3);
    case 'volPoints':
    case 'bps':
    case 'days':
    case 'logLikelihood':
    case 'information':
      return Number.isInteger(value) && style.decimals === null ? grouped(value, 0, 0) : digits(value, style, 1);
    case 'money':
      return money(value, style, options.currency);
    case 'count':
      return grouped(value, 0, style.decimals ?? 0);
    case 'index':
      return String(value);
    case 'quantity':
      return style.decimals === null ? grouped(value, 0, 4) : digits(value, style, 2);
    case 'years':
      return Number.isInteger(value) && style.decimals === null ? grouped(value, 0, 0) : digits(value, style, 2);
    case 'bytes':
      return byteSize(value);
    case 'price':
      return digits(value, style, 2, 4);
    default:
      return digits(value, style, 2);
  }
}

/** A number with its unit, and the words of the unit apart so that a sentence does not say `12 days days`. */
export function formatNumberParts(value: number, unit: Unit, options: FormatOptions = {}): FormattedNumber {
  const style = parseStyle(options.style);
  const shown = style.flags.has('abs') ? Math.abs(value) : value;
  let text = body(shown, unit, style, options);
  if (style.flags.has('sign') && shown > 0) text = `+${text}`;
  const bare = style.flags.has('plain') || style.flags.has('pct') || style.flags.has('bps');
  const suffix = bare ? '' : (words[options.language ?? 'en'][unit] ?? '');
  return { text, suffix: text === '1' ? suffix.replace(/(day|year)s$/, '$1') : suffix };
}

/** `formatNumber(0.0123, 'fraction')` is `1.23%`; `formatNumber(12, 'days')` is `12 days`. */
export function formatNumber(value: number, unit: Unit, options: FormatOptions = {}): string {
  const { text, suffix } = formatNumberParts(value, unit, options);
  return text + suffix;
}

/** A number whose unit nobody stated: thousands separated, at most four decimals or three significant digits. */
export function formatPlain(value: number, style?: string): string {
  const parsed = parseStyle(style);
  if (parsed.flags.has('pct')) return percent(value, parsed, 2);
  if (Number.isInteger(value) && parsed.decimals === null && parsed.significant === null) return grouped(value, 0, 0);
  return digits(parsed.flags.has('abs') ? Math.abs(value) : value, parsed, 4, 3);
}
