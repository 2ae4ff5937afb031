/** What one turn did, as graders see it: no matter which model or host produced it. */
import type { Provenance } from '../data/types.ts';

export interface TranscriptCall {
  readonly tool: string;
  /** With defaults filled; as it was sent where the tool refused it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  readonly errorCode: string | null;
  readonly runId: string | null;
  readonly data: readonly Provenance[];
}

export interface TranscriptNumber {
  readonly handle: string;
  readonly path: string;
  readonly tool: string;
  readonly runId: string;
  readonly value: number;
  readonly formatted: string;
  readonly unit: string | null;
}

export interface Transcript {
  readonly ask: string;
  readonly text: string;
  readonly mode: string;
  readonly personas: readonly string[];
  readonly calls: readonly TranscriptCall[];
  readonly numbers: readonly TranscriptNumber[];
  /** Numerals in the text that could not be traced to a run. */
  readonly unverified: number;
  readonly asked: boolean;
  readonly declined: boolean;
  readonly approvalRequested: boolean;
  readonly durationMs: number;
  /** A fault of the infrastructure (no model, no network), kept apart from a wrong answer. */
  readonly fault: string | null;
}
