/** From a training to a promoted model and its documents, as a person would do it on the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../app/create-app.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';
import type { CommandContext } from '../command-context.ts';
import { registerDocsCommands } from './docs.ts';
import { registerModelCommands } from './models.ts';

let folder = '';
let app: App;
let modelRun = '';

async function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const out: string[] = [];
  const err: string[] = [];
  let code = 0;
  const context: CommandContext = {
    openApp: async () => app,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    readStdin: async () => '',
    signal: new AbortController().signal,
    exit: (status) => {
      code = status;
    },
  };
  const program = new Command();
  registerModelCommands(program, context);
  registerDocsCommands(program, context);
  await program.parseAsync(args, { from: 'user' });
  return { out: out.join('\n'), err: err.join('\n'), code };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-models-'));
  app = createApp({
    flags: { home: folder, asOf: '2022-12-30' },
    environment: {},
    projectFolder: folder,
    now: () => new Date('2023-01-03T12:00:00Z'),
  });
  const input = {
    symbols: ['DEMO:FENNB', 'DEMO:TORVA', 'DEMO:QUILH'],
    start: '2020-01-01',
    end: '2022-06-30',
    features: ['technical'],
    algorithms: ['ridge'],
    folds: 3,
    searchCandidates: 1,
  };
  const envelope = await app.runner.run('train_return_model', input, { asOf: app.asOf });
  if (!envelope.ok) throw new Error(envelope.error.message);
  modelRun = (envelope as SuccessEnvelope).runId;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('models', () => {
  it('lists and shows trainings with what evidence is missing', async () => {
    expect((await run('models', 'list')).out).toContain(`${modelRun}  recorded`);
    const shown = await run('models', 'show', modelRun.slice(4, 10));
    expect(shown.out).toMatch(/validation +missing/);
    expect((await run('models', 'compare', modelRun, modelRun)).out).toMatch(/algorithm +ridge +ridge/);
  });

  it('refuses promotion without stress and validation, and a champion that failed it', async () => {
    await expect(run('models', 'promote', modelRun, '--yes')).rejects.toThrow(/stress: no run of validate_model/);
    const validated = await app.runner.run(
      'validate_model',
      { runId: modelRun, folds: 4, configurations: 2, blocks: 4 },
      { asOf: app.asOf },
    );
    expect(validated.ok && validated.output['verdict']).toBe('fails');
    await expect(run('models', 'promote', modelRun, '--yes')).rejects.toThrow(/validation fails/);
  });

  it('takes a challenger only from a person, with its artefact', async () => {
    const refused = await run('models', 'promote', modelRun, '--as', 'challenger');
    expect(refused.code).toBe(4);
    const done = await run('models', 'promote', modelRun, '--as', 'challenger', '--by', 'Ann', '--yes');
    expect(done.out).toContain('is challenger of default');
    const shown = JSON.parse((await run('models', 'show', modelRun, '--json')).out);
    expect(shown.registered).toMatchObject({ stage: 'challenger', algorithm: 'ridge' });
    expect(shown.events[0]).toMatchObject({ event: 'challenger', by: 'Ann' });
  });
});

describe('docs', () => {
  it('writes Markdown, HTML, DOCX and JSON, and validates what it wrote', async () => {
    for (const kind of ['md', 'html', 'json']) {
      const file = join(folder, `model.${kind}`);
      expect((await run('docs', 'write', 'model-development', '--run', modelRun, '--out', file)).err).toMatch(
        /values bound/,
      );
      const checked = await run('docs', 'validate', file);
      expect(checked.out).toMatch(/0 errors/);
      expect(checked.code).toBe(0);
    }
    const html = readFileSync(join(folder, 'model.html'), 'utf8');
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/<script|src="http|href="http/);
    await run('docs', 'write', 'sr11-7', '--run', modelRun, '--out', join(folder, 'model.docx'));
    expect(readFileSync(join(folder, 'model.docx')).subarray(0, 2).toString()).toBe('PK');
  });

  it('keeps human text, and fails an edited number with exit status 2', async () => {
    const file = join(folder, 'kept.md');
    await run('docs', 'write', 'model-card', '--run', modelRun, '--out', file);
    const first = readFileSync(file, 'utf8');
    writeFileSync(file, first.replace('<!-- /human limitations -->', 'Banks only.\n<!-- /human limitations -->'));
    await run('docs', 'write', 'model-card', '--run', modelRun, '--out', file);
    const again = readFileSync(file, 'utf8');
    expect(again).toContain('Banks only.');
    const edited = join(folder, 'edited.md');
    writeFileSync(edited, again.replace(/(Number of tests:\*\*) \d+/, '$1 1'));
    const checked = await run('docs', 'validate', edited);
    expect(checked.out).toContain('NUMBER_MISMATCH');
    expect(checked.code).toBe(2);
    expect((await run('docs', 'diff', file, edited)).out).toMatch(/\+ metrics \/ Number of tests: 1/);
  });
});
