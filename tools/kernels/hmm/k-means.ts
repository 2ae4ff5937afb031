/**
 * Splits rows into K groups of near neighbours.
 *
 * Question: which rows belong together? Seeding by k-means++ (Arthur & Vassilvitskii 2007, SODA), then Lloyd (1982,
 * IEEE Trans. Inf. Theory 28:129). Rows with equal distance go to the lower group; an empty group takes the row that is
 * farthest from its centre. Columns should have comparable scale. O(rows · K · cols) an iteration.
 *
 * @example kMeans({ data: Float64Array.of(0, 0.1, 9, 9.1), rows: 4, cols: 1 }, 2, rng) // [0, 0, 1, 1] or [1, 1, 0, 0]
 */
import type { Rng } from '../../../lib/rng.ts';
import type { Observations } from './hmm-model.ts';

const MAX_ITERATIONS = 50;

export function kMeans(o: Observations, groups: number, rng: Rng): Int32Array {
  const centres = seedCentres(o, groups, rng);
  const assignment = new Int32Array(o.rows).fill(-1);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    if (!assign(o, centres, groups, assignment)) break;
    recentre(o, centres, groups, assignment);
  }
  return assignment;
}

function seedCentres(o: Observations, groups: number, rng: Rng): Float64Array {
  const { data, rows, cols } = o;
  const centres = new Float64Array(groups * cols);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let pick = rng.integer(rows);
  for (let g = 0; g < groups; g++) {
    centres.set(data.subarray(pick * cols, (pick + 1) * cols), g * cols);
    let total = 0;
    for (let t = 0; t < rows; t++) {
      nearest[t] = Math.min(nearest[t] as number, distance(o, t, centres, g));
      total += nearest[t] as number;
    }
    let left = rng.uniform() * total;
    pick = rng.integer(rows);
    for (let t = 0; t < rows && total > 0; t++) {
      left -= nearest[t] as number;
      if (left <= 0) {
        pick = t;
        break;
      }
    }
  }
  return centres;
}

function assign(o: Observations, centres: Float64Array, groups: number, assignment: Int32Array): boolean {
  let changed = false;
  for (let t = 0; t < o.rows; t++) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let g = 0; g < groups; g++) {
      const d = distance(o, t, centres, g);
      if (d < least) {
        least = d;
        best = g;
      }
    }
    if (assignment[t] !== best) changed = true;
    assignment[t] = best;
  }
  return changed;
}

function recentre(o: Observations, centres: Float64Array, groups: number, assignment: Int32Array): void {
  const { data, rows, cols } = o;
  const counts = new Int32Array(groups);
  for (let t = 0; t < rows; t++) counts[assignment[t] as number] = (counts[assignment[t] as number] as number) + 1;
  for (let g = 0; g < groups; g++) {
    if ((counts[g] as number) > 0) continue;
    const lost = farthest(o, centres, assignment);
    counts[assignment[lost] as number] = (counts[assignment[lost] as number] as number) - 1;
    counts[g] = 1;
    assignment[lost] = g;
  }
  centres.fill(0);
  for (let t = 0; t < rows; t++) {
    const g = assignment[t] as number;
    for (let d = 0; d < cols; d++) {
      centres[g * cols + d] =
        (centres[g * cols + d] as number) + (data[t * cols + d] as number) / (counts[g] as number);
    }
  }
}

function farthest(o: Observations, centres: Float64Array, assignment: Int32Array): number {
  let worst = 0;
  let most = -1;
  for (let t = 0; t < o.rows; t++) {
    const d = distance(o, t, centres, assignment[t] as number);
    if (d > most) {
      most = d;
      worst = t;
    }
  }
  return worst;
}

function distance({ data, cols }: Observations, t: number, centres: Float64Array, g: number): number {
  let sum = 0;
  for (let d = 0; d < cols; d++) {
    const delta = (data[t * cols + d] as number) - (centres[g * cols + d] as number);
    sum += delta * delta;
  }
  return sum;
}
