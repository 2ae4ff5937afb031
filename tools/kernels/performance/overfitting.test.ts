import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenRows } from '../../../lib/testing/golden-series.ts';
import { variance } from '../stats/moments.ts';
import { probabilityOfOverfitting } from './overfitting.ts';
import { deflatedSharpe, expectedMaximumSharpe, probabilisticSharpe, sharpeEvidence } from './sharpe.ts';

function average(values: Float64Array, window: number): Float64Array {
  let sum = 0;
  return values.map((v, t) => {
    sum += v - (t >= window ? (values[t - window] as number) : 0);
    return t >= window - 1 ? sum / window : Number.NaN;
  });
}

function crossoverReturns(input: GoldenValue): Map<string, Float64Array> {
  const prices = Object.values(goldenRows(input).columns)[0] as Float64Array;
  const cut = Number(/first (\d+) days/.exec(input.parameters.strategies)?.[1]);
  const returns = prices.slice(1).map((p, i) => p / (prices[i] as number) - 1);
  const out = new Map<string, Float64Array>();
  for (const fast of input.parameters.fast as number[]) {
    for (const slow of input.parameters.slow as number[]) {
      const a = average(prices, fast);
      const b = average(prices, slow);
      const series = returns.map((r, t) => {
        const gap = (a[t] as number) - (b[t] as number);
        return Number.isNaN(gap) ? 0 : Math.sign(gap) * r;
      });
      out.set(`${fast}/${slow}`, series.slice(cut - 1));
    }
  }
  return out;
}

describeGolden('overfitting', ({ input, expect: want }) => {
  const strategies = crossoverReturns({ ...input, transform: prefixed(input.transform) });
  const names = [...strategies.keys()];
  expect(names).toEqual(want.names);
  const series = [...strategies.values()];
  expect(series[0]).toHaveLength(want.n);
  const evidence = series.map((r) => sharpeEvidence(r) ?? { sharpe: 0, n: r.length, skewness: 0, kurtosis: 3 });
  const sharpes = evidence.map((e) => e.sharpe);
  expectClose(sharpes, want.sharpe_per_day, { relative: 1e-9, absolute: 1e-14, what: 'Sharpe' });
  const best = sharpes.indexOf(Math.max(...sharpes));
  expect(names[best]).toBe(want.best);
  const spread = Math.sqrt(variance(sharpes));
  expectClose([spread ** 2], [want.variance_of_sharpes], { relative: 1e-9, what: 'variance' });
  expectClose([expectedMaximumSharpe(names.length, spread)], [want.expected_max], { relative: 1e-9, what: 'max' });
  const chosen = evidence[best];
  if (chosen === undefined) throw new Error('no best strategy');
  expectClose([probabilisticSharpe(chosen)], [want.psr_vs_0], { relative: 1e-9, what: 'PSR' });
  expectClose([deflatedSharpe(chosen, names.length, spread).probability], [want.dsr], { relative: 1e-9, what: 'DSR' });
  const blocks = Number(/S = (\d+)/.exec(input.parameters.pbo)?.[1]);
  const got = probabilityOfOverfitting(series, blocks);
  expect(got.combinations).toBe(want.n_combinations);
  expectClose(got.logits, want.logits, { relative: 1e-9, absolute: 1e-12, what: 'logits' });
  expectClose([got.probability], [want.pbo], { relative: 1e-9, what: 'PBO' });
});

/** "last 5000 prices; simple returns": the row count is of prices here, so no extra row is wanted. */
function prefixed(transform: string): string {
  return transform.replace('simple returns', '');
}

describe('probabilityOfOverfitting', () => {
  it('is near one half on noise and near zero on a real edge', () => {
    const noise: number[] = [];
    for (let seed = 0; seed < 12; seed++) {
      const rng = createRng(seed);
      const make = (edge: number) => Float64Array.from({ length: 240 }, () => edge + rng.normal());
      noise.push(
        probabilityOfOverfitting(
          Array.from({ length: 10 }, () => make(0)),
          8,
        ).probability,
      );
      const skilled = [make(0.5), ...Array.from({ length: 9 }, () => make(0))];
      expect(probabilityOfOverfitting(skilled, 8).probability).toBeLessThan(0.1);
    }
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    expect(mean).toBeGreaterThan(0.3);
    expect(mean).toBeLessThan(0.7);
  });

  it('refuses an odd number of blocks and too little data', () => {
    const two = [new Float64Array(30), new Float64Array(30)];
    expect(() => probabilityOfOverfitting(two, 5)).toThrow(/even/);
    expect(() => probabilityOfOverfitting([new Float64Array(30)], 4)).toThrow(/at least 2/);
  });
});
