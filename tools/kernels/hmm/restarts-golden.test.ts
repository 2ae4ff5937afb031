import { expect } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { goldenObservations } from '../testing/golden-series.ts';
import { fitHmm } from './fit-hmm.ts';

describeGolden('hmm_restarts', (golden) => {
  const { parameters } = golden.input;
  const observations = goldenObservations(golden);
  const fit = fitHmm(observations, {
    states: parameters.n_components,
    covarianceType: parameters.covariance_type,
    restarts: parameters.restarts,
    rng: createRng(42),
    maxIterations: parameters.n_iter,
    tolerance: parameters.tol,
  });
  expect(fit.logLikelihood).toBeGreaterThanOrEqual(golden.expect.best_loglik - 0.05);
  expect(fit.converged).toBe(true);
  expect(fit.bic).toBeLessThanOrEqual(golden.expect.best_bic + 0.1);
  expect(fit.aic).toBeLessThanOrEqual(golden.expect.best_aic + 0.1);
});
