/** Intents that answer with one tool's result: a headline, the tool's own summary in English, labelled facts in Korean. */
import type { PersonaId } from '../../../agents/define-persona.ts';
import { valueAt } from '../../../tools/binding/paths.ts';
import type { Tool } from '../../../tools/define-tool.ts';
import type { Mode } from '../../events.ts';
import type { CallResult, Intent, Plan, PlannedCall, Question } from './intent.ts';
import {
  dataLine,
  failureLine,
  fromSummary,
  type GoodResult,
  good,
  joinParts,
  put,
  table,
  warningLines,
} from './write.ts';

export type Fact = readonly [path: string, ko: string];

export interface ToolIntentParts {
  readonly id: string;
  readonly persona: PersonaId;
  readonly mode?: Mode;
  readonly tool: string;
  readonly alsoTools?: readonly string[];
  readonly patterns: Intent['patterns'];
  readonly not?: RegExp;
  readonly plan: (question: Question) => Plan;
  readonly more?: (question: Question, results: readonly CallResult[]) => readonly PlannedCall[];
  /** First sentence, with placeholders; empty where the summary begins well enough. */
  readonly head?: (question: Question, result: GoodResult, korean: boolean) => string;
  /** True where the first sentence is the whole answer: a second reading of the same question. */
  readonly brief?: (question: Question, result: GoodResult) => boolean;
  /** Labelled values for the Korean answer; paths that do not exist are left out. */
  readonly facts?: readonly Fact[];
  /** What can be said, or asked for, where the data are missing. */
  readonly otherwise?: (korean: boolean) => string;
  /** Rows shown as a table after the text. */
  readonly rows?: string;
  /** A last sentence: the caveat an expert would not leave out. */
  readonly tail?: (question: Question, result: GoodResult, korean: boolean, results: readonly CallResult[]) => string;
}

let installed: readonly Tool[] = [];

/** The summaries come from the tools that the host installed. */
export function rememberTools(tools: readonly Tool[]): void {
  installed = tools;
}

export function toolIntent(parts: ToolIntentParts): Intent {
  return {
    id: parts.id,
    persona: parts.persona,
    ...(parts.mode === undefined ? {} : { mode: parts.mode }),
    patterns: parts.patterns,
    ...(parts.not === undefined ? {} : { not: parts.not }),
    tools: [parts.tool],
    plan: parts.plan,
    ...(parts.more === undefined ? {} : { more: parts.more }),
    answer: (question, results) => answerWith(parts, question, results),
  };
}

function answerWith(parts: ToolIntentParts, question: Question, results: readonly CallResult[]): string {
  const korean = question.language === 'ko';
  const sections = results
    .filter((result) => result.tool === parts.tool)
    .map((result) => {
      const ok = good(result);
      if (ok === null) return joinParts(failureLine(result, question), parts.otherwise?.(korean) ?? '');
      const head = parts.head?.(question, ok, korean) ?? '';
      if (parts.brief?.(question, ok) === true) return head;
      const facts = korean ? koreanFacts(ok, parts.facts ?? []) : '';
      return joinParts(
        head,
        facts === '' ? withoutRepeats(fromSummary(ok, installed), head, ok) : facts,
        parts.rows === undefined ? '' : table(ok, parts.rows),
        parts.tail?.(question, ok, korean, results) ?? '',
        defaultsLine(question, ok),
        dataLine(ok, question),
        warningLines(ok),
      );
    });
  const rest =
    sections.length > 0
      ? []
      : results.map((result) => (good(result) === null ? failureLine(result, question) : nothing(question)));
  return joinParts(...sections, ...rest);
}

/** Summary lines that the headline already said are left out. */
function withoutRepeats(summary: string, head: string, result: GoodResult): string {
  const said = [...head.matchAll(/\{\{r\d+\.([^{}|]+)\}\}/g)]
    .map((match) => valueAt(result.output, match[1] ?? '')?.value)
    .filter((value): value is string => typeof value === 'string' && value.length > 3);
  return summary
    .split('\n')
    .filter((line) => !said.some((text) => (text.length > 20 ? line.includes(text) : line.startsWith(`- ${text}:`))))
    .join('\n');
}

function koreanFacts(result: GoodResult, facts: readonly Fact[]): string {
  return facts
    .filter(([path]) => (valueAt(result.output, path)?.value ?? null) !== null)
    .map(([path, label]) => `- ${label}: ${put(result, path)}`)
    .join('\n');
}

const hidden = new Set([
  'digitalPays',
  'averaging',
  'fixings',
  'payoff',
  'lotMethod',
  'maximumStep',
  'stepDays',
  'horizonYears',
  'shortTermRate',
  'longTermRate',
  'dailyMean',
  'asOf',
  'language',
  'field',
  'currency',
  'seed',
  'symbol',
  'name',
]);

/** Scalar inputs that the question did not state: the defaults that were taken. */
export function defaultsLine(question: Question, result: GoodResult): string {
  const said = question.numbers.flatMap((n) => [n.value, n.shown]);
  const shown = Object.entries(result.envelope.input).filter(
    ([key, value]) =>
      !hidden.has(key) &&
      (typeof value === 'number' || (typeof value === 'string' && value.length <= 24)) &&
      !said.includes(value as number) &&
      !question.lower.includes(String(value).toLowerCase()),
  );
  if (shown.length === 0) return '';
  const list = shown
    .slice(0, 8)
    .map(([key]) => `${key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()} ${put(result, `input.${key}`)}`);
  return `${question.language === 'ko' ? '사용한 설정' : 'Settings used'}: ${list.join(', ')}.`;
}

function nothing(question: Question): string {
  return question.language === 'ko'
    ? '그에 맞는 기록이 없습니다.'
    : 'There is no record that fits; compute the result first.';
}
