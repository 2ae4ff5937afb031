/** The part of the screen that moves: what is being written, running tools, the queue, the line being typed, the status. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Style } from '../render/style.ts';
import type { TerminalTraits } from '../render/terminal.ts';
import type { EditorState } from './editor.ts';
import type { LiveRegion } from './screen.ts';

export interface ToolRow {
  readonly tool: string;
  readonly startedMs: number;
  fraction: number | null;
  note: string;
}

export interface LiveState {
  readonly editor: EditorState;
  readonly rows: readonly ToolRow[];
  /** Text of the answer so far. */
  readonly streaming: string;
  readonly busy: boolean;
  readonly queue: readonly string[];
  readonly notice: string;
  readonly candidates: readonly string[];
  readonly status: string;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR = 14;

/** Text cut to a width, by what the terminal shows. */
function clip(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let out = '';
  for (const char of text) {
    if (stringWidth(out + char) > width - 1) break;
    out += char;
  }
  return `${out}…`;
}

function toolLine(row: ToolRow, now: number, traits: TerminalTraits): string {
  const seconds = ((now - row.startedMs) / 1000).toFixed(1);
  const spin = traits.accessible || !traits.unicode ? '*' : (FRAMES[Math.floor(now / 100) % FRAMES.length] ?? '*');
  if (row.fraction === null) return `${spin} ${row.tool} ${seconds} s`;
  const done = Math.max(0, Math.min(BAR, Math.round(row.fraction * BAR)));
  const [full, empty] = traits.unicode ? ['█', '░'] : ['#', '.'];
  return `${spin} ${row.tool} ${full?.repeat(done)}${empty?.repeat(BAR - done)} ${Math.round(row.fraction * 100)}% ${row.note} ${seconds} s`;
}

/** Rows of the text being typed, each with the offset at which it begins. */
export function layoutEditor(text: string, width: number): readonly { readonly text: string; readonly from: number }[] {
  const rows: { text: string; from: number }[] = [];
  let from = 0;
  let line = '';
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  for (const { segment, index } of segments) {
    if (segment === '\n') {
      rows.push({ text: line, from });
      line = '';
      from = index + 1;
    } else if (stringWidth(line + segment) > width) {
      rows.push({ text: line, from });
      line = segment;
      from = index;
    } else line += segment;
  }
  rows.push({ text: line, from });
  return rows;
}

export function composeRegion(
  state: LiveState,
  now: number,
  traits: TerminalTraits,
  style: Style,
  screenRows: number,
): LiveRegion {
  const width = traits.width - 1;
  const lines: string[] = [];
  if (state.streaming !== '') {
    const wrapped = wrapAnsi(state.streaming, width, { hard: true }).split('\n');
    lines.push(...wrapped.slice(-Math.max(3, Math.floor(screenRows / 2))), '');
  }
  for (const row of state.rows) lines.push(style.dim(clip(toolLine(row, now, traits), width)));
  if (state.busy && state.rows.length === 0 && state.streaming === '')
    lines.push(
      style.dim(traits.accessible ? 'working' : `${FRAMES[Math.floor(now / 100) % FRAMES.length] ?? '*'} thinking`),
    );
  for (const text of state.queue) lines.push(style.dim(clip(`queued: ${text.replaceAll('\n', ' ')}`, width)));
  if (state.candidates.length > 0) lines.push(style.dim(clip(state.candidates.join('  '), width)));
  const { search } = state.editor;
  const mark = search === null ? '› ' : clip(`(search: ${search.query}) › `, Math.floor(width / 2));
  const indent = stringWidth(mark);
  const rows = layoutEditor(state.editor.text, Math.max(4, width - indent - 1));
  const at = rows.reduce((best, row, i) => (row.from <= state.editor.cursor ? i : best), 0);
  const current = rows[at];
  const column =
    indent + stringWidth(state.editor.text.slice(current?.from ?? 0, state.editor.cursor).replaceAll('\n', ''));
  const first = lines.length;
  for (const [i, row] of rows.entries()) lines.push(`${i === 0 ? style.cyan(mark) : ' '.repeat(indent)}${row.text}`);
  lines.push(style.dim(clip(state.notice === '' ? state.status : state.notice, width)));
  return { lines, cursor: { row: first + at, column: Math.min(column, width) } };
}
