import { expect } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { expectedDurations, propagate } from '../hmm/hmm-model.ts';
import { goldenObservations } from '../testing/golden-series.ts';
import { markovErrors } from './markov-errors.ts';
import { fitMarkovRegression } from './markov-regression.ts';

function close(got: number, want: number, relative: number, absolute: number, what: string): void {
  expect(Math.abs(got - want), `${what}: ${got} vs ${want}`).toBeLessThanOrEqual(relative * Math.abs(want) + absolute);
}

describeGolden('markov_regression', (golden) => {
  const p = golden.input.parameters;
  const want = golden.expect;
  const { data: y } = goldenObservations(golden);
  const k: number = p.k_regimes;
  const fit = fitMarkovRegression(y, {
    regimes: k,
    switchingMean: p.switching_trend,
    switchingVariance: p.switching_variance,
    rng: createRng(42),
  });
  expect(fit.logLikelihood).toBeGreaterThan(want.loglik - 1e-4);
  expect(fit.converged, `residual ${fit.residual}`).toBe(true);
  close(fit.aic, want.aic, 0, Math.max(1e-3, fit.logLikelihood - want.loglik) * 3, 'aic');
  close(fit.bic, want.bic, 0, Math.max(1e-3, fit.logLikelihood - want.loglik) * 3, 'bic');
  if (fit.logLikelihood > want.loglik + 1e-2) return;
  // Our regimes ascend by variance (by mean where the variance is common); the reference numbers its own.
  const key = (s: number): number => want.params[p.switching_variance ? `sigma2[${s}]` : `const[${s}]`];
  const order = Array.from({ length: k }, (_, s) => s).sort((a, b) => key(a) - key(b));
  const errors = markovErrors(y, fit);
  expect(errors.reason).toBeNull();
  const checkError = (got: number | undefined, wanted: number | null, what: string) => {
    if (wanted !== null && got !== undefined && Number.isFinite(got)) close(got, wanted, 5e-2, 0, what);
  };
  const durations = expectedDurations(fit.model.transitions, k);
  order.forEach((theirs, ours) => {
    order.forEach((to, j) => {
      close(
        fit.model.transitions[ours * k + j] as number,
        want.transition_from_row_to_column[theirs][to],
        1e-3,
        1e-4,
        `p ${theirs}->${to}`,
      );
    });
    close(durations[ours] as number, want.expected_durations[theirs], 5e-3, 0, 'duration');
    const mean = p.switching_trend ? `const[${theirs}]` : 'const';
    close(fit.model.means[ours] as number, want.params[mean], 2e-3, 1e-4, mean);
    checkError(errors.means[p.switching_trend ? ours : 0], want.std_err[mean], `error of ${mean}`);
    const variance = p.switching_variance ? `sigma2[${theirs}]` : 'sigma2';
    close(fit.model.covariances[ours] as number, want.params[variance], 1e-3, 1e-5, variance);
    checkError(errors.variances[p.switching_variance ? ours : 0], want.std_err[variance], `error of ${variance}`);
    // Stay probabilities are free parameters in both but for the last regime of the reference.
    if (theirs < k - 1 && ours < k - 1) {
      checkError(
        errors.transitions[ours * k + ours],
        want.std_err[`p[${theirs}->${theirs}]`],
        'error of the stay probability',
      );
    }
  });
  const rows = want.filtered_last5.length;
  for (let r = 0; r < rows; r++) {
    const from = (y.length - rows + r) * k;
    order.forEach((theirs, ours) => {
      close(fit.filtered[from + ours] as number, want.filtered_last5[r][theirs], 0, 1e-3, 'filtered');
      close(fit.smoothed[from + ours] as number, want.smoothed_last5[r][theirs], 0, 1e-3, 'smoothed');
    });
    const predicted = propagate(fit.filtered.slice(from - k, from), fit.model.transitions, 1);
    order.forEach((theirs, ours) => {
      close(predicted[ours] as number, want.predicted_last5[r][theirs], 0, 1e-3, 'predicted');
    });
  }
});
