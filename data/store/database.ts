/**
 * One small face over SQLite. `better-sqlite3` is used where its native module loads; otherwise the `node:sqlite`
 * of Node 22.5 and later, with a warning, so that a machine without a compiler still works.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { isTradewindError, notAvailable } from '../../lib/errors.ts';
import { migrate } from './migrate.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): readonly SqlRow[];
}

export interface Database {
  readonly driver: 'better-sqlite3' | 'node:sqlite';
  readonly path: string;
  exec(sql: string): void;
  /** Statements are cached by their text. */
  prepare(sql: string): Statement;
  /** All or nothing; the outermost call begins and commits, inner calls join it. */
  transaction<T>(body: () => T): T;
  close(): void;
}

export interface OpenDatabaseOptions {
  /** Told once when the native module is missing. */
  readonly warn?: (message: string) => void;
  /** For tests of the fallback. */
  readonly driver?: 'better-sqlite3' | 'node:sqlite';
}

/** What both drivers offer alike. */
interface RawDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
    get(...values: readonly SqlValue[]): unknown;
    all(...values: readonly SqlValue[]): unknown;
  };
  close(): void;
}

const require = createRequire(import.meta.url);

/** Opens (and creates) the database file, applies missing migrations. `:memory:` gives a private one. */
export function openDatabase(path: string, options: OpenDatabaseOptions = {}): Database {
  try {
    return open(path, options);
  } catch (error) {
    throw isTradewindError(error) ? error : (explainOpening(path, error) ?? error);
  }
}

function open(path: string, options: OpenDatabaseOptions): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const { raw, driver } = openRaw(path, options);
  raw.exec('PRAGMA busy_timeout = 5000');
  raw.exec('PRAGMA journal_mode = WAL');
  raw.exec('PRAGMA synchronous = NORMAL');
  raw.exec('PRAGMA foreign_keys = ON');
  const database = wrap(raw, driver, path);
  migrate(database);
  return database;
}

/** Trouble with the place or the file is told in words; anything else is a bug and stays one. */
function explainOpening(path: string, error: unknown): Error | undefined {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? '');
  const text = error instanceof Error ? error.message : '';
  const damaged = /NOTADB|CORRUPT/.test(code) || /not a database|malformed/.test(text);
  const place = /^E[A-Z]+$|CANTOPEN|READONLY|IOERR|PERM/.test(code) || /unable to open|readonly/.test(text);
  if (!damaged && !place) return undefined;
  return notAvailable({
    code: 'STORE_UNAVAILABLE',
    message: damaged
      ? `The store ${path} is not a readable database.`
      : `The store ${path} cannot be opened or written (${code || text}).`,
    hint: damaged
      ? 'Move the file away, or choose another folder with `--home` or TRADEWIND_HOME.'
      : 'Check the folder and its permissions, or choose another one with `--home` or TRADEWIND_HOME.',
  });
}

function openRaw(path: string, options: OpenDatabaseOptions): { raw: RawDatabase; driver: Database['driver'] } {
  if (options.driver !== 'node:sqlite') {
    try {
      const Native = require('better-sqlite3') as new (file: string) => RawDatabase;
      return { raw: new Native(path), driver: 'better-sqlite3' };
    } catch (error) {
      if (options.driver === 'better-sqlite3' || !isMissingModule(error)) throw error;
      options.warn?.('better-sqlite3 has no native module here; using the built-in node:sqlite instead.');
    }
  }
  try {
    const { DatabaseSync } = require('node:sqlite') as { DatabaseSync: new (file: string) => RawDatabase };
    return { raw: new DatabaseSync(path), driver: 'node:sqlite' };
  } catch (error) {
    if (!isMissingModule(error)) throw error;
    throw notAvailable({
      code: 'NO_SQLITE',
      message: 'Tradewind needs SQLite, but better-sqlite3 has no native module here and this Node has no node:sqlite.',
      hint: 'Run `npm rebuild better-sqlite3`, or use Node 22.5 or later.',
    });
  }
}

/** A module that is not there or does not load; not a database that cannot be opened. */
function isMissingModule(error: unknown): boolean {
  const text = error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : '';
  return /MODULE_NOT_FOUND|ERR_DLOPEN_FAILED|ERR_UNKNOWN_BUILTIN_MODULE|bindings file|No such built-in module/.test(
    text,
  );
}

function wrap(raw: RawDatabase, driver: Database['driver'], path: string): Database {
  const statements = new Map<string, Statement>();
  let depth = 0;
  const prepare = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known) return known;
    const inner = raw.prepare(sql);
    const statement: Statement = {
      run: (...values) => ({ changes: Number(inner.run(...values).changes) }),
      get: (...values) => inner.get(...values) as SqlRow | undefined,
      all: (...values) => inner.all(...values) as readonly SqlRow[],
    };
    statements.set(sql, statement);
    return statement;
  };
  const transaction = <T>(body: () => T): T => {
    if (depth > 0) return body();
    raw.exec('BEGIN IMMEDIATE');
    depth++;
    try {
      const result = body();
      raw.exec('COMMIT');
      return result;
    } catch (error) {
      raw.exec('ROLLBACK');
      throw error;
    } finally {
      depth--;
    }
  };
  return { driver, path, exec: (sql) => void raw.exec(sql), prepare, transaction, close: () => raw.close() };
}
