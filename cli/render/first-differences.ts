/** Where two JSON values differ, first places first. */

export interface Difference {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export function firstDifferences(before: unknown, after: unknown, limit: number): readonly Difference[] {
  const found: Difference[] = [];
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (found.length >= limit || Object.is(a, b)) return;
    if (
      typeof a === 'object' &&
      typeof b === 'object' &&
      a !== null &&
      b !== null &&
      Array.isArray(a) === Array.isArray(b)
    ) {
      const left = a as Record<string, unknown>;
      const right = b as Record<string, unknown>;
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        visit(left[key], right[key], Array.isArray(a) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
      }
      return;
    }
    found.push({ path: path === '' ? 'value' : path, before: show(a), after: show(b) });
  };
  visit(before, after, '');
  return found;
}
