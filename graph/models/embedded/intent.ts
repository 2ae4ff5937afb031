/** An intent of the embedded model: when it applies, which calls it makes, and the sentences it answers with. */
import type { PersonaId } from '../../../agents/define-persona.ts';
import type { Language } from '../../../lib/format.ts';
import type { NumberInText } from '../../../lib/numbers-in-text.ts';
import type { Envelope } from '../../../tools/envelope.ts';
import type { Mode } from '../../events.ts';
import type { CallRecord } from '../../state.ts';
import type { SymbolMention, UnknownSymbol } from './symbols.ts';
import type { TimeWindow } from './time-words.ts';

/** A question with everything that was recognised in it. */
export interface Question {
  readonly text: string;
  readonly lower: string;
  readonly language: Language;
  readonly asOf: string;
  readonly numbers: readonly NumberInText[];
  readonly symbols: readonly SymbolMention[];
  readonly unknownSymbols: readonly UnknownSymbol[];
  readonly window: TimeWindow;
  /** Calls of the turn before, newest last. */
  readonly previousCalls: readonly CallRecord[];
  readonly previousText: string;
  readonly previousMemo: Readonly<Record<string, unknown>>;
}

export interface PlannedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Plan =
  | { readonly kind: 'call'; readonly calls: readonly PlannedCall[] }
  | { readonly kind: 'ask'; readonly question: string; readonly missing: readonly string[] }
  | { readonly kind: 'say'; readonly text: string };

export interface CallResult {
  readonly tool: string;
  readonly handle: string | null;
  readonly envelope: Envelope | null;
  /** What the model was told where there is no envelope. */
  readonly message: string;
}

export interface Intent {
  readonly id: string;
  readonly persona: PersonaId;
  readonly mode?: Mode;
  /** Each hit adds its weight (2 unless stated); 2 points are needed. */
  readonly patterns: readonly (RegExp | readonly [RegExp, number])[];
  readonly not?: RegExp;
  /** Tools it calls: where one is not installed the intent does not apply. */
  readonly tools: readonly string[];
  plan(question: Question): Plan;
  /** A second round of calls, once the first is back. */
  more?(question: Question, results: readonly CallResult[]): readonly PlannedCall[];
  answer(question: Question, results: readonly CallResult[]): string;
}

export function defineIntent(intent: Intent): Intent {
  return intent;
}

export function scoreIntent(intent: Intent, question: Question): number {
  if (intent.not?.test(question.lower)) return 0;
  let score = 0;
  for (const pattern of intent.patterns) {
    const [expression, weight] = pattern instanceof RegExp ? [pattern, 2] : pattern;
    if (expression.test(question.lower)) score += weight;
  }
  return score;
}

export function call(tool: string, input: Readonly<Record<string, unknown>>): Plan {
  return { kind: 'call', calls: [{ tool, input: clean(input) }] };
}

export function calls(...list: readonly PlannedCall[]): Plan {
  return { kind: 'call', calls: list.map(({ tool, input }) => ({ tool, input: clean(input) })) };
}

/** Leaves out what is undefined: tools reject unknown and empty fields. */
export function clean(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

export function ask(question: Question, en: string, ko: string, missing: readonly string[]): Plan {
  return { kind: 'ask', question: question.language === 'ko' ? ko : en, missing };
}

export function say(question: Question, en: string, ko: string): Plan {
  return { kind: 'say', text: question.language === 'ko' ? ko : en };
}
