/**
 * p-values adjusted for many tests. Bonferroni; Holm (1979, Scand. J. Stat. 6:65); Benjamini & Hochberg (1995, JRSS B
 * 57:289); Benjamini & Yekutieli (2001, Ann. Stat. 29:1165), valid under any dependence.
 */
import { invalidInput } from '../../../lib/errors.ts';

export type MultipleTestingMethod = 'bonferroni' | 'holm' | 'benjamini-hochberg' | 'benjamini-yekutieli';

/** Adjusted p-values in the order given: reject at level q where the adjusted value is ≤ q. O(m log m). */
export function adjustPValues(pValues: ArrayLike<number>, method: MultipleTestingMethod): Float64Array {
  const m = pValues.length;
  for (let i = 0; i < m; i++) {
    const p = pValues[i] as number;
    if (!(p >= 0 && p <= 1)) throw invalidInput({ what: `p-value ${i}`, needed: 'between 0 and 1', got: p });
  }
  const out = new Float64Array(m);
  if (method === 'bonferroni') {
    for (let i = 0; i < m; i++) out[i] = Math.min(1, (pValues[i] as number) * m);
    return out;
  }
  const order = Uint32Array.from({ length: m }, (_, i) => i).sort(
    (i, j) => (pValues[i] as number) - (pValues[j] as number),
  );
  if (method === 'holm') {
    let running = 0;
    for (let rank = 0; rank < m; rank++) {
      const i = order[rank] as number;
      running = Math.max(running, (pValues[i] as number) * (m - rank));
      out[i] = Math.min(1, running);
    }
    return out;
  }
  let harmonic = 1;
  if (method === 'benjamini-yekutieli') {
    harmonic = 0;
    for (let i = 1; i <= m; i++) harmonic += 1 / i;
  }
  let running = 1;
  for (let rank = m; rank >= 1; rank--) {
    const i = order[rank - 1] as number;
    running = Math.min(running, ((pValues[i] as number) * m * harmonic) / rank);
    out[i] = Math.min(1, running);
  }
  return out;
}
