/**
 * Serves MCP over standard input and output. Stdout belongs to the protocol: everything that code or a library prints
 * goes to stderr, and the process ends with its client.
 */
import type { App } from '../app/create-app.ts';
import type { ServerOptions } from './server.ts';

/** Sends every kind of console output to stderr. Call it before anything else is loaded. */
export function redirectConsole(): void {
  for (const method of ['log', 'info', 'debug', 'dir', 'table'] as const) console[method] = console.error.bind(console);
}

/** Resolves when the client is gone or the signal is aborted. */
export async function serveStdio(app: App, signal: AbortSignal, options: ServerOptions = {}): Promise<void> {
  const [{ serveStdio: serve }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./server.ts'),
  ]);
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const handle = serve(() => createMcpServer(app, options), {
    onerror: (error) => process.stderr.write(`mcp: ${error.message}\n`),
  });
  await ended;
  // Work in flight must not hold the process back: the client that asked for it is gone.
  await Promise.race([handle.close(), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
}
