/** One result envelope as an MCP tool result: structured content for programs, text that stands alone for readers. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { formatNumber } from '../lib/format.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { Envelope, SuccessEnvelope } from '../tools/envelope.ts';
import { unitAt } from '../tools/schema-walk.ts';
import { valueAt } from '../tools/value-at.ts';

function summaryText(tool: Tool, envelope: SuccessEnvelope): string {
  const currency = typeof envelope.output['currency'] === 'string' ? envelope.output['currency'] : undefined;
  const cite = (path: string): string => {
    const value = valueAt(envelope.output, path);
    const unit = unitAt(tool.output, path);
    if (typeof value !== 'number') return value === null ? 'not available' : String(value);
    return unit === undefined ? String(value) : formatNumber(value, unit, currency === undefined ? {} : { currency });
  };
  const lines = [...tool.summarise(envelope.output as never, cite)];
  const synthetic = envelope.data.some((entry) => entry.synthetic);
  lines.push(
    `As of ${envelope.asOf}. Run ${envelope.runId}.${synthetic ? ' SYNTHETIC demo data, not a real market.' : ''}`,
  );
  for (const entry of envelope.data)
    lines.push(`Data: ${entry.symbols.join(', ')} ${entry.from} to ${entry.to}, ${entry.rows} rows, ${entry.source}.`);
  for (const warning of envelope.warnings) lines.push(`Warning ${warning.code}: ${warning.message}`);
  return lines.join('\n');
}

/** Domain errors are results with `isError`, so that the assistant reads them and corrects its call. */
export function toToolResult(tool: Tool, envelope: Envelope): CallToolResult {
  if (!envelope.ok) {
    const { code, message, hint } = envelope.error;
    return { isError: true, content: [{ type: 'text', text: `${code}: ${message}${hint === '' ? '' : ` ${hint}`}` }] };
  }
  const { output, ...rest } = envelope;
  const { ok: _ok, input: _input, ...meta } = rest;
  return {
    content: [{ type: 'text', text: summaryText(tool, envelope) }],
    structuredContent: { ...output },
    _meta: { 'tradewind/run': meta },
  };
}
