/** Which settings, judged only inside the training rows? */
import type { Rng } from '../../../lib/rng.ts';
import { rSquared } from './metrics.ts';
import { type ModelRows, rowsOfDays, takeRows } from './model-rows.ts';
import { type Algorithm, type Candidate, drawCandidates, fitCandidate, predictReturns } from './return-models.ts';

export interface TuneOptions {
  /** Candidates at the first rung; 1 takes the default without a search. */
  readonly candidates: number;
  readonly horizon: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TuneResult {
  readonly candidate: Candidate;
  /** Fits that the search made: trials to be paid for in a deflated Sharpe ratio. */
  readonly fits: number;
}

const SHRINK = 3;

/**
 * Successive halving (Jamieson & Talwalkar, 2016, AISTATS, algorithm 1) by thirds: all candidates on the newest ninth (third,
 * whole) of the training days, the best third goes on. Scored on the last quarter of those days, with the label's length
 * purged between. Only `trainDays` are read. O(fits).
 */
export function tuneCandidate(
  rows: ModelRows,
  trainDays: Int32Array,
  algorithm: Algorithm,
  options: TuneOptions,
  rng: Rng,
): TuneResult {
  let alive = drawCandidates(algorithm, options.candidates, rng.fork('draw'));
  const rungs = Math.max(1, Math.ceil(Math.log(alive.length) / Math.log(SHRINK)));
  let fits = 0;
  for (let rung = rungs - 1; rung >= 0 && alive.length > 1; rung--) {
    const size = Math.min(trainDays.length, Math.max(120, Math.ceil(trainDays.length / SHRINK ** rung)));
    const part = trainDays.subarray(trainDays.length - size);
    const cut = Math.floor(size * 0.75);
    const train = takeRows(rows, rowsOfDays(rows, part.subarray(0, Math.max(1, cut - options.horizon))));
    const held = takeRows(rows, rowsOfDays(rows, part.subarray(cut)));
    if (train.target.length < 30 || held.target.length < 10) break;
    const scored = alive.map((candidate) => {
      const fitted = fitCandidate(candidate, train, rng.fork(`rung${rung}`), options.signal);
      fits++;
      const score = rSquared(held.target, predictReturns(fitted, held.values, held.target.length));
      return { candidate, score: score ?? Number.NEGATIVE_INFINITY };
    });
    scored.sort((a, b) => b.score - a.score);
    alive = scored.slice(0, Math.max(1, Math.floor(scored.length / SHRINK))).map((entry) => entry.candidate);
  }
  return { candidate: alive[0] as Candidate, fits };
}
