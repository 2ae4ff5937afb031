/**
 * One call of a chat model with every ordinary trouble handled: retry with back-off, stalled and dropped streams,
 * refusals, truncation, empty answers. Ends with a message or one clear error.
 */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type AIMessageChunk, type BaseMessage, type UsageMetadata } from '@langchain/core/messages';
import { cancelled, isTradewindError, TradewindError } from '../../lib/errors.ts';
import type { DeskModel } from './desk-model.ts';

export interface ModelTool {
  readonly type: 'function';
  readonly function: { readonly name: string; readonly description: string; readonly parameters: unknown };
}

export interface ModelCall {
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly ModelTool[];
  /** Name of the one tool that must be called. */
  readonly forceTool?: string;
  readonly signal: AbortSignal;
  /** Text as it arrives; not called again for text of a retried attempt that was already passed on. */
  readonly onText?: (soFar: string) => void;
}

export interface BadToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: string;
  readonly error: string;
}

export interface ModelReply {
  readonly text: string;
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    readonly args: Readonly<Record<string, unknown>>;
  }[];
  /** Calls whose arguments are no JSON. */
  readonly badCalls: readonly BadToolCall[];
  readonly truncated: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Memo of the embedded model for follow-ups. */
  readonly memo: Readonly<Record<string, unknown>>;
  readonly model: string;
}

type Retry = 'never' | 'soon';

interface Fault {
  readonly error: TradewindError;
  readonly retry: Retry;
  readonly waitMs: number | null;
}

export async function callModel(model: DeskModel, call: ModelCall): Promise<ModelReply> {
  let last: Fault | undefined;
  for (let attempt = 0; attempt <= model.maxRetries; attempt++) {
    if (last !== undefined) await wait(last.waitMs ?? model.retryAfterMs * 2 ** (attempt - 1), call.signal);
    try {
      const reply = await attemptCall(model, call);
      const empty = reply.text.trim() === '' && reply.toolCalls.length === 0 && reply.badCalls.length === 0;
      if (!empty) return reply;
      last = fault(
        'MODEL_EMPTY',
        `The model ${model.name} gave an empty answer.`,
        'Ask again, or choose another model.',
        'soon',
      );
    } catch (error) {
      if (call.signal.aborted) throw cancelled('The question');
      last = readFault(error, model);
    }
    if (last.retry === 'never') break;
  }
  if (model.fallback !== undefined) return callModel(model.fallback, call);
  throw (last ?? fault('MODEL_FAILED', 'The model gave no answer.', 'Ask again.', 'never')).error;
}

async function attemptCall(model: DeskModel, call: ModelCall): Promise<ModelReply> {
  const chat = await model.open();
  const bound =
    call.tools.length > 0 && chat.bindTools !== undefined ? chat.bindTools([...call.tools], choice(call)) : chat;
  const stop = new AbortController();
  const abort = () => stop.abort();
  call.signal.addEventListener('abort', abort, { once: true });
  try {
    const message = await readStream(bound as BaseChatModel, model, call, stop);
    return toReply(message, model);
  } finally {
    call.signal.removeEventListener('abort', abort);
    stop.abort();
  }
}

function choice(call: ModelCall): Record<string, unknown> {
  return call.forceTool === undefined ? {} : { tool_choice: { type: 'function', function: { name: call.forceTool } } };
}

async function readStream(
  chat: BaseChatModel,
  model: DeskModel,
  call: ModelCall,
  stop: AbortController,
): Promise<AIMessage | AIMessageChunk> {
  const stalled = `The model ${model.name} sent nothing for ${Math.round(model.stallAfterMs / 1000)} seconds.`;
  const soon = <T>(promise: Promise<T>): Promise<T> => withDeadline(promise, model.stallAfterMs, stalled, call.signal);
  const stream = await soon(chat.stream([...call.messages], { signal: stop.signal }));
  const reader = stream[Symbol.asyncIterator]();
  let message: AIMessageChunk | undefined;
  let refusal = '';
  for (;;) {
    const next = await soon(reader.next());
    if (next.done) break;
    refusal += takeRefusal(next.value);
    message = message === undefined ? next.value : message.concat(next.value);
    call.onText?.(textOf(message));
  }
  if (message !== undefined && refusal !== '') message.additional_kwargs['refusal'] = refusal;
  return message ?? new AIMessage('');
}

interface RawChunk {
  readonly choices?: readonly { readonly delta?: { readonly refusal?: string | null } }[];
}

/** The refusal of one streamed chunk; the raw chunk is removed, so that chunks still add up. */
function takeRefusal(chunk: AIMessageChunk): string {
  const raw = chunk.additional_kwargs['__raw_response'] as RawChunk | undefined;
  delete chunk.additional_kwargs['__raw_response'];
  return raw?.choices?.[0]?.delta?.refusal ?? '';
}

async function withDeadline<T>(promise: Promise<T>, ms: number, message: string, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => undefined as unknown;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(fault('MODEL_STALLED', message, 'Ask again, or raise model.timeoutSeconds.', 'soon').error),
      ms,
    );
    onAbort = () => reject(cancelled('The question'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => undefined);
  }
}

function textOf(message: AIMessage | AIMessageChunk): string {
  if (typeof message.content === 'string') return message.content;
  return message.content
    .map((part) => (part.type === 'text' && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

function toReply(message: AIMessage | AIMessageChunk, model: DeskModel): ModelReply {
  const text = textOf(message);
  const meta: Readonly<Record<string, unknown>> = message.response_metadata ?? {};
  const refusal = message.additional_kwargs['refusal'];
  const finish = meta['finish_reason'];
  if ((typeof refusal === 'string' && refusal !== '') || finish === 'content_filter') {
    throw fault(
      'MODEL_REFUSED',
      `The model ${model.name} refused to answer${typeof refusal === 'string' ? `: ${refusal}` : ''}.`,
      'Ask in other words.',
      'never',
    ).error;
  }
  const calls = (message.tool_calls ?? []).map((call, i) => ({
    id: call.id ?? `call_${i}`,
    name: call.name,
    args: call.args,
  }));
  const truncated = finish === 'length';
  const bad = (message.invalid_tool_calls ?? []).map((call, i) => ({
    id: call.id ?? `bad_${i}`,
    name: call.name ?? 'unknown',
    args: call.args ?? '',
    error: call.error ?? 'the arguments are not valid JSON',
  }));
  const usage = message.usage_metadata as UsageMetadata | undefined;
  const memo = message.additional_kwargs['tradewind'];
  return {
    text,
    toolCalls: truncated ? [] : calls,
    badCalls: truncated ? [] : bad,
    truncated,
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    memo: typeof memo === 'object' && memo !== null ? (memo as Readonly<Record<string, unknown>>) : {},
    model: model.name,
  };
}

function fault(code: string, message: string, hint: string, retry: Retry, waitMs: number | null = null): Fault {
  return { error: new TradewindError({ code, kind: 'fault', message, hint }), retry, waitMs };
}

function readFault(error: unknown, model: DeskModel): Fault {
  if (isTradewindError(error)) {
    return {
      error,
      retry: error.code === 'MODEL_STALLED' || error.code === 'MODEL_EMPTY' ? 'soon' : 'never',
      waitMs: null,
    };
  }
  const { status, headers, message } = readError(error);
  const name = `The model ${model.name}`;
  if (status === 401 || status === 403)
    return fault(
      'MODEL_UNAUTHORISED',
      `${name} refused the key (${status}).`,
      'Check OPENAI_API_KEY, or use --provider embedded.',
      'never',
    );
  if (status === 404)
    return fault(
      'MODEL_NOT_FOUND',
      `${name} does not exist at this endpoint.`,
      'Check model.name and OPENAI_BASE_URL.',
      'never',
    );
  if (status === 429)
    return fault(
      'MODEL_RATE_LIMITED',
      `${name} is rate limited.`,
      'Wait a little and ask again.',
      'soon',
      retryAfter(headers),
    );
  if (status !== undefined && status >= 500)
    return fault(
      'MODEL_UNAVAILABLE',
      `${name} is not available (${status}).`,
      'Ask again later.',
      'soon',
      retryAfter(headers),
    );
  if (status !== undefined)
    return fault(
      'MODEL_REJECTED',
      `${name} rejected the request (${status}): ${message.slice(0, 200)}`,
      'Check the model settings.',
      'never',
    );
  if (model.provider !== 'openai')
    return fault('MODEL_FAILED', `${name} failed: ${message.slice(0, 300)}`, 'Ask again.', 'never');
  return fault(
    'MODEL_DROPPED',
    `The connection to ${model.name} failed.`,
    'Check the network and OPENAI_BASE_URL, or use --provider embedded.',
    'soon',
  );
}

function readError(error: unknown): {
  readonly status: number | undefined;
  readonly headers: unknown;
  readonly message: string;
} {
  if (typeof error !== 'object' || error === null)
    return { status: undefined, headers: undefined, message: String(error) };
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  const headers = 'headers' in error ? error.headers : undefined;
  return { status, headers, message: 'message' in error ? String(error.message) : String(error) };
}

const LONGEST_WAIT_MS = 30_000;

function retryAfter(headers: unknown): number | null {
  const raw =
    headers instanceof Headers
      ? headers.get('retry-after')
      : typeof headers === 'object' && headers !== null && 'retry-after' in headers
        ? String(headers['retry-after'])
        : null;
  const seconds = raw === null ? Number.NaN : Number(raw);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : null;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(cancelled('The question'));
      },
      { once: true },
    );
  });
}
