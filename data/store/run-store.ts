/** Recorded tool runs in SQLite. A run id names its content, so writing the same run twice changes nothing. */
import type { RecordedRun, RecordedRunRow, RunRecord, RunStore } from '../ports.ts';
import type { Database, SqlRow } from './database.ts';

export interface RunMeasurements {
  readonly durationMs: number;
  readonly memoryBytes: number;
}

/** What a run cost when it was computed. */
export interface MeasuredRunStore extends RunStore {
  measurements(runId: string): Promise<RunMeasurements | undefined>;
  /** Ids that begin with the given text, newest first: people type the first few characters. */
  complete(prefix: string, limit: number): Promise<readonly string[]>;
}

export function createRunStore(database: Database, now: () => string): MeasuredRunStore {
  return {
    async record(run: RunRecord) {
      database
        .prepare(
          'INSERT OR REPLACE INTO runs (run_id, tool, as_of, created_at, envelope, duration_ms, memory_bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
        )
        .run(run.runId, run.tool, run.asOf, now(), run.envelope, run.durationMs, run.memoryBytes);
    },
    async get(runId) {
      const row = database.prepare('SELECT * FROM runs WHERE run_id = ?').get(runId);
      return row === undefined ? undefined : toRun(row);
    },
    async list({ tool, limit, before }) {
      const rows = database
        .prepare(
          `SELECT run_id, tool, as_of, created_at FROM runs
           WHERE (? IS NULL OR tool = ?) AND (? IS NULL OR sequence < (SELECT sequence FROM runs WHERE run_id = ?))
           ORDER BY sequence DESC LIMIT ?`,
        )
        .all(tool ?? null, tool ?? null, before ?? null, before ?? null, limit);
      return rows.map(toRow);
    },
    async measurements(runId) {
      const row = database.prepare('SELECT duration_ms, memory_bytes FROM runs WHERE run_id = ?').get(runId);
      return row === undefined
        ? undefined
        : { durationMs: Number(row['duration_ms']), memoryBytes: Number(row['memory_bytes']) };
    },
    async complete(prefix, limit) {
      return database
        .prepare('SELECT run_id FROM runs WHERE substr(run_id, 1, length(?)) = ? ORDER BY sequence DESC LIMIT ?')
        .all(prefix, prefix, limit)
        .map((row) => String(row['run_id']));
    },
  };
}

function toRow(row: SqlRow): RecordedRunRow {
  return {
    runId: String(row['run_id']),
    tool: String(row['tool']),
    asOf: String(row['as_of']),
    createdAt: String(row['created_at']),
    ok: true,
  };
}

function toRun(row: SqlRow): RecordedRun {
  return { ...toRow(row), envelope: JSON.parse(String(row['envelope'])) };
}
