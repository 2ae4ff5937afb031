/** Tools for the tests of the executors; this file also stands in for the registry inside the test worker. */
import { z } from 'zod';
import { notEnoughData } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool, type RunContext, type Tool } from '../define-tool.ts';

const shape = {
  title: 'Slow sum',
  family: 'market' as const,
  version: 1,
  description: 'Adds slowly.',
  input: z.strictObject({ mode: z.string(), howMany: units.count('how many') }),
  output: z.object({ total: units.ratio('sum') }),
  summarise: () => [],
  examples: [],
  assumptions: [],
  references: [],
  cost: 'minutes' as const,
};

function report(context: RunContext): void {
  context.progress(0.25, 'begun');
  context.warn('SLOW', 'this is slow');
  context.progress(1, 'done');
}

export const slowSum = defineTool({
  ...shape,
  name: 'sum_slowly',
  run(input, data: Float64Array, context) {
    if (input.mode === 'few') throw notEnoughData({ what: 'The sum', needed: 10, got: 3 });
    if (input.mode === 'bug') throw new Error('a bug');
    while (input.mode === 'forever');
    report(context);
    let total = data.reduce((sum, value) => sum + value, 0);
    for (let i = 0; i < input.howMany; i++) total += context.rng.normal();
    return { total };
  },
});

export const slowSumByJobs = defineTool({
  ...shape,
  name: 'sum_by_jobs',
  jobs: { square: (value: number) => value * value },
  async run(input, _data: Float64Array, context) {
    report(context);
    const squares = await context.runJobs<number, number>(
      'square',
      Array.from({ length: input.howMany }, (_, i) => i),
    );
    return { total: squares.reduce((sum, value, i) => sum + value * (i + 1), 0) };
  },
});

export const tools: readonly Tool[] = [slowSum, slowSumByJobs];
