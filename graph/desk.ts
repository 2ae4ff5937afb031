/** The desk: ask, resume, approve. One per process; sessions live in the checkpointer. */
import { Command, isInterrupted } from '@langchain/langgraph';
import { TradewindError } from '../lib/errors.ts';
import { type DeskParts, defaultLimits, type TurnRuntime } from './desk-parts.ts';
import { createEventQueue } from './event-queue.ts';
import type { DeskEvent, PendingProposal } from './events.ts';
import { buildGraph, type GraphHooks } from './graph.ts';
import { languageOf } from './language.ts';
import { createClassifier } from './models/embedded/classify.ts';
import { composeAnswer } from './nodes/answer.ts';
import type { Decisions } from './nodes/approve.ts';
import { describeError } from './results.ts';
import type { DeskState, TurnInput, TurnRecord } from './state.ts';

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Cut-off of this question; default: the session's. */
  readonly asOf?: string;
}

/** Where a session stands. */
export type Pending =
  | { readonly kind: 'none' }
  | { readonly kind: 'unfinished'; readonly question: string }
  | { readonly kind: 'approval'; readonly question: string; readonly proposals: readonly PendingProposal[] };

export interface Desk {
  ask(sessionId: string, text: string, options?: AskOptions): AsyncIterable<DeskEvent>;
  /** Finishes a turn that was cut off: the process was killed, or the person pressed Esc. */
  resume(sessionId: string, options?: AskOptions): AsyncIterable<DeskEvent>;
  /** One decision per proposal; a missing one is a refusal. */
  approve(sessionId: string, decisions: Decisions, options?: AskOptions): AsyncIterable<DeskEvent>;
  pending(sessionId: string): Promise<Pending>;
  history(sessionId: string): Promise<readonly TurnRecord[]>;
  state(sessionId: string): Promise<DeskState | null>;
  forget(sessionId: string): Promise<void>;
}

export interface DeskOptions {
  readonly hooks?: GraphHooks;
  /** Plays recorded replies and computes tools afresh: used by `replay`. */
  readonly runtime?: Partial<Pick<TurnRuntime, 'model' | 'fresh'>>;
}

export function createDesk(parts: DeskParts, options: DeskOptions = {}): Desk {
  const runtimes = new Map<string, TurnRuntime>();
  const runtimeOf = (sessionId: string): TurnRuntime => {
    const runtime = runtimes.get(sessionId);
    if (runtime === undefined) throw new Error(`Session ${sessionId} has no running turn.`);
    return runtime;
  };
  const graph = buildGraph(parts, runtimeOf, createClassifier(parts), options.hooks);
  const configOf = (sessionId: string) => ({ configurable: { thread_id: sessionId }, recursionLimit: 60 });

  async function stateOf(
    sessionId: string,
  ): Promise<{ readonly values: DeskState | null; readonly next: readonly string[]; readonly interrupted: boolean }> {
    const snapshot = await graph.getState(configOf(sessionId));
    const values = snapshot.values as DeskState | undefined;
    const known = values !== undefined && 'transcript' in values;
    return {
      values: known ? values : null,
      next: snapshot.next,
      interrupted: snapshot.tasks.some((task) => task.interrupts.length > 0),
    };
  }

  async function* run(sessionId: string, input: unknown, ask: AskOptions): AsyncIterable<DeskEvent> {
    if (runtimes.has(sessionId)) {
      yield {
        type: 'error',
        code: 'SESSION_BUSY',
        message: 'This session is still answering a question.',
        hint: 'Wait for it, or cancel it.',
      };
      return;
    }
    const queue = createEventQueue<DeskEvent>();
    const limits = { ...defaultLimits, ...parts.limits };
    const stop = new AbortController();
    const signal = ask.signal === undefined ? stop.signal : AbortSignal.any([ask.signal, stop.signal]);
    runtimes.set(sessionId, {
      emit: (event) => queue.push(event),
      signal,
      deadline: performance.now() + limits.maxSeconds * 1000,
      model: options.runtime?.model ?? parts.model,
      fresh: options.runtime?.fresh ?? false,
    });
    const timer = setTimeout(() => stop.abort(), limits.maxSeconds * 1000 + 5000);
    const work = invoke(sessionId, input, queue.push, signal).finally(() => {
      clearTimeout(timer);
      runtimes.delete(sessionId);
      queue.end();
    });
    try {
      yield* queue;
    } finally {
      stop.abort();
      await work;
    }
  }

  async function invoke(
    sessionId: string,
    input: unknown,
    push: (event: DeskEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const result: unknown = await graph.invoke(input as never, { ...configOf(sessionId), signal });
      const state = result as DeskState;
      const answer = state.final;
      push({ type: 'usage', usage: state.usage });
      if (isInterrupted(result)) {
        const preview = await composeAnswer(state, parts, runtimeOf(sessionId).model.name);
        push({ type: 'approval-needed', proposals: state.proposals, answer: preview });
      } else if (answer !== null) {
        const rest = answer.text.startsWith(state.released)
          ? answer.text.slice(state.released.length)
          : `\n\n${answer.text}`;
        if (rest !== '') push({ type: 'text-delta', text: rest });
        push({ type: 'answer', answer });
      }
    } catch (error) {
      if (!signal.aborted) parts.onFault?.(error);
      const known = signal.aborted
        ? {
            code: 'CANCELLED',
            message: 'The question was cancelled.',
            hint: 'The session is as it was; ask again or resume.',
          }
        : describeError(error);
      push({ type: 'error', ...known });
    }
  }

  return {
    async *ask(sessionId, text, ask = {}) {
      if (text.trim() === '') {
        yield {
          type: 'error',
          code: 'EMPTY_QUESTION',
          message: 'The question is empty.',
          hint: 'Ask something, such as: What regime is the S&P 500 in?',
        };
        return;
      }
      const { values } = await stateOf(sessionId);
      const asOf = ask.asOf ?? values?.input?.asOf ?? parts.asOf;
      const turn = (values?.transcript.at(-1)?.turn ?? 0) + 1;
      const input: TurnInput = {
        turn,
        text,
        language: languageOf(text, parts.language),
        asOf,
        startedAt: parts.now().toISOString(),
      };
      yield* run(sessionId, { input }, ask);
    },
    async *resume(sessionId, ask = {}) {
      const { next, interrupted } = await stateOf(sessionId);
      if (next.length === 0 || interrupted) {
        yield {
          type: 'error',
          code: 'NOTHING_TO_RESUME',
          message: interrupted
            ? 'A proposal waits for a decision.'
            : 'The last question of this session is already answered.',
          hint: interrupted ? 'Approve or reject it.' : 'Ask the next one.',
        };
        return;
      }
      yield* run(sessionId, null, ask);
    },
    async *approve(sessionId, decisions, ask = {}) {
      const { interrupted } = await stateOf(sessionId);
      if (!interrupted) {
        yield {
          type: 'error',
          code: 'NOTHING_TO_APPROVE',
          message: 'No proposal waits in this session.',
          hint: 'Ask for one first.',
        };
        return;
      }
      yield* run(sessionId, new Command({ resume: decisions }), ask);
    },
    async pending(sessionId) {
      const { values, next, interrupted } = await stateOf(sessionId);
      const question = values?.input?.text ?? '';
      if (interrupted) return { kind: 'approval', question, proposals: values?.proposals ?? [] };
      return next.length > 0 ? { kind: 'unfinished', question } : { kind: 'none' };
    },
    async history(sessionId) {
      return (await stateOf(sessionId)).values?.transcript ?? [];
    },
    async state(sessionId) {
      return (await stateOf(sessionId)).values;
    },
    async forget(sessionId) {
      if (runtimes.has(sessionId))
        throw new TradewindError({
          code: 'SESSION_BUSY',
          kind: 'input',
          message: 'This session is still answering.',
          hint: 'Cancel it first.',
        });
      await parts.checkpointer.deleteThread(sessionId);
    },
  };
}
