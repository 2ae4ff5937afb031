/** What changed between two documents, field by field. */
import { parseMarkdown } from './parse-markdown.ts';

export interface DocumentChange {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly section: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface Entry {
  readonly section: string;
  readonly label: string;
  readonly text: string;
}

export function diffDocuments(before: string, after: string): DocumentChange[] {
  const entries = (markdown: string): Map<string, Entry> => {
    const parsed = parseMarkdown(markdown);
    const out = new Map<string, Entry>();
    for (const { section, label, text } of parsed.fields) out.set(`${section}/${label}`, { section, label, text });
    for (const [section, text] of parsed.human) {
      if (text !== '') out.set(`${section}/human text`, { section, label: 'human text', text });
    }
    return out;
  };
  const [old, fresh] = [entries(before), entries(after)];
  const changes: DocumentChange[] = [];
  for (const [key, field] of old) {
    const now = fresh.get(key);
    const { section, label } = field;
    if (now === undefined) changes.push({ kind: 'removed', section, label, before: field.text, after: null });
    else if (now.text !== field.text)
      changes.push({ kind: 'changed', section, label, before: field.text, after: now.text });
  }
  for (const [key, { section, label, text }] of fresh) {
    if (!old.has(key)) changes.push({ kind: 'added', section, label, before: null, after: text });
  }
  return changes;
}
