import { expect } from 'vitest';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { expandRunLengths, goldenObservations } from '../testing/golden-series.ts';
import { fitEm } from './fit-em.ts';
import { createWorkspace, filteredProbabilities } from './forward-backward.ts';
import {
  countParameters,
  expectedDurations,
  type HmmModel,
  informationCriteria,
  propagate,
  stationaryDistribution,
} from './hmm-model.ts';
import { viterbi } from './viterbi.ts';

const flat = (nested: GoldenValue): number[] => [nested].flat(9) as number[];

function startModel(initial: GoldenValue): HmmModel {
  const states: number = initial.startprob.length;
  const features: number = initial.means[0].length;
  const covariances = new Float64Array(states * features * features);
  for (let k = 0; k < states; k++) {
    for (let d = 0; d < features; d++) {
      covariances[k * features * features + d * features + d] = initial.variances_on_diagonal[k][d];
    }
  }
  return {
    states,
    features,
    start: Float64Array.from(initial.startprob as number[]),
    transitions: Float64Array.from(flat(initial.transmat)),
    means: Float64Array.from(flat(initial.means)),
    covariances,
  };
}

/** |got − want| ≤ relative·|want| + absolute, for each entry. */
function close(got: ArrayLike<number>, want: number[], relative: number, absolute: number, what: string): void {
  expect(got.length, what).toBe(want.length);
  for (let i = 0; i < want.length; i++) {
    const w = want[i] as number;
    expect(Math.abs((got[i] as number) - w), `${what}[${i}] ${got[i]} vs ${w}`).toBeLessThanOrEqual(
      relative * Math.abs(w) + absolute,
    );
  }
}

describeGolden('hmm_gaussian', ({ input, expect: want, ...rest }) => {
  const p = input.parameters;
  const observations = goldenObservations({ input, expect: want, ...rest });
  const start = startModel(p.initial);
  const work = createWorkspace(observations.rows, start.states);
  const options = {
    covarianceType: p.covariance_type,
    floor: new Float64Array(observations.cols),
    priors: {
      covariancePrior: p.priors.covars_prior,
      covarianceWeight: p.priors.covars_weight,
      meanPrior: p.priors.means_prior,
      meanWeight: p.priors.means_weight,
      startPrior: p.priors.startprob_prior,
      transitionPrior: p.priors.transmat_prior,
    },
  };
  const fit = fitEm(observations, start, { ...options, maxIterations: p.em_iterations, tolerance: 0 }, work);
  close(fit.logLikelihoodPath, want.loglik_history, 1e-10, 0, 'path');
  const after = want.after_100_iterations;
  expect(fit.logLikelihood).toBeCloseTo(after.loglik, 5);
  close(fit.model.start, after.startprob, 1e-5, 1e-9, 'start');
  close(fit.model.transitions, flat(after.transmat), 1e-5, 1e-9, 'transitions');
  close(fit.model.means, flat(after.means), 1e-5, 1e-9, 'means');
  close(fit.model.covariances, flat(after.covars), 1e-5, 1e-12, 'covariances');
  const parameters = countParameters(start.states, start.features, p.covariance_type);
  expect(parameters).toBe(after.n_params);
  const { aic, bic } = informationCriteria(fit.logLikelihood, parameters, observations.rows);
  close([aic, bic], [after.aic, after.bic], 1e-6, 0, 'criteria');
  close(stationaryDistribution(fit.model.transitions, start.states), after.stationary, 1e-5, 1e-9, 'stationary');
  close(expectedDurations(fit.model.transitions, start.states), after.expected_duration, 1e-5, 0, 'duration');
  const filtered = filteredProbabilities(work, observations.rows, start.states);
  const last = (rows: number) => (observations.rows - rows) * start.states;
  close(filtered.slice(last(after.filtered_last5.length)), flat(after.filtered_last5), 0, 1e-5, 'filtered');
  close(work.smoothed.slice(last(after.posterior_last5.length)), flat(after.posterior_last5), 0, 1e-5, 'smoothed');
  close(propagate(filtered.slice(last(1)), fit.model.transitions, 1), after.next_day_state_prob, 0, 1e-5, 'next day');
  const decoded = viterbi(observations, fit.model);
  expect(decoded.logProbability).toBeCloseTo(after.viterbi_logprob, 4);
  const path = expandRunLengths(after.viterbi_rle);
  expect(path.length).toBe(observations.rows);
  expect(path.filter((s, t) => s !== decoded.path[t]).length).toBeLessThanOrEqual(3);
  const optimum = want.converged_from_same_start;
  if (!optimum) return;
  const full = fitEm(observations, start, { ...options, maxIterations: 20_000, tolerance: 1e-7 }, work);
  expect(full.logLikelihood).toBeGreaterThan(optimum.loglik - 1e-3);
});
