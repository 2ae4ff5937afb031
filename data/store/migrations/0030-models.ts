/** Registry of models: what was promoted, with its artefact and evidence, and an append-only list of what happened to it. */
import type { Migration } from '../migrate.ts';

export const models: Migration = {
  name: '0030-models',
  up: (database) =>
    database.exec(`
      CREATE TABLE models (
        run_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        stage TEXT NOT NULL CHECK (stage IN ('challenger', 'champion', 'retired')),
        algorithm TEXT NOT NULL,
        artefact TEXT NOT NULL,
        artefact_hash TEXT NOT NULL,
        data_hashes TEXT NOT NULL,
        code_version TEXT NOT NULL,
        parameters TEXT NOT NULL,
        metrics TEXT NOT NULL,
        previous_run_id TEXT,
        evidence TEXT NOT NULL,
        registered_at TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX one_champion ON models (name) WHERE stage = 'champion';
      CREATE TABLE model_events (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL,
        name TEXT NOT NULL,
        event TEXT NOT NULL,
        by_whom TEXT NOT NULL,
        note TEXT NOT NULL,
        at TEXT NOT NULL
      ) STRICT;
    `),
};
