/** What was typed in earlier chats, one JSON string a line, so that a question of several lines stays one entry. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_HISTORY } from './editor.ts';

const fileIn = (home: string) => join(home, 'chat-history.jsonl');

export function readHistory(home: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(fileIn(home), 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .flatMap((line): string[] => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === 'string' ? [value] : [];
      } catch {
        return [];
      }
    })
    .slice(-MAX_HISTORY);
}

/** Written whole and moved into place: a crash leaves the old file or the new one. */
export function writeHistory(home: string, history: readonly string[]): void {
  mkdirSync(home, { recursive: true });
  const temporary = `${fileIn(home)}.${process.pid}`;
  writeFileSync(
    temporary,
    history
      .slice(-MAX_HISTORY)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
    { mode: 0o600 },
  );
  renameSync(temporary, fileIn(home));
}
