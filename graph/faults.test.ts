/** Twelve faults of a real endpoint: each ends in a repair, a bounded retry, or one clear message, with the session intact. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Tool } from '../tools/define-tool.ts';
import { calculate } from '../tools/market/calculate.ts';
import { createOpenAIModel } from './models/openai.ts';
import type { OpenAITestServer, ServerStep } from './testing/openai-test-server.ts';
import { startOpenAITestServer } from './testing/openai-test-server.ts';
import { type Turn, takeTurn, testDesk } from './testing/test-desk.ts';

const route: ServerStep = {
  toolCalls: [{ name: 'route', arguments: '{"mode":"single","assignments":[{"persona":"ml_quant","question":"q"}]}' }],
};
const goodCall: ServerStep = { toolCalls: [{ name: 'calculate', arguments: '{"expression":"2 + 3"}' }] };
const goodAnswer: ServerStep = { text: 'The sum is {{r1.value}}.' };
const tools: readonly Tool[] = [calculate];

let server: OpenAITestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Plays the steps for a first question, then a healthy second one in the same session. */
async function play(
  steps: readonly ServerStep[],
  options: { repeatLast?: boolean; maxSteps?: number; stallAfterMs?: number } = {},
): Promise<{ first: Turn; next: Turn; requests: number }> {
  server = await startOpenAITestServer(steps, options);
  const model = (baseUrl: string) =>
    createOpenAIModel({
      name: 'test',
      baseUrl,
      maxRetries: 2,
      retryAfterMs: 5,
      stallAfterMs: options.stallAfterMs ?? 60_000,
    });
  const first = await takeTurn(
    testDesk({ model: model(server.baseUrl), tools, limits: { maxSteps: options.maxSteps ?? 6 } }).ask(
      's',
      'what is 2 + 3',
    ),
  );
  const requests = server.requests.length;
  await server.close();
  server = await startOpenAITestServer([route, goodCall, goodAnswer]);
  const next = await takeTurn(testDesk({ model: model(server.baseUrl), tools }).ask('s', 'what is 2 + 3'));
  return { first, next, requests };
}

describe('a healthy endpoint', () => {
  it('routes, calls a tool, binds and streams', async () => {
    const { first } = await play([route, goodCall, goodAnswer]);
    expect(first.text).toBe('The sum is 5.');
    expect(first.answer?.evidence).toHaveLength(1);
    expect(
      first.events
        .filter((event) => event.type === 'text-delta')
        .map((event) => (event.type === 'text-delta' ? event.text : ''))
        .join(''),
    ).toBe('The sum is 5.');
  });
});

describe('the twelve faults', () => {
  const repaired: readonly (readonly [string, ServerStep])[] = [
    ['malformed tool JSON', { toolCalls: [{ name: 'calculate', arguments: '{"expression": 2 + ' }] }],
    ['unknown tool', { toolCalls: [{ name: 'calculat', arguments: '{}' }] }],
    ['wrong argument types', { toolCalls: [{ name: 'calculate', arguments: '{"expression": 12}' }] }],
    ['empty answer', { text: '' }],
    ['429 with retry-after', { status: 429, headers: { 'retry-after': '0.01' } }],
    ['500', { status: 500 }],
    ['stalled stream', { stallAfter: 'The sum' }],
    ['dropped connection', { dropAfter: 'The sum' }],
  ];
  it.each(repaired)('%s is repaired or retried', async (_name, fault) => {
    const { first, next } = await play(
      [route, fault, goodCall, goodAnswer],
      'stallAfter' in fault ? { stallAfterMs: 3000 } : {},
    );
    expect(first.error).toBeNull();
    expect(first.text).toBe('The sum is 5.');
    expect(next.text).toBe('The sum is 5.');
  });

  const told: readonly (readonly [string, ServerStep, RegExp])[] = [
    ['401', { status: 401 }, /refused the key/],
    ['refusal', { text: '', refusal: 'I will not.' }, /refused to answer/],
    ['truncated output', { text: 'The sum is the', finish: 'length' }, /cut off/],
  ];
  it.each(told)('%s ends in one clear message', async (_name, fault, message) => {
    const { first, next } = await play([route, fault]);
    expect(first.error).toBeNull();
    expect(first.text).toMatch(message);
    expect(first.answer?.failures).toHaveLength(1);
    expect(next.text).toBe('The sum is 5.');
  });

  it('an endless tool loop is stopped by the same call seen again', async () => {
    const { first, next, requests } = await play([route, goodCall], { repeatLast: true });
    expect(first.text).toMatch(/without an answer/);
    expect(requests).toBeLessThan(10);
    expect(next.text).toBe('The sum is 5.');
  });

  it('a fault that stays ends in one message after a bounded number of tries', async () => {
    const { first, requests } = await play([route, { status: 500 }], { repeatLast: true });
    expect(first.text).toMatch(/not available/);
    expect(requests).toBe(1 + 3);
  });
});
