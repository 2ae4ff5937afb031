/**
 * Variance swaps: the strike from a strip of options (the exact VIX rule), realised variance, and what a swap has earned.
 *
 * σ² = (2/T)Σ ΔK/K² e^{RT}Q(K) − (1/T)(F/K₀ − 1)². F from the strike with the least |call − put|; K₀ the strike at or below F; out-of-the-money
 * mids with a bid, outwards until two zero bids in a row; both mids averaged at K₀; ΔK half the gap between neighbours, whole at the ends.
 * Index: 100√(days-weighted mix of two terms to 30 days). Payoff: N_var(realised² − strike²) in vol points, N_var = N_vega/(2·strike).
 * Cost: O(strikes). Sources: Cboe (2019), Volatility Index Methodology; Demeterfi, Derman, Kamal & Zou (1999), J. Derivatives 6(4):9.
 *
 * @example vixTerm(strip, { years: 0.0683, rate: 0.000305 }).variance
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';

export interface StripQuote {
  readonly strike: number;
  readonly callBid: number;
  readonly callAsk: number;
  readonly putBid: number;
  readonly putAsk: number;
}

export interface StripContribution {
  readonly strike: number;
  readonly mid: number;
  /** ΔK/K² e^{RT}Q. */
  readonly contribution: number;
}

export interface VixTerm {
  readonly atmStrike: number;
  readonly forward: number;
  readonly k0: number;
  readonly used: readonly StripContribution[];
  /** (2/T)Σ. */
  readonly sum: number;
  readonly adjustment: number;
  readonly variance: number;
  readonly zeroBidSkipped: number;
  readonly cutOff: number;
}

export function vixTerm(
  strip: readonly StripQuote[],
  term: { readonly years: number; readonly rate: number },
): VixTerm {
  if (!(term.years > 0))
    throw invalidInput({ what: 'The time to expiry in years', needed: 'above 0', got: term.years });
  const rows = [...strip].sort((a, b) => a.strike - b.strike);
  const mids = rows.map((row) => ({ call: 0.5 * (row.callBid + row.callAsk), put: 0.5 * (row.putBid + row.putAsk) }));
  const growth = Math.exp(term.rate * term.years);
  let atm = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, row] of rows.entries()) {
    const gap = Math.abs((mids[i]?.call ?? 0) - (mids[i]?.put ?? 0));
    if (row.callBid > 0 && row.putBid > 0 && gap < least) {
      least = gap;
      atm = i;
    }
  }
  const at = mids[atm];
  if (at === undefined || rows.length < 5)
    throw notEnoughData({ what: 'The strip of options', needed: 5, got: rows.length });
  const atmStrike = rows[atm]?.strike ?? Number.NaN;
  const forward = atmStrike + growth * (at.call - at.put);
  let centre = 0;
  for (let i = 0; i < rows.length && (rows[i]?.strike ?? 0) <= forward; i++) centre = i;
  const chosen = selectStrikes(rows, centre);
  const used = chosen.indices.map((i, position): StripContribution => {
    const strike = rows[i]?.strike ?? Number.NaN;
    const before = rows[chosen.indices[position - 1] ?? -1]?.strike;
    const after = rows[chosen.indices[position + 1] ?? -1]?.strike;
    const width =
      before !== undefined && after !== undefined
        ? 0.5 * (after - before)
        : before !== undefined
          ? strike - before
          : (after ?? strike) - strike;
    const { call = 0, put = 0 } = mids[i] ?? {};
    const mid = i === centre ? 0.5 * (call + put) : i < centre ? put : call;
    return { strike, mid, contribution: (width / (strike * strike)) * growth * mid };
  });
  const k0 = rows[centre]?.strike ?? Number.NaN;
  const sum = (2 / term.years) * used.reduce((total, row) => total + row.contribution, 0);
  const adjustment = (forward / k0 - 1) ** 2 / term.years;
  return {
    atmStrike,
    forward,
    k0,
    used,
    sum,
    adjustment,
    variance: sum - adjustment,
    zeroBidSkipped: chosen.zeroBid,
    cutOff: rows.length - used.length - chosen.zeroBid,
  };
}

/** K₀ and, outwards on both sides, strikes with a bid until two without one in a row. */
function selectStrikes(rows: readonly StripQuote[], centre: number): { indices: readonly number[]; zeroBid: number } {
  const indices = [centre];
  let zeroBid = 0;
  for (const direction of [-1, 1]) {
    let zeros = 0;
    for (let i = centre + direction; i >= 0 && i < rows.length; i += direction) {
      const bid = direction < 0 ? rows[i]?.putBid : rows[i]?.callBid;
      if ((bid ?? 0) > 0) {
        zeros = 0;
        indices.push(i);
        continue;
      }
      zeros += 1;
      zeroBid += 1;
      if (zeros === 2) break;
    }
  }
  return { indices: indices.sort((a, b) => a - b), zeroBid };
}

const MINUTES_30_DAYS = 43_200;
const MINUTES_YEAR = 525_600;

/** The index from two terms: variance linear in time to 30 days. */
export function vixIndex(
  near: { readonly variance: number; readonly minutes: number },
  next: { readonly variance: number; readonly minutes: number },
): number {
  const span = next.minutes - near.minutes;
  if (!(span > 0)) throw invalidInput({ what: 'The next term', needed: 'later than the near term', got: next.minutes });
  const nearPart = (near.minutes / MINUTES_YEAR) * near.variance * ((next.minutes - MINUTES_30_DAYS) / span);
  const nextPart = (next.minutes / MINUTES_YEAR) * next.variance * ((MINUTES_30_DAYS - near.minutes) / span);
  return 100 * Math.sqrt((nearPart + nextPart) * (MINUTES_YEAR / MINUTES_30_DAYS));
}

/** Mean square of log returns, annualised, no mean subtracted, as swaps settle. */
export function realisedVariance(returns: ArrayLike<number>, periodsPerYear: number): number {
  let sum = 0;
  for (let i = 0; i < returns.length; i++) sum += (returns[i] as number) ** 2;
  return (periodsPerYear * sum) / returns.length;
}

/** Variance notional from vega notional; both per vol point. */
export function varianceNotional(vegaNotional: number, strikeVol: number): number {
  return vegaNotional / (200 * strikeVol);
}

/** What a long swap pays at the end. */
export function varianceSwapPayoff(swap: {
  readonly vegaNotional: number;
  readonly strikeVol: number;
  readonly realisedVariance: number;
}): number {
  const { strikeVol } = swap;
  return varianceNotional(swap.vegaNotional, strikeVol) * 1e4 * (swap.realisedVariance - strikeVol * strikeVol);
}

/** Value of a running long swap: realised so far and today's strike for the rest, weighted by returns, discounted. */
export function varianceSwapValue(swap: {
  readonly vegaNotional: number;
  readonly strikeVol: number;
  readonly realisedSoFar: number;
  readonly elapsed: number;
  readonly total: number;
  readonly newStrikeVol: number;
  readonly rate: number;
  readonly periodsPerYear: number;
}): { readonly expectedFinalVariance: number; readonly value: number } {
  const left = swap.total - swap.elapsed;
  const expectedFinalVariance = (swap.elapsed * swap.realisedSoFar + left * swap.newStrikeVol ** 2) / swap.total;
  const discount = Math.exp((-swap.rate * left) / swap.periodsPerYear);
  const payoff = varianceSwapPayoff({
    vegaNotional: swap.vegaNotional,
    strikeVol: swap.strikeVol,
    realisedVariance: expectedFinalVariance,
  });
  return { expectedFinalVariance, value: discount * payoff };
}
