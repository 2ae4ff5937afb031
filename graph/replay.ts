/** Runs a recorded session again without a network: the model's replies are played back, every tool computes afresh. */
import { MemorySaver } from '@langchain/langgraph';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { SuccessEnvelope } from '../tools/envelope.ts';
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
    const difference = await compare(record, answer, await again.history('replay'), parts);
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

async function compare(
  record: TurnRecord,
  answer: Answer | null,
  history: readonly TurnRecord[],
  parts: Pick<DeskParts, 'runs'>,
): Promise<string | null> {
  if (answer === null) return 'the question has no answer any more';
  const again = history.at(-1);
  const runIds = answer.results.flatMap((row) => (row.runId === null ? [] : [row.runId]));
  for (const [i, runId] of record.runIds.entries()) {
    const now = runIds[i];
    if (now === runId) continue;
    // Another version of the code has another run id; only another result is a difference.
    const call = record.calls.filter((one) => one.ok)[i];
    const difference = now === undefined ? 'nothing' : await firstChange(runId, now, parts);
    if (difference !== null)
      return `${call?.tool ?? 'a tool'} gave ${difference} instead of ${runId}: its inputs, its data or its code changed`;
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

/** Which of two runs' parts differ; null where input, data and output are the same. */
async function firstChange(before: string, after: string, parts: Pick<DeskParts, 'runs'>): Promise<string | null> {
  const [old, fresh] = await Promise.all([parts.runs.get(before), parts.runs.get(after)]);
  if (old === undefined || fresh === undefined) return after;
  const [a, b] = [old.envelope as SuccessEnvelope, fresh.envelope as SuccessEnvelope];
  const same =
    canonicalJson(a.input) === canonicalJson(b.input) &&
    canonicalJson(a.output) === canonicalJson(b.output) &&
    canonicalJson(a.data.map((entry) => entry.hash)) === canonicalJson(b.data.map((entry) => entry.hash));
  return same ? null : after;
}
