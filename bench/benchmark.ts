/** One benchmark: what it measures, what it should reach, and a function that sets up and returns the timed body. */
export interface Benchmark {
  readonly name: string;
  /** The figure to reach, in words: `≤ 0.40 ms`. */
  readonly target: string;
  /** Prepares the data; the returned function is timed. It may return a promise. */
  readonly setup: () => (() => unknown) | Promise<() => unknown>;
  /** How many units of work one call does, for figures per second: options priced, rows imported. */
  readonly work?: { readonly amount: number; readonly unit: string };
  /** Least milliseconds to keep calling it; default 300. */
  readonly budgetMs?: number;
}
