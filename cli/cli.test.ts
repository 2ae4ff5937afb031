/** The command line as a process: what is printed where, and the exit status. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tradewind-cli-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function tradewind(args: readonly string[], input: string | null = null): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'cli/main.ts'), ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, TRADEWIND_HOME: home },
      stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    if (input !== null) child.stdin?.end(input);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('tradewind', () => {
  it('prints its version, and help that names the exit statuses', async () => {
    const version = await tradewind(['--version']);
    expect(version).toMatchObject({ code: 0, err: '' });
    const help = await tradewind(['--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain('Exit status');
  });

  it('answers an unknown command with a suggestion and status 2', async () => {
    const ended = await tradewind(['tol', 'list']);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('tool');
    expect(ended.out).toBe('');
  });

  it('prints exactly one JSON document from `tool run`, for good and for bad', async () => {
    const good = await tradewind(['tool', 'run', 'list_runs', '--input', '{"limit": 1}']);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({ ok: true, input: { limit: 1 } });
    const bad = await tradewind(['tool', 'run', 'list_runs', '--input', '{"limit": "x"}']);
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.out)).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
    const unknown = await tradewind(['tool', 'run', 'list_rnus']);
    expect(unknown.code).toBe(2);
    expect(JSON.parse(unknown.out).error.hint).toContain('list_runs');
  });

  it('takes the input from a file, from @file and from standard input', async () => {
    const file = join(home, 'input.json');
    writeFileSync(file, '{"limit": 7}');
    for (const argument of [file, `@${file}`]) {
      expect(JSON.parse((await tradewind(['tool', 'run', 'list_runs', '--input', argument])).out).input.limit).toBe(7);
    }
    expect(
      JSON.parse((await tradewind(['tool', 'run', 'list_runs', '--input', '-'], '{"limit": 9}')).out).input.limit,
    ).toBe(9);
    const missing = await tradewind(['tool', 'run', 'list_runs', '--input', 'no-such-file.json']);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('no-such-file.json');
    const broken = await tradewind(['tool', 'run', 'list_runs', '--input', '{limit: 1}']);
    expect(broken.code).toBe(2);
    expect(broken.err).toContain('valid JSON');
  });

  it('says what to do about an unknown run or a bad setting', async () => {
    expect(await tradewind(['runs', 'show', 'run_0000'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('runs list'),
    });
    expect(await tradewind(['--as-of', '2020-13-45', 'runs', 'list'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('ISO date'),
    });
  });

  it('shows settings with their origin and no secrets', async () => {
    const ended = await tradewind(['--model', 'mine', 'config', 'show', '--origin']);
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/model\.name\s+mine\s+\[flag/);
    expect(ended.out).toMatch(/model\.apiKey\s+\(not set\)/);
  });

  it('asks for a question where there is none, and never waits for one it was given', async () => {
    expect(await tradewind(['ask'], '')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('question') });
  });
});

describe('tradewind ask', () => {
  it('answers the first question on stdout alone, with a run that can be opened and replayed', async () => {
    const ended = await tradewind(['ask', 'What regime is the S&P 500 in?']);
    expect(ended.code).toBe(0);
    expect(ended.out).not.toContain('\x1b');
    expect(ended.out).toContain('2020-04-17');
    const runId = /run_[0-9a-f]{16}/.exec(ended.out)?.[0] ?? '';
    const shown = await tradewind(['runs', 'show', runId]);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('SPX') });
    const listed = await tradewind(['runs', 'list', '--tool', 'fit_hmm']);
    expect(listed.out).toContain(runId);
    const replayed = await tradewind(['runs', 'replay', runId]);
    expect(JSON.parse(replayed.out)).toMatchObject({ ok: true, tool: 'fit_hmm' });
  });

  it('gives the whole answer as JSON and its events as JSON lines', async () => {
    const json = await tradewind(['ask', '--json', 'What regime is the S&P 500 in?']);
    expect(JSON.parse(json.out)).toMatchObject({ mode: 'single', unverified: 0 });
    const lines = (await tradewind(['ask', '--jsonl', '-p', 'What regime is the S&P 500 in?'])).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(lines).toContain('tool-finished');
    expect(lines.at(-1)).toBe('answer');
  });

  it('answers a piped chat line by line', async () => {
    const ended = await tradewind([], 'What regime is the S&P 500 in?\n/quit\n');
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('2020-04-17');
  });
});
