/** Pieces of answers: placeholders by path, spans of data, errors, and the generic answer made from a tool's own summary. */

import { valueAt } from '../../../tools/binding/paths.ts';
import type { Tool } from '../../../tools/define-tool.ts';
import type { SuccessEnvelope } from '../../../tools/envelope.ts';
import type { CallResult, Question } from './intent.ts';

export interface GoodResult {
  readonly handle: string;
  readonly envelope: SuccessEnvelope;
  readonly output: Readonly<Record<string, unknown>>;
}

export function good(result: CallResult | undefined): GoodResult | null {
  if (result?.handle == null || result.envelope === null || !result.envelope.ok) return null;
  return { handle: result.handle, envelope: result.envelope, output: result.envelope.output };
}

export function byTool(results: readonly CallResult[], tool: string): GoodResult | null {
  return good(results.find((result) => result.tool === tool && result.handle !== null));
}

/** `{{r1.path|style}}`; "not available" where the value does not exist. */
export function put(result: GoodResult, path: string, style?: string): string {
  const found = path.startsWith('input.')
    ? valueAt(result.envelope.input, path.slice(6))
    : (valueAt(result.output, path) ?? (path === 'asOf' ? { value: result.envelope.asOf } : undefined));
  if (found === undefined || found.value === null) return '–';
  return `{{${result.handle}.${path}${style === undefined ? '' : `|${style}`}}}`;
}

export function table(result: GoodResult, path: string): string {
  const found = valueAt(result.output, path)?.value;
  return Array.isArray(found) && found.length > 0 ? `{{table ${result.handle}.${path}}}` : '';
}

export function read<T>(result: GoodResult, path: string): T | undefined {
  return valueAt(result.output, path)?.value as T | undefined;
}

/** "Data: SPX 2000-01-03 to 2020-04-17, source …; as of …" */
export function dataLine(result: GoodResult, question: Question): string {
  const korean = question.language === 'ko';
  const parts = result.envelope.data.map((entry, i) => {
    const synthetic = entry.synthetic ? (korean ? ' (합성 자료)' : ' (SYNTHETIC)') : '';
    return `${entry.symbols.join(', ')} {{${result.handle}.data[${i}].from}} ${korean ? '~' : 'to'} {{${result.handle}.data[${i}].to}}, {{${result.handle}.data[${i}].source}}${synthetic}`;
  });
  if (parts.length === 0) return '';
  const shown = parts.length > 3 ? [...parts.slice(0, 3), '…'] : parts;
  const stale =
    daysBetween(result.envelope.asOf, question.asOf) > 30
      ? staleNote(
          question,
          result.envelope.data.every((entry) => entry.synthetic),
        )
      : '';
  return `${korean ? '자료' : 'Data'}: ${shown.join('; ')}. ${korean ? '기준일' : 'As of'} {{${result.handle}.asOf}}.${stale}`;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** "Now" is the last bar, and a person must be told when that is long ago. */
function staleNote(question: Question, synthetic: boolean): string {
  if (synthetic)
    return question.language === 'ko' ? ' 합성 시장은 그날까지입니다.' : ' The synthetic market ends there.';
  return question.language === 'ko'
    ? ` 이 자료는 오늘(${question.asOf})보다 오래되었습니다. \`data fetch\`로 새 가격을 받을 수 있습니다.`
    : ` That is the last bar held here, well before ${question.asOf}; \`data fetch\` brings newer prices.`;
}

export function warningLines(result: GoodResult): string {
  return result.envelope.warnings
    .slice(0, 3)
    .map((warning) => `⚠ ${safe(warning.message)}`)
    .join('\n');
}

/** Text from a tool made harmless for a draft. */
export function safe(text: string): string {
  return text.replaceAll('{{', '{ {').replace(/\s+/g, ' ').slice(0, 400);
}

export function failureLine(result: CallResult, question: Question): string {
  const error = result.envelope !== null && !result.envelope.ok ? result.envelope.error : null;
  if (error === null) return result.message;
  const head = question.language === 'ko' ? '계산하지 못했습니다' : 'I could not compute this';
  return `${head}: ${safe(error.message)} ${safe(error.hint)}`.trim();
}

/** The summary that the tool writes for models, with placeholders instead of numbers. */
export function fromSummary(result: GoodResult, tools: readonly Tool[]): string {
  const tool = tools.find((candidate) => candidate.name === result.envelope.tool);
  if (tool === undefined) return '';
  const lines = tool.summarise(result.output as never, (path) => put(result, path));
  return lines.map((line) => `- ${line}`).join('\n');
}

export function joinParts(...parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== '').join('\n\n');
}
