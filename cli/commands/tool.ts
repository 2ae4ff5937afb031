/** `tool list | describe | run`: the registry on the command line. `run` prints exactly one JSON document, the envelope. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { invalidInput, TradewindError } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { createProgressLine } from '../render/progress-line.ts';

export function registerToolCommands(program: Command, context: CommandContext): void {
  const tool = program.command('tool').description('list, describe and run the tools that compute every number');
  tool
    .command('list')
    .description('every tool with its title, by family')
    .option('--family <name>', 'only this family')
    .option('--json', 'as JSON')
    .action((options: { family?: string; json?: boolean }) => listTools(context, options));
  tool
    .command('describe <name>')
    .description('what a tool computes, its input and output schema, examples, references')
    .option('--json', 'as JSON')
    .action((name: string, options: { json?: boolean }) => describeTool(context, name, options));
  tool
    .command('run <name>')
    .description('run a tool; prints the result envelope as one JSON document')
    .option('--input <json>', 'JSON, a file name, @file, or - for standard input', '{}')
    .option('--fresh', 'compute again even where the run is recorded')
    .option('--compact', 'JSON on one line')
    .action((name: string, options: { input: string; fresh?: boolean; compact?: boolean }) =>
      runTool(context, name, options),
    );
}

async function listTools(context: CommandContext, options: { family?: string; json?: boolean }): Promise<void> {
  const [{ tools }, { toolFamilies }] = await Promise.all([
    import('../../tools/registry.ts'),
    import('../../tools/define-tool.ts'),
  ]);
  const chosen = tools.filter((tool) => options.family === undefined || tool.family === options.family);
  if (chosen.length === 0)
    throw invalidInput({ what: '--family', needed: `one of ${toolFamilies.join(', ')}`, got: options.family });
  if (options.json) {
    context.out(
      JSON.stringify(
        chosen.map(({ name, title, family, description, cost }) => ({ name, title, family, description, cost })),
        null,
        2,
      ),
    );
    return;
  }
  const width = Math.max(...chosen.map((tool) => tool.name.length));
  for (const family of toolFamilies) {
    const members = chosen.filter((tool) => tool.family === family);
    if (members.length === 0) continue;
    context.out(family);
    for (const member of members) context.out(`  ${member.name.padEnd(width)}  ${member.title}`);
  }
}

async function describeTool(context: CommandContext, name: string, options: { json?: boolean }): Promise<void> {
  const [{ tools }, { z }, { nearest }] = await Promise.all([
    import('../../tools/registry.ts'),
    import('zod'),
    import('../../lib/nearest.ts'),
  ]);
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) {
    const close = nearest(
      name,
      tools.map((candidate) => candidate.name),
    );
    throw new TradewindError({
      code: 'UNKNOWN_TOOL',
      kind: 'input',
      message: `There is no tool ${JSON.stringify(name)}.`,
      hint: close.length > 0 ? `Did you mean ${close.join(', ')}?` : 'See `tradewind tool list`.',
    });
  }
  const input = z.toJSONSchema(tool.input, { io: 'input' });
  const output = z.toJSONSchema(tool.output, { io: 'output' });
  const { title, family, version, description, examples, assumptions, references, cost } = tool;
  if (options.json) {
    context.out(
      JSON.stringify(
        { name, title, family, version, description, cost, input, output, examples, assumptions, references },
        null,
        2,
      ),
    );
    return;
  }
  context.out(`${name}: ${title} (${family}, ${cost})\n\n${description}\n`);
  context.out(`Input schema\n${JSON.stringify(input, null, 2)}\n\nOutput schema\n${JSON.stringify(output, null, 2)}\n`);
  for (const example of examples)
    context.out(`Example: ${example.ask}\n  tradewind tool run ${name} --input '${JSON.stringify(example.input)}'`);
  if (assumptions.length > 0) context.out(`\nAssumes\n${assumptions.map((line) => `  ${line}`).join('\n')}`);
  if (references.length > 0) context.out(`\nReferences\n${references.map((line) => `  ${line}`).join('\n')}`);
}

async function runTool(
  context: CommandContext,
  name: string,
  options: { input: string; fresh?: boolean; compact?: boolean },
): Promise<void> {
  const input = await readInput(options.input, context);
  const app = await context.openApp();
  const progress = createProgressLine(context);
  const envelope = await app.runner.run(name, input, {
    asOf: app.asOf,
    signal: context.signal,
    onProgress: ({ fraction, note }) => progress.show(name, fraction, note),
    ...(options.fresh ? { fresh: true } : {}),
  });
  progress.clear();
  context.out(JSON.stringify(envelope, null, options.compact ? 0 : 2));
  if (envelope.ok) return;
  const { kind } = envelope.error;
  context.exit(kind === 'cancelled' ? exitCodes.interrupted : kind === 'fault' ? exitCodes.fault : exitCodes.badInput);
}

/** `-` is standard input, `@file` or a file name that exists is a file, anything else is JSON text. */
async function readInput(argument: string, context: CommandContext): Promise<unknown> {
  const inline = /^\s*[[{"]/.test(argument);
  let text = argument;
  if (argument === '-') text = await context.readStdin();
  else if (!inline) {
    const file = argument.startsWith('@') ? argument.slice(1) : argument;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      throw invalidInput({
        what: '--input',
        needed: 'JSON, a readable file, @file, or - for standard input',
        got: argument,
      });
    }
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidInput({
      code: 'INVALID_JSON',
      what: '--input',
      needed: 'valid JSON',
      got: error instanceof Error ? error.message : 'something else',
      hint: `For example --input '{"symbol": "SPX"}'.`,
    });
  }
}
