/**
 * Which eigenvalues of a correlation matrix are noise? Those below λ₊ = (1 + √(n/T))², the edge of the Marchenko–Pastur law
 * for independent series. Clipping replaces them by their mean, which keeps the trace, and puts the unit diagonal back
 * (Laloux, Cizeau, Potters and Bouchaud, 2000, Int. J. Theor. Appl. Finance 3; Bun, Bouchaud and Potters, 2017, section 8).
 */
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { rescaleDiagonal } from '../linalg/nearest-psd.ts';
import { symmetricEigen } from '../linalg/symmetric-eigen.ts';

export interface ClippedCorrelation {
  readonly correlation: Matrix;
  /** Descending. */
  readonly eigenvalues: Float64Array;
  readonly edge: number;
  readonly kept: number;
}

/** `observations` is T. Example: n = 10, T = 250 gives the edge 1.44. */
export function clipCorrelation(correlation: Matrix, observations: number): ClippedCorrelation {
  const n = correlation.rows;
  const edge = (1 + Math.sqrt(n / observations)) ** 2;
  const { values, vectors } = symmetricEigen(correlation);
  let noise = 0;
  let count = 0;
  for (const value of values) {
    if (value > edge) continue;
    noise += value;
    count++;
  }
  const cleaned = values.map((value) => (value > edge ? value : noise / count));
  const rebuilt = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum += (cleaned[k] as number) * (vectors.data[i * n + k] as number) * (vectors.data[j * n + k] as number);
      }
      rebuilt.data[i * n + j] = sum;
      rebuilt.data[j * n + i] = sum;
    }
  }
  return { correlation: rescaleDiagonal(rebuilt), eigenvalues: values.slice().reverse(), edge, kept: n - count };
}
