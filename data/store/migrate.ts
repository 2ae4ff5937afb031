/** Brings a database to the newest schema. Each migration is applied once, by name, inside one transaction. */
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';

/** One step of the schema: never edited once released; a later change is a new file. */
export interface Migration {
  /** `0001-market`: the file's name. */
  readonly name: string;
  readonly up: (database: Database) => void;
}

export function migrate(database: Database, list: readonly Migration[] = migrations): void {
  const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'").get();
  const applied = exists ? appliedNames(database) : new Set<string>();
  if (list.every((migration) => applied.has(migration.name))) return;
  database.transaction(() => {
    database.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY) STRICT');
    // Read again under the write lock: another process may have migrated in between.
    const now = appliedNames(database);
    for (const migration of list) {
      if (now.has(migration.name)) continue;
      migration.up(database);
      database.prepare('INSERT INTO migrations (name) VALUES (?)').run(migration.name);
    }
    database.exec(`PRAGMA user_version = ${list.length}`);
  });
}

function appliedNames(database: Database): ReadonlySet<string> {
  return new Set(
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map((row) => String(row['name'])),
  );
}
