/** Do the names of the regimes hold when the sample ends earlier? */
import type { z } from 'zod';
import { fitEm } from '../kernels/hmm/fit-em.ts';
import type { HmmFit } from '../kernels/hmm/fit-hmm.ts';
import { createWorkspace, filteredProbabilities } from '../kernels/hmm/forward-backward.ts';
import { orderByMean, reorderStates } from '../kernels/hmm/hmm-model.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import type { fitHmmInput, fitHmmOutput } from './fit-hmm-schema.ts';

/** Rows between the ends of two samples: a quarter. */
const STEP = 63;
/** Days before each end whose labels are compared. */
const COMPARED = 252;

export function labelStability(
  matrix: FeatureMatrix,
  fit: HmmFit,
  input: Pick<z.output<typeof fitHmmInput>, 'stabilityRefits' | 'covarianceType' | 'tolerance'>,
  labels: readonly string[],
): z.input<typeof fitHmmOutput>['stability'] {
  const { states } = fit.model;
  let agreeing = 0;
  let compared = 0;
  let swaps = 0;
  let refits = 0;
  for (let r = 1; r <= input.stabilityRefits; r++) {
    const rows = matrix.rows - r * STEP;
    if (rows < 20 * states || rows < matrix.rows / 2) break;
    const part = { data: matrix.data.subarray(0, rows * matrix.cols), rows, cols: matrix.cols };
    const work = createWorkspace(rows, states);
    const again = fitEm(
      part,
      fit.model,
      { covarianceType: input.covarianceType, tolerance: Math.max(1e-3, input.tolerance), maxIterations: 200 },
      work,
    );
    const order = orderByMean(again.model);
    // EM started from the full fit, so state k is still the same regime; another order by mean is a swap of names.
    if (order.some((from, to) => from !== to)) swaps++;
    const relabelled = reorderStates(again.model, order);
    const place = order.map((_, k) => order.indexOf(k));
    const filtered = filteredProbabilities(work, rows, states);
    for (let t = Math.max(0, rows - COMPARED); t < rows; t++) {
      compared++;
      if (place[top(filtered, t, relabelled.states)] === top(fit.filtered, t, states)) agreeing++;
    }
    refits++;
  }
  if (refits === 0)
    return { refits, agreement: null, swaps, note: 'no refit: the sample is too short, or none was asked for' };
  const note =
    swaps === 0
      ? 'names are pinned by the order of the means; no refit changed that order'
      : `the order of the means of ${labels.join(', ')} changed in ${swaps} of ${refits} refits: trust the volatility of a state more than its name`;
  return { refits, agreement: agreeing / compared, swaps, note };
}

function top(probabilities: Float64Array, t: number, states: number): number {
  let best = 0;
  for (let k = 1; k < states; k++) {
    if ((probabilities[t * states + k] as number) > (probabilities[t * states + best] as number)) best = k;
  }
  return best;
}
