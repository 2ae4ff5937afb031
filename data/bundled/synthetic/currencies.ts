/** Seven demo currencies: spot, money-market rates, and forward points that obey covered interest parity. */
import type { Columns } from '../../market-source.ts';
import { demoEconomy } from './economy.ts';
import { marketReturns, noise } from './factors.ts';
import { at, ornsteinUhlenbeck, roundTo, streamOf } from './random-walks.ts';
import { yieldCurve } from './yields.ts';

export const economies = ['US', 'EU', 'JP', 'UK', 'CH', 'AU', 'CA'] as const;
type Economy = (typeof economies)[number];

/** Years of each tenor. */
const moneyTenors: Readonly<Record<string, number>> = { '1M': 1 / 12, '3M': 0.25, '6M': 0.5, '1Y': 1 };

interface Pair {
  readonly base: Economy;
  readonly quote: Economy;
  readonly first: number;
  readonly decimals: number;
  readonly deviation: number;
  /** Move of the base currency per unit of market return: safe havens fall when shares rise. */
  readonly marketBeta: number;
}

export const pairs: Readonly<Record<string, Pair>> = {
  EURUSD: { base: 'EU', quote: 'US', first: 1.24, decimals: 5, deviation: 0.0042, marketBeta: 0.03 },
  GBPUSD: { base: 'UK', quote: 'US', first: 1.46, decimals: 5, deviation: 0.0045, marketBeta: 0.09 },
  AUDUSD: { base: 'AU', quote: 'US', first: 0.81, decimals: 5, deviation: 0.0052, marketBeta: 0.28 },
  USDJPY: { base: 'US', quote: 'JP', first: 104, decimals: 3, deviation: 0.0046, marketBeta: 0.2 },
  USDCHF: { base: 'US', quote: 'CH', first: 0.98, decimals: 5, deviation: 0.0045, marketBeta: 0.1 },
  USDCAD: { base: 'US', quote: 'CA', first: 1.17, decimals: 5, deviation: 0.0039, marketBeta: -0.18 },
};

export function spotPath(code: string): Float64Array {
  const pair = pairs[code];
  if (pair === undefined) throw new Error(`${code} is not a demo currency pair.`);
  const market = marketReturns();
  const own = noise(`fx ${code}`, pair.deviation, 0);
  const pull = Math.log(2) / 900;
  let log = 0;
  return own.map((move, i) => {
    // A weak pull to the first level keeps sixteen years of noise within what a currency does.
    log += i === 0 ? 0 : move + pair.marketBeta * (at(market, i) - 0.0003) - pull * log;
    return roundTo(pair.first * Math.exp(log), pair.decimals);
  });
}

/** Level in percent against the US, share of the US moves, and own half-life and deviation. */
const rateLevels: Readonly<Record<Exclude<Economy, 'US'>, readonly [number, number, number]>> = {
  EU: [0.6, 0.35, 0.45],
  JP: [0.15, 0.05, 0.12],
  UK: [1.6, 0.55, 0.4],
  CH: [0.1, 0.25, 0.25],
  AU: [2.6, 0.55, 0.5],
  CA: [1.2, 0.7, 0.35],
};

const rateCache = new Map<string, Columns>();

/** `US.1M` … `CA.1Y`, simple rates in percent, rounded before anything is derived from them. */
export function depositRates(): Columns {
  const known = rateCache.get('deposits');
  if (known) return known;
  const bills = yieldCurve('US');
  const length = demoEconomy().states.length;
  const columns: Record<string, Float64Array> = {};
  for (const economy of economies) {
    const steep = ornsteinUhlenbeck(streamOf(`steep ${economy}`), length, 150, 0.12);
    const base = threeMonth(economy, bills['y3m'] ?? new Float64Array(length));
    for (const [tenor, years] of Object.entries(moneyTenors)) {
      columns[`${economy}.${tenor}`] = base.map((rate, i) =>
        roundTo(rate + (0.15 + at(steep, i)) * Math.log2(years / 0.25) * 0.5, 4),
      );
    }
  }
  rateCache.set('deposits', columns);
  return columns;
}

function threeMonth(economy: Economy, bills: Float64Array): Float64Array {
  if (economy === 'US') return bills.map((rate) => rate + 0.12);
  const [level, share, deviation] = rateLevels[economy];
  const own = ornsteinUhlenbeck(streamOf(`rate ${economy}`), bills.length, 500, deviation);
  return bills.map((rate, i) => Math.max(-0.75, level + share * rate + at(own, i)));
}

export function threeMonthRates(): Columns {
  const deposits = depositRates();
  return Object.fromEntries(
    economies.map((economy) => [economy, deposits[`${economy}.3M`] ?? new Float64Array(0)] as const),
  );
}

/** Spot and forward points: `S·((1 + r_quote·τ)/(1 + r_base·τ) − 1)` in price units. */
export function forwardPoints(): Columns {
  const deposits = depositRates();
  const columns: Record<string, Float64Array> = {};
  for (const [code, pair] of Object.entries(pairs)) {
    const spot = spotPath(code);
    columns[`${code}.spot`] = spot;
    for (const [tenor, years] of Object.entries(moneyTenors)) {
      const base = deposits[`${pair.base}.${tenor}`] ?? new Float64Array(spot.length);
      const quote = deposits[`${pair.quote}.${tenor}`] ?? new Float64Array(spot.length);
      columns[`${code}.${tenor}`] = spot.map((rate, i) =>
        roundTo(rate * ((1 + (at(quote, i) / 100) * years) / (1 + (at(base, i) / 100) * years) - 1), 9),
      );
    }
  }
  return columns;
}

export function currencyBars(code: string): Columns {
  return { close: spotPath(code) };
}
