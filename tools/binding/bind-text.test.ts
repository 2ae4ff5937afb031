import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatNumber } from '../../lib/format.ts';
import { createRng } from '../../lib/rng.ts';
import { units } from '../../lib/units.ts';
import { bindText, createBinder, markUnverified } from './bind-text.ts';
import type { BoundResult } from './bound-result.ts';

const output = z.object({
  states: z.array(
    z.object({
      label: z.string(),
      mean: units.fraction('mean'),
      volatilityAnnual: units.annualVol('volatility'),
      expectedDurationDays: units.days('duration'),
      stationaryProbability: units.probability('long-run probability'),
    }),
  ),
  sharpe: units.ratio('Sharpe ratio'),
  maxDrawdown: units.fraction('drawdown'),
  var95: units.money('value at risk'),
  pValue: units.probability('p value'),
  currency: z.string(),
});
const input = z.strictObject({ symbol: z.string(), states: units.count('states'), costBps: units.bps('costs') });

function example(random: () => number, symbol: string, handle: string): BoundResult {
  const state = (label: string, sign: number) => ({
    label,
    mean: sign * (0.0002 + random() * 0.002),
    volatilityAnnual: 0.08 + random() * 0.4,
    expectedDurationDays: 5 + random() * 120,
    stationaryProbability: 0.05 + random() * 0.9,
  });
  return {
    handle,
    output,
    input,
    envelope: {
      ok: true,
      tool: 'example_tool',
      version: 1,
      runId: `run_${handle}`,
      asOf: '2020-04-17',
      seed: 42,
      input: { symbol, states: 3, costBps: 5 },
      data: [],
      output: {
        states: [state('bear', -1), state('neutral', 1), state('bull', 1)],
        sharpe: 0.2 + random() * 2,
        maxDrawdown: -(0.05 + random() * 0.5),
        var95: 1000 + random() * 90000,
        pValue: random(),
        currency: 'USD',
      },
      warnings: [],
    },
  };
}

interface Fact {
  readonly sentence: (value: string) => string;
  readonly value: number;
  readonly print: (value: number) => string;
}

const percent = (value: number) => formatNumber(value, 'fraction');

function factsOf(result: BoundResult): readonly Fact[] {
  const data = result.envelope.output as z.output<typeof output>;
  const perState = data.states.flatMap((state): Fact[] => [
    { sentence: (v) => `The ${state.label} state has a mean of ${v} a day.`, value: state.mean, print: percent },
    {
      sentence: (v) => `Volatility in the ${state.label} state is ${v}.`,
      value: state.volatilityAnnual,
      print: (x) => formatNumber(x, 'annualVol'),
    },
    {
      sentence: (v) => `${state.label} lasts ${v} on average.`,
      value: state.expectedDurationDays,
      print: (x) => formatNumber(x, 'days'),
    },
    {
      sentence: (v) => `${state.label} 상태의 변동성은 ${v}입니다.`,
      value: state.volatilityAnnual,
      print: (x) => formatNumber(x, 'annualVol'),
    },
    {
      sentence: (v) => `In the long run the stationary probability of ${state.label} is ${v}.`,
      value: state.stationaryProbability,
      print: (x) => formatNumber(x, 'probability'),
    },
  ]);
  return [
    ...perState,
    { sentence: (v) => `The Sharpe ratio is ${v}.`, value: data.sharpe, print: (x) => formatNumber(x, 'ratio') },
    { sentence: (v) => `샤프 지수는 ${v}입니다.`, value: data.sharpe, print: (x) => formatNumber(x, 'ratio') },
    { sentence: (v) => `The maximum drawdown was ${v}.`, value: data.maxDrawdown, print: percent },
    {
      sentence: (v) => `The 95% VaR is ${v}.`,
      value: data.var95,
      print: (x) => formatNumber(x, 'money', { currency: 'USD' }),
    },
    { sentence: (v) => `The p-value is ${v}.`, value: data.pValue, print: (x) => x.toFixed(3) },
  ];
}

const userText = 'What regime is SPX in, with 3 states and costs of 5 bps? My limit is 12.5% since 2015.';
const rightTexts = [
  'You asked for 3 states and costs of 5 bps.',
  'As of 2020-04-17 the S&P 500 is the subject.',
  'On April 17, 2020 the data end.',
  'Article 4 limits a single position.',
  '1. First point\n2. Second point',
  'The 12-1 convention skips the last month.',
  'Your limit is 12.5%, counted since 2015.',
  '3개 상태를 사용했습니다.',
];

const results = (seed: number) => {
  const rng = createRng(seed);
  const list = [example(() => rng.uniform(), 'AAA', 'r1')];
  return new Map(list.map((result) => [result.handle, result]));
};

describe('bindText', () => {
  it('formats placeholders by unit and keeps the link', () => {
    const map = results(1);
    const bound = bindText({
      draft: 'Sharpe {{r1.sharpe|3dp}}, lasts {{r1.states[0].expectedDurationDays}} days, VaR {{r1.var95}}.',
      results: map,
      userTexts: [],
      language: 'en',
    });
    expect(bound.violations).toEqual([]);
    expect(bound.text).toMatch(/^Sharpe \d\.\d{3}, lasts [\d.]+ days, VaR \$[\d,.]+\.$/);
    expect(bound.evidence.map((row) => row.path)).toEqual(['sharpe', 'states[0].expectedDurationDays', 'var95']);
  });

  it('renders tables with one evidence row a number', () => {
    const bound = bindText({ draft: '{{table r1.states}}', results: results(1), userTexts: [], language: 'en' });
    expect(bound.text).toContain('| label | mean | volatility annual |');
    expect(bound.evidence).toHaveLength(12);
  });

  it('names unknown handles and paths', () => {
    const bound = bindText({
      draft: '{{r9.x}} {{r1.nothing}} {{r1.sharpe|loud}} {{oops}}',
      results: results(1),
      userTexts: [],
      language: 'en',
    });
    expect(bound.violations).toHaveLength(4);
    expect(bound.violations[1]?.reason).toContain('states');
    expect(markUnverified(bound, 'en').text).toContain('[unverified]');
  });

  it('does not let the number of one state stand for another', () => {
    const map = results(3);
    const states = map.get('r1')?.envelope.output['states'] as { mean: number }[];
    const draft = `The bull state has a mean of ${percent(states[0]?.mean ?? 0)} a day.`;
    expect(bindText({ draft, results: map, userTexts: [], language: 'en' }).violations).toHaveLength(1);
  });

  it('does not let the user’s number stand for a result', () => {
    const bound = bindText({
      draft: 'The maximum drawdown was 12.5%.',
      results: results(2),
      userTexts: ['my limit is 12.5%'],
      language: 'en',
    });
    expect(bound.violations).toHaveLength(1);
  });

  it('checks dates and spelled numbers', () => {
    const bound = bindText({
      draft: 'In 2031 it fell forty-seven percent by 2019-05-05.',
      results: results(2),
      userTexts: [],
      language: 'en',
    });
    expect(bound.violations).toHaveLength(3);
  });

  it('catches at least 99% of planted numbers and rejects fewer than 1% of right ones', () => {
    let planted = 0;
    let caught = 0;
    let right = 0;
    let rejected = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const map = results(seed);
      const rng = createRng(seed + 1000);
      const result = map.get('r1');
      if (result === undefined) continue;
      const binder = createBinder({ results: map, userTexts: [userText], dates: ['2020-04-17'], language: 'en' });
      const bind = (draft: string) => binder.bind(draft).violations.length;
      for (const fact of factsOf(result)) {
        right += 1;
        if (bind(fact.sentence(fact.print(fact.value))) > 0) rejected += 1;
        const wrong = fact.print(fact.value * (rng.uniform() < 0.5 ? 1.15 + rng.uniform() : 0.2 + 0.6 * rng.uniform()));
        if (wrong === fact.print(fact.value)) continue;
        planted += 1;
        if (bind(fact.sentence(wrong)) > 0) caught += 1;
      }
      for (const text of rightTexts) {
        right += 1;
        if (bind(text) > 0) rejected += 1;
      }
    }
    expect(planted).toBeGreaterThan(350);
    expect(caught / planted).toBeGreaterThanOrEqual(0.99);
    expect(rejected / right).toBeLessThan(0.01);
  });
});
