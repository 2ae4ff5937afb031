import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import type { Envelope } from '../envelope.ts';
import { createInlineExecutor } from '../executors/inline.ts';
import { createToolRunner } from '../run-tool.ts';
import { createMemoryRunStore } from '../testing/memory-run-store.ts';
import { valueAt } from '../value-at.ts';
import { calculate } from './calculate.ts';
import { getMarketSnapshot } from './get-market-snapshot.ts';
import { getPrices } from './get-prices.ts';
import { searchInstruments } from './search-instruments.ts';

const tools = [searchInstruments, getPrices, getMarketSnapshot, calculate];

function run(tool: string, input: unknown, asOf = '2025-12-31', source = fixtureSource({})): Promise<Envelope> {
  const runner = createToolRunner({
    tools,
    portsAt: (day) => fixturePorts(day, [source]),
    runs: createMemoryRunStore(),
    executorFor: () => createInlineExecutor(),
    codeHash: 'test',
    clock: () => 0,
  });
  return runner.run(tool, input, { asOf });
}

async function output(tool: string, input: unknown, asOf?: string, source?: ReturnType<typeof fixtureSource>) {
  const envelope = await run(tool, input, asOf, source);
  if (!envelope.ok) throw new Error(envelope.error.message);
  return envelope;
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  it.each(tool.examples.map((example) => [example.ask, example] as const))('%s', async (_, example) => {
    const envelope = await run(name, example.input);
    if ('error' in example.expect) {
      expect(envelope).toMatchObject({ ok: false, error: { code: example.expect.error } });
      return;
    }
    if (!envelope.ok) throw new Error(`${envelope.error.code}: ${envelope.error.message}`);
    for (const [path, value] of Object.entries(example.expect.values ?? {})) {
      const found = valueAt(envelope.output, path);
      if (typeof value === 'number')
        expect(Math.abs(Number(found) - value)).toBeLessThanOrEqual(example.expect.tolerance ?? 0);
      else expect(found).toEqual(value);
    }
    if (example.expect.warning)
      expect(envelope.warnings.map((warning) => warning.code)).toContain(example.expect.warning);
    const lines = tool.summarise(envelope.output as never, (path) => `<${String(valueAt(envelope.output, path))}>`);
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.join('\n')).not.toContain('undefined');
  });
});

describe('get_prices', () => {
  const dates = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-02-01', '2024-02-02'];
  const source = fixtureSource({
    series: [{ symbol: 'TOY', dates, close: [100, 110, 99, 99, 108.9] }],
  });

  it('measures by hand', async () => {
    const envelope = await output('get_prices', { symbols: ['TOY'] }, '2024-02-05', source);
    const series = valueAt(envelope.output, 'series[0]') as Record<string, unknown>;
    expect(series).toMatchObject({ first: 100, last: 108.9, minimum: 99, maximum: 110, rows: 5, field: 'close' });
    expect(series['totalReturn']).toBeCloseTo(0.089, 12);
    expect(series['maxDrawdown']).toBeCloseTo(-0.1, 12);
    expect(series['volatilityAnnual']).toBeCloseTo(Math.sqrt((3 * 0.01 - 0.01 / 4) / 3) * Math.sqrt(252), 12);
    expect(series['gaps']).toEqual([{ after: '2024-01-04', before: '2024-02-01', days: 28 }]);
    expect(series).toMatchObject({ gapCount: 1, daysBehind: 3, stale: false });
  });

  it('resamples, pages from the newest and says when data are old', async () => {
    const months = await output('get_prices', { symbols: ['TOY'], frequency: 'month' }, '2024-06-01', source);
    expect(valueAt(months.output, 'series[0].bars')).toMatchObject([
      { date: '2024-01-04', close: 99, change: null },
      { date: '2024-02-02', close: 108.9 },
    ]);
    expect(months.warnings.map((warning) => warning.code)).toContain('STALE_DATA');
    const first = await output('get_prices', { symbols: ['SPX'] });
    const second = await output('get_prices', { symbols: ['SPX'], page: 2 });
    expect((valueAt(first.output, 'series[0].bars') as unknown[]).length).toBe(250);
    expect(valueAt(first.output, 'series[0].bars[249].date')).toBe('2020-04-17');
    expect(
      String(valueAt(second.output, 'series[0].bars[249].date')) <
        String(valueAt(first.output, 'series[0].bars[0].date')),
    ).toBe(true);
    const several = await output('get_prices', { symbols: ['SPX', 'AAPL', 'DEMO:MKT'] });
    expect(several.data.map((entry) => entry.synthetic)).toEqual([false, false, true]);
    expect(several.warnings.map((warning) => warning.code)).toContain('UNEVEN_ENDS');
  });

  it('changes nothing before a date when the future is cut off', async () => {
    const whole = await output('get_prices', { symbols: ['SPX'], end: '2010-06-30' });
    const cut = await output('get_prices', { symbols: ['SPX'], end: '2010-06-30' }, '2010-06-30');
    expect(cut.output).toEqual(whole.output);
  });

  it('names what is wrong', async () => {
    expect(await run('get_prices', { symbols: ['TOY'], field: 'open' }, '2024-06-01', source)).toMatchObject({
      error: { code: 'NO_SUCH_FIELD' },
    });
    expect(await run('get_prices', { symbols: ['SPX'], page: 99 })).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    expect(await run('get_prices', { symbols: ['VIX'] })).toMatchObject({ error: { code: 'NO_DATA' } });
  });
});

describe('get_market_snapshot', () => {
  it('reads each indicator as it was known', async () => {
    const monthly = ['2023-01-01', '2023-07-01', '2024-01-01', '2024-02-01'];
    const source = fixtureSource({
      series: [{ symbol: 'VIX', dates: ['2024-02-28', '2024-02-29'], close: [13, 14] }],
      panels: [
        {
          id: 'US:CPI',
          dates: monthly,
          columns: { value: [300, 305, 309, 320] },
          availableFrom: ['2023-02-13', '2023-08-13', '2024-02-13', '2024-03-13'],
        },
        { id: 'US:POLICY_RATE', dates: monthly, columns: { value: [4.5, 5, 5.25, 5.25] } },
        {
          id: 'US:YIELDS',
          dates: ['2024-02-28', '2024-02-29'],
          columns: { y2y: [4.6, Number.NaN], y10y: [4.2, 4.25] },
        },
        { id: 'VIX:FUTURES', dates: ['2024-02-29'], columns: { m1: [0], m2: [14], m3: [15.4] } },
      ],
    });
    const { output: seen } = await output('get_market_snapshot', {}, '2024-02-29', source);
    expect(seen).toMatchObject({
      vix: { level: 14, date: '2024-02-29' },
      policy: { stance: 'tightening', changeSixMonths: 0.25 },
      curve: { date: '2024-02-28' },
      vixFutures: { nearest: 14, second: 15.4 },
      growth: null,
    });
    expect(valueAt(seen, 'curve.slope')).toBeCloseTo(-0.4, 12);
    expect(valueAt(seen, 'inflation.value')).toBeCloseTo(0.03, 12);
    expect(valueAt(seen, 'vixFutures.slope')).toBeCloseTo(0.1, 12);
    expect((valueAt(seen, 'missing') as { indicator: string }[]).map((item) => item.indicator)).toEqual([
      'growth',
      'unemployment',
    ]);
  });

  it('flags what is old', async () => {
    const source = fixtureSource({ series: [{ symbol: 'VIX', dates: ['2024-01-02'], close: [13] }] });
    const envelope = await output('get_market_snapshot', {}, '2024-06-01', source);
    expect(valueAt(envelope.output, 'stale')).toEqual(['vix']);
  });
});
