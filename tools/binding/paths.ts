/** Paths into a result: `states[0].mean`, `states[-1].mean`, `weights[asset=AAPL].weight`, `weights.AAPL`. */

export interface FoundValue {
  readonly value: unknown;
  /** The path with every index written out: what evidence and `/why` keep. */
  readonly path: string;
}

type Step = { readonly key: string } | { readonly index: number } | { readonly where: string; readonly equals: string };

/** Null where the text is no path. */
export function parsePath(path: string): readonly Step[] | null {
  const steps: Step[] = [];
  let rest = path.trim();
  while (rest !== '') {
    const bracket = /^\[(?:(-?\d+)|([\w]+)=([^\]]+)|"([^"\]]+)")\]\.?/.exec(rest);
    const name = /^([^.[\]{}|]+)\.?/.exec(rest);
    if (bracket !== null) {
      if (bracket[1] !== undefined) steps.push({ index: Number(bracket[1]) });
      else if (bracket[4] !== undefined) steps.push({ key: bracket[4] });
      else steps.push({ where: bracket[2] ?? '', equals: (bracket[3] ?? '').replaceAll('"', '') });
      rest = rest.slice(bracket[0].length);
    } else if (name !== null) {
      steps.push({ key: (name[1] ?? '').trim() });
      rest = rest.slice(name[0].length);
    } else return null;
  }
  return steps;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path; undefined where nothing does. Only own properties are ever read. */
export function valueAt(root: unknown, path: string): FoundValue | undefined {
  const steps = parsePath(path);
  if (steps === null) return undefined;
  let value: unknown = root;
  let written = '';
  for (const step of steps) {
    if ('key' in step) {
      if (!isRecord(value) || !Object.hasOwn(value, step.key)) return undefined;
      value = value[step.key];
      written += written === '' ? step.key : `.${step.key}`;
      continue;
    }
    if (!Array.isArray(value)) return undefined;
    const list: readonly unknown[] = value;
    const index =
      'index' in step
        ? step.index < 0
          ? list.length + step.index
          : step.index
        : list.findIndex((row) => isRecord(row) && String(row[step.where]) === step.equals);
    if (index < 0 || index >= list.length) return undefined;
    value = list[index];
    written += `[${index}]`;
  }
  return { value, path: written };
}

export interface Leaf {
  readonly path: string;
  readonly value: string | number | boolean | null;
  /** Objects from the root down to the leaf's own object. */
  readonly ancestors: readonly Readonly<Record<string, unknown>>[];
}

/** Every leaf of a result, arrays cut after `maxItems` items from each end. */
export function leavesOf(root: unknown, maxItems = 400, path = '', ancestors: Leaf['ancestors'] = []): readonly Leaf[] {
  if (Array.isArray(root)) {
    const list: readonly unknown[] = root;
    const out: Leaf[] = [];
    for (let i = 0; i < list.length; i++) {
      if (i >= maxItems && i < list.length - maxItems) continue;
      out.push(...leavesOf(list[i], maxItems, `${path}[${i}]`, ancestors));
    }
    return out;
  }
  if (isRecord(root)) {
    const inside = [...ancestors, root];
    return Object.entries(root).flatMap(([key, value]) =>
      leavesOf(value, maxItems, path === '' ? key : `${path}.${key}`, inside),
    );
  }
  if (root === null || ['string', 'number', 'boolean'].includes(typeof root)) {
    return [{ path, value: root as Leaf['value'], ancestors }];
  }
  return [];
}
