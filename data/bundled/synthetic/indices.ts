/** Demo share indices and the volatility index with its history by horizon. */
import type { Columns } from '../../market-source.ts';
import { dressBars } from './bars.ts';
import { endingAt, fearIndex, marketReturns, noise, priceFrom } from './factors.ts';
import { atTheMoney } from './option-volatility.ts';
import { at, roundTo, streamOf } from './random-walks.ts';

let market: Float64Array | undefined;

export function marketPath(): Float64Array {
  market ??= endingAt(priceFrom(1, marketReturns()), 4821.37);
  return market;
}

/** Beta to the broad market, own daily deviation and drift, last level. */
const related: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'DEMO:INTL': [0.8, 0.0045, -0.0001, 1648.2],
  'DEMO:SMALL': [1.15, 0.0042, -0.00005, 2207.9],
};

export function indexBars(symbol: string): Columns {
  const parts = related[symbol];
  if (parts === undefined) return dressBars(marketPath(), { label: symbol, decimals: 2, volume: 3_400_000_000 });
  const [beta, deviation, drift, last] = parts;
  const own = noise(`index ${symbol}`, deviation, drift);
  const path = priceFrom(
    1,
    marketReturns().map((move, i) => beta * move + at(own, i)),
  );
  return dressBars(endingAt(path, last), { label: symbol, decimals: 2, volume: 900_000_000 });
}

export function fearBars(): Columns {
  const { open, high, low, close } = dressBars(fearIndex(), { label: 'DEMO:VIX', decimals: 2, range: 5 });
  if (open === undefined || high === undefined || low === undefined || close === undefined)
    throw new Error('Bars without a range.');
  return { open, high, low, close };
}

const horizons = [30, 60, 90, 180, 365];

/** `iv30 … iv365` in vol points, as the option chains would have given them. */
export function impliedHistory(): Columns {
  const fear = fearIndex();
  const columns: Record<string, Float64Array> = {};
  for (const days of horizons) {
    const rng = streamOf(`implied ${days}`);
    columns[`iv${days}`] = fear.map((level) => roundTo(100 * atTheMoney(level, days) + 0.1 * rng.normal(), 2));
  }
  return columns;
}
