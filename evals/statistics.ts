/** How sure a pass rate is, and whether two runs over the same cases differ. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson (1927) score interval of a share; 95% by default. Unlike the normal one it is right at 0 and 1. */
export function wilson(passed: number, total: number, z = 1.959963984540054): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const share = passed / total;
  const scale = 1 + (z * z) / total;
  const centre = (share + (z * z) / (2 * total)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** pass^k: the chance that k trials drawn from these all pass, C(passed, k) / C(trials, k). Unbiased (Yao et al. 2024, τ-bench). */
export function passHat(passed: number, trials: number, k: number): number {
  let product = 1;
  for (let i = 0; i < k; i++) product *= Math.max(0, passed - i) / (trials - i);
  return product;
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

/** Exact two-sided McNemar (1947) test on discordant pairs: `lost` passed before only, `won` passes now only. */
export function mcnemar(lost: number, won: number): number {
  const n = lost + won;
  const smaller = Math.min(lost, won);
  let tail = 0;
  for (let i = 0; i <= smaller; i++) tail += Math.exp(logChoose(n, i) - n * Math.LN2);
  return Math.min(1, 2 * tail);
}

/** The difference in pass rate that a paired test of this size finds four times in five at 5%, with this share of discordant pairs (Connor 1987). */
export function smallestDetectableDifference(cases: number, discordantShare: number): number {
  if (cases === 0) return 1;
  return Math.min(
    1,
    (1.959963984540054 + 0.8416212335729143) * Math.sqrt(Math.max(discordantShare, 1 / cases) / cases),
  );
}
