/** Demo macro series with the day on which each figure became known. Rows are dated on the first day of their period. */
import { MS_PER_DAY } from '../../../lib/dates.ts';
import type { Columns } from '../../market-source.ts';
import { tradingDays } from './calendar.ts';
import { demoEconomy } from './economy.ts';
import { at, roundTo, streamOf } from './random-walks.ts';

export interface MacroSeries {
  readonly times: Float64Array;
  readonly availableFrom: Float64Array;
  readonly columns: Columns;
}

interface Period {
  readonly start: number;
  readonly end: number;
  readonly lastRow: number;
}

/** Whole calendar months (or quarters) of the demo market, with the last trading day in each. */
function periods(months: 1 | 3): readonly Period[] {
  const days = tradingDays();
  const list: Period[] = [];
  let row = 0;
  for (let month = 0; month < 16 * 12; month += months) {
    const start = Date.UTC(2010, month, 1);
    const end = Date.UTC(2010, month + months, 1);
    while (row + 1 < days.length && at(days, row + 1) < end) row++;
    list.push({ start, end, lastRow: row });
  }
  return list;
}

function series(list: readonly Period[], values: Float64Array, released: (period: Period) => number): MacroSeries {
  return {
    times: Float64Array.from(list, (period) => period.start),
    availableFrom: Float64Array.from(list, released),
    columns: { value: values },
  };
}

export function consumerPrices(): MacroSeries {
  const list = periods(1);
  const { inflation } = demoEconomy();
  const rng = streamOf('cpi');
  let level = 217;
  const values = Float64Array.from(list, ({ lastRow }) => {
    level *= (1 + at(inflation, lastRow) / 100) ** (1 / 12) * (1 + 0.0007 * rng.normal());
    return roundTo(level, 3);
  });
  return series(list, values, ({ end }) => end + 12 * MS_PER_DAY);
}

export function unemploymentRate(): MacroSeries {
  const list = periods(1);
  const { unemployment } = demoEconomy();
  const values = Float64Array.from(list, ({ lastRow }) => roundTo(at(unemployment, lastRow), 1));
  return series(list, values, ({ end }) => end + 4 * MS_PER_DAY);
}

export function realOutput(): MacroSeries {
  const list = periods(3);
  const { growth } = demoEconomy();
  let level = 15_600;
  const values = Float64Array.from(list, ({ lastRow }) => {
    level *= (1 + at(growth, lastRow) / 100) ** 0.25;
    return roundTo(level, 1);
  });
  return series(list, values, ({ end }) => end + 29 * MS_PER_DAY);
}
