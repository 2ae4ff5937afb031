/** The worker is built for the test, so that it never depends on what happens to lie in `dist/`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import type { Execution, Executor } from './executor.ts';
import { createInlineExecutor } from './inline.ts';
import { createThreadsExecutor } from './threads.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const toolSource = fileURLToPath(new URL('../testing/slow-sum.ts', import.meta.url));
let folder = '';
let executor: Executor;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-worker-'));
  await build({
    absWorkingDir: root,
    entryPoints: ['tools/executors/worker.ts'],
    outfile: join(folder, 'worker.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    external: ['better-sqlite3'],
    plugins: [
      {
        name: 'test registry',
        setup: (options) => options.onResolve({ filter: /\/registry\.ts$/ }, () => ({ path: toolSource })),
      },
    ],
  });
  executor = createThreadsExecutor({ workerFile: join(folder, 'worker.mjs'), threads: 2 });
});

afterAll(async () => {
  await executor.close();
  rmSync(folder, { recursive: true, force: true });
});

async function execution(mode: string, jobs: boolean, signal = new AbortController().signal) {
  const { slowSum, slowSumByJobs } = await import('../testing/slow-sum.ts');
  const seen: string[] = [];
  const parts: Execution = {
    tool: jobs ? slowSumByJobs : slowSum,
    input: { mode, howMany: 8 },
    data: Float64Array.of(1, 2, 3),
    seed: 7,
    signal,
    progress: (fraction, note) => seen.push(`progress ${fraction} ${note}`),
    warn: (code) => seen.push(`warning ${code}`),
  };
  return { parts, seen };
}

describe('createThreadsExecutor', () => {
  it.each([false, true])('computes what the inline executor computes (jobs: %s)', async (jobs) => {
    const inline = await execution('fine', jobs);
    const threaded = await execution('fine', jobs);
    const expected = await createInlineExecutor().execute(inline.parts);
    expect(await executor.execute(threaded.parts)).toEqual(expected);
    expect(threaded.seen).toEqual(inline.seen);
    expect(threaded.seen).toContain('warning SLOW');
  });

  it('carries a typed error over with its hint, and a bug as a bug', async () => {
    await expect(executor.execute((await execution('few', false)).parts)).rejects.toMatchObject({
      code: 'NOT_ENOUGH_DATA',
      kind: 'data',
      details: { needed: 10 },
    });
    await expect(executor.execute((await execution('bug', false)).parts)).rejects.toThrow('a bug');
  });

  it('ends a computation that never looks up when it is cancelled, and works afterwards', async () => {
    const controller = new AbortController();
    const running = executor.execute((await execution('forever', false, controller.signal)).parts);
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await executor.execute((await execution('fine', false)).parts)).toBeDefined();
  });
});

describe('defineTool', () => {
  it('refuses a name that is not a verb phrase in snake_case', () => {
    const base = {
      title: 't',
      family: 'market' as const,
      version: 1,
      description: 'd',
      input: z.strictObject({}),
      output: z.object({ n: units.count('n') }),
      run: () => ({ n: 1 }),
      summarise: () => [],
      examples: [],
      assumptions: [],
      references: [],
      cost: 'instant' as const,
    };
    expect(() => defineTool({ ...base, name: 'FitHmm' })).toThrow(/snake_case/);
    expect(() => defineTool({ ...base, name: 'hmm' })).toThrow(/snake_case/);
    expect(Object.isFrozen(defineTool({ ...base, name: 'fit_hmm' }))).toBe(true);
  });
});
