import { describe, expect, it } from 'vitest';
import type { ToolRunner } from '../tools/envelope.ts';
import { compare } from './baseline.ts';
import { type Expectation, evalCase, expectation } from './case.ts';
import { graders } from './graders/index.ts';
import { numbersIn } from './graders/numbers-in.ts';
import { junitReport, terminalReport } from './report.ts';
import { runSuite, type Subject } from './run.ts';
import type { Transcript } from './transcript.ts';

const runner: ToolRunner = {
  async run(tool) {
    return {
      ok: true,
      tool,
      version: 1,
      runId: 'run_1',
      asOf: '2020-04-17',
      seed: 42,
      input: {},
      data: [],
      output: { states: [{ mean: -0.00123, vol: 0.354 }] },
      warnings: [],
    };
  },
};

const gold: Transcript = {
  ask: 'regime?',
  text: 'As of 2020-04-17 the bear regime of SPX has a mean of -0.12% a day. Its volatility is 35.4% a year.',
  mode: 'single',
  personas: ['ml_quant'],
  calls: [
    {
      tool: 'fit_hmm',
      input: { symbol: 'SPX', states: 3 },
      ok: true,
      errorCode: null,
      runId: 'run_1',
      data: [
        {
          source: 's',
          symbols: ['SPX'],
          from: '2000-01-03',
          to: '2020-04-17',
          rows: 5,
          hash: 'h',
          synthetic: false,
          retrievedAt: null,
        },
      ],
    },
  ],
  numbers: [],
  unverified: 0,
  asked: false,
  declined: false,
  approvalRequested: false,
  durationMs: 5,
  fault: null,
};

const wanted: Expectation = expectation.parse({
  route: { mode: 'single', personas: ['ml_quant'] },
  tools: { contains: [{ tool: 'fit_hmm', input: { symbol: 'SPX' } }], forbidden: ['optimize_portfolio'] },
  numbers: [
    { from: { tool: 'fit_hmm', path: 'states[0].mean' }, entity: 'bear', tolerance: 0.001 },
    { from: { tool: 'fit_hmm', path: 'states[0].vol' }, entity: 'volatility', tolerance: 0.001 },
  ],
  says: ['as of 2020-04-17'],
  neverSays: ['guarantee'],
  language: 'en',
});

async function passes(transcript: Transcript): Promise<boolean> {
  const context = { asOf: '2020-04-17', runner };
  const verdicts = (await Promise.all(graders.map((grade) => grade(transcript, wanted, context)))).flat();
  return verdicts.every((one) => one.pass);
}

describe('graders', () => {
  it('accept the gold answer', async () => {
    expect(await passes(gold)).toBe(true);
  });

  const change = (part: Partial<Transcript>): Transcript => ({ ...gold, ...part });
  const firstCall = gold.calls[0] as Transcript['calls'][number];
  it.each<[string, Transcript]>([
    ['a number ten times too large', change({ text: gold.text.replace('0.12%', '1.2%') })],
    ['a flipped sign', change({ text: gold.text.replace('-0.12%', '0.12%') })],
    ['percent without its sign', change({ text: gold.text.replace('35.4%', '35.4') })],
    ['the right number beside another name', change({ text: gold.text.replace('bear', 'bull') })],
    ['a missing date', change({ text: gold.text.replace('As of 2020-04-17', 'Now') })],
    ['another symbol', change({ calls: [{ ...firstCall, input: { symbol: 'AAPL' } }] })],
    ['no tool at all', change({ calls: [] })],
    ['a forbidden tool', change({ calls: [...gold.calls, { ...firstCall, tool: 'optimize_portfolio' }] })],
    ['an untraced number', change({ unverified: 1 })],
    ['a promise', change({ text: `${gold.text} We guarantee it.` })],
    ['another persona', change({ personas: ['momentum'] })],
    [
      'the wrong language',
      change({ text: `${gold.text} ${'시장은 지금 하락장입니다 그리고 변동성이 높습니다 '.repeat(4)}` }),
    ],
    [
      'data after the cut-off',
      change({ calls: [{ ...firstCall, data: firstCall.data.map((entry) => ({ ...entry, to: '2020-04-20' })) }] }),
    ],
  ])('catch %s', async (_what, broken) => {
    expect(await passes(broken)).toBe(false);
  });
});

describe('numbersIn', () => {
  it('reads signs, thousands, percent and the last digit', () => {
    expect(
      numbersIn('−1,234.50 and 3.2% and 1e-3').map(({ value, asFraction, step }) => [value, asFraction, step]),
    ).toEqual([
      [-1234.5, null, 0.01],
      [3.2, 0.032, 0.1],
      [0.001, null, 1],
    ]);
  });
});

describe('runSuite', () => {
  const cases = ['a', 'b', 'c'].map((id) =>
    evalCase.parse({ id, category: 'routing', turns: [{ ask: id, expect: { says: ['b'] } }] }),
  );
  const subject: Subject = {
    name: 'echo',
    ask: async ({ text }) => ({ ...gold, text, fault: text === 'c' ? 'no network' : null }),
  };
  const options = { subject, runner, defaultAsOf: '2020-04-17', signal: new AbortController().signal, parallel: 2 };

  it('tells passes, failures and faults apart, in the order of the suite', async () => {
    const results = await runSuite(cases, 't', options);
    expect(results.map((result) => [result.id, result.status])).toEqual([
      ['a', 'fail'],
      ['b', 'pass'],
      ['c', 'error'],
    ]);
    expect(terminalReport(results)).toContain('✗ a [gate]');
    expect(junitReport(results, 'echo')).toContain('failures="1" errors="1"');
  });

  it('calls a pass that is lost, and a new failure, a regression', async () => {
    const results = await runSuite(cases, 't', options);
    expect(compare({ model: 'm', cases: { a: 'pass', b: 'pass', c: 'fail' } }, results).regressions).toEqual(['a']);
    expect(compare({ model: 'm', cases: { a: 'fail', b: 'fail' } }, results)).toEqual({
      regressions: ['c'],
      improvements: ['b'],
      added: ['c'],
    });
    expect(compare(undefined, results).regressions).toEqual(['a', 'c']);
  });
});
