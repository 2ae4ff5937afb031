/** Reads a rendered document back: header, sections, fields with their bindings, human text. */

export interface ParsedField {
  readonly line: number;
  readonly section: string;
  readonly label: string;
  readonly text: string;
  readonly binding: { readonly runId: string; readonly pointer: string; readonly raw: unknown } | null;
}

export interface ParsedDocument {
  readonly template: string | null;
  readonly runs: readonly string[];
  readonly sections: readonly { readonly id: string; readonly line: number }[];
  readonly fields: readonly ParsedField[];
  readonly human: ReadonlyMap<string, string>;
  /** TODO marks outside fields, which people left in their own text. */
  readonly looseTodos: readonly { readonly line: number; readonly section: string }[];
}

const FIELD = /^- \*\*(.+?):\*\* (.*?)(?: <!-- bind (\S+) (\S+) (.*) -->)?$/;

export function parseMarkdown(markdown: string): ParsedDocument {
  const header = /<!-- tradewind-document (\{.*?\}) -->/.exec(markdown);
  const known = header ? parseHeader(header[1] as string) : null;
  const sections: { id: string; line: number }[] = [];
  const fields: ParsedField[] = [];
  const human = new Map<string, string>();
  const looseTodos: { line: number; section: string }[] = [];
  let section = '';
  let inside: { id: string; lines: string[] } | null = null;
  for (const [i, line] of markdown.split(/\r?\n/).entries()) {
    if (inside) {
      if (line.trim() === `<!-- /human ${inside.id} -->`) {
        human.set(inside.id, inside.lines.join('\n').trim());
        inside = null;
        continue;
      }
      inside.lines.push(line);
      if (/\bTODO\b/.test(line)) looseTodos.push({ line: i + 1, section });
      continue;
    }
    const opened = /^<!-- human (\S+) -->$/.exec(line.trim());
    const started = /^<!-- section (\S+) -->$/.exec(line.trim());
    if (opened) inside = { id: opened[1] as string, lines: [] };
    else if (started) {
      section = started[1] as string;
      sections.push({ id: section, line: i + 1 });
    } else {
      const field = parseField(line, i + 1, section);
      if (field) fields.push(field);
    }
  }
  return { template: known?.template ?? null, runs: known?.runs ?? [], sections, fields, human, looseTodos };
}

function parseHeader(json: string): { template: string; runs: string[] } | null {
  try {
    const value = JSON.parse(json) as { template?: unknown; runs?: unknown };
    if (typeof value.template !== 'string' || !Array.isArray(value.runs)) return null;
    return { template: value.template, runs: value.runs.filter((run) => typeof run === 'string') };
  } catch {
    return null;
  }
}

function parseField(line: string, at: number, section: string): ParsedField | null {
  const match = FIELD.exec(line);
  if (!match) return null;
  const [, label, text, runId, pointer, raw] = match;
  const binding = runId === undefined ? null : { runId, pointer: pointer as string, raw: parseRaw(raw as string) };
  return { line: at, section, label: label as string, text: (text as string).trim(), binding };
}

function parseRaw(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
