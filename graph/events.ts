/** What a host sees while one question is answered. The last event of a turn is `answer`, `approval-needed` or `error`. */

import type { ToolWarning } from '../data/types.ts';
import type { ChartSpec } from '../lib/charts/chart-spec.ts';
import type { Language } from '../lib/format.ts';
import type { EvidenceRow } from '../tools/binding/bound-result.ts';

export type Mode = 'single' | 'several' | 'collective' | 'war-room' | 'document' | 'clarify' | 'decline';

export interface Usage {
  readonly modelCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; null where the endpoint's prices are not configured. */
  readonly cost: number | null;
}

export interface ResultRow {
  readonly handle: string;
  readonly tool: string;
  readonly runId: string | null;
  readonly asOf: string;
  readonly synthetic: boolean;
  readonly source: string;
}

export interface Answer {
  readonly text: string;
  readonly language: Language;
  readonly mode: Mode;
  readonly personas: readonly string[];
  readonly evidence: readonly EvidenceRow[];
  /** The tool results of this turn, one row a handle. */
  readonly results: readonly ResultRow[];
  readonly charts: readonly ChartSpec[];
  readonly warnings: readonly ToolWarning[];
  /** Numbers that no result holds; each is marked in the text. */
  readonly unverified: number;
  readonly asOf: string;
  readonly turn: number;
  readonly model: string;
  readonly promptHash: string;
  readonly usage: Usage;
  /** Trades that wait for a person, or were decided on. */
  readonly proposals: readonly PendingProposal[];
  /** What went wrong on the way, where a part of the answer is missing. */
  readonly failures: readonly Failure[];
}

export interface PendingProposal {
  readonly handle: string;
  readonly path: string;
  readonly proposal: Readonly<Record<string, unknown>>;
  readonly decision: 'pending' | 'approved' | 'rejected' | 'edited';
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Which persona or tool it cost. */
  readonly part: string;
}

export type DeskEvent =
  | { readonly type: 'routed'; readonly mode: Mode; readonly personas: readonly string[]; readonly reason: string }
  | {
      readonly type: 'tool-started';
      readonly callId: string;
      readonly tool: string;
      readonly input: unknown;
      readonly persona: string;
    }
  | {
      readonly type: 'tool-progress';
      readonly callId: string;
      readonly tool: string;
      readonly fraction: number;
      readonly note: string;
    }
  | {
      readonly type: 'tool-finished';
      readonly callId: string;
      readonly tool: string;
      readonly ok: boolean;
      readonly runId: string | null;
      readonly handle: string | null;
      readonly error: string | null;
    }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'clarification'; readonly question: string; readonly missing: readonly string[] }
  | {
      readonly type: 'approval-needed';
      readonly proposals: readonly PendingProposal[];
      /** The answer as it stands, for the person who decides. */
      readonly answer: Answer;
    }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly hint: string };
