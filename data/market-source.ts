/**
 * What the ports read from: the person's own store, and the bundled market under it. A source knows nothing of
 * cut-offs; `guarded-ports.ts` is the only reader that tools ever see.
 */
import type { Frequency, Instrument, OptionChain, Portfolio } from './types.ts';

export interface SeriesInfo extends Instrument {
  /** When the rows were fetched or imported (ISO); null for bundled data. */
  readonly retrievedAt: string | null;
}

export type Columns = Readonly<Record<string, Float64Array>>;

export interface StoredSeries {
  readonly info: SeriesInfo;
  readonly times: Float64Array;
  /** `close` always; `open high low adjClose volume` where known. */
  readonly columns: Columns;
  /** Hash of every row, as `hashColumns` gives it. */
  readonly hash: string;
}

export interface PanelInfo {
  readonly id: string;
  readonly name: string;
  readonly measure: string;
  readonly synthetic: boolean;
  readonly source: string;
  readonly licence: string | null;
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  readonly retrievedAt: string | null;
}

export interface StoredPanel {
  readonly info: PanelInfo;
  readonly times: Float64Array;
  readonly availableFrom: Float64Array | null;
  readonly columns: Columns;
  readonly hash: string;
}

export interface StoredChain {
  readonly chain: OptionChain;
  readonly source: string;
  readonly hash: string;
  readonly retrievedAt: string | null;
}

export interface StoredPortfolio {
  readonly portfolio: Portfolio;
  readonly source: string;
  readonly hash: string;
}

export interface MarketSource {
  listSeries(): readonly SeriesInfo[];
  /** Every frequency held of one symbol, finest first. */
  seriesOf(symbol: string): readonly SeriesInfo[];
  readSeries(symbol: string, frequency: Frequency): StoredSeries | undefined;
  listPanels(): readonly PanelInfo[];
  readPanel(id: string): StoredPanel | undefined;
  chainUnderlyings(): readonly string[];
  /** Quote dates of one underlying, ascending. */
  chainDates(underlying: string): readonly string[];
  readChain(underlying: string, quoteDate: string): StoredChain | undefined;
  portfolioNames(): readonly string[];
  readPortfolio(name: string): StoredPortfolio | undefined;
}

const fineness: readonly Frequency[] = ['day', 'week', 'month', 'quarter', 'hour', 'minute'];

/** Daily first: what a person means when no frequency is named. */
export function byFrequency(a: { readonly frequency: Frequency }, b: { readonly frequency: Frequency }): number {
  return fineness.indexOf(a.frequency) - fineness.indexOf(b.frequency);
}
