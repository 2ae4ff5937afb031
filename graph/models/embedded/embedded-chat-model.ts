/**
 * The embedded model: a chat model class like the others, with no key and no network, and honest about being no LLM.
 * It recognises the question, calls tools, and writes from templates with placeholders.
 */
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage, type ToolMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import type { Language } from '../../../lib/format.ts';
import type { Envelope } from '../../../tools/envelope.ts';
import type { CallRecord } from '../../state.ts';
import { collectiveCalls, collectiveSecondCalls } from './collective-calls.ts';
import { composePart, genericAnswer } from './compose.ts';
import type { CallResult, PlannedCall } from './intent.ts';
import { type Brain, type Context, type Understood, understandMessage } from './understand.ts';
import { good } from './write.ts';

interface Memo {
  readonly memo?: Readonly<Record<string, unknown>>;
  readonly calls?: readonly CallRecord[];
  readonly asOf?: string;
  readonly language?: Language;
  readonly persona?: string;
  readonly collective?: boolean;
}

function memoOf(message: BaseMessage | undefined): Memo {
  const memo = message?.additional_kwargs['tradewind'];
  return typeof memo === 'object' && memo !== null ? (memo as Memo) : {};
}

export class EmbeddedChatModel extends BaseChatModel {
  readonly #brain: Brain;

  constructor(brain: Brain) {
    super({});
    this.#brain = brain;
  }

  override _llmType(): string {
    return 'tradewind-embedded';
  }

  override bindTools() {
    return this as never;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const asked = messages.findLastIndex(
      (message) => message.type === 'human' && !message.text.startsWith('No more tool calls'),
    );
    const text = messages[asked]?.text ?? '';
    const parts = await understandMessage(text, contextFrom(messages, asked), this.#brain);
    const results = resultsAfter(messages, asked);
    const rounds = messages.slice(asked + 1).filter((message) => message.type === 'ai').length;
    const system = memoOf(messages[0]);
    const team = system.collective === true ? (system.persona ?? '') : null;
    const calls = team === null ? this.#nextCalls(parts, results, rounds) : this.#teamCalls(team, results, rounds);
    const content =
      calls.length > 0 ? '' : team === null ? this.#compose(parts, results) : this.#teamText(parts, results);
    const message = new AIMessage({
      content,
      tool_calls: calls.map((call, i) => ({
        id: `e${rounds}_${i}`,
        name: call.tool,
        args: { ...call.input },
        type: 'tool_call' as const,
      })),
      additional_kwargs: { tradewind: memoFor(parts) },
    });
    return { generations: [{ text: content, message }] };
  }

  #teamCalls(persona: string, results: readonly CallResult[], rounds: number): readonly PlannedCall[] {
    const installed = new Set(this.#brain.tools.map((tool) => tool.name));
    if (rounds === 0) return collectiveCalls(persona, installed);
    return rounds === 1 ? collectiveSecondCalls(persona, good(results[0])?.output ?? null, installed) : [];
  }

  #teamText(parts: readonly Understood[], results: readonly CallResult[]): string {
    const part = parts[0];
    if (part === undefined) return '';
    if (results.length === 0)
      return part.question.language === 'ko'
        ? '이 빌드에는 필요한 도구가 없습니다.'
        : 'The tool for this premium is not part of this build.';
    return genericAnswer({ ...part, intent: null }, results, this.#brain.tools);
  }

  #nextCalls(parts: readonly Understood[], results: readonly CallResult[], rounds: number): readonly PlannedCall[] {
    if (rounds === 0) return parts.flatMap((part) => (part.plan?.kind === 'call' ? part.plan.calls : []));
    if (rounds > 1) return [];
    return parts.flatMap((part, i) => part.intent?.more?.(part.question, firstRound(parts, results, i)) ?? []);
  }

  #compose(parts: readonly Understood[], results: readonly CallResult[]): string {
    const planned = parts.reduce((sum, part) => sum + firstRoundSize(part), 0);
    let second = planned;
    const answers = parts.map((part, i) => {
      const own = firstRound(parts, results, i);
      const extra = part.intent?.more?.(part.question, own).length ?? 0;
      const all = [...own, ...results.slice(second, second + extra)];
      second += extra;
      return composePart(part, all, this.#brain);
    });
    if (answers.length === 1) return answers[0] ?? '';
    return answers
      .map((answer, i) => `**${parts[i]?.question.text.replaceAll('{{', '{ {').slice(0, 120)}**\n${answer}`)
      .join('\n\n');
  }
}

function firstRoundSize(part: Understood): number {
  return part.plan?.kind === 'call' ? part.plan.calls.length : 0;
}

function firstRound(parts: readonly Understood[], results: readonly CallResult[], i: number): readonly CallResult[] {
  const start = parts.slice(0, i).reduce((sum, part) => sum + firstRoundSize(part), 0);
  const part = parts[i];
  return part === undefined ? [] : results.slice(start, start + firstRoundSize(part));
}

function contextFrom(messages: readonly BaseMessage[], asked: number): Context {
  const system = memoOf(messages[0]);
  const before = messages.slice(0, asked).findLast((message) => message.type === 'ai');
  const previous = memoOf(before);
  const withCalls = memoOf(messages.slice(0, asked).findLast((message) => (memoOf(message).calls?.length ?? 0) > 0));
  return {
    asOf: system.asOf ?? '',
    language: system.language ?? 'en',
    previousCalls: withCalls.calls ?? [],
    previousText: before?.text ?? '',
    previousMemo: previous.memo ?? {},
  };
}

function resultsAfter(messages: readonly BaseMessage[], asked: number): readonly CallResult[] {
  return messages.slice(asked + 1).flatMap((message) => {
    if (message.type !== 'tool') return [];
    const tool = message as ToolMessage;
    const artifact = tool.artifact as { readonly envelope?: Envelope; readonly handle?: string | null } | undefined;
    return [
      {
        tool: tool.name ?? '',
        handle: artifact?.handle ?? null,
        envelope: artifact?.envelope ?? null,
        message: tool.text,
      },
    ];
  });
}

/** What the next turn must know: intents, and a question that was asked back. */
function memoFor(parts: readonly Understood[]): Readonly<Record<string, unknown>> {
  const open = parts.find((part) => part.plan?.kind === 'ask');
  return {
    intents: parts.map((part) => part.intent?.id ?? part.concept?.id ?? 'none'),
    ...(open === undefined ? {} : { open: open.question.text }),
  };
}
