/**
 * Linear and mixed-integer programs by HiGHS (Huangfu and Hall, 2018, Math. Program. Comput. 10), compiled to WebAssembly
 * and loaded at first use: minimise cᵀx subject to rowLower ≤ Rx ≤ rowUpper, lower ≤ x ≤ upper, some x integer.
 * Used for questions of feasibility, for tail-risk programs and for whole shares. Row duals: change of the optimum per
 * unit of the row's limit.
 */
import type { Highs } from 'highs';

export interface SparseRow {
  readonly index: readonly number[];
  readonly value: readonly number[];
  readonly lower: number;
  readonly upper: number;
}

export interface LinearProgram {
  readonly cost: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly rows: readonly SparseRow[];
  /** 1 where the variable must be a whole number. */
  readonly integer?: Uint8Array | undefined;
}

export interface LinearSolution {
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'limit';
  readonly x: Float64Array;
  readonly objective: number;
  readonly rowDuals: Float64Array;
  /** Relative gap of an integer program; 0 for a linear one. */
  readonly gap: number;
}

let loading: Promise<Highs> | undefined;

async function loadHighs(): Promise<Highs> {
  loading ??= import('highs').then((module) => module.default() as Promise<Highs>);
  return loading;
}

/** Example: minimise x with x ≥ 2 gives 2. `timeLimitSeconds` applies to integer programs only. */
export async function solveLinearProgram(
  program: LinearProgram,
  options: { readonly timeLimitSeconds?: number } = {},
): Promise<LinearSolution> {
  const highs = await loadHighs();
  const { starts, indices, values } = packRows(program.rows);
  return highs.withModel((model): LinearSolution => {
    model.options.set({ output_flag: false, primal_feasibility_tolerance: 1e-10, dual_feasibility_tolerance: 1e-10 });
    if (program.integer !== undefined) {
      model.options.set({ mip_rel_gap: 0, mip_abs_gap: 1e-9, mip_feasibility_tolerance: 1e-9 });
      model.options.set({ time_limit: options.timeLimitSeconds ?? 20 });
    }
    model.passModel({
      numCols: program.cost.length,
      numRows: program.rows.length,
      colCost: program.cost,
      colLower: program.lower,
      colUpper: program.upper,
      rowLower: Float64Array.from(program.rows, (row) => row.lower),
      rowUpper: Float64Array.from(program.rows, (row) => row.upper),
      matrix: { format: 'csr', numRows: program.rows.length, numCols: program.cost.length, starts, indices, values },
      ...(program.integer === undefined ? {} : { integrality: Int32Array.from(program.integer) }),
    });
    const { modelStatus } = model.run();
    const codes = highs.constants.modelStatus;
    const status =
      modelStatus === codes.optimal
        ? 'optimal'
        : modelStatus === codes.infeasible
          ? 'infeasible'
          : modelStatus === codes.unbounded || modelStatus === codes.unboundedOrInfeasible
            ? 'unbounded'
            : 'limit';
    const solution = model.getSolution();
    const gap = program.integer === undefined ? 0 : Number(model.info.get('mip_gap'));
    return {
      status,
      x: solution.colValue.slice(),
      objective: Number(model.info.get('objective_function_value')),
      rowDuals: solution.rowDual.slice(),
      gap: Number.isFinite(gap) ? gap : 0,
    };
  });
}

function packRows(rows: readonly SparseRow[]): { starts: Int32Array; indices: Int32Array; values: Float64Array } {
  const count = rows.reduce((sum, row) => sum + row.index.length, 0);
  const starts = new Int32Array(rows.length + 1);
  const indices = new Int32Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (const [r, row] of rows.entries()) {
    starts[r] = at;
    indices.set(row.index, at);
    values.set(row.value, at);
    at += row.index.length;
  }
  starts[rows.length] = at;
  return { starts, indices, values };
}
