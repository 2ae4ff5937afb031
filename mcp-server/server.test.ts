import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../app/create-app.ts';
import { tools } from '../tools/registry.ts';
import { clientConfig, hosts } from './client-config.ts';
import { findTools } from './finding-tools.ts';
import { type HttpHandle, serveHttp } from './serve-http.ts';
import { listedTools } from './server.ts';
import { toToolResult } from './tool-result.ts';

let folder = '';
let app: App;
let open: HttpHandle;
let guarded: HttpHandle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-mcp-'));
  app = createApp({
    environment: { TRADEWIND_HOME: folder, HOME: folder },
    projectFolder: folder,
    now: () => new Date('2026-01-05T12:00:00Z'),
  });
  open = await serveHttp(app, { host: '127.0.0.1', port: 0, toolsets: ['all'] });
  guarded = await serveHttp(app, { host: '127.0.0.1', port: 0, token: 'secret-token' });
});

afterAll(async () => {
  await open.close();
  await guarded.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as never);
  return client;
}

function post(url: string, body: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('the list of tools', () => {
  it('costs at most 10,000 tokens by default', () => {
    expect(encode(JSON.stringify(listedTools({}))).length).toBeLessThanOrEqual(10_000);
  });

  it('offers the finding tools exactly where something is left out, and refuses unknown sets', () => {
    const names = (options: Parameters<typeof listedTools>[0]) => listedTools(options).map((tool) => tool.name);
    expect(names({ toolsets: ['all'] })).toEqual([...tools.map((tool) => tool.name), 'ask_desk']);
    expect(names({ toolsets: ['execution'] })).toContain('search_tools');
    expect(names({ tools: ['list_runs'] })).toEqual(['list_runs']);
    expect(() => names({ toolsets: ['doc'] })).toThrow(/must be one of/);
    expect(() => names({ tools: ['list_rnus'] })).toThrow(/must be one of/);
  });

  it('finds a tool by other words than its name', () => {
    expect(findTools(tools, 'what was computed earlier, newest first', 3).map((tool) => tool.name)).toContain(
      'list_runs',
    );
    expect(findTools(tools, 'zzzz qqqq', 3)).toEqual([]);
  });
});

describe('Streamable HTTP', () => {
  it('serves tools, resources, prompts and completion', async () => {
    const client = await connect(open.url);
    expect((await client.listTools()).tools.length).toBe(tools.length + 1);
    const asked = await client.callTool({
      name: 'ask_desk',
      arguments: { question: 'What regime is the S&P 500 in?' },
    });
    expect(asked.structuredContent).toMatchObject({
      mode: 'single',
      unverified: 0,
      session: expect.stringMatching(/^mcp-/),
    });
    expect(JSON.stringify(asked.content)).toContain('2020-04-17');
    const result = await client.callTool({ name: 'list_runs', arguments: {} });
    expect(result.structuredContent).toMatchObject({ count: expect.any(Number) });
    const { resources } = await client.listResources();
    expect(resources.map((resource) => resource.uri)).toContain('tradewind://glossary');
    const glossary = await client.readResource({ uri: 'tradewind://glossary' });
    expect(JSON.stringify(glossary)).toContain('Markov');
    await expect(client.readResource({ uri: 'tradewind://nothing' })).rejects.toThrow(/no resource/);
    await expect(client.readResource({ uri: 'tradewind://methods/../../../package' })).rejects.toThrow(/no resource/);
    const { prompts } = await client.listPrompts();
    expect(prompts.length).toBeGreaterThan(3);
    const prompt = await client.getPrompt({ name: 'explain_number', arguments: { runId: 'run_1', path: 'x' } });
    expect(JSON.stringify(prompt)).toContain('runs replay run_1');
    await expect(client.getPrompt({ name: 'explain_number', arguments: {} })).rejects.toThrow(/given runId, path/);
    await client.close();
  });

  it('refuses a foreign host, a foreign origin, a wrong path and a missing token', async () => {
    const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    expect((await post(open.url, ping, { host: 'evil.example' })).status).toBe(403);
    expect((await post(open.url, ping, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(open.url.replace('/mcp', '/other'), ping, {})).status).toBe(404);
    expect((await post(guarded.url, ping, {})).status).toBe(401);
    expect((await post(guarded.url, ping, { authorization: 'Bearer wrong' })).status).toBe(401);
    const client = await connect(guarded.url, { authorization: 'Bearer secret-token' });
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    await client.close();
  });

  it('answers malformed and oversized bodies with JSON-RPC errors', async () => {
    const malformed = await post(open.url, '{"jsonrpc": ', {});
    expect(malformed.status).toBe(400);
    expect(JSON.parse(malformed.body).error.code).toBe(-32700);
    const large = await post(
      open.url,
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { pad: 'x'.repeat(1_200_000) } }),
      {},
    );
    expect(large.status).toBe(413);
  });

  it('wants a token on any other address', async () => {
    await expect(serveHttp(app, { host: '0.0.0.0', port: 0 })).rejects.toThrow(/given a token/);
  });

  it('answers 200 calls at once', async () => {
    const client = await connect(open.url);
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        client.callTool({ name: 'list_runs', arguments: { limit: (i % 100) + 1 } }),
      ),
    );
    expect(results.every((result) => result.isError !== true)).toBe(true);
    await client.close();
  });
});

describe('toToolResult', () => {
  it('cuts long series to their last rows, says so, and links the whole', () => {
    const tool = tools.find((candidate) => candidate.name === 'list_runs');
    if (tool === undefined) throw new Error('unreachable');
    const runs = Array.from({ length: 5000 }, (_, i) => ({
      runId: `run_${i}`,
      tool: 'x',
      asOf: '2020-01-01',
      createdAt: 'now',
    }));
    const result = toToolResult(tool, {
      ok: true,
      tool: 'list_runs',
      version: 1,
      runId: 'run_f00d',
      asOf: '2020-01-01',
      seed: 42,
      input: {},
      data: [],
      output: { runs, count: 5000 },
      warnings: [],
    });
    expect(JSON.stringify(result.structuredContent).length).toBeLessThan(60_000);
    expect((result.structuredContent as { runs: { runId: string }[] }).runs.at(-1)?.runId).toBe('run_4999');
    expect(JSON.stringify(result.content)).toContain('tradewind://runs/run_f00d');
  });
});

describe('clientConfig', () => {
  it.each(hosts)('is complete for %s', (host) => {
    const { text } = clientConfig(host, {
      node: '/usr/bin/node',
      entry: '/opt/it is here/mcp-server.js',
      home: '/data',
    });
    expect(text).toContain('/opt/it is here/mcp-server.js');
    expect(text).toContain('/data');
    if (host !== 'claude-code') expect(() => JSON.parse(text)).not.toThrow();
  });
});
