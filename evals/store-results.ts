/** Keeps eval runs in a SQLite file, one row a case, so that runs can be asked about with SQL. */
import { openDatabase } from '../data/store/database.ts';
import type { CaseResult } from './run.ts';

export interface StoredRun {
  /** When it ended, as an ISO timestamp. */
  readonly at: string;
  readonly model: string;
  readonly results: readonly CaseResult[];
}

const schema = `
CREATE TABLE IF NOT EXISTS eval_runs (run INTEGER PRIMARY KEY, at TEXT NOT NULL, model TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS eval_results (
  run INTEGER NOT NULL REFERENCES eval_runs (run),
  id TEXT NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  status TEXT NOT NULL,
  passed INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  failed_graders TEXT NOT NULL,
  turns TEXT NOT NULL,
  PRIMARY KEY (run, id)
) STRICT;`;

/** Adds the run to the file (made if it is not there) and returns its number. */
export function storeResults(file: string, { at, model, results }: StoredRun): number {
  const database = openDatabase(file);
  try {
    database.exec(schema);
    return database.transaction(() => {
      const row = database.prepare('INSERT INTO eval_runs (at, model) VALUES (?, ?) RETURNING run').get(at, model);
      const run = Number(row?.['run']);
      const insert = database.prepare('INSERT INTO eval_results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
      for (const { id, category, severity, status, trials, turns } of results) {
        const failed = turns.flatMap(({ verdicts }) =>
          verdicts.filter(({ pass }) => !pass).map(({ grader }) => grader),
        );
        const duration = turns.reduce((sum, { transcript }) => sum + transcript.durationMs, 0);
        const { passed, total } = trials ?? { passed: status === 'pass' ? 1 : 0, total: status === 'error' ? 0 : 1 };
        insert.run(
          run,
          id,
          category,
          severity,
          status,
          passed,
          total,
          duration,
          JSON.stringify(failed),
          JSON.stringify(turns),
        );
      }
      return run;
    });
  } finally {
    database.close();
  }
}
