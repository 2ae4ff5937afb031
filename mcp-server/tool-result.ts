/** One result envelope as an MCP tool result: structured content for programs, text that stands alone for readers. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { formatNumber } from '../lib/format.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { Envelope, SuccessEnvelope } from '../tools/envelope.ts';
import { unitAt } from '../tools/schema-walk.ts';
import { valueAt } from '../tools/value-at.ts';

/** About 25,000 tokens of JSON digits: longer series are cut to their last rows, and linked. */
const MAX_CHARACTERS = 60_000;
const KEPT_ROWS = 60;

export function errorResult(code: string, message: string, hint: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: `${code}: ${message}${hint === '' ? '' : ` ${hint}`}` }] };
}

/** Each number of the summary, in its unit. */
function citeFor(tool: Tool, output: SuccessEnvelope['output']): (path: string) => string {
  const currency = typeof output['currency'] === 'string' ? { currency: output['currency'] } : {};
  return (path) => {
    const value = valueAt(output, path);
    const unit = unitAt(tool.output, path);
    if (typeof value !== 'number') return value === null ? 'not available' : String(value);
    return unit === undefined ? String(value) : formatNumber(value, unit, currency);
  };
}

function summaryText(tool: Tool, envelope: SuccessEnvelope): string {
  const lines = [...tool.summarise(envelope.output as never, citeFor(tool, envelope.output))];
  const synthetic = envelope.data.some((entry) => entry.synthetic);
  const recorded = tool.unrecorded ? '' : ` Run ${envelope.runId}.`;
  lines.push(`As of ${envelope.asOf}.${recorded}${synthetic ? ' SYNTHETIC demo data, not a real market.' : ''}`);
  for (const entry of envelope.data)
    lines.push(`Data: ${entry.symbols.join(', ')} ${entry.from} to ${entry.to}, ${entry.rows} rows, ${entry.source}.`);
  for (const warning of envelope.warnings) lines.push(`Warning ${warning.code}: ${warning.message}`);
  return lines.join('\n');
}

/** Long lists keep their last rows: the newest of a series. Shorter schemas stay valid, for no list has a least length. */
function cutLongLists(value: unknown, keep: number): unknown {
  if (Array.isArray(value))
    return (value.length > keep ? value.slice(-keep) : value).map((item) => cutLongLists(item, keep));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cutLongLists(inner, keep)]));
}

function fitted(output: SuccessEnvelope['output']): {
  readonly content: Record<string, unknown>;
  readonly cut: boolean;
} {
  for (let keep = Number.POSITIVE_INFINITY; keep >= 1; keep = keep > KEPT_ROWS ? KEPT_ROWS : Math.floor(keep / 2)) {
    const content = (keep === Number.POSITIVE_INFINITY ? { ...output } : cutLongLists(output, keep)) as Record<
      string,
      unknown
    >;
    if (JSON.stringify(content).length <= MAX_CHARACTERS) return { content, cut: keep !== Number.POSITIVE_INFINITY };
  }
  return { content: cutLongLists(output, 1) as Record<string, unknown>, cut: true };
}

/** Domain errors are results with `isError`, so that the assistant reads them and corrects its call. */
export function toToolResult(tool: Tool, envelope: Envelope): CallToolResult {
  if (!envelope.ok) return errorResult(envelope.error.code, envelope.error.message, envelope.error.hint);
  const { content, cut } = fitted(envelope.output);
  const text = summaryText(tool, envelope);
  const { runId, version, asOf, seed, data, warnings } = envelope;
  return {
    content: [
      {
        type: 'text',
        text: cut
          ? `${text}\nLong lists are cut to their last rows here; the whole is at tradewind://runs/${runId}.`
          : text,
      },
      ...(cut
        ? [
            {
              type: 'resource_link' as const,
              uri: `tradewind://runs/${runId}`,
              name: runId,
              title: `${tool.title}, whole result`,
              mimeType: 'application/json',
            },
          ]
        : []),
    ],
    structuredContent: content,
    _meta: { 'tradewind/run': { runId, version, asOf, seed, data, warnings } },
  };
}
