#!/usr/bin/env node
/** `node dist/mcp-server.js`: the server for hosts that start it themselves. `tradewind mcp` is the same. */
import { redirectConsole, serveStdio } from './serve-stdio.ts';

redirectConsole();
const controller = new AbortController();
process.on('SIGINT', () => controller.abort());
process.on('SIGTERM', () => controller.abort());
const { createApp } = await import('../app/create-app.ts');
const app = createApp({ notify: (message) => process.stderr.write(`${message}\n`) });
await serveStdio(app, controller.signal);
await app.close();
process.exit(0);
