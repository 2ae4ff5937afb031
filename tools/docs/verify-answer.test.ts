import { describe, expect, it } from 'vitest';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { createInlineExecutor } from '../executors/inline.ts';
import { calculate } from '../market/calculate.ts';
import { createToolRunner } from '../run-tool.ts';
import { createMemoryRunStore } from '../testing/memory-run-store.ts';
import { verifyAnswer } from './verify-answer.ts';

async function verify(text: string, question = '') {
  const runs = createMemoryRunStore();
  const inline = createInlineExecutor();
  const runner = createToolRunner({
    tools: [calculate, verifyAnswer],
    portsAt: (day) => ({ ...fixturePorts(day), runs }),
    runs,
    executorFor: () => inline,
    codeHash: 'test',
    clock: () => 0,
  });
  const first = await runner.run('calculate', { expression: '0.2 * 0.6', unit: 'annualVol' }, { asOf: '2020-01-01' });
  if (!first.ok) throw new Error(first.error.message);
  return runner.run('verify_answer', { text, runIds: [first.runId], question }, { asOf: '2020-01-01' });
}

describe('verify_answer', () => {
  it('traces placeholders and leaves invented numbers unbound', async () => {
    const result = await verify('The volatility is {{r1.value}}, far from 31%.');
    expect(result).toMatchObject({
      ok: true,
      output: { verdict: 'some unbound', tracedCount: 1, unbound: [{ shown: '31%' }] },
    });
  });

  it('accepts what the person said', async () => {
    expect(await verify('You asked about 31%.', 'is it 31%?')).toMatchObject({
      ok: true,
      output: { verdict: 'all traced' },
    });
  });
});
