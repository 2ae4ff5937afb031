/**
 * Fits a Gaussian hidden Markov model from several starts and returns the best sound one.
 *
 * Every start runs a short EM; the most promising run on to convergence. Degenerate fits (a variance that collapses makes
 * the likelihood unbounded) lose against every sound one. Returned states are ordered by the mean of the first feature.
 * Same rng, same result. Cost: restarts × short run + finalists × full run, O(T·K·(K + D²)) an iteration.
 * Needs T ≥ 10·K rows, all finite. Source: Biernacki, Celeux & Govaert (2003), CSDA 41:561; Rabiner (1989).
 *
 * @example fitHmm({ data, rows, cols: 1 }, { states: 3, covarianceType: 'full', restarts: 10, rng: createRng(42) })
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { diagnoseStates, isDegenerate, type StateDiagnosis } from './diagnose-states.ts';
import { type EmFit, type EmOptions, expectation, fitEm, sampleVariance, varianceFloor } from './fit-em.ts';
import { createWorkspace, filteredProbabilities, type HmmWorkspace } from './forward-backward.ts';
import {
  type CovarianceType,
  countParameters,
  type HmmModel,
  informationCriteria,
  type Observations,
  orderByMean,
  reorderStates,
} from './hmm-model.ts';
import type { HmmPriors } from './m-step.ts';
import { startModel } from './start-models.ts';

export interface FitHmmOptions {
  readonly states: number;
  readonly covarianceType: CovarianceType;
  /** Number of starts; default 10. With `init` it may be 0. */
  readonly restarts?: number;
  readonly rng: Rng;
  /** An extra start that is always run to the end. */
  readonly init?: HmmModel;
  readonly maxIterations?: number;
  readonly tolerance?: number;
  readonly priors?: HmmPriors;
  /** Least variance as a share of each feature's sample variance; default 1e-4. */
  readonly floorShare?: number;
  /** Between runs: for progress and cancellation. */
  readonly onProgress?: (fraction: number) => void;
}

export interface HmmFit extends EmFit {
  readonly parameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly diagnoses: readonly StateDiagnosis[];
  /** T × K, P(s_t | data up to t). */
  readonly filtered: Float64Array;
  /** T × K, P(s_t | all data): uses the future. */
  readonly smoothed: Float64Array;
  /** Final log-likelihood of every start, in order; a short run's where it was not among the finalists. */
  readonly starts: readonly {
    readonly logLikelihood: number;
    readonly degenerate: boolean;
    readonly finished: boolean;
  }[];
}

interface Attempt {
  readonly index: number;
  readonly fit: EmFit;
  readonly finished: boolean;
  readonly diagnoses: readonly StateDiagnosis[];
}

const SHORT_RUN = 40;
/** Starts of each kind behind one restart of a short series, and how far each is run before the best is kept. */
const SEEDLINGS = 4;
const LONG_RUN = 500;
/** Rows × states up to which every start is run to the end: it is cheap, and short series have many local optima. */
const RUN_ALL_BELOW = 4000;

export function fitHmm(observations: Observations, options: FitHmmOptions): HmmFit {
  checkObservations(observations, options.states);
  const work = createWorkspace(observations.rows, options.states);
  const context = createContext(observations, options, work);
  const attempts = context.shortRuns();
  const finalists = pickFinalists(attempts, observations.rows * options.states <= RUN_ALL_BELOW);
  finalists.forEach((attempt, done) => {
    attempts[attempt.index] = context.finish(attempt);
    options.onProgress?.(0.5 + (0.5 * (done + 1)) / finalists.length);
  });
  // Given start parameters alone, the caller wants EM from there and nothing else.
  const best = options.restarts === 0 ? pickBest(attempts) : context.revive(pickBest(attempts));
  const model = reorderStates(best.fit.model, orderByMean(best.fit.model));
  const logLikelihood = expectation(observations, model, work);
  const order = orderByMean(best.fit.model);
  const parameters = countParameters(options.states, observations.cols, options.covarianceType);
  const weights = Float64Array.from(order, (k) => best.fit.weights[k] as number);
  const floored = best.fit.floored.map((k) => order.indexOf(k));
  return {
    ...best.fit,
    model,
    logLikelihood,
    weights,
    floored,
    parameters,
    ...informationCriteria(logLikelihood, parameters, observations.rows),
    diagnoses: diagnoseStates(model, { weights, floored }, sampleVariance(observations), observations.rows),
    filtered: filteredProbabilities(work, observations.rows, options.states),
    smoothed: work.smoothed.slice(),
    starts: attempts.map(({ fit, finished, diagnoses }) => ({
      logLikelihood: fit.logLikelihood,
      degenerate: isDegenerate(diagnoses),
      finished,
    })),
  };
}

function createContext(observations: Observations, options: FitHmmOptions, work: HmmWorkspace) {
  const variance = sampleVariance(observations);
  const em: EmOptions = {
    covarianceType: options.covarianceType,
    floor: varianceFloor(observations, options.floorShare ?? 1e-4),
    ...(options.priors ? { priors: options.priors } : {}),
  };
  const tolerance = options.tolerance ?? 1e-4;
  const maxIterations = options.maxIterations ?? 1000;
  const attempt = (index: number, fit: EmFit, finished: boolean): Attempt => ({
    index,
    fit,
    finished,
    diagnoses: diagnoseStates(fit.model, fit, variance, observations.rows),
  });
  const run = (index: number, start: HmmModel, iterations: number): Attempt => {
    const fit = fitEm(observations, start, { ...em, maxIterations: iterations, tolerance }, work);
    return attempt(index, fit, fit.converged || iterations >= maxIterations);
  };
  const short = observations.rows * options.states <= RUN_ALL_BELOW;
  /** One start; for a short series the best of several seedlings, which cost little and find more of its many optima. */
  const sow = (index: number, restart: number): Attempt => {
    const seedlings = Array.from({ length: short ? SEEDLINGS : 1 }, (_, s) => {
      const attempt = short ? restart * SEEDLINGS + s : restart;
      const rng = options.rng.fork(attempt);
      const start = startModel(observations, options.states, options.covarianceType, attempt, rng);
      return run(index, start, Math.min(short ? LONG_RUN : SHORT_RUN, maxIterations));
    });
    return seedlings.sort(better)[0] as Attempt;
  };
  const shortRuns = (): Attempt[] => {
    const out: Attempt[] = [];
    if (options.init) out.push(run(0, options.init, maxIterations));
    const restarts = options.restarts ?? 10;
    for (let r = 0; r < restarts; r++) {
      out.push(sow(out.length, r));
      options.onProgress?.((0.5 * (r + 1)) / restarts);
    }
    return out;
  };
  const finish = (a: Attempt): Attempt => {
    if (a.finished) return a;
    const more = fitEm(
      observations,
      a.fit.model,
      { ...em, maxIterations: maxIterations - a.fit.iterations, tolerance },
      work,
    );
    const joined = Float64Array.of(...a.fit.logLikelihoodPath, ...more.logLikelihoodPath);
    const iterations = a.fit.iterations + more.iterations;
    return attempt(a.index, { ...more, logLikelihoodPath: joined, iterations }, true);
  };
  return {
    shortRuns,
    finish,
    revive: (a: Attempt): Attempt => revive(a, (start) => run(a.index, start, maxIterations)),
  };
}

/**
 * EM multiplies transition probabilities, so one that came near zero on the way stays there even where the optimum has it
 * small but positive. Mixing 2% of a uniform chain in and running on either returns to the same place or finds the better one.
 */
function revive(best: Attempt, run: (start: HmmModel) => Attempt): Attempt {
  const { model } = best.fit;
  const { states } = model;
  const transitions = model.transitions.map((p) => 0.98 * p + 0.02 / states);
  const again = run({ ...model, transitions, start: new Float64Array(states).fill(1 / states) });
  const gain = again.fit.logLikelihood - best.fit.logLikelihood;
  return gain > 1e-6 && isDegenerate(again.diagnoses) <= isDegenerate(best.diagnoses) ? again : best;
}

/** A third of the starts, at least three (or all): the best short runs, sound ones first, nearly equal ones only once. */
function pickFinalists(attempts: readonly Attempt[], all: boolean): readonly Attempt[] {
  const ranked = [...attempts].sort(better);
  const wanted = all ? attempts.length : Math.max(3, Math.ceil(attempts.length / 3));
  const picked: Attempt[] = [];
  for (const a of ranked) {
    const twin = picked.some((p) => Math.abs(p.fit.logLikelihood - a.fit.logLikelihood) < 1e-4);
    if (picked.length < wanted && !twin) picked.push(a);
  }
  return picked;
}

function pickBest(attempts: readonly Attempt[]): Attempt {
  const finished = attempts.filter((a) => a.finished).sort(better);
  return finished[0] as Attempt;
}

function better(a: Attempt, b: Attempt): number {
  const soundness = Number(isDegenerate(a.diagnoses)) - Number(isDegenerate(b.diagnoses));
  return soundness || b.fit.logLikelihood - a.fit.logLikelihood || a.index - b.index;
}

function checkObservations({ data, rows, cols }: Observations, states: number): void {
  if (!Number.isInteger(states) || states < 1 || states > 12) {
    throw invalidInput({ what: 'The number of states', needed: 'a whole number from 1 to 12', got: states });
  }
  if (rows < 10 * states) {
    throw notEnoughData({
      what: `A hidden Markov model with ${states} states`,
      needed: 10 * states,
      got: rows,
      hint: 'Choose a longer window or fewer states.',
    });
  }
  for (let i = 0; i < rows * cols; i++) {
    if (!Number.isFinite(data[i] as number)) {
      throw invalidInput({
        what: `Observation ${Math.floor(i / cols)}`,
        needed: 'finite',
        got: data[i],
        hint: 'Drop or fill the row before fitting.',
      });
    }
  }
  sampleVariance({ data, rows, cols }).forEach((v, d) => {
    if (v > 0) return;
    throw invalidInput({ what: `Feature ${d}`, needed: 'a varying series', got: 'constant', hint: 'Leave it out.' });
  });
}
