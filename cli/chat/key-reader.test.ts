import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyReader, type TerminalKey } from './key-reader.ts';

function read(...chunks: readonly string[]): readonly TerminalKey[] {
  const reader = createKeyReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

describe('createKeyReader', () => {
  it('tells text, Enter, control keys and arrows apart, also in one chunk', () => {
    expect(read('hi가\r')).toEqual([{ type: 'text', text: 'hi가' }, { type: 'enter' }]);
    expect(read('\x1b[A\x1bOB\x1b[1;5D\x7f\x12\x03')).toEqual([
      { type: 'up' },
      { type: 'down' },
      { type: 'word-left' },
      { type: 'backspace' },
      { type: 'search' },
      { type: 'interrupt' },
    ]);
    expect(read('\x1b\r\n\t')).toEqual([{ type: 'newline' }, { type: 'newline' }, { type: 'complete' }]);
  });

  it('makes one key of a bracketed paste, however it is cut into chunks', () => {
    const sent = 'a\x1b[200~line one\rline two\x1b[31m\r\x1b[201~\rb';
    const whole = read(sent);
    expect(whole).toEqual([
      { type: 'text', text: 'a' },
      { type: 'paste', text: 'line one\rline two\x1b[31m\r' },
      { type: 'enter' },
      { type: 'text', text: 'b' },
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: sent.length - 1 }), { maxLength: 8 }), (cuts) => {
        const points = [0, ...[...new Set(cuts)].sort((x, y) => x - y), sent.length];
        const keys = read(...points.slice(1).map((end, i) => sent.slice(points[i], end)));
        expect(keys).toEqual(whole);
      }),
    );
  });

  it('waits with a lone escape until it is told to give up', () => {
    const reader = createKeyReader();
    expect(reader.read('\x1b')).toEqual([]);
    expect(reader.pending).toBe(true);
    expect(reader.flush()).toEqual([{ type: 'escape' }]);
    expect(reader.pending).toBe(false);
    expect(reader.read('[A')).toEqual([{ type: 'text', text: '[A' }]);
  });

  it('drops sequences that it does not know, whole', () => {
    expect(read('\x1b[I\x1b[15~\x1b[?1;2cx')).toEqual([{ type: 'text', text: 'x' }]);
  });
});
