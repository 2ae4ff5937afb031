import { describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { createModelStore } from './model-store.ts';

const model = (runId: string, stage: 'challenger' | 'champion') => ({
  runId,
  name: 'daily',
  stage,
  algorithm: 'ridge',
  artefact: '{"x":1}',
  artefactHash: 'abc',
  dataHashes: ['d1'],
  codeVersion: 'c1',
  parameters: [{ name: 'penaltyPerRow', value: 1 }],
  metrics: { informationCoefficient: 0.01 },
  previousRunId: null,
  evidence: ['run_e'],
});

describe('model registry', () => {
  it('keeps one champion a name, retires the old one, and records every step', () => {
    const database = openDatabase(':memory:');
    let tick = 0;
    const store = createModelStore(database, () => `2020-01-0${++tick}T00:00:00.000Z`);
    store.promote(model('run_a', 'champion'), 'Ann', 'first');
    store.promote(model('run_b', 'challenger'), 'Ann', 'second');
    expect(store.champion('daily')?.runId).toBe('run_a');
    store.promote(model('run_b', 'champion'), 'Bob', 'better');
    expect(store.champion('daily')?.runId).toBe('run_b');
    expect(store.get('run_a')?.stage).toBe('retired');
    expect(store.artefact('run_b')).toBe('{"x":1}');
    expect(store.get('run_b')).toMatchObject({
      dataHashes: ['d1'],
      evidence: ['run_e'],
      metrics: { informationCoefficient: 0.01 },
    });
    expect(store.events('daily').map((event) => [event.runId, event.event, event.by])).toEqual([
      ['run_a', 'champion', 'Ann'],
      ['run_b', 'challenger', 'Ann'],
      ['run_a', 'retired', 'Bob'],
      ['run_b', 'champion', 'Bob'],
    ]);
    database.close();
  });
});
