/** `memory list | forget` and `replay`: what is kept between sessions, and a recorded session run again. */
import type { Command } from 'commander';
import { notAvailable } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

export function registerMemoryCommands(program: Command, context: CommandContext): void {
  const memory = program.command('memory').description('what is remembered between sessions, for ninety days');
  memory
    .command('list')
    .description('every fact with the day it expires')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const items = await (await openMemory(context)).list();
      if (options.json) return context.out(JSON.stringify(items, null, 2));
      if (items.length === 0) return context.err('Nothing is remembered.');
      for (const item of items) {
        context.out(`${item.id}  ${item.kind}  ${item.key}: ${item.value}  (until ${item.expiresAt.slice(0, 10)})`);
      }
    });
  memory
    .command('remember <key> <value>')
    .description('keep a preference, such as: remember "risk profile" cautious')
    .action(async (key: string, value: string) => {
      const item = await (await openMemory(context)).remember({ kind: 'preference', key, value });
      context.out(`${item.id}  kept until ${item.expiresAt.slice(0, 10)}`);
    });
  memory
    .command('forget <idOrKey>')
    .description('forget one fact by id or key, or all with "*"')
    .action(async (idOrKey: string) => {
      const count = await (await openMemory(context)).forget(idOrKey);
      if (count === 0) {
        throw notAvailable({
          message: `Nothing is remembered under ${idOrKey}.`,
          hint: '`memory list` shows what is.',
        });
      }
      context.out(`Forgotten: ${count}`);
    });
  program
    .command('replay <session>')
    .description('run a recorded session again from the store, without a network')
    .option('--diff', 'exit status 1 where anything differs')
    .action((session: string, options: { diff?: boolean }) => replay(context, session, options.diff === true));
}

async function openMemory(context: CommandContext) {
  const app = await context.openApp();
  const { openMemory: open } = await import('../../app/open-desk.ts');
  return open(app.home, () => new Date());
}

async function replay(context: CommandContext, session: string, diff: boolean): Promise<void> {
  const app = await context.openApp();
  const { replayRecordedSession } = await import('../../app/replay-recorded-session.ts');
  const report = await replayRecordedSession(app, session, () => new Date());
  if (report.turns.length === 0) {
    throw notAvailable({
      message: `There is no session ${session}.`,
      hint: '`sessions list` shows the recorded ones.',
    });
  }
  for (const turn of report.turns) {
    context.out(`${turn.same ? 'same     ' : 'DIFFERENT'}  ${turn.turn}. ${turn.user.slice(0, 80)}`);
    if (turn.difference !== null) context.out(`           ${turn.difference}`);
  }
  if (diff && !report.same) context.exit(exitCodes.fault);
}
