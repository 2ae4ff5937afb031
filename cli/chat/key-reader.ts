/**
 * Bytes of a raw terminal to keys. A bracketed paste is one key however many chunks it comes in; an escape that nothing
 * follows is the Escape key once `flush` is called.
 */
import type { Key } from './editor.ts';

/** Keys that belong to the chat and not to the line. */
export type ControlKey = { readonly type: 'interrupt' | 'end-of-input' | 'complete' | 'redraw' };

export type TerminalKey = Key | ControlKey;

export interface KeyReader {
  read(chunk: string): readonly TerminalKey[];
  /** True while an escape waits to be told from the beginning of a sequence. */
  readonly pending: boolean;
  flush(): readonly TerminalKey[];
}

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

const controls: Readonly<Record<string, TerminalKey>> = {
  '\r': { type: 'enter' },
  '\n': { type: 'newline' },
  '\t': { type: 'complete' },
  '\x7f': { type: 'backspace' },
  '\x08': { type: 'backspace' },
  '\x01': { type: 'home' },
  '\x02': { type: 'left' },
  '\x03': { type: 'interrupt' },
  '\x04': { type: 'end-of-input' },
  '\x05': { type: 'end' },
  '\x06': { type: 'right' },
  '\x0b': { type: 'delete-to-end' },
  '\x0c': { type: 'redraw' },
  '\x0e': { type: 'down' },
  '\x10': { type: 'up' },
  '\x12': { type: 'search' },
  '\x15': { type: 'delete-to-start' },
  '\x17': { type: 'delete-word' },
};

/** By what follows the escape. */
const sequences: Readonly<Record<string, TerminalKey>> = {
  '[A': { type: 'up' },
  OA: { type: 'up' },
  '[B': { type: 'down' },
  OB: { type: 'down' },
  '[C': { type: 'right' },
  OC: { type: 'right' },
  '[D': { type: 'left' },
  OD: { type: 'left' },
  '[H': { type: 'home' },
  OH: { type: 'home' },
  '[1~': { type: 'home' },
  '[7~': { type: 'home' },
  '[F': { type: 'end' },
  OF: { type: 'end' },
  '[4~': { type: 'end' },
  '[8~': { type: 'end' },
  '[3~': { type: 'delete' },
  '[1;5D': { type: 'word-left' },
  '[1;3D': { type: 'word-left' },
  b: { type: 'word-left' },
  '[1;5C': { type: 'word-right' },
  '[1;3C': { type: 'word-right' },
  f: { type: 'word-right' },
  '\x7f': { type: 'delete-word' },
  '\r': { type: 'newline' },
  '\n': { type: 'newline' },
};

export function createKeyReader(): KeyReader {
  let buffer = '';
  let paste: string | null = null;

  const takePaste = (keys: TerminalKey[]): void => {
    const end = buffer.indexOf(PASTE_END);
    if (end < 0) {
      // The end mark itself may be split over two chunks.
      const keep = Math.max(0, buffer.length - PASTE_END.length + 1);
      paste += buffer.slice(0, keep);
      buffer = buffer.slice(keep);
      return;
    }
    keys.push({ type: 'paste', text: paste + buffer.slice(0, end) });
    paste = null;
    buffer = buffer.slice(end + PASTE_END.length);
  };

  /** Takes one escape sequence; false where more bytes are needed. */
  const takeEscape = (keys: TerminalKey[]): boolean => {
    if (buffer.startsWith(PASTE_START)) {
      buffer = buffer.slice(PASTE_START.length);
      paste = '';
      return true;
    }
    const match = /^\x1b(\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|[^[O])/s.exec(buffer);
    if (match === null) return false;
    buffer = buffer.slice(match[0].length);
    const key = sequences[match[1] ?? ''];
    // Sequences without a meaning here (focus, function keys) are dropped whole.
    if (key !== undefined) keys.push(key);
    return true;
  };

  const read = (chunk: string): readonly TerminalKey[] => {
    buffer += chunk;
    const keys: TerminalKey[] = [];
    while (buffer !== '') {
      if (paste !== null) {
        takePaste(keys);
        if (paste !== null) break;
      } else if (buffer[0] === '\x1b') {
        if (!takeEscape(keys)) break;
      } else {
        const plain = /^[^\x00-\x1f\x7f]+/.exec(buffer)?.[0];
        const taken = plain ?? (buffer[0] as string);
        buffer = buffer.slice(taken.length);
        if (plain !== undefined) keys.push({ type: 'text', text: plain });
        else if (controls[taken] !== undefined) keys.push(controls[taken]);
      }
    }
    return keys;
  };

  return {
    read,
    get pending() {
      return paste === null && buffer.startsWith('\x1b');
    },
    flush() {
      if (paste !== null || buffer === '') return [];
      const rest = buffer.slice(1);
      buffer = '';
      return [{ type: 'escape' }, ...read(rest.replace(/^[[O]/, ''))];
    },
  };
}
