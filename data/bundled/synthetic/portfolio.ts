/** A portfolio to play with, about 55/30/15 in shares, bonds and cash, bought over several years. */
import { parseIsoDate } from '../../../lib/dates.ts';
import type { Lot, Portfolio } from '../../types.ts';
import { tradingDays } from './calendar.ts';
import { companyBars } from './companies.ts';
import { at, roundTo } from './random-walks.ts';
import { bondPath } from './yields.ts';

export const DEMO_PORTFOLIO = 'DEMO:BALANCED';
const UPDATED = '2025-12-31';

/** Symbol, money in it at the end, days on which it was bought in equal parts. */
const holdings: readonly (readonly [string, number, readonly string[]])[] = [
  ['DEMO:NOVAL', 27_000, ['2019-04-15', '2022-10-10']],
  ['DEMO:DATUX', 18_000, ['2021-01-11']],
  ['DEMO:SILIQ', 15_000, ['2020-05-04', '2024-02-12']],
  ['DEMO:FENNB', 13_000, ['2018-09-10']],
  ['DEMO:TORVA', 11_000, ['2023-03-20']],
  ['DEMO:VITRA', 14_000, ['2017-06-12', '2025-03-17']],
  ['DEMO:MEDLO', 12_000, ['2022-06-13']],
  ['DEMO:MILLO', 12_000, ['2016-02-08']],
  ['DEMO:PETRA', 10_000, ['2021-11-15']],
  ['DEMO:RAILO', 13_000, ['2020-03-23', '2023-08-14']],
  ['DEMO:GOV10', 48_000, ['2022-11-14', '2024-06-10']],
  ['DEMO:CORP', 32_000, ['2021-07-12']],
];

export function demoPortfolio(): Portfolio {
  return {
    name: DEMO_PORTFOLIO,
    currency: 'USD',
    cash: 40_000,
    lots: holdings.flatMap(([symbol, value, bought]) => lotsOf(symbol, value, bought)),
    synthetic: true,
    updatedAt: UPDATED,
  };
}

function lotsOf(symbol: string, value: number, bought: readonly string[]): readonly Lot[] {
  const price = pricer(symbol);
  const quantity = Math.max(1, Math.round(value / bought.length / price(UPDATED)));
  return bought.map((acquired) => ({
    symbol,
    quantity,
    costPerUnit: roundTo(price(acquired), 2),
    acquired,
  }));
}

/** Split-adjusted close on a day: what one of today's shares cost then. */
function pricer(symbol: string): (date: string) => number {
  const isBond = symbol === 'DEMO:GOV10' || symbol === 'DEMO:CORP';
  const { times, values } = isBond ? { times: tradingDays(), values: bondPath(symbol) } : adjusted(symbol);
  return (date) => {
    const row = times.indexOf(parseIsoDate(date));
    if (row < 0) throw new Error(`${date} is no trading day of ${symbol}.`);
    return at(values, row);
  };
}

function adjusted(symbol: string) {
  const { times, columns } = companyBars(symbol);
  const values = columns['adjClose'];
  if (values === undefined) throw new Error(`${symbol} has no adjusted closes.`);
  return { times, values };
}
