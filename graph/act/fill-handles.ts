/** Puts numbers in for handles that stand in a call's arguments: `calculate` over `{{r3.sharpe}} / {{r4.sharpe}}`. */
import { invalidInput } from '../../lib/errors.ts';
import type { BoundResult } from '../../tools/binding/bound-result.ts';
import { valueAt } from '../../tools/binding/paths.ts';

const placeholder = /\{\{\s*(r\d+)\.([^{}|]+?)\s*(?:\|[^{}]*)?\}\}/g;

function textAt(results: ReadonlyMap<string, BoundResult>, handle: string, path: string): string | undefined {
  return path === 'runId' ? results.get(handle)?.envelope.runId : undefined;
}

function numberAt(results: ReadonlyMap<string, BoundResult>, handle: string, path: string): number {
  const result = results.get(handle);
  const found = result === undefined ? undefined : valueAt(result.envelope.output, path)?.value;
  if (typeof found !== 'number') {
    throw invalidInput({
      what: `{{${handle}.${path}}}`,
      needed: 'a number of an earlier result',
      got: found === undefined ? 'missing' : typeof found,
      hint: 'Check the handle and its path.',
    });
  }
  return found;
}

export function fillHandles(value: unknown, results: ReadonlyMap<string, BoundResult>): unknown {
  if (typeof value === 'string') {
    const whole = /^\{\{\s*(r\d+)\.([^{}|]+?)\s*\}\}$/.exec(value);
    if (whole !== null)
      return textAt(results, whole[1] ?? '', whole[2] ?? '') ?? numberAt(results, whole[1] ?? '', whole[2] ?? '');
    return value.replace(placeholder, (_, handle: string, path: string) => `(${numberAt(results, handle, path)})`);
  }
  if (Array.isArray(value)) return value.map((item: unknown) => fillHandles(item, results));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillHandles(inner, results)]));
  }
  return value;
}

export function mentionsHandle(value: unknown): boolean {
  return /\{\{\s*r\d+\./.test(JSON.stringify(value) ?? '');
}
