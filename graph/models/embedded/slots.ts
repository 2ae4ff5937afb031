/** Numbers by the words beside them: "vol 20", "20% vol", "strike 110", "5bp costs". */
import type { NumberInText } from '../../../lib/numbers-in-text.ts';
import type { Question } from './intent.ts';

const connecting = /^[\s:=~≈(]*(?:is|of|at|was|to|for|the|a|an|about|around|roughly|이|가|은|는|을|를|도)?[\s:=~(]*$/i;

/** The number that stands next to a word, after it by preference. */
export function numberNear(
  question: Question,
  word: RegExp,
  accept: (n: NumberInText) => boolean = () => true,
): NumberInText | undefined {
  const pattern = new RegExp(word.source, word.flags.includes('g') ? word.flags : `${word.flags}g`);
  for (const match of question.text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    const after = question.numbers.find(
      (n) => n.start >= end && accept(n) && connecting.test(question.text.slice(end, n.start)),
    );
    if (after !== undefined) return after;
    const before = question.numbers.findLast(
      (n) => n.end <= match.index && accept(n) && connecting.test(question.text.slice(n.end, match.index)),
    );
    if (before !== undefined) return before;
  }
  return undefined;
}

/** A rate as a fraction: `5%`, `.05` and `5` (a rate of 500% is not meant). */
export function asFraction(number: NumberInText | undefined, percentFrom = 1): number | undefined {
  if (number === undefined) return undefined;
  if (number.kind === 'percent' || number.kind === 'bps' || number.kind === 'percentagePoints') return number.value;
  return Math.abs(number.value) >= percentFrom ? round(number.value / 100) : number.value;
}

export function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** A duration in years. */
export function asYears(number: NumberInText | undefined): number | undefined {
  if (number === undefined) return undefined;
  const perYear: Readonly<Record<string, number>> = { day: 365, week: 52, month: 12, year: 1 };
  return round(number.value / (perYear[number.unit ?? ''] ?? 1));
}

export function asDays(number: NumberInText | undefined): number | undefined {
  if (number === undefined) return undefined;
  const days: Readonly<Record<string, number>> = { day: 1, week: 5, month: 21, year: 252 };
  return Math.round(number.value * (days[number.unit ?? ''] ?? 1));
}

export function monies(question: Question): readonly NumberInText[] {
  return question.numbers.filter((n) => n.kind === 'money');
}

export function plainNumbers(question: Question): readonly NumberInText[] {
  return question.numbers.filter((n) => n.kind === 'plain' || n.kind === 'multiple');
}

export function window(question: Question): { readonly start?: string; readonly end?: string } {
  const { start, end } = question.window;
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}
