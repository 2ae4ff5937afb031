/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation.
 * Source: Bailey, Borwein, López de Prado & Zhu (2017, J. Comput. Finance 20:39), section 3.
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { averageRanks } from '../stats/correlation.ts';

export interface OverfittingResult {
  /** Share of splits on which the in-sample best is in the lower half out of sample (logit ≤ 0). */
  readonly probability: number;
  /** ln(w/(1−w)) of each split, w = rank of the in-sample best among the out-of-sample ratios ÷ (N+1). */
  readonly logits: Float64Array;
  readonly combinations: number;
}

/**
 * `returns`: one array per strategy, equal lengths. The rows are cut into `blocks` consecutive blocks (even number), each
 * choice of half of them is the in-sample. Strategies are ranked by Sharpe ratio, ties share ranks, first best wins.
 * Cost C(blocks, blocks/2) × strategies × blocks after one pass over the data. Example: pure noise gives about 0.5.
 */
export function probabilityOfOverfitting(returns: readonly Float64Array[], blocks: number): OverfittingResult {
  const strategies = returns.length;
  const n = returns[0]?.length ?? 0;
  if (strategies < 2) throw notEnoughData({ what: 'Overfitting by CSCV', needed: 2, got: strategies });
  if (blocks < 2 || blocks % 2 !== 0 || blocks > 20) {
    throw invalidInput({ what: 'The number of blocks', needed: 'even, from 2 to 20', got: blocks });
  }
  if (n < 2 * blocks) throw notEnoughData({ what: `CSCV with ${blocks} blocks`, needed: 2 * blocks, got: n });
  const sums = blockSums(returns, blocks, n);
  const logits: number[] = [];
  for (const chosen of combinations(blocks, blocks / 2)) {
    const inSample = sharpes(sums, blocks, (b) => chosen.has(b));
    const outOfSample = sharpes(sums, blocks, (b) => !chosen.has(b));
    let best = 0;
    for (let s = 1; s < strategies; s++) if ((inSample[s] as number) > (inSample[best] as number)) best = s;
    const w = (averageRanks(outOfSample)[best] as number) / (strategies + 1);
    logits.push(Math.log(w / (1 - w)));
  }
  const probability = logits.filter((logit) => logit <= 0).length / logits.length;
  return { probability, logits: Float64Array.from(logits), combinations: logits.length };
}

interface BlockSum {
  readonly count: number;
  readonly sum: number;
  readonly square: number;
}

/** Sums of each strategy (about its own mean, to keep precision) in each block; sizes as numpy.array_split. */
function blockSums(returns: readonly Float64Array[], blocks: number, n: number): readonly (readonly BlockSum[])[] {
  const small = Math.floor(n / blocks);
  const larger = n % blocks;
  return returns.map((series) => {
    const out: BlockSum[] = [];
    let at = 0;
    for (let b = 0; b < blocks; b++) {
      const count = small + (b < larger ? 1 : 0);
      let sum = 0;
      let square = 0;
      for (let t = at; t < at + count; t++) {
        const v = series[t] as number;
        sum += v;
        square += v * v;
      }
      out.push({ count, sum, square });
      at += count;
    }
    return out;
  });
}

function sharpes(
  sums: readonly (readonly BlockSum[])[],
  blocks: number,
  keep: (block: number) => boolean,
): Float64Array {
  return Float64Array.from(sums, (own) => {
    let count = 0;
    let sum = 0;
    let square = 0;
    for (let b = 0; b < blocks; b++) {
      const block = own[b];
      if (block === undefined || !keep(b)) continue;
      count += block.count;
      sum += block.sum;
      square += block.square;
    }
    const average = sum / count;
    const spread = square / count - average * average;
    return spread > 1e-18 * average * average && spread > 0 ? average / Math.sqrt((spread * count) / (count - 1)) : 0;
  });
}

/** All subsets of 0..n−1 of the given size, in lexicographic order. */
function* combinations(n: number, size: number): Generator<ReadonlySet<number>> {
  const chosen = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    yield new Set(chosen);
    let i = size - 1;
    while (i >= 0 && chosen[i] === n - size + i) i--;
    if (i < 0) return;
    chosen[i] = (chosen[i] as number) + 1;
    for (let j = i + 1; j < size; j++) chosen[j] = (chosen[j - 1] as number) + 1;
  }
}
