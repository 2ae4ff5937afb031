/** Builds the observations that a reference case describes in words: the transforms of the regime and volatility files. */
import { type GoldenCase, readGoldenTable } from '../../../lib/testing/golden.ts';
import type { Observations } from '../hmm/hmm-model.ts';
import { logReturns } from '../timeseries/returns.ts';
import { rollingStandardDeviation } from '../timeseries/rolling.ts';

/** The series or table of a case; throws where the words are not known, so that a new transform is noticed. */
export function goldenObservations({ input }: GoldenCase): Observations {
  const words = String(input.transform);
  const values = readGoldenTable(input.file).numbers(input.columns[0]);
  const series = returnsOf(words, values);
  const rolling = /column 2: rolling standard deviation \(ddof=(\d)\) of r over the last (\d+) values/.exec(words);
  let observations: Observations = { data: series, rows: series.length, cols: 1 };
  if (rolling) observations = withRollingDeviation(series, Number(rolling[2]), Number(rolling[1]));
  const last = /only the last (\d+) (?:rows|values)|, last (\d+)/.exec(words);
  if (last) observations = lastRows(observations, Number(last[1] ?? last[2]));
  if (typeof input.n === 'number' && input.n !== observations.rows) {
    throw new Error(`"${words}" gave ${observations.rows} rows, the case has ${input.n}`);
  }
  return observations;
}

function returnsOf(words: string, values: Float64Array): Float64Array {
  if (/^none/.test(words)) return values;
  const times = /^times (\d+)/.exec(words);
  if (times) return values.map((v) => v * Number(times[1]));
  if (/100 ?\* ?(ln\(P_t\/P_\(t-1\)\)|diff\(ln)/.test(words)) return logReturns(values).map((r) => 100 * r);
  if (/r_t = ln\(P_t\/P_\(t-1\)\)/.test(words)) return logReturns(values);
  throw new Error(`unknown transform "${words}"`);
}

function withRollingDeviation(r: Float64Array, window: number, ddof: number): Observations {
  const deviation = rollingStandardDeviation(r, window, ddof);
  const rows = r.length - window + 1;
  const data = new Float64Array(rows * 2);
  for (let t = 0; t < rows; t++) {
    data[2 * t] = r[t + window - 1] as number;
    data[2 * t + 1] = deviation[t + window - 1] as number;
  }
  return { data, rows, cols: 2 };
}

function lastRows({ data, rows, cols }: Observations, n: number): Observations {
  return { data: data.slice((rows - n) * cols), rows: n, cols };
}

/** Run-length list [[value, length], …] of a path. */
export function expandRunLengths(list: readonly (readonly [number, number])[]): number[] {
  return list.flatMap(([value, length]) => new Array<number>(length).fill(value));
}

/** The bars of a case: its file, cut to its symbol where it has one. */
export function goldenBars({ input }: GoldenCase): {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
} {
  const table = readGoldenTable(input.file);
  const symbols = input.symbol === undefined ? null : table.text('symbol');
  const [open, high, low, close] = (input.columns as string[]).map((name) =>
    table.numbers(name).filter((_, i) => symbols === null || symbols[i] === input.symbol),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  return { open, high, low, close };
}
