/**
 * What a hidden Markov model would have said each day, knowing only the past.
 *
 * Parameters are refitted every `refitEvery` rows on the rows up to that day (all of them, or the last `window`), starting from the
 * previous fit, with fresh starts every `freshEvery` refits; between refits the filter runs on with fixed parameters. States are
 * ordered by mean at every refit, which pins their names. Row t of `filtered` uses rows ≤ t only: cutting the future changes nothing.
 * Shapes: T × K, NaN before the first fit. Cost: refits × a few EM iterations × O(T·K²).
 * Source: Hamilton (1994), ch. 22 (filter); Pesaran & Timmermann (1995), J. Finance 50:1201 (recursive estimation).
 *
 * @example walkForward(observations, { states: 3, covarianceType: 'full', minimumRows: 504, refitEvery: 21, rng })
 */
import { notEnoughData } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { fitEm, varianceFloor } from './fit-em.ts';
import { fitHmm } from './fit-hmm.ts';
import { createWorkspace, filteredProbabilities, forward } from './forward-backward.ts';
import { gaussianEmissions } from './gaussian-emissions.ts';
import { type CovarianceType, type HmmModel, type Observations, orderByMean, reorderStates } from './hmm-model.ts';

export interface WalkForwardOptions {
  readonly states: number;
  readonly covarianceType: CovarianceType;
  /** Rows of the first fit. */
  readonly minimumRows: number;
  readonly refitEvery: number;
  /** Length of a rolling window; left out: expanding. */
  readonly window?: number;
  /** Refits between two searches from fresh starts; default 12. */
  readonly freshEvery?: number;
  readonly restarts?: number;
  readonly rng: Rng;
  readonly onProgress?: (fraction: number) => void;
}

export interface WalkForward {
  readonly filtered: Float64Array;
  /** First row with a probability. */
  readonly firstRow: number;
  readonly refits: number;
  /** Refits after which the order of the means had changed: names moved to other states. */
  readonly relabelled: number;
  /** Refits that ran out of iterations. */
  readonly notConverged: number;
}

export function walkForward(o: Observations, options: WalkForwardOptions): WalkForward {
  const { states, refitEvery, minimumRows } = options;
  if (o.rows <= minimumRows) {
    throw notEnoughData({
      what: 'A walk-forward run',
      needed: minimumRows + 1,
      got: o.rows,
      hint: 'Shorten the first fit or choose a longer window.',
    });
  }
  const filtered = new Float64Array(o.rows * states).fill(Number.NaN);
  const firstRow = minimumRows - 1;
  const total = Math.ceil((o.rows - firstRow) / refitEvery);
  let model: HmmModel | null = null;
  let relabelled = 0;
  let notConverged = 0;
  for (let refit = 0; refit < total; refit++) {
    const last = firstRow + refit * refitEvery;
    const from = options.window === undefined ? 0 : Math.max(0, last + 1 - options.window);
    const past = slice(o, from, last + 1);
    const fresh = model === null || refit % (options.freshEvery ?? 12) === 0;
    const next: Refit = refitModel(past, model, fresh, options, refit);
    if (next.relabelled) relabelled++;
    if (!next.converged) notConverged++;
    model = next.model;
    const until = Math.min(o.rows, last + refitEvery);
    const known = slice(o, from, until);
    const work = createWorkspace(known.rows, states);
    forward(gaussianEmissions(known, model, work.densities), model.start, model.transitions, known.rows, work);
    const probabilities = filteredProbabilities(work, known.rows, states);
    filtered.set(probabilities.subarray((last - from) * states), last * states);
    options.onProgress?.((refit + 1) / total);
  }
  return { filtered, firstRow, refits: total, relabelled, notConverged };
}

interface Refit {
  readonly model: HmmModel;
  readonly converged: boolean;
  readonly relabelled: boolean;
}

function refitModel(
  past: Observations,
  before: HmmModel | null,
  fresh: boolean,
  options: WalkForwardOptions,
  refit: number,
): Refit {
  const { covarianceType, states } = options;
  if (fresh || before === null) {
    const fit = fitHmm(past, {
      states,
      covarianceType,
      restarts: options.restarts ?? 4,
      rng: options.rng.fork(refit),
      tolerance: 1e-2,
      maxIterations: 300,
      ...(before === null ? {} : { init: soften(before) }),
    });
    return { model: fit.model, converged: fit.converged, relabelled: false };
  }
  const fit = fitEm(past, soften(before), {
    covarianceType,
    tolerance: 1e-2,
    maxIterations: 100,
    floor: varianceFloor(past, 1e-4),
  });
  const order = orderByMean(fit.model);
  return {
    model: reorderStates(fit.model, order),
    converged: fit.converged,
    relabelled: order.some((k, i) => k !== i),
  };
}

/** Transition probabilities that EM has driven to zero could never come back as data arrive: mix a little of all in. */
function soften(model: HmmModel): HmmModel {
  const { states } = model;
  return {
    ...model,
    start: new Float64Array(states).fill(1 / states),
    transitions: model.transitions.map((p) => 0.999 * p + 0.001 / states),
  };
}

function slice(o: Observations, from: number, until: number): Observations {
  return { data: o.data.subarray(from * o.cols, until * o.cols), rows: until - from, cols: o.cols };
}
