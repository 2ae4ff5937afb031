/** `eval run | bless`: ask every case of a suite, grade, compare with the baseline. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { invalidInput } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface EvalOptions {
  readonly suite?: string;
  readonly only?: string;
  readonly junit?: string;
  readonly json?: boolean;
  readonly parallel: string;
}

export function registerEvalCommands(program: Command, context: CommandContext): void {
  const evals = program.command('eval').description('run eval suites on the answers');
  const withOptions = (command: Command) =>
    command
      .option('--suite <folder>', 'folder of case files; default: the suite that comes with Tradewind')
      .option('--only <text>', 'only cases whose id or category holds this text')
      .option('--parallel <count>', 'cases at once', '2')
      .option('--junit <file>', 'write a JUnit report')
      .option('--json', 'every result with its transcript as JSON');
  withOptions(
    evals.command('run').description('ask, grade, compare with the baseline; exit status 1 on a regression'),
  ).action((options: EvalOptions) => runEvals(context, program, options, false));
  withOptions(evals.command('bless').description('run, and make what passes now the baseline')).action(
    (options: EvalOptions) => runEvals(context, program, options, true),
  );
}

async function runEvals(
  context: CommandContext,
  program: Command,
  options: EvalOptions,
  bless: boolean,
): Promise<void> {
  const [
    { loadCases },
    { runSuite },
    { createDeskSubject },
    baseline,
    report,
    { createApp, configFor },
    { packageRoot },
    { generatedCases },
    { tools },
  ] = await Promise.all([
    import('../../evals/load-cases.ts'),
    import('../../evals/run.ts'),
    import('../../evals/desk-subject.ts'),
    import('../../evals/baseline.ts'),
    import('../../evals/report.ts'),
    import('../../app/create-app.ts'),
    import('../../app/package-root.ts'),
    import('../../evals/generated-cases.ts'),
    import('../../tools/registry.ts'),
  ]);
  const evalsFolder = join(packageRoot(), 'evals');
  const suite = options.suite ?? join(evalsFolder, 'cases');
  if (!existsSync(suite)) throw invalidInput({ what: '--suite', needed: 'a folder of case files', got: suite });
  if (bless && options.only !== undefined)
    throw invalidInput({
      what: '--only',
      needed: 'left out when blessing',
      got: options.only,
      hint: 'A baseline holds the whole suite.',
    });
  const all = [...loadCases(suite), ...(options.suite === undefined ? generatedCases(tools) : [])];
  const cases = all.filter(
    (one) => options.only === undefined || one.id.includes(options.only) || one.category.includes(options.only),
  );
  if (cases.length === 0)
    throw invalidInput({ what: '--only', needed: 'part of an id or category of the suite', got: options.only });
  const given = program.opts<{ provider?: 'auto'; model?: string; baseUrl?: string }>();
  const flags = {
    ...(given.provider === undefined ? {} : { 'model.provider': given.provider }),
    ...(given.model === undefined ? {} : { 'model.name': given.model }),
    ...(given.baseUrl === undefined ? {} : { 'model.baseUrl': given.baseUrl }),
  };
  // A store of its own: evals neither see nor leave anything in the user's.
  const home = mkdtempSync(join(tmpdir(), 'tradewind-eval-'));
  const openApp = (asOf: string) => createApp({ flags: { ...flags, home, asOf }, notify: context.err });
  const config = configFor({ flags });
  const real =
    config.text('model.provider') === 'openai' ||
    (config.text('model.provider') === 'auto' &&
      (config.text('model.apiKey') !== null || config.text('model.baseUrl') !== null));
  const model = real ? (config.text('model.name') ?? 'model') : 'embedded';
  const subject = createDeskSubject({ name: model, openApp, clock: () => performance.now() });
  const gold = openApp('2026-01-05');
  try {
    const results = await runSuite(cases, 'run', {
      subject,
      runner: gold.runner,
      defaultAsOf: '2026-01-05',
      signal: context.signal,
      parallel: Math.max(1, Number.parseInt(options.parallel, 10) || 1),
      onCase: (result, done, total) => {
        if (context.stderrIsTty) process.stderr.write(`\r\x1b[2K${done}/${total} ${result.id}`);
      },
    });
    if (context.stderrIsTty) process.stderr.write('\r\x1b[2K');
    if (options.junit !== undefined) writeFileSync(options.junit, report.junitReport(results, model));
    const file = baseline.baselineFile(options.suite ?? evalsFolder, model);
    if (bless) baseline.writeBaseline(file, model, results);
    const comparison = baseline.compare(baseline.readBaseline(file), results);
    if (options.json) context.out(JSON.stringify({ model, results, comparison }, null, 2));
    else {
      context.out(report.terminalReport(results));
      const passed = results.filter((result) => result.status === 'pass').length;
      context.out(
        `\n${model}: ${passed} of ${results.length} pass; ${comparison.regressions.length} regressions${comparison.regressions.length > 0 ? ` (${comparison.regressions.join(', ')})` : ''}, ${comparison.improvements.length} improvements, ${comparison.added.length} not in the baseline.`,
      );
    }
    if (context.signal.aborted) context.exit(exitCodes.interrupted);
    else if (!bless && comparison.regressions.length > 0) context.exit(exitCodes.fault);
  } finally {
    await subject.close();
    await gold.close();
    rmSync(home, { recursive: true, force: true });
  }
}
