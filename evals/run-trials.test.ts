import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../data/store/database.ts';
import type { ToolRunner } from '../tools/envelope.ts';
import { compare } from './baseline.ts';
import { evalCase } from './case.ts';
import { routingConfusion } from './confusion.ts';
import { htmlReport } from './html-report.ts';
import { pairedVerdict, passRate, trialSummary } from './report.ts';
import { openResultLog, suiteFingerprint } from './result-log.ts';
import type { Subject } from './run.ts';
import { runTrials } from './run-trials.ts';
import { storeResults } from './store-results.ts';

const noRunner: ToolRunner = { run: () => Promise.reject(new Error('no gold run is needed')) };
const cases = ['steady', 'flaky', 'broken'].map((id) =>
  evalCase.parse({ id, category: 'routing', turns: [{ ask: id, expect: { says: ['right'] } }] }),
);

/** `flaky` is right every other time; `broken` has no network until told otherwise. */
function createSubject(network: boolean): Subject & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: 'made up',
    asked,
    async ask({ text }) {
      asked.push(text);
      const right = text !== 'flaky' || asked.filter((one) => one === 'flaky').length % 2 === 1;
      return {
        ask: text,
        text: right ? 'right <b>&' : 'wrong',
        mode: 'single',
        personas: ['momentum'],
        calls: [],
        numbers: [],
        unverified: 0,
        asked: false,
        declined: false,
        approvalRequested: false,
        durationMs: 1,
        fault: text === 'broken' && !network ? 'no network' : null,
      };
    },
  };
}

const optionsFor = (subject: Subject) => ({
  subject,
  runner: noRunner,
  defaultAsOf: '2020-04-17',
  signal: new AbortController().signal,
  parallel: 1,
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('runTrials', () => {
  it('passes a case only if every trial without a fault does', async () => {
    const results = await runTrials(cases, { ...optionsFor(createSubject(false)), trials: 2 });
    expect(results.map(({ id, status, trials }) => [id, status, trials])).toEqual([
      ['steady', 'pass', { passed: 2, total: 2 }],
      ['flaky', 'fail', { passed: 1, total: 2 }],
      ['broken', 'error', { passed: 0, total: 0 }],
    ]);
    expect(trialSummary(results, 2)).toBe('pass@1 75.0%, pass^2 50.0% over 2 cases tried 2 times');
    expect(passRate(results)).toContain('1 / 2');
  });

  it('goes on where a run was cut off, and tries faults again', async () => {
    const file = join(folder, 'results.jsonl');
    const head = { model: 'made up', suite: suiteFingerprint(cases) };
    await runTrials(cases, { ...optionsFor(createSubject(false)), trials: 1, log: openResultLog(file, head) });
    appendFileSync(file, '{"trial":"trial-1","resu');
    const again = createSubject(true);
    const results = await runTrials(cases, { ...optionsFor(again), trials: 1, log: openResultLog(file, head) });
    expect(again.asked).toEqual(['broken']);
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
    expect(readFileSync(file, 'utf8').trim().split('\n').length).toBe(6);
  });

  it('does not mix models or suites', () => {
    const file = join(folder, 'results.jsonl');
    openResultLog(file, { model: 'one', suite: 'a' });
    expect(() => openResultLog(file, { model: 'two', suite: 'a' })).toThrow(/holds results of one/);
    expect(() => openResultLog(file, { model: 'one', suite: 'b' })).toThrow(/suite b/);
    expect(suiteFingerprint(cases)).not.toBe(suiteFingerprint(cases.slice(1)));
  });
});

describe('storeResults', () => {
  it('adds runs that SQL can ask about', async () => {
    const results = await runTrials(cases, { ...optionsFor(createSubject(false)), trials: 2 });
    const file = join(folder, 'evals.db');
    expect(storeResults(file, { at: '2026-01-05T00:00:00Z', model: 'made up', results })).toBe(1);
    expect(storeResults(file, { at: '2026-01-06T00:00:00Z', model: 'made up', results })).toBe(2);
    const database = openDatabase(file);
    const rows = database.prepare('SELECT id, status, passed, trials FROM eval_results WHERE run = 2').all();
    expect(rows.map((row) => Object.values(row))).toEqual(
      expect.arrayContaining([
        ['steady', 'pass', 2, 2],
        ['flaky', 'fail', 1, 2],
        ['broken', 'error', 0, 0],
      ]),
    );
    database.close();
  });
});

describe('reports of a run', () => {
  it('shows regressions first, escapes what was said, and links nothing', async () => {
    const results = await runTrials(cases, { ...optionsFor(createSubject(true)), trials: 2 });
    const comparison = compare({ model: 'm', cases: { steady: 'pass', flaky: 'pass' } }, results);
    expect(comparison.regressions).toEqual(['flaky']);
    const html = htmlReport({
      model: 'made <up>',
      results,
      comparison,
      confusion: routingConfusion(cases, results),
      trials: 2,
    });
    expect(html).toContain('made &lt;up&gt;');
    expect(html).toContain('right &lt;b&gt;&amp;');
    expect(html).not.toMatch(/<script|https?:|<b>/);
    expect(html.indexOf('✗ flaky')).toBeLessThan(html.indexOf('✓ steady'));
    expect(html).toContain('1 of 2');
  });

  it('calls a difference that chance could make a tie', () => {
    const several = (count: number) => Array.from({ length: count }, (_one, i) => `case-${i}`);
    const of = (lost: number, won: number) => ({
      regressions: several(lost),
      improvements: several(won),
      added: [],
    });
    expect(pairedVerdict(of(0, 0), 100)).toBe('Same verdicts as the baseline.');
    expect(pairedVerdict(of(2, 3), 100)).toContain('tied');
    expect(pairedVerdict(of(1, 12), 100)).toContain('better');
    expect(pairedVerdict(of(12, 1), 100)).toContain('worse');
  });
});
