/** Options in words: "eur put 90/100, .75y, 5%, vol 20", "190c exp fri", "condor 95/100/110/115". */
import type { NumberInText } from '../../../lib/numbers-in-text.ts';
import type { Question } from './intent.ts';
import { asFraction, asYears, numberNear } from './slots.ts';

export interface OptionWords {
  readonly right?: 'call' | 'put';
  readonly spot?: number;
  readonly strike?: number;
  readonly years?: number;
  readonly expiry?: string;
  readonly rate?: number;
  readonly volatility?: number;
  readonly dividendYield?: number;
  readonly price?: number;
  readonly exercise?: 'american';
  /** Two numbers with a slash: strike first was assumed. */
  readonly slash?: boolean;
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** "exp fri" is the next Friday after the cut-off. */
export function readExpiry(text: string, asOf: string): string | undefined {
  const day = /\b(?:exp(?:iry|iring|ires)?|this|next)\s+(sun|mon|tue|wed|thu|fri|sat)/i.exec(text)?.[1];
  if (day === undefined) return /\bexp\w*\s+(\d{4}-\d{2}-\d{2})/i.exec(text)?.[1];
  const from = new Date(`${asOf}T00:00:00Z`);
  const ahead = (weekdays.indexOf(day.toLowerCase()) - from.getUTCDay() + 7) % 7 || 7;
  from.setUTCDate(from.getUTCDate() + ahead);
  return from.toISOString().slice(0, 10);
}

export function readOption(question: Question): OptionWords {
  const { text, numbers } = question;
  const used = new Set<NumberInText>();
  const take = (n: NumberInText | undefined): NumberInText | undefined => {
    if (n !== undefined) used.add(n);
    return n;
  };
  const near = (word: RegExp, accept?: (n: NumberInText) => boolean) =>
    take(numberNear(question, word, (n) => !used.has(n) && (accept?.(n) ?? true)));
  const time = take(numbers.find((n) => n.kind === 'duration' && n.unit !== null) ?? monthLetter(question));
  const vol =
    near(
      /\b(?:implied |iv |annual )?(?:vol(?:atility)?|sigma|σ)\b|\biv\b(?! of)|변동성/i,
      (n) => n.kind !== 'duration',
    ) ?? take(numbers.find((n) => n.unit === 'v' || n.unit === 'vol'));
  const rate = near(
    /\b(?:interest |risk[- ]free )?rate\b|\br\b(?:\s?=)?|\brf\b|금리|이자율/i,
    (n) => n.kind !== 'duration',
  );
  const dividend = near(/dividend(?: yield)?|\bdiv\b|\bq\b|배당/i, (n) => n.kind === 'percent');
  const quoted = near(
    /quoted(?: at)?|trad(?:ing|es)(?: at)?|costs?|premium(?: of)?|mid(?: of)?|worth|priced? at|at(?= \d+\.\d)|호가|프리미엄/i,
    (n) => n.kind === 'plain' || n.kind === 'money',
  );
  const spotSaid = near(
    /spot|underlying|stock (?:at|is)|현물|기초자산(?:이)?/i,
    (n) => n.kind === 'plain' || n.kind === 'money',
  );
  const strikeSaid = near(/strike|struck at|행사가격?/i, (n) => n.kind === 'plain' || n.kind === 'money');
  const letter = take(numbers.find((n) => !used.has(n) && /^[cp]$/i.test(n.unit ?? '')));
  const percent = take(
    rate === undefined ? numbers.find((n) => !used.has(n) && n.kind === 'percent' && n !== vol) : undefined,
  );
  const left = numbers.filter((n) => !used.has(n) && (n.kind === 'plain' || n.kind === 'money') && n.value > 0);
  const slash = /(\d+(?:\.\d+)?)\s?\/\s?(\d+(?:\.\d+)?)/.exec(text);
  const atm = /\batm\b|at[- ]the[- ]money|등가격/i.test(text);
  let spot = spotSaid?.value;
  let strike = strikeSaid?.value ?? letter?.value;
  if (slash !== null && spot === undefined && strike === undefined)
    [strike, spot] = [Number(slash[1]), Number(slash[2])];
  for (const n of left) {
    if (slash !== null && (String(n.value) === slash[1] || String(n.value) === slash[2])) continue;
    if (strike === undefined && !atm) strike = n.value;
    else if (spot === undefined) spot = n.value;
    else if (quoted === undefined) break;
  }
  if (atm) {
    spot ??= strike;
    strike ??= spot;
  }
  const letterRight =
    letter?.unit?.toLowerCase() === 'c' ? 'call' : letter?.unit?.toLowerCase() === 'p' ? 'put' : undefined;
  const right = /\bputs?\b|풋/i.test(text) ? 'put' : /\bcalls?\b|콜/i.test(text) ? 'call' : letterRight;
  const volatility = asFraction(vol);
  return defined({
    right,
    spot,
    strike,
    years: asYears(time),
    expiry: time === undefined ? readExpiry(text, question.asOf) : undefined,
    rate: asFraction(rate ?? percent),
    volatility,
    dividendYield: asFraction(dividend),
    price: quoted?.value,
    exercise: /\bamerican\b|\bamer\b|미국식|아메리칸/i.test(text) ? ('american' as const) : undefined,
    slash: slash !== null && spotSaid === undefined && strikeSaid === undefined ? true : undefined,
  });
}

/** "3m" and "6m" are months beside an option. */
function monthLetter(question: Question): NumberInText | undefined {
  const found = question.numbers.find((n) => n.unit === 'm' || n.unit === 'mo');
  return found === undefined ? undefined : { ...found, kind: 'duration', unit: 'month' };
}

type Undefined<T> = { readonly [K in keyof T]: T[K] | undefined };

function defined(words: Undefined<OptionWords>): OptionWords {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)) as OptionWords;
}
