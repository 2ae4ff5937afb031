/** Proposals, the decisions about them, and the fills of the paper book. Decisions can only be appended: triggers refuse the rest. */
import type { Migration } from '../migrate.ts';

export const ledger: Migration = {
  name: '0020-ledger',
  up: (database) =>
    database.exec(`
      CREATE TABLE proposals (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        portfolio TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'booked')),
        as_of TEXT NOT NULL,
        created_at TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE TABLE fills (
        proposal_id TEXT NOT NULL REFERENCES proposals (id),
        line INTEGER NOT NULL,
        symbol TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('BUY', 'SELL')),
        quantity REAL NOT NULL,
        price REAL NOT NULL,
        cost REAL NOT NULL,
        filled_on TEXT NOT NULL,
        PRIMARY KEY (proposal_id, line)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE decisions (
        sequence INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        proposal_id TEXT NOT NULL,
        body TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER decisions_never_change BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END;
      CREATE TRIGGER decisions_never_go BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END;
    `),
};
