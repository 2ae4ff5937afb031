/** kill -9 before every node: the session resumes, loses nothing and doubles nothing. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../data/store/database.ts';
import { createRunStore } from '../data/store/run-store.ts';
import { openCheckpointer } from './checkpointer.ts';
import { nodeNames } from './graph.ts';
import { takeTurn, testDesk } from './testing/test-desk.ts';

const script = fileURLToPath(new URL('./testing/die-at-node.ts', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kill-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Asks two questions; the process is killed before the named node of the second. */
function askAndDie(file: string, node: string): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, file, node], { stdio: 'ignore' });
    child.on('exit', (_code, signal) => resolve(signal));
  });
}

describe('a process killed at any node', () => {
  const nodes = nodeNames.filter((node) => node !== 'repair' && node !== 'allocate');
  it.each(nodes)(
    '%s',
    async (node) => {
      const file = join(folder, `${node}.sqlite`);
      expect(await askAndDie(file, node)).toBe('SIGKILL');
      const runs = createRunStore(openDatabase(`${file}.runs`), () => '2026-01-02T12:00:00Z');
      const desk = testDesk({ checkpointer: await openCheckpointer(file), runs });
      const pending = await desk.pending('s');
      expect(pending).toEqual({ kind: 'unfinished', question: 'what is 15% of 84,000' });
      const turn = await takeTurn(desk.resume('s'));
      expect(turn.error).toBeNull();
      expect(turn.text).toContain('12,600');
      const history = await desk.history('s');
      expect(history.map((record) => record.user)).toEqual(['what is survivorship bias', 'what is 15% of 84,000']);
      expect((await desk.state('s'))?.handles.map((entry) => entry.handle)).toEqual(['r1']);
      expect(await desk.pending('s')).toEqual({ kind: 'none' });
    },
    60_000,
  );
});
