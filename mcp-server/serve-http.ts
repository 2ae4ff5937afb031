/**
 * Stateless Streamable HTTP: any replica can answer any request. Loopback by default; another address wants a bearer token.
 * Host and Origin are checked, so that a web page cannot reach it through a rebound name.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { App } from '../app/create-app.ts';
import { invalidInput } from '../lib/errors.ts';
import { createMcpServer, type ServerOptions } from './server.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const MAX_BODY_BYTES = 1_048_576;

export interface HttpOptions extends ServerOptions {
  readonly host: string;
  readonly port: number;
  /** Required for any address that is not loopback. */
  readonly token?: string | undefined;
  /** Further names under which clients reach the server. */
  readonly allowedHosts?: readonly string[];
}

export interface HttpHandle {
  readonly url: string;
  close(): Promise<void>;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32600, message } }));
}

/** Compared by hash, in constant time, so that the answer's timing says nothing about the token. */
function hasToken(request: IncomingMessage, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

export async function serveHttp(app: App, options: HttpOptions): Promise<HttpHandle> {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(options.host);
  if (!loopback && !options.token) {
    throw invalidInput({
      what: 'A server on an address other than loopback',
      needed: 'given a token (TRADEWIND_MCP_TOKEN)',
      got: `--host ${options.host} without one`,
      hint: 'Set TRADEWIND_MCP_TOKEN, or leave --host out.',
    });
  }
  const names = [...LOOPBACK, ...(loopback ? [] : [options.host]), ...(options.allowedHosts ?? [])];
  const hostIsAllowed = hostHeaderValidation(names);
  const originIsAllowed = originValidation(names);
  const handler = createMcpHandler(() => createMcpServer(app, options), { maxRequestBodySize: MAX_BODY_BYTES });
  const serve = toNodeHandler(handler);
  const http: HttpServer = createServer((request, response) => {
    if (!hostIsAllowed(request, response) || !originIsAllowed(request, response)) return;
    if (options.token && !hasToken(request, options.token)) return refuse(response, 401, 'A bearer token is needed.');
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp')
      return refuse(response, 404, 'The endpoint is /mcp.');
    // The adapter's structural type forbids an undefined method, which Node's own type allows.
    Promise.resolve(
      serve(Object.assign(request, { method: request.method ?? 'GET', url: request.url ?? '/' }), response),
    ).catch(() => {
      if (!response.headersSent) refuse(response, 500, 'The request failed.');
    });
  });
  http.headersTimeout = 10_000;
  http.requestTimeout = 300_000;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, options.host, resolve);
  });
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/mcp`,
    async close() {
      await handler.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
