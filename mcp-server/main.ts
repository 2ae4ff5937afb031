#!/usr/bin/env node
/** `node dist/mcp-server.js [--toolsets a,b] [--tools x,y]`: the server for hosts that start it themselves. */
import { parseArgs } from 'node:util';
import { redirectConsole, serveStdio } from './serve-stdio.ts';

redirectConsole();
const controller = new AbortController();
process.on('SIGINT', () => controller.abort());
process.on('SIGTERM', () => controller.abort());
const say = (message: string) => void process.stderr.write(`${message}\n`);

try {
  const { values } = parseArgs({
    options: { toolsets: { type: 'string' }, tools: { type: 'string' }, 'read-only': { type: 'boolean' } },
  });
  const { createApp } = await import('../app/create-app.ts');
  const app = createApp({ notify: say });
  await serveStdio(app, controller.signal, {
    ...(values.toolsets === undefined ? {} : { toolsets: values.toolsets.split(',') }),
    ...(values.tools === undefined ? {} : { tools: values.tools.split(',') }),
  });
  await app.close();
  process.exit(0);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(2);
}
