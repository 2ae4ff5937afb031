/** Releases a streamed draft sentence by sentence, after binding; stops at the first number it cannot trace. */
import type { Binder } from '../../tools/binding/bind-text.ts';

export interface SentenceReleaser {
  /** `soFar` is the whole text up to now. */
  push(soFar: string): void;
  released(): string;
}

/** Ends of sentences: punctuation and a space, or a line end; never inside a placeholder. */
export function lastSentenceEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/[.!?。](?=\s)|\n/g)) {
    const at = match.index + match[0].length;
    const head = text.slice(0, at);
    const open = head.lastIndexOf('{{');
    if (open > head.lastIndexOf('}}')) continue;
    if (/(?:^|\n)\s{0,3}\d{1,2}\.$/.test(head)) continue;
    end = at;
  }
  return end;
}

export function createSentenceReleaser(binder: Binder, emit: (text: string) => void): SentenceReleaser {
  let released = '';
  let held = false;
  let seen = 0;
  return {
    push(soFar) {
      if (held) return;
      const end = lastSentenceEnd(soFar);
      if (end <= seen) return;
      seen = end;
      const bound = binder.bind(soFar.slice(0, end));
      if (bound.violations.length > 0 || !bound.text.startsWith(released)) {
        held = true;
        return;
      }
      const fresh = bound.text.slice(released.length);
      released = bound.text;
      if (fresh !== '') emit(fresh);
    },
    released: () => released,
  };
}
