import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { createInlineExecutor } from '../executors/inline.ts';
import { createToolRunner } from '../run-tool.ts';
import { createMemoryRunStore } from '../testing/memory-run-store.ts';
import { listRuns } from './list-runs.ts';
import { showRun } from './show-run.ts';

const RUN = 'run_0123456789abcdef';

async function setUp() {
  const runs = createMemoryRunStore();
  const filtered = Array.from({ length: 4000 }, (_, i) => ({ date: `day ${i}`, value: i / 7 }));
  const envelope = {
    ok: true,
    tool: 'fit_hmm',
    version: 3,
    runId: RUN,
    asOf: '2020-04-17',
    seed: 42,
    input: {},
    data: [
      {
        source: 'test',
        symbols: ['DEMO:MKT'],
        from: '2010-01-04',
        to: '2020-04-17',
        rows: 9,
        hash: 'h',
        synthetic: true,
        retrievedAt: null,
      },
    ],
    output: { states: [{ mean: 0.25 }], filtered },
    warnings: [{ code: 'FEW', message: 'few rows' }],
  };
  await runs.record({
    runId: RUN,
    tool: 'fit_hmm',
    asOf: '2020-04-17',
    envelope: JSON.stringify(envelope),
    durationMs: 1,
    memoryBytes: 1,
  });
  await runs.record({
    runId: 'run_ffff',
    tool: 'get_prices',
    asOf: '2020-04-17',
    envelope: '{}',
    durationMs: 1,
    memoryBytes: 1,
  });
  const runner = createToolRunner({
    tools: [listRuns, showRun],
    portsAt: (asOf) => ({ ...fixturePorts(asOf), runs }),
    runs,
    executorFor: () => createInlineExecutor(),
    codeHash: 'test',
    clock: () => 0,
  });
  return async (tool: string, input: unknown) => {
    const result = await runner.run(tool, input, { asOf: '2020-05-01' });
    return { result, recorded: (await runs.list({ limit: 10 })).length };
  };
}

describe('list_runs', () => {
  it('lists newest first, by tool, and records nothing itself', async () => {
    const run = await setUp();
    const all = await run('list_runs', {});
    expect(all.result).toMatchObject({
      ok: true,
      output: { count: 2, runs: [{ tool: 'get_prices' }, { runId: RUN, asOf: '2020-04-17' }] },
    });
    expect(all.recorded).toBe(2);
    expect((await run('list_runs', { tool: 'fit_hmm' })).result).toMatchObject({ output: { count: 1 } });
  });
});

describe('show_run', () => {
  it('gives a part by path, sources and warnings with synthetic said', async () => {
    const { result } = await (await setUp())('show_run', { runId: RUN, path: 'states[0].mean' });
    expect(result).toMatchObject({
      ok: true,
      output: {
        json: '0.25',
        version: 3,
        pages: 1,
        sources: ['test: DEMO:MKT 2010-01-04 to 2020-04-17 (synthetic)'],
        warnings: ['FEW: few rows'],
      },
    });
  });

  it('pages a long series without losing a character', async () => {
    const run = await setUp();
    let text = '';
    for (let page = 1, pages = 1; page <= pages; page++) {
      const { result } = await run('show_run', { runId: RUN, path: 'filtered', page });
      if (!result.ok) throw new Error(result.error.message);
      pages = Number(result.output['pages']);
      text += String(result.output['json']);
    }
    expect(JSON.parse(text)).toHaveLength(4000);
  });

  it('names what the output has where the path is wrong, and the pages where the page is', async () => {
    const run = await setUp();
    expect((await run('show_run', { runId: RUN, path: 'sharpe' })).result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('states, filtered') },
    });
    expect((await run('show_run', { runId: RUN, path: 'states', page: 9 })).result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('between 1 and 1') },
    });
  });
});
