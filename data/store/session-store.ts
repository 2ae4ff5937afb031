/** The list of conversations: newest first, searchable by the words of their first question. */
import { randomBytes } from 'node:crypto';
import type { Database, SqlRow } from './database.ts';

export interface SessionRow {
  readonly id: string;
  /** The first question, shortened. */
  readonly title: string;
  readonly turns: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface SessionStore {
  /** A new id; the session is listed once something was asked in it. */
  newId(): string;
  /** Notes a question of a session. */
  touch(id: string, question: string): void;
  list(query: { readonly text?: string; readonly limit: number }): readonly SessionRow[];
  last(): SessionRow | undefined;
  remove(id: string): void;
}

const TITLE_LENGTH = 80;

function toRow(row: SqlRow): SessionRow {
  return {
    id: String(row['id']),
    title: String(row['title']),
    turns: Number(row['turns']),
    createdAt: String(row['created_at']),
    updatedAt: String(row['updated_at']),
  };
}

export function createSessionStore(database: Database, now: () => string): SessionStore {
  const list: SessionStore['list'] = ({ text, limit }) =>
    database
      .prepare(
        "SELECT * FROM sessions WHERE instr(lower(title), lower(?)) > 0 OR ? = '' ORDER BY updated_at DESC, rowid DESC LIMIT ?",
      )
      .all(text ?? '', text ?? '', limit)
      .map(toRow);
  return {
    newId: () => `chat-${randomBytes(5).toString('hex')}`,
    touch(id, question) {
      const time = now();
      const title = question.replace(/\s+/g, ' ').trim().slice(0, TITLE_LENGTH);
      database
        .prepare(
          'INSERT INTO sessions (id, title, turns, created_at, updated_at) VALUES (?, ?, 1, ?, ?) ON CONFLICT (id) DO UPDATE SET turns = turns + 1, updated_at = excluded.updated_at',
        )
        .run(id, title, time, time);
    },
    list,
    last: () => list({ limit: 1 })[0],
    remove: (id) => void database.prepare('DELETE FROM sessions WHERE id = ?').run(id),
  };
}
