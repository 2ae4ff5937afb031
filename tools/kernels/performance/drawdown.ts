/**
 * How far and how long is a strategy below its peak? Equity starts at 1 before the first simple return.
 * Source: Magdon-Ismail & Atiya (2004, Risk 17:99); ulcer index Martin & McCann (1989); pain index Zephyr/Becker (2006).
 */

/** Equity after each period: Π(1+r). */
export function equityCurve(returns: ArrayLike<number>): Float64Array {
  const out = new Float64Array(returns.length);
  let equity = 1;
  for (let t = 0; t < returns.length; t++) {
    equity *= 1 + (returns[t] as number);
    out[t] = equity;
  }
  return out;
}

/** Equity over its running peak (the starting 1 counts) minus 1: zero or negative at each period. O(n). */
export function drawdownPath(returns: ArrayLike<number>): Float64Array {
  const out = new Float64Array(returns.length);
  let equity = 1;
  let peak = 1;
  for (let t = 0; t < returns.length; t++) {
    equity *= 1 + (returns[t] as number);
    if (equity > peak) peak = equity;
    out[t] = equity / peak - 1;
  }
  return out;
}

/** The lowest point of the drawdown path: −0.2 is a fall by 20%. Zero where equity never falls. */
export function maxDrawdown(returns: ArrayLike<number>): number {
  let equity = 1;
  let peak = 1;
  let worst = 0;
  for (let t = 0; t < returns.length; t++) {
    equity *= 1 + (returns[t] as number);
    if (equity > peak) peak = equity;
    const drawdown = equity / peak - 1;
    if (drawdown < worst) worst = drawdown;
  }
  return worst;
}

/** Positions count equity points: 0 is the start before the first return, t+1 is after return t. */
export interface DrawdownEpisode {
  readonly depth: number;
  readonly peak: number;
  readonly trough: number;
  /** First point at or above the old peak; null where it has not been reached. */
  readonly recovery: number | null;
}

/** Non-overlapping episodes from peak to recovery, deepest first. O(n log n). */
export function drawdownEpisodes(returns: ArrayLike<number>, limit = 5): readonly DrawdownEpisode[] {
  const episodes: DrawdownEpisode[] = [];
  let equity = 1;
  let top = 1;
  let peak = 0;
  let trough = 0;
  let depth = 0;
  for (let t = 0; t < returns.length; t++) {
    equity *= 1 + (returns[t] as number);
    if (equity >= top) {
      if (depth < 0) episodes.push({ depth, peak, trough, recovery: t + 1 });
      top = equity;
      peak = t + 1;
      depth = 0;
    } else if (equity / top - 1 < depth) {
      depth = equity / top - 1;
      trough = t + 1;
    }
  }
  if (depth < 0) episodes.push({ depth, peak, trough, recovery: null });
  return episodes.sort((a, b) => a.depth - b.depth).slice(0, limit);
}

/** Root mean square of the drawdown path. */
export function ulcerIndex(returns: ArrayLike<number>): number {
  const path = drawdownPath(returns);
  let sum = 0;
  for (const d of path) sum += d * d;
  return Math.sqrt(sum / path.length);
}

/** Mean depth of the drawdown path, positive. */
export function painIndex(returns: ArrayLike<number>): number {
  const path = drawdownPath(returns);
  let sum = 0;
  for (const d of path) sum -= d;
  return sum / path.length;
}
