/** The hidden Markov kernels on 8,312 rows of simulated daily returns; peers: hmmlearn 1.8 / 2.9 / 4.3 ms an iteration (K = 2, 3, 4). */
import { createRng } from '../lib/rng.ts';
import { fitEm } from '../tools/kernels/hmm/fit-em.ts';
import { fitHmm } from '../tools/kernels/hmm/fit-hmm.ts';
import { createWorkspace } from '../tools/kernels/hmm/forward-backward.ts';
import type { HmmModel, Observations } from '../tools/kernels/hmm/hmm-model.ts';
import { viterbi } from '../tools/kernels/hmm/viterbi.ts';
import { walkForward } from '../tools/kernels/hmm/walk-forward.ts';
import type { Benchmark } from './benchmark.ts';

const ROWS = 8312;
/** Iterations of one timed body: its time divided by 100 is one EM iteration. */
const ITERATIONS = 100;

function simulated(cols: number, rows = ROWS): Observations {
  const rng = createRng(7);
  const deviation = [0.006, 0.011, 0.028];
  const mean = [0.001, 0, -0.001];
  const data = new Float64Array(rows * cols);
  let s = 0;
  for (let t = 0; t < rows; t++) {
    if (rng.uniform() < 0.02) s = rng.integer(3);
    for (let d = 0; d < cols; d++) data[t * cols + d] = (mean[s] as number) + (deviation[s] as number) * rng.normal();
  }
  return { data, rows, cols };
}

function startOf(states: number, cols: number): HmmModel {
  const covariances = new Float64Array(states * cols * cols);
  const means = new Float64Array(states * cols);
  for (let k = 0; k < states; k++) {
    for (let d = 0; d < cols; d++) {
      covariances[k * cols * cols + d * cols + d] = (0.005 * 1.8 ** k) ** 2;
      means[k * cols + d] = 0.001 - 0.0007 * k;
    }
  }
  const transitions = new Float64Array(states * states).fill(0.06 / (states - 1));
  for (let k = 0; k < states; k++) transitions[k * states + k] = 0.94;
  return { states, features: cols, start: new Float64Array(states).fill(1 / states), transitions, means, covariances };
}

function iterations(states: number, cols: number, target: string): Benchmark {
  return {
    name: `HMM: ${ITERATIONS} EM iterations, K=${states}, ${cols}-D full, ${ROWS} rows`,
    target,
    setup() {
      const o = simulated(cols);
      const work = createWorkspace(o.rows, states);
      const start = startOf(states, cols);
      return () => {
        fitEm(o, start, { covarianceType: 'full', maxIterations: ITERATIONS, tolerance: 0 }, work);
      };
    },
  };
}

export const benchmarks: readonly Benchmark[] = [
  iterations(2, 1, '25 ms (0.25 ms an iteration; hmmlearn 1.8)'),
  iterations(3, 1, '40 ms (0.40 ms an iteration; hmmlearn 2.9)'),
  iterations(4, 1, '55 ms (0.55 ms an iteration; hmmlearn 4.3)'),
  iterations(3, 2, '50 ms (0.50 ms an iteration; hmmlearn 4.0)'),
  {
    name: `HMM: Viterbi path, K=3, ${ROWS} rows`,
    target: '0.12 ms (hmmlearn 0.35)',
    setup() {
      const o = simulated(1);
      const model = fitEm(o, startOf(3, 1), { covarianceType: 'full', maxIterations: 20 }).model;
      return () => {
        viterbi(o, model);
      };
    },
  },
  {
    name: `HMM: 10 restarts × 100 iterations, K=3, ${ROWS} rows`,
    target: '450 ms (hmmlearn 3,150)',
    setup() {
      const o = simulated(1);
      return () => {
        fitHmm(o, { states: 3, covarianceType: 'full', restarts: 10, maxIterations: 100, rng: createRng(1) });
      };
    },
  },
  {
    name: 'HMM: walk-forward of 20 years, monthly refits, K=3',
    target: '2,000 ms',
    setup() {
      const o = simulated(1, 5040 + 756);
      return () => {
        walkForward(o, { states: 3, covarianceType: 'full', minimumRows: 756, refitEvery: 21, rng: createRng(1) });
      };
    },
  },
];
