/** Memory in one small JSON file, written whole and renamed, so that a crash leaves the old or the new one. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { invalidInput } from '../../lib/errors.ts';
import type { MemoryItem, MemoryStore } from './memory-store.ts';

export const MEMORY_DAYS = 90;
const LONGEST_VALUE = 400;
const MOST_ITEMS = 200;

/** Words that would steer a model rather than describe the person: never kept. */
const instruction =
  /ignore (?:all|any|previous|your)|system prompt|you (?:must|should|are) (?:now|always)|disregard|approve (?:all|every)|지시를 무시|무조건 승인/i;

export interface FileMemoryOptions {
  readonly file: string;
  readonly now: () => Date;
}

export function createFileMemoryStore({ file, now }: FileMemoryOptions): MemoryStore {
  const read = (): readonly MemoryItem[] => {
    try {
      const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const today = now().toISOString();
      return Array.isArray(parsed) ? (parsed as MemoryItem[]).filter((item) => item.expiresAt > today) : [];
    } catch {
      // No file yet, or one that cannot be read: nothing is remembered.
      return [];
    }
  };
  const write = (items: readonly MemoryItem[]): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(items, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    async list() {
      return read();
    },
    async remember({ kind, key, value }) {
      if (value.length > LONGEST_VALUE || instruction.test(`${key} ${value}`)) {
        throw invalidInput({
          what: 'A memory',
          needed: `a short fact about the person (at most ${LONGEST_VALUE} characters) and no instruction`,
          got: value.slice(0, 60),
          hint: 'Write what is preferred or was decided, such as "risk profile: cautious".',
        });
      }
      const created = now();
      const item: MemoryItem = {
        id: `m_${createHash('sha256').update(`${kind} ${key}`).digest('hex').slice(0, 8)}`,
        kind,
        key,
        value,
        createdAt: created.toISOString(),
        expiresAt: new Date(created.getTime() + MEMORY_DAYS * 86_400_000).toISOString(),
      };
      write([...read().filter((other) => other.id !== item.id), item].slice(-MOST_ITEMS));
      return item;
    },
    async forget(idOrKey) {
      const items = read();
      const kept = idOrKey === '*' ? [] : items.filter((item) => item.id !== idOrKey && item.key !== idOrKey);
      write(kept);
      return items.length - kept.length;
    },
  };
}
