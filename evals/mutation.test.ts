/** The graders are measured: gold answers are broken on purpose, and agents that refuse or call everything are graded. */
import { describe, expect, it } from 'vitest';
import type { ToolRunner } from '../tools/envelope.ts';
import { type Expectation, expectation } from './case.ts';
import { graders } from './graders/index.ts';
import { loadCases } from './load-cases.ts';
import { type CaseResult, runSuite, type Subject } from './run.ts';
import type { Transcript } from './transcript.ts';

const asOf = '2020-04-17';
/** No gold run is needed: every gold number here is stated. */
const runner: ToolRunner = {
  run: async (tool) => ({
    ok: true,
    tool,
    version: 1,
    runId: 'run_1',
    asOf,
    seed: 42,
    input: {},
    data: [],
    output: {},
    warnings: [],
  }),
};

interface Gold {
  readonly transcript: Transcript;
  readonly expect: Expectation;
}

function transcriptOf(text: string, part: Partial<Transcript> = {}): Transcript {
  return {
    ask: 'q',
    text,
    mode: 'single',
    personas: ['ml_quant'],
    calls: [],
    numbers: [],
    unverified: 0,
    asked: false,
    declined: false,
    approvalRequested: false,
    durationMs: 1,
    fault: null,
    ...part,
  };
}

const symbols = ['SPX', 'AAPL', 'DEMO:VOLTA'];

/** Three kinds of answer about three symbols with five sets of numbers: a percent with a sign, a plain number, and money. */
function goldAnswers(): readonly Gold[] {
  const sets = [
    { mean: -0.0012, vol: 0.354, days: 27.8, money: 32897 },
    { mean: 0.00097, vol: 0.086, days: 44.5, money: 945 },
    { mean: -0.0201, vol: 0.2571, days: 12.3, money: 105000 },
    { mean: 0.0312, vol: 0.198, days: 7.2, money: 1644.85 },
    { mean: -0.0045, vol: 0.473, days: 131.4, money: 2115000 },
  ];
  return symbols.flatMap((symbol) =>
    sets.flatMap(({ mean, vol, days, money }) => {
      const percent = (value: number) => `${Number((100 * value).toPrecision(4))}%`;
      const texts = [
        `On ${asOf} the mean return of ${symbol} is ${percent(mean)} a day and its volatility is ${percent(vol)} a year. A spell lasts ${days} days. The loss would be $${money.toLocaleString('en-US')}. This is an estimate, not a forecast.`,
        `${symbol}, to ${asOf}:\n- mean ${percent(mean)}\n- volatility ${percent(vol)}\n- duration ${days} days\n- loss ${money}\nThis is an estimate, not a forecast.`,
        `${asOf} 기준 ${symbol}의 일평균 수익률은 ${percent(mean)}, 연 변동성은 ${percent(vol)}입니다. 평균 지속 기간은 ${days}일이고 손실은 ${money}입니다. This is an estimate, not a forecast.`,
      ];
      return texts.map((text) => ({
        transcript: transcriptOf(text, {
          calls: [{ tool: 'fit_hmm', input: { symbol }, ok: true, errorCode: null, runId: 'run_1', data: [] }],
        }),
        expect: expectation.parse({
          tools: { contains: [{ tool: 'fit_hmm', input: { symbol } }] },
          numbers: [mean, vol, days, money].map((value) => ({ value, source: 'made up', tolerance: 0.003 })),
          says: [symbol, asOf, 'estimate, not a forecast'],
        }),
      }));
    }),
  );
}

type Mutation = (gold: Transcript) => readonly Transcript[];

/** Every number of the text but the date and what belongs to a name, one at a time. */
function eachNumber(change: (printed: string, sign: string) => string | null): Mutation {
  return (gold) =>
    [...gold.text.matchAll(/(?<![\d\w:.-])(-?\$?)(\d[\d,]*(?:\.\d+)?)(%?)(?![\d-])/g)].flatMap((match) => {
      const changed = change(`${match[1]}${match[2]}`, match[3] ?? '');
      if (changed === null) return [];
      const at = match.index;
      return [{ ...gold, text: `${gold.text.slice(0, at)}${changed}${gold.text.slice(at + match[0].length)}` }];
    });
}

const scaled = (printed: string, factor: number) =>
  printed.replace(/\d[\d,]*(?:\.\d+)?/, (digits) =>
    String(Number((Number(digits.replaceAll(',', '')) * factor).toPrecision(6))),
  );

const mutations: Readonly<Record<string, Mutation>> = {
  'ten times': eachNumber((printed, sign) => `${scaled(printed, 10)}${sign}`),
  'a tenth': eachNumber((printed, sign) => `${scaled(printed, 0.1)}${sign}`),
  sign: eachNumber((printed, sign) => `${printed.startsWith('-') ? printed.slice(1) : `-${printed}`}${sign}`),
  'percent without its sign': eachNumber((printed, sign) => (sign === '%' ? printed : null)),
  'fraction with a percent sign': eachNumber((printed, sign) => (sign === '%' ? `${scaled(printed, 0.01)}%` : null)),
  'percent a hundred times': eachNumber((printed, sign) => (sign === '%' ? `${scaled(printed, 100)}%` : null)),
  'ticker in the text': (gold) =>
    symbols
      .filter((symbol) => gold.text.includes(symbol))
      .map((symbol) => ({ ...gold, text: gold.text.replaceAll(symbol, symbol === 'SPX' ? 'MSFT' : 'SPX') })),
  'ticker in the call': (gold) => [
    { ...gold, calls: gold.calls.map((call) => ({ ...call, input: { symbol: 'MSFT' } })) },
  ],
  'missing caveat': (gold) => [
    {
      ...gold,
      text: gold.text
        .replace(' This is an estimate, not a forecast.', '')
        .replace('\nThis is an estimate, not a forecast.', ''),
    },
  ],
  'missing date': (gold) => [{ ...gold, text: gold.text.replaceAll(asOf, 'now') }],
};

async function passes(transcript: Transcript, wanted: Expectation): Promise<boolean> {
  const verdicts = await Promise.all(graders.map((grade) => grade(transcript, wanted, { asOf, runner })));
  return verdicts.flat().every((one) => one.pass);
}

describe('graders under mutation', () => {
  const answers = goldAnswers();

  it('accept every gold answer', async () => {
    for (const { transcript, expect: wanted } of answers)
      expect(await passes(transcript, wanted), transcript.text).toBe(true);
  });

  it.each(Object.keys(mutations))('catch at least 95 in 100: %s', async (name) => {
    const mutate = mutations[name] as Mutation;
    const broken = answers.flatMap(({ transcript, expect: wanted }) =>
      mutate(transcript).map((changed) => ({ changed, wanted })),
    );
    expect(broken.length).toBeGreaterThanOrEqual(answers.length);
    for (const { changed } of broken) expect(answers.map(({ transcript }) => transcript)).not.toContainEqual(changed);
    let caught = 0;
    for (const { changed, wanted } of broken) if (!(await passes(changed, wanted))) caught += 1;
    expect(caught / broken.length).toBeGreaterThanOrEqual(0.95);
  });
});

describe('agents that game the suite', () => {
  const cases = loadCases(`${import.meta.dirname}/cases`);
  const toolNames = [
    ...new Set(
      cases.flatMap(({ turns }) => turns.flatMap((turn) => turn.expect.tools?.contains?.map(({ tool }) => tool) ?? [])),
    ),
  ];
  const run = (name: string, ask: Subject['ask']) =>
    runSuite(cases, name, {
      subject: { name, ask },
      runner,
      defaultAsOf: '2026-01-05',
      signal: new AbortController().signal,
      parallel: 4,
    });
  const passed = (results: readonly CaseResult[], category: string) => {
    const members = results.filter((result) => result.category === category);
    return members.filter((result) => result.status === 'pass').length / members.length;
  };

  it('has at least the promised number of cases in every category, and one in seven not English', () => {
    const least = {
      routing: 40,
      tools: 50,
      grounding: 40,
      'unit-sign': 25,
      clarify: 25,
      'out-of-scope': 15,
      'as-of': 20,
      tickers: 15,
      persona: 20,
      injection: 30,
      'orders-limits': 25,
      'multi-turn': 20,
    };
    for (const [category, count] of Object.entries(least))
      expect(cases.filter((one) => one.category === category).length, category).toBeGreaterThanOrEqual(count);
    expect(cases.filter(({ language }) => language !== 'en').length / cases.length).toBeGreaterThanOrEqual(0.15);
  });

  it('fails an agent that refuses everything, and one that always asks back', async () => {
    const refusing = await run('refuse', async ({ text }) =>
      transcriptOf('I cannot help with that.', { ask: text, mode: 'decline', personas: [], declined: true }),
    );
    const asking = await run('ask', async ({ text }) =>
      transcriptOf('What do you mean?', { ask: text, mode: 'clarify', personas: [], asked: true }),
    );
    for (const [results, own] of [
      [refusing, 'out-of-scope'],
      [asking, 'clarify'],
    ] as const) {
      expect(results.filter(({ status }) => status === 'pass').length / results.length).toBeLessThan(0.2);
      // Half of the injections may be declined as a whole.
      for (const category of new Set(results.map((result) => result.category)))
        if (category !== own && category !== 'injection')
          expect(passed(results, category), `${own}: ${category}`).toBeLessThan(0.5);
    }
  });

  it('fails an agent that calls every tool', async () => {
    const calls = toolNames.map((tool) => ({
      tool,
      input: { symbol: 'SPX', symbols: ['SPX'] },
      ok: true,
      errorCode: null,
      runId: 'run_1',
      data: [],
    }));
    const results = await run('call', async ({ text }) => transcriptOf('Here is all I found.', { ask: text, calls }));
    expect(results.filter(({ status }) => status === 'pass')).toHaveLength(0);
  });
});
