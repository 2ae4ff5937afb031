/** `{{r3.states[0].mean}}`, `{{r3.sharpe|3dp}}`, `{{table r4.frontier}}`: finding them and putting values in. */
import { isFormatStyle, type Language } from '../../lib/format.ts';
import type { BoundResult, Resolved } from './bound-result.ts';
import { evidenceFor, formatAt, plainText } from './format-at.ts';
import { valueAt } from './paths.ts';
import { renderTable } from './render-table.ts';

export interface Placeholder {
  readonly start: number;
  readonly end: number;
  readonly raw: string;
  readonly table: boolean;
  readonly handle: string;
  readonly path: string;
  readonly style: string | undefined;
}

const pattern = /\{\{\s*(table\s+)?(r\d+)\.?([^{}|]*?)(?:\|([^{}]*))?\s*\}\}/g;

/** Placeholders of a draft in order; `broken` holds double braces that are none. */
export function placeholdersIn(text: string): {
  readonly placeholders: readonly Placeholder[];
  readonly broken: readonly string[];
} {
  const placeholders = [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    raw: match[0],
    table: match[1] !== undefined,
    handle: match[2] ?? '',
    path: (match[3] ?? '').trim(),
    style: match[4]?.trim(),
  }));
  const rest = text.replace(pattern, ' ');
  return { placeholders, broken: rest.match(/\{\{[^}]*\}?\}?/g) ?? [] };
}

/** Paths of an envelope that are not part of the output. */
const envelopeFields = new Set(['asOf', 'tool', 'runId', 'seed']);

/** The text of one placeholder, with its evidence; or why there is none. */
export function resolvePlaceholder(
  placeholder: Placeholder,
  results: ReadonlyMap<string, BoundResult>,
  language: Language,
): Resolved {
  const result = results.get(placeholder.handle);
  if (result === undefined) {
    const known = [...results.keys()].join(', ');
    return { ok: false, reason: `there is no result ${placeholder.handle}; known: ${known === '' ? 'none' : known}` };
  }
  if (placeholder.style !== undefined && !isFormatStyle(placeholder.style)) {
    return { ok: false, reason: `"${placeholder.style}" is no style; use 2dp, 3sig, plain, abs, sign, pct or bps` };
  }
  const found = lookUp(result, placeholder.path);
  if (found === undefined) {
    const keys = Object.keys(result.envelope.output).slice(0, 12).join(', ');
    return { ok: false, reason: `${placeholder.handle} has nothing at "${placeholder.path}"; it holds ${keys}` };
  }
  if (placeholder.table) return renderTable(result, found.path, found.value, language);
  return asText(result, found, placeholder.style, language);
}

function lookUp(result: BoundResult, path: string) {
  const inOutput = valueAt(result.envelope.output, path);
  if (inOutput !== undefined && path !== '') return inOutput;
  if (path.startsWith('input.')) {
    const inInput = valueAt(result.envelope.input, path.slice(6));
    return inInput === undefined ? undefined : { value: inInput.value, path: `input.${inInput.path}` };
  }
  return envelopeFields.has(path) || path.startsWith('data[') ? valueAt(result.envelope, path) : undefined;
}

function asText(
  result: BoundResult,
  found: { readonly value: unknown; readonly path: string },
  style: string | undefined,
  language: Language,
): Resolved {
  const { value, path } = found;
  if (typeof value === 'number') {
    const formatted = formatAt(result, path, value, style, language);
    return { ok: true, ...formatted, evidence: [evidenceFor(result, path, value, formatted.text, false)] };
  }
  if (typeof value === 'string') return { ok: true, text: plainText(value), suffix: '', evidence: [] };
  if (typeof value === 'boolean') {
    const text = language === 'ko' ? (value ? '예' : '아니오') : value ? 'yes' : 'no';
    return { ok: true, text, suffix: '', evidence: [] };
  }
  if (value === null)
    return { ok: true, text: language === 'ko' ? '값 없음' : 'not available', suffix: '', evidence: [] };
  return { ok: false, reason: `"${path}" is not one value; use {{table ${result.handle}.${path}}} for rows` };
}
