/** Recorded tool runs: the envelope as it was returned, and what computing it cost. */
import type { Migration } from '../migrate.ts';

export const runs: Migration = {
  name: '0002-runs',
  up: (database) =>
    database.exec(`
      CREATE TABLE runs (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL UNIQUE,
        tool TEXT NOT NULL,
        as_of TEXT NOT NULL,
        created_at TEXT NOT NULL,
        envelope TEXT NOT NULL,
        duration_ms REAL NOT NULL,
        memory_bytes INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX runs_by_tool ON runs (tool, sequence);
    `),
};
