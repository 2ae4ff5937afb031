/** Which metric and which entity a number in a sentence is about: the nearest words of its clause, else the last named. */
import { type Mention, metricMentions } from './vocabulary.ts';

export interface TextContext {
  metricsAt(start: number, end: number): ReadonlySet<string>;
  entityAt(start: number, end: number): ReadonlySet<string>;
}

const clauseBreak =
  /[,;()\n•|]|:\s|[.!?](?=\s|$)|\s(?:and|while|whereas|against|versus|vs\.?|but|compared with)\s|(?<=[가-힣])고\s|이며\s|지만\s/gi;

interface Clause {
  readonly start: number;
  readonly end: number;
}

function clausesOf(text: string): readonly Clause[] {
  const clauses: Clause[] = [];
  let start = 0;
  for (const match of text.matchAll(clauseBreak)) {
    clauses.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  clauses.push({ start, end: text.length });
  return clauses;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function entityMentions(text: string, names: ReadonlySet<string>): readonly Mention[] {
  const lower = text.toLowerCase();
  const found: Mention[] = [];
  for (const name of names) {
    if (name.length < 2) continue;
    const pattern = new RegExp(`(?<![a-z0-9])${escapePattern(name)}(?![a-z0-9])`, 'g');
    for (const match of lower.matchAll(pattern)) {
      found.push({ at: match.index, end: match.index + name.length, key: name });
    }
  }
  return found.sort((a, b) => a.at - b.at || b.end - a.end);
}

/** Mentions that no longer mention covers: `max drawdown` hides `drawdown`. */
function outermost(mentions: readonly Mention[]): readonly Mention[] {
  return mentions.filter(
    (m) => !mentions.some((o) => o !== m && o.at <= m.at && o.end >= m.end && o.end - o.at > m.end - m.at),
  );
}

export function readContext(text: string, entityNames: ReadonlySet<string>): TextContext {
  const clauses = clausesOf(text);
  const metrics = outermost(metricMentions(text));
  const entities = outermost(entityMentions(text, entityNames));
  const clauseAt = (start: number): Clause =>
    clauses.find((clause) => start >= clause.start && start <= clause.end) ?? { start: 0, end: text.length };
  const lastBefore = (mentions: readonly Mention[], at: number): ReadonlySet<string> => {
    const last = mentions.findLast((mention) => mention.end <= at);
    return new Set(last === undefined ? [] : [last.key]);
  };
  return {
    metricsAt(start, end) {
      const clause = clauseAt(start);
      const inside = metrics.filter(
        (m) => m.at >= clause.start && m.end <= clause.end && (m.end <= start || m.at >= end),
      );
      return inside.length > 0 ? new Set(inside.map((m) => m.key)) : lastBefore(metrics, start);
    },
    entityAt(start, end) {
      const clause = clauseAt(start);
      const before = entities.filter((m) => m.at >= clause.start && m.end <= start);
      if (before.length > 0) return new Set(before.slice(-1).map((m) => m.key));
      const after = entities.filter((m) => m.at >= end && m.end <= clause.end);
      if (after.length > 0) return new Set(after.slice(0, 1).map((m) => m.key));
      return lastBefore(entities, start);
    },
  };
}
