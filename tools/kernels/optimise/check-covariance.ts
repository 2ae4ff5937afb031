/**
 * Is this matrix a covariance, and how good is it? Non-finite, asymmetric or negative-variance input is refused;
 * an indefinite one is repaired by the nearest correlation matrix with the variances kept (Higham, 2002), and said so;
 * a singular one is used as it is, with its rank. O(n³).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { correlationOf, covarianceFrom, volatilitiesOf } from '../covariance/sample.ts';
import { cholesky } from '../linalg/cholesky.ts';
import { asymmetry, createMatrix, type Matrix } from '../linalg/matrix.ts';
import { nearestCorrelation } from '../linalg/nearest-psd.ts';
import { symmetricEigen } from '../linalg/symmetric-eigen.ts';

export interface CheckedCovariance {
  readonly matrix: Matrix;
  readonly repair: 'none' | 'nearest-correlation';
  /** Smallest eigenvalue of the matrix as given; undefined where Cholesky already proved it positive definite. */
  readonly minEigenvalue: number | undefined;
  readonly rank: number;
  /** Frobenius distance of the repair between correlation matrices. */
  readonly distance: number;
}

/** `names` are used in messages. */
export function checkCovariance(matrix: Matrix, names: readonly string[]): CheckedCovariance {
  const n = matrix.rows;
  if (n === 0)
    throw invalidInput({
      what: 'The number of assets',
      needed: 'at least 1',
      got: 0,
      hint: 'Name one or more assets.',
    });
  if (matrix.cols !== n)
    throw invalidInput({
      what: 'The covariance',
      needed: `${n} x ${n}`,
      got: `${n} x ${matrix.cols}`,
      hint: 'Give a square matrix.',
    });
  refuseBadNumbers(matrix, names);
  if (isComfortablyPositive(matrix)) return { matrix, repair: 'none', minEigenvalue: undefined, rank: n, distance: 0 };
  const { values } = symmetricEigen(matrix);
  const largest = Math.max(values[n - 1] as number, 0);
  const noise = largest * n * 1e-13;
  const rank = values.filter((value) => value > Math.max(noise, largest * 1e-12)).length;
  const minEigenvalue = values[0] as number;
  if (minEigenvalue >= -Math.max(noise, largest * 1e-10))
    return { matrix, repair: 'none', minEigenvalue, rank, distance: 0 };
  const nearest = nearestCorrelation(correlationOf(matrix));
  return {
    matrix: covarianceFrom(nearest.matrix, volatilitiesOf(matrix)),
    repair: 'nearest-correlation',
    minEigenvalue,
    rank,
    distance: nearest.distance,
  };
}

function refuseBadNumbers(matrix: Matrix, names: readonly string[]): void {
  const n = matrix.rows;
  let largest = 0;
  for (let i = 0; i < n * n; i++) {
    const value = matrix.data[i] as number;
    if (!Number.isFinite(value)) {
      const pair = `${names[Math.floor(i / n)] ?? Math.floor(i / n)} and ${names[i % n] ?? i % n}`;
      throw invalidInput({
        what: `The covariance of ${pair}`,
        needed: 'a finite number',
        got: value,
        hint: 'Replace missing numbers.',
      });
    }
    largest = Math.max(largest, Math.abs(value));
  }
  for (let i = 0; i < n; i++) {
    const variance = matrix.data[i * n + i] as number;
    if (variance < 0)
      throw invalidInput({
        what: `The variance of ${names[i] ?? i}`,
        needed: 'zero or more',
        got: variance,
        hint: 'A variance is a square: check the sign.',
      });
  }
  const gap = asymmetry(matrix);
  if (gap > 1e-10 * Math.max(largest, 1)) {
    throw invalidInput({
      what: 'The covariance',
      needed: 'symmetric (within 1e-10)',
      got: `off by ${gap.toPrecision(3)}`,
      hint: 'Give each pair the same number on both sides of the diagonal.',
    });
  }
}

/** Positive definite with room: the factor of Σ − 1e-10·mean variance·I exists. */
function isComfortablyPositive(matrix: Matrix): boolean {
  const n = matrix.rows;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix.data[i * n + i] as number;
  const shifted = createMatrix(n, n, matrix.data.slice());
  for (let i = 0; i < n; i++) shifted.data[i * n + i] = (shifted.data[i * n + i] as number) - (1e-10 * trace) / n;
  return cholesky(shifted).failedAt < 0;
}
