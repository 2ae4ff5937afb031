/** A recorded run as documents read it: one JSON value that pointers walk. */
import type { RecordedRun } from '../../../data/ports.ts';

export interface DocumentRecord {
  readonly runId: string;
  readonly tool: string;
  readonly asOf: string;
  readonly createdAt: string;
  readonly seed: number;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly data: readonly {
    readonly source: string;
    readonly symbols: readonly string[];
    readonly from: string;
    readonly to: string;
    readonly rows: number;
    readonly hash: string;
    readonly synthetic: boolean;
  }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export function toDocumentRecord(run: RecordedRun): DocumentRecord {
  const envelope = run.envelope as Omit<DocumentRecord, 'createdAt'>;
  const { input, output, data, warnings, seed } = envelope;
  return {
    runId: run.runId,
    tool: run.tool,
    asOf: run.asOf,
    createdAt: run.createdAt,
    seed,
    input,
    output,
    data,
    warnings,
  };
}

export const isSynthetic = (record: DocumentRecord): boolean => record.data.some((entry) => entry.synthetic);
