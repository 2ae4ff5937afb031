/** The state of a session, as it is written to the checkpointer after every node. Results stay in the run store; here are their ids. */
import { ReducedValue, StateSchema } from '@langchain/langgraph';
import { z } from 'zod';
import type { Language } from '../lib/format.ts';
import type { EvidenceRow } from '../tools/binding/bound-result.ts';
import type { Envelope } from '../tools/envelope.ts';
import type { Answer, Failure, Mode, PendingProposal, Usage } from './events.ts';

/** A result under its handle. `envelope` is kept only where the run store does not hold it. */
export interface HandleEntry {
  readonly handle: string;
  readonly tool: string;
  readonly runId: string | null;
  readonly asOf: string;
  readonly turn: number;
  readonly persona: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly envelope: Envelope | null;
}

/** A call as the embedded model remembers it for follow-ups. */
export interface CallRecord {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly handle: string | null;
  readonly ok: boolean;
  /** What went wrong, as the tool said it. */
  readonly error?: string;
}

/** What a model said, as `replay` plays it back. */
export interface RecordedReply {
  readonly persona: string;
  readonly text: string;
  readonly toolCalls: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
}

export interface TurnRecord {
  readonly turn: number;
  readonly language: Language;
  readonly asOf: string;
  readonly startedAt: string;
  readonly runIds: readonly string[];
  readonly replies: readonly RecordedReply[];
  readonly model: string;
  readonly promptHash: string;
  readonly user: string;
  readonly text: string;
  readonly mode: Mode;
  readonly personas: readonly string[];
  readonly calls: readonly CallRecord[];
  /** Memo of the model for the next turn (intent, open question). */
  readonly memo: Readonly<Record<string, unknown>>;
}

export interface TurnInput {
  readonly turn: number;
  readonly text: string;
  readonly language: Language;
  readonly asOf: string;
  /** Wall clock at the start of the turn, ISO. */
  readonly startedAt: string;
}

export interface Assignment {
  readonly persona: string;
  readonly question: string;
}

export interface Route {
  readonly mode: Mode;
  readonly assignments: readonly Assignment[];
  /** The text of a clarification or of a polite refusal. */
  readonly reply: string;
  readonly missing: readonly string[];
  readonly reason: string;
}

/** What one persona brought back. Its handles count from a base of its own until `gather` renumbers them. */
export interface PersonaWork {
  readonly order: number;
  readonly persona: string;
  readonly draft: string;
  readonly results: readonly HandleEntry[];
  readonly calls: readonly CallRecord[];
  readonly failures: readonly Failure[];
  readonly replies: readonly RecordedReply[];
  readonly usage: Usage;
  readonly promptHash: string;
  readonly memo: Readonly<Record<string, unknown>>;
  /** How much of the bound draft the host has already seen. */
  readonly released: string;
}

export interface BoundDraft {
  readonly text: string;
  readonly evidence: readonly EvidenceRow[];
  readonly violations: readonly {
    readonly raw: string;
    readonly reason: string;
    readonly start: number;
    readonly end: number;
  }[];
}

function value<T>(initial: T) {
  return z.custom<T>(() => true).default(initial as never);
}

/** `null` empties the list: each turn starts afresh. */
function appendOrReset<T>(current: readonly T[], update: readonly T[] | null): readonly T[] {
  return update === null ? [] : [...current, ...update];
}

function list<T>() {
  return new ReducedValue(value<readonly T[]>([]), {
    inputSchema: z.custom<readonly T[] | null>(() => true),
    reducer: appendOrReset,
  });
}

export const deskState = new StateSchema({
  transcript: list<TurnRecord>(),
  handles: list<HandleEntry>(),
  input: value<TurnInput | null>(null),
  routing: value<Route | null>(null),
  /** Set by `Send` for one persona's branch. */
  branch: value<(Assignment & { readonly order: number }) | null>(null),
  work: list<PersonaWork>(),
  gathered: value<readonly PersonaWork[]>([]),
  draft: value<string>(''),
  released: value<string>(''),
  bound: value<BoundDraft | null>(null),
  repairs: value<number>(0),
  proposals: value<readonly PendingProposal[]>([]),
  failures: value<readonly Failure[]>([]),
  usage: value<Usage>({ modelCalls: 0, inputTokens: 0, outputTokens: 0, cost: null }),
  sessionUsage: value<Usage>({ modelCalls: 0, inputTokens: 0, outputTokens: 0, cost: null }),
  final: value<Answer | null>(null),
});

export interface DeskState {
  readonly transcript: readonly TurnRecord[];
  readonly handles: readonly HandleEntry[];
  readonly input: TurnInput | null;
  readonly routing: Route | null;
  readonly branch: (Assignment & { readonly order: number }) | null;
  readonly work: readonly PersonaWork[];
  /** The branches after their handles were renumbered. */
  readonly gathered: readonly PersonaWork[];
  readonly draft: string;
  readonly released: string;
  readonly bound: BoundDraft | null;
  readonly repairs: number;
  readonly proposals: readonly PendingProposal[];
  readonly failures: readonly Failure[];
  readonly usage: Usage;
  readonly sessionUsage: Usage;
  readonly final: Answer | null;
}

/** What a node gives back: `null` empties a list. */
export type DeskUpdate = {
  readonly [K in keyof DeskState]?: DeskState[K] extends readonly (infer T)[] ? readonly T[] | null : DeskState[K];
};
