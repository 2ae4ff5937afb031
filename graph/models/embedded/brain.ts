/** What the embedded model knows: its intents, the tools that are installed, the knowledge file, the symbol directory. */
import type { DeskParts } from '../../desk-parts.ts';
import { intents } from './intents/registry.ts';
import { createKnowledge, type Knowledge } from './knowledge.ts';
import { rememberTools } from './tool-intent.ts';
import type { Brain } from './understand.ts';

const emptyKnowledge: Knowledge = { concepts: [], find: () => null, answer: () => '' };

export function createBrain(parts: Pick<DeskParts, 'tools' | 'knowledge' | 'marketAt'>): Brain {
  rememberTools(parts.tools);
  let knowledge: Knowledge | undefined;
  const load = (): Knowledge => {
    knowledge ??= parts.knowledge === undefined ? emptyKnowledge : createKnowledge(parts.knowledge());
    return knowledge;
  };
  return {
    intents,
    tools: parts.tools,
    knowledge: {
      get concepts() {
        return load().concepts;
      },
      find: (lower) => load().find(lower),
      answer: (concept, language) => load().answer(concept, language),
    },
    market: parts.marketAt,
  };
}
