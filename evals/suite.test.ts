/** A sample of the suite on the embedded model against its baseline: what passed when it was blessed still passes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../app/create-app.ts';
import { tools } from '../tools/registry.ts';
import { baselineFile, compare, readBaseline } from './baseline.ts';
import { createDeskSubject } from './desk-subject.ts';
import { generatedCases } from './generated-cases.ts';
import { loadCases } from './load-cases.ts';
import { terminalReport } from './report.ts';
import { runSuite } from './run.ts';
import { sampleCases } from './sample-cases.ts';

const baseline = readBaseline(baselineFile(import.meta.dirname, 'embedded'));

describe('the embedded model', () => {
  it('has a baseline, and cases of the baseline exist', () => {
    const ids = new Set([...loadCases(`${import.meta.dirname}/cases`), ...generatedCases(tools)].map(({ id }) => id));
    expect(baseline?.model).toBe('embedded');
    // A case may be added before it is blessed; one that went away must leave the baseline too.
    expect(Object.keys(baseline?.cases ?? {}).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('does not lose what it could, on a sample of every category', { timeout: 120_000 }, async () => {
    const blessed = loadCases(`${import.meta.dirname}/cases`).filter(({ id }) => baseline?.cases[id] === 'pass');
    const home = mkdtempSync(join(tmpdir(), 'tradewind-eval-'));
    const openApp = (asOf: string) =>
      createApp({ flags: { home, asOf, 'model.provider': 'embedded' }, notify: () => undefined });
    const subject = createDeskSubject({ name: 'embedded', openApp, clock: () => 0 });
    const gold = openApp('2026-01-05');
    try {
      const results = await runSuite(sampleCases(blessed, 30, 11), 'sample', {
        subject,
        runner: gold.runner,
        defaultAsOf: '2026-01-05',
        signal: new AbortController().signal,
        parallel: 2,
      });
      expect(new Set(results.map(({ category }) => category)).size).toBe(12);
      expect(compare(baseline, results).regressions, terminalReport(results)).toEqual([]);
    } finally {
      await subject.close();
      await gold.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
