/** A seeded sample that keeps the shares of the categories, with at least one case of each. */
import { createRng, type Rng } from '../lib/rng.ts';
import type { EvalCase } from './case.ts';

function shuffled<Item>(items: readonly Item[], rng: Rng): Item[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [copy[i], copy[j]] = [copy[j] as Item, copy[i] as Item];
  }
  return copy;
}

/** The same seed and suite give the same cases, in the order of the suite. */
export function sampleCases(cases: readonly EvalCase[], size: number, seed: number): readonly EvalCase[] {
  if (size >= cases.length) return cases;
  const rng = createRng(seed);
  const groups = new Map<string, EvalCase[]>();
  for (const one of cases) groups.set(one.category, [...(groups.get(one.category) ?? []), one]);
  const quotas = [...groups].map(([category, members]) => {
    const share = (size * members.length) / cases.length;
    return { category, members, take: Math.max(1, Math.floor(share)), rest: share - Math.floor(share) };
  });
  let open = size - quotas.reduce((sum, quota) => sum + quota.take, 0);
  for (const quota of [...quotas].sort((a, b) => b.rest - a.rest)) {
    if (open <= 0) break;
    if (quota.take < quota.members.length) {
      quota.take += 1;
      open -= 1;
    }
  }
  const chosen = new Set(
    quotas.flatMap(({ members, take }) =>
      shuffled(members, rng)
        .slice(0, take)
        .map(({ id }) => id),
    ),
  );
  return cases.filter(({ id }) => chosen.has(id));
}
