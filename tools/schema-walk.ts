/** Walks the leaves of a tool's schema: which numbers it has, and in which unit. */
import { z } from 'zod';
import { innerType, type Unit, unitOf } from '../lib/units.ts';

export interface SchemaLeaf {
  /** `states[].mean`; a record's values are `*`. */
  readonly path: string;
  readonly schema: z.ZodType;
  readonly unit: Unit | undefined;
}

/** Every leaf of a schema, objects, arrays and records opened, wrappers removed. */
export function schemaLeaves(schema: z.ZodType, path = ''): readonly SchemaLeaf[] {
  const inner = innerType(schema);
  if (inner !== undefined) return schemaLeaves(inner, path);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, value]) =>
      schemaLeaves(value as z.ZodType, path === '' ? key : `${path}.${key}`),
    );
  }
  if (schema instanceof z.ZodArray) return schemaLeaves(schema.element as z.ZodType, `${path}[]`);
  if (schema instanceof z.ZodRecord) return schemaLeaves(schema.valueType as z.ZodType, `${path}.*`);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => schemaLeaves(option as z.ZodType, path));
  return [{ path, schema, unit: unitOf(schema) }];
}

/** The schema at a concrete path such as `states[0].mean` or `weights.AAPL`; undefined where there is none. */
export function schemaAt(schema: z.ZodType, path: string): z.ZodType | undefined {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  let current: z.ZodType | undefined = schema;
  for (const step of steps) {
    for (let inner = current && innerType(current); inner !== undefined; inner = innerType(inner)) current = inner;
    if (current instanceof z.ZodObject) current = current.shape[step] as z.ZodType | undefined;
    else if (current instanceof z.ZodArray) current = /^\d+$/.test(step) ? (current.element as z.ZodType) : undefined;
    else if (current instanceof z.ZodRecord) current = current.valueType as z.ZodType;
    else return undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

/** The unit of the number at a concrete path of a tool's output. */
export function unitAt(schema: z.ZodType, path: string): Unit | undefined {
  const found = schemaAt(schema, path);
  return found === undefined ? undefined : unitOf(found);
}
