/**
 * Covariances pulled towards a simple target, Σ = (1 − δ)S + δF, with the intensity δ that minimises the expected squared
 * error. S uses the divisor T. All O(T n²); T ≥ 2 rows, complete.
 * Identity target: Ledoit and Wolf (2004), J. Multivariate Anal. 88, eq. 14 and lemma 3.2–3.4. Constant correlation:
 * Ledoit and Wolf (2004), J. Portfolio Manag. 30(4), appendix B. Single factor: Ledoit and Wolf (2003), J. Empir. Finance 10,
 * with the equal-weighted mean as the market. OAS: Chen, Wiesel, Eldar and Hero (2010), IEEE Trans. Signal Process. 58, eq. 23.
 */
import { createMatrix, diagonalOf, type Matrix } from '../linalg/matrix.ts';
import { gram, transposeMultiply } from '../linalg/multiply.ts';
import { centre, checkPanel, scaleMatrix, volatilitiesOf } from './sample.ts';

export interface ShrunkCovariance {
  readonly covariance: Matrix;
  /** δ between 0 (sample) and 1 (target). */
  readonly shrinkage: number;
  /** Mean off-diagonal correlation, for the constant-correlation target. */
  readonly meanCorrelation?: number;
}

function blend(sample: Matrix, target: Matrix, shrinkage: number): Matrix {
  return createMatrix(
    sample.rows,
    sample.cols,
    sample.data.map((value, i) => (1 - shrinkage) * value + shrinkage * (target.data[i] as number)),
  );
}

function scaledIdentity(n: number, value: number): Matrix {
  const out = createMatrix(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = value;
  return out;
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function meanVariance(sample: Matrix): number {
  let trace = 0;
  for (const value of diagonalOf(sample)) trace += value;
  return trace / sample.rows;
}

/** Σ = (1 − δ)S + δ·(mean variance)·I with δ given: plain regularisation. */
export function shrinkToIdentity(returns: Matrix, shrinkage: number): Matrix {
  checkPanel(returns);
  const sample = scaleMatrix(gram(centre(returns)), 1 / returns.rows);
  return blend(sample, scaledIdentity(sample.rows, meanVariance(sample)), shrinkage);
}

/** Ledoit–Wolf towards the mean variance times the identity. */
export function ledoitWolfIdentity(returns: Matrix): ShrunkCovariance {
  checkPanel(returns);
  const x = centre(returns);
  const { rows: T, cols: n } = x;
  const sample = scaleMatrix(gram(x), 1 / T);
  const mean = meanVariance(sample);
  // Σ_t |x_t|⁴ replaces the n × n matrix of fourth moments.
  let fourth = 0;
  for (let t = 0; t < T; t++) fourth += sumOfSquares(x.data.subarray(t * n, (t + 1) * n)) ** 2;
  const size = sumOfSquares(sample.data);
  const distance = size - n * mean * mean;
  const noise = (fourth / T - size) / T;
  const shrinkage = distance > 0 ? Math.min(1, Math.max(0, noise / distance)) : 1;
  return { covariance: blend(sample, scaledIdentity(n, mean), shrinkage), shrinkage };
}

/** Oracle approximating shrinkage towards the mean variance times the identity. */
export function oracleApproximatingShrinkage(returns: Matrix): ShrunkCovariance {
  checkPanel(returns);
  const { rows: T, cols: n } = returns;
  const sample = scaleMatrix(gram(centre(returns)), 1 / T);
  const mean = meanVariance(sample);
  const alpha = sumOfSquares(sample.data) / (n * n);
  const denominator = (T + 1) * (alpha - (mean * mean) / n);
  const shrinkage = denominator > 0 ? Math.min(1, (alpha + mean * mean) / denominator) : 1;
  return { covariance: blend(sample, scaledIdentity(n, mean), shrinkage), shrinkage };
}

/** Ledoit–Wolf towards the sample variances with one common correlation. */
export function ledoitWolfConstantCorrelation(returns: Matrix): ShrunkCovariance {
  checkPanel(returns);
  const x = centre(returns);
  const { rows: T, cols: n } = x;
  const sample = scaleMatrix(gram(x), 1 / T);
  const sd = volatilitiesOf(sample);
  let meanCorrelation = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const scale = (sd[i] as number) * (sd[j] as number);
      meanCorrelation += scale > 0 ? (sample.data[i * n + j] as number) / scale : 0;
    }
  }
  if (n > 1) meanCorrelation /= (n * (n - 1)) / 2;
  const target = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      target.data[i * n + j] =
        i === j ? (sample.data[i * n + i] as number) : meanCorrelation * (sd[i] as number) * (sd[j] as number);
    }
  }
  const squares = createMatrix(
    T,
    n,
    x.data.map((value) => value * value),
  );
  const cubes = createMatrix(
    T,
    n,
    x.data.map((value) => value ** 3),
  );
  const fourth = gram(squares).data;
  const third = transposeMultiply(cubes, x).data;
  let pi = 0;
  let rho = 0;
  let gamma = 0;
  for (let i = 0; i < n; i++) {
    const variance = sample.data[i * n + i] as number;
    for (let j = 0; j < n; j++) {
      const s = sample.data[i * n + j] as number;
      const spread = (fourth[i * n + j] as number) / T - s * s;
      pi += spread;
      if (i === j) rho += spread;
      else if (variance > 0) {
        const theta = (third[i * n + j] as number) / T - variance * s;
        rho += ((meanCorrelation * (sd[j] as number)) / (sd[i] as number)) * theta;
      }
      gamma += (s - (target.data[i * n + j] as number)) ** 2;
    }
  }
  const shrinkage = gamma > 0 ? Math.min(1, Math.max(0, (pi - rho) / gamma / T)) : 1;
  return { covariance: blend(sample, target, shrinkage), shrinkage, meanCorrelation };
}

/** Ledoit–Wolf towards a one-factor model with the equal-weighted mean return as the factor. */
export function ledoitWolfSingleFactor(returns: Matrix): ShrunkCovariance {
  checkPanel(returns);
  const x = centre(returns);
  const { rows: T, cols: n } = x;
  const sample = scaleMatrix(gram(x), 1 / T);
  const market = new Float64Array(T);
  for (let t = 0; t < T; t++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += x.data[t * n + j] as number;
    market[t] = sum / n;
  }
  const marketVariance = sumOfSquares(market) / T;
  const weighted = createMatrix(
    T,
    n,
    x.data.map((value, i) => value * (market[Math.floor(i / n)] as number)),
  );
  const beta = new Float64Array(n);
  for (let i = 0; i < weighted.data.length; i++)
    beta[i % n] = (beta[i % n] as number) + (weighted.data[i] as number) / T;
  const target = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const model = ((beta[i] as number) * (beta[j] as number)) / marketVariance;
      target.data[i * n + j] =
        i === j || !(marketVariance > 0) ? (i === j ? (sample.data[i * n + i] as number) : 0) : model;
    }
  }
  const shrinkage = singleFactorIntensity(x, sample, target, weighted, beta, marketVariance);
  return { covariance: blend(sample, target, shrinkage), shrinkage };
}

function singleFactorIntensity(
  x: Matrix,
  sample: Matrix,
  target: Matrix,
  weighted: Matrix,
  beta: Float64Array,
  marketVariance: number,
): number {
  const { rows: T, cols: n } = x;
  const squares = createMatrix(
    T,
    n,
    x.data.map((value) => value * value),
  );
  const fourth = gram(squares).data;
  const cross = transposeMultiply(squares, weighted).data;
  const own = gram(weighted).data;
  let pi = 0;
  let rho = 0;
  let gamma = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const s = sample.data[i * n + j] as number;
      const spread = (fourth[i * n + j] as number) / T - s * s;
      pi += spread;
      gamma += (s - (target.data[i * n + j] as number)) ** 2;
      if (i === j) {
        rho += spread;
        continue;
      }
      const first = (cross[i * n + j] as number) / T - (beta[i] as number) * s;
      const third = (own[i * n + j] as number) / T - marketVariance * s;
      rho += (2 * first * (beta[j] as number)) / marketVariance;
      rho -= (third * (beta[i] as number) * (beta[j] as number)) / marketVariance ** 2;
    }
  }
  return gamma > 0 ? Math.min(1, Math.max(0, (pi - rho) / gamma / T)) : 1;
}
