/** A model document as one HTML file: no script, no outside reference; charts as SVG, the Markdown source inside for checks. */
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { renderSvg } from '../../lib/charts/render-svg.ts';
import type { DocumentField, ModelDocument } from '../../tools/docs/document/model-document.ts';
import { renderMarkdown } from '../../tools/docs/document/render-markdown.ts';

const STYLE = `body{font:16px/1.55 system-ui,sans-serif;max-width:58rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1,h2{line-height:1.25}h2{border-bottom:1px solid #d8dee4;padding-bottom:.2rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #eaeef2;padding:.3rem .5rem;vertical-align:top}
td:first-child{width:38%;color:#57606a}.todo{background:#fff3cd}.bind{color:#8c959f;font-size:.78em;overflow-wrap:anywhere}
.synthetic{background:#fbe9e7;padding:.5rem .8rem;border-left:4px solid #b3402a}figure{margin:1.2rem 0}svg{max-width:100%;height:auto}
@media print{body{margin:0}.bind{display:none}}`;

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function renderDocumentHtml(document: ModelDocument, charts: readonly ChartSpec[]): string {
  const synthetic = document.runs.some((run) => run.synthetic);
  const figures = charts.map(
    (chart) =>
      `<figure aria-label="${escapeHtml(chart.title)}">${renderSvg(chart, { width: 900, height: 420 })}</figure>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(document.title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(document.title)}</h1>
${synthetic ? '<p class="synthetic">Made from synthetic (DEMO) data. Nothing here is evidence about a real market.</p>' : ''}
<p>Runs: ${document.runs.map((run) => `<code>${run.runId}</code> (${escapeHtml(run.tool)}, as of ${run.asOf})`).join(', ')}</p>
${document.sections.map(renderSection).join('\n')}
${figures.length > 0 ? `<h2>Charts</h2>\n${figures.join('\n')}` : ''}
<template id="tradewind-source">${escapeHtml(renderMarkdown(document))}</template>
</body></html>
`;
}

function renderSection(section: ModelDocument['sections'][number]): string {
  const rows = section.fields.map(renderField).join('\n');
  const human =
    section.human === ''
      ? ''
      : `<div class="human">${section.human
          .split(/\n{2,}/)
          .map((part) => `<p>${escapeHtml(part)}</p>`)
          .join('')}</div>`;
  return `<section id="${section.id}"><h2>${escapeHtml(section.title)}</h2>
${section.notes.map((note) => `<p>${escapeHtml(note)}</p>`).join('')}
${rows === '' ? '' : `<table>${rows}</table>`}${human}</section>`;
}

function renderField({ label, content }: DocumentField): string {
  const cell =
    content.kind === 'todo'
      ? `<span class="todo">TODO(${escapeHtml(content.owner)}: ${escapeHtml(content.why)})</span>`
      : `${escapeHtml(content.text)} <span class="bind">${content.runId} ${escapeHtml(content.pointer)}</span>`;
  return `<tr><td>${escapeHtml(label)}</td><td>${cell}</td></tr>`;
}

/** The Markdown inside an HTML document, null where there is none. */
export function markdownInHtml(html: string): string | null {
  const match = /<template id="tradewind-source">([\s\S]*?)<\/template>/.exec(html);
  if (!match) return null;
  return (match[1] as string)
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
