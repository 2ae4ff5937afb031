/** Prices of one instrument as the feature kernels read them; all arrays share a length, gaps are NaN. */
export interface PanelSeries {
  readonly symbol: string;
  /** UTC epoch milliseconds, ascending. */
  readonly times: Float64Array;
  /** Adjusted where the source adjusts. */
  readonly close: Float64Array;
  readonly high: Float64Array | null;
  readonly low: Float64Array | null;
  readonly volume: Float64Array | null;
}

/** A series that every instrument's features may read, joined by the time at which each value became known. */
export interface ContextSeries {
  readonly name: string;
  readonly knownFrom: Float64Array;
  readonly values: Float64Array;
  /** `level`: value and change are features (rates, spreads, VIX). `price`: returns are. */
  readonly kind: 'level' | 'price';
}
