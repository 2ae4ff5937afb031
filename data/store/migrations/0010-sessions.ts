/** Which conversations there are. Their content is the checkpointer's; here is what a list of them shows. */
import type { Migration } from '../migrate.ts';

export const sessions: Migration = {
  name: '0010-sessions',
  up: (database) =>
    database.exec(`
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        turns INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX sessions_by_time ON sessions (updated_at);
    `),
};
