/** `runs list | show | replay`: what was computed, on what data, and whether it computes the same today. */
import type { Command } from 'commander';
import type { App } from '../../app/create-app.ts';
import { notAvailable } from '../../lib/errors.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { firstDifferences } from '../render/first-differences.ts';

export function registerRunCommands(program: Command, context: CommandContext): void {
  const runs = program.command('runs').description('list, show and replay recorded tool runs');
  runs
    .command('list')
    .description('recorded runs, newest first')
    .option('--tool <name>', 'only runs of this tool')
    .option('--limit <count>', 'how many', '20')
    .option('--json', 'as JSON')
    .action((options: { tool?: string; limit: string; json?: boolean }) => listRuns(context, options));
  runs
    .command('show <id>')
    .description('one run: input, data, output, warnings (a unique beginning of the id is enough)')
    .option('--json', 'the whole envelope as JSON')
    .action((id: string, options: { json?: boolean }) => showRun(context, id, options));
  runs
    .command('replay <id>')
    .description('compute a recorded run again from the store')
    .option('--diff', 'compare with the record; exit status 1 where anything differs')
    .action((id: string, options: { diff?: boolean }) => replayRun(context, id, options));
}

async function listRuns(
  context: CommandContext,
  options: { tool?: string; limit: string; json?: boolean },
): Promise<void> {
  const app = await context.openApp();
  const rows = await app.runs.list({
    tool: options.tool,
    limit: Math.max(1, Number.parseInt(options.limit, 10) || 20),
  });
  if (options.json) return context.out(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return context.err('No runs are recorded yet. Ask a question, or try `tradewind tool run`.');
  for (const row of rows) context.out(`${row.runId}  ${row.createdAt.slice(0, 19)}  as of ${row.asOf}  ${row.tool}`);
}

/** The recorded envelope whose id is, or begins with, the given text. */
async function findRun(
  app: App,
  id: string,
): Promise<{ readonly envelope: SuccessEnvelope; readonly createdAt: string }> {
  const wanted = id.startsWith('run_') ? id : `run_${id}`;
  const ids = await app.runs.complete(wanted, 3);
  const exact = ids.includes(wanted) ? wanted : ids.length === 1 ? ids[0] : undefined;
  const run = exact === undefined ? undefined : await app.runs.get(exact);
  if (run !== undefined) return { envelope: run.envelope as SuccessEnvelope, createdAt: run.createdAt };
  throw notAvailable({
    code: 'UNKNOWN_RUN',
    message: ids.length > 1 ? `${id} could be ${ids.join(', ')}, or more.` : `No run ${id} is recorded in ${app.home}.`,
    hint: ids.length > 1 ? 'Give more characters of the id.' : 'See `tradewind runs list`.',
  });
}

async function showRun(context: CommandContext, id: string, options: { json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const { envelope, createdAt } = await findRun(app, id);
  if (options.json) return context.out(JSON.stringify(envelope, null, 2));
  const measured = await app.runs.measurements(envelope.runId);
  context.out(
    `${envelope.runId}  ${envelope.tool} version ${envelope.version}, as of ${envelope.asOf}, seed ${envelope.seed}`,
  );
  context.out(`computed ${createdAt}${measured ? ` in ${measured.durationMs.toFixed(1)} ms` : ''}`);
  context.out(`\nInput\n${indent(JSON.stringify(envelope.input, null, 2))}`);
  context.out('\nData');
  if (envelope.data.length === 0) context.out('  none read');
  for (const entry of envelope.data) {
    context.out(
      `  ${entry.symbols.join(', ')} ${entry.from} to ${entry.to}, ${entry.rows} rows, ${entry.source}${entry.synthetic ? ', SYNTHETIC' : ''}, sha256 ${entry.hash.slice(0, 16)}`,
    );
  }
  for (const warning of envelope.warnings) context.out(`\nWarning ${warning.code}: ${warning.message}`);
  context.out(`\nOutput\n${indent(shorten(envelope.output))}`);
  context.out(`\nRecompute: tradewind runs replay ${envelope.runId} --diff`);
}

async function replayRun(context: CommandContext, id: string, options: { diff?: boolean }): Promise<void> {
  const app = await context.openApp();
  const { envelope: recorded } = await findRun(app, id);
  const again = await app.runner.run(
    recorded.tool,
    { ...recorded.input },
    { asOf: replayCutOff(recorded, app.asOf), signal: context.signal, fresh: true },
  );
  if (!again.ok) {
    context.err(`${again.error.message} ${again.error.hint}`);
    return context.exit(exitCodes.badInput);
  }
  if (!options.diff) return context.out(JSON.stringify(again, null, 2));
  const differences = firstDifferences(
    { data: recorded.data.map((entry) => entry.hash), output: recorded.output, warnings: recorded.warnings },
    { data: again.data.map((entry) => entry.hash), output: again.output, warnings: again.warnings },
    8,
  );
  if (differences.length === 0) return context.out(`${recorded.runId}: recomputed, identical to the last digit.`);
  for (const difference of differences)
    context.out(`${difference.path}: recorded ${difference.before}, now ${difference.after}`);
  if (again.runId !== recorded.runId)
    context.out(`The run id is now ${again.runId}: the code or the data changed since.`);
  context.exit(exitCodes.fault);
}

/** A run that read data sees the same last day again; later data must not slip in. */
function replayCutOff(recorded: SuccessEnvelope, sessionAsOf: string): string {
  const own = recorded.input['asOf'];
  if (typeof own === 'string') return own;
  return recorded.asOf < sessionAsOf ? recorded.asOf : sessionAsOf;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** JSON for reading: long lists show their ends. The whole is under `--json`. */
function shorten(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner: unknown) =>
      Array.isArray(inner) && inner.length > 12 && inner.every((item) => typeof item !== 'object')
        ? [...inner.slice(0, 3), `… ${inner.length - 6} more …`, ...inner.slice(-3)]
        : inner,
    2,
  );
}
