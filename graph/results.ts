/** Handles of a session and the envelopes behind them. */
import { isTradewindError } from '../lib/errors.ts';
import type { BoundResult } from '../tools/binding/bound-result.ts';
import type { SuccessEnvelope } from '../tools/envelope.ts';
import type { DeskParts } from './desk-parts.ts';
import type { HandleEntry } from './state.ts';

/** Reads envelopes from the run store, or from the entry where the run was not recorded. */
export async function loadResults(
  entries: readonly HandleEntry[],
  parts: Pick<DeskParts, 'runs' | 'tools'>,
): Promise<ReadonlyMap<string, BoundResult>> {
  const results = new Map<string, BoundResult>();
  for (const entry of entries) {
    const envelope = entry.envelope ?? (await fromStore(entry, parts));
    if (envelope === undefined || !envelope.ok) continue;
    const tool = parts.tools.find((candidate) => candidate.name === entry.tool);
    results.set(entry.handle, {
      handle: entry.handle,
      envelope,
      output: tool?.output ?? null,
      input: tool?.input ?? null,
    });
  }
  return results;
}

async function fromStore(entry: HandleEntry, parts: Pick<DeskParts, 'runs'>): Promise<SuccessEnvelope | undefined> {
  if (entry.runId === null) return undefined;
  const run = await parts.runs.get(entry.runId);
  return run === undefined ? undefined : (run.envelope as SuccessEnvelope);
}

export function handleNumber(handle: string): number {
  return Number(handle.slice(1));
}

export function nextHandleNumber(entries: readonly HandleEntry[]): number {
  return entries.reduce((highest, entry) => Math.max(highest, handleNumber(entry.handle)), 0) + 1;
}

/** Rewrites handles inside placeholders: `{{r1002.x}}` becomes `{{r4.x}}`. */
export function renameHandles(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/(\{\{\s*(?:table\s+)?)(r\d+)/g, (whole, head: string, handle: string) => {
    const name = names.get(handle);
    return name === undefined ? whole : head + name;
  });
}

export function describeError(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
} {
  if (isTradewindError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: 'FAULT',
    message: 'Something went wrong inside Tradewind.',
    hint: 'Ask again; set TRADEWIND_DEBUG=1 to see the cause.',
  };
}
