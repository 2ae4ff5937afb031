/** What every host gets back from a tool call: the same object in the graph, over MCP, on the command line and in evals. */

import type { Provenance, ToolWarning } from '../data/types.ts';
import type { ErrorDetails } from '../lib/errors.ts';

export interface SuccessEnvelope {
  readonly ok: true;
  readonly tool: string;
  readonly version: number;
  /** Hash of tool, version, code, canonical input, data hashes and seed: the same call has the same id. */
  readonly runId: string;
  /** Last bar that the result used; the cut-off where no data were read. */
  readonly asOf: string;
  readonly seed: number;
  /** The input with its defaults filled in. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly data: readonly Provenance[];
  readonly output: Readonly<Record<string, unknown>>;
  readonly warnings: readonly ToolWarning[];
}

export interface ErrorEnvelope {
  readonly ok: false;
  readonly tool: string;
  readonly error: {
    readonly code: string;
    readonly kind: 'input' | 'data' | 'fault' | 'cancelled';
    readonly message: string;
    readonly hint: string;
    readonly details: ErrorDetails;
  };
}

export type Envelope = SuccessEnvelope | ErrorEnvelope;

export interface ProgressEvent {
  readonly tool: string;
  readonly fraction: number;
  readonly note: string;
}

export interface RunOptions {
  /** The session's cut-off; a tool's own `asOf` may only be earlier. */
  readonly asOf: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Compute again even where the store holds this run. */
  readonly fresh?: boolean;
}

/** The only way to run a tool. Never throws for a tool's own trouble: that is an `ErrorEnvelope`. */
export interface ToolRunner {
  run(tool: string, input: unknown, options: RunOptions): Promise<Envelope>;
}
