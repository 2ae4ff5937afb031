/** What does a fitted model lose when one feature is shuffled, and how does its prediction move with that feature? */
import { invalidInput } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';

export interface PermutationDrop {
  /** Mean loss of score over the repeats: positive where the feature helps. */
  readonly mean: number;
  /** Standard deviation over the repeats (0 for one repeat). */
  readonly deviation: number;
}

/**
 * Breiman (2001), Mach. Learn. 45:5, §10; Fisher, Rudin & Dominici (2019), JMLR 20:177, eq. 3. `score` rates the model on a
 * row-major table (higher is better).
 * The table comes back as it was. O(cols · repeats · score).
 *
 * @example permutationImportance(x, rows, cols, (table) => rSquared(y, predict(table)) ?? 0, { repeats: 5, rng })
 */
export function permutationImportance(
  table: Float64Array,
  rows: number,
  cols: number,
  score: (table: Float64Array) => number,
  options: { readonly repeats: number; readonly rng: Rng; readonly onFeature?: (done: number) => void },
): PermutationDrop[] {
  if (options.repeats < 1) throw invalidInput({ what: 'Repeats', needed: 'at least 1', got: options.repeats });
  const work = table.slice();
  const base = score(work);
  const order = new Int32Array(rows);
  return Array.from({ length: cols }, (_, f) => {
    const drops: number[] = [];
    for (let r = 0; r < options.repeats; r++) {
      const stream = options.rng.fork(`feature ${f} repeat ${r}`);
      for (let i = 0; i < rows; i++) order[i] = i;
      for (let i = rows - 1; i > 0; i--) {
        const other = stream.integer(i + 1);
        const swap = order[i] as number;
        order[i] = order[other] as number;
        order[other] = swap;
      }
      for (let i = 0; i < rows; i++) work[i * cols + f] = table[(order[i] as number) * cols + f] as number;
      drops.push(base - score(work));
    }
    for (let i = 0; i < rows; i++) work[i * cols + f] = table[i * cols + f] as number;
    options.onFeature?.(f + 1);
    const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length;
    const spread = drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0);
    return { mean, deviation: drops.length > 1 ? Math.sqrt(spread / (drops.length - 1)) : 0 };
  });
}

export interface PartialDependence {
  readonly at: Float64Array;
  readonly prediction: Float64Array;
}

/**
 * Mean prediction with one feature set to each grid value, the others as they are (Friedman, 2001, Ann. Stat. 29:1189,
 * eq. 51). O(grid · rows · predict).
 *
 * @example partialDependence(x, rows, cols, 0, Float64Array.of(-1, 0, 1), (table) => predictTrees(model, table, rows))
 */
export function partialDependence(
  table: Float64Array,
  rows: number,
  cols: number,
  feature: number,
  grid: Float64Array,
  predict: (table: Float64Array) => Float64Array,
): PartialDependence {
  const work = table.slice();
  const prediction = grid.map((value) => {
    for (let i = 0; i < rows; i++) work[i * cols + feature] = value;
    return predict(work).reduce((sum, p) => sum + p, 0) / rows;
  });
  return { at: grid, prediction };
}
