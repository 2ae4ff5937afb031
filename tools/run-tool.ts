/**
 * The only way to run a tool, for every host: validate, fill defaults, load, look up, run, validate, record, return.
 * A tool's own trouble comes back as an error envelope; it never escapes as an exception.
 */
import type { Ports, RunStore } from '../data/ports.ts';
import type { Loaded, Provenance, ToolWarning } from '../data/types.ts';
import { canonicalJson, sha256 } from '../lib/canonical-json.ts';
import { invalidInput, isTradewindError, TradewindError, throwIfCancelled } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import type { CostClass, Tool } from './define-tool.ts';
import type { Envelope, ErrorEnvelope, RunOptions, SuccessEnvelope, ToolRunner } from './envelope.ts';
import type { Executor } from './executors/executor.ts';
import { explainIssues } from './explain-issues.ts';

export interface ToolRunnerParts {
  readonly tools: readonly Tool[];
  /** Ports that show nothing after the given day. */
  readonly portsAt: (asOf: string) => Ports;
  readonly runs: RunStore;
  /** The executor for a cost class: heavy ones go to threads, and in a chat all but the instant ones. */
  readonly executorFor: (cost: CostClass) => Executor;
  /** Hash of the code of all tools and kernels: new code never answers from old runs. */
  readonly codeHash: string;
  /** Milliseconds from any fixed start; only used to measure. */
  readonly clock: () => number;
  /** Receives the stack of a fault, which no user sees. */
  readonly onFault?: (error: unknown, tool: string) => void;
}

const DEFAULT_SEED = 42;
const noSignal = new AbortController().signal;

export function createToolRunner(parts: ToolRunnerParts): ToolRunner {
  const byName = new Map(parts.tools.map((tool) => [tool.name, tool]));
  return {
    async run(name, input, options) {
      try {
        const tool = byName.get(name);
        if (tool === undefined) throw unknownTool(name, [...byName.keys()]);
        return await runTool(parts, tool, input, options);
      } catch (error) {
        return toErrorEnvelope(name, error, parts.onFault);
      }
    },
  };
}

async function runTool(parts: ToolRunnerParts, tool: Tool, rawInput: unknown, options: RunOptions): Promise<Envelope> {
  const signal = options.signal ?? noSignal;
  throwIfCancelled(signal, tool.name);
  const input = parseInput(tool, rawInput);
  const asOf = cutOff(input, options.asOf);
  const loaded = await loadData(tool, input, parts.portsAt(asOf));
  throwIfCancelled(signal, tool.name);
  const head = {
    tool: tool.name,
    version: tool.version,
    asOf: lastDay(loaded.provenance) ?? asOf,
    seed: typeof input['seed'] === 'number' ? input['seed'] : DEFAULT_SEED,
    input,
  };
  const runId = `run_${sha256(canonicalJson({ ...head, code: parts.codeHash, data: loaded.provenance.map((entry) => entry.hash) })).slice(0, 16)}`;
  if (!tool.unrecorded && !options.fresh) {
    const stored = await parts.runs.get(runId);
    if (stored !== undefined) return stored.envelope as SuccessEnvelope;
  }
  const started = parts.clock();
  const { output, warnings } = await execute(parts, tool, { ...head, loaded, signal, options });
  const envelope: SuccessEnvelope = {
    ok: true,
    tool: tool.name,
    version: tool.version,
    runId,
    asOf: head.asOf,
    seed: head.seed,
    input,
    data: loaded.provenance,
    output,
    warnings: [...(loaded.warnings ?? []), ...warnings],
  };
  if (!tool.unrecorded) {
    await parts.runs.record({
      runId,
      tool: tool.name,
      asOf: head.asOf,
      envelope: JSON.stringify(envelope),
      durationMs: parts.clock() - started,
      memoryBytes: process.memoryUsage.rss(),
    });
  }
  return envelope;
}

async function execute(
  parts: ToolRunnerParts,
  tool: Tool,
  call: {
    readonly input: Readonly<Record<string, unknown>>;
    readonly loaded: Loaded<unknown>;
    readonly seed: number;
    readonly signal: AbortSignal;
    readonly options: RunOptions;
  },
): Promise<{ readonly output: Readonly<Record<string, unknown>>; readonly warnings: readonly ToolWarning[] }> {
  const warnings: ToolWarning[] = [];
  const raw = await parts.executorFor(tool.cost).execute({
    tool,
    input: call.input,
    data: call.loaded.value,
    seed: call.seed,
    signal: call.signal,
    progress: (fraction, note = '') => call.options.onProgress?.({ tool: tool.name, fraction, note }),
    warn: (code, message) => {
      if (!warnings.some((known) => known.code === code && known.message === message)) warnings.push({ code, message });
    },
  });
  throwIfCancelled(call.signal, tool.name);
  const parsed = tool.output.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${tool.name} broke its output schema at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return { output: deepFreeze(parsed.data), warnings };
}

function parseInput(tool: Tool, rawInput: unknown): Readonly<Record<string, unknown>> {
  const parsed = tool.input.safeParse(rawInput ?? {});
  if (parsed.success) return deepFreeze(parsed.data);
  throw explainIssues(tool.name, parsed.error, rawInput, Object.keys(tool.input.shape));
}

async function loadData(tool: Tool, input: Readonly<Record<string, unknown>>, ports: Ports): Promise<Loaded<unknown>> {
  if (tool.load === undefined) return { value: null, provenance: [] };
  return tool.load(input as never, ports);
}

/** The earlier of the session's cut-off and the tool's own `asOf`, which may not lie after it. */
function cutOff(input: Readonly<Record<string, unknown>>, sessionAsOf: string): string {
  const own = input['asOf'];
  if (typeof own !== 'string') return sessionAsOf;
  if (own > sessionAsOf) {
    throw invalidInput({
      code: 'AS_OF_AFTER_CUT_OFF',
      what: '`asOf`',
      needed: `on or before ${sessionAsOf}, the cut-off of this session`,
      got: own,
      hint: 'Leave `asOf` out to use the cut-off, or start a session with a later one.',
    });
  }
  return own;
}

function lastDay(provenance: readonly Provenance[]): string | undefined {
  return provenance.reduce<string | undefined>((last, entry) => {
    const day = entry.to.slice(0, 10);
    return last === undefined || day > last ? day : last;
  }, undefined);
}

function unknownTool(name: string, known: readonly string[]): TradewindError {
  const close = nearest(name, known);
  return new TradewindError({
    code: 'UNKNOWN_TOOL',
    kind: 'input',
    message: `There is no tool ${JSON.stringify(name.slice(0, 60))}.`,
    hint: close.length > 0 ? `Did you mean ${close.join(', ')}?` : 'See `tradewind tool list` for all of them.',
    details: { near: close },
  });
}

function toErrorEnvelope(tool: string, error: unknown, onFault: ToolRunnerParts['onFault']): ErrorEnvelope {
  if (isTradewindError(error)) {
    const { code, kind, message, hint, details } = error;
    return { ok: false, tool, error: { code, kind, message, hint, details } };
  }
  onFault?.(error, tool);
  return {
    ok: false,
    tool,
    error: {
      code: 'INTERNAL_FAULT',
      kind: 'fault',
      message: `${tool} failed unexpectedly: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}.`,
      hint: 'This is a bug in Tradewind, not in your question. Run again with TRADEWIND_DEBUG=1 for the details.',
      details: {},
    },
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
