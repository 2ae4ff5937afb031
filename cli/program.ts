/** Puts the commands together and turns every error into one message and an exit status. */
import { Command, CommanderError, Option } from 'commander';
import { version } from '../app/build-info.ts';
import type { SettingKey } from '../app/settings.ts';
import { isTradewindError } from '../lib/errors.ts';
import { type CommandContext, createCommandContext } from './command-context.ts';
import { commandRegistrations } from './commands/index.ts';
import { exitCodes } from './exit-codes.ts';

const flagKeys: Readonly<Record<string, SettingKey>> = {
  home: 'home',
  asOf: 'asOf',
  model: 'model.name',
  baseUrl: 'model.baseUrl',
  provider: 'model.provider',
  language: 'language',
  maxCost: 'budget.maxCost',
  maxSteps: 'budget.maxSteps',
};

function flagsOf(program: Command): Partial<Record<SettingKey, string>> {
  const given = program.opts<Record<string, string | undefined>>();
  return Object.fromEntries(
    Object.entries(flagKeys).flatMap(([option, key]) => (given[option] === undefined ? [] : [[key, given[option]]])),
  );
}

function createProgram(): Command {
  return new Command('tradewind')
    .description(
      'A trading copilot: personas choose and explain, tools compute, every number is traceable. It never trades.',
    )
    .version(version, '-V, --version')
    .option('--as-of <date>', 'cut-off day of the session: nothing after it is visible')
    .option('--home <folder>', 'folder of the store')
    .addOption(new Option('--provider <name>', 'which model answers').choices(['auto', 'openai', 'embedded']))
    .option('--model <name>', 'name of the model at the endpoint')
    .option('--base-url <url>', 'OpenAI-compatible endpoint')
    .addOption(new Option('--language <code>', 'language of the answers').choices(['auto', 'en', 'ko']))
    .option('--max-cost <dollars>', 'stop before spending more than this')
    .option('--max-steps <count>', 'model calls in one turn at most')
    .showSuggestionAfterError()
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      `
Exit status: 0 answered, 1 fault, 2 bad input or missing data, 3 needs clarification, 4 needs approval, 5 budget, 6 urgent, 130 interrupted.
Without a command the chat starts.`,
    );
}

/** Runs one command line; returns the exit status. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = createProgram();
  const context = createCommandContext(() => ({ flags: flagsOf(program) }));
  for (const register of commandRegistrations) register(program, context);
  applyToAll(program, (command) => command.exitOverride());
  try {
    await program.parseAsync([...args], { from: 'user' });
    return context.signal.aborted ? exitCodes.interrupted : context.exitCode;
  } catch (error) {
    return reportError(error, context);
  } finally {
    await context.close();
  }
}

function applyToAll(command: Command, apply: (command: Command) => void): void {
  apply(command);
  for (const child of command.commands) applyToAll(child, apply);
}

function reportError(error: unknown, context: CommandContext): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message already; help and version are not errors.
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  }
  if (isTradewindError(error)) {
    context.err(error.hint === '' ? error.message : `${error.message}\n${error.hint}`);
    if (error.kind === 'cancelled') return exitCodes.interrupted;
    return error.kind === 'fault' ? exitCodes.fault : exitCodes.badInput;
  }
  const text =
    error instanceof Error ? (process.env['TRADEWIND_DEBUG'] === '1' ? error.stack : error.message) : String(error);
  context.err(
    `Something went wrong inside Tradewind: ${text}\nThis is a bug. Run again with TRADEWIND_DEBUG=1 for the details.`,
  );
  return exitCodes.fault;
}
