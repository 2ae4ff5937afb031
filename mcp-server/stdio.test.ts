/** The real server process, spoken to by both generations of the official client. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client as CurrentClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as CurrentTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'tradewind-mcp-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const server = {
  command: process.execPath,
  args: ['--import', 'tsx', join(root, 'mcp-server/main.ts'), '--toolsets', 'docs'],
  cwd: root,
  env: { PATH: process.env['PATH'] ?? '', TRADEWIND_HOME: home },
};

const clients = [
  [
    'first generation',
    () => new FirstClient({ name: 'test', version: '1' }),
    () => new FirstTransport({ ...server, stderr: 'ignore' }),
  ],
  [
    'current generation',
    () => new CurrentClient({ name: 'test', version: '1' }),
    () => new CurrentTransport({ ...server, stderr: 'ignore' }),
  ],
] as const;

describe.each(clients)('MCP over stdio, %s', (_name, createClient, createTransport) => {
  it('lists every tool with both schemas, runs one, and explains a bad call', async () => {
    const client = createClient() as FirstClient;
    await client.connect(createTransport() as FirstTransport);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain('list_runs');
    for (const tool of tools) {
      expect(tool.inputSchema.type).toBe('object');
      if (!['search_tools', 'call_tool'].includes(tool.name)) expect(tool.outputSchema?.type).toBe('object');
      expect(tool.annotations?.readOnlyHint).toBe(true);
    }
    const good = await client.callTool({ name: 'list_runs', arguments: { limit: 3 } });
    expect(good.structuredContent).toMatchObject({ runs: [], count: 0 });
    expect(JSON.stringify(good.content)).toContain('As of ');
    const bad = await client.callTool({ name: 'list_runs', arguments: { limit: 3000 } });
    expect(bad.isError).toBe(true);
    expect(JSON.stringify(bad.content)).toContain('INVALID_INPUT');
    const unknown = await client.callTool({ name: 'list_run', arguments: {} });
    expect(unknown.isError).toBe(true);
    expect(JSON.stringify(unknown.content)).toContain('Did you mean list_runs');
    await client.close();
  });
});

describe('the process', () => {
  it('ends by itself within two seconds when its client is gone, and survives garbage lines before', async () => {
    const child = spawn(server.command, server.args, {
      cwd: server.cwd,
      env: server.env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const answered = () => output.includes('"id":1');
    child.stdin.write('this is not JSON\n{"broken": \n');
    child.stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } } })}\n`,
    );
    for (let waited = 0; !answered() && waited < 15_000; waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered()).toBe(true);
    for (const line of output.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    const closed = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const before = performance.now();
    child.stdin.end();
    expect(await closed).toBe(0);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
