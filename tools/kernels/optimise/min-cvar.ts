/**
 * Portfolios from scenarios instead of a covariance, as linear programs in the excess-loss form
 *
 *   minimise  z·level + price·Σ u_t   subject to   u_t ≥ −(d_t'w) − z,  u_t ≥ 0,   w within the portfolio's limits:
 *
 * least conditional value at risk (Rockafellar and Uryasev, 2000, J. Risk 2, eq. 17; d = returns, price 1/((1 − α)T)),
 * least mean absolute deviation (Konno and Yamazaki, 1991, Manag. Sci. 37; d = centred returns, z = 0, price 2/T) and
 * least worst loss (Young, 1998, Manag. Sci. 44). `returns` is T scenarios × n assets, complete.
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { columnMeans } from '../covariance/sample.ts';
import type { Matrix } from '../linalg/matrix.ts';
import { multiplyVector } from '../linalg/multiply.ts';
import { type LinearProgram, type SparseRow, solveLinearProgram } from './linear-program.ts';
import { compileConstraints, type PortfolioConstraints } from './portfolio-problem.ts';

export type TailObjective =
  | { readonly kind: 'cvar'; readonly confidence: number }
  | { readonly kind: 'mean-absolute-deviation' }
  | { readonly kind: 'worst-loss' };

export interface TailSolution {
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'limit';
  readonly weights: Float64Array;
  /** CVaR, mean absolute deviation or worst loss per period: the minimised number. */
  readonly value: number;
  /** The loss quantile z of the program (value at risk), for CVaR. */
  readonly threshold: number;
  /** |primal − dual objective|. */
  readonly dualityGap: number;
}

/** Mean of the worst (1 − α)T losses, the boundary scenario counted in part; and the loss where that tail begins. */
export function conditionalValueAtRisk(
  returns: Matrix,
  weights: ArrayLike<number>,
  confidence: number,
): { readonly cvar: number; readonly var: number } {
  const losses = multiplyVector(returns, weights)
    .map((value) => -value)
    .sort()
    .reverse();
  const tail = (1 - confidence) * losses.length;
  const whole = Math.min(losses.length, Math.floor(tail + 1e-12));
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += losses[i] as number;
  const part = Math.max(0, tail - whole);
  const boundary = losses[Math.min(whole, losses.length - 1)] as number;
  return { cvar: (sum + part * boundary) / tail, var: boundary };
}

/** Σw = 1 unless the constraints say otherwise. `minReturn` is a floor on the mean return per period. */
export async function solveTailRisk(
  returns: Matrix,
  constraints: PortfolioConstraints,
  objective: TailObjective,
  options: { readonly minReturn?: number | undefined; readonly expectedReturns?: Float64Array | undefined } = {},
): Promise<TailSolution> {
  checkScenarios(returns, objective);
  const { rows: T, cols: n } = returns;
  const limitsTrades = constraints.current !== undefined && constraints.turnoverLimit !== undefined;
  const limitsShorts = constraints.shortLimit !== undefined || constraints.grossLimit !== undefined;
  const compiled = compileConstraints(constraints, {
    homogeneous: false,
    withTrades: limitsTrades,
    withShorts: limitsShorts,
  });
  const means = columnMeans(returns);
  const base = compiled.variables;
  const program = scenarioProgram(returns, means, objective, compiled);
  if (options.minReturn !== undefined) {
    const expected = options.expectedReturns ?? means;
    (program.rows as SparseRow[]).push(denseRow(expected, options.minReturn, Number.POSITIVE_INFINITY));
  }
  const solved = await solveLinearProgram(program);
  const weights = solved.x.slice(0, n);
  let dual = 0;
  for (const [r, row] of program.rows.entries()) {
    const price = solved.rowDuals[r] ?? 0;
    const limit = price > 0 ? row.lower : row.upper;
    if (price !== 0 && Number.isFinite(limit)) dual += price * limit;
  }
  dual += boundTerms(program, solved.rowDuals);
  return {
    status: solved.status,
    weights,
    value: solved.objective,
    threshold: objective.kind === 'cvar' || objective.kind === 'worst-loss' ? (solved.x[base + T] as number) : 0,
    dualityGap: solved.status === 'optimal' ? Math.abs(solved.objective - dual) : Number.POSITIVE_INFINITY,
  };
}

function checkScenarios(returns: Matrix, objective: TailObjective): void {
  if (returns.rows < 2) throw notEnoughData({ what: 'A scenario optimisation', needed: 2, got: returns.rows });
  if (objective.kind === 'cvar' && !(objective.confidence > 0 && objective.confidence < 1)) {
    throw invalidInput({
      what: 'The confidence',
      needed: 'between 0 and 1',
      got: objective.confidence,
      hint: 'Use 0.95 for the worst 5%.',
    });
  }
  for (const value of returns.data) {
    if (!Number.isFinite(value))
      throw invalidInput({
        what: 'Every scenario return',
        needed: 'finite',
        got: value,
        hint: 'Align the series first.',
      });
  }
}

function denseRow(values: ArrayLike<number>, lower: number, upper: number): SparseRow {
  const index: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) {
      index.push(i);
      value.push(values[i] as number);
    }
  }
  return { index, value, lower, upper };
}

/** Variables: the weights and their helpers, u_1 … u_T, then z. */
function scenarioProgram(
  returns: Matrix,
  means: Float64Array,
  objective: TailObjective,
  compiled: ReturnType<typeof compileConstraints>,
): LinearProgram {
  const { rows: T, cols: n } = returns;
  const base = compiled.variables;
  const size = base + T + 1;
  const lower = new Float64Array(size);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  lower.set(compiled.lower);
  upper.set(compiled.upper);
  const cost = new Float64Array(size);
  const z = base + T;
  lower[z] = objective.kind === 'mean-absolute-deviation' ? 0 : Number.NEGATIVE_INFINITY;
  upper[z] = objective.kind === 'mean-absolute-deviation' ? 0 : Number.POSITIVE_INFINITY;
  if (objective.kind !== 'mean-absolute-deviation') cost[z] = 1;
  if (objective.kind === 'worst-loss') upper.fill(0, base, base + T);
  else cost.fill(objective.kind === 'cvar' ? 1 / ((1 - objective.confidence) * T) : 2 / T, base, base + T);
  const rows: SparseRow[] = compiled.rows.map((row) => denseRow(row.coefficients, row.lower, row.upper));
  for (let t = 0; t < T; t++) {
    const index: number[] = [];
    const value: number[] = [];
    for (let i = 0; i < n; i++) {
      const own = returns.data[t * n + i] as number;
      index.push(i);
      value.push(objective.kind === 'mean-absolute-deviation' ? own - (means[i] as number) : own);
    }
    index.push(base + t, z);
    value.push(1, 1);
    rows.push({ index, value, lower: 0, upper: Number.POSITIVE_INFINITY });
  }
  return { cost, lower, upper, rows };
}

/** Σ over variables of reduced cost × the bound it pushes against. */
function boundTerms(program: LinearProgram, rowDuals: Float64Array): number {
  const reduced = program.cost.slice();
  for (const [r, row] of program.rows.entries()) {
    for (const [k, i] of row.index.entries()) {
      reduced[i] = (reduced[i] as number) - (rowDuals[r] as number) * (row.value[k] as number);
    }
  }
  let sum = 0;
  for (let i = 0; i < reduced.length; i++) {
    const cost = reduced[i] as number;
    const bound = (cost > 0 ? program.lower[i] : program.upper[i]) as number;
    if (Math.abs(cost) > 1e-14 && Number.isFinite(bound)) sum += cost * bound;
  }
  return sum;
}
