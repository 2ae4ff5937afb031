/** The words of the backtester: what it is given and what it gives back. All matrices are row-major, rows = time. */

export interface BacktestMarket {
  readonly rows: number;
  readonly cols: number;
  /** Closing prices that positions are marked and decisions sized at. NaN: no price on that bar. */
  readonly close: Float64Array;
  /** Prices that market orders fill at, for example opens; default: `close`. */
  readonly fill?: Float64Array;
  /** Needed by limit orders. */
  readonly high?: Float64Array;
  readonly low?: Float64Array;
  /** Units traded per bar; needed where `participation` limits fills. */
  readonly volume?: Float64Array;
}

export interface BacktestCosts {
  /** Of traded value, market orders (taker). */
  readonly commissionRate?: number;
  /** Of traded value, limit orders (maker); may be negative (rebate). Default: `commissionRate`. */
  readonly makerRate?: number;
  /** Money per unit traded. */
  readonly commissionPerUnit?: number;
  /** Half the quoted spread as a fraction of price; market orders pay it. */
  readonly halfSpread?: number;
  /** Further adverse move as a fraction of price; market orders pay it. */
  readonly slippage?: number;
  /** Annual fee on the value of short positions. */
  readonly borrowRate?: number;
  /** Annual rate on capital that is not invested in longs (short proceeds are collateral and earn nothing). */
  readonly cashRate?: number;
  /** Annual spread over `cashRate` paid where longs exceed the capital. */
  readonly financingSpread?: number;
}

export interface BacktestSettings {
  readonly capital: number;
  readonly periodsPerYear: number;
  readonly costs?: BacktestCosts;
  /** Bars from decision to fill. 1 is honest; 0 fills on the bar that made the signal and exists only to show the damage. */
  readonly delay?: number;
  /** Cap on Σ|position| ÷ equity at the decision; larger targets are scaled down and counted. Default: no cap. */
  readonly maxGross?: number;
  /** Limit orders rest at the decision price × (1 ∓ offset) for one bar. Default: market orders. */
  readonly limitOffset?: number;
  /** Greatest share of a bar's volume that one order may take. Default: no limit. */
  readonly participation?: number;
  /** A position without a price for this many bars is closed at its last price. Default 10. */
  readonly staleLimit?: number;
  /** Keep at most this many fills in the list. Default 20,000; the count is always complete. */
  readonly fillLimit?: number;
}

/** What a decision may look at: the book as it stands after bar `row`, nothing later. */
export interface BacktestView {
  readonly row: number;
  readonly equity: number;
  readonly units: Float64Array;
  /** Last known price of each asset; NaN before its first. */
  readonly prices: Float64Array;
}

/**
 * Writes the wanted book into `target` (zeros on entry): `weights` are fractions of equity, `units` are units.
 * `hold` keeps what is held. An asset whose target is NaN keeps its units.
 */
export type Decide = (view: BacktestView, target: Float64Array) => 'hold' | 'weights' | 'units';

export interface Fill {
  readonly row: number;
  readonly asset: number;
  readonly units: number;
  readonly price: number;
  /** Commission, spread and slippage in money. */
  readonly cost: number;
}

/** From flat to flat in one asset. */
export interface RoundTrip {
  readonly asset: number;
  readonly entryRow: number;
  /** Null where the position was still open at the end. */
  readonly exitRow: number | null;
  readonly side: 1 | -1;
  /** Money gained after trading costs, borrow and financing left out; open ones marked at the last price. */
  readonly profit: number;
}

export interface CostTotals {
  readonly commission: number;
  readonly spread: number;
  readonly slippage: number;
  readonly borrow: number;
  readonly financing: number;
  /** Interest earned on idle capital. */
  readonly interest: number;
}

export interface BacktestResult {
  readonly status: 'complete' | 'ruined';
  /** Equity after each bar. */
  readonly equity: Float64Array;
  /** Simple return of each bar; 0 on the first. */
  readonly returns: Float64Array;
  /** Σ|position| ÷ equity and Σ position ÷ equity after each bar. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
  /** Traded value ÷ equity of each bar (buys and sells both count). */
  readonly turnover: Float64Array;
  readonly costs: CostTotals;
  readonly fills: readonly Fill[];
  readonly fillCount: number;
  readonly roundTrips: readonly RoundTrip[];
  /** What the rules for gaps, listings and limits did. */
  readonly counts: {
    /** Orders that found no price on their bar and lapsed. */
    readonly unfilledNoPrice: number;
    /** Limit orders that the market did not reach. */
    readonly missedLimit: number;
    /** Orders cut by the volume limit. */
    readonly partialFills: number;
    /** Targets on assets that had no price yet; the money stayed in cash. */
    readonly notListed: number;
    /** Decisions scaled down to `maxGross`. */
    readonly scaledToGross: number;
    /** Positions closed at a stale price. */
    readonly closedStale: number;
  };
}
