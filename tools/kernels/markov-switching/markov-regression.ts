/**
 * Hamilton's regime-switching model: a mean and a variance that follow a hidden Markov chain.
 *
 * y_t = μ(s_t) + σ(s_t) ε_t, ε ~ N(0, 1); mean and variance may switch or be common. The chain starts from its stationary
 * distribution, as is usual for this model (and unlike the HMM, whose start is free). Maximum likelihood: a few EM starts, then
 * quasi-Newton on logits, means and log variances with the exact gradient (the expected complete-data score, Fisher's identity).
 * Filtered probabilities are Hamilton's filter, smoothed ones Kim's smoother. Regimes ascend by variance (by mean where it is common).
 * Needs 20·K rows, all finite. Cost O(T·K²) an evaluation, about 30–60 of them.
 * Source: Hamilton (1989), Econometrica 57:357; Hamilton (1990), J. Econometrics 45:39; Kim (1994), J. Econometrics 60:1.
 *
 * @example fitMarkovRegression(returns, { regimes: 2, switchingMean: true, switchingVariance: true, rng: createRng(42) })
 */
import { notEnoughData } from '../../../lib/errors.ts';
import type { Rng } from '../../../lib/rng.ts';
import { expectation } from '../hmm/fit-em.ts';
import { fitHmm } from '../hmm/fit-hmm.ts';
import { createWorkspace, filteredProbabilities, type HmmWorkspace } from '../hmm/forward-backward.ts';
import { type HmmModel, type Observations, stationaryDistribution } from '../hmm/hmm-model.ts';
import { minimiseBfgs } from '../optimise-smooth/bfgs.ts';

export interface MarkovSpec {
  readonly regimes: number;
  readonly switchingMean: boolean;
  readonly switchingVariance: boolean;
}

export interface MarkovRegressionFit {
  readonly spec: MarkovSpec;
  /** With one feature; `start` is the stationary distribution. */
  readonly model: HmmModel;
  readonly logLikelihood: number;
  readonly parameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
  /** T × K. */
  readonly filtered: Float64Array;
  /** T × K, uses the future. */
  readonly smoothed: Float64Array;
}

/** Transition logits are kept within this of the stay logit: exp(−60) is zero for any data. */
const LOGIT_BOUND = 60;

export function fitMarkovRegression(
  y: Float64Array,
  options: MarkovSpec & { readonly rng: Rng; readonly restarts?: number },
): MarkovRegressionFit {
  const { regimes } = options;
  if (y.length < 20 * regimes) {
    throw notEnoughData({ what: `A switching model with ${regimes} regimes`, needed: 20 * regimes, got: y.length });
  }
  const spec = { regimes, switchingMean: options.switchingMean, switchingVariance: options.switchingVariance };
  const { centre, scale } = location(y);
  const o: Observations = { data: y.map((v) => (v - centre) / scale), rows: y.length, cols: 1 };
  const begin = fitHmm(o, {
    states: regimes,
    covarianceType: 'full',
    restarts: options.restarts ?? 4,
    rng: options.rng,
    tolerance: 0.05,
    maxIterations: 100,
  });
  const work = createWorkspace(o.rows, regimes);
  const problem = createProblem(o, spec, work);
  const theta = problem.pack(begin.model);
  const bound = (sign: number) => theta.map((_, i) => (i < regimes * (regimes - 1) ? sign * LOGIT_BOUND : sign * 50));
  const found = minimiseBfgs(problem.value, theta, {
    gradient: problem.gradient,
    lower: bound(-1),
    upper: bound(1),
    tolerance: 1e-7,
    maxIterations: 400,
  });
  return finish(y, spec, rescale(problem.unpack(found.x), centre, scale), {
    converged: found.residual < 1e-5,
    iterations: found.iterations,
    residual: found.residual,
  });
}

function finish(
  y: Float64Array,
  spec: MarkovSpec,
  fitted: HmmModel,
  record: { readonly converged: boolean; readonly iterations: number; readonly residual: number },
): MarkovRegressionFit {
  const model = sortRegimes(fitted, spec);
  const observations = { data: y, rows: y.length, cols: 1 };
  const work = createWorkspace(y.length, spec.regimes);
  const logLikelihood = expectation(observations, model, work);
  const k = spec.regimes;
  const parameters = k * (k - 1) + (spec.switchingMean ? k : 1) + (spec.switchingVariance ? k : 1);
  return {
    spec,
    model,
    logLikelihood,
    parameters,
    aic: 2 * parameters - 2 * logLikelihood,
    bic: parameters * Math.log(y.length) - 2 * logLikelihood,
    ...record,
    filtered: filteredProbabilities(work, y.length, k),
    smoothed: work.smoothed,
  };
}

interface Problem {
  pack(model: HmmModel): Float64Array;
  unpack(theta: Float64Array): HmmModel;
  /** Mean negative log-likelihood. */
  readonly value: (theta: Float64Array) => number;
  readonly gradient: (theta: Float64Array) => Float64Array;
}

/** Coordinates: K(K − 1) logits against the stay probability of the row, then means, then log variances. */
function createProblem(o: Observations, spec: MarkovSpec, work: HmmWorkspace): Problem {
  const k = spec.regimes;
  const logits = k * (k - 1);
  const means = spec.switchingMean ? k : 1;
  const unpack = (theta: Float64Array): HmmModel => {
    const transitions = transitionsOf(theta, k);
    const mean = (i: number): number => theta[logits + (spec.switchingMean ? i : 0)] as number;
    const variance = (i: number): number =>
      Math.exp(theta[logits + means + (spec.switchingVariance ? i : 0)] as number);
    return {
      states: k,
      features: 1,
      start: stationaryDistribution(transitions, k),
      transitions,
      means: Float64Array.from({ length: k }, (_, i) => mean(i)),
      covariances: Float64Array.from({ length: k }, (_, i) => variance(i)),
    };
  };
  let last: Float64Array | null = null;
  let logLikelihood = 0;
  const evaluate = (theta: Float64Array): HmmModel => {
    const model = unpack(theta);
    if (last === null || theta.some((v, i) => v !== last?.[i])) {
      logLikelihood = expectation(o, model, work);
      last = theta.slice();
    }
    return model;
  };
  return {
    unpack,
    pack: (model) => packModel(model, spec),
    value: (theta) => {
      evaluate(theta);
      return -logLikelihood / o.rows;
    },
    gradient: (theta) => score(o, evaluate(theta), spec, work, theta).map((g) => -g / o.rows),
  };
}

function packModel(model: HmmModel, spec: MarkovSpec): Float64Array {
  const k = spec.regimes;
  const out: number[] = [];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const floor = (p: number): number => Math.log(Math.max(p, 1e-8));
      if (i !== j)
        out.push(floor(model.transitions[i * k + j] as number) - floor(model.transitions[i * k + i] as number));
    }
  }
  if (spec.switchingMean) out.push(...model.means);
  else out.push(0);
  if (spec.switchingVariance) out.push(...model.covariances.map(Math.log));
  else out.push(0);
  return Float64Array.from(out);
}

function transitionsOf(theta: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let i = 0, at = 0; i < k; i++) {
    let most = 0;
    for (let j = 0; j < k - 1; j++) most = Math.max(most, theta[at + j] as number);
    let total = Math.exp(-most);
    out[i * k + i] = total;
    for (let j = 0; j < k; j++) {
      if (j === i) continue;
      const e = Math.exp((theta[at++] as number) - most);
      out[i * k + j] = e;
      total += e;
    }
    for (let j = 0; j < k; j++) out[i * k + j] = (out[i * k + j] as number) / total;
  }
  return out;
}

/** Fisher's identity: the score of the data is the expected score of data and states together. */
function score(
  o: Observations,
  model: HmmModel,
  spec: MarkovSpec,
  work: HmmWorkspace,
  theta: Float64Array,
): Float64Array {
  const k = spec.regimes;
  const out = new Float64Array(theta.length);
  let at = 0;
  for (let i = 0; i < k; i++) {
    let row = 0;
    for (let j = 0; j < k; j++) row += work.transitionCounts[i * k + j] as number;
    for (let j = 0; j < k; j++) {
      if (j === i) continue;
      out[at++] = (work.transitionCounts[i * k + j] as number) - row * (model.transitions[i * k + j] as number);
    }
  }
  addStartScore(out, theta, work.smoothed.subarray(0, k), k);
  const means = at;
  const variances = means + (spec.switchingMean ? k : 1);
  for (let s = 0; s < k; s++) {
    const mu = model.means[s] as number;
    const variance = model.covariances[s] as number;
    let weight = 0;
    let first = 0;
    let second = 0;
    for (let t = 0, g = s; t < o.rows; t++, g += k) {
      const p = work.smoothed[g] as number;
      const d = (o.data[t] as number) - mu;
      weight += p;
      first += p * d;
      second += p * d * d;
    }
    const m = means + (spec.switchingMean ? s : 0);
    const v = variances + (spec.switchingVariance ? s : 0);
    out[m] = (out[m] as number) + first / variance;
    out[v] = (out[v] as number) + 0.5 * (second / variance - weight);
  }
  return out;
}

/** The first state is drawn from the stationary law, which depends on the logits: by central differences, K × K only. */
function addStartScore(out: Float64Array, theta: Float64Array, first: Float64Array, k: number): void {
  const logits = theta.slice(0, k * (k - 1));
  const expected = (): number => {
    const pi = stationaryDistribution(transitionsOf(logits, k), k);
    let sum = 0;
    for (let s = 0; s < k; s++)
      if ((first[s] as number) > 1e-12) sum += (first[s] as number) * Math.log(Math.max(pi[s] as number, 1e-300));
    return sum;
  };
  for (let i = 0; i < logits.length; i++) {
    const at = logits[i] as number;
    logits[i] = at + 1e-5;
    const up = expected();
    logits[i] = at - 1e-5;
    out[i] = (out[i] as number) + (up - expected()) / 2e-5;
    logits[i] = at;
  }
}

function sortRegimes(model: HmmModel, spec: MarkovSpec): HmmModel {
  const { states: k } = model;
  const key = spec.switchingVariance ? model.covariances : model.means;
  const order = Array.from({ length: k }, (_, s) => s).sort((a, b) => (key[a] as number) - (key[b] as number));
  const pick = (v: Float64Array): Float64Array => Float64Array.from(order, (s) => v[s] as number);
  const transitions = Float64Array.from(order.flatMap((i) => order.map((j) => model.transitions[i * k + j] as number)));
  return {
    ...model,
    start: pick(model.start),
    means: pick(model.means),
    covariances: pick(model.covariances),
    transitions,
  };
}

function rescale(model: HmmModel, centre: number, scale: number): HmmModel {
  return {
    ...model,
    means: model.means.map((m) => centre + scale * m),
    covariances: model.covariances.map((v) => v * scale * scale),
  };
}

function location(y: Float64Array): { readonly centre: number; readonly scale: number } {
  let centre = 0;
  for (const v of y) centre += v / y.length;
  let squares = 0;
  for (const v of y) squares += (v - centre) ** 2 / y.length;
  return { centre, scale: squares > 0 ? Math.sqrt(squares) : 1 };
}
