/** The MCP server over any transport: one registry, run through the one runner. */
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { version } from '../app/build-info.ts';
import type { App } from '../app/create-app.ts';
import { isTradewindError } from '../lib/errors.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { Envelope } from '../tools/envelope.ts';
import { tools } from '../tools/registry.ts';
import { ASK_DESK, askDesk, askDeskInput, askDeskOutput } from './ask-desk.ts';
import { chooseTools, type ExposureOptions } from './exposure.ts';
import { CALL_TOOL, callInput, findTools, SEARCH_TOOLS, searchInput } from './finding-tools.ts';
import { getPrompt, listPrompts } from './prompts.ts';
import { completeResource, listResources, readResource, resourceTemplates } from './resources.ts';
import { errorResult, toToolResult } from './tool-result.ts';

const INSTRUCTIONS =
  'Tradewind computes quantitative finance: every number in a result comes from a recorded run that can be opened again by its run id. ' +
  'Rates and returns are decimal fractions (0.01 = 1%), volatility is annualised unless its name says daily. ' +
  'Symbols that begin with DEMO: are synthetic and say nothing about a real market. It proposes; it never trades.';

interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object' } & Record<string, unknown>;
  readonly outputSchema?: { readonly type: 'object' } & Record<string, unknown>;
  readonly annotations: Record<string, boolean | string>;
}

function objectSchema(
  schema: z.ZodObject,
  io: 'input' | 'output',
): { readonly type: 'object' } & Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return { ...rest, type: 'object' };
}

const annotations = (title: string) => ({
  title,
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
});

/** A short list keeps the shape of results and leaves its words out: they cost an assistant more context than the inputs do. */
function describeTool(tool: Tool, inWords: boolean): ListedTool {
  const { name, title, description } = tool;
  const outputSchema = objectSchema(tool.output, 'output');
  return {
    name,
    title,
    description,
    inputSchema: objectSchema(tool.input, 'input'),
    outputSchema: inWords ? outputSchema : (withoutWords(outputSchema) as typeof outputSchema),
    annotations: annotations(title),
  };
}

const wordKeys: ReadonlySet<string> = new Set(['description', 'minimum', 'maximum', 'pattern', 'required']);

/** A JSON schema with names and types alone. Everything that the whole schema accepts, it still accepts. */
function withoutWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutWords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const lean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (wordKeys.has(key) || value === false) continue;
    if (key === 'properties') {
      // The keys below are names of fields, one of which may well be "description".
      lean[key] = Object.fromEntries(
        Object.entries(value as object).map(([name, inner]) => [name, withoutWords(inner)]),
      );
    } else lean[key] = key === 'enum' ? value : withoutWords(value);
  }
  return lean;
}

const askDeskTool: ListedTool = {
  name: ASK_DESK,
  title: 'Ask the desk',
  description:
    'Answers a question in plain words with the whole desk: it picks the persona, runs the tools, binds every number to a recorded run. Use it when you want an answer rather than numbers to work with. For numbers, call the tools themselves.',
  inputSchema: objectSchema(askDeskInput, 'input'),
  outputSchema: withoutWords(objectSchema(askDeskOutput, 'output')) as ReturnType<typeof objectSchema>,
  annotations: annotations('Ask the desk'),
};

const findingTools: readonly ListedTool[] = [
  {
    name: SEARCH_TOOLS,
    title: 'Search tools',
    description:
      'Finds further tools by what they compute and returns their input schemas. Use it when no listed tool fits: options, carry, risk, machine learning, execution and backtests are there. Run what it finds with call_tool.',
    inputSchema: objectSchema(searchInput, 'input'),
    annotations: annotations('Search tools'),
  },
  {
    name: CALL_TOOL,
    title: 'Call a tool by name',
    description:
      'Runs any tool, listed or not, by name. Use it with a name and schema from search_tools. Listed tools are better called directly.',
    inputSchema: objectSchema(callInput, 'input'),
    annotations: annotations('Call a tool by name'),
  },
];

export interface ServerOptions extends ExposureOptions {
  /** Told of every call: what was asked for and how it ended. */
  readonly audit?: (entry: {
    readonly tool: string;
    readonly ok: boolean;
    readonly runId: string | null;
    readonly milliseconds: number;
  }) => void;
}

/** The tools that `tools/list` returns, for the server and for the test that counts their tokens. */
export function listedTools(options: ExposureOptions): readonly ListedTool[] {
  const { listed, searchable } = chooseTools(tools, options);
  const whole = options.tools === undefined;
  return [
    ...listed.map((tool) => describeTool(tool, !searchable)),
    ...(whole ? [askDeskTool] : []),
    ...(searchable ? findingTools : []),
  ];
}

/** A server for one connection. The app is shared and outlives it. */
export function createMcpServer(app: App, options: ServerOptions = {}): Server {
  const server = new Server(
    { name: 'tradewind', title: 'Tradewind', version },
    { capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} }, instructions: INSTRUCTIONS },
  );
  serveTools(server, app, options);
  serveResources(server, app);
  servePrompts(server, app);
  return server;
}

function serveTools(server: Server, app: App, options: ServerOptions): void {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const { listed, searchable } = chooseTools(tools, options);
  const callable = new Set(searchable ? byName.keys() : listed.map((tool) => tool.name));
  server.setRequestHandler('tools/list', async () => ({ tools: [...listedTools(options)] }));
  server.setRequestHandler('tools/call', async (request, context) => {
    let { name, arguments: input = {} } = request.params;
    if (searchable && name === SEARCH_TOOLS) {
      const parsed = searchInput.safeParse(input);
      if (!parsed.success)
        return errorResult(
          'INVALID_INPUT',
          'search_tools needs `query`, a few words.',
          'Example: {"query": "efficient frontier"}',
        );
      const found = findTools(tools, parsed.data.query, parsed.data.limit);
      return {
        content: [
          { type: 'text', text: found.length === 0 ? 'No tool fits. Try other words.' : JSON.stringify(found) },
        ],
      };
    }
    if (name === ASK_DESK && options.tools === undefined) {
      return askDesk(app, input, context.mcpReq.signal, (event) => {
        if (event.type === 'tool-started') notifyProgress(context, 0, `${event.tool} started`);
        else if (event.type === 'tool-progress') notifyProgress(context, event.fraction, `${event.tool} ${event.note}`);
      });
    }
    if (searchable && name === CALL_TOOL) {
      const parsed = callInput.safeParse(input);
      if (!parsed.success)
        return errorResult('INVALID_INPUT', 'call_tool needs `name` and `arguments`.', 'Find both with search_tools.');
      name = parsed.data.name;
      input = parsed.data.arguments;
    }
    if (byName.has(name) && !callable.has(name))
      return errorResult(
        'UNKNOWN_TOOL',
        `${name} is not offered by this server.`,
        `It offers ${[...callable].join(', ')}.`,
      );
    const started = performance.now();
    const envelope: Envelope = await app.runner.run(name, input, {
      asOf: app.asOf,
      signal: context.mcpReq.signal,
      onProgress: ({ fraction, note }) => notifyProgress(context, fraction, note),
    });
    options.audit?.({
      tool: name,
      ok: envelope.ok,
      runId: envelope.ok ? envelope.runId : null,
      milliseconds: performance.now() - started,
    });
    const tool = byName.get(name);
    if (tool !== undefined) return toToolResult(tool, envelope);
    const { code, message, hint } = envelope.ok ? { code: 'UNKNOWN_TOOL', message: '', hint: '' } : envelope.error;
    return errorResult(code, message, hint);
  });
}

function notifyProgress(context: ServerContext, progress: number, message: string): void {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, total: 1, message };
  // A client that has gone away must not bring the computation down.
  context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
}

function serveResources(server: Server, app: App): void {
  server.setRequestHandler('resources/list', async () => ({ resources: [...listResources()] }));
  server.setRequestHandler('resources/templates/list', async () => ({ resourceTemplates: [...resourceTemplates] }));
  server.setRequestHandler('resources/read', async (request) => ({
    contents: [await asProtocol(() => readResource(app, request.params.uri))],
  }));
}

function servePrompts(server: Server, app: App): void {
  server.setRequestHandler('prompts/list', async () => ({
    prompts: listPrompts().map((entry) => ({
      ...entry,
      arguments: entry.arguments.map((argument) => ({ ...argument })),
    })),
  }));
  server.setRequestHandler('prompts/get', async (request) => {
    const { description, text } = await asProtocol(async () =>
      getPrompt(request.params.name, request.params.arguments ?? {}),
    );
    return { description, messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] };
  });
  server.setRequestHandler('completion/complete', async (request) => {
    const { name, value } = request.params.argument;
    const argument = ['first', 'second'].includes(name) ? 'symbol' : name;
    const values = await completeResource(app, argument, value);
    return { completion: { values: values.slice(0, 100), total: values.length, hasMore: false } };
  });
}

/** Domain errors of reads become the protocol's own "invalid params", with their hint. */
async function asProtocol<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!isTradewindError(error)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.message} ${error.hint}`.trim());
  }
}
