/** Government yields of two demo economies, and the bond indices that follow them. Yields in percent. */
import type { Columns } from '../../market-source.ts';
import { tradingDays } from './calendar.ts';
import { demoEconomy } from './economy.ts';
import { fearIndex, priceFrom, stressOf } from './factors.ts';
import { at, ornsteinUhlenbeck, roundTo, streamOf } from './random-walks.ts';

export const tenors: Readonly<Record<string, number>> = {
  y3m: 0.25,
  y6m: 0.5,
  y1y: 1,
  y2y: 2,
  y5y: 5,
  y10y: 10,
  y30y: 30,
};
const DECAY_YEARS = 2.4;
const cache = new Map<string, Columns>();

/** Level, slope and curvature (Nelson & Siegel, 1987, eq. 1) with the policy rate at the short end. */
export function yieldCurve(region: 'US' | 'EU'): Columns {
  const known = cache.get(region);
  if (known) return known;
  const { policyRate } = demoEconomy();
  const length = policyRate.length;
  const lower = region === 'EU' ? 1.1 : 0;
  const level = ornsteinUhlenbeck(streamOf(`level ${region}`), length, 700, 0.8);
  const hump = ornsteinUhlenbeck(streamOf(`hump ${region}`), length, 200, 0.6);
  const bill = ornsteinUhlenbeck(streamOf(`bill ${region}`), length, 20, 0.04);
  const columns: Record<string, Float64Array> = {};
  for (const [name, years] of Object.entries(tenors)) {
    const x = years / DECAY_YEARS;
    const slopeLoad = (1 - Math.exp(-x)) / x;
    columns[name] = policyRate.map((rate, i) => {
      const short = rate - lower + 0.05 + at(bill, i);
      const long = 3.7 - lower + at(level, i) + 0.25 * (rate - 2);
      const value = long + (short - long) * slopeLoad + at(hump, i) * (slopeLoad - Math.exp(-x));
      return roundTo(Math.max(region === 'EU' ? -0.8 : 0.02, value), 2);
    });
  }
  cache.set(region, columns);
  return columns;
}

interface BondIndex {
  readonly tenor: string;
  readonly duration: number;
  /** Credit spread in percent: ordinary level and how much a point of fear adds. */
  readonly spread?: { readonly level: number; readonly perPoint: number };
}

export const bondIndices: Readonly<Record<string, BondIndex>> = {
  'DEMO:GOV2': { tenor: 'y2y', duration: 1.9 },
  'DEMO:GOV10': { tenor: 'y10y', duration: 8.3 },
  'DEMO:GOV30': { tenor: 'y30y', duration: 18.5 },
  'DEMO:CORP': { tenor: 'y5y', duration: 6.5, spread: { level: 1.2, perPoint: 0.045 } },
  'DEMO:HIGHYIELD': { tenor: 'y5y', duration: 3.9, spread: { level: 3.8, perPoint: 0.17 } },
};

/** Total return: yesterday's yield for a day, less duration times the change, plus half of its square for convexity. */
export function bondPath(symbol: string): Float64Array {
  const bond = bondIndices[symbol];
  if (bond === undefined) throw new Error(`${symbol} is not a demo bond index.`);
  const base = yieldCurve('US')[bond.tenor];
  if (base === undefined) throw new Error(`There is no tenor ${bond.tenor}.`);
  const fear = fearIndex();
  const rng = streamOf(`spread ${symbol}`);
  const full = base.map((value, i) =>
    bond.spread === undefined
      ? value
      : value + bond.spread.level + bond.spread.perPoint * (at(fear, i) - 17) + 0.02 * stressOf(i) * rng.normal(),
  );
  const convexity = (bond.duration ** 2 + bond.duration) / 2;
  return priceFrom(
    100,
    full.map((value, i) => {
      if (i === 0) return 0;
      const before = at(full, i - 1) / 100;
      const change = value / 100 - before;
      return Math.log1p(before / 252 - bond.duration * change + convexity * change * change);
    }),
  );
}

export function cashPath(): Float64Array {
  const bills = yieldCurve('US')['y3m'] ?? new Float64Array(tradingDays().length);
  return priceFrom(
    100,
    bills.map((_, i) => (i === 0 ? 0 : Math.log1p(at(bills, i - 1) / 100 / 252))),
  );
}
