/** Demo commodities and their futures strips. */
import type { Columns } from '../../market-source.ts';
import { nthWeekday, tradingDays } from './calendar.ts';
import { fearIndex, marketReturns, noise } from './factors.ts';
import { at, ornsteinUhlenbeck, roundTo, streamOf } from './random-walks.ts';
import { yieldCurve } from './yields.ts';

interface Commodity {
  readonly name: string;
  readonly first: number;
  readonly decimals: number;
  readonly deviation: number;
  readonly marketBeta: number;
  /** Half-life of the pull back to the first level, in days. */
  readonly halfLife: number;
  readonly volume: number;
}

export const commodities: Readonly<Record<string, Commodity>> = {
  OIL: {
    name: 'Demo crude oil',
    first: 72,
    decimals: 2,
    deviation: 0.0155,
    marketBeta: 0.55,
    halfLife: 700,
    volume: 310_000,
  },
  GAS: {
    name: 'Demo natural gas',
    first: 3.6,
    decimals: 3,
    deviation: 0.024,
    marketBeta: 0.1,
    halfLife: 250,
    volume: 140_000,
  },
  GOLD: {
    name: 'Demo gold',
    first: 1380,
    decimals: 1,
    deviation: 0.0078,
    marketBeta: -0.05,
    halfLife: 2500,
    volume: 190_000,
  },
  COPPER: {
    name: 'Demo copper',
    first: 3.4,
    decimals: 3,
    deviation: 0.0105,
    marketBeta: 0.5,
    halfLife: 1200,
    volume: 90_000,
  },
  WHEAT: {
    name: 'Demo wheat',
    first: 5.8,
    decimals: 3,
    deviation: 0.0145,
    marketBeta: 0.05,
    halfLife: 500,
    volume: 80_000,
  },
};

export function commodityPath(code: string): Float64Array {
  const commodity = commodities[code];
  if (commodity === undefined) throw new Error(`${code} is not a demo commodity.`);
  const market = marketReturns();
  const own = noise(`commodity ${code}`, commodity.deviation, code === 'GOLD' ? 0.0002 : 0);
  const pull = Math.log(2) / commodity.halfLife;
  let log = 0;
  return own.map((move, i) => {
    log += i === 0 ? 0 : move + commodity.marketBeta * (at(market, i) - 0.0003) - pull * log;
    return commodity.first * Math.exp(log);
  });
}

/** Natural gas is dear in winter: log premium by calendar month of delivery. */
const gasSeason = [0.16, 0.14, 0.03, -0.07, -0.09, -0.07, -0.04, -0.04, -0.06, -0.03, 0.06, 0.13];
const STRIP = 8;
const MS_PER_YEAR = 365.25 * 86_400_000;

/** Settlements `m1 … m8` and the days on which they expire. The futures price is spot at cost of carry less convenience. */
export function commodityStrip(code: 'OIL' | 'GAS' | 'GOLD'): Columns {
  const days = tradingDays();
  const spot = commodityPath(code);
  const bills = yieldCurve('US')['y3m'] ?? new Float64Array(days.length);
  const swing = code === 'GOLD' ? 0.002 : 0.07;
  const convenience = ornsteinUhlenbeck(streamOf(`convenience ${code}`), days.length, 130, swing);
  const decimals = commodities[code]?.decimals ?? 2;
  return strip(days, (day, row, expiry) => {
    const years = (expiry - day) / MS_PER_YEAR;
    const carry = at(bills, row) / 100 - (code === 'GOLD' ? 0 : 0.015) - at(convenience, row);
    const season = code === 'GAS' ? seasonGap(day, expiry) : 0;
    return roundTo(at(spot, row) * Math.exp(carry * years + season), decimals + 1);
  });
}

function seasonGap(day: number, expiry: number): number {
  const of = (time: number) => gasSeason[new Date(time).getUTCMonth()] ?? 0;
  return of(expiry + 15 * 86_400_000) - of(day);
}

/** VIX-like futures: the index pulled to its long-run level, plus a premium; some far settlements are missing. */
export function fearStrip(): Columns {
  const days = tradingDays();
  const fear = fearIndex();
  const rng = streamOf('fear futures');
  const columns = strip(days, (day, row, expiry) => {
    const years = (expiry - day) / MS_PER_YEAR;
    const pulled = 19 + (at(fear, row) - 19) * Math.exp(-4.5 * years);
    return roundTo(pulled + 1.6 * (1 - Math.exp(-6 * years)) + 0.12 * rng.normal(), 2);
  });
  const far = columns['m8'];
  if (far !== undefined) for (let i = 0; i < far.length; i++) if (rng.uniform() < 0.01) far[i] = Number.NaN;
  return columns;
}

function strip(
  days: Float64Array,
  settle: (day: number, row: number, expiry: number) => number,
): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = {};
  for (let k = 1; k <= STRIP; k++) {
    columns[`m${k}`] = new Float64Array(days.length);
    columns[`expiry${k}`] = new Float64Array(days.length);
  }
  days.forEach((day, row) => {
    upcomingExpiries(day).forEach((expiry, k) => {
      const price = columns[`m${k + 1}`];
      const date = columns[`expiry${k + 1}`];
      if (price === undefined || date === undefined) return;
      price[row] = settle(day, row, expiry);
      date[row] = expiry;
    });
  });
  return columns;
}

/** The next eight third Wednesdays after a day. */
function upcomingExpiries(day: number): readonly number[] {
  const date = new Date(day);
  const list: number[] = [];
  for (let month = date.getUTCMonth(); list.length < STRIP; month++) {
    const year = date.getUTCFullYear() + Math.floor(month / 12);
    const expiry = nthWeekday(year, month % 12, 3, 3);
    if (expiry > day) list.push(expiry);
  }
  return list;
}
