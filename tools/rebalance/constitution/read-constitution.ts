/**
 * Reads a person's constitution: the defaults, with the lines that the file changes. A line may only tighten, unless the file says `loosen: true`.
 */
import { parse } from 'yaml';
import { invalidInput, TradewindError } from '../../../lib/errors.ts';
import { type Constitution, constitutionSchema } from './constitution-schema.ts';
import { defaultConstitution } from './default-constitution.ts';

/** For each limit: the direction in which it gets tighter. */
const tighter: Readonly<Record<string, 'smaller' | 'larger'>> = {
  'leverage.maximumGrossExposure': 'smaller',
  'cash.floor': 'larger',
  'concentration.singlePosition': 'smaller',
  'concentration.otherSector': 'smaller',
  'trading.maximumTurnover': 'smaller',
  'trading.maximumCost': 'smaller',
  'drawdown.brake': 'smaller',
};

export interface ConstitutionChange {
  /** `concentration.sectors.Technology`. */
  readonly limit: string;
  readonly from: number;
  readonly to: number;
  readonly looser: boolean;
}

export interface ReadConstitution {
  readonly constitution: Constitution;
  readonly changes: readonly ConstitutionChange[];
}

/** Parses YAML and lays it over the base. Throws a message that names the line's path, or the limits that it would loosen. */
export function readConstitution(text: string, base: Constitution = defaultConstitution): ReadConstitution {
  let raw: unknown;
  try {
    raw = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw invalidInput({
      code: 'BAD_CONSTITUTION',
      what: 'constitution.yaml',
      needed: 'valid YAML',
      got: error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable',
      hint: 'Compare it with the bundled constitution.yaml.',
    });
  }
  if (raw === null || raw === undefined) return { constitution: base, changes: [] };
  const { loosen, ...rest } = isRecord(raw) ? raw : { loosen: false, value: raw };
  return overrideConstitution(rest, { base, confirmLoosening: loosen === true });
}

/** Lays a partial constitution over the base. */
export function overrideConstitution(
  partial: unknown,
  options: { readonly base?: Constitution; readonly confirmLoosening?: boolean } = {},
): ReadConstitution {
  const base = options.base ?? defaultConstitution;
  const parsed = constitutionSchema.safeParse(overlay(base, partial));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidInput({
      code: 'BAD_CONSTITUTION',
      what: `The constitution at ${issue?.path.join('.') || 'the top'}`,
      needed: 'as the schema says',
      got: issue?.message ?? 'something else',
      hint: 'Use the keys of the bundled constitution.yaml; fractions such as 0.15 for 15%.',
    });
  }
  const changes = changesBetween(base, parsed.data);
  const loosened = changes.filter((change) => change.looser);
  if (loosened.length > 0 && options.confirmLoosening !== true) {
    throw new TradewindError({
      code: 'CONSTITUTION_LOOSENED',
      kind: 'input',
      message: `A constitution may only be tightened, but this one loosens ${loosened.map((c) => `${c.limit} from ${c.from} to ${c.to}`).join(', ')}.`,
      hint: 'Write `loosen: true` at the top of constitution.yaml to confirm it.',
      details: { limits: loosened.map((c) => c.limit) },
    });
  }
  return { constitution: parsed.data, changes };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function overlay(base: unknown, change: unknown): unknown {
  if (!isRecord(base) || !isRecord(change)) return change === undefined ? base : change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) merged[key] = overlay(base[key], value);
  return merged;
}

function changesBetween(base: Constitution, next: Constitution): readonly ConstitutionChange[] {
  const before = flatten(base.articles);
  const changes: ConstitutionChange[] = [];
  for (const [limit, to] of flatten(next.articles)) {
    // A sector without a line had the limit of the others.
    const from = before.get(limit) ?? base.articles.concentration.otherSector;
    if (from !== to) changes.push({ limit, from, to, looser: isLooser(limit, from, to) });
  }
  return changes;
}

function isLooser(limit: string, from: number, to: number): boolean {
  if (limit === 'approval.personApproves') return to < from;
  const direction = limit.startsWith('concentration.sectors.') ? 'smaller' : tighter[limit];
  if (direction === undefined) return false;
  return direction === 'smaller' ? to > from : to < from;
}

function flatten(value: unknown, path = ''): Map<string, number> {
  const out = new Map<string, number>();
  if (typeof value === 'number' || typeof value === 'boolean') out.set(path, Number(value));
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      for (const [name, leaf] of flatten(inner, path === '' ? key : `${path}.${key}`)) out.set(name, leaf);
    }
  }
  return out;
}
