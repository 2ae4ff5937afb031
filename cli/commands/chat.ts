/** The chat: the default command. */
import type { Command } from 'commander';
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
    .action((options: ChatOptions) => chat(context, options));
}

async function chat(context: CommandContext, options: ChatOptions): Promise<void> {
  const app = await context.openApp();
  const desk = await app.desk();
  const session =
    options.session ?? (options.continue ? await desk.lastSession() : undefined) ?? (await desk.newSession());
  const { runPlainChat } = await import('../chat/plain-chat.ts');
  await runPlainChat(app, context, session);
}
