/** Every number of the recorded results, with the words by which a sentence may name it. */
import type { Unit } from '../../lib/units.ts';
import type { BoundResult } from './bound-result.ts';
import { unitOfPath } from './format-at.ts';
import { type Leaf, leavesOf } from './paths.ts';
import { metricsOfPath } from './vocabulary.ts';

export interface IndexedNumber {
  readonly result: BoundResult;
  readonly path: string;
  readonly value: number;
  readonly unit: Unit | undefined;
  readonly metrics: ReadonlySet<string>;
  /** Lower-case names of what the number is about (`bear`, `aapl`, `1m`); empty for a number of the whole result. */
  readonly entities: ReadonlySet<string>;
  /** Symbols of the call itself: a number of AAPL's run is not MSFT's. */
  readonly scope: ReadonlySet<string>;
}

export interface NumberIndex {
  readonly outputs: readonly IndexedNumber[];
  readonly inputs: readonly IndexedNumber[];
  readonly entityNames: ReadonlySet<string>;
  readonly scopeNames: ReadonlySet<string>;
  /** ISO days that stand anywhere in the results. */
  readonly dates: ReadonlySet<string>;
}

const isoDay = /\b\d{4}-\d{2}-\d{2}\b/g;

/** Names inside the same object or in the objects above it, where the path goes through a list or a record. */
function entitiesOf(leaf: Leaf): ReadonlySet<string> {
  const names = new Set<string>();
  if (/\[\d+\]/.test(leaf.path)) {
    for (const ancestor of leaf.ancestors.slice(1)) {
      for (const content of Object.values(ancestor)) {
        if (typeof content === 'string' && content.length <= 40) names.add(content.toLowerCase());
      }
    }
  }
  const keys = leaf.path.replace(/\[[^\]]*\]/g, '').split('.');
  for (const key of keys) if (/^[A-Z0-9:^.=-]{2,}$/.test(key)) names.add(key.toLowerCase());
  return names;
}

export function indexNumbers(results: Iterable<BoundResult>): NumberIndex {
  const outputs: IndexedNumber[] = [];
  const inputs: IndexedNumber[] = [];
  const entityNames = new Set<string>();
  const scopeNames = new Set<string>();
  const dates = new Set<string>();
  for (const result of results) {
    const scope = scopeOf(result);
    for (const name of scope) {
      scopeNames.add(name);
      entityNames.add(name);
    }
    const sets = { entityNames, dates, scope };
    for (const leaf of leavesOf(result.envelope.output)) addLeaf(leaf, '', result, outputs, sets);
    for (const leaf of leavesOf(result.envelope.input)) addLeaf(leaf, 'input.', result, inputs, sets);
    addLevels(result, outputs, inputs, scope);
    for (const day of JSON.stringify([result.envelope.asOf, result.envelope.data]).match(isoDay) ?? []) dates.add(day);
    addLengths(result, outputs, scope);
  }
  return { outputs, inputs, entityNames, scopeNames, dates };
}

function addLeaf(
  leaf: Leaf,
  prefix: string,
  result: BoundResult,
  into: IndexedNumber[],
  sets: { readonly entityNames: Set<string>; readonly dates: Set<string>; readonly scope: ReadonlySet<string> },
): void {
  if (typeof leaf.value === 'string') {
    for (const day of leaf.value.match(isoDay) ?? []) sets.dates.add(day);
    return;
  }
  if (typeof leaf.value !== 'number') return;
  const path = prefix + leaf.path;
  const entities = entitiesOf(leaf);
  for (const name of entities) sets.entityNames.add(name);
  into.push({
    result,
    path,
    value: leaf.value,
    unit: unitOfPath(result, path),
    metrics: metricsOfPath(leaf.path),
    entities,
    scope: sets.scope,
  });
}

/** "3 states" is right when the list `states` has three entries. */
function addLengths(result: BoundResult, into: IndexedNumber[], scope: ReadonlySet<string>): void {
  for (const [key, value] of Object.entries(result.envelope.output)) {
    if (!Array.isArray(value)) continue;
    into.push({
      result,
      path: `${key}.length`,
      value: value.length,
      unit: 'count',
      metrics: metricsOfPath(key),
      entities: new Set(),
      scope,
    });
  }
}

function scopeOf(result: BoundResult): ReadonlySet<string> {
  const { symbol, symbols, y, x } = result.envelope.input;
  const names = [symbol, y, x, ...(Array.isArray(symbols) ? symbols : [])];
  return new Set(names.filter((name) => typeof name === 'string').map((name) => String(name).toLowerCase()));
}

/** `var95` licenses "95%": the level is part of the metric's name. */
function addLevels(
  result: BoundResult,
  outputs: readonly IndexedNumber[],
  into: IndexedNumber[],
  scope: ReadonlySet<string>,
): void {
  const levels = new Set<string>();
  for (const number of outputs) {
    const level = number.result === result ? /(?:[a-z_])(90|95|975|99|995)$/i.exec(number.path)?.[1] : undefined;
    if (level !== undefined) levels.add(level);
  }
  for (const level of levels) {
    const value = Number(`0.${level}`);
    const metrics = new Set(['var', 'cvar', 'confidence']);
    into.push({ result, path: `level ${level}`, value, unit: 'probability', metrics, entities: new Set(), scope });
  }
}
