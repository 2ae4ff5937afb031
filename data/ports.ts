/**
 * What tools may ask of the outside world. Every port of one call is built with a cut-off: nothing after it is
 * ever returned, and series with a release lag are cut by the day they became known.
 */
import type { Bars, Frequency, Instrument, Loaded, OptionChain, Panel, Portfolio } from './types.ts';

export interface Window {
  /** First day, ISO; default: the beginning of the series. */
  readonly start?: string | undefined;
  /** Last day, ISO; default and upper limit: the cut-off. */
  readonly end?: string | undefined;
}

export interface InstrumentQuery {
  /** Words of a symbol, name, sector or class; empty for all. */
  readonly text?: string | undefined;
  readonly assetClass?: string | undefined;
  readonly sector?: string | undefined;
  readonly synthetic?: boolean | undefined;
  /** Only those whose prices are held, not merely named. */
  readonly withData?: boolean | undefined;
  readonly limit?: number | undefined;
}

export interface MarketPort {
  /** The instrument a symbol, alias or exact name stands for. Throws `UNKNOWN_SYMBOL` with near matches. */
  resolve(symbol: string): Promise<Instrument>;
  search(query: InstrumentQuery): Promise<readonly Instrument[]>;
  /** Throws `UNKNOWN_SYMBOL`, or `NO_DATA` with the command that would get the data. */
  bars(symbol: string, window?: Window & { readonly frequency?: Frequency | undefined }): Promise<Loaded<Bars>>;
  /** Panels: `US:YIELDS` (US Treasury par yields), `FX:FORWARDS`, `VIX:FUTURES`, macro series `US:CPI` …; synthetic twins start with `DEMO:`. */
  panel(id: string, window?: Window): Promise<Loaded<Panel>>;
  panels(): Promise<
    readonly {
      readonly id: string;
      readonly name: string;
      readonly from: string;
      readonly to: string;
      readonly rows: number;
      readonly synthetic: boolean;
    }[]
  >;
  /** The last chain quoted on or before `date` (default: the cut-off). */
  chain(underlying: string, date?: string): Promise<Loaded<OptionChain>>;
}

export interface PortfolioPort {
  list(): Promise<readonly Portfolio[]>;
  get(name: string): Promise<Loaded<Portfolio>>;
}

/** Recorded tool runs, newest first. */
export interface RunsPort {
  get(runId: string): Promise<RecordedRun | undefined>;
  list(query: {
    readonly tool?: string | undefined;
    readonly limit: number;
    readonly before?: string | undefined;
  }): Promise<readonly RecordedRunRow[]>;
}

export interface RecordedRunRow {
  readonly runId: string;
  readonly tool: string;
  readonly asOf: string;
  readonly createdAt: string;
  readonly ok: boolean;
}

export interface RecordedRun extends RecordedRunRow {
  /** The result envelope, as `run-tool` returned it. */
  readonly envelope: unknown;
}

/** What the runner writes: the envelope as JSON text, with what the computation cost beside it. */
export interface RunRecord {
  readonly runId: string;
  readonly tool: string;
  readonly asOf: string;
  readonly envelope: string;
  readonly durationMs: number;
  /** Resident memory of the process after the run. */
  readonly memoryBytes: number;
}

/** The recorded runs, for the runner; tools see only the reading half. */
export interface RunStore extends RunsPort {
  record(run: RunRecord): Promise<void>;
}

/** Limits that the person has set. */
export interface PolicyPort {
  /** Text of the person's `constitution.yaml`; null where there is none and the built-in limits hold. */
  constitution(): Promise<Loaded<string> | null>;
}

export interface Ports {
  /** Nothing after this ISO day is visible. */
  readonly asOf: string;
  readonly market: MarketPort;
  readonly portfolios: PortfolioPort;
  readonly runs: RunsPort;
  /** Absent where the host has no such file: the built-in limits hold. */
  readonly policy?: PolicyPort;
}
