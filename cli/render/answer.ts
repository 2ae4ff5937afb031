/** An answer for a person: the text, its charts, and under it where every number comes from. */
import type { Answer } from '../../graph/events.ts';
import { renderTerminal } from '../../lib/charts/terminal/render-terminal.ts';
import { renderMarkdown } from './markdown.ts';
import { createStyle } from './style.ts';
import type { TerminalTraits } from './terminal.ts';

export interface AnswerOptions extends TerminalTraits {
  /** How many charts at most; the rest are one command away. */
  readonly charts: number;
  /** Every number with its handle and path, not only the runs. */
  readonly evidence: boolean;
}

const MAX_CHART_WIDTH = 110;

/** One line a run: handle, tool, as-of day, source, and the id that `runs show` opens. */
export function evidenceLines(answer: Answer): readonly string[] {
  return answer.results.map((row) => {
    const id = row.runId === null ? '' : ` · ${row.runId}`;
    return `${row.handle} ${row.tool} · as of ${row.asOf}${row.source === '' ? '' : ` · ${row.source}`}${row.synthetic ? ' · SYNTHETIC' : ''}${id}`;
  });
}

function numberLines(answer: Answer): readonly string[] {
  return answer.evidence.map(
    (row) => `  ${row.formatted}  ${row.handle}.${row.path}${row.matched ? ' (matched)' : ''}`,
  );
}

export function renderAnswer(answer: Answer, options: AnswerOptions): string {
  const style = createStyle(options.colour);
  const parts = [renderMarkdown(answer.text, options)];
  for (const chart of answer.charts.slice(0, options.charts)) {
    const width = Math.min(options.width, MAX_CHART_WIDTH);
    parts.push(renderTerminal(chart, { width, colour: options.colour, unicode: options.unicode }).join('\n'));
  }
  const hidden = answer.charts.slice(options.charts);
  if (options.charts > 0 && hidden.length > 0)
    parts.push(style.dim(`More with /chart: ${hidden.map((chart) => chart.title).join('; ')}`));
  const notes: string[] = [];
  for (const failure of answer.failures)
    notes.push(style.yellow(`${failure.part}: ${failure.message}${failure.hint === '' ? '' : ` ${failure.hint}`}`));
  if (answer.unverified > 0)
    notes.push(
      style.yellow(
        `${answer.unverified} number${answer.unverified === 1 ? '' : 's'} above could not be traced to a run and ${answer.unverified === 1 ? 'is' : 'are'} marked.`,
      ),
    );
  if (notes.length > 0) parts.push(notes.join('\n'));
  const evidence = evidenceLines(answer);
  if (evidence.length > 0) {
    const how = answer.results.some((row) => row.runId !== null) ? ['Open with: runs show ID'] : [];
    parts.push(
      style.dim(
        [
          'Evidence',
          ...evidence.map((line) => `  ${line}`),
          ...(options.evidence ? numberLines(answer) : []),
          ...how.map((line) => `  ${line}`),
        ].join('\n'),
      ),
    );
  }
  return parts.join('\n\n');
}
