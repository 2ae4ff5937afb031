/** A number at a path of a result, printed in its unit and currency, with its evidence. */
import { formatNumberParts, formatPlain, type Language } from '../../lib/format.ts';
import { type Unit, unitCatalogue } from '../../lib/units.ts';
import { unitAt } from '../schema-walk.ts';
import type { BoundResult, EvidenceRow } from './bound-result.ts';
import { valueAt } from './paths.ts';

/** The money in which a result speaks: the nearest `currency` above the number. */
export function currencyOf(result: BoundResult, path: string): string | undefined {
  const steps = path.split(/[.[]/).length;
  let prefix = path;
  for (let i = 0; i < steps; i++) {
    prefix = prefix.replace(/(?:\.[^.[\]]+|\[[^\]]*\]|^[^.[\]]+)$/, '');
    const found = valueAt(result.envelope.output, prefix === '' ? 'currency' : `${prefix}.currency`)?.value;
    if (typeof found === 'string') return found;
    if (prefix === '') break;
  }
  const given = result.envelope.input['currency'];
  return typeof given === 'string' ? given : undefined;
}

export function unitOfPath(result: BoundResult, path: string): Unit | undefined {
  if (path.startsWith('input.')) return result.input === null ? undefined : unitAt(result.input, path.slice(6));
  const declared = /(^|\.)value$/.test(path)
    ? valueAt(result.envelope.output, path.replace(/value$/, 'unit'))?.value
    : undefined;
  if (typeof declared === 'string' && declared in unitCatalogue) return declared as Unit;
  return result.output === null ? undefined : unitAt(result.output, path);
}

/** p-values read better as decimals than as percent. */
function isPValue(path: string): boolean {
  return /(^|[.\]])(p|pValue|pvalue|\w*PValue|p[A-Z]\w*Value)$/.test(path);
}

export function formatAt(
  result: BoundResult,
  path: string,
  value: number,
  style: string | undefined,
  language: Language,
): { readonly text: string; readonly suffix: string } {
  const unit = unitOfPath(result, path);
  if (unit === undefined) return { text: formatPlain(value, style), suffix: '' };
  if (unit === 'probability' && isPValue(path) && style === undefined) {
    return { text: value < 0.0001 ? '<0.0001' : formatPlain(Number(value.toPrecision(3))), suffix: '' };
  }
  return formatNumberParts(value, unit, { style, language, currency: currencyOf(result, path) });
}

/** Text from data, made harmless: one line, no markup, no placeholder, at most 300 characters. */
export function plainText(value: string): string {
  return value
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replaceAll('{{', '{ {')
    .slice(0, 300);
}

export function evidenceFor(
  result: BoundResult,
  path: string,
  value: number,
  formatted: string,
  matched: boolean,
): EvidenceRow {
  return {
    handle: result.handle,
    path,
    value,
    formatted,
    unit: unitOfPath(result, path) ?? null,
    tool: result.envelope.tool,
    runId: result.envelope.runId,
    asOf: result.envelope.asOf,
    matched,
  };
}
