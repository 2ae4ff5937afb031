/** `ask`: one question, one answer. The answer goes to stdout and nothing else does; what happens meanwhile goes to stderr. */
import type { Command } from 'commander';
import type { App } from '../../app/create-app.ts';
import type { Desk } from '../../graph/desk.ts';
import type { Answer, DeskEvent } from '../../graph/events.ts';
import { invalidInput } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminalTraits } from '../render/terminal.ts';

interface AskOptions {
  readonly print?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly session?: string;
  readonly chart?: string;
  readonly charts: boolean;
  readonly evidence?: boolean;
  readonly refresh?: boolean;
}

export function registerAskCommand(program: Command, context: CommandContext): void {
  program
    .command('ask')
    .description('answer one question: text on stdout, progress on stderr')
    .argument('[question...]', 'the question; read from standard input where it is left out')
    .option('-p, --print <question>', 'the question, for scripts')
    .option('--json', 'the whole answer as one JSON document: text, evidence, charts, warnings')
    .option('--jsonl', 'every event as one JSON line')
    .option('--session <id>', 'go on with this session; default: a new one')
    .option('--chart <file>', 'write the first chart to this file (.svg, .png or .html)')
    .option('--no-charts', 'no charts in the text')
    .option('--refresh', 'fetch newer prices first where the answer would rest on old ones')
    .option('--evidence', 'list every number with the run and path it comes from')
    .action((words: readonly string[], options: AskOptions) => ask(context, words.join(' '), options));
}

async function ask(context: CommandContext, words: string, options: AskOptions): Promise<void> {
  const question = (options.print ?? words).trim() || (context.stdinIsTty ? '' : (await context.readStdin()).trim());
  if (question === '') {
    throw invalidInput({
      what: 'ask',
      needed: 'given a question',
      got: 'nothing',
      hint: 'Example: tradewind ask "What regime is the S&P 500 in?"',
    });
  }
  const app = await context.openApp();
  const [desk, { createTurnProgress }] = await Promise.all([app.desk(), import('../render/turn-progress.ts')]);
  const session = options.session ?? app.sessions.newId();
  app.sessions.touch(session, question);
  const quiet = options.json === true || options.jsonl === true;
  const progress = createTurnProgress(
    (text) => void process.stderr.write(text),
    terminalTraits(process.stderr, process.env),
    context.stderrIsTty && !quiet,
    () => performance.now(),
  );
  if (options.refresh) await refreshFirst(app, desk, question, context);
  for await (const event of desk.ask(session, question, { signal: context.signal })) {
    progress.show(event);
    if (options.jsonl) context.out(JSON.stringify(event));
    await finish(event, context, options, () => progress.clear());
  }
  progress.clear();
}

/** Asks once in a session of its own to learn which series the answer needs, and fetches those that ended too early. */
async function refreshFirst(app: App, desk: Desk, question: string, context: CommandContext): Promise<void> {
  const { refreshSymbols, staleSymbols } = await import('../../app/refresh-stale.ts');
  const probe = app.sessions.newId();
  const runIds: (string | null)[] = [];
  for await (const event of desk.ask(probe, question, { signal: context.signal })) {
    if (event.type === 'tool-finished') runIds.push(event.runId);
  }
  await desk.forget(probe);
  const { refreshed, failed } = await refreshSymbols(app, await staleSymbols(app, runIds, app.asOf), context.signal);
  if (refreshed.length > 0) context.err(`Fetched newer prices of ${refreshed.join(', ')}.`);
  for (const { symbol, message } of failed) context.err(`${symbol} was not refreshed: ${message}`);
}

async function finish(
  event: DeskEvent,
  context: CommandContext,
  options: AskOptions,
  clear: () => void,
): Promise<void> {
  if (event.type === 'error') {
    clear();
    if (options.json)
      context.out(JSON.stringify({ error: { code: event.code, message: event.message, hint: event.hint } }, null, 2));
    context.err(`${event.message}${event.hint === '' ? '' : ` ${event.hint}`}`);
    context.exit(errorStatus(event.code));
    return;
  }
  if (event.type !== 'answer' && event.type !== 'approval-needed') return;
  clear();
  const { answer } = event;
  if (options.chart !== undefined) await saveChart(options.chart, answer, context);
  if (options.json) context.out(JSON.stringify(answer, null, 2));
  else if (!options.jsonl) {
    const { renderAnswer } = await import('../render/answer.ts');
    const traits = terminalTraits(process.stdout, process.env);
    context.out(
      renderAnswer(answer, {
        ...traits,
        charts: options.charts && context.stdoutIsTty ? 1 : 0,
        evidence: options.evidence === true,
      }),
    );
  }
  if (event.type === 'approval-needed') {
    context.err(
      'A proposal waits for approval: decide in the chat, or with `tradewind proposals list`. Nothing was booked.',
    );
    context.exit(exitCodes.needsApproval);
  } else context.exit(answerStatus(answer));
}

function errorStatus(code: string): number {
  if (code === 'CANCELLED') return exitCodes.interrupted;
  return code.startsWith('BUDGET') ? exitCodes.budget : exitCodes.fault;
}

function answerStatus(answer: Answer): number {
  if (answer.mode === 'clarify') return exitCodes.needsClarification;
  return answer.failures.length > 0 && answer.results.length === 0 ? exitCodes.badInput : exitCodes.ok;
}

async function saveChart(file: string, answer: Answer, context: CommandContext): Promise<void> {
  const [chart] = answer.charts;
  if (chart === undefined) return context.err('This answer has no chart; no file was written.');
  const { writeChartFile } = await import('../render/chart-file.ts');
  context.err(`Chart written to ${await writeChartFile(file, chart)}`);
}
