import { describe, expect, it } from 'vitest';
import { createScriptedModel } from './models/scripted.ts';
import { takeTurn, testDesk } from './testing/test-desk.ts';

describe('desk with the embedded model', () => {
  it('answers the regime question in English with evidence for every number', async () => {
    const turn = await takeTurn(testDesk().ask('s', 'What regime is the S&P 500 in?'));
    expect(turn.error).toBeNull();
    expect(turn.text).toContain('On 2020-04-17 the S&P 500 (SPX)');
    expect(turn.answer?.unverified).toBe(0);
    expect(turn.answer?.evidence.length).toBeGreaterThan(10);
    expect(turn.answer?.results[0]).toMatchObject({ handle: 'r1', tool: 'fit_hmm', synthetic: false });
    expect(turn.events[0]).toMatchObject({ type: 'routed', mode: 'single', personas: ['ml_quant'] });
    expect(turn.events.map((event) => event.type)).toContain('tool-finished');
  });

  it('answers in Korean and says which default it took', async () => {
    const turn = await takeTurn(testDesk().ask('s', '지금 하락장이야?'));
    expect(turn.answer?.language).toBe('ko');
    expect(turn.text).toContain('필터 확률');
    expect(turn.text).toContain('SPX');
    expect(turn.answer?.unverified).toBe(0);
  });

  it('asks about an unknown ticker instead of taking another', async () => {
    const turn = await takeTurn(testDesk().ask('s', 'What regime is APPL in?'));
    expect(turn.answer?.mode).toBe('clarify');
    expect(turn.text).toContain('APPL');
    expect(turn.answer?.results).toEqual([]);
  });

  it('follows up: another symbol, and why', async () => {
    const desk = testDesk();
    await takeTurn(desk.ask('s', 'What regime is the S&P 500 in?'));
    const why = await takeTurn(desk.ask('s', 'why?'));
    expect(why.text).toContain('run_');
    const next = await takeTurn(desk.ask('s', 'and for AAPL?'));
    expect(next.answer?.results[0]).toMatchObject({ handle: 'r2' });
    expect((await desk.history('s')).map((turn) => turn.turn)).toEqual([1, 2, 3]);
  });
});

describe('follow-ups', () => {
  it('change one input of the last call, and a clarified question does not stick to the next', async () => {
    const desk = testDesk();
    await takeTurn(desk.ask('s', 'iv of a 1y atm call trading 10.45? spot 100 r 5'));
    const quoted = await takeTurn(desk.ask('s', 'same call but its quoted 3.20, iv?'));
    expect(quoted.text).toContain('lower bound');
    await takeTurn(desk.ask('s', 'price a 3 month 105 call, spot 100, vol 22%, rate 4%'));
    const vol = await takeTurn(desk.ask('s', 'what about vol 30'));
    expect(vol.answer?.results[0]?.tool).toBe('price_option');
    const put = await takeTurn(desk.ask('s', 'and the put?'));
    expect(put.answer?.results[0]?.tool).toBe('price_option');
    expect((await takeTurn(desk.ask('s', 'cointegration test'))).answer?.mode).toBe('clarify');
    expect((await takeTurn(desk.ask('s', 'what is 15% of 84,000'))).text).toContain('12,600');
  });
});

describe('desk with a model that types numbers', () => {
  const call = { toolCalls: [{ name: 'fit_hmm', args: { symbol: 'SPX' } }] };

  it('sends an invented number back once, and marks it when it stays', async () => {
    const model = createScriptedModel([
      call,
      { text: 'The volatility is 99.9%.' },
      { text: 'The volatility is 98.7%.' },
    ]);
    const turn = await takeTurn(testDesk({ model }).ask('s', 'What regime is the S&P 500 in?'));
    expect(turn.text).toContain('98.7% [unverified]');
    expect(turn.answer?.unverified).toBe(1);
    model.chat.assertDone();
  });

  it('accepts a repaired draft', async () => {
    const model = createScriptedModel([
      call,
      { text: 'Bear lasts 900 days.' },
      { text: 'Bear lasts {{r1.states[0].expectedDurationDays}}.' },
    ]);
    const turn = await takeTurn(testDesk({ model }).ask('s', 'What regime is the S&P 500 in?'));
    expect(turn.text).toMatch(/Bear lasts [\d.]+ days\./);
    expect(turn.answer?.unverified).toBe(0);
    model.chat.assertDone();
  });
});
