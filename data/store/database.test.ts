import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { databasePath, dataFolder } from './data-folder.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-store-'));
  folders.push(folder);
  return folder;
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const hasNodeSqlite = major > 22 || (major === 22 && minor >= 13);

describe('openDatabase', () => {
  it('creates the folder, uses write-ahead logging and migrates once', () => {
    const path = databasePath(join(temporary(), 'deep', 'home'));
    const first = openDatabase(path);
    expect(first.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(first.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    first.close();
    const second = openDatabase(path);
    expect(second.prepare('SELECT count(*) AS n FROM migrations').get()).toEqual({ n: migrations.length });
    expect(second.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
    second.close();
  });

  it('says in words that the place or the file is no good', () => {
    const folder = temporary();
    writeFileSync(join(folder, 'file'), 'This is text and no database. '.repeat(100));
    expect(() => openDatabase(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
    expect(() => openDatabase(join(folder, 'file', 'x.sqlite'))).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
    );
  });

  it('rolls a failed transaction back, also when it is nested', () => {
    const database = openDatabase(':memory:');
    database.exec('CREATE TABLE t (x INTEGER)');
    expect(() =>
      database.transaction(() => {
        database.prepare('INSERT INTO t VALUES (?)').run(1);
        database.transaction(() => {
          throw new Error('stop');
        });
      }),
    ).toThrow('stop');
    expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    expect(database.transaction(() => database.prepare('INSERT INTO t VALUES (?)').run(2).changes)).toBe(1);
  });

  it('applies a migration that another branch put before the ones already there', () => {
    const database = openDatabase(':memory:');
    const late = { name: '0000-late', up: () => database.exec('CREATE TABLE late (x)') };
    migrate(database, [late, ...migrations]);
    migrate(database, [late, ...migrations]);
    expect(database.prepare('SELECT count(*) AS n FROM late').get()).toEqual({ n: 0 });
  });

  it('leaves nothing of a migration that fails', () => {
    const database = openDatabase(':memory:');
    const bad = {
      name: '9999-bad',
      up: () => {
        database.exec('CREATE TABLE half (x)');
        throw new Error('bad migration');
      },
    };
    expect(() => migrate(database, [...migrations, bad])).toThrow('bad migration');
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
  });

  it('keeps bytes as they are', () => {
    const database = openDatabase(':memory:');
    database.exec('CREATE TABLE b (x BLOB)');
    database.prepare('INSERT INTO b VALUES (?)').run(new Uint8Array([0, 255, 7]));
    const row = database.prepare('SELECT x FROM b').get();
    expect(Array.from(row?.['x'] as Uint8Array)).toEqual([0, 255, 7]);
  });

  it.skipIf(!hasNodeSqlite)('works on node:sqlite', () => {
    const database = openDatabase(':memory:', { driver: 'node:sqlite' });
    expect(database.driver).toBe('node:sqlite');
    expect(database.prepare('SELECT 1 AS one').get()?.['one']).toBe(1);
  });
});

describe('dataFolder', () => {
  it('follows the conventions of each system, and the override before all', () => {
    expect(dataFolder({ platform: 'linux', home: '/h' })).toBe(join('/h', '.local', 'share', 'tradewind'));
    expect(dataFolder({ platform: 'linux', home: '/h', xdgDataHome: '/x' })).toBe(join('/x', 'tradewind'));
    expect(dataFolder({ platform: 'darwin', home: '/h' })).toContain('Application Support');
    expect(dataFolder({ platform: 'win32', home: '/h', localAppData: '/l' })).toBe(join('/l', 'tradewind'));
    expect(dataFolder({ platform: 'linux', home: '/h', override: '/o' })).toBe('/o');
  });
});
