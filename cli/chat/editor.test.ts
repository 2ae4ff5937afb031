import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPaste, createEditor, type EditorState, type Key, pressKey } from './editor.ts';

function type(state: EditorState, ...keys: readonly (Key | string)[]): EditorState {
  return keys.reduce<EditorState>(
    (now, key) => pressKey(now, typeof key === 'string' ? { type: 'text', text: key } : key).state,
    state,
  );
}

const key = (name: Key['type'], text?: string): Key => (text === undefined ? { type: name } : { type: name, text });

describe('editor', () => {
  it('inserts, moves and deletes by what a person sees as one character', () => {
    const family = '👨‍👩‍👧';
    const state = type(createEditor(), `가${family}b`, key('left'), key('left'));
    expect(state.cursor).toBe(1);
    expect(type(state, key('delete')).text).toBe('가b');
    expect(type(state, key('backspace')).text).toBe(`${family}b`);
  });

  it('moves and deletes by words and lines', () => {
    const state = type(createEditor(), 'fit a model', key('word-left'));
    expect(state.cursor).toBe(6);
    expect(type(state, key('delete-word')).text).toBe('fit model');
    expect(type(state, key('delete-to-end')).text).toBe('fit a ');
    expect(type(state, key('delete-to-start')).text).toBe('model');
    expect(type(state, key('home')).cursor).toBe(0);
    expect(type(state, key('home'), key('word-right')).cursor).toBe(3);
  });

  it('submits on Enter, remembers it once, and ignores an empty line', () => {
    const state = type(createEditor(), ' hello ');
    const step = pressKey(state, key('enter'));
    expect(step.submitted).toBe('hello');
    expect(step.state).toMatchObject({ text: '', history: ['hello'] });
    const again = pressKey(type(step.state, 'hello'), key('enter'));
    expect(again.state.history).toEqual(['hello']);
    expect(pressKey(createEditor(), key('enter')).submitted).toBeUndefined();
  });

  it('goes on after a backslash, and by the newline key', () => {
    const step = pressKey(type(createEditor(), 'one\\'), key('enter'));
    expect(step.submitted).toBeUndefined();
    expect(step.state.text).toBe('one\n');
    expect(type(createEditor(), 'a', key('newline'), 'b').text).toBe('a\nb');
  });

  it('never submits on a paste, whatever it holds, and drops what could steer the terminal', () => {
    const step = pressKey(createEditor(), key('paste', 'y\r\n/approve\r\x1b[2Jrm\x07'));
    expect(step.submitted).toBeUndefined();
    expect(step.state.text).toBe('y\n/approve\nrm');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pasted = pressKey(createEditor(), key('paste', text));
        expect(pasted.submitted).toBeUndefined();
        expect(pasted.state.text).toBe(cleanPaste(text));
        expect(pasted.state.text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
      }),
    );
  });

  it('walks through history and back to the line being written', () => {
    const state = type(createEditor(['one', 'two']), 'dra', key('up'));
    expect(state.text).toBe('two');
    expect(type(state, key('up')).text).toBe('one');
    expect(type(state, key('up'), key('up')).text).toBe('one');
    expect(type(state, key('down')).text).toBe('dra');
  });

  it('moves between lines before it opens history', () => {
    const state = type(createEditor(['old']), 'ab', key('newline'), 'cd', key('up'));
    expect(state).toMatchObject({ text: 'ab\ncd', cursor: 2 });
    expect(type(state, key('up')).text).toBe('old');
  });

  it('searches backwards with repeats, and Escape brings the draft back', () => {
    const history = ['fit SPX', 'pair KO PEP', 'fit AAPL'];
    const state = type(createEditor(history), 'draft', key('search'), 'fit');
    expect(state.text).toBe('fit AAPL');
    expect(type(state, key('search')).text).toBe('fit SPX');
    expect(type(state, key('escape')).text).toBe('draft');
    expect(pressKey(type(state, key('search')), key('enter')).submitted).toBe('fit SPX');
  });

  it('keeps the cursor between whole characters, whatever is pressed', () => {
    const names: readonly Key['type'][] = [
      'backspace',
      'delete',
      'left',
      'right',
      'up',
      'down',
      'home',
      'end',
      'word-left',
      'word-right',
      'delete-word',
      'delete-to-start',
      'delete-to-end',
      'newline',
      'search',
      'escape',
    ];
    const anyKey = fc.oneof(
      fc.constantFrom(...names).map((name) => key(name)),
      fc.constantFrom('a', '가', '👨‍👩‍👧', 'é', ' ').map((text) => key('text', text)),
    );
    fc.assert(
      fc.property(fc.array(anyKey, { maxLength: 40 }), (keys) => {
        const state = type(createEditor(['earlier 가나 line']), ...keys);
        expect(state.cursor).toBeGreaterThanOrEqual(0);
        expect(state.cursor).toBeLessThanOrEqual(state.text.length);
        const segments = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(state.text)].map(
          (part) => part.index,
        );
        expect([...segments, state.text.length]).toContain(state.cursor);
      }),
    );
  });
});
