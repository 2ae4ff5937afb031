import { expect } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenObservations } from '../testing/golden-series.ts';
import { type EmFit, fitEm } from './fit-em.ts';
import { fitHmm } from './fit-hmm.ts';
import type { HmmModel, Observations } from './hmm-model.ts';
import type { HmmPriors } from './m-step.ts';

/** States of a case: stated, or the number of means of its expectation. */
const statesOf = (input: { parameters: { n_components?: number } }, want: { sorted_means?: number[] }): number =>
  input.parameters.n_components ?? want.sorted_means?.length ?? 0;

describeGolden('toy_hmm', (golden) => {
  const { parameters } = golden.input;
  const want = golden.expect;
  const observations = goldenObservations(golden);
  const states = statesOf(golden.input, want);
  // hmmlearn's defaults on unscaled returns add 0.01 to each sum of squares: such cases carry no priors in the file.
  const defaults = typeof parameters.extra === 'string' && parameters.extra.startsWith('hmmlearn defaults');
  const priors = defaults ? { covariancePrior: 0.01, covarianceWeight: 1 } : undefined;
  const fit = fitHmm(observations, {
    states,
    covarianceType: 'full',
    restarts: parameters.restarts ?? 20,
    rng: createRng(42),
    maxIterations: 3000,
    tolerance: parameters.extra?.tol ?? 1e-5,
    ...(priors ? { priors } : {}),
  });
  const own = want.sorted_means ? nearReference(observations, want, priors) : null;
  if (defaults) {
    // For information in the file (it depends on hmmlearn's k-means): the same parameters score the same, and plain EM beats them.
    expect(Math.abs((own?.logLikelihoodPath[0] ?? 0) - want.loglik)).toBeLessThan(2);
    expect(fitHmm(observations, { states, covarianceType: 'full', rng: createRng(42) }).logLikelihood).toBeGreaterThan(
      want.loglik + 10,
    );
    return;
  }
  const wanted = want.loglik;
  const slack = Number(
    /within (\d*\.?\d+)/.exec(golden.tolerance.loglik ?? '')?.[1] ??
      /loglik (\d*\.?\d+)/.exec(golden.tolerance.pure_ml ?? '')?.[1],
  );
  expect(fit.logLikelihood).toBeGreaterThanOrEqual(wanted - slack);
  expect(fit.bic).toBeLessThanOrEqual(want.bic + 2 * slack);
  if (!own) return;
  expect(Math.abs(own.logLikelihood - wanted)).toBeLessThanOrEqual(slack);
  own.model.means.forEach((mean, k) => {
    expect(Math.abs(mean - want.sorted_means[k])).toBeLessThan(2e-2);
  });
});

/** A few EM steps from the parameters of the reference: they must stay where they are. */
function nearReference(observations: Observations, want: GoldenValue, priors: HmmPriors | undefined): EmFit {
  const states: number = want.sorted_means.length;
  const start: HmmModel = {
    states,
    features: 1,
    start: Float64Array.from(want.last_day_state_probabilities_sorted as number[], () => 1 / states),
    transitions: Float64Array.from((want.transmat_sorted as number[][]).flat()),
    means: Float64Array.from(want.sorted_means as number[]),
    covariances: Float64Array.from(want.sorted_std as number[], (s) => s * s),
  };
  return fitEm(observations, start, {
    covarianceType: 'full',
    maxIterations: 20,
    tolerance: 0,
    ...(priors ? { priors } : {}),
  });
}
