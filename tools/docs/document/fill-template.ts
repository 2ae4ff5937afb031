/** A template and recorded runs become a document: every value bound, everything else a TODO with owner and reason. */

import { type DocumentRecord, isSynthetic } from './document-record.ts';
import { formatValue, isScalar } from './format-value.ts';
import { huggingFaceFrontMatter } from './front-matter.ts';
import { escapePointerStep, valueAtPointer } from './json-pointer.ts';
import type {
  DocumentField,
  DocumentTemplate,
  FieldContent,
  FieldSource,
  ModelDocument,
  TemplateAppendix,
  TemplateItem,
  TemplateList,
} from './model-document.ts';

export function fillTemplate(
  template: DocumentTemplate,
  records: readonly DocumentRecord[],
  human: ReadonlyMap<string, string> = new Map(),
): ModelDocument {
  return {
    template: template.id,
    title: template.title,
    runs: records.map((record) => ({
      runId: record.runId,
      tool: record.tool,
      asOf: record.asOf,
      createdAt: record.createdAt,
      synthetic: isSynthetic(record),
    })),
    frontMatter: template.frontMatter === undefined ? null : huggingFaceFrontMatter(records),
    sections: template.sections.map((section) => ({
      id: section.id,
      title: section.title,
      notes: section.notes ?? [],
      fields: section.items.flatMap((item) => fillItem(item, records)),
      human: human.get(section.id) ?? '',
    })),
  };
}

function fillItem(item: TemplateItem, records: readonly DocumentRecord[]): DocumentField[] {
  if ('list' in item) return fillList(item, records);
  if ('appendix' in item) return records.flatMap((record) => fillAppendix(item, record, records.length > 1));
  for (const source of item.sources) {
    const content = bindSource(source, records);
    if (content) return [{ label: item.label, content }];
  }
  return [{ label: item.label, content: { kind: 'todo', ...item.todo } }];
}

function bindSource(source: FieldSource, records: readonly DocumentRecord[]): FieldContent | null {
  for (const record of records) {
    if (source.tool !== '*' && source.tool !== record.tool) continue;
    const pointer = resolvePlaces(source.pointer, record);
    const value = valueAtPointer(record, pointer);
    if (isScalar(value) && value !== '') {
      return { kind: 'value', text: formatValue(value, source.unit), raw: value, runId: record.runId, pointer };
    }
    if (Array.isArray(value) && value.length > 0 && value.every(isScalar)) {
      const raw = value.join(', ');
      return { kind: 'value', text: formatValue(raw, undefined), raw, runId: record.runId, pointer };
    }
  }
  return null;
}

/** `{best}` and `{last}` become positions, so that the pointer in the document is an ordinary one. */
function resolvePlaces(pointer: string, record: DocumentRecord): string {
  const algorithms = record.output['algorithms'];
  const best = Array.isArray(algorithms) ? algorithms.findIndex((entry) => entry?.name === record.output['best']) : -1;
  const placed = pointer.replace('{best}', String(Math.max(0, best)));
  const at = placed.indexOf('/{last}');
  if (at < 0) return placed;
  const list = valueAtPointer(record, placed.slice(0, at));
  return placed.replace('{last}', String(Array.isArray(list) ? list.length - 1 : 0));
}

function fillList(item: TemplateList, records: readonly DocumentRecord[]): DocumentField[] {
  for (const record of records) {
    if (item.tool !== '*' && item.tool !== record.tool) continue;
    const list = valueAtPointer(record, item.pointer);
    if (!Array.isArray(list)) continue;
    return list.slice(0, item.most).flatMap((row: Record<string, unknown>, i): DocumentField[] =>
      item.columns.flatMap((column): DocumentField[] => {
        const value = row?.[column.key];
        if (!isScalar(value)) return [];
        const name = String(row[item.labelKey] ?? i + 1);
        const pointer = `${item.pointer}/${i}/${column.key}`;
        const label = column.label === '' ? name : `${name}, ${column.label}`;
        return [
          {
            label,
            content: { kind: 'value', text: formatValue(value, column.unit), raw: value, runId: record.runId, pointer },
          },
        ];
      }),
    );
  }
  return [];
}

function fillAppendix(item: TemplateAppendix, record: DocumentRecord, several: boolean): DocumentField[] {
  const prefix = several ? `${record.tool} (${record.runId}): ` : '';
  const root = record[item.appendix];
  const fields = leavesOf(root, `/${item.appendix}`, item.most).map(({ pointer, value }): DocumentField => {
    const label = `${prefix}${pointer.split('/').slice(2).join(' ')}`;
    return {
      label,
      content: { kind: 'value', text: formatValue(value, undefined), raw: value, runId: record.runId, pointer },
    };
  });
  if (fields.length > 0 || item.appendix === 'warnings') return fields;
  return [
    {
      label: `${prefix}${item.appendix}`,
      content: { kind: 'todo', owner: 'model developer', why: `the run holds no ${item.appendix}` },
    },
  ];
}

interface Leaf {
  readonly pointer: string;
  readonly value: string | number | boolean;
}

/** Scalars in the order of the record; of long lists only the first three entries. */
function leavesOf(value: unknown, pointer: string, most: number): Leaf[] {
  if (isScalar(value)) return [{ pointer, value }];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value)
    ? value.slice(0, 3).map((entry, i) => [String(i), entry] as const)
    : Object.entries(value);
  const out: Leaf[] = [];
  for (const [key, inner] of entries) {
    if (out.length >= most) break;
    out.push(...leavesOf(inner, `${pointer}/${escapePointerStep(key)}`, most - out.length));
  }
  return out;
}
