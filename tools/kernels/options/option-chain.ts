/**
 * From raw quotes to clean smiles: which quotes can be believed, what forward do they imply, and at which volatilities do they trade?
 *
 * Quotes that are missing, crossed, without a bid, stale (no bid and ask, and no trade) or outside the no-arbitrage bounds are left out and
 * counted. Put–call parity, F = K + e^{rT}(C − P), median over strikes within 10% of the spot, gives the forward and q = r − ln(F/S)/T.
 * Out-of-the-money quotes are inverted; American ones through the American price at that q, and their parity is
 * taken on the European prices behind them (de-Americanised).
 * Units: prices, years, continuous rates; k = ln(K/F). Cost: one inversion a quote. Sources: Manaster & Rendleman (1982) (parity);
 * Burkovska et al. (2018), Quant. Finance 18:1091 (de-Americanisation); Cboe (2019) (zero bids).
 *
 * @example cleanExpiry(quotes, { spot: 100, years: 0.25, rate: 0.03, exercise: 'european' }).points
 */
import { americanImpliedVolatility } from './american-implied-volatility.ts';
import { impliedTotalVolatility } from './implied-volatility.ts';
import type { OptionRight } from './option-inputs.ts';

export interface RawQuote {
  readonly strike: number;
  readonly right: OptionRight;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly last: number | null;
  readonly volume: number | null;
}

export interface Exclusions {
  readonly missing: number;
  readonly crossed: number;
  readonly zeroBid: number;
  readonly stale: number;
  readonly outsideBounds: number;
}

export interface SmilePoint {
  readonly strike: number;
  readonly right: OptionRight;
  /** ln(K/F). */
  readonly k: number;
  readonly mid: number;
  readonly volatility: number;
  /** Half the bid–ask spread in volatility; null for a last trade. */
  readonly halfSpreadVol: number | null;
}

export interface CleanExpiry {
  readonly years: number;
  /** Null where no strike has both a call and a put. */
  readonly forward: number | null;
  readonly dividendYield: number | null;
  /** Out-of-the-money points by strike. */
  readonly points: readonly SmilePoint[];
  readonly excluded: Exclusions;
  readonly quotes: number;
}

export interface ExpirySetting {
  readonly spot: number;
  readonly years: number;
  readonly rate: number;
  readonly exercise: 'european' | 'american';
}

interface Believed {
  readonly strike: number;
  readonly right: OptionRight;
  readonly mid: number;
  readonly half: number | null;
}

export function cleanExpiry(quotes: readonly RawQuote[], setting: ExpirySetting): CleanExpiry {
  const counts = { missing: 0, crossed: 0, zeroBid: 0, stale: 0, outsideBounds: 0 };
  const believed: Believed[] = [];
  for (const quote of quotes) {
    const verdict = judge(quote);
    if (typeof verdict === 'string') counts[verdict] += 1;
    else believed.push(verdict);
  }
  const forward = chainForward(believed, setting);
  if (forward === null)
    return { years: setting.years, forward, dividendYield: null, points: [], excluded: counts, quotes: quotes.length };
  const dividendYield = setting.rate - Math.log(forward / setting.spot) / setting.years;
  const points: SmilePoint[] = [];
  for (const quote of believed) {
    if (quote.right === 'call' ? quote.strike < forward : quote.strike >= forward) continue;
    const volatility = invert(quote, quote.mid, forward, dividendYield, setting);
    if (volatility === null) {
      counts.outsideBounds += 1;
      continue;
    }
    const k = Math.log(quote.strike / forward);
    const halfSpreadVol = quote.half === null ? null : quote.half / vegaOf(k, volatility, forward, setting);
    points.push({ strike: quote.strike, right: quote.right, k, mid: quote.mid, volatility, halfSpreadVol });
  }
  points.sort((a, b) => a.strike - b.strike);
  return { years: setting.years, forward, dividendYield, points, excluded: counts, quotes: quotes.length };
}

function judge(quote: RawQuote): Believed | keyof Exclusions {
  const { bid, ask, last, strike, right } = quote;
  if (bid === null && ask === null) {
    if (last === null || !(last > 0)) return 'missing';
    return quote.volume === 0 ? 'stale' : { strike, right, mid: last, half: null };
  }
  if (ask === null || !(ask > 0)) return 'missing';
  if (bid === null || !(bid > 0)) return 'zeroBid';
  if (bid > ask) return 'crossed';
  return { strike, right, mid: 0.5 * (bid + ask), half: 0.5 * (ask - bid) };
}

/** European chains: parity at once. American: parity on the European prices behind the quotes, which need the dividend: three passes. */
function chainForward(quotes: readonly Believed[], setting: ExpirySetting): number | null {
  let forward = impliedForward(quotes, setting, (quote) => quote.mid);
  if (setting.exercise === 'european') return forward;
  for (let pass = 0; pass < 3 && forward !== null; pass++) {
    const dividendYield: number = setting.rate - Math.log(forward / setting.spot) / setting.years;
    forward = impliedForward(quotes, setting, (quote) => europeanBehind(quote, dividendYield, setting)) ?? forward;
  }
  return forward;
}

function europeanBehind(quote: Believed, dividendYield: number, setting: ExpirySetting): number | null {
  const { spot, years, rate } = setting;
  if (quote.mid >= (quote.right === 'call' ? spot : quote.strike)) return null;
  const terms = { right: quote.right, strike: quote.strike, spot, years, rate, dividendYield, price: quote.mid };
  const implied = americanImpliedVolatility(terms, 'fast');
  return implied.bounded || !implied.converged ? null : implied.europeanPrice;
}

/** Median of K + e^{rT}(C − P) near the money. */
function impliedForward(
  quotes: readonly Believed[],
  setting: ExpirySetting,
  priceOf: (quote: Believed) => number | null,
): number | null {
  const puts = new Map(quotes.filter((quote) => quote.right === 'put').map((quote) => [quote.strike, quote]));
  const growth = Math.exp(setting.rate * setting.years);
  const pairs = quotes
    .flatMap((call) => {
      const put = puts.get(call.strike);
      if (call.right !== 'call' || put === undefined) return [];
      return [{ call, put, distance: Math.abs(Math.log(call.strike / setting.spot)) }];
    })
    .sort((one, other) => one.distance - other.distance);
  const near = pairs.filter((pair) => pair.distance < 0.1);
  const forwards = (near.length >= 3 ? near : pairs.slice(0, 3))
    .flatMap(({ call, put }) => {
      const callPrice = priceOf(call);
      const putPrice = callPrice === null ? null : priceOf(put);
      return callPrice === null || putPrice === null ? [] : [call.strike + growth * (callPrice - putPrice)];
    })
    .sort((one, other) => one - other);
  if (forwards.length === 0) return null;
  const middle = forwards.length >> 1;
  const upper = forwards[middle] as number;
  return forwards.length % 2 === 1 ? upper : 0.5 * ((forwards[middle - 1] as number) + upper);
}

function invert(
  quote: Believed,
  price: number,
  forward: number,
  dividendYield: number,
  setting: ExpirySetting,
): number | null {
  const { spot, years, rate } = setting;
  if (setting.exercise === 'american') {
    if (price >= (quote.right === 'call' ? spot : quote.strike)) return null;
    const implied = americanImpliedVolatility(
      { right: quote.right, strike: quote.strike, spot, years, rate, dividendYield, price },
      'fast',
    );
    return implied.bounded || !implied.converged ? null : implied.volatility;
  }
  const beta = (price * Math.exp(rate * years)) / Math.sqrt(forward * quote.strike);
  const total = impliedTotalVolatility(beta, -Math.abs(Math.log(forward / quote.strike)));
  return Number.isNaN(total) ? null : total / Math.sqrt(years);
}

function vegaOf(k: number, volatility: number, forward: number, setting: ExpirySetting): number {
  const deviation = volatility * Math.sqrt(setting.years);
  const d1 = -k / deviation + 0.5 * deviation;
  const discounted = forward * Math.exp(-setting.rate * setting.years);
  return Math.max(discounted * 0.3989422804014327 * Math.exp(-0.5 * d1 * d1) * Math.sqrt(setting.years), 1e-12);
}
