/**
 * A document as Markdown. Each bound value carries its run, pointer and raw value in a comment behind it, so that a later
 * check finds numbers that no longer match; human text stands between markers that regeneration keeps.
 */
import type { DocumentField, DocumentSection, ModelDocument } from './model-document.ts';

export function renderMarkdown(document: ModelDocument): string {
  const header = JSON.stringify({ template: document.template, runs: document.runs.map((run) => run.runId) });
  const synthetic = document.runs.some((run) => run.synthetic);
  return [
    ...(document.frontMatter === null ? [] : ['---', document.frontMatter, '---', '']),
    `# ${document.title}`,
    '',
    `<!-- tradewind-document ${header} -->`,
    ...(synthetic ? ['', '**Made from synthetic (DEMO) data.** Nothing here is evidence about a real market.'] : []),
    '',
    `Runs: ${document.runs.map((run) => `\`${run.runId}\` (${run.tool}, as of ${run.asOf})`).join(', ')}`,
    ...document.sections.flatMap(renderSection),
    '',
  ].join('\n');
}

function renderSection(section: DocumentSection): string[] {
  return [
    '',
    `## ${section.title}`,
    `<!-- section ${section.id} -->`,
    '',
    ...section.notes.flatMap((note) => [note, '']),
    ...section.fields.map(renderField),
    '',
    `<!-- human ${section.id} -->`,
    ...(section.human === '' ? [] : [section.human]),
    `<!-- /human ${section.id} -->`,
  ];
}

export function renderField(field: DocumentField): string {
  const { label, content } = field;
  if (content.kind === 'todo') return `- **${label}:** TODO(${content.owner}: ${content.why})`;
  return `- **${label}:** ${content.text} <!-- bind ${content.runId} ${content.pointer} ${encodeRaw(content.raw)} -->`;
}

/** JSON without the two dashes that would end the comment. */
function encodeRaw(raw: string | number | boolean): string {
  return JSON.stringify(raw).replaceAll('--', '-\\u002d');
}
