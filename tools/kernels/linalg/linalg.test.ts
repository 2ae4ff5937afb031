import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { cholesky, logDeterminantFromCholesky } from './cholesky.ts';
import { leastSquares } from './least-squares.ts';
import { asymmetry, createMatrix, identityMatrix, type Matrix, matrixFromRows, transpose } from './matrix.ts';
import { gram, multiply, multiplyVector } from './multiply.ts';
import { frobeniusDistance, nearestCorrelation } from './nearest-psd.ts';
import { inverseSpd, solveGeneral, solveSpd } from './solve.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

function randomMatrix(rows: number, cols: number, seed: number): Matrix {
  const rng = createRng(seed);
  return createMatrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => rng.normal()),
  );
}

function naiveProduct(a: Matrix, b: Matrix): Matrix {
  const c = createMatrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.cols; j++)
      for (let k = 0; k < a.cols; k++)
        c.data[i * b.cols + j] =
          (c.data[i * b.cols + j] as number) + (a.data[i * a.cols + k] as number) * (b.data[k * b.cols + j] as number);
  return c;
}

const sizes = fc.integer({ min: 1, max: 23 });

describe('products', () => {
  it('agree with the three plain loops at every shape', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.nat(1000), (m, k, n, seed) => {
        const a = randomMatrix(m, k, seed);
        const b = randomMatrix(k, n, seed + 1);
        expect(frobeniusDistance(multiply(a, b), naiveProduct(a, b))).toBeLessThan(1e-12 * (m + n + k));
        expect(frobeniusDistance(gram(a), naiveProduct(transpose(a), a))).toBeLessThan(1e-12 * (m + n + k));
      }),
      { numRuns: 60 },
    );
  });

  it('cuts long inner dimensions into pieces without losing any', () => {
    const a = randomMatrix(5, 1300, 3);
    expect(frobeniusDistance(multiply(a, transpose(a)), naiveProduct(a, transpose(a)))).toBeLessThan(1e-9);
  });
});

describe('cholesky', () => {
  it('rebuilds the matrix, and its solve undoes a product', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(1000), (n, seed) => {
        const a = gram(randomMatrix(n + 5, n, seed));
        const { factor, failedAt } = cholesky(a);
        expect(failedAt).toBe(-1);
        expect(frobeniusDistance(multiply(factor, transpose(factor)), a)).toBeLessThan(1e-11 * n * n);
        const x = randomMatrix(n, 1, seed + 7).data;
        const solved = solveSpd(a, multiplyVector(a, x));
        for (let i = 0; i < n; i++) expect(solved[i]).toBeCloseTo(x[i] as number, 6);
        expect(frobeniusDistance(multiply(a, inverseSpd(a)), identityMatrix(n))).toBeLessThan(1e-7);
      }),
      { numRuns: 40 },
    );
  });

  it('names the first bad pivot and refuses to solve', () => {
    const a = matrixFromRows([
      [1, 0, 0],
      [0, 4, 2],
      [0, 2, 1],
    ]);
    expect(cholesky(a).failedAt).toBe(2);
    expect(cholesky(matrixFromRows([[Number.NaN]])).failedAt).toBe(0);
    expect(() => solveSpd(a, [1, 1, 1])).toThrow(/not positive definite/);
  });

  it('has the logarithm of the determinant', () => {
    const { factor } = cholesky(
      matrixFromRows([
        [4, 2],
        [2, 3],
      ]),
    );
    expect(logDeterminantFromCholesky(factor)).toBeCloseTo(Math.log(8), 14);
  });
});

describe('solveGeneral', () => {
  it('needs the pivoting that a zero on the diagonal asks for', () => {
    const a = matrixFromRows([
      [0, 2, 1],
      [1, 0, 0],
      [3, 1, -1],
    ]);
    const b = multiply(a, matrixFromRows([[1], [-2], [5]]));
    expect(frobeniusDistance(solveGeneral(a, b), matrixFromRows([[1], [-2], [5]]))).toBeLessThan(1e-14);
    expect(() => solveGeneral(createMatrix(2, 2), createMatrix(2, 1))).toThrow(/singular/);
  });
});

describe('leastSquares', () => {
  it('agrees with the normal equations', () => {
    const a = randomMatrix(30, 4, 11);
    const b = randomMatrix(30, 1, 12).data;
    const { coefficients, residuals, rank, inverseGram } = leastSquares(a, b);
    const normal = solveSpd(gram(a), multiplyVector(transpose(a), b));
    expect(rank).toBe(4);
    for (let j = 0; j < 4; j++) expect(coefficients[j]).toBeCloseTo(normal[j] as number, 11);
    for (const value of multiplyVector(transpose(a), residuals)) expect(Math.abs(value)).toBeLessThan(1e-11);
    expect(frobeniusDistance(createMatrix(4, 4, inverseGram), inverseSpd(gram(a)))).toBeLessThan(1e-11);
  });

  it('sees a dependent column', () => {
    const a = matrixFromRows([1, 2, 3, 4, 5].map((t) => [1, t, 2 * t + 1]));
    const { rank, residuals } = leastSquares(a, [2, 4, 6, 8, 10]);
    expect(rank).toBe(2);
    for (const value of residuals) expect(Math.abs(value)).toBeLessThan(1e-12);
  });
});

describe('symmetricEigen', () => {
  it('rebuilds the matrix with orthonormal vectors in ascending order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(1000), (n, seed) => {
        const half = randomMatrix(n, n, seed);
        const a = createMatrix(
          n,
          n,
          half.data.map((value, i) => value + (half.data[(i % n) * n + Math.floor(i / n)] as number)),
        );
        expect(asymmetry(a)).toBe(0);
        const { values, vectors } = symmetricEigen(a);
        expect(frobeniusDistance(multiply(transpose(vectors), vectors), identityMatrix(n))).toBeLessThan(1e-12 * n);
        const left = multiply(a, vectors);
        const right = createMatrix(
          n,
          n,
          vectors.data.map((value, i) => value * (values[i % n] as number)),
        );
        expect(frobeniusDistance(left, right)).toBeLessThan(1e-12 * n * n);
        for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1] as number);
      }),
      { numRuns: 50 },
    );
  });

  it('handles repeated values, zeros and tiny scales', () => {
    expect(Array.from(symmetricEigen(identityMatrix(4)).values)).toEqual([1, 1, 1, 1]);
    expect(Array.from(symmetricEigen(createMatrix(3, 3)).values)).toEqual([0, 0, 0]);
    const tiny = symmetricEigen(
      matrixFromRows([
        [2e-9, 1e-9],
        [1e-9, 2e-9],
      ]),
    );
    expect(tiny.values[0]).toBeCloseTo(1e-9, 22);
    expect(() => symmetricEigen(matrixFromRows([[Number.NaN]]))).toThrow(/finite/);
  });
});

describe('nearestCorrelation', () => {
  it("finds Higham's 2002 example", () => {
    const result = nearestCorrelation(
      matrixFromRows([
        [1, 1, 0],
        [1, 1, 1],
        [0, 1, 1],
      ]),
    );
    expect(result.converged).toBe(true);
    expect(result.matrix.data[1]).toBeCloseTo(0.7607, 4);
    expect(result.matrix.data[2]).toBeCloseTo(0.1573, 4);
  });
});
