/** Concept questions that need no data: a small reviewed file with sources, matched by its phrases. */
import { parse } from 'yaml';
import { z } from 'zod';
import type { Language } from '../../../lib/format.ts';

/** YAML reads a bare 252 as a number. */
const phrases = z.array(z.coerce.string());
const concept = z.object({
  id: z.string(),
  phrases: z.object({ en: phrases.default([]), ko: phrases.default([]) }),
  answer: z.object({ en: z.string(), ko: z.string() }),
  sources: z.array(z.string()).default([]),
});

export type Concept = z.output<typeof concept>;

export interface Knowledge {
  readonly concepts: readonly Concept[];
  /** The best concept for a question with its score; null below one matched phrase. */
  find(lower: string): { readonly concept: Concept; readonly score: number } | null;
  answer(concept: Concept, language: Language): string;
}

/** `text` is `concepts.yaml`. */
export function createKnowledge(text: string): Knowledge {
  const concepts = z.array(concept).parse(parse(text));
  const prepared = concepts.map((entry) => ({
    entry,
    phrases: [...entry.phrases.en, ...entry.phrases.ko].map((phrase) => ({
      phrase: plain(phrase),
      words: plain(phrase).split(' '),
    })),
  }));
  return {
    concepts,
    find(lower) {
      const question = plain(lower);
      let best: { concept: Concept; score: number } | null = null;
      for (const { entry, phrases } of prepared) {
        const score = phrases.reduce((sum, { phrase, words }) => sum + phraseScore(question, phrase, words), 0);
        if (score > (best?.score ?? 0)) best = { concept: entry, score };
      }
      return best;
    },
    answer: (entry, language) => {
      const label = language === 'ko' ? '출처' : 'Source';
      return `${entry.answer[language]}${entry.sources.length > 0 ? `\n\n${label}: ${entry.sources.join('; ')}` : ''}`;
    },
  };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9가-힣&.%]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A whole phrase counts most; all of its words in any order count less. */
function phraseScore(question: string, phrase: string, words: readonly string[]): number {
  if (phrase === '') return 0;
  const hangul = /[가-힣]/.test(phrase);
  const whole = hangul
    ? question.replaceAll(' ', '').includes(phrase.replaceAll(' ', ''))
    : ` ${question} `.includes(` ${phrase} `) || ` ${question} `.includes(` ${phrase}s `);
  if (whole) return 2 + words.length;
  if (words.length < 2) return 0;
  const inside = new Set(question.split(' ').map(stem));
  return words.every((word) => inside.has(stem(word))) ? 2 + words.length / 2 : 0;
}

/** Endings cut off: `labels` and `label`, `switching` and `switch`, `order` and `orders` meet. */
function stem(word: string): string {
  return word.length <= 4 ? word.replace(/s$/, '') : word.replace(/(?:ing|ed|es|s|ion)$/, '').slice(0, 7);
}
