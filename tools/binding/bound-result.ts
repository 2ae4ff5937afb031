/** A recorded tool result under its handle: what the placeholders of a draft point to. */
import type { z } from 'zod';
import type { SuccessEnvelope } from '../envelope.ts';

export interface BoundResult {
  /** `r1`, `r2` … numbered through the session. */
  readonly handle: string;
  readonly envelope: SuccessEnvelope;
  /** Schemas of the tool, for units; null when the tool is no longer known. */
  readonly output: z.ZodType | null;
  readonly input: z.ZodType | null;
}

/** One number of an answer and where it comes from. */
export interface EvidenceRow {
  readonly handle: string;
  readonly path: string;
  readonly value: number;
  readonly formatted: string;
  readonly unit: string | null;
  readonly tool: string;
  readonly runId: string;
  readonly asOf: string;
  /** True where the writer typed the number and it was matched to the result afterwards. */
  readonly matched: boolean;
}

/** What a placeholder became, or why it became nothing. */
export type Resolved =
  | { readonly ok: true; readonly text: string; readonly suffix: string; readonly evidence: readonly EvidenceRow[] }
  | { readonly ok: false; readonly reason: string };
