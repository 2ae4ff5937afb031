/**
 * Dense row-major matrices: element (i, j) of a `rows` × `cols` matrix is `data[i * cols + j]`. In panels of returns the
 * rows are time. Functions of this folder never change their arguments unless their name ends in `InPlace`.
 * Layout and naming after G. H. Golub and C. F. Van Loan (2013), Matrix Computations, 4th ed., section 1.2.
 */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** A matrix of zeros, or one that wraps `data` (not copied). */
export function createMatrix(rows: number, cols: number, data?: Float64Array): Matrix {
  const values = data ?? new Float64Array(rows * cols);
  if (values.length !== rows * cols) {
    throw new Error(`createMatrix: ${values.length} numbers do not fill ${rows} x ${cols}`);
  }
  return { rows, cols, data: values };
}

/** From an array of rows: `matrixFromRows([[1, 2], [3, 4]])`. */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * cols);
  for (const [i, row] of rows.entries()) {
    if (row.length !== cols) throw new Error(`matrixFromRows: row ${i} has ${row.length} numbers, row 0 has ${cols}`);
    data.set(row, i * cols);
  }
  return { rows: rows.length, cols, data };
}

/** From an array of columns, for example one return series per asset. */
export function matrixFromColumns(columns: readonly ArrayLike<number>[]): Matrix {
  return transpose(matrixFromRows(columns));
}

export function rowsOf(matrix: Matrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, i) =>
    Array.from(matrix.data.subarray(i * matrix.cols, (i + 1) * matrix.cols)),
  );
}

export function identityMatrix(n: number): Matrix {
  return diagonalMatrix(new Float64Array(n).fill(1));
}

export function diagonalMatrix(diagonal: ArrayLike<number>): Matrix {
  const n = diagonal.length;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = diagonal[i] as number;
  return { rows: n, cols: n, data };
}

export function diagonalOf(matrix: Matrix): Float64Array {
  const n = Math.min(matrix.rows, matrix.cols);
  return Float64Array.from({ length: n }, (_, i) => matrix.data[i * matrix.cols + i] as number);
}

export function transpose(matrix: Matrix): Matrix {
  const { rows, cols, data } = matrix;
  const out = new Float64Array(rows * cols);
  const TILE = 32;
  for (let i0 = 0; i0 < rows; i0 += TILE) {
    const iEnd = Math.min(rows, i0 + TILE);
    for (let j0 = 0; j0 < cols; j0 += TILE) {
      const jEnd = Math.min(cols, j0 + TILE);
      for (let i = i0; i < iEnd; i++) {
        for (let j = j0; j < jEnd; j++) out[j * rows + i] = data[i * cols + j] as number;
      }
    }
  }
  return { rows: cols, cols: rows, data: out };
}

/** The rows and columns `keep` of a square matrix, in that order. */
export function submatrix(matrix: Matrix, keep: ArrayLike<number>): Matrix {
  const n = keep.length;
  const data = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    const base = (keep[a] as number) * matrix.cols;
    for (let b = 0; b < n; b++) data[a * n + b] = matrix.data[base + (keep[b] as number)] as number;
  }
  return { rows: n, cols: n, data };
}

/** Largest |a_ij − a_ji|: how far a square matrix is from symmetric. */
export function asymmetry(matrix: Matrix): number {
  const { rows, cols, data } = matrix;
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      worst = Math.max(worst, Math.abs((data[i * cols + j] as number) - (data[j * cols + i] as number)));
    }
  }
  return worst;
}
