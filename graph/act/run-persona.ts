/** A persona's loop: model, tool calls, handles, model … within its budgets, ending in a draft or one clear failure. */
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import type { Persona } from '../../agents/define-persona.ts';
import { TradewindError, throwIfCancelled } from '../../lib/errors.ts';
import type { PersonaPrompt } from '../../prompts/load-prompts.ts';
import { createBinder } from '../../tools/binding/bind-text.ts';
import { type DeskParts, defaultLimits, type TurnRuntime } from '../desk-parts.ts';
import type { Failure, Usage } from '../events.ts';
import { callModel, type ModelReply } from '../models/call-model.ts';
import { describeError, loadResults } from '../results.ts';
import type { CallRecord, DeskState, HandleEntry, PersonaWork, RecordedReply } from '../state.ts';
import { addUsage, estimateTokens, noUsage, reserve, usageOf } from './budget.ts';
import { buildConversation } from './conversation.ts';
import { fillHandles, mentionsHandle } from './fill-handles.ts';
import { createSentenceReleaser } from './release-sentences.ts';
import { type CallOutcome, runToolCalls, signatureOf, type ToolCall } from './run-tool-calls.ts';
import { asModelTool, selectTools } from './select-tools.ts';

const MOST_CALLS_AT_ONCE = 8;
const MOST_REPEATS = 3;

export interface PersonaTask {
  readonly persona: Persona;
  readonly prompt: PersonaPrompt;
  readonly question: string;
  readonly order: number;
  /** First handle number that this task may use. */
  readonly firstHandle: number;
  /** True when this is the only task: its sentences may be released and its handles shown at once. */
  readonly alone: boolean;
  readonly state: DeskState;
  readonly memory: readonly string[];
}

interface Progress {
  readonly messages: BaseMessage[];
  readonly entries: HandleEntry[];
  readonly calls: CallRecord[];
  readonly replies: RecordedReply[];
  readonly failures: Failure[];
  readonly texts: string[];
  memo: Readonly<Record<string, unknown>>;
  usage: Usage;
  released: string;
}

export async function runPersona(task: PersonaTask, parts: DeskParts, runtime: TurnRuntime): Promise<PersonaWork> {
  const progress: Progress = {
    messages: buildConversation({
      prompt: task.prompt,
      state: task.state,
      question: task.question,
      memory: task.memory,
    }),
    entries: [],
    calls: [],
    replies: [],
    failures: [],
    texts: [],
    memo: {},
    usage: noUsage,
    released: '',
  };
  try {
    await loop(task, parts, runtime, progress);
  } catch (error) {
    if (runtime.signal.aborted) throw error;
    const { code, message, hint } = describeError(error);
    progress.failures.push({ code, message, hint, part: task.persona.id });
  }
  return {
    order: task.order,
    persona: task.persona.id,
    draft: progress.texts.join('\n\n').trim(),
    results: progress.entries,
    calls: progress.calls,
    replies: progress.replies,
    failures: progress.failures,
    usage: progress.usage,
    promptHash: task.prompt.hash,
    memo: progress.memo,
    released: progress.released,
  };
}

async function loop(task: PersonaTask, parts: DeskParts, runtime: TurnRuntime, progress: Progress): Promise<void> {
  const limits = { ...defaultLimits, ...parts.limits };
  const steps = Math.min(limits.maxSteps, task.prompt.meta.steps);
  const offered = selectTools(task.persona, task.question, parts.tools);
  const seen = new Map<string, { count: number; handle: string | null }>();
  let nudges = 0;
  for (let step = 1; ; step++) {
    throwIfCancelled(runtime.signal, 'The question');
    if (performance.now() > runtime.deadline) throw outOfTime(limits.maxSeconds);
    const repeated = Math.max(0, ...[...seen.values()].map((call) => call.count));
    const last = step >= steps || repeated >= MOST_REPEATS;
    if (step > steps + 1) throw outOfSteps(steps);
    if (last)
      progress.messages.push(
        new HumanMessage(
          'No more tool calls are possible in this turn. Answer now from the results you have, and say what is missing.',
        ),
      );
    const reply = await ask(task, parts, runtime, progress, last ? [] : offered);
    if (reply.badCalls.length > 0 || (reply.toolCalls.length > 0 && !last)) {
      keepText(progress, reply);
      await callTools(reply, { task, parts, runtime, progress, offered, seen });
      continue;
    }
    if (reply.truncated) {
      if (reply.text.trim() === '' && nudges++ < 1) {
        progress.messages.push(new HumanMessage('Your last reply was cut off before it was complete. Be shorter.'));
        continue;
      }
      progress.failures.push({
        code: 'MODEL_TRUNCATED',
        message: 'The answer was cut off by the length limit of the model.',
        hint: 'Ask for a shorter answer.',
        part: task.persona.id,
      });
    }
    if (last && reply.text.trim() === '') throw outOfSteps(steps);
    progress.texts.push(reply.text.trim());
    return;
  }
}

function keepText(progress: Progress, reply: ModelReply): void {
  // Words before a tool call are kept only where the host has already seen them.
  if (progress.released !== '' && reply.text.trim() !== '') progress.texts.push(reply.text.trim());
}

async function ask(
  task: PersonaTask,
  parts: DeskParts,
  runtime: TurnRuntime,
  progress: Progress,
  offered: readonly Parameters<typeof asModelTool>[0][],
): Promise<ModelReply> {
  const limits = { ...defaultLimits, ...parts.limits };
  const tools = runtime.model.provider === 'embedded' ? [] : offered.map(asModelTool);
  const input = estimateTokens(progress.messages.map((m) => m.text).join('\n') + JSON.stringify(tools));
  reserve(runtime.model, limits, { turn: progress.usage, session: task.state.sessionUsage }, input);
  const release = task.alone && progress.entries.length > 0 ? await makeReleaser(task, parts, runtime, progress) : null;
  const before = progress.texts.join('\n\n');
  const reply = await callModel(runtime.model, {
    messages: progress.messages,
    tools,
    signal: runtime.signal,
    ...(release === null ? {} : { onText: (text) => release.push(before === '' ? text : `${before}\n\n${text}`) }),
  });
  if (release !== null) progress.released = release.released() === '' ? progress.released : release.released();
  progress.usage = addUsage(
    progress.usage,
    usageOf(runtime.model, reply.inputTokens || input, reply.outputTokens || estimateTokens(reply.text)),
  );
  progress.replies.push({
    persona: task.persona.id,
    text: reply.text,
    toolCalls: reply.toolCalls.map(({ name, args }) => ({ name, args })),
  });
  if (Object.keys(reply.memo).length > 0) progress.memo = reply.memo;
  return reply;
}

async function makeReleaser(task: PersonaTask, parts: DeskParts, runtime: TurnRuntime, progress: Progress) {
  const results = await loadResults([...task.state.handles, ...progress.entries], parts);
  const binder = createBinder({
    results,
    userTexts: [...task.state.transcript.map((turn) => turn.user), task.state.input?.text ?? ''],
    statedTexts: [task.prompt.body],
    dates: [task.state.input?.asOf ?? ''],
    language: task.state.input?.language ?? 'en',
  });
  return createSentenceReleaser(binder, (text) => runtime.emit({ type: 'text-delta', text }));
}

interface ToolUse {
  readonly task: PersonaTask;
  readonly parts: DeskParts;
  readonly runtime: TurnRuntime;
  readonly progress: Progress;
  readonly offered: DeskParts['tools'];
  readonly seen: Map<string, { count: number; handle: string | null }>;
}

async function callTools(reply: ModelReply, use: ToolUse): Promise<void> {
  const { task, parts, runtime, progress } = use;
  const calls = withIds(reply.toolCalls.slice(0, MOST_CALLS_AT_ONCE));
  const bad = reply.badCalls;
  progress.messages.push(
    new AIMessage({
      content: reply.text,
      tool_calls: [
        ...calls.map((call) => ({ id: call.id, name: call.name, args: { ...call.args }, type: 'tool_call' as const })),
        ...bad.map((call) => ({ id: call.id, name: call.name, args: {}, type: 'tool_call' as const })),
      ],
      additional_kwargs: Object.keys(reply.memo).length > 0 ? { tradewind: reply.memo } : {},
    }),
  );
  let next = task.firstHandle + progress.entries.length;
  const outcomes: readonly CallOutcome[] = await runToolCalls(calls, {
    parts,
    runtime,
    persona: task.persona.id,
    turn: task.state.input?.turn ?? 0,
    asOf: task.state.input?.asOf ?? parts.asOf,
    offered: use.offered,
    seen: use.seen,
    takeHandle: () => `r${next++}`,
    showHandles: task.alone,
    fillHandles: async (args) => {
      if (!mentionsHandle(args)) return args;
      const results = await loadResults([...task.state.handles, ...progress.entries], parts);
      return fillHandles(args, results) as Readonly<Record<string, unknown>>;
    },
  });
  for (const outcome of outcomes) {
    progress.messages.push(outcome.message);
    progress.calls.push(outcome.record);
    if (outcome.entry !== null) progress.entries.push(outcome.entry);
  }
  for (const call of bad) {
    const key = `bad ${call.name}`;
    use.seen.set(key, { count: (use.seen.get(key)?.count ?? 0) + 1, handle: null });
    progress.messages.push(
      new ToolMessage({
        tool_call_id: call.id,
        name: call.name,
        status: 'error',
        content: `The arguments of ${call.name} are not valid JSON (${call.error.slice(0, 120)}). Send one JSON object that fits the schema.`,
      }),
    );
  }
}

/** Some servers repeat or omit call ids. */
function withIds(calls: readonly ToolCall[]): readonly ToolCall[] {
  const used = new Set<string>();
  return calls.map((call, i) => {
    const id = call.id === '' || used.has(call.id) ? `${call.id || 'call'}_${i}_${signatureOf(call).length}` : call.id;
    used.add(id);
    return { ...call, id };
  });
}

function outOfSteps(steps: number): TradewindError {
  return new TradewindError({
    code: 'BUDGET_STEPS',
    kind: 'input',
    message: `The model made ${steps} steps without an answer.`,
    hint: 'Ask a smaller question, or raise budget.maxSteps.',
  });
}

function outOfTime(seconds: number): TradewindError {
  return new TradewindError({
    code: 'BUDGET_TIME',
    kind: 'input',
    message: `The question took longer than ${seconds} seconds.`,
    hint: 'Ask a smaller question, or raise budget.maxSeconds.',
  });
}
