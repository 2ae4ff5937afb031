/**
 * Sample covariance, correlation and the moments that the shrinkage estimators share. `returns` is rows × assets, rows in
 * time order, complete (no missing values: align first). O(T n²).
 * T. W. Anderson (2003), An Introduction to Multivariate Statistical Analysis, section 3.2.
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { gram } from '../linalg/multiply.ts';

/** Refuses empty, one-row and non-finite panels. */
export function checkPanel(returns: Matrix, needed = 2): void {
  if (returns.cols === 0)
    throw invalidInput({
      what: 'The number of assets',
      needed: 'at least 1',
      got: 0,
      hint: 'Name one or more assets.',
    });
  if (returns.rows < needed) throw notEnoughData({ what: 'A covariance', needed, got: returns.rows });
  for (let i = 0; i < returns.data.length; i++) {
    if (!Number.isFinite(returns.data[i])) {
      throw invalidInput({
        what: `The return in row ${Math.floor(i / returns.cols)} of asset ${i % returns.cols}`,
        needed: 'a finite number',
        got: returns.data[i],
        hint: 'Align the series on common dates first.',
      });
    }
  }
}

export function columnMeans(returns: Matrix): Float64Array {
  const means = new Float64Array(returns.cols);
  for (let t = 0; t < returns.rows; t++) {
    for (let j = 0; j < returns.cols; j++) {
      means[j] = (means[j] as number) + (returns.data[t * returns.cols + j] as number);
    }
  }
  return means.map((sum) => sum / returns.rows);
}

/** Returns minus their column means. */
export function centre(returns: Matrix): Matrix {
  const means = columnMeans(returns);
  return createMatrix(
    returns.rows,
    returns.cols,
    returns.data.map((value, i) => value - (means[i % returns.cols] as number)),
  );
}

export function scaleMatrix(matrix: Matrix, factor: number): Matrix {
  return createMatrix(
    matrix.rows,
    matrix.cols,
    matrix.data.map((value) => value * factor),
  );
}

/** Divisor T − ddof: 1 for the unbiased estimate (default), 0 for maximum likelihood. Example: [[1], [3]] gives [[2]]. */
export function sampleCovariance(returns: Matrix, ddof: 0 | 1 = 1): Matrix {
  checkPanel(returns);
  return scaleMatrix(gram(centre(returns)), 1 / (returns.rows - ddof));
}

export function volatilitiesOf(covariance: Matrix): Float64Array {
  return Float64Array.from({ length: covariance.rows }, (_, i) =>
    Math.sqrt(Math.max(0, covariance.data[i * covariance.cols + i] as number)),
  );
}

/** Correlations of a covariance; an asset that never moves has correlation 0 with the others and 1 with itself. */
export function correlationOf(covariance: Matrix): Matrix {
  const n = covariance.rows;
  const sd = volatilitiesOf(covariance);
  const out = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const scale = (sd[i] as number) * (sd[j] as number);
      out.data[i * n + j] = i === j ? 1 : scale > 0 ? (covariance.data[i * n + j] as number) / scale : 0;
    }
  }
  return out;
}

export function covarianceFrom(correlation: Matrix, volatilities: ArrayLike<number>): Matrix {
  const n = correlation.rows;
  return createMatrix(
    n,
    n,
    correlation.data.map(
      (value, i) => value * (volatilities[Math.floor(i / n)] as number) * (volatilities[i % n] as number),
    ),
  );
}
