/** A document from recorded runs: values bound to run and pointer, everything else a TODO. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import type { DocumentRecord } from './document/document-record.ts';
import { fillTemplate } from './document/fill-template.ts';
import { loadRecords } from './document/load-records.ts';
import type { DocumentTemplate } from './document/model-document.ts';
import { parseMarkdown } from './document/parse-markdown.ts';
import { renderMarkdown } from './document/render-markdown.ts';
import { findTemplate, templateNames } from './templates/index.ts';

export const runIds = z
  .array(z.string().regex(/^run_[0-9a-f]{4,32}$/, 'a run id such as run_6f1c0a9be2d34f71'))
  .min(1)
  .max(12)
  .describe('Recorded runs that fill the document, the model first');

export const writeModelDocument = defineTool({
  name: 'write_model_document',
  title: 'Write a model document',
  family: 'docs',
  version: 1,
  description:
    'Fills a model document (model development, feature pipeline, monitoring dashboard, SR 26-2 style, model card, datasheet) from recorded runs: every value is bound to its run and JSON pointer, and what no run holds becomes a TODO with its owner. Use it when somebody asks to write up or document a model, an HMM, a GARCH fit, a volatility surface or an optimiser for audit. Use list_runs to find the runs, and validate_model_document to check a document that people have edited.',
  input: z.strictObject({
    template: z.enum(templateNames).describe('Which document; sr11-7 is an alias of sr26-2, which replaced it'),
    runIds,
    previous: z
      .string()
      .max(300_000)
      .optional()
      .describe('The earlier document as Markdown: text that people wrote between its markers is kept'),
  }),
  output: z.object({
    template: z.string().describe('Template'),
    title: z.string().describe('Title'),
    bound: units.count('values bound to a run'),
    todos: units.count('fields that no run holds'),
    keptSections: units.count('sections whose human text was kept'),
    sections: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        bound: units.count('bound values'),
        todos: z.array(z.object({ label: z.string(), owner: z.string(), why: z.string() })),
      }),
    ),
    runs: z.array(z.object({ runId: z.string(), tool: z.string(), asOf: z.string().describe('Last day of data') })),
    synthetic: z.boolean().describe('True where any run used DEMO: data'),
    markdown: z.string().describe('The document'),
  }),
  async load(input, ports): Promise<Loaded<readonly DocumentRecord[]>> {
    const records = await loadRecords(input.runIds, ports.runs);
    return { value: records, provenance: records.flatMap((record) => record.data as Loaded<unknown>['provenance']) };
  },
  run(input, records: readonly DocumentRecord[]) {
    const human = input.previous === undefined ? new Map<string, string>() : parseMarkdown(input.previous).human;
    const document = fillTemplate(findTemplate(input.template) as DocumentTemplate, records, human);
    const sections = document.sections.map((section) => ({
      id: section.id,
      title: section.title,
      bound: section.fields.filter((field) => field.content.kind === 'value').length,
      todos: section.fields.flatMap(({ label, content }) =>
        content.kind === 'todo' ? [{ label, owner: content.owner, why: content.why }] : [],
      ),
    }));
    return {
      template: document.template,
      title: document.title,
      bound: sections.reduce((sum, section) => sum + section.bound, 0),
      todos: sections.reduce((sum, section) => sum + section.todos.length, 0),
      keptSections: document.sections.filter((section) => section.human !== '').length,
      sections,
      runs: document.runs.map(({ runId, tool, asOf }) => ({ runId, tool, asOf })),
      synthetic: document.runs.some((run) => run.synthetic),
      markdown: renderMarkdown(document),
    };
  },
  summarise(output, cite) {
    const open = output.sections.filter((section) => section.todos.length > 0);
    return [
      `${output.title}${output.synthetic ? ' (synthetic data)' : ''}: ${cite('bound')} values bound to ${output.runs.map((run) => run.runId).join(', ')}, ${cite('todos')} left as TODO`,
      ...open.slice(0, 8).map(
        (section) =>
          `${section.title}: ${section.todos
            .map((todo) => `${todo.label} (${todo.owner})`)
            .slice(0, 4)
            .join(', ')}`,
      ),
      'Judgements (intended use, limitations, approval) are for people; no compliance is claimed.',
      `On the command line: tradewind docs write ${output.template} --run ${output.runs[0]?.runId} --out FILE.md, .html, .docx or .json`,
    ];
  },
  examples: [
    {
      ask: 'Write up the last model for audit',
      input: { template: 'sr26-2', runIds: ['run_0000000000000000'] },
      fixture: 'none',
      expect: { error: 'UNKNOWN_RUN' },
    },
    {
      ask: 'Write a thesis about my model',
      input: { template: 'thesis', runIds: ['run_0000000000000000'] },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Values are as recorded; a document does not compute. Windows come from the runs, never from file dates.',
  ],
  references: [
    'Mitchell et al. (2019), Model Cards for Model Reporting',
    'Gebru et al. (2021), Datasheets for Datasets',
    'Federal Reserve, SR 26-2 (2026-04-17), which replaced SR 11-7 (2011)',
  ],
  cost: 'instant',
});
