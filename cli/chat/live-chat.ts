/** The chat on a terminal: keys in, desk events in, history and a live region out. All heavy work happens elsewhere. */
import type { App } from '../../app/create-app.ts';
import type { Desk } from '../../graph/desk.ts';
import type { Answer, DeskEvent } from '../../graph/events.ts';
import { isTradewindError } from '../../lib/errors.ts';
import { renderAnswer } from '../render/answer.ts';
import { createStyle } from '../render/style.ts';
import { terminalTraits } from '../render/terminal.ts';
import { commonPrefix, complete } from './complete.ts';
import { createEditor, type EditorState, pressKey } from './editor.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { createKeyReader, type TerminalKey } from './key-reader.ts';
import { composeRegion, type ToolRow } from './live-region.ts';
import { renderProposals } from './render-proposals.ts';
import { createScreen } from './screen.ts';
import type { ChatSession } from './slash-command.ts';
import { slashCommands } from './slash-commands.ts';

const ESCAPE_WAIT_MS = 40;
const TICK_MS = 100;
const SECOND_PRESS_MS = 1500;
const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

export interface LiveChatParts {
  readonly app: App;
  readonly openDesk: () => Promise<Desk>;
  readonly sessionId: string;
  readonly signal: AbortSignal;
  /** True where an earlier session goes on. */
  readonly resuming: boolean;
  /** Shown above the first prompt. */
  readonly welcome: string;
}

export async function runLiveChat(parts: LiveChatParts): Promise<void> {
  const { app } = parts;
  const traits = () => terminalTraits(process.stdout, process.env);
  const style = createStyle(traits().colour);
  const screen = createScreen({
    write: (text) => void process.stdout.write(text),
    get columns() {
      return process.stdout.columns ?? 80;
    },
    get rows() {
      return process.stdout.rows ?? 24;
    },
  });
  const keys = createKeyReader();
  let editor: EditorState = createEditor(readHistory(app.home));
  const rows = new Map<string, ToolRow>();
  const queue: string[] = [];
  let streaming = '';
  let turn: AbortController | null = null;
  let notice = '';
  let refreshOffered = false;
  let offered: Promise<void> = Promise.resolve();
  /** What is under way; nothing is closed before it has ended. */
  let work: Promise<void> = Promise.resolve();
  let candidates: readonly string[] = [];
  let lastInterrupt = Number.NEGATIVE_INFINITY;
  let escapeTimer: NodeJS.Timeout | undefined;
  let leaving = false;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = () => {
      leaving = true;
      resolve();
    };
  });
  const deskReady = parts.openDesk();

  const show = (): void => {
    const status = `${app.modelName} · as of ${chat.asOf} · ${turn === null ? '/help' : 'Esc cancels'}`;
    const state = {
      editor,
      rows: [...rows.values()],
      streaming,
      busy: turn !== null,
      queue,
      notice,
      candidates,
      status,
    };
    screen.show(composeRegion(state, performance.now(), traits(), style, process.stdout.rows ?? 24));
  };
  const print = (text: string): void => screen.print(text);

  const chat: ChatSession = {
    app,
    desk: undefined as never,
    id: parts.sessionId,
    asOf: app.asOf,
    answers: [],
    questions: [],
    traits,
    print,
    ask: (text) => void takeTurn(text),
    approve: (decisions) => void follow('decision', (desk, signal) => desk.approve(chat.id, decisions, { signal })),
    clear() {
      chat.id = app.sessions.newId();
      chat.answers.length = 0;
      chat.questions.length = 0;
      print(style.dim(`New session ${chat.id}.`));
    },
    quit: () => finish(),
  };

  function onEvent(event: DeskEvent, question: string): void {
    if (event.type === 'tool-started')
      rows.set(event.callId, { tool: event.tool, startedMs: performance.now(), fraction: null, note: '' });
    else if (event.type === 'tool-progress') {
      const row = rows.get(event.callId);
      if (row) Object.assign(row, { fraction: event.fraction, note: event.note });
    } else if (event.type === 'tool-finished') {
      const row = rows.get(event.callId);
      rows.delete(event.callId);
      const seconds = row ? ` ${((performance.now() - row.startedMs) / 1000).toFixed(1)} s` : '';
      print(
        `  ${event.ok ? style.green(traits().unicode ? '✓' : 'ok') : style.red(traits().unicode ? '✗' : 'failed')} ${style.dim(`${event.tool}${seconds}${event.error === null ? '' : `: ${event.error}`}`)}`,
      );
    } else if (event.type === 'text-delta') streaming += event.text;
    else if (event.type === 'answer' || event.type === 'approval-needed') {
      streaming = '';
      chat.answers.push(event.answer);
      chat.questions.push(question);
      print(`\n${renderAnswer(event.answer, { ...traits(), charts: 1, evidence: false })}\n`);
      offered = offerRefresh(event.answer);
      if (event.type === 'approval-needed') print(renderProposals(event.proposals, traits(), style));
    } else if (event.type === 'error') {
      streaming = '';
      print(style.yellow(`${event.message}${event.hint === '' ? '' : ` ${event.hint}`}`));
    }
  }

  /** Once a chat: prices that ended long before the cut-off can be fetched. */
  async function offerRefresh(answer: Answer): Promise<void> {
    if (refreshOffered) return;
    const { staleSymbols } = await import('../../app/refresh-stale.ts');
    const stale = await staleSymbols(
      app,
      answer.results.map((row) => row.runId),
      chat.asOf,
    );
    if (stale.length === 0) return;
    refreshOffered = true;
    print(
      style.dim(
        `Prices of ${stale.join(', ')} end well before ${chat.asOf}. /refresh fetches newer ones and asks again.`,
      ),
    );
  }

  function follow(
    question: string,
    start: (desk: Desk, signal: AbortSignal) => AsyncIterable<DeskEvent>,
  ): Promise<void> {
    work = answerTurn(question, start);
    return work;
  }

  async function answerTurn(
    question: string,
    start: (desk: Desk, signal: AbortSignal) => AsyncIterable<DeskEvent>,
  ): Promise<void> {
    const controller = new AbortController();
    turn = controller;
    show();
    const tick = setInterval(show, traits().accessible ? 1000 : TICK_MS);
    try {
      const desk = await deskReady;
      for await (const event of start(desk, controller.signal)) {
        onEvent(event, question);
        show();
      }
      await offered;
    } catch (error) {
      print(style.red(error instanceof Error ? error.message : String(error)));
    } finally {
      clearInterval(tick);
      rows.clear();
      streaming = '';
      turn = null;
      show();
    }
    const next = leaving ? undefined : queue.shift();
    if (next !== undefined) await takeTurn(next);
  }

  async function takeTurn(text: string): Promise<void> {
    print(`${style.cyan('›')} ${style.bold(text)}`);
    app.sessions.touch(chat.id, text);
    await follow(text, (desk, signal) => desk.ask(chat.id, text, { signal, asOf: chat.asOf }));
  }

  async function runSlash(text: string): Promise<void> {
    const [name = '', ...args] = text.slice(1).split(/\s+/);
    const command = slashCommands.find((one) => one.name === name);
    print(`${style.cyan('›')} ${text}`);
    if (command === undefined) {
      const close = slashCommands.filter((one) => one.name.startsWith(name[0] ?? '')).map((one) => `/${one.name}`);
      print(
        style.yellow(`There is no /${name}. ${close.length > 0 ? `Did you mean ${close.join(', ')}?` : ''} See /help.`),
      );
      return;
    }
    try {
      Object.assign(chat, { desk: await deskReady });
      await command.run(args.filter(Boolean), chat);
    } catch (error) {
      if (!isTradewindError(error)) throw error;
      print(style.yellow(`${error.message} ${error.hint}`.trim()));
    }
  }

  function submitted(text: string): void {
    writeHistory(app.home, editor.history);
    if (text.startsWith('/')) void runSlash(text).then(show);
    else if (turn !== null) queue.push(text);
    else void takeTurn(text);
  }

  function interrupt(): void {
    const now = performance.now();
    const twice = now - lastInterrupt < SECOND_PRESS_MS;
    lastInterrupt = now;
    if (twice) {
      finish();
      return;
    }
    if (turn !== null) turn.abort();
    editor = createEditor(editor.history);
    candidates = [];
    notice = 'Press Ctrl-C again to leave.';
    setTimeout(() => {
      notice = '';
      show();
    }, SECOND_PRESS_MS).unref();
  }

  async function tab(): Promise<void> {
    const { text, cursor } = editor;
    Object.assign(chat, { desk: await deskReady.catch(() => undefined) });
    const found = await complete(text, cursor, chat);
    if (editor.text !== text || editor.cursor !== cursor) return;
    const shared = commonPrefix(found.candidates);
    if (shared.length > cursor - found.from) {
      const done = found.candidates.length === 1 && !shared.endsWith('/') ? `${shared} ` : shared;
      editor = {
        ...editor,
        text: text.slice(0, found.from) + done + text.slice(cursor),
        cursor: found.from + done.length,
      };
      candidates = [];
    } else candidates = found.candidates.length > 1 ? found.candidates : [];
    show();
  }

  function press(key: TerminalKey): void {
    switch (key.type) {
      case 'interrupt':
        interrupt();
        return;
      case 'end-of-input':
        if (editor.text === '') finish();
        return;
      case 'complete':
        void tab();
        return;
      case 'redraw':
        screen.redraw();
        return;
      default: {
        candidates = [];
        if (key.type === 'escape' && editor.search === null && turn !== null) {
          turn.abort();
          return;
        }
        const step = pressKey(editor, key);
        editor = step.state;
        if (step.submitted !== undefined) submitted(step.submitted);
      }
    }
  }

  const onData = (chunk: string): void => {
    clearTimeout(escapeTimer);
    for (const key of keys.read(chunk)) press(key);
    if (keys.pending) {
      escapeTimer = setTimeout(() => {
        for (const key of keys.flush()) press(key);
        show();
      }, ESCAPE_WAIT_MS);
    }
    show();
  };
  const onResize = (): void => {
    screen.redraw();
    show();
  };

  /** A turn that was cut off (a killed process, Esc) is finished; a proposal that waits is shown again. */
  async function pickUp(): Promise<void> {
    const desk = await deskReady;
    const pending = await desk.pending(chat.id);
    if (pending.kind === 'unfinished') {
      print(style.dim(`Going on with the question that was cut off: ${pending.question}`));
      await follow(pending.question, (open, signal) => open.resume(chat.id, { signal }));
    } else if (pending.kind === 'approval') print(renderProposals(pending.proposals, traits(), style));
  }

  process.stdin.setRawMode(true);
  process.stdin.setEncoding('utf8');
  process.stdin.resume();
  process.stdout.write(PASTE_ON);
  const restore = (): void => {
    process.stdout.write(PASTE_OFF);
    process.stdin.setRawMode(false);
  };
  // Whatever ends the process, the terminal is given back as it was.
  process.once('exit', restore);
  print(parts.welcome);
  process.stdin.on('data', onData);
  process.stdin.once('end', finish);
  process.stdout.on('resize', onResize);
  parts.signal.addEventListener('abort', () => finish(), { once: true });
  show();
  if (parts.resuming) void pickUp().catch((error: unknown) => print(style.red(String(error))));
  await finished;
  (turn as AbortController | null)?.abort();
  await work;
  process.stdin.off('data', onData);
  process.stdout.off('resize', onResize);
  process.stdin.pause();
  screen.close();
  process.off('exit', restore);
  restore();
}
