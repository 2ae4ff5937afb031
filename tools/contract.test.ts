/** What every registered tool must be, whoever wrote it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Ports } from '../data/ports.ts';
import { fixturePorts } from '../data/testing/fixture-ports.ts';
import type { Tool } from './define-tool.ts';
import type { Envelope } from './envelope.ts';
import { createInlineExecutor } from './executors/inline.ts';
import { tools } from './registry.ts';
import { createToolRunner } from './run-tool.ts';
import { schemaLeaves, unitAt } from './schema-walk.ts';
import { createMemoryRunStore } from './testing/memory-run-store.ts';
import { valueAt } from './value-at.ts';

const CUT_OFF = '2025-12-31';

function createRunner() {
  const runs = createMemoryRunStore();
  const executor = createInlineExecutor();
  return createToolRunner({
    tools,
    portsAt: (asOf): Ports => ({ ...fixturePorts(asOf), runs }),
    runs,
    executorFor: () => executor,
    codeHash: 'test',
    clock: () => 0,
    onFault: (error) => console.error(error),
  });
}

function isNumeric(schema: z.ZodType): boolean {
  return schema instanceof z.ZodNumber;
}

function jsonKeywords(schema: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const item of schema) jsonKeywords(item, found);
  else if (typeof schema === 'object' && schema !== null) {
    for (const [key, value] of Object.entries(schema)) {
      found.add(key);
      if (key === 'properties') for (const property of Object.values(value as object)) jsonKeywords(property, found);
      else if (key !== 'default' && key !== 'enum' && key !== 'const') jsonKeywords(value, found);
    }
  }
  return found;
}

function checkExpectation(tool: Tool, expectation: Tool['examples'][number]['expect'], envelope: Envelope): void {
  if ('error' in expectation) {
    expect(envelope).toMatchObject({ ok: false, error: { code: expectation.error } });
    if (envelope.ok) return;
    expect(envelope.error.kind).not.toBe('fault');
    expect(envelope.error.message.length).toBeGreaterThan(20);
    expect(envelope.error.hint.length, `${tool.name} has no hint for ${expectation.error}`).toBeGreaterThan(0);
    return;
  }
  if (!envelope.ok) throw new Error(`${tool.name}: ${envelope.error.message} ${envelope.error.hint}`);
  const tolerance = expectation.tolerance ?? 1e-9;
  for (const [path, wanted] of Object.entries(expectation.values ?? {})) {
    const got = valueAt(envelope.output, path);
    if (typeof wanted !== 'number') expect(got, `${tool.name} ${path}`).toEqual(wanted);
    else
      expect(
        Math.abs((got as number) - wanted),
        `${tool.name} ${path} = ${String(got)}, wanted ${wanted}`,
      ).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
  }
  if (expectation.warning !== undefined)
    expect(envelope.warnings.map((warning) => warning.code)).toContain(expectation.warning);
}

describe('registry', () => {
  it('has no two tools of one name', () => {
    expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
  });
});

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  it('describes itself in three or more sentences, with examples and one refusal', () => {
    expect(tool.description.split(/(?<=[.!?])\s+/).length).toBeGreaterThanOrEqual(3);
    expect(tool.description.length).toBeLessThan(900);
    expect(tool.title.length).toBeLessThan(60);
    expect(tool.examples.length).toBeGreaterThanOrEqual(2);
    expect(tool.examples.some((example) => 'error' in example.expect || example.expect.warning !== undefined)).toBe(
      true,
    );
  });

  it('names a unit for every number of its input and output and describes every field', () => {
    for (const [side, schema] of [
      ['input', tool.input],
      ['output', tool.output],
    ] as const) {
      for (const leaf of schemaLeaves(schema)) {
        if (isNumeric(leaf.schema)) expect(leaf.unit, `${side} ${leaf.path} has no unit`).toBeDefined();
      }
    }
    const input = z.toJSONSchema(tool.input, { io: 'input' }) as {
      properties?: Record<string, { description?: string }>;
    };
    for (const [field, schema] of Object.entries(input.properties ?? {})) {
      expect(schema.description, `${field} is not described`).toBeDefined();
    }
  });

  it('has an input schema that every provider takes', () => {
    const schema = z.toJSONSchema(tool.input, { io: 'input' });
    expect(schema.type).toBe('object');
    expect(schema['additionalProperties']).toBe(false);
    const keywords = jsonKeywords(schema);
    for (const banned of ['prefixItems', 'allOf', 'not', 'oneOf', '$ref', 'patternProperties', 'unit'])
      expect(keywords, `uses ${banned}`).not.toContain(banned);
    const text = JSON.stringify(schema);
    for (const match of text.matchAll(/"type":"array"/g)) {
      const around = text.slice(Math.max(0, match.index - 60), match.index + 20);
      expect(around, 'an array without maxItems').toContain('maxItems');
    }
  });

  it('matches its schema snapshot (npm run gen)', () => {
    const snapshot = JSON.parse(readFileSync(new URL(`./schemas/${name}.json`, import.meta.url), 'utf8'));
    expect(JSON.parse(JSON.stringify(z.toJSONSchema(tool.input, { io: 'input' })))).toEqual(snapshot.input);
    expect(JSON.parse(JSON.stringify(z.toJSONSchema(tool.output, { io: 'output' })))).toEqual(snapshot.output);
    expect(tool.description).toBe(snapshot.description);
  });

  it.each(tool.examples.map((example) => [example.ask, example] as const))('answers “%s”', async (_ask, example) => {
    const envelope = await createRunner().run(name, structuredClone(example.input), { asOf: CUT_OFF });
    checkExpectation(tool, example.expect, envelope);
    if (!envelope.ok) return;
    const again = await createRunner().run(name, structuredClone(example.input), { asOf: CUT_OFF });
    expect(JSON.stringify(again)).toBe(JSON.stringify(envelope));
    expect(JSON.stringify(envelope)).not.toMatch(/\bNaN\b|\bInfinity\b/);
    const cited: string[] = [];
    const lines = tool.summarise(envelope.output as never, (path) => {
      cited.push(path);
      return path;
    });
    expect(lines.length, 'summarise gives at most 12 lines').toBeLessThanOrEqual(12);
    for (const path of cited) {
      expect(valueAt(envelope.output, path), `summarise cites ${path}`).toBeDefined();
      if (typeof valueAt(envelope.output, path) === 'number')
        expect(unitAt(tool.output, path), `${path} has no unit`).toBeDefined();
    }
    tool.chart?.(envelope.output as never);
  });
});
