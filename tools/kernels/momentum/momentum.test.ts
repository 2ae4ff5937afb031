import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue, readGoldenTable } from '../../../lib/testing/golden.ts';
import { varianceRatioTest } from '../statarb/variance-ratio.ts';
import { autocorrelations } from '../stats/correlation.ts';
import { mean, standardDeviation } from '../stats/moments.ts';
import {
  ctaSignal,
  decayedVolatility,
  longShortWeights,
  lookbackReturns,
  trendRegression,
  trendResponse,
  volatilityExposure,
} from './momentum-signals.ts';
import {
  crossings,
  doubleExponentialAverage,
  exponentialAverage,
  kaufmanAverage,
  movingAverageConvergence,
  percentageOscillator,
  regressionSlope,
  simpleAverage,
  tripleExponentialRate,
  weightedAverage,
} from './moving-averages.ts';
import {
  aroon,
  commodityChannel,
  efficiencyRatio,
  moneyFlow,
  onBalanceVolume,
  priceMomentum,
  rateOfChange,
  relativeStrength,
  stochastic,
  williamsRange,
} from './oscillators.ts';
import {
  averageDirectionalIndex,
  averageTrueRange,
  bollingerBands,
  donchianChannel,
  normalisedRange,
  rollingDeviation,
} from './range-indicators.ts';

type Lines = Readonly<Record<string, Float64Array>>;

function indicatorLines(input: GoldenValue): (name: string) => Lines | null {
  const close = Float64Array.from(input.close as number[]);
  const bars = {
    high: Float64Array.from(input.high as number[]),
    low: Float64Array.from(input.low as number[]),
    close,
  };
  const volume = Float64Array.from(input.volume as number[]);
  const values = (line: Float64Array): Lines => ({ values: line });
  const table: Readonly<Record<string, (n: number, m: number) => Lines>> = {
    sma: (n) => values(simpleAverage(close, n)),
    ema: (n) => values(exponentialAverage(close, n)),
    rsi: (n) => values(relativeStrength(close, n)),
    macd: () => ({ ...movingAverageConvergence(close) }),
    atr: (n) => values(averageTrueRange(bars, n)),
    bbands: (n, m) => ({ ...bollingerBands(close, n, m) }),
    kama: (n) => values(kaufmanAverage(close, n)),
    adx: (n) => values(averageDirectionalIndex(bars, n)),
    stoch: () => ({ ...stochastic(bars) }),
    cci: (n) => values(commodityChannel(bars, n)),
    willr: (n) => values(williamsRange(bars, n)),
    roc: (n) => values(rateOfChange(close, n)),
    mom: (n) => values(priceMomentum(close, n)),
    obv: () => values(onBalanceVolume(close, volume)),
    wma: (n) => values(weightedAverage(close, n)),
    mfi: (n) => values(moneyFlow(bars, volume, n)),
    aroon: (n) => ({ ...aroon(bars, n) }),
    dema: (n) => values(doubleExponentialAverage(close, n)),
    trix: (n) => values(tripleExponentialRate(close, n)),
    stddev: (n) => values(rollingDeviation(close, n)),
    natr: (n) => values(normalisedRange(bars, n)),
    linreg: (n) => values(regressionSlope(close, n)),
    ppo: () => values(percentageOscillator(close)),
    kaufmanEfficiencyRatio: (n) => values(efficiencyRatio(close, n)),
  };
  return (name) => {
    const [, base, n, m] = /^([a-zA-Z]+?)(\d+)?(?:_(\d+))?(?:slope)?$/.exec(name) ?? [];
    return table[base ?? '']?.(Number(n), Number(m)) ?? null;
  };
}

describeGolden('indicators', ({ input, expect: want, tolerance }) => {
  const lines = indicatorLines(input);
  const close = Float64Array.from(input.close as number[]);
  for (const [name, target] of Object.entries(want) as [string, GoldenValue][]) {
    const cross = /^ema(\d+)_(\d+)Cross$/.exec(name);
    if (cross) {
      const [fast, slow] = [exponentialAverage(close, Number(cross[1])), exponentialAverage(close, Number(cross[2]))];
      expect(crossings(fast, slow).map(({ index, kind }) => ({ index, type: kind }))).toEqual(target.signals);
    } else if (name === 'edge') {
      const line = (f: (t: number) => number) =>
        relativeStrength(Float64Array.from({ length: 30 }, (_, t) => f(t))).at(-1);
      expect(line(() => 5)).toBe(target.rsiOfConstant);
      expect(line((t) => 5 + t)).toBe(target.rsiOfRising);
      expect(line((t) => 50 - t)).toBe(target.rsiOfFalling);
    } else {
      const got = lines(name);
      expect(got, `no indicator for ${name}`).not.toBeNull();
      for (const [part, line] of Object.entries(got ?? {})) {
        expectClose(line, target[part], { absolute: tolerance.abs, relative: tolerance.rel, what: `${name}.${part}` });
        expect(line.findIndex((v) => !Number.isNaN(v))).toBe(target.first);
      }
    }
  }
});

/** Month ends of the table rows between two dates, for the named columns. */
function monthEnds(input: GoldenValue) {
  const table = readGoldenTable(input.data.sameNumbersIn.split(' ')[0]);
  const dates = table.text('date');
  const keep = dates
    .map((_, i) => i)
    .filter((i) => (dates[i] ?? '') >= input.data.first && (dates[i] ?? '') <= input.data.last);
  const names = input.names as string[];
  const daily = names.map((name) => {
    const column = table.numbers(name);
    return Float64Array.from(keep, (i) => column[i] as number);
  });
  const days = keep.map((i) => dates[i] ?? '');
  const ends = days.map((_, i) => i).filter((i) => days[i]?.slice(0, 7) !== days[i + 1]?.slice(0, 7));
  const monthly = new Float64Array(ends.length * names.length);
  for (const [row, i] of ends.entries())
    for (const [j, column] of daily.entries()) monthly[row * names.length + j] = column[i] as number;
  return { names, daily, ends, monthly, months: ends.map((i) => days[i]?.slice(0, 7) ?? '') };
}

function monthlyReturns(monthly: Float64Array, cols: number, weightsAt: (t: number) => Float64Array, from: number) {
  const out: number[] = [];
  for (let t = from; (t + 2) * cols <= monthly.length; t++) {
    const weights = weightsAt(t);
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      sum += (weights[j] as number) * ((monthly[(t + 1) * cols + j] as number) / (monthly[t * cols + j] as number) - 1);
    }
    out.push(sum);
  }
  return out;
}

describeGolden('momentum', ({ input, expect: want, tolerance }) => {
  const T = { absolute: tolerance.abs, relative: tolerance.rel };
  const { names, daily, ends, monthly, months } = monthEnds(input);
  const cols = names.length;
  const rows = ends.length;
  expect(months).toEqual(want.monthEnds.map((d: string) => d.slice(0, 7)));
  const scores = lookbackReturns(monthly, rows, cols, 12, 1);
  expectClose(scores, want.mom12_1.flat(), { ...T, what: '12-1' });
  const last = scores.subarray((rows - 1) * cols);
  const ranking = names.map((_, j) => j).sort((a, b) => (last[b] as number) - (last[a] as number));
  expect(ranking.map((j) => names[j])).toEqual(want.lastRanking);
  const cross = monthlyReturns(
    monthly,
    cols,
    (t) => longShortWeights(scores.subarray(t * cols, (t + 1) * cols), 3),
    12,
  );
  expect(months[13]).toBe(want.longShort3.firstHoldingMonth.slice(0, 7));
  checkMonthly(cross, want.longShort3, T, 'long-short');
  expectClose([(mean(cross) / standardDeviation(cross)) * Math.sqrt(cross.length)], [want.longShort3.tStat], T);

  const year = lookbackReturns(monthly, rows, cols, 12, 0);
  const volatility = daily.map((p) => decayedVolatility(p.slice(1).map((v, t) => v / (p[t] as number) - 1)));
  const volAt = (t: number, j: number) => volatility[j]?.[(ends[t] as number) - 1] as number;
  const weightsAt = (t: number) =>
    Float64Array.from(
      { length: cols },
      (_, j) => (Math.sign(year[t * cols + j] as number) * want.tsmom.volTargetPerInstrument) / volAt(t, j) / cols,
    );
  expectClose(
    names.map((_, j) => volAt(12, j)),
    want.tsmom.exAnteVolAtFirst,
    { ...T, what: 'ex-ante' },
  );
  expectClose(weightsAt(12), want.tsmom.firstWeights, { ...T, what: 'first weights' });
  expectClose(weightsAt(rows - 2), want.tsmom.lastWeights, { ...T, what: 'last weights' });
  const timeSeries = monthlyReturns(monthly, cols, weightsAt, 12);
  checkMonthly(timeSeries, want.tsmom, T, 'tsmom');
  expectClose([(mean(timeSeries) / standardDeviation(timeSeries)) * Math.sqrt(12)], [want.tsmom.sharpe], T);
  checkSingle(names, daily, want, T);
});

function checkMonthly(got: number[], want: GoldenValue, T: { absolute: number; relative: number }, what: string): void {
  expectClose(got, want.monthlyReturns, { ...T, what });
  expectClose([mean(got) * 12, standardDeviation(got) * Math.sqrt(12)], [want.annualMean, want.annualVol], {
    ...T,
    what,
  });
}

function checkSingle(
  names: string[],
  daily: Float64Array[],
  want: GoldenValue,
  T: { absolute: number; relative: number },
) {
  const of = (part: GoldenValue) => daily[names.indexOf(part.of)] as Float64Array;
  const signal = of(want.ctaSignal);
  for (const key of Object.keys(want).filter((name) => /^cta_\d/.test(name))) {
    const [, short, long] = key.split('_').map(Number) as [number, number, number];
    const got = trendResponse(signal, short, long);
    for (const part of ['x', 'y', 'z', 'u'] as const) {
      expectClose(got[part].slice(-want[key][part].length), want[key][part], { ...T, what: `${key}.${part}` });
    }
  }
  expectClose(ctaSignal(signal).slice(-3), want.ctaSignal.last3, { ...T, what: 'CTA' });
  const trend = trendRegression(of(want.trendRegression126), 126);
  const t = want.trendRegression126;
  expectClose(
    [trend?.slopePerBar ?? null, trend?.t ?? null, trend?.rSquared ?? null, trend?.annualisedSlope ?? null],
    [t.slopeDaily, t.tStat, t.r2, t.annualisedSlope],
    { ...T, what: 'trend' },
  );
  const logs = of(want.varianceRatio5).map(Math.log);
  const iid = varianceRatioTest(logs, 5, { robust: false });
  const robust = varianceRatioTest(logs, 5);
  expectClose(
    [iid.varianceRatio, iid.statistic, robust.statistic],
    [want.varianceRatio5.vr, want.varianceRatio5.zHomoskedastic, want.varianceRatio5.zHeteroskedastic],
    { ...T, what: 'variance ratio' },
  );
  const logReturns = of(want.autocorrelation1)
    .map(Math.log)
    .slice(1)
    .map((v, i) => v - Math.log(of(want.autocorrelation1)[i] as number));
  expectClose(autocorrelations(logReturns, 1), [want.autocorrelation1.value], { ...T, what: 'autocorrelation' });
  const target = want.volTarget;
  const p = of(target);
  const returns = p.slice(1).map((v, i) => Math.log(v / (p[i] as number)));
  const options = { target: target.targetVol, window: target.window, periodsPerYear: 252 };
  expectClose(volatilityExposure(returns, options).slice(-5), target.exposureLast5, { ...T, what: 'exposure' });
  expectClose(volatilityExposure(returns, { ...options, cap: 2 }).slice(-5), target.capped2, { ...T, what: 'capped' });
}

describe('indicators', () => {
  const rng = createRng(5);
  let price = 100;
  const close = Float64Array.from({ length: 200 }, () => {
    price *= Math.exp(0.02 * rng.normal());
    return price;
  });
  const bars = { high: close.map((v) => v * 1.01), low: close.map((v) => v * 0.99), close };
  const cut = { high: bars.high.slice(0, 120), low: bars.low.slice(0, 120), close: close.slice(0, 120) };

  it('never look ahead', () => {
    const pairs: [Float64Array, Float64Array][] = [
      [averageDirectionalIndex(bars), averageDirectionalIndex(cut)],
      [exponentialAverage(close, 20), exponentialAverage(cut.close, 20)],
      [movingAverageConvergence(close).histogram, movingAverageConvergence(cut.close).histogram],
      [relativeStrength(close), relativeStrength(cut.close)],
      [kaufmanAverage(close, 10), kaufmanAverage(cut.close, 10)],
      [stochastic(bars).slowD, stochastic(cut).slowD],
      [donchianChannel(bars).upper, donchianChannel(cut).upper],
      [ctaSignal(close), ctaSignal(cut.close)],
      [decayedVolatility(close), decayedVolatility(cut.close)],
    ];
    for (const [whole, part] of pairs) expectClose(part, whole.slice(0, 120), { what: 'truncated' });
  });

  it('is bounded and ordered where it must be', () => {
    const channel = donchianChannel(bars, 20);
    for (let t = 30; t < 200; t++) {
      expect(channel.upper[t]).toBeGreaterThanOrEqual(close[t] as number);
      expect(channel.lower[t]).toBeLessThanOrEqual(close[t] as number);
    }
    for (const v of relativeStrength(close).slice(14)) {
      expect(v).toBeGreaterThanOrEqual(0);
      expect(v).toBeLessThanOrEqual(100);
    }
    expect(efficiencyRatio(new Float64Array(20).fill(3), 10)[15]).toBe(0);
    expect(
      efficiencyRatio(
        Float64Array.from({ length: 20 }, (_, t) => t + 1),
        10,
      )[15],
    ).toBeCloseTo(1, 12);
  });

  it('has no value before its window, and refuses a window of zero', () => {
    expect(simpleAverage(close.slice(0, 5), 20).every(Number.isNaN)).toBe(true);
    expect(() => exponentialAverage(close, 0)).toThrow(/window/);
  });
});

describe('cross-section', () => {
  it('goes long the best, short the worst, and stays out when too few are known', () => {
    expect([...longShortWeights([0.1, Number.NaN, 0.3, -0.2], 1)]).toEqual([0, 0, 1, -1]);
    expect([...longShortWeights([0.1, Number.NaN], 1)]).toEqual([0, 0]);
  });
});
