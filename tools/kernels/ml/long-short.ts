/** What would trading the ranks have earned? */
import { invalidInput } from '../../../lib/errors.ts';
import type { ModelRows } from './model-rows.ts';
import type { PanelSeries } from './panel-series.ts';

export interface LongShortOptions {
  /** Names bought and sold; with fewer than twice as many names that day, half of them each. */
  readonly topK: number;
  /** Days between rebalances. */
  readonly holdDays: number;
  readonly costBps: number;
  /** Days from the signal to the fill; 1 fills at the next close. */
  readonly delayDays: number;
  /** `long-short` 50% against 50%; `long-only` 100% in the top names; `sign` (one instrument) long or short by the sign. */
  readonly style: 'long-short' | 'long-only' | 'sign';
}

export interface LongShortResult {
  /** Days on which the strategy was live: positions in `rows.days`. */
  readonly day: Int32Array;
  /** Simple return of the day after costs, on capital. */
  readonly net: Float64Array;
  readonly gross: Float64Array;
  /** Half of the weights changed, by day. */
  readonly turnover: Float64Array;
  /** Sum over the days of each instrument's part of the gross return. */
  readonly attribution: Float64Array;
}

/**
 * Ranks of day t are bought and sold at the close `delayDays` later and held for `holdDays`; weights are not re-traded while
 * prices drift (Grinold & Kahn, 2000, ch. 14, for rank portfolios). Costs are `costBps` of every weight traded. Days
 * without a prediction keep the weights. O(rows log names).
 */
export function longShort(
  rows: ModelRows,
  instruments: readonly PanelSeries[],
  prediction: Float64Array,
  options: LongShortOptions,
): LongShortResult {
  if (options.topK < 1 || options.delayDays < 1 || options.holdDays < 1) {
    throw invalidInput({ what: 'topK, delayDays and holdDays', needed: 'at least 1', got: JSON.stringify(options) });
  }
  const returns = returnsByDay(rows, instruments);
  const n = instruments.length;
  const first = firstPredictedDay(rows, prediction);
  const days = rows.days.length;
  const length = Math.max(0, days - first - options.delayDays - 1);
  const weights = new Float64Array(n);
  const attribution = new Float64Array(n);
  const result = {
    day: Int32Array.from({ length }, (_, k) => first + options.delayDays + 1 + k),
    net: new Float64Array(length),
    gross: new Float64Array(length),
    turnover: new Float64Array(length),
    attribution,
  };
  for (let k = 0; k < length; k++) {
    const held = result.day[k] as number;
    const signalDay = held - options.delayDays - 1;
    let traded = 0;
    if (k % options.holdDays === 0) traded = rebalance(rows, prediction, signalDay, weights, options);
    let gross = 0;
    for (let i = 0; i < n; i++) {
      const part = (weights[i] as number) * (returns[held * n + i] as number);
      attribution[i] = (attribution[i] as number) + part;
      gross += part;
    }
    result.gross[k] = gross;
    result.turnover[k] = traded / 2;
    result.net[k] = gross - (traded * options.costBps) / 10_000;
  }
  return result;
}

/** Simple returns into each day, 0 where an instrument did not trade. Row-major days × instruments. */
function returnsByDay(rows: ModelRows, instruments: readonly PanelSeries[]): Float64Array {
  const n = instruments.length;
  const out = new Float64Array(rows.days.length * n);
  for (let i = 0; i < n; i++) {
    const { times, close } = instruments[i] as PanelSeries;
    let d = 0;
    for (let t = 1; t < times.length; t++) {
      while (d < rows.days.length && (rows.days[d] as number) < (times[t] as number)) d++;
      if (rows.days[d] !== times[t]) continue;
      const r = (close[t] as number) / (close[t - 1] as number) - 1;
      out[d * n + i] = Number.isFinite(r) ? r : 0;
    }
  }
  return out;
}

function firstPredictedDay(rows: ModelRows, prediction: Float64Array): number {
  for (let i = 0; i < rows.rows; i++) if (!Number.isNaN(prediction[i] as number)) return rows.day[i] as number;
  return rows.days.length;
}

/** Sets the weights that the day's predictions ask for; returns the sum of weights traded. */
function rebalance(
  rows: ModelRows,
  prediction: Float64Array,
  day: number,
  weights: Float64Array,
  options: LongShortOptions,
): number {
  const names: { instrument: number; prediction: number }[] = [];
  for (let r = rows.dayStart[day] as number; r < (rows.dayStart[day + 1] as number); r++) {
    const value = prediction[r] as number;
    if (!Number.isNaN(value)) names.push({ instrument: rows.instrument[r] as number, prediction: value });
  }
  if (names.length === 0) return 0;
  const wanted = new Float64Array(weights.length);
  names.sort((a, b) => b.prediction - a.prediction || a.instrument - b.instrument);
  if (options.style === 'sign')
    for (const name of names) wanted[name.instrument] = Math.sign(name.prediction) / names.length;
  else fillRanks(names, wanted, options);
  let traded = 0;
  for (let i = 0; i < weights.length; i++) {
    traded += Math.abs((wanted[i] as number) - (weights[i] as number));
    weights[i] = wanted[i] as number;
  }
  return traded;
}

function fillRanks(names: readonly { instrument: number }[], wanted: Float64Array, options: LongShortOptions): void {
  const long = options.style === 'long-only';
  const k = Math.min(options.topK, Math.max(1, long ? names.length : Math.floor(names.length / 2)));
  for (const name of names.slice(0, k)) wanted[name.instrument] = (long ? 1 : 0.5) / k;
  if (!long && names.length > 1) for (const name of names.slice(-k)) wanted[name.instrument] = -0.5 / k;
}
