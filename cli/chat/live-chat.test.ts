/**
 * The chat in a real pseudo-terminal (the `script` of util-linux makes one), typed into like a person, and read back through a
 * terminal emulator. Skipped where there is no such command.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hasScript =
  process.platform === 'linux' &&
  /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

interface Chat {
  readonly home: string;
  type(text: string): void;
  screen(): Promise<string>;
  /** Waits until the whole screen matches. */
  until(pattern: RegExp, milliseconds?: number): Promise<string>;
  exited(): Promise<number | null>;
}

const running: { child: ChildProcess; home: string }[] = [];
afterEach(() => {
  for (const { child, home } of running.splice(0)) {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
});

function openChat(columns: number, environment: Record<string, string> = {}): Chat {
  const home = mkdtempSync(join(tmpdir(), 'tradewind-chat-'));
  const command = `stty cols ${columns} rows 40; exec ${process.execPath} --import tsx ${join(root, 'cli/main.ts')}`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TRADEWIND_HOME: home,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.push({ child, home });
  const terminal = new xterm.Terminal({ cols: columns, rows: 40, allowProposedApi: true, scrollback: 5000 });
  child.stdout?.on('data', (chunk: Buffer) => terminal.write(chunk));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const screen = async () => {
    await new Promise<void>((resolve) => terminal.write('', resolve));
    const buffer = terminal.buffer.active;
    return Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  };
  return {
    home,
    type: (text) => void child.stdin?.write(text),
    screen,
    async until(pattern, milliseconds = 30_000) {
      for (let waited = 0; waited < milliseconds; waited += 50) {
        const text = await screen();
        if (pattern.test(text)) return text;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`The screen never showed ${pattern}:\n${await screen()}`);
    },
    exited: () => exit,
  };
}

describe.skipIf(!hasScript)('the chat in a terminal', () => {
  it.each([60, 200])('answers at %d columns, explains a number, and leaves the terminal clean', async (columns) => {
    const chat = openChat(columns);
    await chat.until(/› *\n.*\/help/);
    chat.type('What regime is the S&P 500 in?\r');
    const answered = await chat.until(/Evidence[\s\S]*run_[0-9a-f]{16}/);
    expect(answered).toMatch(/✓ fit_hmm/);
    for (const line of answered.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    chat.type('/why r1\r');
    await chat.until(/recompute: tradewind/);
    chat.type('/quit\r');
    expect(await chat.exited()).toBe(0);
    // History is kept for the next chat.
    expect(readFileSync(join(chat.home, 'chat-history.jsonl'), 'utf8')).toContain('What regime is the S&P 500 in?');
  });

  it('takes Korean, completes a command, searches history, and never submits a paste', async () => {
    const chat = openChat(100);
    await chat.until(/› *\n.*\/help/);
    chat.type('지금 하락장이야?\r');
    await chat.until(/Evidence/);
    chat.type('/ses\t');
    await chat.until(/› \/sessions/);
    chat.type('\r');
    await chat.until(/1 turns {2}지금 하락장이야\?/);
    chat.type('\x12하락');
    await chat.until(/\(search: 하락\) › 지금 하락장이야\?/);
    chat.type('\x1b');
    await chat.until(/\n› *\n.*\/help/);
    chat.type('\x1b[200~/quit\r/approve\r\x1b[201~');
    const pasted = await chat.until(/› \/quit\n +\/approve/);
    expect(pasted).not.toContain('There is no /approve');
    chat.type('\x03');
    await chat.until(/Press Ctrl-C again/);
    chat.type('\x03');
    expect(await chat.exited()).toBe(0);
  });

  it('says what is wrong with a command, queues what is typed meanwhile, and leaves on Ctrl-D', async () => {
    const chat = openChat(80);
    await chat.until(/› *\n.*\/help/);
    chat.type('/wyh\r');
    await chat.until(/There is no \/wyh/);
    chat.type('/asof 2031-01-01\r');
    await chat.until(/must be on or before/);
    chat.type('What regime is AAPL in?\rWhat regime is the S&P 500 in?\r');
    await chat.until(/2018-05-11[\s\S]*2020-04-17/);
    chat.type('\x04');
    expect(await chat.exited()).toBe(0);
  });

  it('draws nothing that moves or is coloured where that is asked for', async () => {
    const chat = openChat(80, { ACCESSIBLE: '1', NO_COLOR: '1' });
    await chat.until(/› *\n.*\/help/);
    chat.type('What regime is the S&P 500 in?\r');
    const text = await chat.until(/Evidence/);
    expect(text).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (fit_hmm|thinking)/);
    chat.type('/quit\r');
    expect(await chat.exited()).toBe(0);
  });
});
