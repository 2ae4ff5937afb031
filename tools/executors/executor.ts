/** Where a tool's `run` happens: on this thread, or on a worker. The result must not depend on it. */
import type { RunContext, Tool } from '../define-tool.ts';

export interface Execution {
  readonly tool: Tool;
  readonly input: unknown;
  readonly data: unknown;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: RunContext['progress'];
  readonly warn: RunContext['warn'];
}

export interface Executor {
  execute(execution: Execution): Promise<unknown>;
  /** Ends the workers. Safe to call twice. */
  close(): Promise<void>;
}
