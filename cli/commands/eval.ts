/** `eval run | bless`: ask every case of a suite, grade, compare with the baseline. */
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { EvalOutcome } from '../../evals/run-evals.ts';
import { invalidInput, TradewindError } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

/** Results that cannot be compared are neither good nor bad news. */
const NOT_COMPARABLE = 3;

interface EvalOptions {
  readonly suite?: string;
  readonly only?: string;
  readonly sample?: number;
  readonly sampleSeed: number;
  readonly trials: number;
  readonly parallel: number;
  readonly resume?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly store?: string;
  readonly json?: boolean;
}

function countFor(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw invalidInput({ what: option, needed: 'a whole number of at least 1', got: text });
    return value;
  };
}

export function registerEvalCommands(program: Command, context: CommandContext): void {
  const evals = program.command('eval').description('run eval suites on the answers');
  const count = (flags: string, text: string) =>
    new Option(flags, text).argParser(countFor(flags.split(' ')[0] ?? flags));
  const withOptions = (command: Command) =>
    command
      .option('--suite <folder>', 'folder of case files; default: the suite that comes with Tradewind')
      .option('--only <text>', 'only cases whose id or category holds this text')
      .addOption(count('--sample <count>', 'only so many cases, the categories in proportion'))
      .addOption(count('--sample-seed <number>', 'another sample for another number').default(42))
      .addOption(count('--trials <count>', 'ask every case so many times').default(1))
      .addOption(count('--parallel <count>', 'cases at once').default(2))
      .option('--resume <file>', 'keep results in this file and go on where it stopped')
      .option('--junit <file>', 'write a JUnit report')
      .option('--html <file>', 'write a report with transcripts, tool calls and the evidence of every number')
      .option('--store <file>', 'add the run to a SQLite file')
      .option('--json', 'every result with its transcript as JSON');
  withOptions(
    evals.command('run').description('ask, grade, compare with the baseline; exit status 1 on a regression'),
  ).action((options: EvalOptions) => evaluate(context, program, options, false));
  withOptions(evals.command('bless').description('run, and make what passes now the baseline')).action(
    (options: EvalOptions) => evaluate(context, program, options, true),
  );
}

async function evaluate(
  context: CommandContext,
  program: Command,
  options: EvalOptions,
  bless: boolean,
): Promise<void> {
  const { isComparable, runEvals } = await import('../../evals/run-evals.ts');
  const given = program.opts<{ provider?: 'auto'; model?: string; baseUrl?: string }>();
  const show = context.stderrIsTty;
  try {
    const outcome = await runEvals({
      ...options,
      bless,
      flags: {
        ...(given.provider === undefined ? {} : { 'model.provider': given.provider }),
        ...(given.model === undefined ? {} : { 'model.name': given.model }),
        ...(given.baseUrl === undefined ? {} : { 'model.baseUrl': given.baseUrl }),
      },
      notify: context.err,
      signal: context.signal,
      onCase: (result, done, total) => {
        if (show) process.stderr.write(`\r\x1b[2K${done}/${total} ${result.id}`);
      },
    });
    if (show) process.stderr.write('\r\x1b[2K');
    await writeReports(context, options, outcome);
    if (context.signal.aborted) context.exit(exitCodes.interrupted);
    else if (!isComparable(outcome)) context.exit(NOT_COMPARABLE);
    else if (!bless && outcome.comparison.regressions.length > 0) context.exit(exitCodes.fault);
  } catch (error) {
    if (!(error instanceof TradewindError) || error.code !== 'NOT_COMPARABLE') throw error;
    context.err(`${error.message} ${error.hint}`);
    context.exit(NOT_COMPARABLE);
  }
}

async function writeReports(context: CommandContext, options: EvalOptions, outcome: EvalOutcome): Promise<void> {
  const [report, { htmlReport }, { printConfusion }] = await Promise.all([
    import('../../evals/report.ts'),
    import('../../evals/html-report.ts'),
    import('../../evals/confusion.ts'),
  ]);
  const { model, results, comparison, confusion, trials } = outcome;
  if (options.junit !== undefined) writeFileSync(options.junit, report.junitReport(results, model));
  if (options.html !== undefined) writeFileSync(options.html, htmlReport(outcome));
  if (options.store !== undefined) {
    const { storeResults } = await import('../../evals/store-results.ts');
    storeResults(options.store, { at: new Date().toISOString(), model, results });
  }
  if (options.json) {
    context.out(JSON.stringify({ model, results, comparison, confusion }, null, 2));
    return;
  }
  const { regressions, improvements, added } = comparison;
  const lines = [
    report.terminalReport(results),
    printConfusion(confusion),
    report.trialSummary(results, trials),
    report.pairedVerdict(comparison, results.length - added.length),
    `${model}: ${report.passRate(results).trim()} pass; ${regressions.length} regressions${regressions.length > 0 ? ` (${regressions.join(', ')})` : ''}, ${improvements.length} improvements, ${added.length} not in the baseline.`,
  ];
  context.out(lines.filter((line) => line !== '').join('\n\n'));
}
