import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { expandRunLengths, goldenObservations } from '../testing/golden-series.ts';
import { fitEm } from './fit-em.ts';
import { fitMixtureEm, type MixtureModel, mixtureEmissions, mixtureMoments, splitStates } from './mixture-hmm.ts';
import { viterbiFromLogs } from './viterbi.ts';

const flat = (nested: unknown): Float64Array => Float64Array.from([nested].flat(9) as number[]);

function close(got: ArrayLike<number>, want: ArrayLike<number>, relative: number, absolute: number): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) {
    const w = want[i] as number;
    expect(Math.abs((got[i] as number) - w), `entry ${i}: ${got[i]} vs ${w}`).toBeLessThanOrEqual(
      relative * Math.abs(w) + absolute,
    );
  }
}

describeGolden('hmm_gmm', (golden) => {
  const { parameters: p } = golden.input;
  const want = golden.expect;
  const o = goldenObservations(golden);
  const start: MixtureModel = {
    states: p.n_components,
    components: p.n_mix,
    features: o.cols,
    start: flat(p.initial.startprob),
    transitions: flat(p.initial.transmat),
    weights: flat(p.initial.weights),
    means: flat(p.initial.means),
    variances: flat(p.initial.covars),
  };
  const fit = fitMixtureEm(o, start, {
    maxIterations: p.em_iterations,
    tolerance: 0,
    centre: 'old',
    floor: new Float64Array(o.cols),
  });
  close(fit.logLikelihoodPath, want.loglik_history, 1e-9, 0);
  close(fit.model.start, want.startprob, 1e-5, 1e-9);
  close(fit.model.transitions, flat(want.transmat), 1e-5, 1e-9);
  close(fit.model.means, flat(want.means), 1e-5, 1e-9);
  close(fit.model.variances, flat(want.covars), 1e-5, 1e-12);
  close(fit.model.weights, flat(want.weights), 1e-5, 1e-9);
  close(
    fit.workspace.smoothed.slice((o.rows - want.posterior_last5.length) * start.states),
    flat(want.posterior_last5),
    0,
    1e-5,
  );
  const logs = fit.workspace.densities.slice();
  const parts = new Float64Array(o.rows * start.states * start.components);
  const { logConstant } = mixtureEmissions(o, fit.model, logs, parts);
  const decoded = viterbiFromLogs(
    logs.map((b) => Math.log(b) + logConstant),
    fit.model.start,
    fit.model.transitions,
    o.rows,
  );
  expect(decoded.logProbability).toBeCloseTo(want.viterbi_logprob, 4);
  expect(expandRunLengths(want.viterbi_rle).filter((s, t) => s !== decoded.path[t]).length).toBeLessThanOrEqual(3);
  if (!want.converged_from_same_start) return;
  const full = fitMixtureEm(o, start, { maxIterations: 5000, tolerance: 1e-6 });
  expect(full.logLikelihood).toBeGreaterThanOrEqual(want.converged_from_same_start.loglik - 0.01);
});

describe('mixture emissions', () => {
  const rng = createRng(5);
  const data = Float64Array.from({ length: 400 }, (_, t) => (t % 200 < 100 ? 1 : 3) * rng.normal());
  const o = { data, rows: 400, cols: 1 };
  const gaussian = fitEm(
    o,
    {
      states: 2,
      features: 1,
      start: Float64Array.of(0.5, 0.5),
      transitions: Float64Array.of(0.95, 0.05, 0.05, 0.95),
      means: Float64Array.of(0, 0.1),
      covariances: Float64Array.of(1, 9),
    },
    { covarianceType: 'full' },
  );
  it('with one component it is the Gaussian model', () => {
    const one = fitMixtureEm(o, splitStates(gaussian.model, 1), { maxIterations: 1, tolerance: 0 });
    expect(one.logLikelihoodPath[0]).toBeCloseTo(gaussian.logLikelihood, 8);
    close(mixtureMoments(splitStates(gaussian.model, 1)).covariances, gaussian.model.covariances, 1e-12, 0);
  });
  it('exact EM never falls', () => {
    const { logLikelihoodPath: path } = fitMixtureEm(o, splitStates(gaussian.model, 3), {
      maxIterations: 60,
      tolerance: 0,
    });
    for (let i = 1; i < path.length; i++) expect(path[i]).toBeGreaterThanOrEqual((path[i - 1] as number) - 1e-9);
  });
});
