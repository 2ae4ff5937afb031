/** Tab: slash commands, file names after @, symbols. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ChatSession } from './slash-command.ts';
import { slashCommands } from './slash-commands.ts';

export interface Completion {
  /** What stands instead of the typed word. */
  readonly candidates: readonly string[];
  /** Where the word begins. */
  readonly from: number;
}

function files(typed: string): readonly string[] {
  const folder = typed.endsWith('/') ? typed : dirname(typed);
  const start = typed.endsWith('/') ? '' : basename(typed);
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })
      .filter((entry) => entry.name.startsWith(start) && !entry.name.startsWith('.'))
      .slice(0, 30)
      .map(
        (entry) =>
          `@${join(folder === '.' && !typed.startsWith('./') ? '' : folder, entry.name)}${entry.isDirectory() ? '/' : ''}`,
      );
  } catch {
    return [];
  }
}

export async function complete(text: string, cursor: number, chat: ChatSession): Promise<Completion> {
  const head = text.slice(0, cursor);
  const word = /[^\s]*$/.exec(head)?.[0] ?? '';
  const from = cursor - word.length;
  if (head.startsWith('/') && from === 0) {
    return {
      from,
      candidates: slashCommands.map((command) => `/${command.name}`).filter((name) => name.startsWith(word)),
    };
  }
  if (word.startsWith('@')) return { from, candidates: files(word.slice(1)) };
  if (word.length < 2 || !/^[A-Za-z:.^]+$/.test(word)) return { from, candidates: [] };
  const found = await chat.app.portsAt(chat.asOf).market.search({ text: word, limit: 12 });
  return {
    from,
    candidates: found.map((one) => one.symbol).filter((symbol) => symbol.toLowerCase().startsWith(word.toLowerCase())),
  };
}

/** What all candidates share: the part that a Tab can add without a choice. */
export function commonPrefix(words: readonly string[]): string {
  const [first = '', ...rest] = words;
  let length = first.length;
  for (const word of rest) while (!word.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length--;
  return first.slice(0, length);
}
