/**
 * Numbers by reference. Placeholders become formatted numbers; every numeral that the writer typed must come from
 * the user's words, a tool input, a date in the data, a name, the structure, a stated limit, or match exactly one
 * result by metric, entity and displayed precision. Anything else is a violation.
 */
import type { Language } from '../../lib/format.ts';
import { type NumberInText, numbersInText } from '../../lib/numbers-in-text.ts';
import type { BoundResult, EvidenceRow } from './bound-result.ts';
import { evidenceFor } from './format-at.ts';
import { type IndexedNumber, indexNumbers, type NumberIndex } from './leaf-index.ts';
import { sameNumber, shownForms, showsValue } from './match-number.ts';
import { dateSpans, isKnownDate, nameSpans, type Span } from './names-and-dates.ts';
import { leavesOf } from './paths.ts';
import { type Placeholder, placeholdersIn, resolvePlaceholder } from './placeholders.ts';
import { spelledNumbers } from './spelled-numbers.ts';
import { readContext, type TextContext } from './text-context.ts';

export interface BindRequest {
  readonly draft: string;
  readonly results: ReadonlyMap<string, BoundResult>;
  /** What the person wrote, this turn and before. */
  readonly userTexts: readonly string[];
  /** Texts whose numbers may be repeated: the constitution, the persona's thresholds, knowledge entries. */
  readonly statedTexts?: readonly string[];
  /** ISO days that may be named: the session's cut-off. */
  readonly dates?: readonly string[];
  /** Texts that the code itself wrote (an error, a fixed sentence): where they occur word for word, nothing is checked. */
  readonly verbatim?: readonly string[];
  /** True where code wrote the whole draft: only its placeholders are resolved. */
  readonly trusted?: boolean;
  readonly language: Language;
}

export interface Violation {
  readonly raw: string;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

export interface BoundText {
  readonly text: string;
  readonly evidence: readonly EvidenceRow[];
  /** Where in `text` each stands. */
  readonly violations: readonly Violation[];
}

interface StatedNumber {
  readonly token: NumberInText;
  readonly metrics: ReadonlySet<string>;
}

/** What stays the same while one answer is bound, however often. */
export interface Binder {
  bind(draft: string): BoundText;
}

export function createBinder(request: Omit<BindRequest, 'draft'>): Binder {
  const index = indexNumbers(request.results.values());
  const stated = [...request.userTexts, ...(request.statedTexts ?? []), ...recordedSentences(request.results)].flatMap(
    (text) => statedNumbers(text, index),
  );
  const fixed = [...recordedSentences(request.results), ...(request.verbatim ?? [])].filter((text) => text.length >= 8);
  const known = new Set([...index.dates, ...(request.dates ?? [])]);
  for (const text of [...request.userTexts, ...(request.statedTexts ?? [])]) {
    for (const { iso } of dateSpans(text)) known.add(iso);
  }
  return {
    bind(draft) {
      const expanded = expand(draft, request.results, request.language);
      if (request.trusted === true)
        return { text: expanded.text, evidence: expanded.evidence, violations: expanded.violations };
      const checked = checkNumbers(expanded, { index, stated, known, fixed });
      return {
        text: expanded.text,
        evidence: [...expanded.evidence, ...checked.evidence],
        violations: [...expanded.violations, ...checked.violations].sort((a, b) => a.start - b.start),
      };
    },
  };
}

/** Sentences inside results (a reason, a note) are recorded too: their numbers may be repeated. */
function recordedSentences(results: BindRequest['results']): readonly string[] {
  return [...results.values()].flatMap(({ envelope }) => [
    ...leavesOf(envelope.output, 20)
      .flatMap(({ value }) =>
        typeof value === 'string' && value.length > 8 && /\d/.test(value) ? [value.slice(0, 1000)] : [],
      )
      .slice(0, 100),
    ...envelope.warnings.map((warning) => warning.message),
  ]);
}

export function bindText(request: BindRequest): BoundText {
  return createBinder(request).bind(request.draft);
}

interface Expanded {
  readonly text: string;
  readonly spans: readonly Span[];
  readonly evidence: readonly EvidenceRow[];
  readonly violations: readonly Violation[];
}

function expand(draft: string, results: BindRequest['results'], language: Language): Expanded {
  const { placeholders, broken } = placeholdersIn(draft);
  const spans: Span[] = [];
  const evidence: EvidenceRow[] = [];
  const violations: Violation[] = [];
  let text = '';
  let at = 0;
  for (const placeholder of placeholders) {
    text += draft.slice(at, placeholder.start);
    at = placeholder.end;
    const resolved = resolvePlaceholder(placeholder, results, language);
    const start = text.length;
    if (resolved.ok) {
      text += resolved.text + suffixUnlessSaid(resolved.suffix, draft.slice(at));
      evidence.push(...resolved.evidence);
    } else {
      text += '[?]';
      violations.push(placeholderViolation(placeholder, resolved.reason, start));
    }
    spans.push({ start, end: text.length });
  }
  text += draft.slice(at);
  for (const raw of broken) {
    const start = text.indexOf(raw);
    violations.push({
      raw,
      reason: 'a placeholder is written {{r1.path}} or {{table r1.path}}',
      start,
      end: start + raw.length,
    });
    spans.push({ start, end: start + raw.length });
  }
  return { text, spans, evidence, violations };
}

function placeholderViolation(placeholder: Placeholder, reason: string, start: number): Violation {
  return { raw: placeholder.raw, reason, start, end: start + 3 };
}

function suffixUnlessSaid(suffix: string, following: string): string {
  const word = suffix.trim();
  if (word === '') return suffix;
  const next = following.trimStart().toLowerCase();
  const stem = word.toLowerCase().replace(/s$/, '');
  return next.startsWith(stem) || next.startsWith(`-${stem}`) ? '' : suffix;
}

function statedNumbers(text: string, index: NumberIndex): readonly StatedNumber[] {
  const context = readContext(text, index.entityNames);
  return numbersInText(text).map((token) => ({ token, metrics: context.metricsAt(token.start, token.end) }));
}

interface Knowledge {
  readonly index: NumberIndex;
  readonly stated: readonly StatedNumber[];
  readonly known: ReadonlySet<string>;
  readonly fixed: readonly string[];
}

function checkNumbers(expanded: Expanded, knowledge: Knowledge): Pick<BoundText, 'evidence' | 'violations'> {
  const { text } = expanded;
  const skip = [...expanded.spans, ...nameSpans(text), ...verbatimSpans(text, knowledge.fixed)];
  const dates = dateSpans(text);
  const context = readContext(text, knowledge.index.entityNames);
  const evidence: EvidenceRow[] = [];
  const violations: Violation[] = [];
  for (const date of dates) {
    if (covered(date, skip) || isKnownDate(date.iso, knowledge.known)) continue;
    if (/^\d{4}$/.test(date.iso) && matchesSomething(text, date, knowledge, context)) continue;
    violations.push({
      ...date,
      raw: text.slice(date.start, date.end),
      reason: 'no result or question holds this date',
    });
  }
  for (const token of [...numbersInText(text), ...spelledNumbers(text)]) {
    if (covered(token, skip) || covered(token, dates)) continue;
    const verdict = judge(token, text, context, knowledge);
    if (verdict === 'allowed') continue;
    if (typeof verdict === 'string')
      violations.push({ raw: token.raw, reason: verdict, start: token.start, end: token.end });
    else evidence.push(evidenceFor(verdict.result, verdict.path, verdict.value, token.raw, true));
  }
  return { evidence, violations };
}

function verbatimSpans(text: string, fixed: readonly string[]): readonly Span[] {
  const spans: Span[] = [];
  for (const sentence of new Set(fixed)) {
    for (let at = text.indexOf(sentence); at >= 0; at = text.indexOf(sentence, at + sentence.length)) {
      spans.push({ start: at, end: at + sentence.length });
    }
  }
  return spans;
}

function matchesSomething(text: string, date: Span, knowledge: Knowledge, context: TextContext): boolean {
  const token = numbersInText(text.slice(date.start, date.end))[0];
  if (token === undefined) return false;
  const placed = { ...token, start: date.start, end: date.end };
  const verdict = judge(placed, text, context, knowledge);
  return typeof verdict !== 'string' || verdict === 'allowed';
}

function covered(span: Span, by: readonly Span[]): boolean {
  return by.some((other) => span.start < other.end && span.end > other.start);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}

const downWords =
  /fell|fall|down|loss|lost|lose|drop|decline|drawdown|lower|below|negative|minus|short|cost|손실|하락|낙폭|감소|마이너스/i;

function judge(
  token: NumberInText,
  text: string,
  context: TextContext,
  { index, stated }: Knowledge,
): 'allowed' | IndexedNumber | string {
  const metrics = context.metricsAt(token.start, token.end);
  const entity = context.entityAt(token.start, token.end);
  const signless = downWords.test(text.slice(Math.max(0, token.start - 60), token.end + 40));
  const fits = (number: IndexedNumber) =>
    showsValue(token, shownForms(token, number.value, number.unit), signless) && fitsEntity(number, entity, index);
  const named = index.outputs.filter((number) => overlap(number.metrics, metrics) && fits(number));
  const first = named[0];
  if (first !== undefined) {
    const one = named.every((number) => number.value === first.value);
    return one ? first : 'more than one result shows this number; use a placeholder';
  }
  const contradicts =
    metrics.size > 0 &&
    index.outputs.some(
      (number) =>
        overlap(number.metrics, metrics) &&
        shownForms(token, number.value, number.unit).length > 0 &&
        fitsEntity(number, entity, index),
    );
  const fromInput = index.inputs.some((number) => fits(number) && (!contradicts || overlap(number.metrics, metrics)));
  if (fromInput) return 'allowed';
  const said = stated.some(
    (number) => sameNumber(number.token, token) && (!contradicts || overlap(number.metrics, metrics)),
  );
  if (said) return 'allowed';
  return contradicts ? 'it is not what the result shows' : 'no tool result, question or limit holds it';
}

function fitsEntity(number: IndexedNumber, entity: ReadonlySet<string>, index: NumberIndex): boolean {
  const scoped = [...entity].filter((name) => index.scopeNames.has(name));
  if (scoped.length > 0 && number.scope.size > 0 && !scoped.some((name) => number.scope.has(name))) return false;
  if (number.entities.size === 0) return true;
  const own = [...entity].filter((name) => !index.scopeNames.has(name) || number.entities.has(name));
  return own.some((name) => number.entities.has(name));
}

/** Marks what could not be traced, from the end so that positions stay right. */
export function markUnverified(
  bound: BoundText,
  language: Language,
): { readonly text: string; readonly count: number } {
  const mark = language === 'ko' ? ' [미확인]' : ' [unverified]';
  let text = bound.text;
  for (const violation of [...bound.violations].sort((a, b) => b.end - a.end)) {
    text = text.slice(0, violation.end) + mark + text.slice(violation.end);
  }
  return { text, count: bound.violations.length };
}
