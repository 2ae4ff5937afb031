import { describe, expect, it } from 'vitest';
import { measureRouting } from './testing/measure-routing.ts';
import { ownQuestions } from './testing/own-questions.ts';

describe('the hundred own questions', () => {
  it('are a hundred, and at least ninety are routed right', async () => {
    expect(ownQuestions).toHaveLength(100);
    const { right, wrong } = await measureRouting();
    expect(right, wrong.join('\n')).toBeGreaterThanOrEqual(90);
  }, 120_000);
});
