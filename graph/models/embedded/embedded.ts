import type { DeskParts } from '../../desk-parts.ts';
import type { DeskModel } from '../desk-model.ts';
import { createBrain } from './brain.ts';

/** The model that works everywhere: no key, no network, no cost. */
export function createEmbeddedModel(parts: Pick<DeskParts, 'tools' | 'knowledge' | 'marketAt'>): DeskModel {
  return {
    provider: 'embedded',
    name: 'embedded',
    decidesRoute: false,
    prices: { input: 0, output: 0 },
    temperature: null,
    seed: null,
    stallAfterMs: 60_000,
    maxRetries: 0,
    retryAfterMs: 1,
    async open() {
      const { EmbeddedChatModel } = await import('./embedded-chat-model.ts');
      return new EmbeddedChatModel(createBrain(parts));
    },
  };
}
