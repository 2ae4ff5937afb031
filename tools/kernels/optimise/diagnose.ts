/**
 * Why is there no portfolio? A minimal set of limits that cannot hold together, by the deletion filter (Chinneck and
 * Dravnieks, 1991, ORSA J. Comput. 3), and for each limit of that set the least change of it alone that would help.
 * Equal bounds count as one limit ("15% cap on 5 names"). Each question is a small linear program.
 */
import { type LinearProgram, type SparseRow, solveLinearProgram } from './linear-program.ts';
import { effectiveReturns } from './mean-variance.ts';
import { canShort, compileConstraints, type PortfolioProblem } from './portfolio-problem.ts';

export interface Limit {
  readonly kind:
    | 'cap'
    | 'floor'
    | 'row-upper'
    | 'row-lower'
    | 'budget'
    | 'turnover'
    | 'short'
    | 'gross'
    | 'target-return';
  /** Assets of a cap or floor. */
  readonly members: readonly number[];
  /** Name of a row. */
  readonly name: string | undefined;
  readonly limit: number;
}

export interface Conflict extends Limit {
  /** The least change of this limit alone that makes the rest possible; null where no change of it alone does. */
  readonly needed: number | null;
  readonly relaxation: number | null;
}

export interface Diagnosis {
  readonly status: 'feasible' | 'infeasible';
  readonly conflicts: readonly Conflict[];
}

export interface DiagnosisOptions {
  readonly targetReturn?: number | undefined;
}

const inf = Number.POSITIVE_INFINITY;

/** Example: five caps of 0.15 and Σw = 1 conflict; a cap of 0.20 would do. */
export async function diagnosePortfolio(problem: PortfolioProblem, options: DiagnosisOptions = {}): Promise<Diagnosis> {
  const limits = listLimits(problem, options);
  if (await isFeasible(problem, limits, options)) return { status: 'feasible', conflicts: [] };
  let kept = [...limits];
  for (const limit of limits) {
    const without = kept.filter((other) => other !== limit);
    if (!(await isFeasible(problem, without, options))) kept = without;
  }
  kept = await narrowMembers(problem, kept, options);
  const conflicts: Conflict[] = [];
  for (const limit of kept) conflicts.push(await relax(problem, limits, limit, kept, options));
  return { status: 'infeasible', conflicts };
}

/** Those that are easiest to give up come first: the filter tries to drop them first. */
function listLimits(problem: PortfolioProblem, options: DiagnosisOptions): Limit[] {
  const limits: Limit[] = [];
  limits.push(...groupBounds(problem.lower, 'floor', -inf), ...groupBounds(problem.upper, 'cap', inf));
  if (problem.shortLimit !== undefined)
    limits.push({ kind: 'short', members: [], name: undefined, limit: problem.shortLimit });
  if (problem.grossLimit !== undefined)
    limits.push({ kind: 'gross', members: [], name: undefined, limit: problem.grossLimit });
  for (const row of problem.rows ?? []) {
    if (Number.isFinite(row.upper)) limits.push({ kind: 'row-upper', members: [], name: row.name, limit: row.upper });
    if (Number.isFinite(row.lower)) limits.push({ kind: 'row-lower', members: [], name: row.name, limit: row.lower });
  }
  if (problem.turnoverLimit !== undefined && problem.current !== undefined) {
    limits.push({ kind: 'turnover', members: [], name: undefined, limit: problem.turnoverLimit });
  }
  if (options.targetReturn !== undefined) {
    limits.push({ kind: 'target-return', members: [], name: undefined, limit: options.targetReturn });
  }
  limits.push({ kind: 'budget', members: [], name: undefined, limit: problem.budget?.lower ?? 1 });
  return limits;
}

function groupBounds(bounds: Float64Array, kind: 'cap' | 'floor', none: number): Limit[] {
  const groups = new Map<number, number[]>();
  for (const [i, value] of bounds.entries()) {
    if (value === none) continue;
    groups.set(value, [...(groups.get(value) ?? []), i]);
  }
  return [...groups].map(([limit, members]) => ({ kind, members, name: undefined, limit }));
}

/** Drops the names of a cap or floor that play no part, where that is cheap. */
async function narrowMembers(
  problem: PortfolioProblem,
  kept: readonly Limit[],
  options: DiagnosisOptions,
): Promise<Limit[]> {
  const narrowed = [...kept];
  for (let k = 0; k < narrowed.length; k++) {
    const limit = narrowed[k] as Limit;
    if (limit.members.length < 2 || limit.members.length > 60) continue;
    let members = [...limit.members];
    for (const member of limit.members) {
      const fewer = members.filter((i) => i !== member);
      narrowed[k] = { ...limit, members: fewer };
      if (!(await isFeasible(problem, narrowed, options))) members = fewer;
    }
    narrowed[k] = { ...limit, members };
  }
  return narrowed;
}

async function isFeasible(
  problem: PortfolioProblem,
  limits: readonly Limit[],
  options: DiagnosisOptions,
): Promise<boolean> {
  const solved = await solveLinearProgram(buildProgram(problem, limits, undefined, options));
  return solved.status === 'optimal' || solved.status === 'unbounded';
}

async function relax(
  problem: PortfolioProblem,
  all: readonly Limit[],
  limit: Limit,
  kept: readonly Limit[],
  options: DiagnosisOptions,
): Promise<Conflict> {
  // The whole limit is loosened (every name under the cap), against every limit there is, not only the conflicting ones.
  const whole =
    all.find((other) => other.kind === limit.kind && other.name === limit.name && other.limit === limit.limit) ?? limit;
  const others = all.filter((other) => other !== whole);
  const solved = await solveLinearProgram(buildProgram(problem, [...others, whole], whole, options));
  const tightens =
    limit.kind === 'floor' || limit.kind === 'row-lower' || limit.kind === 'target-return' || limit.kind === 'budget';
  const relaxation = solved.status === 'optimal' && kept.length > 0 ? solved.objective : null;
  const needed = relaxation === null ? null : tightens ? limit.limit - relaxation : limit.limit + relaxation;
  return { ...limit, relaxation, needed };
}

/** Feasibility of the limits given (cost 0), or the least loosening r ≥ 0 of one of them. r is the last variable. */
function buildProgram(
  problem: PortfolioProblem,
  limits: readonly Limit[],
  loosened: Limit | undefined,
  options: DiagnosisOptions,
): LinearProgram {
  const n = problem.lower.length;
  const has = (kind: Limit['kind'], name?: string): boolean => limits.some((l) => l.kind === kind && l.name === name);
  const lower = new Float64Array(n).fill(-inf);
  const upper = new Float64Array(n).fill(inf);
  for (const limit of limits) {
    if (limit.kind === 'cap') for (const i of limit.members) upper[i] = limit.limit;
    if (limit.kind === 'floor') for (const i of limit.members) lower[i] = limit.limit;
  }
  const part: PortfolioProblem = {
    ...problem,
    lower,
    upper,
    rows: (problem.rows ?? []).map((row) => ({
      ...row,
      lower: has('row-lower', row.name) ? row.lower : -inf,
      upper: has('row-upper', row.name) ? row.upper : inf,
    })),
    budget: has('budget') ? problem.budget : { lower: -inf, upper: inf },
    turnoverLimit: has('turnover') ? problem.turnoverLimit : undefined,
    shortLimit: has('short') ? problem.shortLimit : undefined,
    grossLimit: has('gross') ? problem.grossLimit : undefined,
  };
  const withShorts = (part.shortLimit !== undefined || part.grossLimit !== undefined) && canShort(part);
  const compiled = compileConstraints(part, {
    homogeneous: false,
    withTrades: part.turnoverLimit !== undefined,
    withShorts,
  });
  const size = compiled.variables + 1;
  const r = compiled.variables;
  const rows: SparseRow[] = [];
  const push = (row: SparseRow, widen: -1 | 0 | 1): void => {
    rows.push(widen === 0 ? row : { ...row, index: [...row.index, r], value: [...row.value, widen] });
  };
  for (const row of compiled.rows) push(sparse(row.coefficients, row.lower, row.upper), widening(row.name, loosened));
  if (has('target-return')) {
    const returns = effectiveReturns(problem);
    const cash = (problem.expectedReturns?.[0] ?? 0) - (returns[0] ?? 0);
    const row = sparse(returns, (options.targetReturn as number) - cash, inf);
    push(row, loosened?.kind === 'target-return' ? 1 : 0);
  }
  const low = new Float64Array(size);
  const high = new Float64Array(size).fill(inf);
  low.set(compiled.lower);
  high.set(compiled.upper);
  loosenBounds(loosened, low, high, rows, r);
  const cost = new Float64Array(size);
  if (loosened === undefined) high[r] = 0;
  else cost[r] = 1;
  return { cost, lower: low, upper: high, rows };
}

function sparse(coefficients: ArrayLike<number>, lower: number, upper: number): SparseRow {
  const index: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < coefficients.length; i++) {
    if (coefficients[i] === 0) continue;
    index.push(i);
    value.push(coefficients[i] as number);
  }
  return { index, value, lower, upper };
}

/** Coefficient of r in a row: −1 raises the upper side, +1 lowers the lower side. */
function widening(name: string, loosened: Limit | undefined): -1 | 0 | 1 {
  if (loosened === undefined) return 0;
  if (loosened.kind === 'budget' && name === 'budget') return 1;
  // Turnover rows hold 2 × the one-way limit; the caller's number is one-way, so r counts twice.
  if (loosened.kind === 'turnover' && name === 'turnover') return -1;
  if (loosened.kind === 'short' && name === 'short limit') return -1;
  if (loosened.kind === 'gross' && name === 'gross limit') return -1;
  if (name !== loosened.name) return 0;
  return loosened.kind === 'row-upper' ? -1 : loosened.kind === 'row-lower' ? 1 : 0;
}

function loosenBounds(
  loosened: Limit | undefined,
  low: Float64Array,
  high: Float64Array,
  rows: SparseRow[],
  r: number,
): void {
  if (loosened?.kind === 'turnover') {
    const at = rows.findIndex((row) => row.index.at(-1) === r);
    const row = rows[at] as SparseRow;
    rows[at] = { ...row, value: [...row.value.slice(0, -1), -2] };
  }
  if (loosened?.kind !== 'cap' && loosened?.kind !== 'floor') return;
  for (const i of loosened.members) {
    if (loosened.kind === 'cap') {
      rows.push({ index: [i, r], value: [1, -1], lower: -inf, upper: loosened.limit });
      high[i] = inf;
    } else {
      rows.push({ index: [i, r], value: [1, 1], lower: loosened.limit, upper: inf });
      low[i] = -inf;
    }
  }
}

/** The most of a linear function over the limits: a number, or how it fails. */
export async function mostOf(
  problem: PortfolioProblem,
  coefficients: ArrayLike<number>,
): Promise<{ readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'limit'; readonly value: number }> {
  const program = buildProgram(problem, listLimits(problem, {}), undefined, {});
  for (let i = 0; i < coefficients.length; i++) program.cost[i] = -(coefficients[i] as number);
  const solved = await solveLinearProgram(program);
  return { status: solved.status, value: -solved.objective };
}
