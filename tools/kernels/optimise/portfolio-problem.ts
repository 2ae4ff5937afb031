/**
 * A portfolio's constraints as a person states them, and their translation into rows of a quadratic program.
 * Turnover, trading costs and short limits need helper variables: buys and sells b, s ≥ 0 with w − w₀ = b − s, and shorts
 * h ≥ 0 with w + h ≥ 0 (Boyd and others, 2017, Multi-Period Trading via Convex Optimization, section 4). One-way turnover
 * is ½ Σ|w − w₀|.
 */
import type { Matrix } from '../linalg/matrix.ts';
import type { LinearRow } from './quadratic-program.ts';

export interface PortfolioConstraints {
  /** Bounds per asset; ±Infinity where free. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Σ w, by default exactly 1. A range leaves cash: cash = 1 − Σ w. */
  readonly budget?: { readonly lower: number; readonly upper: number } | undefined;
  /** Sector, group and other linear limits on the weights. */
  readonly rows?: readonly LinearRow[] | undefined;
  readonly current?: Float64Array | undefined;
  /** Most one-way turnover, ½ Σ|w − w₀|. */
  readonly turnoverLimit?: number | undefined;
  /** Cost per unit traded, charged on |w − w₀| (fraction of the portfolio). */
  readonly linearCosts?: Float64Array | undefined;
  /** Cost q_i (w − w₀)², for example from market impact. */
  readonly quadraticCosts?: Float64Array | undefined;
  /** Largest Σ of short positions, a positive number. */
  readonly shortLimit?: number | undefined;
  /** Largest Σ |w|. */
  readonly grossLimit?: number | undefined;
}

export interface PortfolioProblem extends PortfolioConstraints {
  readonly covariance: Matrix;
  readonly expectedReturns?: Float64Array | undefined;
  /** What cash earns where the budget leaves some, default 0. */
  readonly cashReturn?: number | undefined;
}

/** Variables: weights, then (homogeneous form) the scale, then buys, sells and shorts where they are needed. */
export interface CompiledConstraints {
  readonly assets: number;
  readonly variables: number;
  readonly core: number;
  readonly scaleIndex: number | undefined;
  readonly buys: number | undefined;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly rows: readonly LinearRow[];
}

export interface CompileOptions {
  /** Multiply every constant by a scale variable (maximum ratio problems). */
  readonly homogeneous: boolean;
  /** Leave the helpers out: tried first, since most limits of this kind do not bind. */
  readonly withTrades: boolean;
  readonly withShorts: boolean;
  /** Leave out upper bounds that follow from the budget and the lower bounds: fewer, and no degenerate corners. */
  readonly dropImplied?: boolean;
}

export const fullyInvested = { lower: 1, upper: 1 } as const;

export function canShort(constraints: PortfolioConstraints): boolean {
  return constraints.lower.some((value) => value < 0);
}

export function compileConstraints(constraints: PortfolioConstraints, options: CompileOptions): CompiledConstraints {
  const n = constraints.lower.length;
  const scaleIndex = options.homogeneous ? n : undefined;
  const core = n + (options.homogeneous ? 1 : 0);
  const trades = options.withTrades && constraints.current !== undefined;
  const buys = trades ? core : undefined;
  const shorts = options.withShorts ? core + (trades ? 2 * n : 0) : undefined;
  const variables = core + (trades ? 2 * n : 0) + (options.withShorts ? n : 0);
  const lower = new Float64Array(variables);
  const upper = new Float64Array(variables).fill(Number.POSITIVE_INFINITY);
  lower.set(constraints.lower);
  upper.set(options.dropImplied ? withoutImpliedCaps(constraints) : constraints.upper);
  const rows: LinearRow[] = [];
  const add = (name: string, fill: (a: Float64Array) => void, low: number, high: number): void => {
    const coefficients = new Float64Array(variables);
    fill(coefficients);
    pushRow(rows, { name, coefficients, lower: low, upper: high }, scaleIndex);
  };
  const budget = constraints.budget ?? fullyInvested;
  add('budget', (a) => a.fill(1, 0, n), budget.lower, budget.upper);
  for (const row of constraints.rows ?? []) add(row.name, (a) => a.set(row.coefficients), row.lower, row.upper);
  if (buys !== undefined) addTrades(constraints, n, buys, add);
  if (shorts !== undefined) addShorts(constraints, n, shorts, add);
  return { assets: n, variables, core, scaleIndex, buys, lower, upper, rows };
}

function withoutImpliedCaps(constraints: PortfolioConstraints): Float64Array {
  const floors = constraints.lower.reduce((a, b) => a + b, 0);
  const most = (constraints.budget ?? fullyInvested).upper;
  if (!Number.isFinite(floors)) return constraints.upper;
  return constraints.upper.map((cap, i) =>
    cap >= most - floors + (constraints.lower[i] as number) ? Number.POSITIVE_INFINITY : cap,
  );
}

type AddRow = (name: string, fill: (a: Float64Array) => void, low: number, high: number) => void;

function addTrades(constraints: PortfolioConstraints, n: number, buys: number, add: AddRow): void {
  for (let i = 0; i < n; i++) {
    const held = constraints.current?.[i] ?? 0;
    const link = (a: Float64Array): void => {
      a[i] = 1;
      a[buys + i] = -1;
      a[buys + n + i] = 1;
    };
    add(`trade ${i}`, link, held, held);
  }
  if (constraints.turnoverLimit !== undefined) {
    add('turnover', (a) => a.fill(1, buys, buys + 2 * n), Number.NEGATIVE_INFINITY, 2 * constraints.turnoverLimit);
  }
}

function addShorts(constraints: PortfolioConstraints, n: number, shorts: number, add: AddRow): void {
  for (let i = 0; i < n; i++) {
    if ((constraints.lower[i] as number) >= 0) continue;
    const link = (a: Float64Array): void => {
      a[i] = 1;
      a[shorts + i] = 1;
    };
    add(`short ${i}`, link, 0, Number.POSITIVE_INFINITY);
  }
  if (constraints.shortLimit !== undefined) {
    add('short limit', (a) => a.fill(1, shorts, shorts + n), Number.NEGATIVE_INFINITY, constraints.shortLimit);
  }
  if (constraints.grossLimit !== undefined) {
    const gross = (a: Float64Array): void => {
      a.fill(1, 0, n);
      a.fill(2, shorts, shorts + n);
    };
    add('gross limit', gross, Number.NEGATIVE_INFINITY, constraints.grossLimit);
  }
}

/** In the homogeneous form a limit b becomes b·κ on the left; a range becomes two rows of the same name. */
function pushRow(rows: LinearRow[], row: LinearRow, scaleIndex: number | undefined): void {
  if (scaleIndex === undefined) {
    rows.push(row);
    return;
  }
  const shifted = (limit: number): Float64Array => {
    const coefficients = row.coefficients.slice();
    coefficients[scaleIndex] = -limit;
    return coefficients;
  };
  const inf = Number.POSITIVE_INFINITY;
  if (row.lower === row.upper) {
    rows.push({ name: row.name, coefficients: shifted(row.upper), lower: 0, upper: 0 });
    return;
  }
  if (row.upper !== inf) rows.push({ name: row.name, coefficients: shifted(row.upper), lower: -inf, upper: 0 });
  if (row.lower !== -inf) rows.push({ name: row.name, coefficients: shifted(row.lower), lower: 0, upper: inf });
}

/** ½ Σ|w − w₀|. */
export function oneWayTurnover(weights: ArrayLike<number>, current: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += Math.abs((weights[i] as number) - (current[i] as number));
  return sum / 2;
}

/** Linear and quadratic cost of moving from the current weights, as a fraction of the portfolio. */
export function tradingCost(constraints: PortfolioConstraints, weights: ArrayLike<number>): number {
  if (constraints.current === undefined) return 0;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const trade = (weights[i] as number) - (constraints.current[i] as number);
    sum +=
      (constraints.linearCosts?.[i] ?? 0) * Math.abs(trade) + (constraints.quadraticCosts?.[i] ?? 0) * trade * trade;
  }
  return sum;
}
