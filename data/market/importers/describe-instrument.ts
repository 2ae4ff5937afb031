/** What an imported or fetched series is: from the directory where the symbol is known, else from its name and dates. */
import type { Directory } from '../../directory/directory.ts';
import type { SeriesMeta } from '../../store/market-store.ts';
import type { AssetClass, Instrument } from '../../types.ts';
import { inferFrequency, periodsPerYear, tradesAtWeekends } from './infer-frequency.ts';

export interface DescribeOptions {
  readonly symbol: string;
  readonly times: Float64Array;
  readonly directory: Directory;
  readonly source: string;
  readonly options: {
    readonly now: string;
    readonly name?: string | undefined;
    readonly currency?: string | undefined;
    readonly assetClass?: AssetClass | undefined;
  };
}

const currencyCodes = new Set(
  'USD EUR JPY GBP CHF AUD CAD NZD CNY KRW SEK NOK HKD SGD INR BRL MXN ZAR TRY PLN'.split(' '),
);

export function describeInstrument({ symbol, times, directory, source, options }: DescribeOptions): SeriesMeta {
  const known = directory.lookup(symbol);
  const isPair = symbol.length === 6 && currencyCodes.has(symbol.slice(0, 3)) && currencyCodes.has(symbol.slice(3));
  const assetClass = options.assetClass ?? known?.assetClass ?? (isPair ? 'fx' : 'equity');
  const frequency = inferFrequency(times);
  const calendar = calendarOf(assetClass, frequency === 'day' && tradesAtWeekends(times), known?.calendar);
  return {
    symbol,
    name: options.name ?? known?.name ?? symbol,
    assetClass,
    sector: known?.sector ?? null,
    currency: options.currency ?? known?.currency ?? (isPair ? symbol.slice(3) : 'USD'),
    calendar,
    frequency,
    periodsPerYear: periodsPerYear(frequency, calendar),
    synthetic: false,
    source,
    licence: null,
    retrievedAt: options.now,
  };
}

function calendarOf(
  assetClass: AssetClass,
  weekends: boolean,
  known: Instrument['calendar'] | undefined,
): Instrument['calendar'] {
  if (weekends) return '24/7';
  if (assetClass === 'fx') return 'FX';
  return known === undefined || known === '24/7' ? 'XNYS' : known;
}
