import { describe, expect, it } from 'vitest';
import { fixturePorts, fixtureSource } from '../../data/testing/fixture-ports.ts';
import { createInlineExecutor } from '../executors/inline.ts';
import { createToolRunner } from '../run-tool.ts';
import { createMemoryRunStore } from '../testing/memory-run-store.ts';
import { valueAt } from '../value-at.ts';
import { analyzeCurveCarry } from './analyze-curve-carry.ts';
import { analyzeFuturesCarry } from './analyze-futures-carry.ts';
import { analyzeFxCarry } from './analyze-fx-carry.ts';
import { assessCarryCrashRisk } from './assess-carry-crash-risk.ts';
import { buildYieldCurve } from './build-yield-curve.ts';

const tools = [buildYieldCurve, analyzeFxCarry, analyzeCurveCarry, analyzeFuturesCarry, assessCarryCrashRisk];
const executor = createInlineExecutor();

/** A strip with a settlement that is missing (zero) on one day, and a curve that is flat. */
const fixture = fixtureSource({
  panels: [
    {
      id: 'TEST:FUTURES',
      dates: ['2020-01-02', '2020-01-03', '2020-01-06'],
      columns: {
        m1: [50, 0, 52],
        m2: [49, 50, 51],
        expiry1: [1, 1, 1].map(() => Date.UTC(2020, 0, 21)),
        expiry2: [1, 1, 1].map(() => Date.UTC(2020, 1, 20)),
      },
      measure: 'price',
    },
    {
      id: 'TEST:YIELDS',
      dates: ['2020-01-02', '2020-01-03', '2020-01-06'],
      columns: { y1y: [4, 4, 4], y2y: [4, 4, 4], y5y: [4, 4, 4], y10y: [4, Number.NaN, 4], y30y: [4, 4, Number.NaN] },
      measure: 'percent',
    },
  ],
});

const runner = createToolRunner({
  tools,
  portsAt: (asOf) => fixturePorts(asOf, [fixture]),
  runs: createMemoryRunStore(),
  executorFor: () => executor,
  codeHash: 'test',
  clock: () => 0,
  onFault: (error) => console.error(error),
});

async function call(tool: string, input: Record<string, unknown>, asOf = '2025-12-31') {
  const envelope = await runner.run(tool, input, { asOf });
  if (!envelope.ok) throw new Error(envelope.error.message);
  return { output: envelope.output as unknown, warnings: envelope.warnings.map((warning) => warning.code), envelope };
}

const number = (output: unknown, path: string): number => valueAt(output, path) as number;
const demo = { panel: 'DEMO:FX:FORWARDS', ratesPanel: 'DEMO:RATES:3M' };

describe('analyze_fx_carry', () => {
  it('looks at all 42 ordered pairs, keeps at most ten above the threshold, and says why the rest are out', async () => {
    const { output } = await call('analyze_fx_carry', demo);
    const kept = valueAt(output, 'opportunities') as {
      pair: string;
      carry: number;
      tail_risk: number;
      carry_to_risk: number;
    }[];
    const out = valueAt(output, 'excluded') as { pair: string; reason: string }[];
    expect(kept.length + out.length).toBe(42);
    expect(kept.length).toBeLessThanOrEqual(10);
    for (const [k, pair] of kept.entries()) {
      expect(pair.carry_to_risk).toBeGreaterThan(0.5);
      expect(pair.carry / pair.tail_risk).toBeCloseTo(pair.carry_to_risk, 12);
      if (k > 0) expect(pair.carry_to_risk).toBeLessThanOrEqual(kept[k - 1]?.carry_to_risk as number);
    }
    // Carry is antisymmetric: of a pair and its reverse at most one is kept.
    for (const { pair } of kept)
      expect(kept.some((other) => other.pair === pair.slice(3) + pair.slice(0, 3))).toBe(false);
    for (const { reason } of out) expect(reason.length).toBeGreaterThan(5);
  });

  it('forward carry agrees with the rate differential by covered parity', async () => {
    const { output } = await call('analyze_fx_carry', demo);
    const best = valueAt(output, 'opportunities[0]') as {
      carry: number;
      forward_curve: { tenor: string; carry: number }[];
    };
    const threeMonths = best.forward_curve.find((point) => point.tenor === '3M');
    expect(best.forward_curve.map((point) => point.tenor)).toEqual(['1M', '3M', '6M', '1Y']);
    expect(Math.abs((threeMonths?.carry as number) - best.carry)).toBeLessThan(0.002);
  });

  it('a truncated future changes nothing', async () => {
    const early = await call('analyze_fx_carry', { ...demo, asOf: '2019-06-28' });
    const cut = await call('analyze_fx_carry', demo, '2019-06-28');
    expect(early.output).toEqual(cut.output);
    expect(valueAt(cut.output, 'date')).toBe('2019-06-28');
  });
});

describe('curves and bonds', () => {
  it('uses the last day, names what is missing, and has no slope on a flat curve', async () => {
    const { output, warnings } = await call('build_yield_curve', { panel: 'TEST:YIELDS', model: 'nelson-siegel' });
    expect(valueAt(output, 'date')).toBe('2020-01-06');
    expect(valueAt(output, 'missing')).toEqual(['y30y']);
    expect(warnings).toContain('MATURITIES_MISSING');
    expect(number(output, 'slope')).toBeCloseTo(0, 10);
    expect(number(output, 'nodes[3].forward')).toBeCloseTo(2 * Math.log(1.02), 10);
  });

  it('finds no roll-down and no net carry on a flat curve', async () => {
    const { output } = await call('analyze_curve_carry', { panel: 'TEST:YIELDS', maturities: [2, 5, 10] });
    for (const k of [0, 1, 2]) {
      expect(number(output, `bonds[${k}].rollDown`)).toBeCloseTo(0, 9);
      expect(number(output, `bonds[${k}].total`)).toBeCloseTo(0, 9);
      expect(valueAt(output, `bonds[${k}].carryToRisk`)).toBeNull();
    }
  });

  it('duration grows with maturity on the demo curve', async () => {
    const { output } = await call('analyze_curve_carry', { panel: 'DEMO:US:YIELDS' });
    const bonds = valueAt(output, 'bonds') as {
      years: number;
      duration: number;
      carry: number;
      rollDown: number;
      total: number;
    }[];
    const sorted = [...bonds].sort((a, b) => a.years - b.years);
    for (let k = 1; k < sorted.length; k++)
      expect(sorted[k]?.duration).toBeGreaterThan(sorted[k - 1]?.duration as number);
    for (const bond of bonds) expect(bond.carry + bond.rollDown).toBeCloseTo(bond.total, 12);
  });
});

describe('analyze_futures_carry', () => {
  it('measures the roll by actual days and leaves days without settlements out, with their count', async () => {
    const { output } = await call('analyze_futures_carry', { panel: 'TEST:FUTURES', spot: 53 });
    expect(valueAt(output, 'structure')).toBe('backwardation');
    expect(number(output, 'frontRollYield')).toBeCloseTo((Math.log(52 / 51) * 365) / 30, 12);
    expect(number(output, 'spotRollYield')).toBeCloseTo((Math.log(53 / 52) * 365) / 15, 12);
    expect(number(output, 'excluded')).toBe(1);
    expect(number(output, 'observations')).toBe(2);
  });
});

describe('assess_carry_crash_risk', () => {
  it('a doubled position loses twice as much, with the same shape', async () => {
    const legs = (weight: number) => ({ legs: [{ symbol: 'DEMO:AUDUSD', weight }] });
    const one = await call('assess_carry_crash_risk', legs(1));
    const two = await call('assess_carry_crash_risk', legs(2));
    expect(number(two.output, 'expectedShortfall99')).toBeCloseTo(2 * number(one.output, 'expectedShortfall99'), 12);
    expect(number(two.output, 'skewness')).toBeCloseTo(number(one.output, 'skewness'), 9);
    expect(valueAt(one.output, 'signs') as unknown[]).toHaveLength(6);
  });

  it('goes on without a volatility index and says so', async () => {
    const { output, warnings } = await call('assess_carry_crash_risk', { legs: [{ symbol: 'AAPL', weight: 1 }] });
    expect(warnings).toContain('NO_VOLATILITY_INDEX');
    expect(valueAt(output, 'vixBeta')).toBeNull();
    expect(number(output, 'signsKnown')).toBeLessThan(6);
  });
});
