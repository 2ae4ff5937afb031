/** Demo option chains with SVI-like smiles, and the flaws that real chains have. */
import { addDays, MS_PER_DAY, parseIsoDate, toIsoDate } from '../../../lib/dates.ts';
import type { OptionChain, OptionQuote } from '../../types.ts';
import { tradingDays } from './calendar.ts';
import { commodityPath } from './commodities.ts';
import { companyBars } from './companies.ts';
import { fearIndex } from './factors.ts';
import { marketPath } from './indices.ts';
import { treePrice } from './option-pricing.ts';
import { atTheMoney, smileVolatility } from './option-volatility.ts';
import { at, roundTo, streamOf } from './random-walks.ts';
import { yieldCurve } from './yields.ts';

interface ChainStyle {
  readonly exercise: OptionChain['exercise'];
  readonly multiplier: number;
  readonly strikeStep: number;
  /** Implied volatility as a multiple of the index's. */
  readonly level: number;
  readonly skew: number;
  readonly onFuture: boolean;
  readonly spotOn: (row: number, date: string) => number;
}

const styles: Readonly<Record<string, ChainStyle>> = {
  'DEMO:MKT': {
    exercise: 'european',
    multiplier: 100,
    strikeStep: 0.025,
    level: 1,
    skew: -0.68,
    onFuture: false,
    spotOn: (row) => roundTo(at(marketPath(), row), 2),
  },
  'DEMO:NOVAL': {
    exercise: 'american',
    multiplier: 100,
    strikeStep: 0.04,
    level: 1.75,
    skew: -0.4,
    onFuture: false,
    spotOn: (_, date) => closeOn('DEMO:NOVAL', date),
  },
  'DEMO:OIL': {
    exercise: 'american',
    multiplier: 1000,
    strikeStep: 0.04,
    level: 1.9,
    skew: -0.2,
    onFuture: true,
    spotOn: (row) => roundTo(at(commodityPath('OIL'), row), 2),
  },
};

export const chainNames: readonly string[] = Object.keys(styles);

function closeOn(symbol: string, date: string): number {
  const { times, columns } = companyBars(symbol);
  const close = columns['close'];
  const row = times.indexOf(parseIsoDate(date));
  return close === undefined || row < 0 ? Number.NaN : at(close, row);
}

/** Month ends of the last year; two of them for the smaller chains. */
export function chainDatesOf(underlying: string): readonly string[] {
  if (styles[underlying] === undefined) return [];
  const days = tradingDays();
  const ends: string[] = [];
  days.forEach((day, row) => {
    const next = days[row + 1];
    const last = next === undefined || new Date(next).getUTCMonth() !== new Date(day).getUTCMonth();
    if (last && day >= Date.UTC(2025, 0, 1)) ends.push(toIsoDate(day));
  });
  return underlying === 'DEMO:MKT' ? ends : ends.slice(-2);
}

const HORIZONS = [7, 14, 30, 60, 90, 180, 270, 365];
const STRIKES_EACH_SIDE = 12;

export function demoChain(underlying: string, quoteDate: string): OptionChain | undefined {
  const style = styles[underlying];
  if (style === undefined || !chainDatesOf(underlying).includes(quoteDate)) return undefined;
  const row = tradingDays().indexOf(parseIsoDate(quoteDate));
  const spot = style.spotOn(row, quoteDate);
  const rate = at(yieldCurve('US')['y3m'] ?? new Float64Array(0), row) / 100;
  const rng = streamOf(`chain ${underlying} ${quoteDate}`);
  const fear = at(fearIndex(), row);
  const quotes: OptionQuote[] = [];
  for (const horizon of HORIZONS) {
    const expiry = nextFriday(addDays(quoteDate, horizon));
    const days = (parseIsoDate(expiry) - parseIsoDate(quoteDate)) / MS_PER_DAY;
    const years = days / 365;
    const atm = atTheMoney(fear, days) * style.level;
    const carry = style.onFuture ? 0 : rate;
    const width = style.strikeStep * spot * Math.max(0.4, Math.min(1.6, Math.sqrt(years * 4)));
    const grid = niceStep(width);
    for (let k = -STRIKES_EACH_SIDE; k <= STRIKES_EACH_SIDE; k++) {
      const strike = roundTo((Math.round(spot / grid) + k) * grid, 4);
      if (strike <= 0) continue;
      const volatility = smileVolatility(atm, years, Math.log(strike / spot) - carry * years, style.skew);
      for (const right of ['call', 'put'] as const) {
        const fair = treePrice({
          right,
          american: style.exercise === 'american',
          spot,
          strike,
          years,
          rate,
          carry,
          volatility,
        });
        quotes.push(dressQuote({ expiry, strike, right }, fair, volatility, Math.abs(k), rng));
      }
    }
  }
  return {
    underlying,
    quoteDate,
    spot,
    exercise: style.exercise,
    currency: 'USD',
    multiplier: style.multiplier,
    synthetic: true,
    quotes,
  };
}

/** Bid, ask and last around a fair value: ticks, wider far from the money, and now and then something wrong. */
function dressQuote(
  contract: Pick<OptionQuote, 'expiry' | 'strike' | 'right'>,
  fair: number,
  volatility: number,
  distance: number,
  rng: ReturnType<typeof streamOf>,
): OptionQuote {
  const tick = fair < 3 ? 0.01 : 0.05;
  const half = Math.max(tick, fair * (0.008 + 0.001 * distance));
  let bid = Math.max(0, roundTo(Math.floor((fair - half) / tick) * tick, 2));
  let ask = roundTo(Math.ceil((fair + half) / tick) * tick, 2);
  const flaw = rng.uniform();
  if (flaw < 0.012) [bid, ask] = [ask, bid];
  const stale = flaw > 0.97;
  const last = roundTo(Math.max(tick, stale ? fair * (1 + 0.25 * rng.normal()) : fair + half * rng.normal() * 0.5), 2);
  const volume = stale ? 0 : Math.floor(900 * Math.exp(-distance / 4) * rng.uniform());
  return {
    ...contract,
    bid,
    ask,
    last: bid === 0 && stale ? null : last,
    volume,
    openInterest: Math.floor(5000 * Math.exp(-distance / 5) * rng.uniform()),
    sourceImpliedVolatility: bid === 0 ? null : roundTo(volatility, 4),
  };
}

function nextFriday(date: string): string {
  const weekday = new Date(parseIsoDate(date)).getUTCDay();
  return addDays(date, (5 - weekday + 7) % 7);
}

/** The nearest of 1, 2, 2.5 and 5 times a power of ten. */
function niceStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const [best = 1] = [1, 2, 2.5, 5, 10].sort((a, b) => Math.abs(a * power - width) - Math.abs(b * power - width));
  return best * power;
}
