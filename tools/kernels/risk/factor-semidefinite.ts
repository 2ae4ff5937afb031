/**
 * Which lower-triangular L gives L Lᵀ = A for a covariance that may be singular?
 *
 * Cholesky that accepts a zero pivot: where the remaining variance of a row is below `tolerance` × its own variance, the row is a combination of
 * earlier ones and its column is set to zero. A pivot that is clearly negative means that the matrix is not positive semidefinite, which is refused.
 *
 * A is n×n row-major and symmetric (the lower triangle is read); NaN is refused. O(n³/3).
 * Reference: Higham (2002), "Accuracy and Stability of Numerical Algorithms", 2nd ed., §10.3 (semidefinite Cholesky).
 *
 * @example factorSemidefinite(Float64Array.of(4, 4, 4, 4), 2) // → lower [2, 0, 2, 0], rank 1
 */
import { invalidInput } from '../../../lib/errors.ts';

export function factorSemidefinite(
  matrix: Float64Array,
  n: number,
  tolerance = 1e-10,
): { readonly lower: Float64Array; readonly rank: number } {
  const lower = new Float64Array(n * n);
  let rank = 0;
  for (let j = 0; j < n; j++) {
    const own = matrix[j * n + j] as number;
    let pivot = own;
    for (let k = 0; k < j; k++) pivot -= (lower[j * n + k] as number) ** 2;
    if (!(pivot >= -1e-8 * Math.abs(own)) || !(own >= 0)) {
      throw invalidInput({
        code: 'NOT_POSITIVE_SEMIDEFINITE',
        what: 'The covariance matrix',
        needed: 'positive semidefinite',
        got: `a matrix whose row ${j} leaves variance ${pivot}`,
        hint: 'Repair it first (nearest positive semidefinite matrix) or use a longer sample.',
      });
    }
    if (pivot <= tolerance * own) continue;
    rank++;
    const root = Math.sqrt(pivot);
    lower[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      lower[i * n + j] = sum / root;
    }
  }
  return { lower, rank };
}
