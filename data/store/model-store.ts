/** The model registry in SQLite. One champion a name; promotion of another retires it, and every step is recorded. */
import type { Database, SqlRow } from './database.ts';

export type ModelStage = 'challenger' | 'champion' | 'retired';

export interface RegisteredModel {
  /** The training run: it names recipe, data and code. */
  readonly runId: string;
  readonly name: string;
  readonly stage: ModelStage;
  readonly algorithm: string;
  readonly artefactHash: string;
  readonly dataHashes: readonly string[];
  readonly codeVersion: string;
  readonly parameters: unknown;
  readonly metrics: unknown;
  readonly previousRunId: string | null;
  /** Runs that the promotion rests on. */
  readonly evidence: readonly string[];
  readonly registeredAt: string;
}

export interface ModelEvent {
  readonly runId: string;
  readonly name: string;
  readonly event: string;
  readonly by: string;
  readonly note: string;
  readonly at: string;
}

export interface ModelStore {
  list(): readonly RegisteredModel[];
  get(runId: string): RegisteredModel | undefined;
  artefact(runId: string): string | undefined;
  champion(name: string): RegisteredModel | undefined;
  /** Registers or moves a model; a champion of the same name is retired in the same transaction. */
  promote(model: Omit<RegisteredModel, 'registeredAt'> & { readonly artefact: string }, by: string, note: string): void;
  events(name?: string): readonly ModelEvent[];
}

export function createModelStore(database: Database, now: () => string): ModelStore {
  const record = (runId: string, name: string, event: string, by: string, note: string): void => {
    database
      .prepare('INSERT INTO model_events (run_id, name, event, by_whom, note, at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(runId, name, event, by, note, now());
  };
  const store: ModelStore = {
    list: () => database.prepare('SELECT * FROM models ORDER BY registered_at DESC, run_id').all().map(toModel),
    get(runId) {
      const row = database.prepare('SELECT * FROM models WHERE run_id = ?').get(runId);
      return row === undefined ? undefined : toModel(row);
    },
    artefact(runId) {
      const row = database.prepare('SELECT artefact FROM models WHERE run_id = ?').get(runId);
      return row === undefined ? undefined : String(row['artefact']);
    },
    champion(name) {
      const row = database.prepare("SELECT * FROM models WHERE name = ? AND stage = 'champion'").get(name);
      return row === undefined ? undefined : toModel(row);
    },
    promote(model, by, note) {
      database.transaction(() => {
        const old = model.stage === 'champion' ? store.champion(model.name) : undefined;
        if (old !== undefined && old.runId !== model.runId) {
          database.prepare("UPDATE models SET stage = 'retired' WHERE run_id = ?").run(old.runId);
          record(old.runId, old.name, 'retired', by, `replaced by ${model.runId}`);
        }
        database
          .prepare('INSERT OR REPLACE INTO models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
          .run(
            model.runId,
            model.name,
            model.stage,
            model.algorithm,
            model.artefact,
            model.artefactHash,
            JSON.stringify(model.dataHashes),
            model.codeVersion,
            JSON.stringify(model.parameters),
            JSON.stringify(model.metrics),
            model.previousRunId,
            JSON.stringify(model.evidence),
            now(),
          );
        record(model.runId, model.name, model.stage, by, note);
      });
    },
    events(name) {
      return database
        .prepare('SELECT * FROM model_events WHERE ? IS NULL OR name = ? ORDER BY sequence')
        .all(name ?? null, name ?? null)
        .map((row) => ({
          runId: String(row['run_id']),
          name: String(row['name']),
          event: String(row['event']),
          by: String(row['by_whom']),
          note: String(row['note']),
          at: String(row['at']),
        }));
    },
  };
  return store;
}

function toModel(row: SqlRow): RegisteredModel {
  const json = (key: string): unknown => JSON.parse(String(row[key]));
  return {
    runId: String(row['run_id']),
    name: String(row['name']),
    stage: String(row['stage']) as ModelStage,
    algorithm: String(row['algorithm']),
    artefactHash: String(row['artefact_hash']),
    dataHashes: json('data_hashes') as string[],
    codeVersion: String(row['code_version']),
    parameters: json('parameters'),
    metrics: json('metrics'),
    previousRunId: row['previous_run_id'] === null ? null : String(row['previous_run_id']),
    evidence: json('evidence') as string[],
    registeredAt: String(row['registered_at']),
  };
}
