/** Eval results as one HTML file without scripts or links: verdicts, transcript, tool calls and the evidence of every number. */
import type { Comparison } from './baseline.ts';
import { type Confusion, printConfusion } from './confusion.ts';
import { pairedVerdict, passRate, trialSummary } from './report.ts';
import type { CaseResult, TurnResult } from './run.ts';

export interface HtmlReportParts {
  readonly model: string;
  readonly results: readonly CaseResult[];
  readonly comparison: Comparison;
  readonly confusion: Confusion;
  readonly trials: number;
  /** Cassettes test our code; they say nothing about a model. */
  readonly replay?: boolean;
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
pre{white-space:pre-wrap;background:#f5f5f5;padding:.6rem;overflow-wrap:anywhere}details{border-left:4px solid #999;padding:.2rem .7rem;margin:.4rem 0}
summary{cursor:pointer}.pass{border-color:#18794e}.fail{border-color:#c62a2f}.error{border-color:#b26a00}.tag{font-size:.8em;padding:0 .4em;border:1px solid;border-radius:.3em;margin-left:.4em}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}pre{background:#222}td,th{border-color:#444}}`;

function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char] ?? char,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const row = (cells: readonly string[], tag: 'td' | 'th') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;
}

function turnHtml({ transcript, verdicts }: TurnResult): string {
  return [
    `<p><strong>${escapeHtml(transcript.ask)}</strong></p><pre>${escapeHtml(transcript.text)}</pre>`,
    `<p>Mode ${escapeHtml(transcript.mode)}; ${escapeHtml(transcript.personas.join(', ') || 'no persona')}; ${(transcript.durationMs / 1000).toFixed(1)} s${transcript.fault === null ? '' : `; fault: ${escapeHtml(transcript.fault)}`}</p>`,
    table(
      ['', 'Grader', 'Why'],
      verdicts.map(({ grader, pass, explanation }) => [pass ? '✓' : '✗', grader, pass ? '' : explanation]),
    ),
    table(
      ['Tool', 'Input', 'Result', 'Data'],
      transcript.calls.map((call) => [
        call.tool,
        JSON.stringify(call.input),
        call.ok ? (call.runId ?? 'ok') : (call.errorCode ?? 'error'),
        call.data.map((entry) => `${entry.symbols.join(' ')} ${entry.from} to ${entry.to}`).join('; '),
      ]),
    ),
    table(
      ['Printed', 'Value', 'Unit', 'From', 'Run'],
      transcript.numbers.map((one) => [
        one.formatted,
        String(one.value),
        one.unit ?? '',
        `${one.tool} ${one.path}`,
        one.runId,
      ]),
    ),
    transcript.unverified > 0 ? `<p>${transcript.unverified} numbers have no source.</p>` : '',
  ].join('\n');
}

function caseHtml(result: CaseResult, { regressions, improvements, added }: Comparison): string {
  const tags = [
    regressions.includes(result.id) ? 'regression' : '',
    improvements.includes(result.id) ? 'improvement' : '',
    added.includes(result.id) ? 'not in the baseline' : '',
    result.severity,
    result.trials !== undefined && result.trials.total > 1 ? `${result.trials.passed} of ${result.trials.total}` : '',
  ].filter(Boolean);
  return `<details class="${result.status}"><summary>${result.status === 'pass' ? '✓' : '✗'} ${escapeHtml(result.id)} <em>${escapeHtml(result.category)}</em>${tags.map((tag) => `<span class="tag">${escapeHtml(tag)}</span>`).join('')}</summary>${result.turns.map(turnHtml).join('<hr>')}</details>`;
}

/** Regressions first, then other failures, then passes. */
export function htmlReport({ model, results, comparison, confusion, trials, replay }: HtmlReportParts): string {
  const rank = (result: CaseResult) =>
    comparison.regressions.includes(result.id) ? 0 : result.status === 'pass' ? 2 : 1;
  const categories = [...new Set(results.map(({ category }) => category))];
  const compared = results.length - comparison.added.length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Tradewind evals: ${escapeHtml(model)}</title><style>${style}</style></head><body>
<h1>Evals: ${escapeHtml(model)}</h1>
${replay ? '<p><strong>Replay: this tests our code, not the quality of a model.</strong></p>' : ''}
<p>${escapeHtml(passRate(results).trim())}; ${results.filter(({ status }) => status === 'error').length} faults of the infrastructure. ${escapeHtml(trialSummary(results, trials))} ${escapeHtml(pairedVerdict(comparison, compared))}</p>
${table(
  ['Category', 'Passed'],
  categories.map((category) => [category, passRate(results.filter((result) => result.category === category)).trim()]),
)}
<pre>${escapeHtml(printConfusion(confusion))}</pre>
<h2>Cases</h2>
${[...results]
  .sort((a, b) => rank(a) - rank(b))
  .map((result) => caseHtml(result, comparison))
  .join('\n')}
</body></html>
`;
}
