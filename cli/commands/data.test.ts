import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../app/create-app.ts';
import { examine } from '../../app/examine.ts';
import { fetchLive } from '../../app/fetch-live.ts';
import type { CommandContext } from '../command-context.ts';
import { registerDataCommands } from './data.ts';
import { registerDoctorCommand } from './doctor.ts';

let folder: string;
let app: App;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-data-'));
  app = createApp({
    environment: { TRADEWIND_HOME: folder, HOME: folder },
    projectFolder: folder,
    now: () => new Date('2026-01-05'),
  });
  writeFileSync(join(folder, 'ko.csv'), 'date,close\n2024-01-02,59.8\n2024-01-03,60\n');
  writeFileSync(join(folder, 'bad.csv'), 'date,close\n2024-01-02,59.8\n2024-01-99,60\n');
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  let code = 0;
  const context: CommandContext = {
    openApp: async () => app,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    readStdin: async () => '',
    signal: new AbortController().signal,
    exit: (status) => {
      code = status;
    },
  };
  const program = new Command().exitOverride();
  registerDataCommands(program, context);
  registerDoctorCommand(program, context);
  await program.parseAsync(args, { from: 'user' });
  return { out: out.join('\n'), err: err.join('\n'), code };
}

describe('data commands', () => {
  it('imports, lists, shows and removes', async () => {
    expect((await run('data', 'list', '--own')).out).toContain('none yet');
    expect((await run('data', 'import', join(folder, 'ko.csv'))).out).toContain('2 rows: 2 new');
    expect((await run('data', 'list')).out).toMatch(/KO +bars[\s\S]*SPX[\s\S]*SYNTHETIC[\s\S]*DEMO:MKT/);
    expect((await run('data', 'show', 'ko')).out).toMatch(/The Coca-Cola Company[\s\S]*2024-01-03 +60/);
    expect(JSON.parse((await run('data', 'show', 'DEMO:US:CPI', '--json')).out)).toMatchObject({ id: 'DEMO:US:CPI' });
    expect((await run('data', 'show', 'DEMO:BALANCED')).out).toContain('SYNTHETIC');
    expect(await run('data', 'remove', 'KO')).toMatchObject({ code: 2 });
    expect(await run('data', 'remove', 'KO', '--yes')).toMatchObject({ code: 0 });
    await expect(run('data', 'remove', 'SPX', '--yes')).rejects.toMatchObject({ code: 'NOT_HELD' });
    await expect(run('data', 'show', 'KO')).rejects.toMatchObject({ code: 'NO_DATA' });
  });

  it('says what is wrong with a file', async () => {
    await expect(run('data', 'import', join(folder, 'bad.csv'))).rejects.toThrow(/line 3: "2024-01-99"/);
    await expect(run('data', 'import', join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
  });

  it('sends panels to FRED and the rest to Yahoo', async () => {
    const hosts: string[] = [];
    const outside = {
      sleep: async () => undefined,
      fetch: async (input: Parameters<typeof fetch>[0]) => {
        hosts.push(new URL(String(input)).host);
        return new Response('', { status: 404 });
      },
    };
    await expect(fetchLive(app, { name: 'us:cpi' }, outside)).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' });
    await expect(fetchLive(app, { name: 'NVDA' }, outside)).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' });
    expect(hosts).toEqual(['fred.stlouisfed.org', 'query2.finance.yahoo.com']);
    await expect(fetchLive(app, { name: 'NVDA', start: 'soon' }, outside)).rejects.toMatchObject({
      code: 'INVALID_DATE',
    });
  });
});

describe('doctor', () => {
  it('reports each part on a line and is well offline', async () => {
    const { out, code } = await run('doctor', '--offline');
    expect(code).toBe(0);
    for (const part of ['versions', 'store', 'bundled data', 'model', 'network']) expect(out).toContain(part);
    expect(out).toContain('2000-01-03 to 2020-04-17');
  });

  it('tells a network that is down from one that works', async () => {
    const down = await examine(app, { offline: false, fetch: () => Promise.reject(new Error('no')) });
    expect(down.find((check) => check.name === 'network')).toMatchObject({ state: 'note' });
    const up = await examine(app, { offline: false, fetch: async () => new Response('') });
    expect(up.find((check) => check.name === 'network')).toMatchObject({ state: 'ok' });
  });
});
