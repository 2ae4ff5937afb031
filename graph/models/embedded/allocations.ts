/** "76% stocks, 18 bonds, rest cash", "80:20", "NVDA 46k, VTI 30k, cash 9k": allocations and holdings in words. */
import type { Question } from './intent.ts';
import { round } from './slots.ts';

const classes: readonly (readonly [string, RegExp])[] = [
  ['stocks', /stocks?|equit(?:y|ies)|shares|주식/i],
  ['bonds', /bonds?|fixed income|treasur(?:y|ies)|채권/i],
  ['cash', /cash|money market|현금/i],
  ['gold', /gold|금(?!리|액|융|요)/i],
];

export interface AllocationRead {
  readonly weights: Readonly<Record<string, number>>;
  readonly total: number;
}

/** Percentages beside class names; "rest" takes what is left. Null where fewer than two classes are named. */
export function readAllocation(text: string): AllocationRead | null {
  const weights: Record<string, number> = {};
  let rest: string | null = null;
  for (const [name, word] of classes) {
    const source = word.source;
    const after = new RegExp(`(\\d+(?:\\.\\d+)?)\\s?(?:%|퍼센트|프로)?\\s?(?:in |of |is )?(?:${source})`, 'i').exec(
      text,
    );
    const before = new RegExp(
      `(?:${source})(?:이|은|는|가|\\s|:|=|at|is)*\\s?(\\d+(?:\\.\\d+)?)\\s?(?:%|퍼센트|프로|(?=[\\s,./]|$|인|이))`,
      'i',
    ).exec(text);
    const left = new RegExp(
      `(?:rest|remainder|remaining|나머지(?:는|가)?)\\s?(?:in |is |are |of it )*(?:${source})|(?:${source})\\s?(?:is |the |gets |는 |가 )*(?:rest|나머지)`,
      'i',
    ).test(text);
    if (left) rest = name;
    else {
      const value = Number((koreanOrder(text) ? (before ?? after) : (after ?? before))?.[1] ?? Number.NaN);
      if (Number.isFinite(value) && value <= 100) weights[name] = round(value / 100);
    }
  }
  const sum = Object.values(weights).reduce((a, b) => a + b, 0);
  if (rest !== null && sum <= 1) weights[rest] = round(1 - sum);
  if (Object.keys(weights).length < 2) return null;
  return { weights, total: Object.values(weights).reduce((a, b) => a + b, 0) };
}

/** In Korean and in "stocks 70, bonds 20" the class stands before its number. */
function koreanOrder(text: string): boolean {
  return /(?:주식|채권|현금)\s?\d|(?:stocks?|equity|bonds?|cash)\s*:?\s?\d/i.test(text);
}

/** "80:20", "60/40": stocks and bonds, in that order; three parts add cash. */
export function readRatio(
  text: string,
): readonly { readonly weights: Readonly<Record<string, number>>; readonly at: number }[] {
  return [...text.matchAll(/(?<![\d.])(\d{1,3})\s?[:/]\s?(\d{1,3})(?:\s?[:/]\s?(\d{1,3}))?(?![\d.%])/g)].flatMap(
    (match) => {
      const parts = [match[1], match[2], match[3]].filter((part) => part !== undefined).map(Number);
      if (parts.reduce((a, b) => a + b, 0) !== 100) return [];
      const [stocks = 0, bonds = 0, cash] = parts;
      return [
        {
          weights: { stocks: stocks / 100, bonds: bonds / 100, ...(cash === undefined ? {} : { cash: cash / 100 }) },
          at: match.index,
        },
      ];
    },
  );
}

export interface Holding {
  readonly symbol: string;
  readonly quantity?: number;
  readonly value?: number;
  readonly price?: number;
}

/** Amounts beside tickers: money (`46k`, `$5,000`) is a value; a bare number is a number of shares where a price is named as well. */
export function readHoldings(question: Question): readonly Holding[] {
  const holdings: Holding[] = [];
  for (const mention of question.symbols) {
    const pattern = new RegExp(
      `(\\$?\\d[\\d,]*(?:\\.\\d+)?\\s?(?:k|m|mm|만원|천만원|억)?)\\s?(?:shares? of |of |주 )?${escapeText(mention.raw)}\\b|\\b${escapeText(mention.raw)}\\s?(?:at |@ ?|:)?\\s?(\\$?\\d[\\d,]*(?:\\.\\d+)?\\s?(?:k|m|mm)?)`,
      'gi',
    );
    const amounts: { readonly text: string; readonly before: boolean }[] = [];
    for (const match of question.text.matchAll(pattern)) {
      amounts.push(match[1] !== undefined ? { text: match[1], before: true } : { text: match[2] ?? '', before: false });
    }
    const first = amounts[0];
    if (first === undefined) continue;
    const second = amounts[1];
    if (second !== undefined && /\.\d/.test(second.text)) {
      holdings.push({ symbol: mention.symbol, value: amountOf(first.text), price: amountOf(second.text) });
    } else holdings.push({ symbol: mention.symbol, value: amountOf(first.text) });
  }
  return holdings;
}

function amountOf(text: string): number {
  const clean = text.replaceAll(/[$,\s]/g, '').toLowerCase();
  const value = Number.parseFloat(clean);
  if (clean.endsWith('k')) return value * 1e3;
  if (clean.endsWith('mm') || clean.endsWith('m')) return value * 1e6;
  if (clean.endsWith('천만원')) return value * 1e7;
  if (clean.endsWith('만원')) return value * 1e4;
  return clean.endsWith('억') ? value * 1e8 : value;
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
