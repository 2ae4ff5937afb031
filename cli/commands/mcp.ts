/** `mcp`: the MCP server on standard input and output or on HTTP, and what assistants need to start it. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { invalidInput } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';

interface McpOptions {
  readonly toolsets?: string;
  readonly tools?: string;
  readonly http?: boolean;
  readonly host: string;
  readonly port: string;
}

const list = (text: string | undefined) =>
  text
    ?.split(',')
    .map((word) => word.trim())
    .filter(Boolean);

export function registerMcpCommands(program: Command, context: CommandContext): void {
  const mcp = program
    .command('mcp')
    .description('serve the tools over MCP (standard input and output, or --http)')
    .option('--toolsets <names>', 'families to list in full, "default", or "all"; separated by commas')
    .option('--tools <names>', 'list exactly these tools')
    .option('--read-only', 'nothing but reading and computing (always so: no tool trades or writes)')
    .option('--http', 'serve Streamable HTTP instead of standard input and output')
    .option('--host <address>', 'address for --http; another than loopback needs TRADEWIND_MCP_TOKEN', '127.0.0.1')
    .option('--port <number>', 'port for --http', '8787')
    .action((options: McpOptions) => serve(context, options));
  mcp
    .command('config')
    .description('print what to paste into an assistant so that it starts this server')
    .requiredOption('--host <name>', 'claude-desktop, claude-code, vscode or cursor')
    .action(async (options: { host: string }) => {
      const { clientConfig } = await import('../../mcp-server/client-config.ts');
      const entry = fileURLToPath(
        new URL(import.meta.url.endsWith('.ts') ? '../../dist/mcp-server.js' : '../mcp-server.js', import.meta.url),
      );
      const home = process.env['TRADEWIND_HOME'];
      const { place, text } = clientConfig(options.host, { node: process.execPath, entry, home });
      context.err(place);
      context.out(text);
    });
}

async function serve(context: CommandContext, options: McpOptions): Promise<void> {
  const { redirectConsole, serveStdio } = await import('../../mcp-server/serve-stdio.ts');
  redirectConsole();
  const exposure = {
    ...(options.toolsets === undefined ? {} : { toolsets: list(options.toolsets) ?? [] }),
    ...(options.tools === undefined ? {} : { tools: list(options.tools) ?? [] }),
  };
  const app = await context.openApp();
  if (!options.http) return serveStdio(app, context.signal, exposure);
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw invalidInput({ what: '--port', needed: 'a port number', got: options.port });
  const { serveHttp } = await import('../../mcp-server/serve-http.ts');
  const handle = await serveHttp(app, {
    ...exposure,
    host: options.host,
    port,
    token: process.env['TRADEWIND_MCP_TOKEN'],
  });
  context.err(`MCP at ${handle.url}; Ctrl-C ends it.`);
  await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }));
  await handle.close();
}
