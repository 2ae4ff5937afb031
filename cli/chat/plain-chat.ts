/** The chat for pipes and simple terminals: a prompt, a question, an answer. One line is one question. */
import { createInterface } from 'node:readline';
import type { App } from '../../app/create-app.ts';
import type { DeskEvent } from '../../graph/events.ts';
import type { CommandContext } from '../command-context.ts';
import { renderAnswer } from '../render/answer.ts';
import { createStyle } from '../render/style.ts';
import { terminalTraits } from '../render/terminal.ts';
import { createTurnProgress } from '../render/turn-progress.ts';

const HELP = `Ask in plain words. /help shows this, /session the id to come back with, /quit leaves.`;

export async function runPlainChat(
  app: App,
  context: CommandContext,
  session: string,
  resuming: boolean,
): Promise<void> {
  const desk = await app.desk();
  const traits = terminalTraits(process.stdout, process.env);
  const style = createStyle(traits.colour);
  const interactive = context.stdinIsTty;
  const lines = createInterface({
    input: process.stdin,
    output: interactive ? process.stdout : undefined,
    prompt: style.cyan('› '),
    terminal: interactive,
    historySize: 500,
  });
  let turn: AbortController | undefined;
  lines.on('SIGINT', () => {
    if (turn !== undefined) turn.abort();
    else lines.close();
  });
  if (interactive) {
    context.out(
      `${style.bold('Tradewind')} as of ${app.asOf}. It computes and proposes; it never trades. /help for help.`,
    );
    lines.prompt();
  }
  // A turn that was cut off by a kill is finished first.
  if (resuming && (await desk.pending(session)).kind === 'unfinished')
    await show(desk.resume(session, { signal: context.signal }));
  for await (const line of lines) {
    const text = line.trim();
    if (text === '/quit' || text === '/exit') break;
    if (text === '/help') context.out(HELP);
    else if (text === '/session') context.out(session);
    else if (text !== '') {
      turn = new AbortController();
      const stop = () => turn?.abort();
      context.signal.addEventListener('abort', stop, { once: true });
      app.sessions.touch(session, text);
      await show(desk.ask(session, text, { signal: turn.signal }));
      context.signal.removeEventListener('abort', stop);
      turn = undefined;
    }
    if (context.signal.aborted) break;
    if (interactive) lines.prompt();
  }
  lines.close();

  async function show(events: AsyncIterable<DeskEvent>): Promise<void> {
    const progress = createTurnProgress(
      (part) => void process.stderr.write(part),
      terminalTraits(process.stderr, process.env),
      context.stderrIsTty,
      () => performance.now(),
    );
    for await (const event of events) {
      progress.show(event);
      if (event.type === 'error') {
        progress.clear();
        context.err(`${event.message}${event.hint === '' ? '' : ` ${event.hint}`}`);
      } else if (event.type === 'answer' || event.type === 'approval-needed') {
        progress.clear();
        context.out(`\n${renderAnswer(event.answer, { ...traits, charts: interactive ? 1 : 0, evidence: false })}\n`);
      }
    }
    progress.clear();
  }
}
