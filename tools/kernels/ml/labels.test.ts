import { describe, expect, it } from 'vitest';
import { describeGolden, readGoldenTable } from '../../../lib/testing/golden.ts';
import { cusumEvents, ewmDeviation, forwardReturns, labelUniqueness, metaLabels, tripleBarrier } from './labels.ts';

const numberAfter = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative = 1e-9): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const want = expected[i] as number;
    expect(Math.abs((actual[i] as number) - want)).toBeLessThanOrEqual(relative * Math.max(Math.abs(want), 1e-6));
  }
}

function countLabels(labels: ArrayLike<number>): Record<string, number> {
  const counts: Record<string, number> = { '-1': 0, '0': 0, '1': 0 };
  for (const label of Array.from(labels)) counts[String(label)] = (counts[String(label)] ?? 0) + 1;
  return counts;
}

function runLengths(values: ArrayLike<number>): number[][] {
  const runs: number[][] = [];
  for (const value of Array.from(values)) {
    const last = runs.at(-1);
    if (last && last[0] === value) last[1] = (last[1] as number) + 1;
    else runs.push([value, 1]);
  }
  return runs;
}

describeGolden('labels', ({ input, expect: expected }) => {
  const table = readGoldenTable(input.file);
  const last = numberAfter(input.transform, /last (\d+) prices/);
  const from = Number.isNaN(last) ? 0 : table.rows - last;
  const prices = table.numbers(input.column).slice(from);
  const dates = table.text('date').slice(from);
  const p = input.parameters;
  const events = cusumEvents(prices, numberAfter(p.cusum, /h = ([\d.]+)/));
  const target = ewmDeviation(prices, numberAfter(p.target, /span (\d+)/));
  const labels = tripleBarrier(prices, events, target, {
    profitTaking: p.profit_taking,
    stopLoss: p.stop_loss,
    verticalBars: p.vertical_bars,
  });
  expect(events.length).toBe(expected.cusum_events);
  expect(Array.from(events.slice(0, expected.first_events.length), (i) => dates[i])).toEqual(expected.first_events);
  expect(Array.from(events.slice(-expected.last_events.length), (i) => dates[i])).toEqual(expected.last_events);
  expect(labels.event.length).toBe(expected.labelled);
  expect(Array.from(labels.event)).toEqual(expected.event_indices);
  expect(Array.from(labels.touch)).toEqual(expected.touch_indices);
  expect(countLabels(labels.label)).toEqual({ '-1': 0, '0': 0, '1': 0, ...expected.counts });
  expect(runLengths(labels.label)).toEqual(expected.label_rle);
  expectClose(labels.returns.slice(0, expected.returns_first5.length), expected.returns_first5);
  expectClose(labels.returns.slice(-expected.returns_last5.length), expected.returns_last5);
  expectClose([labels.returns.reduce((sum, r) => sum + r, 0)], [expected.sum_of_returns]);
  const targets = labels.event as Int32Array;
  expectClose(
    Array.from(targets.slice(0, expected.target_first5.length), (i) => target[i] as number),
    expected.target_first5,
  );
  expectClose(
    Array.from(targets.slice(-expected.target_last5.length), (i) => target[i] as number),
    expected.target_last5,
  );
  const signs = labels.label.map((label, i) => (label === 0 ? Math.sign(labels.returns[i] as number) : label));
  expect(countLabels(signs)).toEqual({ '-1': 0, '0': 0, '1': 0, ...expected.vertical_sign_label_counts });
  const uniqueness = labelUniqueness(labels.event, labels.touch, prices.length);
  expectClose(
    [uniqueness.average.reduce((sum, u) => sum + u, 0) / uniqueness.average.length],
    [expected.mean_uniqueness],
  );
  expectClose(uniqueness.average.slice(0, expected.uniqueness_first5.length), expected.uniqueness_first5);
  expect(Math.max(...uniqueness.concurrency)).toBe(expected.max_concurrency);
});

describe('labels by hand', () => {
  it('meta-labels say whether the bet paid', () => {
    const prices = Float64Array.of(100, 101, 104, 103, 99, 97);
    const labels = tripleBarrier(prices, Int32Array.of(0, 3), new Float64Array(6).fill(0.02), {
      profitTaking: 1,
      stopLoss: 1,
      verticalBars: 3,
      side: Int8Array.of(1, -1),
    });
    expect(Array.from(labels.label)).toEqual([1, 1]);
    expect(Array.from(labels.touch)).toEqual([2, 4]);
    expect(Array.from(metaLabels(labels))).toEqual([1, 1]);
  });

  it('forward returns stop where the future does', () => {
    const out = forwardReturns(Float64Array.of(100, 110, 121), 1, 'simple');
    expect(out[0]).toBeCloseTo(0.1, 12);
    expect(out[2]).toBeNaN();
  });

  it('events and targets do not change when the future is cut off', () => {
    const prices = Float64Array.from({ length: 300 }, (_, i) => 100 * Math.exp(0.05 * Math.sin(i / 3) + i / 1000));
    const whole = cusumEvents(prices, 0.02);
    const cut = cusumEvents(prices.slice(0, 200), 0.02);
    expect(Array.from(cut)).toEqual(Array.from(whole).filter((i) => i < 200));
    expect(ewmDeviation(prices.slice(0, 200), 20)).toEqual(ewmDeviation(prices, 20).slice(0, 200));
  });

  it('skips missing prices and constant ones make no events', () => {
    expect(cusumEvents(Float64Array.of(100, Number.NaN, 103), 0.02)).toEqual(Int32Array.of(2));
    expect(cusumEvents(new Float64Array(50).fill(5), 0.02).length).toBe(0);
  });
});
