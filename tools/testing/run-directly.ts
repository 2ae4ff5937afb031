/** Runs a tool's `load` and `run` on given ports, without the recorder: for the tests of single tools. */
import type { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import { createRng } from '../../lib/rng.ts';
import type { RunContext, ToolDefinition } from '../define-tool.ts';

export interface DirectRun<Output> {
  readonly output: Output;
  readonly warnings: readonly string[];
  /** The lines of `summarise`, numbers as they stand in the output. */
  readonly summary: readonly string[];
}

export async function runDirectly<I extends z.ZodObject, O extends z.ZodObject, D>(
  tool: Readonly<ToolDefinition<I, O, D>>,
  input: Readonly<Record<string, unknown>>,
  ports: Ports,
): Promise<DirectRun<z.output<O>>> {
  const parsed = tool.input.parse(input);
  const loaded = tool.load ? await tool.load(parsed, ports) : { value: null as D };
  const warnings: string[] = [];
  const seed = (parsed as { seed?: unknown }).seed;
  const context: RunContext = {
    rng: createRng(typeof seed === 'number' ? seed : 42),
    signal: new AbortController().signal,
    progress: () => undefined,
    warn: (code) => warnings.push(code),
    runJobs: async (job, chunks) => chunks.map((chunk) => tool.jobs?.[job]?.(chunk as never) as never),
  };
  const output = tool.output.parse(await tool.run(parsed, loaded.value, context));
  return { output, warnings, summary: tool.summarise(output, (path) => String(at(output, path))) };
}

/** The value at `states[0].mean`; throws where there is none, so that a wrong citation fails the test. */
function at(output: unknown, path: string): unknown {
  let value = output;
  for (const step of path.match(/[^.[\]]+/g) ?? []) value = (value as Record<string, unknown>)[step];
  if (value === undefined || value === null) throw new Error(`nothing to cite at ${path}`);
  return value;
}
