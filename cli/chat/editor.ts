/**
 * The input line as a value: text, cursor, history, search. Pure functions from state and key to state, so that every rule
 * (a paste never submits, East Asian characters are one step, Ctrl-C clears first) is tested without a terminal.
 */

export interface EditorState {
  readonly text: string;
  /** Position in UTF-16 units, always between grapheme clusters. */
  readonly cursor: number;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which history entry is shown; null for the line being written. */
  readonly historyAt: number | null;
  /** The line that was being written when history was opened. */
  readonly draft: string;
  readonly search: { readonly query: string; readonly at: number | null } | null;
}

/** A key as the terminal layer names it. `text` is what was typed; a paste is one key of type `paste`. */
export interface Key {
  readonly type:
    | 'text'
    | 'paste'
    | 'enter'
    | 'newline'
    | 'backspace'
    | 'delete'
    | 'left'
    | 'right'
    | 'up'
    | 'down'
    | 'home'
    | 'end'
    | 'word-left'
    | 'word-right'
    | 'delete-word'
    | 'delete-to-start'
    | 'delete-to-end'
    | 'search'
    | 'escape'
    | 'clear';
  readonly text?: string;
}

export interface EditorStep {
  readonly state: EditorState;
  /** What was submitted, on Enter. */
  readonly submitted?: string;
}

export const MAX_HISTORY = 1000;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function createEditor(history: readonly string[] = []): EditorState {
  return { text: '', cursor: 0, history, historyAt: null, draft: '', search: null };
}

function boundaries(text: string): readonly number[] {
  return [...[...segmenter.segment(text)].map((part) => part.index), text.length];
}

function before(text: string, cursor: number): number {
  return (
    boundaries(text)
      .filter((at) => at < cursor)
      .at(-1) ?? 0
  );
}

function after(text: string, cursor: number): number {
  return boundaries(text).find((at) => at > cursor) ?? text.length;
}

function wordStart(text: string, cursor: number): number {
  const head = text.slice(0, cursor);
  return cursor - (/(?:[^\s]+\s*|\s+)$/u.exec(head)?.[0].length ?? 0);
}

function wordEnd(text: string, cursor: number): number {
  return cursor + (/^(?:\s*[^\s]+|\s+)/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

function lineStart(text: string, cursor: number): number {
  return text.lastIndexOf('\n', cursor - 1) + 1;
}

function lineEnd(text: string, cursor: number): number {
  const at = text.indexOf('\n', cursor);
  return at < 0 ? text.length : at;
}

function edit(state: EditorState, text: string, cursor: number): EditorState {
  return { ...state, text, cursor, historyAt: null, search: null };
}

function insert(state: EditorState, added: string): EditorState {
  return edit(
    state,
    state.text.slice(0, state.cursor) + added + state.text.slice(state.cursor),
    state.cursor + added.length,
  );
}

function remove(state: EditorState, from: number, to: number): EditorState {
  return from === to ? state : edit(state, state.text.slice(0, from) + state.text.slice(to), from);
}

/** Line breaks become `\n`; everything else that could steer a terminal is dropped. */
export function cleanPaste(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

function showHistory(state: EditorState, at: number | null): EditorState {
  const text = at === null ? state.draft : (state.history[at] ?? '');
  return {
    ...state,
    text,
    cursor: text.length,
    historyAt: at,
    draft: state.historyAt === null ? state.text : state.draft,
  };
}

function olderInHistory(state: EditorState): EditorState {
  const at = state.historyAt === null ? state.history.length - 1 : state.historyAt - 1;
  return at < 0 ? state : showHistory(state, at);
}

function newerInHistory(state: EditorState): EditorState {
  if (state.historyAt === null) return state;
  const at = state.historyAt + 1;
  return showHistory(state, at >= state.history.length ? null : at);
}

/** Up and down move inside a text of several lines first, and into history at its ends. */
function vertical(state: EditorState, direction: -1 | 1): EditorState {
  const start = lineStart(state.text, state.cursor);
  const column = state.cursor - start;
  if (direction < 0) {
    if (start === 0) return olderInHistory(state);
    const previous = lineStart(state.text, start - 1);
    return { ...state, cursor: Math.min(previous + column, start - 1) };
  }
  const end = lineEnd(state.text, state.cursor);
  if (end === state.text.length) return newerInHistory(state);
  return { ...state, cursor: Math.min(end + 1 + column, lineEnd(state.text, end + 1)) };
}

function find(history: readonly string[], query: string, below: number): number | null {
  for (let i = below - 1; i >= 0; i--) if (history[i]?.toLowerCase().includes(query.toLowerCase())) return i;
  return null;
}

function searchStep(state: EditorState, key: Key): EditorState | null {
  const search = state.search;
  if (search === null) return null;
  const seek = (query: string, below: number): EditorState => {
    const at = query === '' ? null : find(state.history, query, below);
    const text = at === null ? state.text : (state.history[at] ?? '');
    return { ...state, text, cursor: text.length, search: { query, at: at ?? search.at } };
  };
  if (key.type === 'text') return seek(search.query + (key.text ?? ''), state.history.length);
  if (key.type === 'backspace')
    return seek(search.query.slice(0, before(search.query, search.query.length)), state.history.length);
  if (key.type === 'search') return seek(search.query, search.at ?? state.history.length);
  if (key.type === 'escape') return { ...state, text: state.draft, cursor: state.draft.length, search: null };
  return null;
}

function submit(state: EditorState): EditorStep {
  const text = state.text.trim();
  if (text === '') return { state: { ...createEditor(state.history) } };
  // A line that ends in a backslash goes on.
  if (state.text.endsWith('\\')) return { state: edit(state, `${state.text.slice(0, -1)}\n`, state.text.length) };
  const history = state.history.at(-1) === text ? state.history : [...state.history, text].slice(-MAX_HISTORY);
  return { state: createEditor(history), submitted: text };
}

/** One key. Enter submits; a paste never does, whatever it holds. */
export function pressKey(state: EditorState, key: Key): EditorStep {
  const searched = searchStep(state, key);
  if (searched !== null) return { state: searched };
  const { text, cursor } = state;
  switch (key.type) {
    case 'text':
      return { state: insert(state, (key.text ?? '').replace(/[\x00-\x1f\x7f]/g, '')) };
    case 'paste':
      return { state: insert(state, cleanPaste(key.text ?? '')) };
    case 'newline':
      return { state: insert(state, '\n') };
    case 'enter':
      return submit({ ...state, search: null });
    case 'backspace':
      return { state: remove(state, before(text, cursor), cursor) };
    case 'delete':
      return { state: remove(state, cursor, after(text, cursor)) };
    case 'left':
      return { state: { ...state, cursor: before(text, cursor), search: null } };
    case 'right':
      return { state: { ...state, cursor: after(text, cursor), search: null } };
    case 'home':
      return { state: { ...state, cursor: lineStart(text, cursor), search: null } };
    case 'end':
      return { state: { ...state, cursor: lineEnd(text, cursor), search: null } };
    case 'word-left':
      return { state: { ...state, cursor: wordStart(text, cursor), search: null } };
    case 'word-right':
      return { state: { ...state, cursor: wordEnd(text, cursor), search: null } };
    case 'delete-word':
      return { state: remove(state, wordStart(text, cursor), cursor) };
    case 'delete-to-start':
      return { state: remove(state, lineStart(text, cursor), cursor) };
    case 'delete-to-end':
      return { state: remove(state, cursor, lineEnd(text, cursor)) };
    case 'up':
      return { state: vertical({ ...state, search: null }, -1) };
    case 'down':
      return { state: vertical({ ...state, search: null }, 1) };
    case 'search':
      return { state: { ...state, draft: text, search: { query: '', at: null } } };
    case 'clear':
      return { state: createEditor(state.history) };
    case 'escape':
      return { state };
  }
}
