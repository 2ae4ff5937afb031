/** The model tools in the order of their use, through the runner: train, explain, validate, monitor. */
import { describe, expect, it } from 'vitest';
import type { Ports } from '../../data/ports.ts';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { createRng } from '../../lib/rng.ts';
import type { Envelope, SuccessEnvelope } from '../envelope.ts';
import { createInlineExecutor } from '../executors/inline.ts';
import { tools } from '../registry.ts';
import { createToolRunner } from '../run-tool.ts';
import { createMemoryRunStore } from '../testing/memory-run-store.ts';
import { judgeEvidence } from './judge-evidence.ts';

function createRunner(extra: Parameters<typeof fixturePorts>[1] = []) {
  const runs = createMemoryRunStore();
  const executor = createInlineExecutor();
  return createToolRunner({
    tools,
    portsAt: (asOf): Ports => ({ ...fixturePorts(asOf, extra), runs }),
    runs,
    executorFor: () => executor,
    codeHash: 'test',
    clock: () => 0,
  });
}

function success(envelope: Envelope): SuccessEnvelope {
  if (!envelope.ok) throw new Error(`${envelope.error.message} ${envelope.error.hint}`);
  return envelope;
}

const recipe = {
  symbols: ['DEMO:FENNB', 'DEMO:TORVA', 'DEMO:QUILH', 'DEMO:MERID', 'DEMO:VITRA', 'DEMO:GENOX'],
  start: '2018-01-01',
  end: '2021-12-31',
  features: ['technical', 'volatility', 'cross-asset', 'macro'],
  context: ['DEMO:VIX', 'DEMO:US:YIELDS.y10y', 'DEMO:US:CPI.value'],
  algorithms: ['ridge', 'gradient-boosting'],
  folds: 3,
  searchCandidates: 2,
  horizonDays: 2,
};

describe('a model from training to monitoring', () => {
  const runner = createRunner();
  const options = { asOf: '2022-12-30' };
  const trained = runner.run('train_return_model', recipe, options).then(success);

  it('trains on purged splits and never tests before it has trained', async () => {
    const { output } = await trained;
    const validation = output['validation'] as { walkForward: { trainTo: string; testFrom: string }[] };
    expect(validation.walkForward.length).toBeGreaterThan(2);
    for (const block of validation.walkForward) expect(block.trainTo < block.testFrom).toBe(true);
    expect((output['tests'] as { count: number }).count).toBe(8);
    expect((output['predictions'] as unknown[]).length).toBe(6);
  });

  it('explains it exactly', async () => {
    const { runId } = await trained;
    const { output } = success(await runner.run('explain_model', { runId, sampleRows: 60, repeats: 1 }, options));
    expect(output['additivityGap'] as number).toBeLessThan(1e-9);
    expect((output['features'] as unknown[]).length).toBeGreaterThan(30);
  });

  it('validates it against luck', async () => {
    const { runId } = await trained;
    const input = { runId, folds: 4, configurations: 2, blocks: 6 };
    const { output } = success(await runner.run('validate_model', input, options));
    expect(output['combinatorial']).toMatchObject({ splits: 6, paths: 3 });
    const overfitting = output['overfitting'] as { strategies: number; combinations: number };
    expect(overfitting).toMatchObject({ strategies: 4, combinations: 20 });
    const checks = output['checks'] as { passed: boolean }[];
    expect(output['verdict']).toBe(checks.every((check) => check.passed) ? 'passes' : 'fails');
  });

  it('monitors it on days after the training, with every field of the dashboard', async () => {
    const { runId } = await trained;
    const { output } = success(await runner.run('monitor_model', { runId, capital: 1e6 }, options));
    expect((output['windows'] as { testTo: string }).testTo).toBe('2022-12-30');
    expect(Object.keys(output)).toEqual(
      expect.arrayContaining(['modelPerformance', 'businessImpact', 'technicalPerformance', 'alertsAndActions']),
    );
    expect(output['technicalPerformance']).toMatchObject({ inferenceLatencyMs: null, errorRate: null });
    expect((output['technicalPerformance'] as { reason: string }).reason).toMatch(/operations/);
  });

  it('summarises in at most twelve lines', async () => {
    const envelope = await trained;
    const tool = tools.find((entry) => entry.name === 'train_return_model');
    expect(tool?.summarise(envelope.output as never, (path) => path).length).toBeLessThanOrEqual(12);
  });
});

describe('noise', () => {
  it('gives no skill, whatever the algorithm', async () => {
    const rng = createRng(2024);
    const walk = (): number[] => {
      let price = 100;
      return Array.from({ length: 900 }, () => {
        price *= Math.exp(0.01 * rng.normal());
        return price;
      });
    };
    const series = ['A', 'B', 'C', 'D', 'E'].map((letter) => ({ symbol: `NOISE${letter}`, close: walk() }));
    const runner = createRunner([fixtureSource({ series })]);
    const input = {
      symbols: series.map((entry) => entry.symbol),
      features: ['technical', 'volatility'],
      algorithms: ['ridge', 'elastic-net', 'random-forest', 'gradient-boosting'],
      folds: 3,
      searchCandidates: 2,
    };
    const { output, warnings } = success(await runner.run('train_return_model', input, { asOf: '2023-12-31' }));
    expect(output['verdict']).toMatchObject({ level: 'no-skill-detectable' });
    expect(warnings.map((warning) => warning.code)).toContain('NO_SKILL');
  });
});

describe('words follow the evidence', () => {
  it.each([
    [null, 0.99, 2, 'no-skill-detectable'],
    [0.2, 0.99, 2, 'no-skill-detectable'],
    [0.01, 0.5, 1, 'weak-evidence'],
    [0.01, 0.99, -0.1, 'weak-evidence'],
    [0.01, 0.99, 1.5, 'skill-out-of-sample'],
  ] as const)('adjusted p %s, deflated Sharpe %s, Sharpe %s: %s', (adjustedP, deflatedSharpe, netSharpe, level) => {
    expect(judgeEvidence({ adjustedP, deflatedSharpe, netSharpe, tests: 4 }).level).toBe(level);
  });
});

describe('refusals', () => {
  const options = { asOf: '2022-12-30' };
  it.each([
    ['too short a window', { symbols: ['SPX'], start: '2019-11-01', end: '2019-12-31' }, 'NOT_ENOUGH_DATA'],
    ['context without macro features', { symbols: ['SPX'], context: ['AAPL'] }, 'INVALID_INPUT'],
    [
      'an unknown panel column',
      { symbols: ['DEMO:MKT'], features: ['macro'], context: ['DEMO:US:YIELDS.y99y'] },
      'UNKNOWN_COLUMN',
    ],
  ])('%s', async (_what, input, code) => {
    const envelope = await createRunner().run('train_return_model', input, options);
    expect(envelope).toMatchObject({ ok: false, error: { code } });
  });
});
