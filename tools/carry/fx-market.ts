/** Spot, forwards and rates of seven currencies against the dollar, and every cross from them. */

import { toIsoDate } from '../../lib/dates.ts';
import { notEnoughData } from '../../lib/errors.ts';
import type { PlainPanel } from './panel-reading.ts';

export const currencies = ['USD', 'EUR', 'JPY', 'GBP', 'CHF', 'AUD', 'CAD'] as const;
export type Currency = (typeof currencies)[number];

export const tenors = [
  { name: '1M', days: 30 },
  { name: '3M', days: 91 },
  { name: '6M', days: 182 },
  { name: '1Y', days: 365 },
] as const;

const rateColumn: Readonly<Record<Currency, string>> = {
  USD: 'US',
  EUR: 'EU',
  JPY: 'JP',
  GBP: 'UK',
  CHF: 'CH',
  AUD: 'AU',
  CAD: 'CA',
};

/** How a currency is quoted against the dollar in the panel. */
function dollarPair(currency: Currency): { readonly pair: string; readonly inverse: boolean } {
  return currency === 'EUR' || currency === 'GBP' || currency === 'AUD'
    ? { pair: `${currency}USD`, inverse: false }
    : { pair: `USD${currency}`, inverse: true };
}

export interface FxMarket {
  readonly date: string;
  /** Dollars per unit on the last day: spot, then each tenor's outright forward; null where it is not quoted. */
  readonly spot: Readonly<Record<Currency, number | null>>;
  readonly forwards: Readonly<Record<Currency, readonly (number | null)[]>>;
  /** Decimal 3-month rate; null where it is not known. */
  readonly rates: Readonly<Record<Currency, number | null>>;
  readonly ratesDate: string;
  /** Dollars per unit by row of the panel (NaN where missing). */
  readonly history: Readonly<Record<Currency, Float64Array>>;
}

export function readFxMarket(forwards: PlainPanel, rates: PlainPanel): FxMarket {
  const rows = forwards.times.length;
  if (rows === 0) throw notEnoughData({ what: forwards.id, needed: 1, got: 0 });
  const column = (name: string): Float64Array => forwards.columns[name] ?? new Float64Array(rows).fill(Number.NaN);
  const history = {} as Record<Currency, Float64Array>;
  const spot = {} as Record<Currency, number | null>;
  const outright = {} as Record<Currency, readonly (number | null)[]>;
  const rate = {} as Record<Currency, number | null>;
  for (const currency of currencies) {
    if (currency === 'USD') {
      history.USD = new Float64Array(rows).fill(1);
      spot.USD = 1;
      outright.USD = tenors.map(() => 1);
    } else {
      const { pair, inverse } = dollarPair(currency);
      const quoted = column(`${pair}.spot`);
      history[currency] = inverse ? quoted.map((value) => 1 / value) : quoted;
      spot[currency] = finite(history[currency][rows - 1]);
      outright[currency] = tenors.map(({ name }) => {
        const value = (quoted[rows - 1] as number) + (column(`${pair}.${name}`)[rows - 1] as number);
        return finite(inverse ? 1 / value : value);
      });
    }
    const own = rates.columns[rateColumn[currency]];
    const last = own === undefined ? undefined : finite(lastFinite(own));
    rate[currency] = last === undefined || last === null ? null : rates.measure === 'percent' ? last / 100 : last;
  }
  return {
    date: toIsoDate(forwards.times[rows - 1] as number),
    spot,
    forwards: outright,
    rates: rate,
    ratesDate: rates.times.length === 0 ? 'none' : toIsoDate(rates.times.at(-1) as number),
    history,
  };
}

function lastFinite(values: Float64Array): number | undefined {
  for (let t = values.length - 1; t >= 0; t--) if (Number.isFinite(values[t])) return values[t];
  return undefined;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value > -1e9 ? value : null;
}

/** The last `count` log returns of the cross base/quote over days on which both are known. */
export function crossReturns(market: FxMarket, base: Currency, quote: Currency, count: number): Float64Array {
  const a = market.history[base];
  const b = market.history[quote];
  const out: number[] = [];
  let before = Number.NaN;
  for (let t = 0; t < a.length; t++) {
    const value = Math.log((a[t] as number) / (b[t] as number));
    if (!Number.isFinite(value)) continue;
    if (Number.isFinite(before)) out.push(value - before);
    before = value;
  }
  return Float64Array.from(out.slice(-count));
}
