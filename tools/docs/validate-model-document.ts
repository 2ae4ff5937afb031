/** Checks a document that people have edited against the runs behind it. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { type CheckContext, checkDocument } from './document/check-document.ts';
import { type DocumentRecord, toDocumentRecord } from './document/document-record.ts';
import { findNewer } from './document/load-records.ts';
import { parseMarkdown } from './document/parse-markdown.ts';
import { findTemplate } from './templates/index.ts';

interface Behind {
  readonly records: readonly DocumentRecord[];
  readonly newer: readonly (readonly [string, string])[];
}

export const validateModelDocument = defineTool({
  name: 'validate_model_document',
  title: 'Validate a model document',
  family: 'docs',
  version: 1,
  description:
    'Checks a model document written by write_model_document: missing sections, placeholders, stale sections, numbers that no longer match their run, numbers bound to no run, p-values without a test count, and training windows that reach into testing. Use it before a document is handed on or after people have edited it. Use write_model_document to make it again from newer runs; text that people wrote is kept.',
  input: z.strictObject({ document: z.string().min(1).max(400_000).describe('The document as Markdown') }),
  output: z.object({
    template: z.string().nullable().describe('Template that the header names'),
    valid: z.boolean().describe('True where there is no error'),
    errors: units.count('errors'),
    warnings: units.count('warnings'),
    checkedValues: units.count('bound values compared with their run'),
    issues: z.array(
      z.object({
        code: z.string().describe('Kind of trouble'),
        severity: z.enum(['error', 'warning']),
        line: units.count('line in the document, from 1'),
        section: z.string(),
        message: z.string(),
      }),
    ),
  }),
  async load(input, ports): Promise<Loaded<Behind>> {
    const parsed = parseMarkdown(input.document);
    const wanted = new Set([...parsed.runs, ...parsed.fields.flatMap((field) => field.binding?.runId ?? [])]);
    const found = await Promise.all([...wanted].slice(0, 50).map((runId) => ports.runs.get(runId)));
    const records = found.flatMap((run) => (run === undefined ? [] : [toDocumentRecord(run)]));
    return { value: { records, newer: [...(await findNewer(records, ports.runs))] }, provenance: [] };
  },
  run(input, behind: Behind) {
    const parsed = parseMarkdown(input.document);
    const context: CheckContext = {
      template: parsed.template === null ? undefined : findTemplate(parsed.template),
      records: new Map(behind.records.map((record) => [record.runId, record])),
      newer: new Map(behind.newer),
    };
    const issues = checkDocument(input.document, context);
    const errors = issues.filter((issue) => issue.severity === 'error').length;
    return {
      template: parsed.template,
      valid: errors === 0,
      errors,
      warnings: issues.length - errors,
      checkedValues: parsed.fields.filter((field) => field.binding && context.records.has(field.binding.runId)).length,
      issues: issues.slice(0, 300).map((issue) => ({ ...issue })),
    };
  },
  summarise: (output, cite) => [
    `${output.valid ? 'Valid' : 'Not valid'}: ${cite('errors')} errors, ${cite('warnings')} warnings, ${cite('checkedValues')} values compared with their runs`,
    ...output.issues
      .slice(0, 10)
      .map((issue) => `${issue.severity} ${issue.code} at line ${issue.line}: ${issue.message}`),
  ],
  examples: [
    {
      ask: 'Is this text a model document?',
      input: { document: '# Notes\n\nThe model is good.' },
      fixture: 'none',
      expect: { values: { valid: false, errors: 1, 'issues[0].code': 'NOT_A_DOCUMENT' } },
    },
    { ask: 'Validate nothing', input: { document: '' }, fixture: 'none', expect: { error: 'INVALID_INPUT' } },
  ],
  assumptions: [
    'Values are compared with the runs that are recorded in this store; runs of another store are unknown.',
  ],
  references: ['Federal Reserve, SR 26-2 (2026), on documentation'],
  cost: 'instant',
  unrecorded: true,
});
