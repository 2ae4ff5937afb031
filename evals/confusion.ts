/** Which persona was meant and which one answered, counted over the turns that say who should. */
import type { EvalCase } from './case.ts';
import type { CaseResult } from './run.ts';

export interface Confusion {
  readonly labels: readonly string[];
  /** Rows: meant; columns: got. */
  readonly counts: readonly (readonly number[])[];
  readonly right: number;
  readonly total: number;
}

export function routingConfusion(cases: readonly EvalCase[], results: readonly CaseResult[]): Confusion {
  const wanted = new Map(cases.map((one) => [one.id, one]));
  const pairs = results.flatMap((result) =>
    result.turns.flatMap(({ transcript }, i) => {
      const personas = wanted.get(result.id)?.turns[i]?.expect.route?.personas;
      if (personas === undefined || transcript.fault !== null) return [];
      const got = transcript.personas.length > 0 ? [...transcript.personas].sort().join('+') : transcript.mode;
      return [{ meant: [...personas].sort().join('+') || 'none', got }];
    }),
  );
  const labels = [...new Set(pairs.flatMap(({ meant, got }) => [meant, got]))].sort();
  return {
    labels,
    counts: labels.map((row) =>
      labels.map((column) => pairs.filter(({ meant, got }) => meant === row && got === column).length),
    ),
    right: pairs.filter(({ meant, got }) => meant === got).length,
    total: pairs.length,
  };
}

/** Only rows where somebody was meant; a column number stands for the label with that number. */
export function printConfusion({ labels, counts, right, total }: Confusion): string {
  if (total === 0) return '';
  const width = Math.max(...labels.map((label) => label.length));
  const head = `${' '.repeat(width + 4)}${labels.map((_label, i) => String(i + 1).padStart(4)).join('')}`;
  const rows = labels.map(
    (label, i) =>
      `${String(i + 1).padStart(2)} ${label.padEnd(width)} ${(counts[i] ?? []).map((count) => (count === 0 ? '   ·' : String(count).padStart(4))).join('')}`,
  );
  return [`Routing: ${right} of ${total} right (rows: meant, columns: got)`, head, ...rows].join('\n');
}
