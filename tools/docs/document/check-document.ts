/** What is missing, unfinished, out of date or wrong in a document? */
import type { DocumentRecord } from './document-record.ts';
import { fillTemplate } from './fill-template.ts';
import { isScalar } from './format-value.ts';
import { valueAtPointer } from './json-pointer.ts';
import type { DocumentTemplate } from './model-document.ts';
import { type ParsedDocument, type ParsedField, parseMarkdown } from './parse-markdown.ts';

export type Severity = 'error' | 'warning';

export interface DocumentIssue {
  readonly code:
    | 'NOT_A_DOCUMENT'
    | 'MISSING_SECTION'
    | 'PLACEHOLDER'
    | 'UNKNOWN_RUN'
    | 'STALE_SECTION'
    | 'NUMBER_MISMATCH'
    | 'UNBOUND_NUMBER'
    | 'P_WITHOUT_TEST_COUNT'
    | 'WINDOW_OVERLAP';
  readonly severity: Severity;
  readonly line: number;
  readonly section: string;
  readonly message: string;
}

export interface CheckContext {
  readonly template: DocumentTemplate | undefined;
  /** The document's runs that are recorded, by id. */
  readonly records: ReadonlyMap<string, DocumentRecord>;
  /** By run id: a newer run of the same tool on the same symbols. */
  readonly newer: ReadonlyMap<string, string>;
}

export function checkDocument(markdown: string, context: CheckContext): DocumentIssue[] {
  const parsed = parseMarkdown(markdown);
  if (parsed.template === null || context.template === undefined) {
    const message =
      'There is no document header of a known template: it was not written by `docs write`, or the header was removed.';
    return [{ code: 'NOT_A_DOCUMENT', severity: 'error', line: 1, section: '', message }];
  }
  return [
    ...missingSections(parsed, context.template),
    ...placeholders(parsed),
    ...staleSections(parsed, context),
    ...mismatches(parsed, context),
    ...unboundNumbers(parsed),
    ...loosePValues(parsed),
    ...overlaps(parsed, context),
  ].sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1));
}

function missingSections(parsed: ParsedDocument, template: DocumentTemplate): DocumentIssue[] {
  const present = new Set(parsed.sections.map((section) => section.id));
  return template.sections
    .filter((section) => !present.has(section.id))
    .map((section) => ({
      code: 'MISSING_SECTION',
      severity: 'error',
      line: 1,
      section: section.id,
      message: `The section “${section.title}” is missing.`,
    }));
}

function placeholders(parsed: ParsedDocument): DocumentIssue[] {
  const inFields = parsed.fields
    .filter((field) => /\bTODO\b/.test(field.text))
    .map((field) => ({ line: field.line, section: field.section, message: `${field.label}: ${field.text}` }));
  const loose = parsed.looseTodos.map((todo) => ({ ...todo, message: 'A TODO stands in the text that people wrote.' }));
  return [...inFields, ...loose].map((entry) => ({ code: 'PLACEHOLDER', severity: 'warning', ...entry }));
}

function staleSections(parsed: ParsedDocument, context: CheckContext): DocumentIssue[] {
  const seen = new Set<string>();
  return parsed.fields.flatMap((field): DocumentIssue[] => {
    if (!field.binding) return [];
    const { runId } = field.binding;
    const key = `${field.section} ${runId}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const place = { line: field.line, section: field.section };
    if (!context.records.has(runId)) {
      return [
        {
          code: 'UNKNOWN_RUN',
          severity: 'error',
          ...place,
          message: `${runId} is not recorded here, so its values cannot be checked.`,
        },
      ];
    }
    const newer = context.newer.get(runId);
    if (newer === undefined) return [];
    return [
      {
        code: 'STALE_SECTION',
        severity: 'warning',
        ...place,
        message: `The section reads ${runId}, but ${newer} is newer and of the same kind.`,
      },
    ];
  });
}

/** The run's value now, the raw value in the mark, and the printed text must be the same. */
function mismatches(parsed: ParsedDocument, context: CheckContext): DocumentIssue[] {
  const template = context.template as DocumentTemplate;
  const fresh = fillTemplate(template, [...context.records.values()]);
  const printed = new Map<string, Set<string>>();
  for (const { content } of fresh.sections.flatMap((section) => section.fields)) {
    if (content.kind !== 'value') continue;
    const key = `${content.runId} ${content.pointer}`;
    printed.set(key, (printed.get(key) ?? new Set()).add(content.text));
  }
  return parsed.fields.flatMap((field): DocumentIssue[] => {
    const record = field.binding && context.records.get(field.binding.runId);
    if (!field.binding || !record) return [];
    const { runId, pointer, raw } = field.binding;
    const value = scalarOf(valueAtPointer(record, pointer));
    const place = { code: 'NUMBER_MISMATCH', severity: 'error', line: field.line, section: field.section } as const;
    if (value === undefined || value !== raw) {
      return [
        {
          ...place,
          message: `${field.label}: the document holds ${JSON.stringify(raw)}, the run ${JSON.stringify(value ?? null)} (${runId}${pointer}).`,
        },
      ];
    }
    const texts = printed.get(`${runId} ${pointer}`);
    if (texts !== undefined && !texts.has(field.text)) {
      return [
        {
          ...place,
          message: `${field.label}: “${field.text}” is printed, the run gives “${[...texts].join('” or “')}” (${runId}${pointer}).`,
        },
      ];
    }
    return [];
  });
}

function scalarOf(value: unknown): unknown {
  if (isScalar(value)) return value;
  return Array.isArray(value) && value.every(isScalar) ? value.join(', ') : undefined;
}

/** A field with digits and no binding was typed by hand: numbers belong to runs, or into the human text. */
function unboundNumbers(parsed: ParsedDocument): DocumentIssue[] {
  return parsed.fields
    .filter((field) => field.binding === null && !/\bTODO\b/.test(field.text) && /\d/.test(field.text))
    .map((field) => ({
      code: 'UNBOUND_NUMBER',
      severity: 'warning',
      line: field.line,
      section: field.section,
      message: `${field.label}: “${field.text}” is bound to no run.`,
    }));
}

function loosePValues(parsed: ParsedDocument): DocumentIssue[] {
  const isP = (field: ParsedField): boolean =>
    /\bp(?:-value)?\b/i.test(field.label) || /pValue$|adjustedP$/.test(field.binding?.pointer ?? '');
  const counted = parsed.fields.some((field) => /\/tests(?:\/count)?$/.test(field.binding?.pointer ?? ''));
  if (counted) return [];
  return parsed.fields
    .filter((field) => isP(field) && field.binding !== null)
    .map((field) => ({
      code: 'P_WITHOUT_TEST_COUNT',
      severity: 'error',
      line: field.line,
      section: field.section,
      message: `${field.label} is given without the number of tests that were made.`,
    }));
}

interface Span {
  readonly line: number;
  readonly section: string;
  readonly trainTo: string;
  readonly testFrom: string;
}

/** Training must end before testing begins: in the document's own fields and in the runs behind them. */
function overlaps(parsed: ParsedDocument, context: CheckContext): DocumentIssue[] {
  const dateOf = (pattern: RegExp): ParsedField | undefined =>
    parsed.fields.find((field) => pattern.test(field.label) && /\d{4}-\d{2}-\d{2}/.test(field.text));
  const trainTo = dateOf(/^training period, (to|end)/i);
  const testFrom = dateOf(/^validation period, (from|start)/i);
  const spans: Span[] = [];
  if (trainTo && testFrom) {
    spans.push({ line: testFrom.line, section: testFrom.section, trainTo: trainTo.text, testFrom: testFrom.text });
  }
  for (const record of context.records.values()) {
    const first = parsed.fields.find((field) => field.binding?.runId === record.runId);
    if (first)
      for (const window of windowsOf(record)) spans.push({ line: first.line, section: first.section, ...window });
  }
  return spans
    .filter((span) => span.trainTo >= span.testFrom)
    .map((span) => ({
      code: 'WINDOW_OVERLAP',
      severity: 'error',
      line: span.line,
      section: span.section,
      message: `Training runs to ${span.trainTo}, but testing begins on ${span.testFrom}.`,
    }));
}

function windowsOf(record: DocumentRecord): { trainTo: string; testFrom: string }[] {
  const blocks = valueAtPointer(record, '/output/validation/walkForward');
  const single = valueAtPointer(record, '/output/windows');
  return [...(Array.isArray(blocks) ? blocks : []), ...(single ? [single] : [])].flatMap((entry) =>
    typeof entry?.trainTo === 'string' && typeof entry?.testFrom === 'string'
      ? [{ trainTo: entry.trainTo, testFrom: entry.testFrom }]
      : [],
  );
}
