/**
 * Covered interest parity: the forward that makes borrowing one currency and lending the other worth nothing,
 *
 *   F = S (1 + r_quote d/basis_quote) / (1 + r_base d/basis_base),
 *
 * with S in units of the quote currency per unit of the base currency (Hull, 2018, Options, Futures and Other Derivatives,
 * section 5.10). Simple money-market rates, actual days.
 */
export interface FxForwardInput {
  readonly spot: number;
  readonly quoteRate: number;
  readonly baseRate: number;
  readonly days: number;
  /** Days in a money-market year of each currency: 360, or 365 for GBP, AUD, CAD, NZD. */
  readonly quoteBasis?: number;
  readonly baseBasis?: number;
}

export interface FxForward {
  readonly forward: number;
  /** F − S in price units. */
  readonly points: number;
  /** (F/S − 1)·365/d. */
  readonly premiumSimple: number;
  /** ln(F/S)·365/d. */
  readonly premiumLog: number;
}

export function fxForward(input: FxForwardInput): FxForward {
  const { spot, quoteRate, baseRate, days, quoteBasis = 360, baseBasis = 360 } = input;
  const forward = (spot * (1 + (quoteRate * days) / quoteBasis)) / (1 + (baseRate * days) / baseBasis);
  return { forward, points: forward - spot, ...forwardPremium(spot, forward, days) };
}

export function forwardPremium(
  spot: number,
  forward: number,
  days: number,
): { premiumSimple: number; premiumLog: number } {
  return { premiumSimple: ((forward / spot - 1) * 365) / days, premiumLog: (Math.log(forward / spot) * 365) / days };
}

/** Annual gain of holding the base currency through a forward when the spot does not move: (S/F − 1)·365/d. */
export function carryLongBase(spot: number, forward: number, days: number): number {
  return ((spot / forward - 1) * 365) / days;
}

/** The same for the quote currency: (F/S − 1)·365/d. */
export function carryLongQuote(spot: number, forward: number, days: number): number {
  return ((forward / spot - 1) * 365) / days;
}

/** The quote currency's simple rate that a market forward implies. */
export function impliedQuoteRate(input: Omit<FxForwardInput, 'quoteRate'> & { readonly forward: number }): number {
  const { spot, forward, baseRate, days, quoteBasis = 360, baseBasis = 360 } = input;
  return (((forward / spot) * (1 + (baseRate * days) / baseBasis) - 1) * quoteBasis) / days;
}

/** What must be added to the base currency's rate for the market forward to be fair: negative means that it is cheap to borrow through the swap. */
export function crossCurrencyBasis(input: FxForwardInput & { readonly forward: number }): number {
  const { spot, forward, quoteRate, baseRate, days, quoteBasis = 360, baseBasis = 360 } = input;
  const fair = (((spot / forward) * (1 + (quoteRate * days) / quoteBasis) - 1) * baseBasis) / days;
  return fair - baseRate;
}
