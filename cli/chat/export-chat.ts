/** `/export`: the conversation as Markdown, self-contained HTML or JSON, with the evidence of every number. */
import { writeFileSync } from 'node:fs';
import { parse } from 'marked';
import type { Answer } from '../../graph/events.ts';
import { invalidInput } from '../../lib/errors.ts';
import { evidenceLines } from '../render/answer.ts';

export interface Conversation {
  readonly session: string;
  readonly asOf: string;
  readonly turns: readonly { readonly question: string; readonly answer: Answer }[];
}

function toMarkdown(chat: Conversation): string {
  const turns = chat.turns.map(({ question, answer }) => {
    const numbers = answer.evidence.map(
      (row) =>
        `| ${row.formatted} | \`${row.handle}.${row.path}\` | ${row.value} | ${row.unit ?? ''} | ${row.tool} | ${row.runId} | ${row.asOf} |`,
    );
    const table =
      numbers.length === 0
        ? []
        : ['', '| printed | handle | value | unit | tool | run | as of |', '|---|---|---|---|---|---|---|', ...numbers];
    return [
      `## ${question.replace(/\s+/g, ' ')}`,
      '',
      answer.text,
      ...table,
      '',
      ...evidenceLines(answer).map((line) => `- ${line}`),
    ].join('\n');
  });
  return `# Tradewind, session ${chat.session}, as of ${chat.asOf}\n\n${turns.join('\n\n')}\n`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);
}

async function toHtml(chat: Conversation): Promise<string> {
  const { renderSvg } = await import('../../lib/charts/render-svg.ts');
  const turns = chat.turns.map((turn) => {
    // Text may hold words of outside origin: tags in it are shown, never run.
    const body = parse(escapeHtml(toMarkdown({ ...chat, turns: [turn] }).replace(/^# .*\n\n/, '')), { async: false });
    return body + turn.answer.charts.map((chart) => renderSvg(chart, { width: 860, height: 420 })).join('\n');
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tradewind ${escapeHtml(chat.session)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}table{border-collapse:collapse;font-size:.85em;display:block;overflow-x:auto}td,th{border:1px solid #d0d7de;padding:.25em .6em;text-align:left}code{background:#f6f8fa;padding:0 .2em}svg{max-width:100%;height:auto}</style>
<h1>Tradewind, session ${escapeHtml(chat.session)}, as of ${escapeHtml(chat.asOf)}</h1>${turns.join('\n<hr>\n')}</html>\n`;
}

/** Writes the file and returns its name. */
export async function exportChat(chat: Conversation, format: string, file: string | undefined): Promise<string> {
  if (format !== 'md' && format !== 'html' && format !== 'json')
    throw invalidInput({ what: '/export', needed: 'md, html or json', got: format });
  const target = file ?? `tradewind-${chat.session}.${format}`;
  const content =
    format === 'json' ? `${JSON.stringify(chat, null, 2)}\n` : format === 'md' ? toMarkdown(chat) : await toHtml(chat);
  writeFileSync(target, content);
  return target;
}
