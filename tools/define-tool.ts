/**
 * A tool is data: one frozen value from which LangChain tools, MCP tools, CLI commands, documentation, schema
 * snapshots and eval cases are made. `load` is the only place that touches the outside; `run` is pure.
 */
import type { z } from 'zod';
import type { Ports } from '../data/ports.ts';
import type { Loaded } from '../data/types.ts';
import type { ChartSpec } from '../lib/charts/chart-spec.ts';
import type { Rng } from '../lib/rng.ts';

export const toolFamilies = [
  'market',
  'regimes',
  'statarb',
  'momentum',
  'volatility',
  'derivatives',
  'carry',
  'portfolio',
  'risk',
  'rebalance',
  'ml',
  'backtest',
  'execution',
  'docs',
] as const;
export type ToolFamily = (typeof toolFamilies)[number];

/** `instant` < 50 ms; `seconds`; `minutes` reports progress and runs in a worker thread. */
export type CostClass = 'instant' | 'seconds' | 'minutes';

export interface RunContext {
  readonly rng: Rng;
  readonly signal: AbortSignal;
  /** Fraction done, 0 to 1, with a few words on what is being done. */
  progress(fraction: number, note?: string): void;
  /** Adds a warning to the envelope. `code` is SCREAMING_SNAKE and stable. */
  warn(code: string, message: string): void;
  /** Runs one of the tool's own `jobs` on every chunk, on as many threads as there are; results come in the order of the chunks. */
  runJobs<Chunk, Result>(job: string, chunks: readonly Chunk[]): Promise<readonly Result[]>;
}

/** Pure functions that a heavy tool spreads over worker threads. Chunks and results must be structured-cloneable. */
export type ToolJobs = Readonly<Record<string, (chunk: never) => unknown>>;

/** Renders one number of the output by its path, formatted in its unit and with its handle: `cite('states[0].mean')`. */
export type Cite = (path: string) => string;

export interface ToolExample {
  /** What a person would have asked. */
  readonly ask: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `none`: no market data needed; `bundled`: the offline data that ships with Tradewind. */
  readonly fixture: 'none' | 'bundled';
  readonly expect:
    | {
        readonly values?: Readonly<Record<string, number | string | boolean | null>>;
        readonly tolerance?: number;
        readonly warning?: string;
      }
    | { readonly error: string };
}

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject, Data> {
  /** snake_case, verb first, at most 40 characters; never reused for another meaning. */
  readonly name: string;
  readonly title: string;
  readonly family: ToolFamily;
  /** Raise it when the same input would mean something else. */
  readonly version: number;
  /** Three sentences: what it computes; when to use it; when to use which other tool. */
  readonly description: string;
  /** `z.strictObject`, shallow, every number through `lib/units`. `asOf` (and `seed`) are declared by the tool where it uses them. */
  readonly input: Input;
  readonly output: Output;
  readonly load?: (input: z.output<Input>, ports: Ports) => Promise<Loaded<Data>>;
  readonly run: (input: z.output<Input>, data: Data, context: RunContext) => z.input<Output> | Promise<z.input<Output>>;
  /** At most 12 lines for the model; each number through `cite`. */
  readonly summarise: (output: z.output<Output>, cite: Cite) => readonly string[];
  readonly chart?: (output: z.output<Output>) => ChartSpec | readonly ChartSpec[] | null;
  /** Two or more; one of them an error or a refusal. */
  readonly examples: readonly ToolExample[];
  readonly assumptions: readonly string[];
  /** Author, year, equation. */
  readonly references: readonly string[];
  readonly cost: CostClass;
  /** Where a tool has jobs, `run` only orders them and stays on the caller's thread. */
  readonly jobs?: ToolJobs;
  /** True for tools that answer from records (list_runs): they are neither recorded nor cached. */
  readonly unrecorded?: boolean;
}

/** A tool whose schemas the holder does not know: what the registry keeps. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly family: ToolFamily;
  readonly version: number;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly load?: (input: never, ports: Ports) => Promise<Loaded<unknown>>;
  readonly run: (input: never, data: never, context: RunContext) => unknown;
  readonly summarise: (output: never, cite: Cite) => readonly string[];
  readonly chart?: (output: never) => ChartSpec | readonly ChartSpec[] | null;
  readonly examples: readonly ToolExample[];
  readonly assumptions: readonly string[];
  readonly references: readonly string[];
  readonly cost: CostClass;
  readonly jobs?: ToolJobs;
  readonly unrecorded?: boolean;
}

/** Checks the shape rules that types cannot say and freezes the definition. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject, Data = null>(
  definition: ToolDefinition<Input, Output, Data>,
): Readonly<ToolDefinition<Input, Output, Data>> {
  // A single word must be long enough to be a verb: `calculate`, not `hmm`.
  if (!/^(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]{6,})$/.test(definition.name) || definition.name.length > 40) {
    throw new Error(`Tool name "${definition.name}" must be snake_case, verb first, at most 40 characters.`);
  }
  return Object.freeze(definition);
}
