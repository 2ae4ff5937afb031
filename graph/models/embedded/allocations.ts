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

/** Amounts beside tickers, "71200 VTI 38800 BND" or "NVDA 46k, VTI 30k"; a second amount with decimals is the price. */
export function readHoldings(question: Question): readonly Holding[] {
  const found = new Map<string, number[]>();
  for (const clause of question.text.matchAll(/[^;\n]+?(?=[.;](?:\s|$)|[;\n]|$)/g)) {
    for (const [symbol, amount] of pairsIn(clause[0], clause.index, question))
      found.set(symbol, [...(found.get(symbol) ?? []), amount]);
  }
  return [...found].map(([symbol, amounts]) => {
    const [value, price] = amounts;
    return { symbol, ...(value === undefined ? {} : { value }), ...(price === undefined ? {} : { price }) };
  });
}

const notHeld = new Set(['VIX', 'SPX']);

function pairsIn(clause: string, offset: number, question: Question): readonly (readonly [string, number])[] {
  const tokens: { readonly at: number; readonly symbol?: string; readonly amount?: number }[] = [];
  for (const mention of question.symbols) {
    if (notHeld.has(mention.symbol)) continue;
    for (const match of clause.matchAll(
      new RegExp(`(?<![A-Za-z0-9])${escapeText(mention.raw)}(?![A-Za-z0-9])`, 'gi'),
    )) {
      tokens.push({ at: match.index + offset, symbol: mention.symbol });
    }
  }
  if (tokens.length === 0) return [];
  for (const number of question.numbers) {
    if (
      number.start < offset ||
      number.end > offset + clause.length ||
      number.kind === 'percent' ||
      number.kind === 'date'
    )
      continue;
    if (
      /^\s?[:/]\s?\d|^\s?(?:in )?(?:cash|현금)/i.test(question.text.slice(number.end)) ||
      /[:/]\s?$/.test(question.text.slice(0, number.start))
    )
      continue;
    tokens.push({ at: number.start, amount: number.unit === 'm' ? number.value * 1e6 : number.value });
  }
  tokens.sort((a, b) => a.at - b.at);
  const pairs: (readonly [string, number])[] = [];
  for (let i = 0; i + 1 < tokens.length; ) {
    const [a, b] = [tokens[i], tokens[i + 1]];
    const symbol = a?.symbol ?? b?.symbol;
    const amount = a?.amount ?? b?.amount;
    const close = (b?.at ?? 0) - (a?.at ?? 0) < 24;
    if (symbol !== undefined && amount !== undefined && close) {
      pairs.push([symbol, amount]);
      i += 2;
    } else i += 1;
  }
  return pairs;
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
