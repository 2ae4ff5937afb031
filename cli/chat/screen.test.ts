/** The screen against a real terminal emulator: what is drawn is what stands there. */
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { createStyle } from '../render/style.ts';
import { createEditor, type EditorState, pressKey } from './editor.ts';
import { composeRegion, type LiveState, layoutEditor } from './live-region.ts';
import { createScreen } from './screen.ts';

function createTerminal(columns: number, rows: number) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 20_000 });
  const pending: string[] = [];
  const screen = createScreen({ write: (text) => void pending.push(text), columns, rows });
  return {
    screen,
    async lines(): Promise<readonly string[]> {
      await new Promise<void>((resolve) => terminal.write(pending.splice(0).join(''), resolve));
      const buffer = terminal.buffer.active;
      return Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true) ?? '');
    },
    async cursor(): Promise<readonly [number, number]> {
      await this.lines();
      return [terminal.buffer.active.cursorX, terminal.buffer.active.cursorY + terminal.buffer.active.baseY];
    },
    bytes: () => pending.join('').length,
  };
}

const traits = { colour: false, unicode: true, width: 60, accessible: false };
const style = createStyle(false);

function typed(text: string): EditorState {
  return pressKey(createEditor(), { type: 'text', text }).state;
}

function region(change: Partial<LiveState> = {}, screenRows = 20, width = 60) {
  const state: LiveState = {
    editor: createEditor(),
    rows: [],
    streaming: '',
    busy: false,
    queue: [],
    notice: '',
    candidates: [],
    status: 'status',
    ...change,
  };
  return composeRegion(state, 1000, { ...traits, width }, style, screenRows);
}

describe('createScreen', () => {
  it('appends history above and redraws only the live region', async () => {
    const { screen, lines } = createTerminal(60, 20);
    screen.show(region());
    screen.print('first answer\nsecond line');
    screen.show(region({ editor: typed('hello') }));
    screen.print('another');
    expect((await lines()).filter(Boolean)).toEqual(['first answer', 'second line', 'another', '› hello', 'status']);
  });

  it('writes nothing where nothing changed', () => {
    const { screen, bytes } = createTerminal(60, 20);
    screen.show(region());
    const before = bytes();
    screen.show(region());
    expect(bytes()).toBe(before);
  });

  it('keeps history whole while the region grows past the screen and shrinks again', async () => {
    const { screen, lines } = createTerminal(60, 8);
    for (let i = 0; i < 5; i++) screen.print(`history ${i}`);
    screen.show(region({ streaming: Array.from({ length: 40 }, (_, i) => `stream ${i}`).join('\n') }, 8));
    screen.show(region({}, 8));
    screen.print('answer');
    const shown = (await lines()).filter(Boolean);
    for (let i = 0; i < 5; i++) expect(shown).toContain(`history ${i}`);
    expect(shown.slice(-3)).toEqual(['answer', '› ', 'status']);
    expect(shown.filter((line) => line === 'answer')).toHaveLength(1);
  });

  it('puts the cursor where the next character goes, East Asian width counted', async () => {
    const terminal = createTerminal(60, 20);
    terminal.screen.show(region({ editor: typed('지금 AB') }));
    expect(await terminal.cursor()).toEqual([2 + 4 + 3, 0]);
    const moved = pressKey(typed('지금 AB'), { type: 'home' }).state;
    terminal.screen.show(region({ editor: moved }));
    expect(await terminal.cursor()).toEqual([2, 0]);
    const twoLines = pressKey(pressKey(typed('one'), { type: 'newline' }).state, { type: 'text', text: '둘' }).state;
    terminal.screen.show(region({ editor: twoLines }));
    expect(await terminal.cursor()).toEqual([2 + 2, 1]);
  });

  it('holds a history of 10,000 lines without touching it again', async () => {
    const { screen, lines, bytes } = createTerminal(80, 24);
    for (let i = 0; i < 10_000; i++) screen.print(`line ${i}`);
    await lines();
    screen.show(region({ editor: typed('x') }));
    // A keystroke costs the live region, whatever stands above it.
    expect(bytes()).toBeLessThan(400);
    expect((await lines()).filter(Boolean).length).toBe(10_002);
  });
});

describe('composeRegion', () => {
  it.each([20, 60, 80, 200])('never draws wider than %d columns', async (width) => {
    const { default: stringWidth } = await import('string-width');
    const { lines, cursor } = region(
      {
        editor: typed('시장이 하락장인지 알려줘 '.repeat(12)),
        rows: [
          {
            tool: 'backtest_hmm',
            startedMs: 0,
            fraction: 0.4,
            note: 'refit 12 of 240, a long note that goes on and on',
          },
        ],
        streaming: 'words '.repeat(80),
        queue: ['a queued question that is rather long, longer than the terminal is wide in any case'],
        busy: true,
      },
      24,
      width,
    );
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(width);
    expect(cursor?.column).toBeLessThan(width);
  });

  it('shows running tools with progress and time, the queue and the notice', () => {
    const { lines } = region({
      rows: [{ tool: 'fit_hmm', startedMs: 500, fraction: 0.5, note: 'restart 5' }],
      queue: ['next'],
      notice: 'Press Ctrl-C again to leave.',
    });
    const text = lines.join('\n');
    expect(text).toContain('fit_hmm ███████░░░░░░░ 50% restart 5 0.5 s');
    expect(text).toContain('queued: next');
    expect(text).toContain('Press Ctrl-C again');
  });
});

describe('layoutEditor', () => {
  it('keeps every character, in rows that fit', () => {
    const text = `ab가나다\n👨‍👩‍👧${'x'.repeat(30)}`;
    const rows = layoutEditor(text, 7);
    expect(rows.map((row) => row.text).join('')).toBe(text.replace('\n', ''));
    expect(rows[0]).toEqual({ text: 'ab가나', from: 0 });
  });
});
