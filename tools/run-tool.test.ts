import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Ports } from '../data/ports.ts';
import type { Provenance } from '../data/types.ts';
import { notEnoughData } from '../lib/errors.ts';
import { units } from '../lib/units.ts';
import { defineTool } from './define-tool.ts';
import { createInlineExecutor } from './executors/inline.ts';
import { createToolRunner } from './run-tool.ts';
import { createMemoryRunStore } from './testing/memory-run-store.ts';

let runs = 0;

function provenance(hash: string): Provenance {
  return {
    source: 'test',
    symbols: ['AAA'],
    from: '2020-01-01',
    to: '2020-02-28',
    rows: 3,
    hash,
    synthetic: false,
    retrievedAt: null,
  };
}

const drawNumbers = defineTool({
  name: 'draw_numbers',
  title: 'Draw numbers',
  family: 'market',
  version: 1,
  description: 'Draws. Use it in tests. Use nothing else.',
  input: z.strictObject({
    howMany: units.count('how many').min(1).max(5).default(2),
    seed: units.count('seed').default(42),
    asOf: z.string().optional(),
    mode: z.enum(['fine', 'bad-output', 'few', 'bug', 'mutate', 'wait']).default('fine'),
  }),
  output: z.object({ total: units.ratio('sum') }),
  load: async () => ({
    value: { hash: 'h1' },
    provenance: [provenance('h1')],
    warnings: [{ code: 'STALE', message: 'old' }],
  }),
  async run(input, _data, context) {
    runs += 1;
    if (input.mode === 'few') throw notEnoughData({ what: 'The draw', needed: 10, got: 3 });
    if (input.mode === 'bug') throw new Error('secret stack');
    if (input.mode === 'bad-output') return { total: Number.NaN };
    if (input.mode === 'mutate') (input as { howMany: number }).howMany = 3;
    if (input.mode === 'wait') await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    context.progress(0.5, 'half');
    context.warn('DRAWN', 'drawn');
    context.warn('DRAWN', 'drawn');
    const numbers = await context.runJobs<number, number>('twice', [1, 2, 3]);
    let total = numbers.reduce((sum, value) => sum + value, 0);
    for (let i = 0; i < input.howMany; i++) total += context.rng.uniform();
    return { total };
  },
  jobs: { twice: (value: number) => 2 * value },
  summarise: (_output, cite) => [cite('total')],
  examples: [],
  assumptions: [],
  references: [],
  cost: 'instant',
});

function setUp(codeHash = 'c1') {
  const store = createMemoryRunStore();
  const faults: unknown[] = [];
  const executor = createInlineExecutor();
  const runner = createToolRunner({
    tools: [drawNumbers],
    portsAt: (asOf) => ({ asOf }) as Ports,
    runs: store,
    executorFor: () => executor,
    codeHash,
    clock: () => 0,
    onFault: (error) => faults.push(error),
  });
  return { runner, store, faults };
}

const at = { asOf: '2020-03-01' };

describe('createToolRunner', () => {
  it('fills defaults, records, dates by the last bar and keeps warnings once', async () => {
    const { runner, store } = setUp();
    const envelope = await runner.run('draw_numbers', {}, at);
    expect(envelope).toMatchObject({
      ok: true,
      asOf: '2020-02-28',
      seed: 42,
      input: { howMany: 2, seed: 42, mode: 'fine' },
    });
    if (!envelope.ok) throw new Error('unreachable');
    expect(envelope.warnings.map((warning) => warning.code)).toEqual(['STALE', 'DRAWN']);
    expect((await store.get(envelope.runId))?.envelope).toEqual(envelope);
  });

  it('answers the same call from the store, and a changed seed, code or `fresh` by computing', async () => {
    const { runner } = setUp();
    const before = runs;
    const first = await runner.run('draw_numbers', { howMany: 3 }, at);
    expect(await runner.run('draw_numbers', { howMany: 3, seed: 42 }, at)).toEqual(first);
    expect(runs - before).toBe(1);
    expect(await runner.run('draw_numbers', { howMany: 3 }, { ...at, fresh: true })).toEqual(first);
    expect(runs - before).toBe(2);
    const reseeded = await runner.run('draw_numbers', { howMany: 3, seed: 7 }, at);
    expect(reseeded).not.toEqual(first);
    const other = await setUp('c2').runner.run('draw_numbers', { howMany: 3 }, at);
    if (!first.ok || !other.ok) throw new Error('unreachable');
    expect(other.output).toEqual(first.output);
    expect(other.runId).not.toBe(first.runId);
  });

  it.each([
    [{ howMany: 'two' }, /`howMany`: expected number, but it is "two"/],
    [{ howMany: 9 }, /`howMany`: .*5.*, but it is 9/],
    [{ howmany: 2 }, /`howmany` is not a field; did you mean `howMany`\?/],
    [[1], /must be one JSON object/],
    [{ howMany: Number.NaN }, /howMany/],
  ])('explains bad input %j', async (input, message) => {
    const envelope = await setUp().runner.run('draw_numbers', input, at);
    if (envelope.ok) throw new Error('must fail');
    expect(envelope.error.code).toBe('INVALID_INPUT');
    expect(envelope.error.kind).toBe('input');
    expect(envelope.error.message).toMatch(message);
    expect(envelope.error.hint).toContain('howMany');
  });

  it('refuses an asOf after the cut-off of the session', async () => {
    const envelope = await setUp().runner.run('draw_numbers', { asOf: '2021-01-01' }, at);
    expect(envelope).toMatchObject({ ok: false, error: { code: 'AS_OF_AFTER_CUT_OFF' } });
  });

  it('suggests a tool for a mistyped name', async () => {
    const envelope = await setUp().runner.run('draw_number', {}, at);
    expect(envelope).toMatchObject({ ok: false, error: { code: 'UNKNOWN_TOOL', hint: 'Did you mean draw_numbers?' } });
  });

  it('passes typed errors on and hides the stack of a bug', async () => {
    const { runner, store, faults } = setUp();
    expect(await runner.run('draw_numbers', { mode: 'few' }, at)).toMatchObject({
      ok: false,
      error: { code: 'NOT_ENOUGH_DATA', kind: 'data', details: { needed: 10, got: 3 } },
    });
    const bug = await runner.run('draw_numbers', { mode: 'bug' }, at);
    expect(bug).toMatchObject({ ok: false, error: { code: 'INTERNAL_FAULT', kind: 'fault' } });
    expect(JSON.stringify(bug)).not.toContain('at run');
    expect(faults).toHaveLength(1);
    expect(await runner.run('draw_numbers', { mode: 'bad-output' }, at)).toMatchObject({
      ok: false,
      error: { kind: 'fault' },
    });
    expect(await runner.run('draw_numbers', { mode: 'mutate' }, at)).toMatchObject({
      ok: false,
      error: { kind: 'fault' },
    });
    expect(await store.list({ limit: 10 })).toEqual([]);
  });

  it('stops when cancelled, before and during the run, and records nothing', async () => {
    const { runner, store } = setUp();
    expect(await runner.run('draw_numbers', {}, { ...at, signal: AbortSignal.abort() })).toMatchObject({
      ok: false,
      error: { code: 'CANCELLED' },
    });
    const controller = new AbortController();
    const running = runner.run('draw_numbers', { mode: 'wait' }, { ...at, signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    expect(await running).toMatchObject({ ok: false, error: { code: 'CANCELLED', kind: 'cancelled' } });
    expect(await store.list({ limit: 10 })).toEqual([]);
  });
});
