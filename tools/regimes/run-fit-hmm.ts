/** The computation behind `fit_hmm`: features → best fit → what a person asks about it. */
import type { z } from 'zod';
import { toIsoDate } from '../../lib/dates.ts';
import { invalidInput, throwIfCancelled } from '../../lib/errors.ts';
import type { RunContext } from '../define-tool.ts';
import { type FitHmmOptions, fitHmm, type HmmFit } from '../kernels/hmm/fit-hmm.ts';
import { expectedDurations, type HmmModel, propagate, stationaryDistribution } from '../kernels/hmm/hmm-model.ts';
import { distributionOfNext, sumOfNext } from '../kernels/hmm/horizon-distribution.ts';
import type { MixtureModel } from '../kernels/hmm/mixture-hmm.ts';
import { type HmmStandardErrors, hmmStandardErrors } from '../kernels/hmm/standard-errors.ts';
import { viterbi } from '../kernels/hmm/viterbi.ts';
import { type FeatureMatrix, featureMatrix } from './feature-matrix.ts';
import type { fitHmmInput, fitHmmOutput } from './fit-hmm-schema.ts';
import { labelStability } from './label-stability.ts';
import { componentChain, mixtureViterbi, type RegimeFit, withMixtures } from './mixture-fit.ts';
import type { PriceData } from './price-data.ts';
import { regimeLabels } from './regime-labels.ts';
import { warnAboutFit } from './warn-about-fit.ts';

type Input = z.output<typeof fitHmmInput>;
type Output = z.input<typeof fitHmmOutput>;

export interface FitHmmData {
  readonly main: PriceData;
  readonly others: readonly PriceData[];
}

const HISTORY_POINTS = 260;

export function runFitHmm(input: Input, { main, others }: FitHmmData, context: RunContext): Output {
  const matrix = featureMatrix(main, others, input);
  const { fit, curve } = selectFit(input, matrix, context);
  const labels = regimeLabels(fit.model.states);
  const errors = errorsOf(matrix, fit, input);
  warnAboutFit(fit, errors, matrix.rows, labels, context);
  const now = lastRow(fit.filtered, matrix.rows, fit.model.states);
  const chain = fit.mixture === null ? firstFeature(fit.model, now) : componentChain(fit.mixture, now);
  const next = distributionOfNext(chain.now, chain.transitions, chain.means, chain.variances);
  const ahead = sumOfNext(chain.now, chain.transitions, chain.means, chain.variances, input.horizonDays);
  const dates = Array.from(matrix.times, toIsoDate);
  const current = currentRegime(fit, dates, labels);
  return {
    symbol: main.symbol,
    name: main.name,
    synthetic: main.synthetic || others.some((o) => o.synthetic),
    features: [...matrix.names],
    rows: matrix.rows,
    from: dates[0] as string,
    to: dates[dates.length - 1] as string,
    current,
    signal: signalOf(now, labels, input.signalThreshold),
    states: describeStates(input, main, fit, errors, now, matrix.rows),
    next: {
      mean: next.mean,
      volatility: Math.sqrt(next.variance),
      probabilityOfLoss: next.probabilityBelowZero,
      quantile05: next.quantile(0.05),
      quantile95: next.quantile(0.95),
    },
    horizon: { days: input.horizonDays, mean: ahead.mean, volatility: Math.sqrt(ahead.variance) },
    logLikelihood: fit.logLikelihood,
    logLikelihoodPath: [...fit.logLikelihoodPath],
    converged: fit.converged,
    iterations: fit.iterations,
    residual: Number.isFinite(fit.residual) ? fit.residual : 0,
    parameters: fit.parameters,
    aic: fit.aic,
    bic: fit.bic,
    selection: curve,
    startProbabilities: [...fit.model.start],
    transitions: rowsOf(fit.model.transitions, fit.model.states),
    ...lastPaths(matrix, fit, dates, labels, input.rows),
    stability: labelStability(
      matrix,
      fit,
      { ...input, stabilityRefits: fit.mixture === null ? input.stabilityRefits : 0 },
      labels,
    ),
    starts: {
      tried: fit.starts.length,
      degenerate: fit.starts.filter((s) => s.degenerate).length,
      atBest: fit.starts.filter((s) => s.logLikelihood > fit.logLikelihood - 0.1).length,
    },
    standardErrors: { method: 'observed information (numerical Hessian at the estimate)', reason: errors.reason },
    history: history(matrix, fit, dates, labels),
  };
}

/** One fit, or one a number of states with the lowest BIC among the sound ones. */
function selectFit(
  input: Input,
  matrix: FeatureMatrix,
  context: RunContext,
): { fit: RegimeFit; curve: Output['selection'] } {
  const counts = input.selection === 'given' ? [input.states] : Array.from({ length: input.states }, (_, i) => i + 1);
  const fits = counts.map((states, done) => {
    throwIfCancelled(context.signal, 'The fit');
    const gaussian = fitHmm(matrix, {
      ...optionsOf(input, matrix, states, context),
      onProgress: (part) => {
        throwIfCancelled(context.signal, 'The fit');
        context.progress((done + part) / counts.length, `${states} states`);
      },
    });
    return withMixtures(matrix, gaussian, input.mixtures, input);
  });
  const curve = fits.map((f) => ({
    states: f.model.states,
    logLikelihood: f.logLikelihood,
    bic: f.bic,
    aic: f.aic,
    degenerate: isDegenerate(f),
  }));
  const sound = fits.filter((f) => !isDegenerate(f));
  const ranked = [...(sound.length > 0 ? sound : fits)].sort((a, b) => a.bic - b.bic);
  return { fit: ranked[0] as RegimeFit, curve };
}

/** The Hessian is taken for plain Gaussian states only. */
function errorsOf(matrix: FeatureMatrix, fit: RegimeFit, input: Input): HmmStandardErrors {
  if (fit.mixture === null) return hmmStandardErrors(matrix, fit.model, fit.weights, input.covarianceType);
  const { states, features } = fit.model;
  const none = (n: number): Float64Array => new Float64Array(n).fill(Number.NaN);
  return {
    means: none(states * features),
    variances: none(states * features),
    stay: none(states),
    transitions: none(states * states),
    reason: 'they are not computed for mixture emissions',
  };
}

function isDegenerate(fit: HmmFit): boolean {
  return fit.diagnoses.some((d) => d.problem !== 'absorbing');
}

function optionsOf(input: Input, matrix: FeatureMatrix, states: number, context: RunContext): FitHmmOptions {
  const { init } = input;
  const given = init === undefined ? {} : { init: initialModel(init, states, matrix.cols) };
  if (init === undefined && input.restarts === 0) {
    throw invalidInput({ what: '`restarts`', needed: 'at least 1 where `init` is not given', got: 0 });
  }
  return {
    states,
    covarianceType: input.covarianceType,
    restarts: input.restarts,
    rng: context.rng.fork(states),
    maxIterations: input.maxIterations,
    tolerance: input.tolerance,
    ...given,
  };
}

function initialModel(init: NonNullable<Input['init']>, states: number, features: number): HmmModel {
  const shape = [init.startProbabilities.length, init.transitions.length, init.means.length, init.variances.length];
  const square = init.transitions.every((r) => r.length === states);
  const wide = [...init.means, ...init.variances].every((r) => r.length === features);
  if (shape.some((n) => n !== states) || !square || !wide) {
    throw invalidInput({
      code: 'INIT_SHAPE',
      what: '`init`',
      needed: `${states} start probabilities, ${states} × ${states} transitions, and ${states} × ${features} means and variances`,
      got: `${shape.join(', ')} rows`,
      hint: 'Give one row a state and one column a feature; with selection auto leave init out.',
    });
  }
  for (const row of [init.startProbabilities, ...init.transitions]) {
    const total = row.reduce((a, b) => a + b, 0);
    if (Math.abs(total - 1) > 1e-6) {
      throw invalidInput({ what: 'A row of probabilities in `init`', needed: 'a row that sums to 1', got: total });
    }
  }
  const covariances = new Float64Array(states * features * features);
  init.variances.forEach((row, k) => {
    row.forEach((v, d) => {
      covariances[k * features * features + d * features + d] = v;
    });
  });
  return {
    states,
    features,
    start: Float64Array.from(init.startProbabilities),
    transitions: Float64Array.from(init.transitions.flat()),
    means: Float64Array.from(init.means.flat()),
    covariances,
  };
}

function describeStates(
  input: Input,
  main: PriceData,
  fit: RegimeFit,
  errors: HmmStandardErrors,
  now: Float64Array,
  rows: number,
): Output['states'] {
  const { model } = fit;
  const { states, features: d } = model;
  const periods = main.periodsPerYear;
  const durations = expectedDurations(model.transitions, states);
  const stationary = stationaryDistribution(model.transitions, states);
  const next = propagate(now, model.transitions, 1);
  const later = propagate(now, model.transitions, input.horizonDays);
  const isReturn = input.features[0] === 'returns';
  return regimeLabels(states).map((label, k) => {
    const mean = model.means[k * d] as number;
    const variance = model.covariances[k * d * d] as number;
    const volatility = Math.sqrt(variance);
    const annual = Math.sqrt(periods);
    const varianceError = errors.variances[k * d] as number;
    const duration = durations[k] as number;
    return {
      label,
      filteredProbability: now[k] as number,
      nextProbability: next[k] as number,
      horizonProbability: later[k] as number,
      mean,
      meanStandardError: finite(errors.means[k * d]),
      meanAnnual: isReturn ? mean * periods : null,
      volatility,
      volatilityAnnual: volatility * annual,
      volatilityAnnualStandardError: finite((varianceError / (2 * volatility)) * annual),
      expectedDurationDays: finite(duration),
      stayProbability: model.transitions[k * states + k] as number,
      stayProbabilityStandardError: finite(errors.stay[k]),
      stationaryProbability: stationary[k] as number,
      shareOfDays: (fit.weights[k] as number) / rows,
      featureMeans: [...model.means.subarray(k * d, (k + 1) * d)],
      components: componentsOf(fit.mixture, k),
      covariance: rowsOf(model.covariances.subarray(k * d * d, (k + 1) * d * d), d),
    };
  });
}

function componentsOf(mixture: MixtureModel | null, k: number): Output['states'][number]['components'] {
  if (mixture === null) return [];
  const { components, features } = mixture;
  return Array.from({ length: components }, (_, m) => {
    const c = k * components + m;
    return {
      weight: mixture.weights[c] as number,
      mean: mixture.means[c * features] as number,
      volatility: Math.sqrt(mixture.variances[c * features] as number),
    };
  });
}

function currentRegime(fit: HmmFit, dates: readonly string[], labels: readonly string[]): Output['current'] {
  const { states } = fit.model;
  const last = dates.length - 1;
  const state = likeliest(fit.filtered, last, states);
  let first = last;
  while (first > 0 && likeliest(fit.filtered, first - 1, states) === state) first--;
  return {
    date: dates[last] as string,
    label: labels[state] as string,
    probability: fit.filtered[last * states + state] as number,
    since: dates[first] as string,
    days: last - first + 1,
  };
}

/** Long the highest mean, short the lowest, else flat: by filtered probability. */
function signalOf(now: Float64Array, labels: readonly string[], threshold: number): Output['signal'] {
  const bull = now[now.length - 1] as number;
  const bear = now[0] as number;
  if (labels.length > 1 && bull >= threshold) {
    return {
      action: 'long',
      probability: bull,
      threshold,
      reason: 'the filtered probability of bull reaches the threshold',
    };
  }
  if (labels.length > 1 && bear >= threshold) {
    return {
      action: 'short',
      probability: bear,
      threshold,
      reason: 'the filtered probability of bear reaches the threshold',
    };
  }
  const reason = labels.length > 1 ? 'neither bull nor bear reaches the threshold' : 'one state says nothing';
  return { action: 'flat', probability: Math.max(bull, bear), threshold, reason };
}

function lastPaths(
  matrix: FeatureMatrix,
  fit: RegimeFit,
  dates: readonly string[],
  labels: readonly string[],
  wanted: number,
): Pick<Output, 'filtered' | 'smoothed' | 'viterbi'> {
  const { states } = fit.model;
  const from = Math.max(0, matrix.rows - wanted);
  const decoded = fit.mixture === null ? viterbi(matrix, fit.model).path : mixtureViterbi(matrix, fit.mixture);
  const shown = dates.slice(from);
  const rows = (source: Float64Array) =>
    shown.map((date, i) => ({
      date,
      probabilities: [...source.subarray((from + i) * states, (from + i + 1) * states)],
    }));
  return {
    filtered: rows(fit.filtered),
    smoothed: rows(fit.smoothed),
    viterbi: shown.map((date, i) => ({ date, label: labels[decoded[from + i] as number] as string })),
  };
}

function history(
  matrix: FeatureMatrix,
  fit: HmmFit,
  dates: readonly string[],
  labels: readonly string[],
): Output['history'] {
  const { states } = fit.model;
  const points = Math.min(HISTORY_POINTS, matrix.rows);
  return Array.from({ length: points }, (_, i) => {
    const t = points === 1 ? matrix.rows - 1 : Math.round((i * (matrix.rows - 1)) / (points - 1));
    return {
      date: dates[t] as string,
      price: matrix.price[t] as number,
      label: labels[likeliest(fit.filtered, t, states)] as string,
      probabilities: [...fit.filtered.subarray(t * states, (t + 1) * states)],
    };
  });
}

function firstFeature(model: HmmModel, now: Float64Array) {
  const { states, features: d } = model;
  return {
    now,
    transitions: model.transitions,
    means: Float64Array.from({ length: states }, (_, k) => model.means[k * d] as number),
    variances: Float64Array.from({ length: states }, (_, k) => model.covariances[k * d * d] as number),
  };
}

function likeliest(probabilities: Float64Array, t: number, states: number): number {
  let best = 0;
  for (let k = 1; k < states; k++) {
    if ((probabilities[t * states + k] as number) > (probabilities[t * states + best] as number)) best = k;
  }
  return best;
}

function lastRow(probabilities: Float64Array, rows: number, states: number): Float64Array {
  return probabilities.slice((rows - 1) * states, rows * states);
}

function rowsOf(flat: Float64Array, width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
