import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../../lib/rng.ts';
import { adjustTogether, evaluatePredictions } from './evaluate-predictions.ts';
import { buildFeatureTable } from './feature-table.ts';
import type { FeatureCategory } from './instrument-features.ts';
import { longShort } from './long-short.ts';
import { completeRows, daySpans, purgeDays } from './model-rows.ts';
import type { ContextSeries, PanelSeries } from './panel-series.ts';
import { predictOutOfSample, scoredRows } from './predict-out-of-sample.ts';
import { algorithms } from './return-models.ts';
import { returnTarget } from './return-target.ts';
import { purgedKFold } from './splits.ts';

const DAY = 86_400_000;
const categories: FeatureCategory[] = ['technical', 'volatility', 'momentum', 'fractional', 'cross-asset', 'macro'];

/** A market in which a share `signal` of tomorrow's return follows today's. */
function market(names: number, days: number, rng: Rng, signal: number): PanelSeries[] {
  return Array.from({ length: names }, (_, i) => {
    const own = rng.fork(i);
    const close = new Float64Array(days);
    let price = 100;
    let last = 0;
    for (let t = 0; t < days; t++) {
      last = -signal * last + 0.01 * own.normal();
      price *= Math.exp(last);
      close[t] = price;
    }
    const times = Float64Array.from({ length: days }, (_, t) => t * DAY);
    const volume = close.map(() => 1000 + own.integer(500));
    return { symbol: `S${i}`, times, close, high: close.map((c) => c * 1.01), low: close.map((c) => c * 0.99), volume };
  });
}

const macro: ContextSeries = {
  name: 'rate',
  kind: 'level',
  knownFrom: Float64Array.from({ length: 700 }, (_, t) => t * DAY + DAY / 2),
  values: Float64Array.from({ length: 700 }, (_, t) => Math.sin(t / 40)),
};

function cut(series: PanelSeries, days: number): PanelSeries {
  const part = (values: Float64Array | null): Float64Array | null => values?.slice(0, days) ?? null;
  return {
    ...series,
    times: series.times.slice(0, days),
    close: series.close.slice(0, days),
    high: part(series.high),
    low: part(series.low),
    volume: part(series.volume),
  };
}

describe('features', () => {
  const instruments = market(4, 600, createRng(3), 0);
  const options = { categories, fractionalOrder: 0.4 };
  const whole = buildFeatureTable(instruments, [macro], options);

  it('do not change when the future is cut off or altered', () => {
    const early = buildFeatureTable(
      instruments.map((series) => cut(series, 450)),
      [macro],
      options,
    );
    expect(early.features).toEqual(whole.features);
    expect(early.values).toEqual(whole.values.slice(0, early.values.length));
    const shifted = instruments.map((series) => ({
      ...series,
      close: series.close.map((price, t) => (t >= 450 ? price * 1.3 : price)),
    }));
    const altered = buildFeatureTable(shifted, [macro], options);
    expect(altered.values.slice(0, early.values.length)).toEqual(early.values);
  });

  it('join macro values only once they are known', () => {
    const column = whole.features.findIndex((feature) => feature.name === 'rateLevel');
    const day = 300;
    const row = whole.dayOf.indexOf(day);
    // Known at noon: at midnight of day 300 the value of day 299 is the newest.
    expect(whole.values[row * whole.features.length + column]).toBe(macro.values[day - 1]);
  });

  it('are all complete once the longest window is full, and constant prices are neutral', () => {
    const rows = completeRows(whole, new Float64Array(whole.rows), 1);
    expect(rows.days.length).toBeGreaterThan(300);
    const flat = {
      ...(instruments[0] as PanelSeries),
      close: new Float64Array(600).fill(50),
      high: null,
      low: null,
      volume: null,
    };
    const table = buildFeatureTable([flat], [], {
      categories: ['technical', 'volatility', 'momentum'],
      fractionalOrder: 0.4,
    });
    expect(completeRows(table, new Float64Array(table.rows), 1).values.every(Number.isFinite)).toBe(true);
    expect(table.dropped.map((entry) => entry.name)).toEqual(['volumeScore21d', 'rangeVolatility21d']);
  });
});

function validate(signal: number, seed: number) {
  const instruments = market(8, 700, createRng(seed), signal);
  const table = buildFeatureTable(instruments, [], { categories: ['technical', 'momentum'], fractionalOrder: 0.4 });
  const rows = completeRows(table, returnTarget(table, instruments, 1, 'return'), 1);
  const splits = purgedKFold(daySpans(rows), { folds: 4, embargo: 2, rule: 'strict' });
  return algorithms.map((algorithm) => {
    const options = { algorithm, candidates: 3, horizon: 1 };
    const out = predictOutOfSample(rows, splits, options, createRng(seed));
    return { algorithm, out, rows, instruments, quality: evaluatePredictions(scoredRows(rows, out), 1) };
  });
}

describe('one model', () => {
  it('finds a signal that is there, with every algorithm', () => {
    for (const { quality, rows, out, instruments } of validate(0.3, 5)) {
      expect(quality.informationCoefficient?.pValue).toBeLessThan(1e-6);
      expect(quality.rSquared?.estimate).toBeGreaterThan(0.03);
      expect(quality.areaUnderCurve?.low).toBeGreaterThan(0.5);
      expect(quality.hitRate?.pValue).toBeLessThan(0.001);
      const trade = { topK: 2, holdDays: 1, costBps: 0, delayDays: 1, style: 'long-short' as const };
      // The signal lives one day; a fill one day later earns its echo with the opposite sign.
      const late = longShort(rows, instruments, out.prediction, trade).net;
      expect(late.reduce((sum, r) => sum + r, 0)).toBeLessThan(0);
    }
  });

  it('finds none in noise', () => {
    const results = validate(0, 6);
    const pValues = results.map(({ quality }) => quality.informationCoefficient?.pValue ?? 1);
    for (const p of adjustTogether(pValues).holm) expect(p).toBeGreaterThan(0.05);
  });

  it('is the same again for the same seed', () => {
    const [a, b] = [validate(0, 6), validate(0, 6)];
    expect(a.map((entry) => entry.out)).toEqual(b.map((entry) => entry.out));
  });
});

describe('intervals', () => {
  it('cover the truth about as often as they say, with days that move together', () => {
    let covered = 0;
    const trials = 150;
    for (let k = 0; k < trials; k++) {
      const rng = createRng(1000 + k);
      const n = 4 * 250;
      const day = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 4));
      const common = Float64Array.from({ length: 250 }, () => rng.normal());
      const prediction = Float64Array.from(
        { length: n },
        (_, i) => (common[day[i] as number] as number) + rng.normal(),
      );
      const shock = Float64Array.from({ length: 250 }, () => rng.normal());
      const target = Float64Array.from(
        { length: n },
        (_, i) => 0.2 * (prediction[i] as number) + (shock[day[i] as number] as number) + rng.normal(),
      );
      const quality = evaluatePredictions({ target, prediction, benchmark: new Float64Array(n), day }, 1);
      const truth = (0.2 * Math.SQRT2) / Math.sqrt(0.08 + 2);
      const ic = quality.informationCoefficient;
      if (ic && ic.low <= truth && truth <= ic.high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.88);
  });

  it('are null where a measure does not exist', () => {
    const flat = new Float64Array(40).fill(1);
    const day = Int32Array.from({ length: 40 }, (_, i) => i);
    const quality = evaluatePredictions({ target: flat, prediction: flat, benchmark: flat, day }, 1);
    expect(quality.informationCoefficient).toBeNull();
    expect(quality.areaUnderCurve).toBeNull();
    expect(quality.rSquared).toBeNull();
  });
});

describe('labels of instruments that skip days', () => {
  it('are purged to the day on which they really end', () => {
    const [daily, gappy] = market(2, 400, createRng(4), 0) as [PanelSeries, PanelSeries];
    const keep = Array.from(gappy.times, (_, t) => t).filter((t) => t < 300 || t > 308);
    const pick = (values: Float64Array): Float64Array => Float64Array.from(keep, (t) => values[t] as number);
    const holed = { ...gappy, times: pick(gappy.times), close: pick(gappy.close), high: null, low: null, volume: null };
    const instruments = [daily, holed];
    const table = buildFeatureTable(instruments, [], { categories: ['technical'], fractionalOrder: 0.4 });
    const rows = completeRows(table, returnTarget(table, instruments, 2, 'return'), 2);
    // Day 299 of the holed series looks two of its own rows ahead: to day 310.
    const day = rows.days.indexOf(299 * DAY);
    expect(daySpans(rows).last[day]).toBe(day + 11);
    expect(purgeDays(rows)).toBe(11);
  });
});

describe('rank portfolio', () => {
  it('earns the spread of two names, less costs, one close after the signal', () => {
    const times = Float64Array.from({ length: 40 }, (_, t) => t * DAY);
    const grow = (rate: number): PanelSeries => ({
      symbol: String(rate),
      times,
      close: times.map((_, t) => 100 * (1 + rate) ** t),
      high: null,
      low: null,
      volume: null,
    });
    const instruments = [grow(0.01), grow(-0.01)];
    const table = buildFeatureTable(instruments, [], { categories: ['technical'], fractionalOrder: 0.4 });
    const base = { ...table, values: new Float64Array(table.rows), features: table.features.slice(0, 1) };
    const rows = completeRows(base, new Float64Array(table.rows), 1);
    const prediction = Float64Array.from(rows.instrument, (i) => (i === 0 ? 1 : -1));
    const trade = { topK: 1, holdDays: 1, costBps: 10, delayDays: 1, style: 'long-short' as const };
    const result = longShort(rows, instruments, prediction, trade);
    expect(result.day[0]).toBe(2);
    expect(result.net[0]).toBeCloseTo(0.01 - 0.001, 12);
    expect(result.net[1]).toBeCloseTo(0.01, 12);
    expect(result.turnover[0]).toBe(0.5);
  });
});
