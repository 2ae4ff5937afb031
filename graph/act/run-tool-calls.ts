/** Runs the tool calls of one model reply, in parallel, and writes what the model reads back: a summary with handles. */
import { ToolMessage } from '@langchain/core/messages';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { nearest } from '../../lib/nearest.ts';
import { formatAt, plainText, unitOfPath } from '../../tools/binding/format-at.ts';
import { valueAt } from '../../tools/binding/paths.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { Envelope, SuccessEnvelope } from '../../tools/envelope.ts';
import type { DeskParts, TurnRuntime } from '../desk-parts.ts';
import type { CallRecord, HandleEntry } from '../state.ts';

const LONGEST_CONTENT = 6000;

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface CallContext {
  readonly parts: DeskParts;
  readonly runtime: TurnRuntime;
  readonly persona: string;
  readonly turn: number;
  readonly asOf: string;
  /** Tools on offer in this call. */
  readonly offered: readonly Tool[];
  /** How often each call was made before in this turn, by signature. */
  readonly seen: Map<string, { count: number; handle: string | null }>;
  /** The next free handle number. */
  readonly takeHandle: () => string;
  /** Handles are private to a branch until they are renumbered. */
  readonly showHandles: boolean;
  /** Puts values in for handles that a call's arguments name. */
  readonly fillHandles: (args: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;
}

export interface CallOutcome {
  readonly message: ToolMessage;
  readonly entry: HandleEntry | null;
  readonly record: CallRecord;
}

export function signatureOf(call: ToolCall): string {
  return `${call.name} ${canonicalJson(call.args)}`;
}

export async function runToolCalls(calls: readonly ToolCall[], context: CallContext): Promise<readonly CallOutcome[]> {
  const envelopes = await Promise.all(calls.map((call) => runOne(call, context)));
  return calls.map((call, i) => toOutcome(call, envelopes[i] as Envelope | string, context));
}

async function runOne(call: ToolCall, context: CallContext): Promise<Envelope | string> {
  const { parts, runtime, offered, seen } = context;
  const known = seen.get(signatureOf(call));
  if (known?.handle != null) {
    known.count += 1;
    return `This call was already made: its result is ${known.handle}. Use it, or answer now.`;
  }
  seen.set(signatureOf(call), { count: (known?.count ?? 0) + 1, handle: null });
  if (!parts.tools.some((tool) => tool.name === call.name)) {
    const close = nearest(
      call.name,
      offered.map((tool) => tool.name),
      3,
    );
    return `There is no tool ${plainText(call.name)}. ${close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Tools: ${offered.map((tool) => tool.name).join(', ')}.`}`;
  }
  runtime.emit({ type: 'tool-started', callId: call.id, tool: call.name, input: call.args, persona: context.persona });
  const args = await context.fillHandles(call.args);
  return parts.runner.run(call.name, args, {
    asOf: context.asOf,
    signal: runtime.signal,
    fresh: runtime.fresh,
    onProgress: ({ fraction, note }) =>
      runtime.emit({ type: 'tool-progress', callId: call.id, tool: call.name, fraction, note }),
  });
}

function toOutcome(call: ToolCall, envelope: Envelope | string, context: CallContext): CallOutcome {
  const record = { tool: call.name, input: call.args };
  if (typeof envelope === 'string') {
    const message = new ToolMessage({ tool_call_id: call.id, name: call.name, content: envelope, status: 'error' });
    return { message, entry: null, record: { ...record, handle: null, ok: false } };
  }
  const handle = envelope.ok ? context.takeHandle() : null;
  const known = context.seen.get(signatureOf(call));
  if (known !== undefined) known.handle = handle;
  context.runtime.emit({
    type: 'tool-finished',
    callId: call.id,
    tool: call.name,
    ok: envelope.ok,
    runId: envelope.ok ? envelope.runId : null,
    handle: context.showHandles ? handle : null,
    error: envelope.ok ? null : `${envelope.error.message} ${envelope.error.hint}`.trim(),
  });
  const tool = context.parts.tools.find((candidate) => candidate.name === call.name);
  const message = new ToolMessage({
    tool_call_id: call.id,
    name: call.name,
    content: envelope.ok && handle !== null ? describeResult(handle, envelope, tool) : describeFailure(envelope),
    status: envelope.ok ? 'success' : 'error',
    artifact: { envelope, handle },
  });
  if (!envelope.ok || handle === null) {
    const error = envelope.ok ? '' : `${envelope.error.message} ${envelope.error.hint}`;
    return { message, entry: null, record: { ...record, handle: null, ok: false, error } };
  }
  const entry: HandleEntry = {
    handle,
    tool: call.name,
    runId: envelope.runId,
    asOf: envelope.asOf,
    turn: context.turn,
    persona: context.persona,
    input: envelope.input,
    envelope: tool?.unrecorded === true ? envelope : null,
  };
  return { message, entry, record: { tool: call.name, input: envelope.input, handle, ok: true } };
}

function describeFailure(envelope: Envelope): string {
  if (envelope.ok) return '';
  const { code, message, hint } = envelope.error;
  return `<data>\nERROR ${code}: ${plainText(message)} ${plainText(hint)}\n</data>`.slice(0, LONGEST_CONTENT);
}

/** Summary lines with `value {{handle.path}}`, the span of the data and the warnings. */
export function describeResult(handle: string, envelope: SuccessEnvelope, tool: Tool | undefined): string {
  const result = { handle, envelope, output: tool?.output ?? null, input: tool?.input ?? null };
  const cite = (path: string): string => {
    const found = valueAt(envelope.output, path);
    if (found === undefined) return 'not available';
    const value = found.value;
    if (typeof value !== 'number') return value === null ? 'not available' : plainText(String(value));
    const { text, suffix } = formatAt(result, found.path, value, undefined, 'en');
    const unit = unitOfPath(result, found.path);
    return `${text}${suffix} {{${handle}.${found.path}}}${unit === undefined ? '' : ` [${unit}]`}`;
  };
  const lines = tool === undefined ? [JSON.stringify(envelope.output)] : tool.summarise(envelope.output as never, cite);
  const data = envelope.data.map(
    (entry) =>
      `${entry.symbols.join(',')} ${entry.from}..${entry.to} ${entry.rows} rows, ${entry.source}${entry.synthetic ? ', SYNTHETIC' : ''}`,
  );
  const warnings = envelope.warnings.map((warning) => `warning ${warning.code}: ${plainText(warning.message)}`);
  const body = [
    `${handle} = ${envelope.tool}, as of ${envelope.asOf}`,
    ...data,
    ...lines.slice(0, 12),
    ...warnings,
    `paths: ${Object.keys(envelope.output).join(', ')}`,
  ];
  return `<data>\n${body.join('\n').slice(0, LONGEST_CONTENT)}\n</data>`;
}
