import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RecordedRun } from '../../data/ports.ts';
import { checkDocument, type DocumentIssue } from './document/check-document.ts';
import { diffDocuments } from './document/diff-documents.ts';
import { type DocumentRecord, toDocumentRecord } from './document/document-record.ts';
import { fillTemplate } from './document/fill-template.ts';
import { valueAtPointer } from './document/json-pointer.ts';
import type { DocumentTemplate } from './document/model-document.ts';
import { parseMarkdown } from './document/parse-markdown.ts';
import { renderMarkdown } from './document/render-markdown.ts';
import { findTemplate, templateNames } from './templates/index.ts';

const provenance = {
  source: 'test',
  symbols: ['AAA'],
  from: '2010-01-04',
  to: '2019-12-31',
  rows: 2516,
  hash: 'abc',
  synthetic: false,
  retrievedAt: null,
};

function record(
  runId: string,
  tool: string,
  output: Record<string, unknown>,
  input: Record<string, unknown> = {},
): DocumentRecord {
  const run: RecordedRun = {
    runId,
    tool,
    asOf: '2019-12-31',
    createdAt: '2020-01-02T10:00:00.000Z',
    ok: true,
    envelope: {
      input,
      output,
      data: [provenance],
      warnings: [{ code: 'NO_SKILL', message: 'none -- at all' }],
      seed: 42,
    },
  };
  return toDocumentRecord(run);
}

const interval = { estimate: 0.0123, low: -0.01, high: 0.03, standardError: 0.01, pValue: 0.11, reason: null };
const quality = { informationCoefficient: interval, hitRate: interval, rSquared: interval, areaUnderCurve: interval };

const training = record('run_aaaa1111', 'train_return_model', {
  verdict: { level: 'no-skill-detectable', text: 'No skill detectable.' },
  best: 'ridge',
  architecture: 'One ridge',
  target: { description: 'log return', horizonDays: 1 },
  data: { symbols: ['AAA', 'BBB'], features: 12, rows: 5031, synthetic: false },
  algorithms: [
    { name: 'random-forest', walkForward: quality, adjustedP: 0.9, portfolio: { deflatedSharpe: 0.1 } },
    { name: 'ridge', walkForward: quality, adjustedP: 0.4, portfolio: { deflatedSharpe: 0.2 } },
  ],
  finalSettings: [{ name: 'penaltyPerRow', value: 0.1 }],
  validation: {
    method: 'purged',
    folds: 5,
    embargoDays: 5,
    walkForward: [
      { trainFrom: '2010-01-04', trainTo: '2014-12-31', testFrom: '2015-01-02', testTo: '2016-12-30' },
      { trainFrom: '2010-01-04', trainTo: '2016-12-29', testFrom: '2016-12-31', testTo: '2019-12-31' },
    ],
  },
  tests: { count: 8, method: 'Holm' },
  training: { accuracy: 0.51 },
});

/** A model that no template knows. */
const hmm = record(
  'run_bbbb2222',
  'fit_hmm',
  { logLikelihood: -1234.5678, bic: 2500.25, states: [{ label: 'calm', mean: 0.0004 }] },
  { symbol: 'SPX', states: 2 },
);

const template = (name: string): DocumentTemplate => findTemplate(name) as DocumentTemplate;
const write = (name: string, records = [training], previous = ''): string =>
  renderMarkdown(fillTemplate(template(name), records, parseMarkdown(previous).human));

function check(
  markdown: string,
  name: string,
  records = [training],
  newer = new Map<string, string>(),
): DocumentIssue[] {
  return checkDocument(markdown, {
    template: template(name),
    records: new Map(records.map((r) => [r.runId, r])),
    newer,
  });
}

const errors = (issues: readonly DocumentIssue[]): string[] =>
  issues.filter((issue) => issue.severity === 'error').map((issue) => issue.code);

describe.each(templateNames)('template %s', (name) => {
  it.each([
    ['a return model', training],
    ['an HMM', hmm],
  ])('is filled from %s with every value bound, and reads back without an error', (_what, model) => {
    const document = fillTemplate(template(name), [model]);
    for (const { content, label } of document.sections.flatMap((section) => section.fields)) {
      if (content.kind === 'todo') expect(`${content.owner}: ${content.why}`.length, label).toBeGreaterThan(10);
      else {
        const value = valueAtPointer(model, content.pointer);
        expect(Array.isArray(value) ? value.join(', ') : value, `${label} ${content.pointer}`).toEqual(content.raw);
      }
    }
    expect(document.sections.flatMap((section) => section.fields).some((field) => field.content.kind === 'value')).toBe(
      true,
    );
    expect(errors(check(renderMarkdown(document), name, [model]))).toEqual([]);
  });

  it('leaves judgements to people', () => {
    const approval = fillTemplate(template(name), [training]).sections.find((section) => section.id === 'approval');
    expect(approval?.fields.every((field) => field.content.kind === 'todo')).toBe(true);
  });
});

describe('a document', () => {
  it('takes the chosen algorithm, and the windows from the run', () => {
    const parsed = parseMarkdown(write('model-development'));
    const text = (label: string): string | undefined => parsed.fields.find((field) => field.label === label)?.text;
    const bound = parsed.fields.find((field) => field.label === 'Adjusted p of the information coefficient');
    expect(bound?.binding?.pointer).toBe('/output/algorithms/1/adjustedP');
    expect([text('Training period, to'), text('Validation period, from'), text('Validation period, to')]).toEqual([
      '2014-12-31',
      '2015-01-02',
      '2019-12-31',
    ]);
    expect(text('Business objective')).toMatch(/^TODO\(model owner: /);
  });

  it('keeps what people wrote when it is made again', () => {
    const first = write('model-development').replace(
      '<!-- /human limitations -->',
      'Only daily data.\n\nTwo lines.\n<!-- /human limitations -->',
    );
    const again = write('model-development', [training, hmm], first);
    expect(parseMarkdown(again).human.get('limitations')).toBe('Only daily data.\n\nTwo lines.');
    expect(write('model-development', [training, hmm], again)).toBe(again);
  });

  it('states what replaced what, and claims no compliance', () => {
    const text = write('sr11-7');
    expect(text).toMatch(/SR 26-2 .*replaced SR 11-7 on 2026-04-17/);
    expect(text).toMatch(/generative and agentic AI out of its scope/);
    expect(text).toMatch(/No compliance .* is claimed/);
  });

  it('has front matter that YAML reads, on the model card only', () => {
    const card = /^---\n([\s\S]*?)\n---\n/.exec(write('model-card'));
    const front = parse(card?.[1] ?? '') as {
      tags: string[];
      'model-index': { results: { metrics: { type: string; value: number }[] }[] }[];
    };
    expect(front.tags).toContain('finance');
    expect(front['model-index'][0]?.results[0]?.metrics[0]).toEqual({ type: 'information_coefficient', value: 0.0123 });
    expect(write('datasheet').startsWith('# ')).toBe(true);
  });
});

describe('validation finds', () => {
  const document = write('model-development');
  it.each([
    ['a section that was cut', document.replace('<!-- section performance -->', ''), 'MISSING_SECTION'],
    ['a number that was edited', document.replace('- **Rows:** 5,031', '- **Rows:** 6,031'), 'NUMBER_MISMATCH'],
    ['a mark that was edited', document.replace(/(Folds:\*\* )5 (<!-- bind \S+ \S+ )5/, '$16 $26'), 'NUMBER_MISMATCH'],
    ['a run that nobody recorded', document.replaceAll('run_aaaa1111', 'run_dddd4444'), 'UNKNOWN_RUN'],
    [
      'a number typed in by hand',
      document.replace(/- \*\*Business objective:\*\* .*/, '- **Business objective:** earn 12% a year'),
      'UNBOUND_NUMBER',
    ],
    [
      'a p-value without a test count',
      document.replace(/- \*\*Number of tests:.*\n/, '').replaceAll('/output/tests/count', '/output/best'),
      'P_WITHOUT_TEST_COUNT',
    ],
    ['training that reaches into testing', document.replace('to:** 2014-12-31', 'to:** 2015-06-30'), 'WINDOW_OVERLAP'],
    ['a text that is no document', '# Hello', 'NOT_A_DOCUMENT'],
  ])('%s', (_what, edited, code) => {
    expect(edited).not.toBe(document);
    expect(check(edited, 'model-development').map((issue) => issue.code)).toContain(code);
  });

  it('placeholders as warnings, newer runs as stale, and nothing else in a fresh document', () => {
    const codes = new Set(check(document, 'model-development').map((issue) => issue.code));
    expect([...codes]).toEqual(['PLACEHOLDER']);
    const stale = check(document, 'model-development', [training], new Map([['run_aaaa1111', 'run_cccc3333']]));
    expect(stale.map((issue) => issue.code)).toContain('STALE_SECTION');
  });
});

describe('difference', () => {
  it('is listed field by field', () => {
    const before = write('model-development');
    const changed = { ...training, output: { ...training.output, best: 'random-forest' } };
    const changes = diffDocuments(before, write('model-development', [changed]));
    expect(changes).toContainEqual(
      expect.objectContaining({ kind: 'changed', label: 'Algorithm', before: 'ridge', after: 'random-forest' }),
    );
    expect(diffDocuments(before, before)).toEqual([]);
  });
});
