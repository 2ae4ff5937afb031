/** The MCP server over any transport: every registered tool, run through the one runner. */
import { Server } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { version } from '../app/build-info.ts';
import type { App } from '../app/create-app.ts';
import type { Tool } from '../tools/define-tool.ts';
import { tools } from '../tools/registry.ts';
import { toToolResult } from './tool-result.ts';

const INSTRUCTIONS =
  'Tradewind computes quantitative finance: every number in a result comes from a recorded run that can be opened again by its run id. ' +
  'Rates and returns are decimal fractions (0.01 = 1%), volatility is annualised unless its name says daily. ' +
  'Symbols that begin with DEMO: are synthetic and say nothing about a real market. It proposes; it never trades.';

interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object' } & Record<string, unknown>;
  readonly outputSchema: { readonly type: 'object' } & Record<string, unknown>;
  readonly annotations: Record<string, boolean | string>;
}

function describeTool(tool: Tool): ListedTool {
  const { $schema: _in, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' });
  const { $schema: _out, ...outputSchema } = z.toJSONSchema(tool.output, { io: 'output' });
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: { ...inputSchema, type: 'object' },
    outputSchema: { ...outputSchema, type: 'object' },
    annotations: {
      title: tool.title,
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  };
}

/** A server for one connection. The app is shared and outlives it. */
export function createMcpServer(app: App): Server {
  const server = new Server(
    { name: 'tradewind', title: 'Tradewind', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  let listed: ListedTool[] | undefined;
  server.setRequestHandler('tools/list', async () => {
    listed ??= tools.map(describeTool);
    return { tools: listed };
  });
  server.setRequestHandler('tools/call', async (request, context) => {
    const { name, arguments: input } = request.params;
    const token = context.mcpReq._meta?.progressToken;
    const envelope = await app.runner.run(name, input ?? {}, {
      asOf: app.asOf,
      signal: context.mcpReq.signal,
      onProgress: ({ fraction, note }) => {
        if (token === undefined) return;
        void context.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken: token, progress: fraction, total: 1, message: note },
        });
      },
    });
    const tool = byName.get(name);
    if (tool !== undefined) return toToolResult(tool, envelope);
    const text = envelope.ok ? '' : `${envelope.error.code}: ${envelope.error.message} ${envelope.error.hint}`;
    return { isError: true, content: [{ type: 'text', text }] };
  });
  return server;
}
