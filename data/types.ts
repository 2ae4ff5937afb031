/** Plain market data as tools see it. Times are UTC epoch milliseconds, ascending; a missing number is NaN. */

export type AssetClass =
  | 'equity'
  | 'index'
  | 'etf'
  | 'bond'
  | 'rate'
  | 'fx'
  | 'commodity'
  | 'future'
  | 'volatility'
  | 'crypto'
  | 'macro'
  | 'factor';

/** `day` also stands for series that trade at weekends; `tick` intervals are not supported. */
export type Frequency = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter';

export interface Instrument {
  /** `SPX`, `AAPL`; synthetic ones start with `DEMO:`. */
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly sector: string | null;
  readonly currency: string;
  readonly calendar: 'XNYS' | '24/7' | 'FX' | 'none';
  readonly frequency: Frequency;
  readonly periodsPerYear: number;
  readonly synthetic: boolean;
  readonly source: string;
  readonly licence: string | null;
  /** First and last observation in the store; null where only the name is known (no prices held). */
  readonly from: string | null;
  readonly to: string | null;
  readonly rows: number;
}

/** Where rows came from and which rows they were. `hash` covers exactly the rows that were read. */
export interface Provenance {
  readonly source: string;
  readonly symbols: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  readonly hash: string;
  readonly synthetic: boolean;
  readonly retrievedAt: string | null;
}

/** Data with the evidence of where it came from. */
export interface Loaded<T> {
  readonly value: T;
  readonly provenance: readonly Provenance[];
  readonly warnings?: readonly ToolWarning[];
}

export interface ToolWarning {
  /** SCREAMING_SNAKE, stable: hosts and evals match on it. */
  readonly code: string;
  readonly message: string;
}

/** Price bars of one instrument. Only `close` is always there. All arrays have the length of `times`. */
export interface Bars {
  readonly instrument: Instrument;
  readonly times: Float64Array;
  readonly open: Float64Array | null;
  readonly high: Float64Array | null;
  readonly low: Float64Array | null;
  readonly close: Float64Array;
  readonly adjClose: Float64Array | null;
  readonly volume: Float64Array | null;
}

/** Named columns over time: yield curves, futures strips, forward points, macro series. */
export interface Panel {
  readonly id: string;
  readonly name: string;
  readonly synthetic: boolean;
  readonly times: Float64Array;
  /** When each row became known (release lag); null where that is the row's own time. */
  readonly availableFrom: Float64Array | null;
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** What the numbers are: `percent`, `fraction`, `price`, `points`, `index`. */
  readonly measure: string;
}

export interface OptionQuote {
  readonly expiry: string;
  readonly strike: number;
  readonly right: 'call' | 'put';
  readonly bid: number | null;
  readonly ask: number | null;
  readonly last: number | null;
  readonly volume: number | null;
  readonly openInterest: number | null;
  /** As published by the source; ours is computed. */
  readonly sourceImpliedVolatility: number | null;
}

/** All quotes of one underlying at one moment. */
export interface OptionChain {
  readonly underlying: string;
  readonly quoteDate: string;
  readonly spot: number;
  readonly exercise: 'european' | 'american';
  readonly currency: string;
  readonly multiplier: number;
  readonly synthetic: boolean;
  readonly quotes: readonly OptionQuote[];
}

export interface Lot {
  readonly symbol: string;
  readonly quantity: number;
  /** Cost per unit in the portfolio's currency; null when the person did not say. */
  readonly costPerUnit: number | null;
  readonly acquired: string | null;
}

export interface Portfolio {
  readonly name: string;
  readonly currency: string;
  readonly cash: number;
  readonly lots: readonly Lot[];
  readonly synthetic: boolean;
  readonly updatedAt: string;
}
