/** What the desk is built from. `app/` makes the real ones; tests make small ones. */
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import type { Persona } from '../agents/define-persona.ts';
import type { MarketPort, RunsPort } from '../data/ports.ts';
import type { PromptLibrary } from '../prompts/load-prompts.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { ToolRunner } from '../tools/envelope.ts';
import type { DeskEvent } from './events.ts';
import type { MemoryStore } from './memory/memory-store.ts';
import type { DeskModel } from './models/desk-model.ts';

export interface DeskLimits {
  /** Model calls of one persona in one turn. */
  readonly maxSteps: number;
  readonly maxSeconds: number;
  /** Tokens in and out of one turn. */
  readonly maxTokens: number;
  /** US dollars of a session; null for no limit. */
  readonly maxCost: number | null;
}

export const defaultLimits: DeskLimits = { maxSteps: 12, maxSeconds: 300, maxTokens: 200_000, maxCost: null };

export interface DeskParts {
  readonly runner: ToolRunner;
  readonly tools: readonly Tool[];
  readonly runs: RunsPort;
  /** Resolves symbols, aliases and names for the embedded model; blind after the day it is made for. */
  readonly marketAt: (asOf: string) => Pick<MarketPort, 'resolve' | 'search'>;
  readonly personas: readonly Persona[];
  readonly prompts: PromptLibrary;
  readonly model: DeskModel;
  readonly checkpointer: BaseCheckpointSaver;
  /** Cut-off of new sessions, ISO day. */
  readonly asOf: string;
  readonly now: () => Date;
  readonly memory?: MemoryStore;
  readonly limits?: Partial<DeskLimits>;
  readonly language?: 'auto' | 'en' | 'ko';
  /** Text of the constitution: its limits may be named in answers. */
  readonly constitution?: () => Promise<string>;
  /** Receives the stack of a fault, which no user sees. */
  readonly onFault?: (error: unknown) => void;
  /** Words of the knowledge file. */
  readonly knowledge?: () => string;
}

/** One running turn: found by session, never written to the checkpoint. */
export interface TurnRuntime {
  readonly emit: (event: DeskEvent) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of the monotonic clock at which the turn must end. */
  readonly deadline: number;
  /** Replies to play instead of the model's: used by `replay`. */
  readonly model: DeskModel;
  /** Compute every tool again. */
  readonly fresh: boolean;
}

export type RuntimeOf = (sessionId: string) => TurnRuntime;
