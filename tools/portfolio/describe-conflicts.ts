/** Limits in conflict as sentences: "5 names × 15% cap = 75% < 100%: raise the cap to 20%". */
import type { Conflict } from '../kernels/optimise/diagnose.ts';

export interface ConflictText {
  readonly constraint: string;
  readonly limit: number;
  readonly needed: number | null;
}

export function percent(value: number): string {
  return `${Number((value * 100).toFixed(4))}%`;
}

function constraintName(conflict: Conflict, assets: readonly string[]): string {
  const names = conflict.members.map((i) => assets[i] ?? String(i));
  const who = names.length > 4 ? `${names.length} names` : names.join(', ');
  switch (conflict.kind) {
    case 'cap':
      return `cap of ${percent(conflict.limit)} on ${who}`;
    case 'floor':
      return `floor of ${percent(conflict.limit)} on ${who}`;
    case 'row-upper':
      return `${conflict.name} at most ${percent(conflict.limit)}`;
    case 'row-lower':
      return `${conflict.name} at least ${percent(conflict.limit)}`;
    case 'budget':
      return `weights sum to ${percent(conflict.limit)}`;
    case 'turnover':
      return `one-way turnover at most ${percent(conflict.limit)}`;
    case 'short':
      return `shorts at most ${percent(conflict.limit)}`;
    case 'gross':
      return `gross exposure at most ${percent(conflict.limit)}`;
    case 'target-return':
      return `expected return at least ${percent(conflict.limit)}`;
  }
}

export function describeConflicts(conflicts: readonly Conflict[], assets: readonly string[]): ConflictText[] {
  return conflicts.map((conflict) => ({
    constraint: constraintName(conflict, assets),
    limit: conflict.limit,
    needed: conflict.kind === 'budget' ? null : conflict.needed,
  }));
}

/** One sentence with the arithmetic where the conflict is one of sums, and the least change that helps. */
export function explainConflict(conflicts: readonly Conflict[], assets: readonly string[]): string {
  const budget = conflicts.find((conflict) => conflict.kind === 'budget');
  const others = conflicts.filter((conflict) => conflict.kind !== 'budget');
  const first = others[0];
  let cause = `These limits cannot hold together: ${conflicts.map((conflict) => constraintName(conflict, assets)).join('; ')}`;
  if (
    budget !== undefined &&
    others.length === 1 &&
    first !== undefined &&
    (first.kind === 'cap' || first.kind === 'floor')
  ) {
    const count = first.members.length;
    const sign = first.kind === 'cap' ? '<' : '>';
    cause = `${count} ${count === 1 ? 'name' : 'names'} × ${percent(first.limit)} ${first.kind} = ${percent(count * first.limit)} ${sign} ${percent(budget.limit)}`;
  } else if (budget !== undefined && others.length > 1 && others.every((conflict) => conflict.kind === 'row-upper')) {
    const sum = others.reduce((total, conflict) => total + conflict.limit, 0);
    cause = `${others.map((conflict) => `${conflict.name} ≤ ${percent(conflict.limit)}`).join(' and ')} = ${percent(sum)} < ${percent(budget.limit)}`;
  }
  const best = others
    .filter((conflict) => conflict.needed !== null)
    .sort((a, b) => (a.relaxation as number) - (b.relaxation as number))[0];
  if (best === undefined) return `${cause}.`;
  return `${cause}. The smallest change that helps: ${constraintName(best, assets)} becomes ${percent(best.needed as number)}.`;
}
