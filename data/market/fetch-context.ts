/** What a live source is given from outside, so that tests need no network and no clock. */
export interface FetchContext {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchReport {
  readonly key: string;
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  /** `fresh`: held already and fetched within the hour; nothing was asked. */
  readonly status: 'fetched' | 'fresh';
}
