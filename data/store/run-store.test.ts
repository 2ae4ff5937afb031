import { describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { createRunStore } from './run-store.ts';

function setUp() {
  let tick = 0;
  const store = createRunStore(openDatabase(':memory:'), () =>
    new Date(1_600_000_000_000 + 1000 * tick++).toISOString(),
  );
  const record = (runId: string, tool = 'fit_hmm') =>
    store.record({
      runId,
      tool,
      asOf: '2020-02-28',
      envelope: JSON.stringify({ runId, value: 0.1 }),
      durationMs: 3,
      memoryBytes: 5,
    });
  return { store, record };
}

describe('createRunStore', () => {
  it('returns what was recorded, to the last digit', async () => {
    const { store, record } = setUp();
    await record('run_a');
    expect(await store.get('run_a')).toMatchObject({ runId: 'run_a', tool: 'fit_hmm', envelope: { value: 0.1 } });
    expect(await store.get('run_missing')).toBeUndefined();
    expect(await store.measurements('run_a')).toEqual({ durationMs: 3, memoryBytes: 5 });
  });

  it('lists newest first, by tool, and pages', async () => {
    const { store, record } = setUp();
    await record('run_a');
    await record('run_b', 'get_prices');
    await record('run_c');
    const ids = async (query: Parameters<typeof store.list>[0]) => (await store.list(query)).map((run) => run.runId);
    expect(await ids({ limit: 10 })).toEqual(['run_c', 'run_b', 'run_a']);
    expect(await ids({ limit: 10, tool: 'fit_hmm' })).toEqual(['run_c', 'run_a']);
    expect(await ids({ limit: 1, before: 'run_c' })).toEqual(['run_b']);
  });

  it('keeps one row for a run that is recorded again', async () => {
    const { store, record } = setUp();
    await record('run_a');
    await record('run_a');
    expect(await store.list({ limit: 10 })).toHaveLength(1);
  });

  it('completes a short id', async () => {
    const { store, record } = setUp();
    await record('run_ab1');
    await record('run_ab2');
    await record('run_c');
    expect(await store.complete('run_ab', 5)).toEqual(['run_ab2', 'run_ab1']);
    expect(await store.complete('run_%', 5)).toEqual([]);
  });
});
