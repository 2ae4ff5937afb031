/** `docs templates | write | validate | diff`: model documents from recorded runs, as Markdown, HTML, DOCX or JSON. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { App } from '../../app/create-app.ts';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { invalidInput, notAvailable, TradewindError } from '../../lib/errors.ts';
import type { DocumentRecord } from '../../tools/docs/document/document-record.ts';
import type { ModelDocument } from '../../tools/docs/document/model-document.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface WriteOptions {
  readonly run: readonly string[];
  readonly out?: string;
  readonly from?: string;
}

export function registerDocsCommands(program: Command, context: CommandContext): void {
  const docs = program.command('docs').description('write, validate and compare model documents');
  docs
    .command('templates')
    .description('names of the templates')
    .action(async () => {
      const { templateNames } = await import('../../tools/docs/templates/index.ts');
      for (const name of templateNames) context.out(name === 'sr11-7' ? `${name} (alias of sr26-2)` : name);
    });
  docs
    .command('write <template>')
    .description('fill a template from recorded runs; an existing Markdown file keeps the text that people wrote')
    .requiredOption('--run <id...>', 'recorded runs, the model first')
    .option('--out <file>', '.md, .html, .docx or .json; without it Markdown goes to stdout')
    .option('--from <file>', 'earlier document whose human text is kept (default: the file of --out)')
    .action((template: string, options: WriteOptions) => writeDocument(context, template, options));
  docs
    .command('validate <file>')
    .description('check a Markdown, HTML or JSON document; exit status 2 where there is an error')
    .option('--json', 'as JSON')
    .option('--strict', 'warnings count as errors')
    .action((file: string, options: { json?: boolean; strict?: boolean }) => validateDocument(context, file, options));
  docs
    .command('diff <file> <other>')
    .description('what changed between two documents, field by field')
    .option('--json', 'as JSON')
    .action((file: string, other: string, options: { json?: boolean }) => diffFiles(context, file, other, options));
}

async function fullRunIds(app: App, ids: readonly string[]): Promise<string[]> {
  return Promise.all(
    ids.map(async (id) => {
      const wanted = id.startsWith('run_') ? id : `run_${id}`;
      const found = await app.runs.complete(wanted, 3);
      const exact = found.includes(wanted) ? wanted : found.length === 1 ? found[0] : undefined;
      if (exact !== undefined) return exact;
      throw notAvailable({
        code: 'UNKNOWN_RUN',
        message: `No run ${id} is recorded here.`,
        hint: 'See `tradewind runs list`.',
      });
    }),
  );
}

async function writeDocument(context: CommandContext, templateName: string, options: WriteOptions): Promise<void> {
  const { findTemplate, templateNames } = await import('../../tools/docs/templates/index.ts');
  const { loadRecords } = await import('../../tools/docs/document/load-records.ts');
  const { fillTemplate } = await import('../../tools/docs/document/fill-template.ts');
  const { parseMarkdown } = await import('../../tools/docs/document/parse-markdown.ts');
  const template = findTemplate(templateName);
  if (template === undefined) {
    throw invalidInput({ what: 'The template', needed: `one of ${templateNames.join(', ')}`, got: templateName });
  }
  const app = await context.openApp();
  const records = await loadRecords(await fullRunIds(app, options.run), app.runs);
  const earlier = options.from ?? options.out;
  const previous = earlier !== undefined && existsSync(earlier) ? await readMarkdown(earlier) : null;
  const document = fillTemplate(template, records, previous === null ? new Map() : parseMarkdown(previous).human);
  const bytes = await renderAs(document, records, options.out);
  if (options.out === undefined) return context.out(String(bytes));
  await writeFile(options.out, bytes);
  const fields = document.sections.flatMap((section) => section.fields);
  const todos = fields.filter((field) => field.content.kind === 'todo').length;
  context.err(`${options.out}: ${fields.length - todos} values bound, ${todos} left as TODO.`);
}

async function renderAs(
  document: ModelDocument,
  records: readonly DocumentRecord[],
  file: string | undefined,
): Promise<string | Uint8Array> {
  const kind = file === undefined ? '.md' : extname(file).toLowerCase();
  if (kind === '.md' || kind === '.markdown') {
    const { renderMarkdown } = await import('../../tools/docs/document/render-markdown.ts');
    return renderMarkdown(document);
  }
  if (kind === '.json') {
    const { renderMarkdown } = await import('../../tools/docs/document/render-markdown.ts');
    return `${JSON.stringify({ document, markdown: renderMarkdown(document) }, null, 2)}\n`;
  }
  if (kind === '.html' || kind === '.htm') {
    const { renderDocumentHtml } = await import('../render/document-html.ts');
    return renderDocumentHtml(document, await chartsOf(records));
  }
  if (kind === '.docx') {
    const { renderDocumentDocx } = await import('../render/document-docx.ts');
    return renderDocumentDocx(document, await chartsOf(records));
  }
  throw invalidInput({ what: 'The file of --out', needed: 'one that ends in .md, .html, .docx or .json', got: file });
}

/** The charts that each run's tool draws of its output. */
async function chartsOf(records: readonly DocumentRecord[]): Promise<readonly ChartSpec[]> {
  const { tools } = await import('../../tools/registry.ts');
  return records.flatMap((record): readonly ChartSpec[] => {
    const drawn = tools.find((tool) => tool.name === record.tool)?.chart?.(record.output as never) ?? null;
    if (drawn === null) return [];
    return Array.isArray(drawn) ? (drawn as readonly ChartSpec[]) : [drawn as ChartSpec];
  });
}

async function readMarkdown(file: string): Promise<string | null> {
  const kind = extname(file).toLowerCase();
  if (kind === '.docx') return null;
  if (!existsSync(file)) {
    throw notAvailable({
      code: 'NO_FILE',
      message: `There is no file ${file}.`,
      hint: 'Give the path of a document that `docs write` made.',
    });
  }
  const text = await readFile(file, 'utf8');
  if (kind === '.html' || kind === '.htm') {
    const { markdownInHtml } = await import('../render/document-html.ts');
    return markdownInHtml(text) ?? '';
  }
  if (kind !== '.json') return text;
  try {
    const { markdown } = JSON.parse(text) as { markdown?: unknown };
    return typeof markdown === 'string' ? markdown : '';
  } catch {
    return '';
  }
}

async function readDocument(file: string): Promise<string> {
  const markdown = await readMarkdown(file);
  if (markdown !== null) return markdown;
  throw new TradewindError({
    code: 'UNSUPPORTED_FORMAT',
    kind: 'input',
    message: `${file} is a DOCX file, which is written but not read back.`,
    hint: 'Validate the Markdown, HTML or JSON form of the document.',
  });
}

async function validateDocument(
  context: CommandContext,
  file: string,
  options: { json?: boolean; strict?: boolean },
): Promise<void> {
  const document = await readDocument(file);
  const app = await context.openApp();
  const envelope = await app.runner.run(
    'validate_model_document',
    { document: document === '' ? ' ' : document },
    { asOf: app.asOf, signal: context.signal },
  );
  if (!envelope.ok) throw new TradewindError({ ...envelope.error });
  const output = envelope.output as {
    readonly errors: number;
    readonly warnings: number;
    readonly checkedValues: number;
    readonly issues: readonly {
      readonly code: string;
      readonly severity: string;
      readonly line: number;
      readonly message: string;
    }[];
  };
  if (options.json) context.out(JSON.stringify(output, null, 2));
  else {
    for (const issue of output.issues)
      context.out(`${file}:${issue.line}  ${issue.severity}  ${issue.code}  ${issue.message}`);
    context.out(
      `${output.errors} errors, ${output.warnings} warnings, ${output.checkedValues} values compared with their runs.`,
    );
  }
  if (output.errors > 0 || (options.strict && output.warnings > 0)) context.exit(exitCodes.badInput);
}

async function diffFiles(
  context: CommandContext,
  file: string,
  other: string,
  options: { json?: boolean },
): Promise<void> {
  const { diffDocuments } = await import('../../tools/docs/document/diff-documents.ts');
  const changes = diffDocuments(await readDocument(file), await readDocument(other));
  if (options.json) return context.out(JSON.stringify(changes, null, 2));
  for (const change of changes) {
    if (change.before !== null) context.out(`- ${change.section} / ${change.label}: ${change.before}`);
    if (change.after !== null) context.out(`+ ${change.section} / ${change.label}: ${change.after}`);
  }
  if (changes.length === 0) context.out('No difference.');
}
