/** Runs a recorded session again without a network: the model's replies are played back, every tool computes afresh. */
import { MemorySaver } from '@langchain/langgraph';
import { createDesk, type Desk } from './desk.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Answer } from './events.ts';
import type { DeskModel } from './models/desk-model.ts';
import { createScriptedModel, type ScriptedStep } from './models/scripted.ts';
import type { TurnRecord } from './state.ts';

export interface ReplayedTurn {
  readonly turn: number;
  readonly user: string;
  readonly same: boolean;
  /** The first thing that differs, in words; null where nothing does. */
  readonly difference: string | null;
}

export interface ReplayReport {
  readonly session: string;
  readonly turns: readonly ReplayedTurn[];
  readonly same: boolean;
}

/** Stops at the first turn that differs: what follows would rest on it. */
export async function replaySession(desk: Desk, parts: DeskParts, session: string): Promise<ReplayReport> {
  const records = await desk.history(session);
  const checkpointer = new MemorySaver();
  const turns: ReplayedTurn[] = [];
  for (const record of records) {
    const again = createDesk(
      { ...parts, checkpointer, model: modelFor(record, parts), now: () => new Date(record.startedAt) },
      { runtime: { fresh: true } },
    );
    const answer = await lastAnswer(again, record);
    const difference = compare(record, answer, await again.history('replay'));
    turns.push({ turn: record.turn, user: record.user, same: difference === null, difference });
    if (difference !== null) break;
  }
  return { session, turns, same: turns.every((turn) => turn.same) };
}

/** The embedded model is deterministic and simply runs again; a real one is played back from its recorded replies. */
function modelFor(record: TurnRecord, parts: DeskParts): DeskModel {
  if (parts.model.provider === 'embedded' || record.model === 'embedded') return parts.model;
  const steps: ScriptedStep[] = record.replies.map((reply) => ({ text: reply.text, toolCalls: reply.toolCalls }));
  return { ...createScriptedModel(steps), name: record.model };
}

async function lastAnswer(desk: Desk, record: TurnRecord): Promise<Answer | null> {
  let answer: Answer | null = null;
  for await (const event of desk.ask('replay', record.user, { asOf: record.asOf })) {
    if (event.type === 'answer' || event.type === 'approval-needed') answer = event.answer;
  }
  return answer;
}

function compare(record: TurnRecord, answer: Answer | null, history: readonly TurnRecord[]): string | null {
  if (answer === null) return 'the question has no answer any more';
  const again = history.at(-1);
  const runIds = answer.results.flatMap((row) => (row.runId === null ? [] : [row.runId]));
  const at = record.runIds.findIndex((runId, i) => runId !== runIds[i]);
  if (at >= 0) {
    const call = record.calls.filter((one) => one.ok)[at];
    return `${call?.tool ?? 'a tool'} gave ${runIds[at] ?? 'nothing'} instead of ${record.runIds[at]}: its inputs, its data or its code changed`;
  }
  if (again !== undefined && again.promptHash !== record.promptHash)
    return `the prompt changed (${record.promptHash} → ${again.promptHash})`;
  if (answer.text !== record.text) return firstDifference(record.text, answer.text);
  return null;
}

function firstDifference(before: string, after: string): string {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  const from = Math.max(0, at - 20);
  return `the text differs at character ${at}: "${before.slice(from, at + 40)}" → "${after.slice(from, at + 40)}"`;
}
