/**
 * Standard errors of a switching regression: observed information in the natural parameters.
 *
 * Free parameters: transition probabilities but one of each row (the last, where it is not at the boundary), means, variances. The Hessian is taken by central
 * differences with steps of about a tenth of a standard error. Probabilities with less than one expected move are at the boundary
 * and held fixed (NaN). All NaN with a reason where the Hessian is not positive definite. About 2p² forward passes.
 * Source: Hamilton (1994), Time Series Analysis, eq. 5.8.3.
 *
 * @example markovErrors(returns, fit).means
 */
import { createWorkspace, forward } from '../hmm/forward-backward.ts';
import { gaussianEmissions } from '../hmm/gaussian-emissions.ts';
import { type HmmModel, stationaryDistribution } from '../hmm/hmm-model.ts';
import { choleskyInPlace, solveCholeskyInPlace } from '../linalg/cholesky.ts';
import { numericHessian } from '../optimise-smooth/numeric-derivatives.ts';
import type { MarkovRegressionFit } from './markov-regression.ts';

export interface MarkovErrors {
  /** K × K; NaN at the boundary and for the entry of each row that follows from the others (usually the last). */
  readonly transitions: Float64Array;
  /** One a regime, or one where the mean is common. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly reason: string | null;
}

interface Free {
  readonly kind: 'transition' | 'mean' | 'variance';
  readonly at: number;
  /** The entry of the row that is one minus the others. */
  readonly rest?: number;
  readonly step: number;
}

const STEP = 0.1 / Number.EPSILON ** 0.25;

export function markovErrors(y: Float64Array, fit: MarkovRegressionFit): MarkovErrors {
  const { model, spec } = fit;
  const k = spec.regimes;
  const free = freeParameters(fit, y.length);
  const work = createWorkspace(y.length, k);
  const observations = { data: y, rows: y.length, cols: 1 };
  const negative = (theta: Float64Array): number => {
    const moved = displace(model, spec, free, theta);
    if (moved === null) return Number.NaN;
    return -forward(
      gaussianEmissions(observations, moved, work.densities),
      moved.start,
      moved.transitions,
      y.length,
      work,
    );
  };
  const out = {
    transitions: new Float64Array(k * k).fill(Number.NaN),
    means: new Float64Array(spec.switchingMean ? k : 1).fill(Number.NaN),
    variances: new Float64Array(spec.switchingVariance ? k : 1).fill(Number.NaN),
  };
  const n = free.length;
  const factor = numericHessian(negative, new Float64Array(n));
  if (factor.some((h) => !Number.isFinite(h)) || choleskyInPlace(factor, n) >= 0) {
    return { ...out, reason: 'the curvature of the likelihood is not positive definite at the estimate' };
  }
  free.forEach((parameter, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    solveCholeskyInPlace(factor, n, unit);
    const error = Math.sqrt(unit[i] as number) * parameter.step;
    const target = { transition: out.transitions, mean: out.means, variance: out.variances }[parameter.kind];
    target[parameter.at] = error;
  });
  return { ...out, reason: null };
}

function freeParameters({ model, spec, smoothed }: MarkovRegressionFit, rows: number): readonly Free[] {
  const k = spec.regimes;
  const weights = new Float64Array(k);
  for (let i = 0; i < rows * k; i++) weights[i % k] = (weights[i % k] as number) + (smoothed[i] as number);
  const weight = (s: number): number => Math.max(1, weights[s] as number);
  const out: Free[] = [];
  for (let i = 0; i < k; i++) {
    const rest = balancingEntry(model, i, weight(i));
    const room = 0.005 * (model.transitions[rest] as number);
    for (let j = 0; j < k; j++) {
      const p = model.transitions[i * k + j] as number;
      if (i * k + j === rest || p * weight(i) < 0.5 || (1 - p) * weight(i) < 0.5) continue;
      // Steps stay small against the balancing entry and the entry itself: ln p is far from quadratic near zero.
      const wished = 0.1 * Math.sqrt((p * (1 - p)) / weight(i));
      const step = Math.min(wished, room, 0.005 * p) / Number.EPSILON ** 0.25;
      out.push({ kind: 'transition', at: i * k + j, rest, step });
    }
  }
  for (let s = 0; s < (spec.switchingMean ? k : 1); s++) {
    const size = spec.switchingMean ? weight(s) : rows;
    out.push({ kind: 'mean', at: s, step: STEP * Math.sqrt((model.covariances[s] as number) / size) });
  }
  for (let s = 0; s < (spec.switchingVariance ? k : 1); s++) {
    const size = spec.switchingVariance ? weight(s) : rows;
    out.push({ kind: 'variance', at: s, step: STEP * (model.covariances[s] as number) * Math.sqrt(2 / size) });
  }
  return out;
}

/** The last entry of a row, as is customary, unless it is at the boundary: then the largest. */
function balancingEntry({ transitions, states: k }: HmmModel, i: number, weight: number): number {
  const last = (i + 1) * k - 1;
  if ((transitions[last] as number) * weight >= 0.5) return last;
  let best = i * k;
  for (let at = i * k; at <= last; at++) if ((transitions[at] as number) > (transitions[best] as number)) best = at;
  return best;
}

function displace(
  model: HmmModel,
  spec: MarkovRegressionFit['spec'],
  free: readonly Free[],
  theta: Float64Array,
): HmmModel | null {
  const k = spec.regimes;
  const transitions = model.transitions.slice();
  const means = model.means.slice();
  const covariances = model.covariances.slice();
  free.forEach(({ kind, at, step, rest }, i) => {
    const shift = (theta[i] as number) * step;
    if (shift === 0) return;
    if (kind === 'transition') {
      transitions[at] = (transitions[at] as number) + shift;
      if (rest !== undefined) transitions[rest] = (transitions[rest] as number) - shift;
      return;
    }
    const values = kind === 'mean' ? means : covariances;
    const common = kind === 'mean' ? !spec.switchingMean : !spec.switchingVariance;
    for (let s = 0; s < k; s++) if (common || s === at) values[s] = (values[s] as number) + shift;
  });
  if (transitions.some((p) => p < 0) || covariances.some((v) => v <= 0)) return null;
  return { ...model, transitions, means, covariances, start: stationaryDistribution(transitions, k) };
}
