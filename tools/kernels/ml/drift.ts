/** Has a distribution changed between two samples? Both complete; `expected` is the training sample. */

import { notEnoughData } from '../../../lib/errors.ts';
import { averageRanks } from '../stats/correlation.ts';
import { fSurvival, studentTTwoSided } from '../stats/distributions.ts';
import { mean, variance } from '../stats/moments.ts';
import { normalCdf } from '../stats/normal.ts';
import { median, quantileOfSorted } from '../stats/quantile.ts';

function needTwo(a: Float64Array, b: Float64Array, what: string): void {
  const least = Math.min(a.length, b.length);
  if (least < 2) throw notEnoughData({ what, needed: 2, got: least });
}

export interface StabilityIndex {
  readonly psi: number;
  /** Inner bin edges: quantiles of the expected sample. */
  readonly edges: Float64Array;
  readonly expectedShare: Float64Array;
  readonly actualShare: Float64Array;
}

/**
 * Population stability index Σ (a − e) ln(a/e) over bins at the expected sample's quantiles, shares floored at 1e-4
 * (Siddiqi, 2006, Credit Risk Scorecards, §8; Yurdakul, 2018, eq. 1.1). Below 0.1 stable, above 0.25 shifted by custom.
 * O((n + m) log).
 *
 * @example stabilityIndex(training, recent, 10).psi
 */
export function stabilityIndex(expected: Float64Array, actual: Float64Array, bins: number): StabilityIndex {
  needTwo(expected, actual, 'A population stability index');
  const sortedExpected = Float64Array.from(expected).sort();
  const edges = Float64Array.from({ length: bins - 1 }, (_, b) => quantileOfSorted(sortedExpected, (b + 1) / bins));
  const expectedShare = shares(expected, edges);
  const actualShare = shares(actual, edges);
  let psi = 0;
  for (let b = 0; b < bins; b++) {
    const e = Math.max(expectedShare[b] as number, 1e-4);
    const a = Math.max(actualShare[b] as number, 1e-4);
    psi += (a - e) * Math.log(a / e);
  }
  return { psi, edges, expectedShare, actualShare };
}

/** Bin of x = number of edges below x. */
function shares(values: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  for (const x of values) {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    counts[low] = (counts[low] as number) + 1 / values.length;
  }
  return counts.map((share) => Math.round(share * values.length) / values.length);
}

/** Earth mover's distance between the two empirical distributions: ∫ |F − G| (Vallender, 1974, eq. 1). O((n + m) log). */
export function wassersteinDistance(a: Float64Array, b: Float64Array): number {
  needTwo(a, b, 'A Wasserstein distance');
  const u = Float64Array.from(a).sort();
  const v = Float64Array.from(b).sort();
  const all = Float64Array.of(...u, ...v).sort();
  let i = 0;
  let j = 0;
  let sum = 0;
  for (let k = 0; k + 1 < all.length; k++) {
    const x = all[k] as number;
    while (i < u.length && (u[i] as number) <= x) i++;
    while (j < v.length && (v[j] as number) <= x) j++;
    sum += Math.abs(i / u.length - j / v.length) * ((all[k + 1] as number) - x);
  }
  return sum;
}

/** Difference in means without equal variances: Welch (1947), two-sided p. Null where neither sample varies. */
export function welchTest(a: Float64Array, b: Float64Array): { readonly t: number; readonly p: number } | null {
  needTwo(a, b, "Welch's test");
  const va = variance(a) / a.length;
  const vb = variance(b) / b.length;
  if (!(va + vb > 0)) return null;
  const t = (mean(a) - mean(b)) / Math.sqrt(va + vb);
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return { t, p: studentTTwoSided(t, degrees) };
}

/** Equal spread around the medians: Brown & Forsythe (1974), J. Am. Stat. Assoc. 69:364. Null where no sample varies. */
export function leveneTest(
  a: Float64Array,
  b: Float64Array,
): { readonly statistic: number; readonly p: number } | null {
  needTwo(a, b, "Levene's test");
  const groups = [a, b].map((x) => {
    const centre = median(x);
    return x.map((value) => Math.abs(value - centre));
  });
  const n = a.length + b.length;
  const grand = groups.reduce((sum, z) => sum + mean(z) * z.length, 0) / n;
  let between = 0;
  let within = 0;
  for (const z of groups) {
    const own = mean(z);
    between += z.length * (own - grand) ** 2;
    for (const value of z) within += (value - own) ** 2;
  }
  if (!(within > 0)) return null;
  const statistic = ((n - 2) * between) / within;
  return { statistic, p: fSurvival(statistic, 1, n - 2) };
}

/** Shift in location: U of the first sample, normal p with tie and continuity correction, two-sided (Mann & Whitney, 1947). */
export function mannWhitneyTest(a: Float64Array, b: Float64Array): { readonly u: number; readonly p: number | null } {
  needTwo(a, b, 'A Mann–Whitney test');
  const ranks = averageRanks(Float64Array.of(...a, ...b));
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ranks[i] as number;
  const u = sum - (a.length * (a.length + 1)) / 2;
  const n = a.length + b.length;
  const product = a.length * b.length;
  const deviation = Math.sqrt((product / 12) * (n + 1 - tieTerm(ranks) / (n * (n - 1))));
  if (!(deviation > 0)) return { u, p: null };
  const z = (Math.max(u, product - u) - product / 2 - 0.5) / deviation;
  return { u, p: Math.min(1, 2 * normalCdf(-z)) };
}

function tieTerm(ranks: Float64Array): number {
  const sorted = Float64Array.from(ranks).sort();
  let sum = 0;
  let from = 0;
  for (let k = 1; k <= sorted.length; k++) {
    if (k < sorted.length && sorted[k] === sorted[from]) continue;
    const t = k - from;
    sum += t ** 3 - t;
    from = k;
  }
  return sum;
}

/**
 * Do k samples share one distribution, tails weighted? Standardised Anderson–Darling statistic with midranks (Scholz &
 * Stephens, 1987, J. Am. Stat. Assoc. 82:918, eqs. 4, 7). Above 1.96 is beyond the 5% point. O(N log N).
 */
export function andersonDarlingSamples(samples: readonly Float64Array[]): number {
  const pooled = Float64Array.from(samples.flatMap((x) => Array.from(x))).sort();
  const n = pooled.length;
  const distinct = Float64Array.from(new Set(pooled));
  const below = (x: Float64Array, value: number): number => lowerBound(x, value);
  const sorted = samples.map((x) => Float64Array.from(x).sort());
  let statistic = 0;
  for (const own of sorted) {
    let inner = 0;
    for (const z of distinct) {
      const left = below(pooled, z);
      const ties = upperBound(pooled, z) - left;
      const midAll = left + ties / 2;
      const ownLeft = below(own, z);
      const ownTies = upperBound(own, z) - ownLeft;
      const midOwn = ownLeft + ownTies / 2;
      inner += ((ties / n) * (n * midOwn - midAll * own.length) ** 2) / (midAll * (n - midAll) - (n * ties) / 4);
    }
    statistic += inner / own.length;
  }
  statistic *= (n - 1) / n;
  return (statistic - (samples.length - 1)) / Math.sqrt(andersonDarlingVariance(samples, n));
}

function andersonDarlingVariance(samples: readonly Float64Array[], n: number): number {
  const k = samples.length;
  const inverse = samples.reduce((sum, x) => sum + 1 / x.length, 0);
  let h = 0;
  for (let i = 1; i < n; i++) h += 1 / i;
  let g = 0;
  let tail = 0;
  for (let j = 2; j < n; j++) {
    // Σ_{i=1}^{n−2} Σ_{j=i+1}^{n−1} 1/((n − i) j), gathered by j
    tail += 1 / (n - j + 1);
    g += tail / j;
  }
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (a * n ** 3 + b * n ** 2 + c * n + d) / ((n - 1) * (n - 2) * (n - 3));
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
