/**
 * Half-life of a spread from the regression Δs_t = a + b s_{t−1} + e, in the spellings people use.
 * −ln 2 / b is the common approximation; −ln 2 / ln(1+b) is exact for an AR(1). Source: Chan (2013), ch. 2.
 */
import { coefficientTests, fitOls, ones } from '../stats/ols.ts';

export interface HalfLife {
  readonly a: number;
  readonly b: number;
  /** t of b; judge it by Dickey–Fuller tables, not Student's. */
  readonly t: number;
  /** Null where b ≥ 0: the spread does not revert. */
  readonly approximateBars: number | null;
  readonly exactBars: number | null;
  /** Regression through the origin. */
  readonly noConstantB: number;
  readonly noConstantBars: number | null;
}

/** O(n). */
export function estimateHalfLife(s: Float64Array): HalfLife {
  const level = s.slice(0, -1);
  const change = level.map((v, t) => (s[t + 1] as number) - v);
  const [pull, constant] = coefficientTests(fitOls(change, [level, ones(level.length)], { constant: true }));
  const [origin] = coefficientTests(fitOls(change, [level], { constant: false }));
  if (pull === undefined || constant === undefined || origin === undefined) throw new Error('estimateHalfLife: no fit');
  const b = pull.estimate;
  return {
    a: constant.estimate,
    b,
    t: pull.t,
    approximateBars: b < 0 ? -Math.LN2 / b : null,
    exactBars: b < 0 && b > -1 ? -Math.LN2 / Math.log1p(b) : null,
    noConstantB: origin.estimate,
    noConstantBars: origin.estimate < 0 ? -Math.LN2 / origin.estimate : null,
  };
}
