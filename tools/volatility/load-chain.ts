/** Loads a chain with the rate that discounts it and turns it into clean smiles: what the chain tools share. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded, OptionChain, Panel } from '../../data/types.ts';
import { daysBetween } from '../../lib/dates.ts';
import { isTradewindError, notEnoughData } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { type CleanExpiry, cleanExpiry, type Exclusions } from '../kernels/options/option-chain.ts';
import { fairVariance } from '../kernels/options/smile-measures.ts';
import { sviVariance } from '../kernels/options/svi.ts';
import { fitSurface, type SurfaceSlice } from '../kernels/options/volatility-surface.ts';

export const chainFields = {
  symbol: z.string().min(1).max(40).describe('Underlying whose option chain is read'),
  date: isoDate('quote day; default: the last chain on or before the cut-off').optional(),
  rate: units
    .rate('continuously compounded rate; default: the 3-month Treasury yield of the day, else 3%')
    .min(-0.1)
    .max(1)
    .optional(),
  asOf: isoDate('cut-off; default: that of the session').optional(),
} as const;

export interface ChainData {
  readonly chain: OptionChain;
  /** Null where no yield is held. */
  readonly treasuryRate: number | null;
}

export async function loadChain(
  input: { readonly symbol: string; readonly date?: string | undefined; readonly rate?: number | undefined },
  ports: Ports,
): Promise<Loaded<ChainData>> {
  const chain = await ports.market.chain(input.symbol, input.date);
  const panel =
    input.rate === undefined
      ? await optionalPanel(ports, chain.value.synthetic ? 'DEMO:US:YIELDS' : 'US:YIELDS', chain.value.quoteDate)
      : null;
  const percent = panel?.value.columns['y3m']?.at(-1);
  const treasuryRate = percent === undefined || Number.isNaN(percent) ? null : 2 * Math.log1p(percent / 200);
  return {
    value: { chain: chain.value, treasuryRate },
    provenance: [...chain.provenance, ...(panel?.provenance ?? [])],
  };
}

/** A panel's last rows up to a day, or null where it is not held. */
export async function optionalPanel(
  ports: Ports,
  id: string,
  end: string,
  start?: string,
): Promise<Loaded<Panel> | null> {
  try {
    return await ports.market.panel(id, {
      end,
      start: start ?? `${Number(end.slice(0, 4)) - 1}${end.slice(4)}`.replace('-02-29', '-02-28'),
    });
  } catch (error) {
    if (isTradewindError(error) && error.kind !== 'fault') return null;
    throw error;
  }
}

export interface ChainSmile extends CleanExpiry {
  readonly expiry: string;
  readonly days: number;
}

export interface ChainSurface {
  readonly rate: number;
  readonly smiles: readonly ChainSmile[];
  /** One a smile with enough points, with its index into `smiles`. */
  readonly slices: readonly (SurfaceSlice & { readonly smile: ChainSmile })[];
  readonly excluded: Exclusions & { readonly total: number; readonly quotes: number };
}

/** Clean smiles and their SVI surface; warns about what was left out or assumed. */
export function buildSurface(
  data: ChainData,
  input: { readonly rate?: number | undefined },
  warn: (code: string, message: string) => void,
): ChainSurface {
  const { chain } = data;
  if (input.rate === undefined && data.treasuryRate === null)
    warn('ASSUMED_RATE', 'No rate was given and no Treasury yield is held: 3% is assumed.');
  const rate = input.rate ?? data.treasuryRate ?? 0.03;
  const expiries = [...new Set(chain.quotes.map((quote) => quote.expiry))].sort();
  const smiles = expiries.flatMap((expiry): ChainSmile[] => {
    const days = daysBetween(chain.quoteDate, expiry);
    if (days <= 0) return [];
    const quotes = chain.quotes.filter((quote) => quote.expiry === expiry);
    return [
      { expiry, days, ...cleanExpiry(quotes, { spot: chain.spot, years: days / 365, rate, exercise: chain.exercise }) },
    ];
  });
  const count = (key: keyof Exclusions) => smiles.reduce((sum, smile) => sum + smile.excluded[key], 0);
  const excluded = {
    missing: count('missing'),
    crossed: count('crossed'),
    zeroBid: count('zeroBid'),
    stale: count('stale'),
    outsideBounds: count('outsideBounds'),
  };
  const total = Object.values(excluded).reduce((sum, value) => sum + value, 0);
  if (total > 0)
    warn(
      'QUOTES_EXCLUDED',
      `${total} of ${chain.quotes.length} quotes were left out: ${Object.entries(excluded)
        .map(([key, value]) => `${value} ${key}`)
        .join(', ')}.`,
    );
  if (chain.exercise === 'american')
    warn(
      'DE_AMERICANISED',
      'American quotes: volatilities come from the American price, and the forward from parity of the European prices behind the quotes.',
    );
  const usable = smiles.filter((smile) => smile.points.length >= 5);
  if (usable.length === 0)
    throw notEnoughData({
      what: `The chain of ${chain.underlying}`,
      needed: 5,
      got: smiles[0]?.points.length ?? 0,
      hint: 'Five clean out-of-the-money quotes of one expiry are needed.',
    });
  const slices = fitSurface(usable).map((slice, i) => ({ ...slice, smile: usable[i] as ChainSmile }));
  return { rate, smiles, slices, excluded: { ...excluded, total, quotes: chain.quotes.length } };
}

export const excludedShape = z.object({
  quotes: units.count('quotes in the chain'),
  total: units.count('quotes left out'),
  missing: units.count('without a usable price'),
  crossed: units.count('bid above ask'),
  zeroBid: units.count('without a bid'),
  stale: units.count('no bid and ask, and no trade that day'),
  outsideBounds: units.count('outside the no-arbitrage bounds'),
});

/** Fair variance-swap volatility of a fitted expiry; beyond the quoted strikes volatility is held flat, not extrapolated. */
export function sliceFairVolatility(slice: SurfaceSlice & { readonly smile: ChainSmile }): number {
  const low = slice.smile.points[0]?.k ?? 0;
  const high = slice.smile.points.at(-1)?.k ?? 0;
  const { parameters } = slice.fit;
  const smile = (k: number) =>
    Math.sqrt(Math.max(sviVariance(parameters, Math.min(Math.max(k, low), high)), 1e-12) / slice.years);
  const reach = Math.min(12, 12 * Math.max(smile(low), smile(high)) * Math.sqrt(slice.years) + 0.5);
  return Math.sqrt(fairVariance(smile, slice.years, reach));
}
