/** The chat: the default command. */
import type { Command } from 'commander';
import type { App } from '../../app/create-app.ts';
import { TradewindError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import type { CommandContext } from '../command-context.ts';

interface ChatOptions {
  readonly session?: string;
  readonly continue?: boolean;
}

export function registerChatCommand(program: Command, context: CommandContext): void {
  program
    .command('chat', { isDefault: true })
    .description('start the chat (the default)')
    .option('--session <id>', 'go on with this session')
    .option('--continue', 'go on with the last session')
    .argument('[words...]')
    .action((words: readonly string[], options: ChatOptions) => {
      if (words.length > 0) throw unknownCommand(words[0] ?? '', program);
      return chat(context, options);
    });
}

/** The default command also catches a mistyped one. */
function unknownCommand(word: string, program: Command): TradewindError {
  const names = program.commands.map((command) => command.name());
  const close = nearest(word, names);
  const known = close.length > 0 ? `Did you mean ${close.join(', ')}?` : `Commands: ${names.join(', ')}.`;
  return new TradewindError({
    code: 'UNKNOWN_COMMAND',
    kind: 'input',
    message: `There is no command ${JSON.stringify(word)}.`,
    hint: `${known} To ask a question: tradewind ask "…".`,
  });
}

async function chat(context: CommandContext, options: ChatOptions): Promise<void> {
  const live = context.stdinIsTty && context.stdoutIsTty && process.env['TERM'] !== 'dumb';
  const app = await context.openApp({}, { responsive: live });
  const earlier = options.session ?? (options.continue ? app.sessions.last()?.id : undefined);
  const session = earlier ?? app.sessions.newId();
  if (!live) {
    const { runPlainChat } = await import('../chat/plain-chat.ts');
    return runPlainChat(app, context, session, earlier !== undefined);
  }
  const { runLiveChat } = await import('../chat/live-chat.ts');
  await runLiveChat({
    app,
    openDesk: () => app.desk(),
    sessionId: session,
    resuming: earlier !== undefined,
    signal: context.signal,
    welcome: welcome(app),
  });
}

/** The first lines of a chat: what it is, and for a newcomer three questions that work at once. */
function welcome(app: App): string {
  const head = `Tradewind, as of ${app.asOf}, ${app.modelName}. It computes and proposes; it never trades.`;
  if (app.sessions.last() !== undefined) return `${head}\n/help shows the commands, /sessions earlier conversations.`;
  return `${head}
Try one of these:
  What regime is the S&P 500 in?
  eur put 90/100, .75y, 5%, vol 20
  지금 하락장이야?
/help shows the commands.`;
}
