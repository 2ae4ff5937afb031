import { describe, expect, it } from 'vitest';
import { evalCase } from './case.ts';
import { routingConfusion } from './confusion.ts';
import { generatedCases } from './generated-cases.ts';
import type { CaseResult } from './run.ts';
import { sampleCases } from './sample-cases.ts';
import { mcnemar, passHat, smallestDetectableDifference, wilson } from './statistics.ts';

describe('statistics of runs', () => {
  it('gives the Wilson interval of a textbook example, and sane ones at the ends', () => {
    // Newcombe 1998, Statistics in Medicine 17: 81/263 → 0.2553 to 0.3662.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20).low).toBe(0);
    expect(wilson(20, 20).high).toBe(1);
    expect(wilson(20, 20).low).toBeLessThan(1);
  });

  it('counts draws for pass^k', () => {
    expect(passHat(4, 4, 3)).toBe(1);
    expect(passHat(2, 4, 1)).toBeCloseTo(0.5, 12);
    expect(passHat(2, 4, 2)).toBeCloseTo(1 / 6, 12);
    expect(passHat(1, 4, 2)).toBe(0);
  });

  it('tests discordant pairs exactly', () => {
    expect(mcnemar(0, 0)).toBe(1);
    expect(mcnemar(0, 5)).toBeCloseTo(2 / 32, 12);
    expect(mcnemar(1, 9)).toBeCloseTo((2 * 11) / 1024, 12);
    expect(mcnemar(9, 1)).toBeCloseTo(mcnemar(1, 9), 12);
    expect(smallestDetectableDifference(400, 0.1)).toBeLessThan(smallestDetectableDifference(100, 0.1));
  });
});

const suite = Array.from({ length: 60 }, (_one, i) =>
  evalCase.parse({
    id: `case-${i}`,
    category: i < 40 ? 'routing' : i < 58 ? 'tools' : 'persona',
    turns: [{ ask: 'x', expect: { route: { personas: ['momentum'] } } }],
  }),
);

describe('sampleCases', () => {
  it('keeps shares, repeats by seed, and differs by seed', () => {
    const sample = sampleCases(suite, 12, 7);
    expect(sample).toHaveLength(12);
    expect(sample.filter(({ category }) => category === 'routing')).toHaveLength(8);
    expect(sample.filter(({ category }) => category === 'persona').length).toBeGreaterThanOrEqual(1);
    expect(sampleCases(suite, 12, 7)).toEqual(sample);
    expect(sampleCases(suite, 12, 8)).not.toEqual(sample);
    expect(sampleCases(suite, 100, 7)).toEqual(suite);
  });
});

describe('routingConfusion', () => {
  it('counts who was meant against who answered', () => {
    const answered = (id: string, personas: readonly string[]): CaseResult => ({
      id,
      category: 'routing',
      severity: 'gate',
      status: 'pass',
      turns: [
        {
          verdicts: [],
          transcript: {
            ask: 'x',
            text: 'x',
            mode: personas.length > 0 ? 'single' : 'clarify',
            personas,
            calls: [],
            numbers: [],
            unverified: 0,
            asked: false,
            declined: false,
            approvalRequested: false,
            durationMs: 1,
            fault: null,
          },
        },
      ],
    });
    const { labels, counts, right, total } = routingConfusion(suite, [
      answered('case-0', ['momentum']),
      answered('case-1', ['ml_quant']),
      answered('case-2', []),
    ]);
    expect(labels).toEqual(['clarify', 'ml_quant', 'momentum']);
    expect(counts[2]).toEqual([1, 1, 1]);
    expect([right, total]).toEqual([1, 3]);
  });
});

describe('generatedCases', () => {
  it('asks for the tool of every example that succeeds', () => {
    const cases = generatedCases([
      {
        name: 'fit_hmm',
        examples: [
          { ask: 'What regime?', input: {}, fixture: 'none', expect: {} },
          { ask: 'Bad one', input: {}, fixture: 'none', expect: { error: 'INVALID_INPUT' } },
        ],
      },
    ]);
    expect(cases.map(({ id }) => id)).toEqual(['generated-fit-hmm-1']);
    expect(cases[0]?.turns[0]?.expect.tools?.contains?.[0]?.tool).toBe('fit_hmm');
  });
});
