/**
 * Which entry and exit z earn the most per unit of time on an Ornstein–Uhlenbeck spread, after costs?
 *
 * A cycle waits until |z| reaches the entry, then holds until z has come back to the exit. Both expected times are first
 * passage times of the standardised process dx = −x dt + √2 dW (time in units of 1/θ), known in closed form as series:
 * E[T] from x up to y > x is ½ Σ_{k≥1} Γ(k/2) (√2)^k (y^k − x^k)/k!; of the exit from (−a, a) its even terms.
 * The reward per unit of time is (gain in stationary deviations − round-trip cost) ÷ (time in + time out).
 * Source: Ricciardi & Sato (1988, J. Appl. Probab. 25:43); Bertram (2010, Physica A 389:2234). Tested by simulation.
 */
import { logGamma } from '../stats/gamma-function.ts';

/** Expected first passage time of dx = −x dt + √2 dW from x up to y > x, in units of 1/θ, x and y in stationary deviations. */
export function firstPassageTime(x: number, y: number): number {
  const term = (v: number, k: number): number => {
    if (v === 0) return 0;
    const size = Math.exp(logGamma(k / 2) - logGamma(k + 1) + k * Math.log(Math.SQRT2 * Math.abs(v)));
    return v < 0 && k % 2 === 1 ? -size : size;
  };
  let sum = 0;
  for (let k = 1; k < 400; k++) {
    const step = term(y, k) - term(x, k);
    sum += step;
    if (k > 10 && Math.abs(term(y, k)) + Math.abs(term(x, k)) < 1e-14 * Math.abs(sum)) break;
  }
  return 0.5 * sum;
}

export interface Threshold {
  readonly entry: number;
  readonly exit: number;
  /** Expected gain ÷ time in units of deviation × θ, after costs. */
  readonly rate: number;
  /** Expected round trips per 1/θ. */
  readonly tripsPerUnit: number;
}

/**
 * Best thresholds on a grid (entry 0.25 … 4, exit −entry … entry/2 by 0.25), for a round-trip cost in stationary
 * deviations. Long side: enter at −entry, leave at −exit (exit 0 is the mean, negative exits wait beyond it). Null where
 * no threshold pays its costs. O(grid · 100).
 */
export function bestThresholds(cost: number): Threshold | null {
  let best: Threshold | null = null;
  for (let entry = 0.25; entry <= 4; entry += 0.25) {
    for (let exit = -entry; exit <= entry / 2; exit += 0.25) {
      const gain = entry - exit - cost;
      if (gain <= 0) continue;
      // In: from −entry up to −exit. Out: from there to either entry; the shorter way is bounded below by the way back.
      const time = firstPassageTime(-entry, -exit) + waitingTime(-exit, entry);
      const rate = gain / time;
      if (best === null || rate > best.rate) best = { entry, exit, rate, tripsPerUnit: 1 / time };
    }
  }
  return best;
}

/** Expected time from x until |x| reaches a, for |x| < a: exit time of the symmetric interval, zero outside. */
export function waitingTime(x: number, a: number): number {
  if (Math.abs(x) >= a) return 0;
  // Even part of the first passage series: E = ½ Σ_{k even} Γ(k/2) (√2)^k (a^k − x^k)/k!.
  let sum = 0;
  for (let k = 2; k < 400; k += 2) {
    const weight = logGamma(k / 2) - logGamma(k + 1) + k * Math.log(Math.SQRT2);
    const outer = Math.exp(weight + k * Math.log(a));
    const inner = x === 0 ? 0 : Math.exp(weight + k * Math.log(Math.abs(x)));
    sum += outer - inner;
    if (k > 10 && outer < 1e-14 * sum) break;
  }
  return 0.5 * sum;
}
