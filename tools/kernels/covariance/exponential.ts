/**
 * Exponentially weighted covariances: recent days count more. RiskMetrics Technical Document (1996), section 5.2:
 * V_t = λ V_{t−1} + (1 − λ) r_t r_tᵀ. O(T n²). Rows in time order, complete.
 */
import { invalidInput } from '../../../lib/errors.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { gram } from '../linalg/multiply.ts';
import { centre, checkPanel, sampleCovariance } from './sample.ts';

function checkDecay(decay: number): void {
  if (!(decay > 0 && decay < 1))
    throw invalidInput({
      what: 'The decay',
      needed: 'between 0 and 1',
      got: decay,
      hint: 'RiskMetrics uses 0.94 for days.',
    });
}

/** Σ_t w_t r_t r_tᵀ with w_t ∝ λ^(T−1−t), Σ w = 1. `demean` subtracts the plain sample mean first. */
export function exponentialCovariance(returns: Matrix, decay: number, demean = false): Matrix {
  checkPanel(returns, 1);
  checkDecay(decay);
  const x = demean ? centre(returns) : returns;
  const { rows: T, cols: n } = x;
  const total = (1 - decay ** T) / (1 - decay);
  const weighted = createMatrix(
    T,
    n,
    x.data.map((value, i) => value * Math.sqrt(decay ** (T - 1 - Math.floor(i / n)) / total)),
  );
  return gram(weighted);
}

/** The recursion started from the population covariance of the first `warmUp` rows, then run over the rest. */
export function recursiveCovariance(returns: Matrix, decay: number, warmUp: number): Matrix {
  checkPanel(returns, Math.max(2, warmUp));
  checkDecay(decay);
  const { rows: T, cols: n } = returns;
  const V = sampleCovariance(createMatrix(warmUp, n, returns.data.slice(0, warmUp * n)), 0);
  for (let t = warmUp; t < T; t++) {
    const row = returns.data.subarray(t * n, (t + 1) * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        V.data[i * n + j] =
          decay * (V.data[i * n + j] as number) + (1 - decay) * (row[i] as number) * (row[j] as number);
      }
    }
  }
  return V;
}
