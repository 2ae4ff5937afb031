/** The named indicators, each with its usual window, its lines and its usual reading. */
import type { PriceColumns } from '../backtest/price-columns.ts';
import {
  type Crossing,
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
} from '../kernels/momentum/moving-averages.ts';
import {
  aroon,
  commodityChannel,
  efficiencyRatio,
  moneyFlow,
  onBalanceVolume,
  type PriceBars,
  priceMomentum,
  rateOfChange,
  relativeStrength,
  stochastic,
  williamsRange,
} from '../kernels/momentum/oscillators.ts';
import {
  averageDirectionalIndex,
  averageTrueRange,
  bollingerBands,
  donchianChannel,
  normalisedRange,
  rollingDeviation,
} from '../kernels/momentum/range-indicators.ts';

export interface IndicatorLine {
  readonly name: string;
  readonly window: number;
  readonly values: Float64Array;
  readonly reading: (value: number) => string;
}

type Parts = { readonly close: Float64Array; readonly bars: PriceBars | null; readonly volume: Float64Array | null };
/** Null where prices that it needs are missing. */
type Indicator = (parts: Parts, window: number | undefined) => readonly IndicatorLine[] | null;

const silent = () => '';
const against = (close: Float64Array) => (value: number) =>
  (close.at(-1) as number) > value ? 'price is above it' : 'price is below it';
const limits = (low: number, high: number) => (value: number) =>
  value >= high ? 'overbought by the usual rule' : value <= low ? 'oversold by the usual rule' : 'neutral';
const sign = (value: number) => (value > 0 ? 'positive' : value < 0 ? 'negative' : 'zero');

function line(
  name: string,
  window: number,
  values: Float64Array,
  reading: (value: number) => string = silent,
): IndicatorLine {
  return { name, window, values, reading };
}

function average(name: string, usual: number, f: (x: Float64Array, window: number) => Float64Array): Indicator {
  return ({ close }, window = usual) => [line(name, window, f(close, window), against(close))];
}

function withBars(
  f: (bars: PriceBars, window: number | undefined, parts: Parts) => readonly IndicatorLine[],
): Indicator {
  return (parts, window) => (parts.bars === null ? null : f(parts.bars, window, parts));
}

const table = {
  sma: average('SMA', 50, simpleAverage),
  ema: average('EMA', 20, exponentialAverage),
  wma: average('WMA', 10, weightedAverage),
  kama: average('KAMA', 10, kaufmanAverage),
  dema: average('DEMA', 20, doubleExponentialAverage),
  rsi: ({ close }, w = 14) => [line('RSI', w, relativeStrength(close, w), limits(30, 70))],
  macd: ({ close }) => {
    const m = movingAverageConvergence(close);
    return [
      line('MACD', 26, m.macd, sign),
      line('MACD signal', 9, m.signal),
      line('MACD histogram', 0, m.histogram, sign),
    ];
  },
  ppo: ({ close }) => [line('PPO', 26, percentageOscillator(close), sign)],
  trix: ({ close }, w = 15) => [line('TRIX', w, tripleExponentialRate(close, w), sign)],
  roc: ({ close }, w = 10) => [line('ROC (percent)', w, rateOfChange(close, w), sign)],
  momentum: ({ close }, w = 10) => [line('MOM', w, priceMomentum(close, w), sign)],
  bollinger: ({ close }, w = 20) => {
    const b = bollingerBands(close, w, 2);
    return [
      line('Bollinger upper', w, b.upper, (v) => ((close.at(-1) as number) > v ? 'price is above the band' : '')),
      line('Bollinger middle', w, b.middle, against(close)),
      line('Bollinger lower', w, b.lower, (v) => ((close.at(-1) as number) < v ? 'price is below the band' : '')),
    ];
  },
  standardDeviation: ({ close }, w = 20) => [line('Standard deviation', w, rollingDeviation(close, w))],
  regressionSlope: ({ close }, w = 14) => [line('Regression slope per bar', w, regressionSlope(close, w), sign)],
  efficiencyRatio: ({ close }, w = 10) => [
    line('Efficiency ratio', w, efficiencyRatio(close, w), (v) => (v > 0.5 ? 'straight move' : v < 0.2 ? 'noise' : '')),
  ],
  atr: withBars((bars, w = 14) => [line('ATR', w, averageTrueRange(bars, w))]),
  natr: withBars((bars, w = 14) => [line('NATR (percent)', w, normalisedRange(bars, w))]),
  adx: withBars((bars, w = 14) => [
    line('ADX', w, averageDirectionalIndex(bars, w), (v) =>
      v >= 25 ? 'trending by the usual rule' : 'no trend by the usual rule',
    ),
  ]),
  donchian: withBars((bars, w = 20) => {
    const d = donchianChannel(bars, w);
    return [line('Donchian upper', w, d.upper), line('Donchian lower', w, d.lower)];
  }),
  stochastic: withBars((bars, w = 14) => {
    const s = stochastic(bars, w);
    return [line('Slow %K', w, s.slowK, limits(20, 80)), line('Slow %D', w, s.slowD)];
  }),
  cci: withBars((bars, w = 20) => [line('CCI', w, commodityChannel(bars, w), limits(-100, 100))]),
  williams: withBars((bars, w = 14) => [line('Williams %R', w, williamsRange(bars, w), limits(-80, -20))]),
  aroon: withBars((bars, w = 14) => {
    const a = aroon(bars, w);
    return [line('Aroon up', w, a.up), line('Aroon down', w, a.down)];
  }),
  mfi: withBars((bars, w = 14, { volume }) =>
    volume === null ? [] : [line('MFI', w, moneyFlow(bars, volume, w), limits(20, 80))],
  ),
  obv: ({ close, volume }) => (volume === null ? null : [line('OBV', 0, onBalanceVolume(close, volume))]),
} as const satisfies Record<string, Indicator>;

export type IndicatorName = keyof typeof table;
export const indicatorNames = Object.keys(table) as [IndicatorName, ...IndicatorName[]];

export function indicatorLines(data: PriceColumns, names: readonly IndicatorName[], window: number | undefined) {
  const close = data.columns[0] as Float64Array;
  const high = data.highs?.[0];
  const low = data.lows?.[0];
  const whole = (v: Float64Array | undefined): v is Float64Array => v?.every((x) => x > 0) === true;
  const volume = data.volumes[0] ?? null;
  const parts: Parts = {
    close,
    bars: whole(high) && whole(low) ? { high, low, close } : null,
    volume: volume?.some((v) => v > 0) ? volume : null,
  };
  const lines: IndicatorLine[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const indicator: Indicator = table[name];
    const found = indicator(parts, window);
    if (found === null || found.length === 0) missing.push(name);
    else lines.push(...found);
  }
  const crossed: readonly Crossing[] = crossings(exponentialAverage(close, 12), exponentialAverage(close, 26));
  return { lines, missing, crossings: crossed };
}
